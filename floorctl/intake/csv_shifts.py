"""Read planned shifts: a list with a line a person and day, or a matrix with a line a person and a column a day."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple
from unicodedata import normalize

from floorctl.common.errors import Refused
from floorctl.common.frozen import frozen
from floorctl.common.privacy import FOUND, find
from floorctl.common.words import WEEKDAYS, month_day
from floorctl.intake.csv_cells import Bad, code, content, in_order, is_marked, is_total, time_range, when
from floorctl.intake.csv_columns import SHIFTS, STAFF
from floorctl.intake.csv_reading import TOTALS, Faults, heading_name, read
from floorctl.intake.csv_text import Fit, Sheet, find_table
from floorctl.intake.csv_times import month_named
from floorctl.models.site.hall import ShiftCode
from floorctl.models.site.site import Site

DELETED, OUTSIDE = "削除", "表の外"


@frozen
class ShiftLine:
    """Shift of a person on a day: ``fields`` of a ``PlannedShift``; without times the person is not in the hall."""

    line: int
    day: date
    fields: dict[str, Any]


@frozen
class ShiftTable:
    """Shifts of a file, and what of it was not taken.

    ``days``: of lines that were left out. ``blank``: cells of a matrix in which nothing stands.
    """

    lines: list[ShiftLine]
    days: frozenset[date]
    left_out: Mapping[str, int]
    unread: int
    blank: int = 0


def read_shifts(raw: bytes, site: Site) -> ShiftTable:
    """Read a list or a matrix of shifts, whichever it is; other columns (氏名) are never read.

    Raise Refused with the wrong lines, unknown abbreviations among them, without quoting any cell.
    """
    codes = {_folded(x.name): x for x in site.shift_codes} | {_folded(x.code): x for x in site.shift_codes}
    sheet = find_table(raw, _like_a_matrix)
    if not sheet.fit.whole:
        sheet = _joined_headings(find_table(raw, _like_weekdays))
    return _matrix(sheet, codes) if sheet.fit.whole else _list(raw, codes)


def _folded(text: str) -> str:
    return normalize("NFKC", text).strip().casefold()


def _coded(text: str, codes: Mapping[str, ShiftCode]) -> dict[str, Any]:
    """Return the fields of an abbreviation, or of hours written out. Raise Bad for any other word."""
    known = codes.get(_folded(text))
    if known is not None:
        hours = (f"{known.starts:%H:%M}", f"{known.ends:%H:%M}") if known.starts and known.ends else (None, None)
        return {
            "code": known.code,
            "starts": hours[0],
            "ends": hours[1],
            "break_minutes": None if known.off else known.break_minutes,
        }
    span = time_range(text)
    if span is None:
        do = "会場設定に記号（code）と時刻（starts、ends）か off = true を書き足すか、記号を直してください"
        raise Bad("会場設定の shift_codes にない勤務の記号です", do)
    starts, ends = in_order(*span)
    return {"code": "", "starts": starts, "ends": ends, "break_minutes": None}


# ---- a list


def _list(raw: bytes, codes: Mapping[str, ShiftCode]) -> ShiftTable:
    faults = Faults()
    days: set[date] = set()

    def leave_out(cells: Mapping[str, str]) -> str:
        if not is_marked(cells.get("deleted", "")):
            return ""
        with suppress(Bad):
            days.update(filter(None, [when(cells.get("date", "")).day]))
        return DELETED

    table = read(raw, SHIFTS, ("staff", "date"), faults, more=True, leave_out=leave_out)
    lines: list[ShiftLine] = []
    first: dict[tuple[str, date], int] = {}
    for line, values in table.rows:
        day = values["date"].day
        try:
            if first.setdefault((values["staff"].casefold(), day), line) != line:
                same = first[values["staff"].casefold(), day]
                raise Bad(f"同じ人の同じ日の行が{same}行目にあります", "1人1日を1行にしてください")
            lines.append(ShiftLine(line, day, {"staff": values["staff"], **_of_line(values, codes)}))
        except Bad as bad:
            faults.add(line, "", bad)
    faults.refuse_if_any()
    return ShiftTable(lines, frozenset(days), table.left_out, table.unread)


def _of_line(values: Mapping[str, Any], codes: Mapping[str, ShiftCode]) -> dict[str, Any]:
    """Return the shift of a line: the hours written out count before those of the abbreviation, unless it means off."""
    found = _coded(values["code"], codes) if values.get("code") else None
    if found is not None and found["starts"] is None:
        return found
    starts, ends = values.get("shift") or (None, None)
    starts, ends = in_order(values.get("starts") or starts, values.get("ends") or ends)
    if starts is None and found is None:
        raise Bad("勤務の始まりと終わりがありません", "時刻を書くか、休みなら勤務区分の欄に休みの記号を書いてください")
    fields = found or {"code": "", "break_minutes": None}
    fields |= {"starts": starts, "ends": ends} if starts is not None else {}
    length = values.get("break_minutes")
    return fields | ({"break_minutes": length} if length is not None else {})


# ---- a matrix


class DayHeading(NamedTuple):
    """Heading of a column of a matrix: a day, with month, year and weekday where they stand there."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: str = ""


_WEEKDAY = "[月火水木金土日]"
_DAY = re.compile(
    rf"(?:([0-9]{{1,2}})[/月-])?([0-9]{{1,2}})日?(?:[(\[・]?({_WEEKDAY})(?:曜日?)?(?:[・/]?祝日?)?[)\]]?)?"
)


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


def _like_a_matrix(cells: Sequence[str]) -> Fit:
    days = sum(day_heading(c) is not None for c in cells)
    staff = any(heading_name(c) in STAFF.names for c in cells)
    return Fit(bool(days) and staff, days + staff)


def _like_weekdays(cells: Sequence[str]) -> Fit:
    days = sum(_is_weekday(c) for c in cells)
    staff = any(heading_name(c) in STAFF.names for c in cells)
    return Fit(bool(days) and staff, days + staff)


def _is_weekday(cell: str) -> bool:
    return re.fullmatch(rf"[(（]?{_WEEKDAY}(?:曜日?)?[)）]?", cell.strip()) is not None


def _joined_headings(sheet: Sheet) -> Sheet:
    """Return the matrix whose heading is of two lines, the days above the weekdays; else the sheet as no matrix."""
    days = sheet.above[-1] if sheet.fit.whole and sheet.above else []
    if not any(day_heading(c) for c in days):
        return sheet._replace(fit=Fit(False, 0))
    width = max(len(days), len(sheet.heading))
    upper, lower = ([*cells, *[""] * (width - len(cells))] for cells in (days, sheet.heading))
    heading = [
        f"{a}({b.strip(' ()（）')})" if day_heading(a) and _is_weekday(b) else b or a
        for a, b in zip(upper, lower, strict=True)
    ]
    return sheet._replace(heading=heading, above=sheet.above[:-1])


def _matrix(sheet: Sheet, codes: Mapping[str, ShiftCode]) -> ShiftTable:
    faults = Faults()
    at = next(n for n, c in enumerate(sheet.heading) if heading_name(c) in STAFF.names)
    days = _days(sheet)
    lines: list[ShiftLine] = []
    left_out: Counter[str] = Counter()
    first: dict[str, int] = {}
    blank = 0
    for line, raw in sheet.below:
        if raw == sheet.heading:
            continue  # that of another page
        cells = {n: _cell(raw, n, line, days[n][0], faults) for n in days}
        filled = {n: c for n, c in cells.items() if c}
        staff = _cell(raw, at, line, STAFF.label, faults)
        if not staff and filled and all(map(_is_weekday, filled.values())):
            continue  # the weekdays below the days
        if word := _no_person(raw, staff, filled, codes):
            left_out[word] += 1
            continue
        try:
            person = _person(staff)
            if first.setdefault(person.casefold(), line) != line:
                raise Bad(f"同じコードが{first[person.casefold()]}行目にあります", "1人を1行にしてください")
        except Bad as bad:
            faults.add(line, STAFF.label, bad)
            continue
        for n, cell in filled.items():
            label, day = days[n]
            try:
                if day is None:
                    raise Bad("その月にない日です", "その欄を空けてください")
                lines.append(ShiftLine(line, day, {"staff": person, **_coded(cell, codes)}))
            except Bad as bad:
                faults.add(line, label, bad)
        blank += sum(day is not None and not cells[n] for n, (_, day) in days.items())
    faults.refuse_if_any()
    if not lines:
        raise Refused("取り込めません", "見出しの下に勤務がありません", "1人を1行に、日ごとの欄に記号を書いてください")
    unread = sum(bool(heading_name(c)) for n, c in enumerate(sheet.heading) if n != at and n not in days)
    # A day of which nobody has a shift is not planned yet: its blanks say nothing.
    planned = {x.day for x in lines}
    empty = sum(day is not None and day not in planned for _, day in days.values())
    return ShiftTable(lines, frozenset(), left_out, unread, blank - empty * len(first))


def _cell(cells: Sequence[str], n: int, line: int, label: str, faults: Faults) -> str:
    try:
        return content(cells[n]) if n < len(cells) else ""
    except Bad as bad:
        faults.add(line, label, bad)
        return ""


def _no_person(raw: Sequence[str], staff: str, filled: Mapping[int, str], codes: Mapping[str, ShiftCode]) -> str:
    """Return the word of a line that is nobody's: a sum by day, or a remark below the matrix; "" of a person's."""
    if is_total(next((c for c in raw if c.strip()), "")):
        return TOTALS
    try:
        code(staff)
    except Bad:
        numbers = all(re.fullmatch("[0-9]+(?:人|名)?", c) and _folded(c) not in codes for c in filled.values())
        return OUTSIDE if not filled else TOTALS if numbers else ""
    return ""


def _person(staff: str) -> str:
    """Return a staff code. Raise Bad for any other word, and for personal data."""
    if (kind := find(staff)) is not None:
        raise Bad(f"{FOUND[kind]}が含まれています", "個人情報は記録できません（仕様書 12）。除いてください")
    return code(staff)


def _days(sheet: Sheet) -> dict[int, tuple[str, date | None]]:
    """Return label and date of each column of a day; None for a day that the month does not have (31 of September).

    Without a year and a month of its own, a day is of the month that the lines above the heading name; after the end of
    the month the next one begins. Raise Refused where no month is named, a weekday is another, or a day stands twice.
    """
    title = next((m for cells in [*sheet.above, sheet.heading] if (m := month_named(_joined(cells)))), None)
    year, month = title or (0, 0)
    found: dict[int, tuple[str, date | None]] = {}
    before = 0
    for n, cell in enumerate(sheet.heading):
        head = day_heading(cell)
        if head is None:
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
        found[n] = _dated(sheet.line, n, head, year, month)
    known = [day for _, day in found.values() if day is not None]
    if len(set(known)) < len(known):
        raise Refused(f"{sheet.line}行目の見出しは使えません", "同じ日が2度あります", "1日を1列にしてください")
    return found


def _joined(cells: Sequence[str]) -> str:
    """Return the words of a line: a title may stand in several cells (2026 | 年 | 9 | 月)."""
    words = []
    for cell in cells:
        with suppress(Bad):
            words.append(content(cell))
    return " ".join(words)


def _dated(line: int, n: int, head: DayHeading, year: int, month: int) -> tuple[str, date | None]:
    place = f"{line}行目の{n + 1}列目の見出しは使えません"
    if not 1 <= month <= 12 or not 2000 <= year < 2100:
        raise Refused(place, "暦にない日付です", "2026/9/14 か 14 の形で書いてください")
    if head.day > calendar.monthrange(year, month)[1]:
        return f"{head.day}日", None
    day = date(year, month, head.day)
    if head.weekday and WEEKDAYS[day.weekday()] != head.weekday:
        why = f"曜日が日付と合いません（{year}年{month}月{head.day}日は{WEEKDAYS[day.weekday()]}曜日）"
        raise Refused(place, why, "見出しの上の年月と、見出しの曜日を確かめてください")
    return month_day(day), day
