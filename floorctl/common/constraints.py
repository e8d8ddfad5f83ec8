"""What a field takes: its type and its constraints, as marks in ``Annotated``. The doors read them (``schemas.py``).

Nothing of pydantic is loaded for a mark, so that who only reads what was checked before does without.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

M = TypeVar("M")


class Chars:
    """Length of a text and the pattern that it matches."""

    __slots__ = ("least", "most", "pattern")

    def __init__(self, pattern: str | None = None, *, least: int | None = None, most: int | None = None) -> None:
        self.pattern, self.least, self.most = pattern, least, most


class Between:
    """Lowest and highest value of a number, fewest and most members of a list."""

    __slots__ = ("least", "most")

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self.least, self.most = least, most


class Shape(NamedTuple):
    """What a field takes. ``base``: str, int, bool, datetime, date, time, float, tuple, dict, a dataclass, Literal, or Union.

    ``inner``: shapes of members (one for a tuple of any length; of keys and values; of alternatives), or the words of a choice.
    """

    base: Any
    nullable: bool
    inner: tuple[Any, ...]
    marks: tuple[Any, ...]

    def mark(self, of: type[M]) -> M | None:
        """Return the mark of this type, if the field has one."""
        return next((m for m in self.marks if isinstance(m, of)), None)


@cache
def shape(annotation: Any) -> Shape:
    """Return what an annotation comes to."""
    marks = getattr(annotation, "__metadata__", ())
    if marks:
        annotation = annotation.__origin__
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        some = [shape(a) for a in args if a is not NoneType]
        nullable = len(some) < len(args)
        if len(some) > 1:
            return Shape(Union, nullable, tuple(some), marks)
        return some[0]._replace(nullable=nullable, marks=(*some[0].marks, *marks))
    if origin is Literal:
        return Shape(Literal, False, args, marks)
    if origin in (tuple, dict):
        return Shape(origin, False, tuple(shape(a) for a in args if a is not ...), marks)
    return Shape(annotation, False, (), marks)


def shapes(cls: type[Any]) -> dict[str, Shape]:
    """Return what each field takes."""
    return {f.name: shape(f.type) for f in fields(cls)}  # type: ignore[arg-type]
