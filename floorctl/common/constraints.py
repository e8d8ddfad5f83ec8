"""Types and constraints of fields, as marks in ``Annotated``; ``schemas.py`` makes pydantic schemas of them.

Marks need no pydantic, so that reading checked values does not import it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

M = TypeVar("M")


class Chars:
    """Mark: length and pattern of a text."""

    __slots__ = ("least", "most", "pattern")

    def __init__(self, pattern: str | None = None, *, least: int | None = None, most: int | None = None) -> None:
        self.pattern, self.least, self.most = pattern, least, most


class Form:
    """Mark: the one form in which texts are compared, given by a function; a text is read in it from every door."""

    __slots__ = ("of",)

    def __init__(self, of: Callable[[str], str]) -> None:
        self.of = of


class Between:
    """Mark: lowest and highest value of a number, or number of members of a list."""

    __slots__ = ("least", "most")

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self.least, self.most = least, most


class Shape(NamedTuple):
    """Type of a field. ``base``: str, int, bool, datetime, date, time, float, tuple, dict, a dataclass, Literal, Union.

    ``inner``: shapes of the members (one for a tuple of any length; key and value; alternatives), or the words of a
    Literal.
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
    """Return the shape of an annotation."""
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
    """Return the shape of each field."""
    return {f.name: shape(f.type) for f in fields(cls)}  # type: ignore[arg-type]
