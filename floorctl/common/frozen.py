"""Base of values that never change: dataclasses with slots, keyword arguments only, made in a tenth of the usual time.

``@dataclass(frozen=True)`` compiles five methods for each class, half a millisecond; a start makes some hundred classes.
Here the methods are inherited, and ``dataclass`` does nothing but collect the fields.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from typing import Any, ClassVar, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Return a subclass of ``Frozen`` as a dataclass with slots."""
    return dataclass(init=False, eq=False, repr=False, slots=True, kw_only=True)(cls)


class Frozen:
    """Methods of a ``@frozen`` class. Nothing is checked here: a door checks what comes in (``intake``)."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **values: Any) -> None:
        put = object.__setattr__
        for name, declared in self.__dataclass_fields__.items():
            if name in values:
                put(self, name, values.pop(name))
            elif declared.default is not MISSING:
                put(self, name, declared.default)
            elif declared.default_factory is not MISSING:
                put(self, name, declared.default_factory())
            else:
                raise TypeError(f"{type(self).__name__} needs {name}")
        if values:
            raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(name)

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(name)

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__dataclass_fields__])

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._values() == self._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        shown = (f"{n}={v!r}" for n, v in zip(self.__dataclass_fields__, self._values(), strict=True))
        return f"{type(self).__name__}({', '.join(shown)})"
