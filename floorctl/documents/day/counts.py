"""Data tables of a day: what was counted. Tickets by service, work items, ties, waits, hours, terminals, appointments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from itertools import groupby
from typing import NamedTuple

from floorctl.common.words import clock_ja
from floorctl.documents.day.hourly import Hour
from floorctl.documents.day.record import FATES, DayRecord, TicketLine, Tie, waits_of
from floorctl.documents.layout.material import TOTAL, Row, Table
from floorctl.models.site.site import Site

UNKNOWN = "用件不明（発券の記録なし）"


def services(record: DayRecord, site: Site) -> Table:
    """Tickets by service and by how they ended; each row adds up."""
    codes: list[str | None] = [s.code for s in site.services]
    if any(t.service is None for t in record.tickets):
        codes.append(None)
    rows: list[Row] = []
    for code in codes:
        service = site.service_by_code.get(code or "")
        lines = [t for t in record.tickets if t.service == code]
        rows.append(
            {
                "service": code or "",
                "lane": service.lane if service else "",
                "name": service.name if service else UNKNOWN,
                "short": service.short if service else UNKNOWN,
                "issued": len(lines),
                **{fate: sum(t.fate == fate for t in lines) for fate in FATES},
                "appointment": sum(t.appointment is not None for t in lines),
                "walk_in": sum(t.appointment is None for t in lines),
                "cards": sum(t.cards for t in lines if t.fate == "done"),
                "assist": sum(t.assist for t in lines),
            }
        )
    return Table(rows)


def work(record: DayRecord, site: Site) -> Table:
    """Work items: from tickets, by hand, together, and what a terminal or a register says (None where nobody read it).

    An item that the site no longer has is not lost.
    """
    by_item = {tie.item: tie for tie in record.ties}
    rows: list[Row] = []
    for code, together in record.work.items():
        item, by_hand, tie = site.work_item_by_code.get(code), record.tallied[code], by_item.get(code)
        rows.append(
            {
                "item": code,
                "lane": item.lane if item else "",
                "name": item.name if item else code,
                "short": item.short if item else code,
                "ledger": item.ledger or None if item else None,
                "tickets": together - by_hand,
                "by_hand": by_hand,
                "together": together,
                "read": tie.read if tie else None,
                "difference": tie.difference if tie else None,
                "note": tie.note if tie else "",
                "state": _tie_state(tie),
            }
        )
    return Table(rows)


def _tie_state(tie: Tie | None) -> str:
    if tie is None:
        return "対象外"
    return "未照合" if tie.difference is None else "差異" if tie.difference else "一致"


def waits(record: DayRecord, site: Site) -> Table:
    """Waits by lane, seconds; ``peak``: most who waited at once. A lane that nobody came to is left out."""
    rows: list[Row] = []
    for lane in site.lanes:
        w, peak = record.waits[lane.code], record.peaks[lane.code]
        if not w.n and not peak:
            continue
        rows.append(
            {
                "lane": lane.code,
                "name": lane.name,
                "title": lane.title,
                "n": w.n,
                "mean": w.mean_s,
                "p90": w.p90_s,
                "max": w.max_s,
                "peak": peak[0] if peak else 0,
                "peak_at": peak[1] if peak else None,
            }
        )
    return Table(rows)


def hours(record: DayRecord, site: Site) -> Table:
    """The hall by the hour, and under keys like ``issued.issuance`` each lane; waits of those called in the hour."""
    shown = _worked(h for found in record.hours.values() for h in found)
    rows: list[Row] = []
    for hour in shown:
        here = {
            lane: next((h for h in found if h.hour == hour), Hour(hour, 0, 0, 0, None, None, 0))
            for lane, found in record.hours.items()
        }
        waited = [t.wait_s for t in record.tickets if t.called_at and t.called_at.hour == hour and t.wait_s is not None]
        row = {"hour": _hour_word(hour), **_sum_of(list(here.values())), **_waits(waited)}
        for lane, h in here.items():
            row |= {f"{key}.{lane}": value for key, value in _hour(h).items()}
        rows.append(row)
    waited = [t.wait_s for t in record.tickets if t.called_at and t.wait_s is not None]
    total = {"hour": "計", TOTAL: 1, **_sum_of([h for found in record.hours.values() for h in found]), **_waits(waited)}
    for lane, found in record.hours.items():
        total |= {f"{key}.{lane}": value for key, value in _day(record, lane, found).items()}
    return Table([*rows, total] if rows else (), {lane.code: lane.name for lane in site.lanes})


def lane_hours(record: DayRecord, site: Site) -> Table:
    """Each lane by the hour, from the first to the last in which something happened."""
    rows: list[Row] = []
    for lane, found in record.hours.items():
        shown = _worked(found)
        rows += [{"lane": lane, "hour": _hour_word(h.hour), **_hour(h)} for h in found if h.hour in shown]
        if shown:
            rows.append({"lane": lane, "hour": "計", TOTAL: 1, **_day(record, lane, found)})
    return Table(rows)


def _worked(found: Iterable[Hour]) -> list[int]:
    """The hours from the first to the last in which anything happened."""
    busy = [h.hour for h in found if h.issued or h.called or h.served or h.waiting_max]
    return list(range(min(busy), max(busy) + 1)) if busy else []


def _hour_word(hour: int) -> str:
    return clock_ja(time(hour)).replace("正午", "午後0時")


def _hour(h: Hour) -> Row:
    return {
        "issued": h.issued,
        "called": h.called,
        "served": h.served,
        "wait_mean": h.wait_mean_s,
        "wait_max": h.wait_max_s,
        "waiting_max": h.waiting_max,
    }


def _day(record: DayRecord, lane: str, found: Iterable[Hour]) -> Row:
    """The sum of a lane's hours."""
    w, peak = record.waits[lane], record.peaks[lane]
    means = {"wait_mean": w.mean_s, "wait_max": w.max_s}
    return {**_sum_of(list(found)), **means, "waiting_max": peak[0] if peak else 0}


def _sum_of(found: list[Hour]) -> Row:
    return {
        "issued": sum(h.issued for h in found),
        "called": sum(h.called for h in found),
        "served": sum(h.served for h in found),
    }


def _waits(seconds: list[int]) -> Row:
    w = waits_of(seconds)
    return {"wait_mean": w.mean_s, "wait_max": w.max_s}


def terminals(record: DayRecord, site: Site) -> Table:
    """What each terminal did in each lane: tickets that ended there, and the time spent with them (seconds)."""
    rows: list[Row] = []
    for lane in site.lanes:
        for terminal in site.terminals:
            own = [t for t in record.tickets if t.terminal == terminal.code and t.lane == lane.code]
            if not own:
                continue
            served = [t.service_s for t in own if t.service_s is not None]
            rows.append(
                {
                    "terminal": terminal.code,
                    "name": terminal.name,
                    "lane": lane.code,
                    "lane_name": lane.name,
                    "called": len(own),
                    "done": sum(t.fate == "done" for t in own),
                    "busy": sum(served),
                    "mean": sum(served) // len(served) if served else None,
                    "first": min((t.called_at for t in own if t.called_at), default=None),
                    "last": max((t.finished_at for t in own if t.finished_at), default=None),
                }
            )
    return Table(rows)


class AppointmentSlot(NamedTuple):
    """Appointments of one time: people and cards booked, the tickets of those who came."""

    time: str
    booked: int
    cards: int
    came: list[TicketLine]

    @property
    def missing(self) -> int:
        return max(0, self.booked - len(self.came))


def appointment_slots(record: DayRecord) -> list[AppointmentSlot]:
    """Every time that has an appointment, imported or on a ticket, in order."""
    times = sorted({s.time for s in record.slots} | {t.appointment for t in record.tickets if t.appointment})
    return [
        AppointmentSlot(
            at,
            sum(s.count for s in record.slots if s.time == at),
            sum(s.count * s.cards for s in record.slots if s.time == at),
            [t for t in record.tickets if t.appointment == at],
        )
        for at in times
    ]


def appointments(record: DayRecord, site: Site) -> Table:
    """Appointments by the hour against who took a number for them (仕様書 7(4)※); none missing where none were imported."""
    rows: list[Row] = []
    for hour, slots in groupby(appointment_slots(record), key=lambda s: int(s.time[:2])):
        here = list(slots)
        came = [t for s in here for t in s.came]
        rows.append(
            {
                "hour": _hour_word(hour),
                "booked": sum(s.booked for s in here) if record.slots else None,
                "cards": sum(s.cards for s in here) if record.slots else None,
                "came": len(came),
                "missing": sum(s.missing for s in here) if record.slots else None,
                "done": sum(t.fate == "done" for t in came),
            }
        )
    return Table(rows)


def allocation(record: DayRecord, site: Site) -> Table:
    """The terminals of each lane that shares them with another, as the day began."""
    rows: list[Row] = []
    for lane in site.movable_lanes:
        found = [t for t, first in record.allocation.items() if first == lane]
        name = site.lane_by_code[lane].name
        rows.append({"lane": lane, "name": name, "count": len(found), "terminals": "、".join(found) or "なし"})
    return Table(rows)
