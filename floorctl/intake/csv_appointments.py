"""Read a table of appointment slots, or a list of single bookings counted into slots, and report unusual ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import date, time
from typing import Any

from floorctl.common.errors import Refused
from floorctl.common.frozen import frozen
from floorctl.common.words import hm
from floorctl.intake.csv_cells import Bad, booked, content, is_marked, plain
from floorctl.intake.csv_columns import APPOINTMENTS, BOOKING_NUMBERS, BOOKINGS
from floorctl.intake.csv_reading import Faults, fits, heading_name, read
from floorctl.intake.csv_text import Fit, find_table
from floorctl.intake.csv_times import When
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site

MOST_IN_SLOT = 999
CANCELLED, FREE, OTHER_SERVICE = "取消", "空き枠", "予約制でない手続"
# Words of a state by which nobody comes; キャンセル可, 取消不可 and キャンセル前 are states of a booking that stands.
_GONE = re.compile("取り?消|キャンセル|cancel|削除|無効|辞退|却下|不成立|失効|中止|void|declined")
_FREE = re.compile("空(?:き?枠?|席|き?あり)?|未予約|予約なし|available|vacant|free")
_STANDS = re.compile("(?:可|可能|不可|なし|無し?|前)$")


@frozen
class AppointmentLine:
    """Slot of ``count`` people at ``time`` ("HH:MM") with ``cards`` cards each."""

    line: int
    date: date
    time: str
    cards: int
    count: int


@frozen
class AppointmentTable:
    """Slots of a file by line, and what of it was not taken.

    ``single``: the file lists single bookings. ``days``: of the bookings that were left out.
    ``left_out``: lines by the word of what they are. ``unread``: columns that were not read.
    """

    lines: list[AppointmentLine]
    single: bool = False
    days: frozenset[date] = frozenset()
    left_out: Mapping[str, int] = field(default_factory=dict)
    unread: int = 0

    @property
    def cancelled(self) -> int:
        """Return the number of bookings that do not stand any more."""
        return self.left_out.get(CANCELLED, 0)


def read_table(raw: bytes, site: Site) -> AppointmentTable:
    """Read a table of slots, or a list of single bookings (no column of counts), whichever it is.

    Raise Refused with the wrong lines, without quoting any cell.
    """
    return _read_bookings(raw, site) if _is_single(raw) else _read_slots(raw)


def read_appointments(raw: bytes) -> list[AppointmentLine]:
    """Read an appointments table ``date,time,cards,count``; an empty number of cards means one.

    Raise Refused with the wrong lines, without quoting any cell.
    """
    return _read_slots(raw).lines


def _read_slots(raw: bytes) -> AppointmentTable:
    faults = Faults()
    table = read(raw, APPOINTMENTS, ("date", "time", "count"), faults)
    seen: dict[tuple[date, str, int], int] = {}
    lines = []
    for line, values in table.rows:
        try:
            day, at = _joined(values["date"], values["time"])
            x = AppointmentLine(line, day, at, values.get("cards", 1), values["count"])
            first = seen.setdefault((x.date, x.time, x.cards), line)
            if first != line:
                why = f"同じ日付・時刻・枚数の行が{first}行目にあります"
                raise Bad(why, "件数を合わせて1行にしてください")
        except Bad as bad:
            faults.add(line, "", bad)
        else:
            lines.append(x)
    faults.refuse_if_any()
    return AppointmentTable(lines, left_out=table.left_out)


def _joined(day: When, at: When | None) -> tuple[date, str]:
    """Return date and time of day of two cells, or of one. Raise Bad where they differ."""
    if day.day is None:
        raise Bad("日付がありません", "2026-09-14 9:00 の形で書いてください")
    if at is not None and at.day not in (None, day.day):
        raise Bad("日付の欄と時刻の欄の日付が違います", "日付を確かめてください")
    # A spreadsheet writes 0:00 beside a date that has no time of day.
    own = None if day.time == "00:00" and at is not None else day.time
    if at is not None and own is not None and own != at.time:
        raise Bad("日付の欄と時刻の欄の時刻が違います", "時刻を確かめてください")
    found = at.time if at is not None else own
    if found is None:
        raise Bad("時刻がありません", "2026-09-14 9:00 の形で書いてください")
    return day.day, found


# ---- a list of single bookings


def _is_single(raw: bytes) -> bool:
    """Return whether a file lists single bookings: no column of counts, and one that only such a list has."""
    if find_table(raw, fits(APPOINTMENTS, ("date", "time", "count"))).fit.whole:
        return False
    counts = next(c.names for c in APPOINTMENTS if c.key == "count")
    keys = {name: c.key for c in BOOKINGS for name in c.names}

    def fit(cells: Sequence[str]) -> Fit:
        names = {heading_name(c) for c in cells}
        known = {keys[name] for name in names if name in keys}
        own = known & {"when", "service", "status", "cancelled"} or names & BOOKING_NUMBERS
        return Fit(bool(own and known & {"when", "date"}) and not names & counts, len(known))

    return find_table(raw, fit).fit.whole


def _read_bookings(raw: bytes, site: Site) -> AppointmentTable:
    """Count single bookings into slots by date, time and cards, without those that are cancelled.

    Where the site file has ``booking_codes``, only those of a service by appointment count. Columns other than date, time,
    cards, service and state are never read.
    """
    faults = Faults()
    counted = _counted(site)
    days: set[date] = set()

    def leave_out(cells: Mapping[str, str]) -> str:
        word = CANCELLED if _is_gone(cells) else FREE if _is_free(cells) else ""
        if not word and not _is_counted(cells, counted):
            word = OTHER_SERVICE
        if word:
            # The day is spoken of, though nobody comes: what was imported for it before is replaced.
            with suppress(Bad):
                days.update(filter(None, [booked(cells.get("when") or cells.get("date", "")).day]))
        return word

    dated = "when" if find_table(raw, fits(BOOKINGS, ("when",))).fit.whole else "date"
    columns = tuple(c for c in BOOKINGS if c.key not in {"when", "date"} - {dated})
    if counted and not find_table(raw, fits(columns, (dated, "service"))).fit.whole:
        why = "見出しに「手続」の列がなく、会場設定の booking_codes のどの手続か分かりません"
        raise Refused("取り込めません", why, "手続の列のある一覧にするか、会場設定の booking_codes を除いてください")
    table = read(raw, columns, (dated,), faults, more=True, leave_out=leave_out)
    slots: Counter[tuple[date, str, int]] = Counter()
    first: dict[tuple[date, str, int], int] = {}
    for line, values in table.rows:
        try:
            key = (*_joined(values[dated], values.get("time")), values.get("cards", 1))
            slots[key] += 1
            first.setdefault(key, line)
            if slots[key] == MOST_IN_SLOT + 1:
                raise Bad(f"同じ日時の予約が{MOST_IN_SLOT}件を超えます", "1枠の予約を確かめてください")
        except Bad as bad:
            faults.add(line, "", bad)
    faults.refuse_if_any()
    lines = [AppointmentLine(first[key], *key, n) for key, n in sorted(slots.items())]
    return AppointmentTable(lines, True, frozenset(days), table.left_out, table.unread)


def _counted(site: Site) -> dict[str, bool]:
    """Return whether bookings of each procedure count: those of a service by appointment, by the site's code table."""
    by_appointment = {s.code for s in site.services if s.appointment}
    return {
        x.name if x.name == "*" else plain(content(x.name)): x.service in by_appointment for x in site.booking_codes
    }


def _is_counted(cells: Mapping[str, str], counted: Mapping[str, bool]) -> bool:
    """Return whether a booking is of a service by appointment. Raise Bad where the site's table does not say."""
    if not counted:
        return True
    words = [plain(x) for x in cells.get("service", "").split("\n")]
    found = [counted[x] for x in words if x in counted] or [counted[x] for x in ("*",) if x in counted]
    if not found:
        raise Bad("会場設定の booking_codes にない手続です", "会場設定に書き足すか、行を確かめてください")
    return any(found)


def _is_gone(cells: Mapping[str, str]) -> bool:
    """Return whether a booking does not stand any more, by its state or by a column of cancellations."""
    states = [plain(x) for x in cells.get("status", "").split("\n")]
    gone = any(_GONE.search(x) and not _STANDS.search(x) for x in states)
    return gone or any(is_marked(x) for x in cells.get("cancelled", "").split("\n"))


def _is_free(cells: Mapping[str, str]) -> bool:
    """Return whether a line is a slot that nobody has booked."""
    return any(_FREE.fullmatch(plain(x)) for x in cells.get("status", "").split("\n"))


# ---- what both come to


def slots_by_day(lines: Sequence[AppointmentLine], days: Iterable[date] = ()) -> dict[date, list[dict[str, Any]]]:
    """Return the slots of each day as fields of ``appointments.imported``; a count of 0 is no slot.

    ``days``: more days, of which the file says that nobody comes.
    """
    found: dict[date, list[dict[str, Any]]] = {day: [] for day in days}
    for x in lines:
        slots = found.setdefault(x.date, [])
        if x.count:
            slots.append({"time": x.time, "cards": x.cards, "count": x.count})
    return dict(sorted(found.items()))


def unusual(lines: Sequence[AppointmentLine], calendar: Calendar) -> list[str]:
    """Return warnings on appointments on closed days or outside the reception hours (仕様書 6, 7(4)※)."""
    booked = [x for x in lines if x.count]
    warnings = []
    closed = [x for x in booked if not calendar.is_open(x.date)]
    if closed:
        days = len({x.date for x in closed})
        warnings.append(
            f"開場日ではない日の予約が{days}日分あります（初めは{closed[0].line}行目）。取り込みましたが、日付を確かめてください。"
        )
    service = next((s for s in calendar.site.services if s.appointment), None)
    if service is not None:
        outside = [x for x in booked if not _within(x, *calendar.site.hours(service.code, x.date.weekday()))]
        if outside:
            opens, closes = calendar.site.hours(service.code, outside[0].date.weekday())
            warnings.append(
                f"受付時間（{hm(opens)}〜{hm(closes)}）の外の予約が{len(outside)}行あります（初めは{outside[0].line}行目）。"
                "取り込みましたが、時刻を確かめてください。"
            )
    return warnings


def _within(line: AppointmentLine, opens: time, closes: time) -> bool:
    return opens <= time.fromisoformat(line.time) <= closes
