"""Read the headings of a matrix with a column a day: days, weekdays, and the month that its title names."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from floorctl.common.errors import Refused
from floorctl.common.words import WEEKDAYS, month_day
from floorctl.intake.csv_cells import Bad, code_alone, content, when
from floorctl.intake.csv_columns import STAFF
from floorctl.intake.csv_reading import heading_name
from floorctl.intake.csv_text import Fit, Sheet, find_table
from floorctl.intake.csv_times import month_named, year_and_month_apart


class DayHeading(NamedTuple):
    """Heading of a column of a matrix: a day, with month, year and weekday where they stand there."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: str = ""


_CODE = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9._-]{1,16}")
_WEEKDAY = "[月火水木金土日]"
_HOLIDAY = "(?:祝日?|休日?|振替?(?:休日?)?)"
_DAY = re.compile(
    rf"(?:([0-9]{{1,2}})[/月-])?([0-9]{{1,2}})日?"
    rf"(?:[(\[・]?({_WEEKDAY})(?:曜日?)?(?:[・/,、]?{_HOLIDAY}|[・/,、][^()]+)?[)\]]?{_HOLIDAY}?|[(\[]?{_HOLIDAY}[)\]]?)?"
)
# A column that is a day's, by all that it looks like: 21(敬老の日), 21※.
_LIKE_A_DAY = re.compile(rf"(?:[0-9]{{1,2}}[/月-])?[0-9]{{1,2}}日?(?:(?:[(\[※*・祝]|{_WEEKDAY}曜).*|{_WEEKDAY}?)")


def day_heading(cell: str) -> DayHeading | None:
    """Return the day that heads a column (14, 14日(月), 9/14, 2026/9/14(月)); None if it is no day."""
    with suppress(Bad):
        text = content(cell)
        found = _DAY.fullmatch("".join(text.split()))
        if found is None:
            read = when(text)
            return DayHeading(read.day.day, read.day.month, read.day.year) if read.day is not None else None
        if 1 <= int(found[2]) <= 31:
            return DayHeading(int(found[2]), int(found[1]) if found[1] else None, None, found[3] or "")
    return None


def is_staff(cell: str) -> bool:
    """Return whether a cell heads the column of staff codes."""
    return heading_name(cell) in STAFF.names


def is_person(cell: str) -> bool:
    """Return whether a cell is a staff code with a letter and a digit, with or without a name after it."""
    with suppress(Bad):
        return _CODE.fullmatch(code_alone(content(cell))) is not None and not is_staff(cell)
    return False


def find_matrix(raw: bytes) -> Sheet | None:
    """Return the matrix of a file, None if there is none: a line with the staff code and days.

    The heading may be of two lines: weekdays below the days, or the days below the line of the staff code.
    """
    sheet = find_table(raw, _like_a_matrix)
    if sheet.fit.whole:
        return sheet
    sheet = find_table(raw, _like_weekdays)
    if sheet.fit.whole and (found := _below_days(sheet)) is not None:
        return found
    sheet = find_table(raw, lambda cells: Fit(any(map(is_staff, cells)), 1))
    if sheet.fit.whole:
        return _above_days(sheet)
    sheet = find_table(raw, lambda cells: Fit(sum(day_heading(c) is not None for c in cells) > 1, 1))
    return _with_codes(sheet) if sheet.fit.whole else None


def _like_a_matrix(cells: Sequence[str]) -> Fit:
    days = sum(day_heading(c) is not None for c in cells)
    staff = any(map(is_staff, cells))
    return Fit(bool(days) and staff, days + staff)


def _like_weekdays(cells: Sequence[str]) -> Fit:
    days = sum(is_weekday(c) for c in cells)
    staff = any(map(is_staff, cells))
    return Fit(bool(days) and staff, days + staff)


def is_weekday(cell: str) -> bool:
    """Return whether a cell is a day of the week alone."""
    return re.fullmatch(rf"[(（]?{_WEEKDAY}(?:曜日?)?[)）]?", cell.strip()) is not None


def _below_days(sheet: Sheet) -> Sheet | None:
    """Return the matrix whose heading is of two lines, the days above the weekdays; None if no days stand there."""
    pairs = _side_by_side(sheet.above[-1] if sheet.above else [], sheet.heading)
    if not any(day_heading(a) and is_weekday(b) for a, b in pairs):
        return None
    heading = [f"{a}({b.strip(' ()（）')})" if day_heading(a) and is_weekday(b) else b or a for a, b in pairs]
    return sheet._replace(heading=heading, above=sheet.above[:-1])


def _above_days(sheet: Sheet) -> Sheet | None:
    """Return the matrix whose heading is of two lines, the days below the staff code; None if no days stand there.

    The upper line is a title, too: it may name the month (2026年9月 over all days).
    """
    line, days = next(sheet.below, (0, []))
    pairs = _side_by_side(sheet.heading, days)
    if not any(day_heading(b) for _, b in pairs) or any(b.strip() for a, b in pairs if is_staff(a)):
        return None
    heading = [b if day_heading(b) else a or b for a, b in pairs]
    return sheet._replace(line=line, heading=heading, above=[*sheet.above, sheet.heading])


def _with_codes(sheet: Sheet) -> Sheet | None:
    """Return the matrix whose staff codes stand below another word (番号, 氏名) or none; None if there are none.

    They are known by their letters and digits: a number alone is one of a line.
    """
    lines = list(sheet.below)
    left = range(next(n for n, c in enumerate(sheet.heading) if day_heading(c) is not None))
    counts = {n: sum(len(c) > n and is_person(c[n]) for _, c in lines) for n in left}
    at = max(left, key=lambda n: counts[n], default=None)
    if at is None or not counts[at]:
        return None
    word = sheet.heading[at]
    same = [
        n for n, c in enumerate(sheet.heading) if c == word and any(len(x) > n and is_person(x[n]) for _, x in lines)
    ]

    def named(cells: list[str]) -> list[str]:
        again = len(cells) > at and cells[at] == word and _are_days(cells)
        return [STAFF.label if n in same else c for n, c in enumerate(cells)] if again else cells

    return sheet._replace(heading=named(sheet.heading), below=iter([(n, named(c)) for n, c in lines]))


def _are_days(cells: Sequence[str]) -> bool:
    """Return whether more than one cell heads a day, each the day after the one before (or the 1st): no numbers of persons."""
    days = [head.day for c in cells if (head := day_heading(c)) is not None]
    return len(days) > 1 and all(b in (a + 1, 1) for a, b in pairwise(days))


def next_heading(lines: Sequence[tuple[int, list[str]]]) -> tuple[Sheet, int] | None:
    """Return the heading of another block that the lines begin with, and how many lines it is of; None if it is none.

    It may be of two lines, as that of the first block (``find_matrix``).
    """
    (line, raw), *rest = lines
    if any(map(is_staff, raw)):
        sheet = Sheet(line, raw, [], iter(rest[:1]), Fit(True, 0))
        if any(day_heading(c) is not None for c in raw):
            return sheet, 1
        found = _above_days(sheet)
        return (found, 2) if found is not None else None
    if rest and any(map(is_staff, rest[0][1])) and sum(day_heading(c) is not None for c in raw) > 1:
        found = _below_days(Sheet(rest[0][0], rest[0][1], [raw], iter(()), Fit(True, 0)))
        return (found, 2) if found is not None else None
    return None


def _side_by_side(upper: Sequence[str], lower: Sequence[str]) -> list[tuple[str, str]]:
    width = max(len(upper), len(lower))
    return list(zip(*([*cells, *[""] * (width - len(cells))] for cells in (upper, lower)), strict=True))


def days_of(sheet: Sheet, after: int = 0) -> dict[int, tuple[str, date | None]]:
    """Return label and date of each column of a day; None for a day that the month does not have (31 of September).

    ``after``: a day below it is of the month after the one named (a block that goes on with the 1st).

    Without a year and a month of its own, a day is of the month that the lines above the heading name; after the end of
    the month the next one begins. Raise Refused where no month is named, a weekday is another, a day stands twice, or a
    column among the days looks like one and is none.
    """
    titles = [_joined(cells) for cells in (*sheet.above, sheet.heading)]
    year, month = month_named(titles) or year_and_month_apart(titles) or (0, 0)
    found: dict[int, tuple[str, date | None]] = {}
    before = after
    for n, cell in enumerate(sheet.heading):
        head = day_heading(cell)
        if head is None:
            if _LIKE_A_DAY.fullmatch(_joined([cell])):
                why = "日の見出しのようですが、読めません"
                raise Refused(_heading_place(sheet, n), why, "14、14(月)、9/14 のどれかの形で書いてください")
            continue
        if head.month is not None:
            # 1月 in a table that begins in December is of the next year.
            year = head.year or (year + (head.month < month) if year else 0)
            month = head.month
        elif head.day < before and month:
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        before = head.day
        if not year or not month:
            raise Refused(
                "取り込めません", "何年何月の表か分かりません", "見出しの上の行に 令和8年9月 のように書いてください"
            )
        found[n] = _dated(_heading_place(sheet, n), head, year, month)
    known = [day for _, day in found.values() if day is not None]
    if len(set(known)) < len(known):
        what, do = (
            ("取り込めません", "1日を1行に")
            if sheet.turned
            else (f"{sheet.line}行目の見出しは使えません", "1日を1列に")
        )
        raise Refused(what, "同じ日が2度あります", f"{do}してください")
    return found


def is_below_heading(filled: Mapping[int, str], line: int, days: Mapping[int, tuple[str, date | None]]) -> bool:
    """Return whether the cells of a line without a person are weekdays, or days again (of another page).

    Raise Refused where a weekday is another than that of its day.
    """
    if all(map(is_weekday, filled.values())):
        for n, cell in filled.items():
            if (day := days[n][1]) is not None:
                _check_weekday(_place(line, n, "曜日"), day, cell.strip(" ()（）")[0])
        return True
    heads = {n: day_heading(c) for n, c in filled.items()}
    return all(h is not None and (d := days[n][1]) is not None and h.day == d.day for n, h in heads.items())


def _joined(cells: Sequence[str]) -> str:
    """Return the words of a line: a title may stand in several cells (2026 | 年 | 9 | 月)."""
    words = []
    for cell in cells:
        with suppress(Bad):
            words.append(content(cell))
    return " ".join(words)


def _heading_place(sheet: Sheet, n: int) -> str:
    return f"{sheet.turned[n]}行目の日付は使えません" if sheet.turned else _place(sheet.line, n)


def _place(line: int, n: int, word: str = "見出し") -> str:
    return f"{line}行目の{n + 1}列目の{word}は使えません"


def _dated(place: str, head: DayHeading, year: int, month: int) -> tuple[str, date | None]:
    if not 1 <= month <= 12 or not 2000 <= year < 2100:
        raise Refused(place, "暦にない日付です", "2026/9/14 か 14 の形で書いてください")
    if head.day > calendar.monthrange(year, month)[1]:
        return f"{head.day}日", None
    day = date(year, month, head.day)
    if head.weekday:
        _check_weekday(place, day, head.weekday)
    return month_day(day), day


def _check_weekday(place: str, day: date, weekday: str) -> None:
    if WEEKDAYS[day.weekday()] != weekday:
        why = f"曜日が日付と合いません（{day.year}年{day.month}月{day.day}日は{WEEKDAYS[day.weekday()]}曜日）"
        raise Refused(place, why, "見出しの上の年月と、見出しの曜日を確かめてください")
