"""Lines of a form and their distribution over pages: kept groups stay together, tables repeat their head. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from floorctl.common.frozen import frozen

Value = str | int | float | None


class Slot(NamedTuple):
    """Column of a table: its columns of the sheet (both included), heading, style, and the group above the heading."""

    first: int
    last: int
    heading: str
    style: str
    group: str = ""


@frozen
class Mark:
    """Cell to be written: its column, value, format name and additions to the format."""

    column: int
    value: Value
    style: str
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Line:
    """One row of the sheet.

    ``keep``: the next line stays on the same page. ``gap``: space, dropped at the top of a page. ``heads``: lines
    repeated if a page begins with this one. ``row`` is set by ``pages``.
    """

    height: float
    marks: list[Mark] = field(default_factory=list)
    keep: bool = False
    gap: bool = False
    heads: Sequence[Line] = ()
    row: int = -1


def pages(lines: Iterable[Line], room: float, first_row: int = 0) -> list[list[Line]]:
    """Distribute lines over pages of ``room`` points; set their ``row``, counted from ``first_row`` over all pages."""
    found: list[list[Line]] = [[]]
    left = room
    for unit in _units(lines):
        height = sum(line.height for line in unit)
        if height > left and found[-1] and height <= room - _heads_height(unit[0]):
            found.append([])
            left = room
        for line in unit:
            if line.height > left and found[-1]:
                found.append([])
                left = room
            if not found[-1]:
                if line.gap and len(found) > 1:
                    continue
                if len(found) > 1:
                    for head in line.heads:
                        found[-1].append(replace(head, keep=True))
                        left -= head.height
            found[-1].append(line)
            left -= line.height
    row = first_row
    for page in found:
        for line in page:
            line.row = row
            row += 1
    return [page for page in found if page]


def _units(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield runs of lines that stay together."""
    unit: list[Line] = []
    for line in lines:
        unit.append(line)
        if not line.keep:
            yield unit
            unit = []
    if unit:
        yield unit


def _heads_height(line: Line) -> float:
    return sum(head.height for head in line.heads)
