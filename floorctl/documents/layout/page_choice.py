"""How close the rows of a sheet stand and where its pages end: no page with a table's tail alone, the first one used.

The print of a workbook has one size; what a sheet needs more of room, its rows give. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from floorctl.documents.layout.pages import Line, pages

STEPS = (0.0, 0.75, 1.5, 2.25)  # points by which rows close up; a row is a whole number of pixels high
CLOSEST = STEPS[-1]
USED = 2 / 3  # of the first page, if others follow
FEW = 0.25  # of a page: less is not worth a sheet of paper
EARLIER = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7)  # of a page that ends early, for the sake of the last one
WIDER = 1.6  # a line to be written in is at most so many times as high, where the page has the room


class Faults(NamedTuple):
    """What a reader would mind in a choice of pages, the worst first."""

    tails: int
    empty_first: bool
    few_last: bool


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
    return Faults(tails, several and filled[0] < USED, several and filled[-1] < FEW)


def _begins(page: Iterable[Line]) -> bool:
    return any(line.begins for line in page)


def choose(lines: Sequence[Line], room: float) -> Choice:
    """Return the pages with the fewest faults; of equal ones those whose rows stand as far apart as they were drawn."""
    tried: list[tuple[Faults, float, tuple[int, float] | None]] = []
    for closer in STEPS:
        found = pages(lines, room, closer=closer)
        tried.append((faults(found, room, closer), closer, None))
        if not any(tried[-1][0]):
            break
    if any(min(tried)[0]):
        # The last page gets more, where the one before can end earlier.
        before = len(pages(lines, room)) - 2
        early = [(before, room * part) for part in EARLIER if before >= 0]
        tried += [(faults(pages(lines, room, early=e), room, 0.0), 0.0, e) for e in early]
    best = min(tried, key=lambda t: (t[0], t[1], t[2] is not None, -(t[2] or (0, 0.0))[1]))
    return Choice(pages(lines, room, 1, best[1], best[2]), best[1])


def on_one_page(lines: Sequence[Line], room: float) -> Choice | None:
    """Return all lines on one page, those to be written in as high as it has room; None if it cannot hold them."""
    closer = next((step for step in STEPS if height(lines, step) <= room), None)
    if closer is None:
        return None
    written = [line for line in lines if line.written]
    if spare := room - height(lines, closer) if written else 0.0:
        wider = min(WIDER, 1 + spare / height(written, closer))
        for line in written:
            line.height = line.height * wider // 0.75 * 0.75
    return Choice(pages(lines, float("inf"), 1, closer), closer)
