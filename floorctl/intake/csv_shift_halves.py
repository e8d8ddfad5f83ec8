"""Put the parts of a matrix that stand side by side, each with its own column of staff codes, below each other."""

from __future__ import annotations

from collections.abc import Sequence

from floorctl.intake.csv_days import day_heading, is_staff
from floorctl.intake.csv_text import Sheet


def below_each_other(sheet: Sheet) -> Sheet:
    """Return a matrix with コード 1 … 15 コード 16 … 30 side by side as two blocks below each other, in their own columns.

    A line of the right part without a code is that of the left (a code that is not repeated, 市職員).
    """
    starts = _starts(sheet.heading)
    if len(starts) < 2:
        return sheet
    ends = [*starts[1:], max(len(sheet.heading), starts[-1] + 1)]
    lines = list(sheet.below)
    below = [(n, _part(cells, 0, ends[0])) for n, cells in lines]
    for start, end in zip(starts[1:], ends[1:], strict=True):
        below.append((sheet.line, _part(sheet.heading, start, end)))
        for n, cells in lines:
            part = _part(cells, start, end)
            if any(c.strip() for c in part) and not part[start].strip():
                own = cells[starts[0]] if starts[0] < len(cells) else ""
                part[start] = own or next((c for c in cells[: ends[0]] if c.strip()), "")
            below.append((n, part))
    filled = [(n, cells) for n, cells in below if any(c.strip() for c in cells)]
    return sheet._replace(heading=_part(sheet.heading, 0, ends[0]), below=iter(filled))


def _starts(heading: Sequence[str]) -> list[int]:
    """Return the columns of staff codes with days between each and the next."""
    starts: list[int] = []
    days = False
    for n, cell in enumerate(heading):
        if is_staff(cell) and (days or not starts):
            starts, days = [*starts, n], False
        days = days or day_heading(cell) is not None
    return starts


def _part(cells: Sequence[str], start: int, end: int) -> list[str]:
    """Return the cells from ``start`` to ``end`` in their own columns."""
    part = cells[start:end]
    return [*[""] * start, *part, *[""] * (end - start - len(part))]
