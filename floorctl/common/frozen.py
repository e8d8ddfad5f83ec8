"""``@frozen``: what ``@dataclass(frozen=True, slots=True)`` makes, in a quarter of the time.

``dataclass`` compiles six methods for each class, half a millisecond; a start makes more than a hundred classes. Here
five of them are shared, and ``__init__`` is compiled when the first instance is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T] | None = None, /, *, kw_only: bool = False) -> type[T] | Callable[[type[T]], type[T]]:
    """Return the class as a dataclass with slots whose instances cannot be changed."""
    if cls is None:
        return lambda cls: _made(cls, kw_only)
    return _made(cls, kw_only)


def _made(cls: type[T], kw_only: bool) -> type[T]:
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)

    def first(self: Any, *args: Any, **values: Any) -> None:
        made.__init__ = _init(made)
        made.__init__(self, *args, **values)

    made.__init__ = _by_name if kw_only else first
    for name, method in _METHODS.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    kind: type[T] = made
    return kind


def _by_name(self: object, **values: Any) -> None:
    """Take the fields of a class of which few instances are made."""
    for name, declared in _fields(type(self)).items():
        if name in values:
            value = values.pop(name)
        elif declared.default is not MISSING:
            value = declared.default
        elif declared.default_factory is not MISSING:
            value = declared.default_factory()
        else:
            raise TypeError(f"{type(self).__name__} needs {name}")
        object.__setattr__(self, name, value)
    if values:
        raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")


def _init(cls: type[Any]) -> Callable[..., None]:
    """Return ``__init__`` of a class; ``put`` sets a field past ``_setattr``."""
    names: dict[str, Any] = {"put": object.__setattr__, "missing": MISSING}
    head, body = ["self"], list[str]()
    for name, declared in _fields(cls).items():
        taken, value = name, name
        if declared.default is not MISSING:
            names[f"default_{name}"] = declared.default
            taken = f"{name}=default_{name}"
        elif declared.default_factory is not MISSING:
            names[f"make_{name}"] = declared.default_factory
            taken, value = f"{name}=missing", f"make_{name}() if {name} is missing else {name}"
        head.append(taken)
        body.append(f" put(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(head)}):\n" + "\n".join(body or [" pass"]), names)
    init: Callable[..., None] = names["__init__"]
    return init


def _fields(cls: type[Any]) -> dict[str, Field[Any]]:
    fields: dict[str, Field[Any]] = cls.__dataclass_fields__
    return fields


def _setattr(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(name)


def _delattr(self: object, name: str) -> None:
    raise FrozenInstanceError(name)


def _values(self: object) -> list[Any]:
    return [getattr(self, name) for name, declared in _fields(type(self)).items() if declared.compare]


def _eq(self: object, other: object) -> bool:
    return type(other) is type(self) and _values(other) == _values(self)


def _hash(self: object) -> int:
    return hash(tuple(_values(self)))


def _repr(self: object) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name in _fields(type(self)))
    return f"{type(self).__name__}({', '.join(shown)})"


_METHODS = {
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
}
