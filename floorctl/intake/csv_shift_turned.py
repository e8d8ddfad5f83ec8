"""Find a matrix of shifts with a line a day and a column a person, and turn it into one with a line a person."""

from __future__ import annotations

from collections.abc import Sequence

from floorctl.intake.csv_cells import Bad, content
from floorctl.intake.csv_columns import SHIFTS, STAFF
from floorctl.intake.csv_days import day_heading, is_person, is_weekday
from floorctl.intake.csv_officials import city_label
from floorctl.intake.csv_reading import heading_name
from floorctl.intake.csv_text import Fit, Sheet, find_table

_DATE = next(c.names for c in SHIFTS if c.key == "date")


def find_turned(raw: bytes) -> Sheet | None:
    """Return a matrix with a column a person, turned; None if there is none.

    Its lines have the numbers of the columns, and ``turned`` has those of the lines of the days. Columns of anything else
    (備考) are not read; lines that are no day's stand below as they are.
    """
    found = find_table(raw, _like_people)
    lines = list(found.below)
    at = _date_column(found, lines) if found.fit.whole else None
    if at is None:
        return None
    days = [(n, cells) for n, cells in lines if len(cells) > at and day_heading(cells[at]) is not None]
    weekdays = next(
        (m for m in range(len(found.heading)) if m != at and all(is_weekday(_cell(cells, m)) for _, cells in days)),
        None,
    )
    heading = [STAFF.label]
    for _, cells in days:
        head = day_heading(cells[at])
        named = head is not None and bool(head.weekday)
        heading.append(
            cells[at] if named or weekdays is None else f"{cells[at].strip()}({cells[weekdays].strip(' ()（）')})"
        )
    numbers = {n for n, _ in days}
    taken = [m for m, c in enumerate(found.heading) if is_person(c) or city_label(_word(c)) is not None]
    below = [(m + 1, [found.heading[m], *(_cell(cells, m) for _, cells in days)]) for m in taken]
    below += [(n, [" ".join(c for c in cells if c.strip())]) for n, cells in lines if n not in numbers]
    return Sheet(found.line, heading, found.above, iter(below), found.fit, (found.line, *(n for n, _ in days)))


def _like_people(cells: Sequence[str]) -> Fit:
    people = sum(map(is_person, cells))
    dated = any(heading_name(c) in _DATE for c in cells)
    return Fit(people > 1 or (people == 1 and dated), people + dated)


def _date_column(sheet: Sheet, lines: Sequence[tuple[int, Sequence[str]]]) -> int | None:
    """Return the column in which most lines have a day, of those that are no person's; None if none has any."""
    columns = [m for m, c in enumerate(sheet.heading) if not is_person(c)]
    counts = {m: sum(day_heading(_cell(cells, m)) is not None for _, cells in lines) for m in columns}
    best = max(columns, key=lambda m: counts[m], default=None)
    return best if best is not None and counts[best] else None


def _word(cell: str) -> str:
    try:
        return content(cell)
    except Bad:
        return ""


def _cell(cells: Sequence[str], n: int) -> str:
    return cells[n] if n < len(cells) else ""
