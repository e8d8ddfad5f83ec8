"""Read a table of appointment slots, group them by day and report unusual ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from floorctl.common.frozen import frozen
from floorctl.common.words import hm
from floorctl.intake.csv_cells import Bad
from floorctl.intake.csv_columns import APPOINTMENTS
from floorctl.intake.csv_reading import Faults, read
from floorctl.models.site.calendar import Calendar


@frozen
class AppointmentLine:
    """Slot of ``count`` people at ``time`` ("HH:MM") with ``cards`` cards each."""

    line: int
    date: date
    time: str
    cards: int
    count: int


def read_appointments(raw: bytes) -> list[AppointmentLine]:
    """Read an appointments table ``date,time,cards,count``; an empty number of cards means one.

    Raise Refused with the wrong lines, without quoting any cell.
    """
    faults = Faults()
    _, rows = read(raw, APPOINTMENTS, ("date", "time", "count"), faults)
    seen: dict[tuple[date, str, int], int] = {}
    lines = []
    for line, values in rows:
        x = AppointmentLine(line, values["date"], values["time"], values.get("cards", 1), values["count"])
        first = seen.setdefault((x.date, x.time, x.cards), line)
        if first != line:
            why = f"同じ日付・時刻・枚数の行が{first}行目にあります"
            faults.add(line, "", Bad(why, "件数を合わせて1行にしてください"))
        lines.append(x)
    faults.refuse_if_any()
    return lines


def slots_by_day(lines: Sequence[AppointmentLine]) -> dict[date, list[dict[str, Any]]]:
    """Return the slots of each day as fields of ``appointments.imported``; a count of 0 is no slot."""
    days: dict[date, list[dict[str, Any]]] = {}
    for x in lines:
        slots = days.setdefault(x.date, [])
        if x.count:
            slots.append({"time": x.time, "cards": x.cards, "count": x.count})
    return dict(sorted(days.items()))


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
