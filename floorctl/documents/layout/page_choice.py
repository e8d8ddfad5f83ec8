"""Choose how close the rows of a sheet stand and where its pages end: no page with a table's tail alone, the first one used.

The print of a workbook has one size; what a sheet needs more of room, its rows give. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from floorctl.documents.layout.cell_styles import HIGHEST
from floorctl.documents.layout.pages import Line, pages

STEPS = (0.0, 0.75, 1.5, 2.25)  # points by which rows close up; a row is a whole number of pixels high
CLOSEST = STEPS[-1]
USED = 2 / 3  # of the first page, if others follow
FEW = 0.25  # of a page: less is not worth a sheet of paper
EARLIER = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7)  # of a page that ends early, for the sake of the last one
WIDER = 1.6  # a line to be written in is at most so many times as high, where the page has the room


class Faults(NamedTuple):
    """Faults that a reader would mind in a choice of pages, the worst first."""

    tails: int
    empty_first: bool
    few_last: bool
    parted: int  # charts on the page after their table


class Choice(NamedTuple):
    """Pages of a sheet, and by how many points its rows close up."""

    pages: list[list[Line]]
    closer: float


def height(lines: Iterable[Line], closer: float = 0.0) -> float:
    """Return the height of lines whose rows close up by so many points."""
    return sum(line.high(closer) for line in lines)


def faults(found: Sequence[Sequence[Line]], room: float, closer: float) -> Faults:
    """Return the faults of pages."""
    filled = [height(page, closer) / room for page in found]
    tails = sum(part < FEW and not _begins(page) for part, page in zip(filled[1:], found[1:], strict=True))
    several = len(found) > 1
    parted = sum(page[0].drawing for page in found[1:])
    return Faults(tails, several and filled[0] < USED, several and filled[-1] < FEW, parted)


def _begins(page: Iterable[Line]) -> bool:
    return any(line.begins or line.drawing for line in page)


def choose(lines: Sequence[Line], room: float) -> Choice:
    """Return the pages with the fewest faults; of equal ones those whose rows stand as far apart as they were drawn."""
    tried: list[_Tried] = []
    for closer in STEPS:
        tried.append(_tried(lines, room, closer, None))
        if not any(tried[-1].faults):
            break
    if (before := tried[0].sheets - 2) >= 0 and all(t.faults.tails or t.faults.few_last for t in tried):
        # The last page gets more, where the one before can end earlier.
        tried += [_tried(lines, room, 0.0, (before, room * part)) for part in EARLIER]
    best = min(tried, key=lambda t: (t.faults[:-1], t.sheets, t.faults.parted, t.closer))
    return Choice(pages(lines, room, 1, best.closer, best.early), best.closer)


class _Tried(NamedTuple):
    faults: Faults
    sheets: int  # of paper
    closer: float
    early: tuple[int, float] | None


def _tried(lines: Sequence[Line], room: float, closer: float, early: tuple[int, float] | None) -> _Tried:
    found = pages(lines, room, closer=closer, early=early)
    return _Tried(faults(found, room, closer), len(found), closer, early)


def on_one_page(lines: Sequence[Line], room: float) -> Choice | None:
    """Return all lines on one page, those to be written in as high as it has room; None if it cannot hold them."""
    closer = next((step for step in STEPS if height(lines, step) <= room), None)
    if closer is None:
        return None
    written = [line for line in lines if line.written]
    if spare := room - height(lines, closer) if written else 0.0:
        wider = min(WIDER, 1 + spare / height(written, closer))
        for line in written:
            line.height = min(line.height * wider // 0.75 * 0.75, HIGHEST)
    return Choice(pages(lines, float("inf"), 1, closer), closer)
