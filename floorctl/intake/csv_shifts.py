"""Read planned shifts: a list with a line a person and day, or a matrix with a line a person and a column a day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any
from unicodedata import normalize

from floorctl.common.errors import Refused
from floorctl.common.frozen import frozen
from floorctl.common.privacy import FOUND, find
from floorctl.intake.csv_cells import Bad, code, content, in_order, is_marked, is_total, time_range, when
from floorctl.intake.csv_columns import SHIFTS, STAFF
from floorctl.intake.csv_days import days_of, find_matrix, is_below_heading, is_staff
from floorctl.intake.csv_reading import OUTSIDE, TOTALS, Faults, fits, heading_name, read
from floorctl.intake.csv_text import Sheet, find_table
from floorctl.models.site.hall import ShiftCode
from floorctl.models.site.site import Site

DELETED = "削除"


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
    sheet = find_matrix(raw)
    if sheet is not None:
        return _matrix(sheet, codes)
    listed = find_table(raw, fits(SHIFTS, ("staff", "date")))
    if not listed.fit.whole:
        lacks = "日付" if any(map(is_staff, listed.heading)) else "職員コード"
        do = "一覧なら 職員コード と 日付、日を横に並べた表なら 職員コード と日（14、14(月)、9/14）を見出しにしてください"
        raise Refused("取り込めません", f"見出しに「{lacks}」の列がありません", do)
    return _list(raw, codes)


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


def _matrix(sheet: Sheet, codes: Mapping[str, ShiftCode]) -> ShiftTable:
    faults = Faults()
    at = next(n for n, c in enumerate(sheet.heading) if is_staff(c))
    days = days_of(sheet)
    nameless = {n for n in range(min(days), max(days)) if n not in days and not heading_name((*sheet.heading, "")[n])}
    lines: list[ShiftLine] = []
    left_out: Counter[str] = Counter()
    first: dict[str, int] = {}
    blank = 0
    for line, raw in sheet.below:
        if raw == sheet.heading or (at < len(raw) and is_staff(raw[at])):
            continue  # that of another page
        cells = {n: _cell(raw, n, line, days[n][0], faults) for n in days}
        filled = {n: c for n, c in cells.items() if c}
        staff = _cell(raw, at, line, STAFF.label, faults)
        if not staff and filled and is_below_heading(filled, line, days):
            continue  # the weekdays below the days, or the days of another page
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
        if any(n < len(raw) and raw[n].strip() for n in nameless):
            why = "日の列の間の、見出しのない列に書かれています"
            faults.add(line, "", Bad(why, "1日を1列にし、見出しのある列だけにしてください"))
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
