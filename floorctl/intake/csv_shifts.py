"""Read planned shifts: a list with a line a person and day, or a matrix with a line a person and a column a day."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from floorctl.common.errors import Refused
from floorctl.intake.csv_cells import Bad, in_order, is_marked, when
from floorctl.intake.csv_columns import SHIFTS
from floorctl.intake.csv_days import find_matrix, is_staff
from floorctl.intake.csv_reading import Faults, fits, read
from floorctl.intake.csv_shift_codes import Known, known_codes
from floorctl.intake.csv_shift_matrix import read_matrix, read_turned
from floorctl.intake.csv_shift_table import ShiftLine, ShiftTable
from floorctl.intake.csv_shift_turned import find_turned
from floorctl.intake.csv_text import find_table
from floorctl.models.site.site import Site

DELETED = "削除"


def read_shifts(raw: bytes, site: Site) -> ShiftTable:
    """Read a list or a matrix of shifts, whichever it is; other columns (氏名) are never read.

    Raise Refused with the wrong lines, unknown abbreviations among them, without quoting any cell.
    """
    sheet = find_matrix(raw)
    if sheet is not None:
        return read_matrix(sheet, site)
    listed = find_table(raw, fits(SHIFTS, ("staff", "date")))
    if not listed.fit.whole:
        if (turned := find_turned(raw)) is not None:
            return read_turned(turned, site)
        lacks = "日付" if any(map(is_staff, listed.heading)) else "職員コード"
        do = "一覧なら 職員コード と 日付、日を横に並べた表なら 職員コード と日（14、14(月)、9/14）を見出しにしてください"
        raise Refused("取り込めません", f"見出しに「{lacks}」の列がありません", do)
    return _list(raw, known_codes(site))


# ---- a list


def _list(raw: bytes, codes: Known) -> ShiftTable:
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


def _of_line(values: Mapping[str, Any], codes: Known) -> dict[str, Any]:
    """Return the shift of a line: the hours written out count before those of the abbreviation, unless it means off."""
    found = codes.fields(values["code"]) if values.get("code") else None
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
