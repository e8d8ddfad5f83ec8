"""Read a matrix of shifts: a line a person and a column a day, in one block or several (halves of a month, pages)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from floorctl.common.errors import Refused
from floorctl.common.privacy import FOUND, find
from floorctl.intake.csv_cells import Bad, code, code_alone, content, is_total, time_range
from floorctl.intake.csv_columns import STAFF
from floorctl.intake.csv_days import day_heading, days_of, is_below_heading, is_staff, next_heading
from floorctl.intake.csv_officials import CityPlan, city_hours, city_label, city_label_below, city_steps, texts_before
from floorctl.intake.csv_reading import OUTSIDE, TOTALS, Faults, heading_name
from floorctl.intake.csv_shift_codes import Known, folded, known_codes
from floorctl.intake.csv_shift_halves import below_each_other
from floorctl.intake.csv_shift_hour_lines import joined
from floorctl.intake.csv_shift_table import ShiftLine, ShiftTable
from floorctl.intake.csv_text import Sheet
from floorctl.intake.csv_times import month_named
from floorctl.models.site.site import Site

Days = Mapping[int, tuple[str, date | None]]  # label and date of each column of a day
_OFF_TABLE = re.compile(
    "(?:備考|行事|予定|メモ|摘要|祝日|曜日?|当番|午[前後](?:責任者|リーダー|当番)|連絡先?|注(?=[^A-Za-z]|$)|※|過不足|必要(?:人数|人員)|(?:現場)?責任者|代行者?|リーダー|確認|承認)"
)
_MOST_LINES = 3  # of a heading, or of a person: begin, end, break
_BY_ROSTER = "・"  # of a table that floorctl wrote: no shift is planned
_NO_NUMBER = ("-", "/", "×")  # in a line of the city: nothing is planned
_SECOND_LINE = ("", "時間", "時刻", "勤務時間", "勤務時刻")  # labels of the hours below a person's abbreviations


def read_matrix(sheet: Sheet, site: Site) -> ShiftTable:
    """Return the shifts of a matrix. Raise Refused with the wrong lines, without quoting any cell."""
    sheet = below_each_other(sheet)
    lines = list(sheet.below)
    columns = {n for cells in (sheet.heading, *(raw for _, raw in lines)) for n, c in enumerate(cells) if is_staff(c)}
    outside = [*sheet.above, *(raw for _, raw in lines if not _is_planned(raw, columns))]
    reader = _Reader(sheet, site, known_codes(site, outside))
    n = 0
    while n < len(lines):
        n += reader.take(lines[n : n + _MOST_LINES])
    return reader.table()


def read_turned(sheet: Sheet, site: Site) -> ShiftTable:
    """Return the shifts of a matrix with a column a person (``find_turned``): the line of each shift is that of the codes."""
    table = read_matrix(sheet, site)
    return replace(
        table,
        lines=[replace(x, line=sheet.line) for x in table.lines],
        blanks=tuple(replace(x, line=sheet.line) for x in table.blanks),
    )


class _Block:
    """Heading of a block: the columns of the staff code, of the days, and those that have none."""

    def __init__(self, sheet: Sheet, after: int = 0) -> None:
        self.heading = sheet.heading
        self.at = _staff_column(sheet.heading)
        self.days: Days = days_of(sheet, after)
        self.nameless = {
            n
            for n in range(min(self.days), max(self.days))
            if n not in self.days and not heading_name((*sheet.heading, "")[n])
        }
        self.dates = frozenset(day for _, day in self.days.values() if day is not None)
        self.first_day = next(day.day for _, day in self.days.values() if day is not None) if self.dates else 0


class _Reader:
    """Lines of a matrix, read one after the other."""

    def __init__(self, sheet: Sheet, site: Site, codes: Known) -> None:
        self._sheet, self._site, self._codes = sheet, site, codes
        self._first_block = self._block = _Block(sheet)
        self._titles: list[list[str]] = []  # lines since the last block, among which the month of the next may be named
        self._unit = "列" if sheet.turned else "行"
        self._faults, self._city = Faults(self._unit), CityPlan()
        self._lines: dict[tuple[str, date], ShiftLine] = {}
        self._blanks: list[ShiftLine] = []
        self._left_out: Counter[str] = Counter()
        self._seen: dict[tuple[str, frozenset[date]], int] = {}  # the line of a person in a block
        self._person = ""  # of the line before
        self._in_city = False  # the line before was the city's
        days = self._block.days
        self._unread = sum(
            bool(heading_name(c)) for n, c in enumerate(sheet.heading) if n != self._block.at and n not in days
        )

    def take(self, lines: Sequence[tuple[int, list[str]]]) -> int:
        """Read the first of the next lines; return of how many it was."""
        line, raw = lines[0]
        if raw == self._block.heading and month_named([" ".join(x) for x in self._titles]) is None:
            return 1  # that of another page
        if (found := next_heading(lines)) is not None:
            self._begin(found[0])
            return found[1]
        if self._block.at < len(raw) and is_staff(raw[self._block.at]):
            return 1
        cells, count = joined(lines, self._block.at, min(self._block.days))
        self._take(line, cells)
        return count

    def _begin(self, sheet: Sheet) -> None:
        numbers = [head.day for c in sheet.heading if (head := day_heading(c)) is not None]
        first = self._first_block.first_day
        after = first if numbers and max(numbers) < first else 0
        titled = sheet._replace(above=[*sheet.above, *self._titles, *self._sheet.above, self._sheet.heading])
        self._block, self._titles, self._person = _Block(titled, after), [], ""

    def _take(self, line: int, raw: list[str]) -> None:
        block = self._block
        found = {n: self._cell(raw, n, line, label) for n, (label, _) in block.days.items()}
        cells = {n: "" if c == _BY_ROSTER else c for n, c in found.items()}
        filled = {n: c for n, c in cells.items() if c}
        staff = code_alone(self._cell(raw, block.at, line, STAFF.label))
        before, self._person = self._person, ""
        words = texts_before(raw, min(block.days))
        label = next(iter(words), "")
        hours = city_label(" ".join(words))
        if hours is None and self._in_city:  # 午後 below 市職員 午前
            hours = city_label_below(" ".join(words))
        self._in_city = hours is not None
        if hours is not None and any((h := day_heading(c)) is not None and h.weekday for c in filled.values()):
            self._left_out[OUTSIDE] += 1  # the heading of another table below (市職員の予定, 1 火, 2 水 …)
        elif hours is not None and filled and not _is_code(raw, block.at):
            self._take_city(line, hours, filled)
        elif not _is_code(raw, block.at) and filled and is_below_heading(filled, line, block.days):
            self._person = before  # the weekdays below the days, or the days of another page
            if staff:  # the heading of another table below (責任者, 1, 2 …)
                self._left_out[OUTSIDE] += 1
        elif not staff and before and label in _SECOND_LINE and filled and all(map(time_range, filled.values())):
            self._take_hours(line, before, filled)
        elif not words and not before and filled and not any(map(self._codes.reads, filled.values())):
            self._left_out[OUTSIDE] += 1  # 敬老の日, 会議: nobody is named
        elif word := _no_person(raw, staff, label, filled, self._codes):
            self._left_out[word] += 1
            self._titles.append(raw)
        else:
            self._take_person(line, raw, staff, cells)

    def _take_person(self, line: int, raw: Sequence[str], staff: str, cells: Mapping[int, str]) -> None:
        block = self._block
        try:
            person = _person(staff)
            if (first := self._seen.setdefault((person.casefold(), block.dates), line)) != line:
                raise Bad(f"同じコードが{first}{self._unit}目にあります", f"1人を1{self._unit}にしてください")
        except Bad as bad:
            self._faults.add(line, STAFF.label, bad)
            return
        self._person = person
        if any(n < len(raw) and raw[n].strip() for n in block.nameless):
            why = "日の列の間の、見出しのない列に書かれています"
            self._faults.add(line, "", Bad(why, "1日を1列にし、見出しのある列だけにしてください"))
        for n, cell in cells.items():
            label, day = block.days[n]
            try:
                if day is None:
                    if cell:
                        raise Bad("その月にない日です", "その欄を空けてください")
                elif cell:
                    self._put(line, person, day, self._codes.fields(cell))
                else:
                    off = {"staff": person, "code": "", "starts": None, "ends": None, "break_minutes": None}
                    self._blanks.append(ShiftLine(line, day, off))
            except Bad as bad:
                self._faults.add(line, label, bad)

    def _put(self, line: int, person: str, day: date, fields: Mapping[str, Any]) -> None:
        key = (person.casefold(), day)
        if (held := self._lines.get(key)) is not None:
            raise Bad(f"同じ人の同じ日が{held.line}行目にもあります", "1人1日を1つにしてください")
        self._lines[key] = ShiftLine(line, day, {"staff": person, **fields})

    def _take_hours(self, line: int, person: str, filled: Mapping[int, str]) -> None:
        """Read the hours below a person's abbreviations: they count before those of the abbreviation, unless it means off."""
        self._person = person
        for n, cell in filled.items():
            label, day = self._block.days[n]
            if day is None:
                continue
            key = (person.casefold(), day)
            try:
                fields = self._codes.fields(cell)
                held = self._lines.get(key)
                if held is not None and held.fields["starts"] is None:
                    raise Bad("休みの記号の下に時刻があります", "どちらかを消してください")
                told = {"starts": fields["starts"], "ends": fields["ends"]}
                given = {**held.fields, **told} if held is not None else {"staff": person, **fields}
                self._lines[key] = ShiftLine(held.line if held is not None else line, day, given)
            except Bad as bad:
                self._faults.add(line, label, bad)
        self._blanks = [x for x in self._blanks if (x.fields["staff"].casefold(), x.day) not in self._lines]

    def _take_city(self, line: int, label: str, filled: Mapping[int, str]) -> None:
        """Read planned numbers of the city's staff."""
        opens = self._site.hall.opens
        try:
            starts, end = city_hours(label, opens)
        except Bad as bad:
            self._faults.add(line, "", bad)
            return
        for n, cell in filled.items():
            word, day = self._block.days[n]
            try:
                if day is not None and folded(cell) not in _NO_NUMBER:
                    self._city.add(day, city_steps(cell, starts, opens), end)
            except Bad as bad:
                self._faults.add(line, word, bad)

    def _cell(self, cells: Sequence[str], n: int, line: int, label: str) -> str:
        try:
            return content(cells[n]) if n < len(cells) else ""
        except Bad as bad:
            self._faults.add(line, label, bad)
            return ""

    def table(self) -> ShiftTable:
        """Return what was read. Raise Refused with the wrong lines, or if there is no shift at all."""
        self._faults.refuse_if_any()
        if not self._lines:
            raise Refused(
                "取り込めません", "見出しの下に勤務がありません", "1人を1行に、日ごとの欄に記号を書いてください"
            )
        # A day of which nobody has a shift is not planned yet: its blanks say nothing.
        planned = {day for _, day in self._lines}
        return ShiftTable(
            list(self._lines.values()),
            frozenset(),
            self._left_out,
            self._unread,
            tuple(x for x in self._blanks if x.day in planned),
            self._codes.told,
            self._city.days(),
        )


def _staff_column(heading: Sequence[str]) -> int:
    return next(n for n, c in enumerate(heading) if is_staff(c))


def _is_code(raw: Sequence[str], at: int) -> bool:
    """Return whether a staff code stands in the line."""
    try:
        return bool(code(code_alone(content(raw[at])))) if at < len(raw) else False
    except Bad:
        return False


def _is_planned(raw: Sequence[str], columns: Iterable[int]) -> bool:
    """Return whether a line is a person's or the city's: its hours are no legend."""
    label = next(iter(texts_before(raw, len(raw))), "")
    return any(_is_code(raw, n) for n in columns) or city_label(label) is not None


def _no_person(raw: Sequence[str], staff: str, label: str, filled: Mapping[int, str], codes: Known) -> str:
    """Return the word of a line that is nobody's: a sum by day, or a remark below the matrix; "" of a person's."""
    if is_total(next((c for c in raw if c.strip()), "")):
        return TOTALS
    try:
        code(staff)
    except Bad:
        numbers = all(
            re.fullmatch("[-+△▲]?[0-9]+(?:人|名)?", c) and folded(c) not in codes.codes for c in filled.values()
        )
        if not filled or _OFF_TABLE.match(label):
            return OUTSIDE
        return TOTALS if numbers else ""
    return ""


def _person(staff: str) -> str:
    """Return a staff code. Raise Bad for any other word, and for personal data."""
    if (kind := find(staff)) is not None:
        raise Bad(f"{FOUND[kind]}が含まれています", "個人情報は記録できません（仕様書 12）。除いてください")
    return code(staff)
