"""Lines of a form and their distribution over pages: kept groups stay together, tables repeat their head. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
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
    repeated if a page begins with this one. ``least``: the height to which rows may close up, 0 if it keeps its own.
    ``begins``: a title or a heading. ``drawing``: the place of a chart. ``written``: left blank for the pen. ``row`` is
    set by ``pages``.
    """

    height: float
    marks: list[Mark] = field(default_factory=list)
    keep: bool = False
    gap: bool = False
    heads: Sequence[Line] = ()
    row: int = -1
    least: float = 0.0
    begins: bool = False
    drawing: bool = False
    written: bool = False

    def high(self, closer: float) -> float:
        """Return the height of the line where rows close up by so many points."""
        return max(self.least, self.height - closer) if self.least else self.height


def pages(
    lines: Iterable[Line], room: float, first_row: int = 0, closer: float = 0.0, early: tuple[int, float] | None = None
) -> list[list[Line]]:
    """Distribute lines over pages of ``room`` points; set their ``row``, counted from ``first_row`` over all pages.

    ``closer``: points by which rows close up. ``early``: a page by its index that ends earlier, and its room.
    """
    found: list[list[Line]] = [[]]
    left = room

    def turn() -> float:
        found.append([])
        return early[1] if early and early[0] == len(found) - 1 else room

    if early and early[0] == 0:
        left = early[1]
    for unit in _units(lines):
        height = sum(line.high(closer) for line in unit)
        if height > left and found[-1] and height <= room - _heads_height(unit[0], closer):
            left = turn()
        for line in unit:
            if line.high(closer) > left and found[-1]:
                left = turn()
            if not found[-1]:
                if line.gap and len(found) > 1:
                    continue
                if len(found) > 1:
                    for head in line.heads:
                        found[-1].append(replace(head, keep=True))
                        left -= head.high(closer)
            found[-1].append(line)
            left -= line.high(closer)
    row = first_row
    for page in found:
        for line in page:
            line.row = row
            row += 1
    return [page for page in found if page]


def close_frames(found: Sequence[Sequence[Line]]) -> None:
    """Draw the edge of a frame, or of a row of a table, that goes on over the end of a page on either side of it."""
    for before, after in pairwise(found):
        for line, side in ((before[-1], "bottom"), (after[0], "top")):
            for mark in line.marks:
                if mark.more.get(side) == 0:
                    mark.more[side] = 1


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


def _heads_height(line: Line, closer: float) -> float:
    return sum(head.high(closer) for head in line.heads)
