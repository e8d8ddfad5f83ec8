"""``@frozen`` and ``@record``: what ``@dataclass(frozen=True, slots=True)`` makes, in a quarter of the time.

``dataclass`` compiles six methods for each class, half a millisecond; a start makes more than a hundred classes. Here
five of them are shared. ``__init__`` is compiled when the first instance is made (``@frozen``), or shared too, where
fields are given by name (``@record``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, dataclass_transform

T = TypeVar("T")


class Slot(NamedTuple):
    """Field of a frozen dataclass; ``put(instance, value)`` sets it. ``MISSING``: no default, no factory of one."""

    name: str
    put: Callable[[Any, Any], None]
    default: Any
    make: Any
    compare: bool


_SLOTS: dict[type[Any], tuple[Slot, ...]] = {}  # of the classes that were needed so far


class Record:
    """Base of ``@frozen`` dataclasses that are read and copied by the names of their fields."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all fields."""
        return tuple(f.name for f in slots(cls))

    @classmethod
    def required(cls) -> tuple[str, ...]:
        """Return the names of the fields that have no default."""
        return tuple(f.name for f in slots(cls) if f.default is MISSING and f.make is MISSING)

    def everything(self) -> dict[str, Any]:
        """Return all fields by name."""
        return {f.name: getattr(self, f.name) for f in slots(type(self))}

    def replace(self, **changes: Any) -> Self:
        """Return a copy with other values, which are not checked."""
        return type(self)(**(self.everything() | changes))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Return the class as a dataclass with slots whose instances cannot be changed."""
    return _made(cls, kw_only=False)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """Return the class as a frozen dataclass that takes its fields by name."""
    return _made(cls, kw_only=True)


def _made(cls: type[T], kw_only: bool) -> type[T]:
    bases = [params for base in cls.__mro__[1:] if (params := vars(base).get("__dataclass_params__"))]
    for params in bases:  # ``dataclass`` refuses a subclass of a frozen class unless it makes the methods itself
        params.frozen = False
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
    for params in (made.__dataclass_params__, *bases):
        params.frozen = True

    def first(self: Any, *args: Any, **values: Any) -> None:
        made.__init__ = _init(made)
        made.__init__(self, *args, **values)

    made.__init__ = _by_name if kw_only else first
    for name, method in _METHODS.items():
        if name not in cls.__dict__ and getattr(cls, name) is not method:
            setattr(made, name, method)
    kind: type[T] = made
    return kind


def slots(cls: type[Any]) -> tuple[Slot, ...]:
    """Return the fields of a frozen dataclass with the setters of their slots."""
    found = _SLOTS.get(cls)
    if found is None:
        found = _SLOTS[cls] = tuple(
            Slot(f.name, getattr(cls, f.name).__set__, f.default, f.default_factory, f.compare) for f in fields(cls)
        )
    return found


def _by_name(self: object, **values: Any) -> None:
    """Set the fields of a class of which few instances are made: to compile its ``__init__`` would take longer."""
    for name, put, default, make, _ in slots(type(self)):
        if name in values:
            put(self, values.pop(name))
        elif default is not MISSING:
            put(self, default)
        elif make is not MISSING:
            put(self, make())
        else:
            raise TypeError(f"{type(self).__name__} needs {name}")
    if values:
        raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")


def _init(cls: type[Any]) -> Callable[..., None]:
    """Return ``__init__`` of a class; ``put`` sets a field past ``_setattr``."""
    names: dict[str, Any] = {"put": object.__setattr__, "missing": MISSING}
    head, body = ["self"], list[str]()
    for name, _, default, make, _ in slots(cls):
        taken = value = name
        if default is not MISSING:
            names[f"default_{name}"] = default
            taken = f"{name}=default_{name}"
        elif make is not MISSING:
            names[f"make_{name}"] = make
            taken, value = f"{name}=missing", f"make_{name}() if {name} is missing else {name}"
        head.append(taken)
        body.append(f" put(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(head)}):\n" + "\n".join(body or [" pass"]), names)
    init: Callable[..., None] = names["__init__"]
    return init


def _setattr(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(name)


def _delattr(self: object, name: str) -> None:
    raise FrozenInstanceError(name)


def _values(self: object) -> list[Any]:
    return [getattr(self, f.name) for f in slots(type(self)) if f.compare]


def _eq(self: object, other: object) -> bool:
    return type(other) is type(self) and _values(other) == _values(self)


def _hash(self: object) -> int:
    return hash(tuple(_values(self)))


def _repr(self: object) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in slots(type(self)))
    return f"{type(self).__name__}({', '.join(shown)})"


_METHODS: dict[str, Any] = {
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
}
