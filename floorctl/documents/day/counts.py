"""Data tables of a day: counts of tickets, work items, ties, waits, hours, terminals and appointments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time
from itertools import groupby
from typing import NamedTuple

from floorctl.common.lengths import mean_s
from floorctl.common.words import FATE_WORDS, clock_ja
from floorctl.documents.day.hourly import Hour
from floorctl.documents.day.record import DayRecord, Tie, waits_of, waits_untold
from floorctl.documents.day.ticket_lines import FATES, TicketLine
from floorctl.documents.layout.material import TOTAL, Row, Tables
from floorctl.models.site.site import Site

COUNTS: Tables[DayRecord] = Tables()
UNKNOWN = "用件不明（発券の記録なし）"
_FATES = FATE_WORDS | {"open": "未終了"}
_HOUR = {
    "issued": "受付（人）",
    "called": "呼出し（人）",
    "served": "完了（人）",
    "wait_mean": "平均待ち",
    "wait_max": "最大待ち",
}


def _lanes(site: Site) -> dict[str, str]:
    return {lane.code: lane.name for lane in site.lanes}


@COUNTS.table(
    "services",
    service="業務のコード",
    lane="列のコード",
    name="業務",
    short="業務（短）",
    **_FATES,
    appointment="予約あり",
    walk_in="予約なし",
    cards="完了した番号札の枚数",
    assist="合理的配慮の希望",
)
def services(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield tickets by service and outcome; each row adds up."""
    codes: list[str | None] = [s.code for s in site.services]
    if any(t.service is None for t in record.tickets):
        codes.append(None)
    for code in codes:
        service = site.service_by_code.get(code or "")
        lines = [t for t in record.tickets if t.service == code]
        yield {
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


@COUNTS.table(
    "work",
    item="項目のコード",
    lane="列のコード",
    name="項目",
    short="項目（短）",
    tickets="番号札から",
    by_hand="手集計",
    together="合計",
    ledger="台帳・端末",
    read="台帳・端末の件数",
    difference="差（台帳・端末 − 記録）",
    note="差の説明",
    state="一致・差異・未照合・対象外",
)
def work(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield each work item: counts from tickets, by hand and together, and the ledger's count (None if not read).

    Items that the site no longer has are included.
    """
    by_item = {tie.item: tie for tie in record.ties}
    for code, together in record.work.items():
        item, by_hand, tie = site.work_item_by_code.get(code), record.tallied[code], by_item.get(code)
        yield {
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


def _tie_state(tie: Tie | None) -> str:
    if tie is None:
        return "対象外"
    return "未照合" if tie.difference is None else "差異" if tie.difference else "一致"


@COUNTS.table(
    "waits",
    lane="列のコード",
    name="列",
    title="窓口",
    n="人数",
    mean="平均",
    p90="90％値",
    max="最大",
    peak="最多人数",
    peak_at="その時刻",
)
def waits(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the waits of each lane that had visitors, in seconds; ``peak``: most people waiting at once.

    Of a lane whose waits nobody told the cells are empty, not 0.
    """
    for lane in site.lanes:
        w, peak = record.waits[lane.code], record.peaks[lane.code]
        untold = waits_untold(record, lane.code)
        if not w.n and not peak and not untold:
            continue
        yield {
            "lane": lane.code,
            "name": lane.name,
            "title": lane.title,
            "n": w.n if w.n or not untold else None,
            "mean": w.mean_s,
            "p90": w.p90_s,
            "max": w.max_s,
            "peak": None if lane.code in record.unseen else peak[0] if peak else 0,
            "peak_at": peak[1] if peak else None,
        }


@COUNTS.table(
    "hours",
    {
        "hour": "時間帯の始まり",
        **_HOUR,
        **{f"{key}.*": f"列ごとの{word}" for key, word in _HOUR.items()},
        "waiting_max.*": "列ごとの最多人数",
    },
    _lanes,
)
def _hours(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the hall by the hour with a column each lane, then the day; waits (s) are of those called in the hour."""
    every = [h for found in record.hours.values() for h in found]
    waits = [(t.called_at.hour, t.wait_s) for t in record.tickets if t.called_at and t.wait_s is not None]
    shown = _worked(every)
    for hour in shown:
        here = {
            lane: next((h for h in found if h.hour == hour), Hour(hour, 0, 0, 0, None, None, 0))
            for lane, found in record.hours.items()
        }
        yield {
            "hour": _hour_word(hour),
            **_sum_of(here.values()),
            **_waits([s for called, s in waits if called == hour]),
            **{f"{key}.{lane}": value for lane, h in here.items() for key, value in _hour(record, lane, h).items()},
        }
    if shown:
        by_lane = {lane: _day(record, lane, found) for lane, found in record.hours.items()}
        yield {
            "hour": "計",
            TOTAL: 1,
            **_sum_of(every),
            **_waits([s for _, s in waits]),
            **{f"{key}.{lane}": value for lane, row in by_lane.items() for key, value in row.items()},
        }


@COUNTS.table("lane_hours", {"lane": "列のコード", "hour": "時間帯の始まり", **_HOUR, "waiting_max": "最多人数"})
def lane_hours(record: DayRecord, site: Site) -> Iterable[Row]:
    """Yield each lane by the hour, from the first to the last hour in which something happened, then its sum."""
    for lane, found in record.hours.items():
        shown = _worked(found)
        for h in found:
            if h.hour in shown:
                yield {"lane": lane, "hour": _hour_word(h.hour), **_hour(record, lane, h)}
        if shown:
            yield {"lane": lane, "hour": "計", TOTAL: 1, **_day(record, lane, found)}


def _worked(found: Iterable[Hour]) -> list[int]:
    """Return the hours from the first to the last in which something happened."""
    busy = [h.hour for h in found if h.issued or h.called or h.served or h.waiting_max]
    return list(range(min(busy), max(busy) + 1)) if busy else []


def _hour_word(hour: int) -> str:
    return clock_ja(time(hour)).replace("正午", "午後0時")


def _hour(record: DayRecord, lane: str, h: Hour) -> Row:
    return {
        "issued": h.issued,
        "called": h.called,
        "served": h.served,
        "wait_mean": h.wait_mean_s,
        "wait_max": h.wait_max_s,
        "waiting_max": None if lane in record.unseen else h.waiting_max,
    }


def _day(record: DayRecord, lane: str, found: Iterable[Hour]) -> Row:
    """Return the sum of a lane's hours, with the waits of its whole day."""
    w, peak = record.waits[lane], record.peaks[lane]
    means = {"wait_mean": w.mean_s, "wait_max": w.max_s}
    return {**_sum_of(found), **means, "waiting_max": None if lane in record.unseen else peak[0] if peak else 0}


def _sum_of(found: Iterable[Hour]) -> Row:
    counts = [(h.issued, h.called, h.served) for h in found]
    return dict(zip(("issued", "called", "served"), map(sum, zip(*counts, strict=True)), strict=True))


def _waits(seconds: list[int]) -> Row:
    w = waits_of(seconds)
    return {"wait_mean": w.mean_s, "wait_max": w.max_s}


@COUNTS.table(
    "terminals",
    {
        "terminal": "端末の符号",
        "name": "端末",
        "lane": "列のコード",
        "lane_name": "列",
        "called": "応対（人）",
        "done": "完了（人）",
        "busy": "応対時間の計",
        "mean": "1人あたり",
        "first": "最初の呼出し",
        "last": "最後の終了",
    },
)
def terminals(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield each terminal and lane: tickets that ended there and their service time (s)."""
    for lane in site.lanes:
        for terminal in site.terminals:
            own = [t for t in record.tickets if t.terminal == terminal.code and t.lane == lane.code]
            if not own:
                continue
            served = [t.service_s for t in own if t.service_s is not None]
            yield {
                "terminal": terminal.code,
                "name": terminal.name,
                "lane": lane.code,
                "lane_name": lane.name,
                "called": len(own),
                "done": sum(t.fate == "done" for t in own),
                "busy": sum(served),
                "mean": mean_s(sum(served), len(served)),
                "first": min((t.called_at for t in own if t.called_at), default=None),
                "last": max((t.finished_at for t in own if t.finished_at), default=None),
            }


class AppointmentSlot(NamedTuple):
    """Appointments at one time of day: people and cards booked, and the tickets of those who came."""

    time: str
    booked: int
    cards: int
    came: list[TicketLine]

    @property
    def missing(self) -> int:
        return max(0, self.booked - len(self.came))


def appointment_slots(record: DayRecord) -> list[AppointmentSlot]:
    """Return every time of day with an appointment, imported or on a ticket, in order."""
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


@COUNTS.table(
    "appointments",
    hour="時間帯の始まり",
    booked="予約（人）",
    cards="予約（枚）",
    came="来庁（人）",
    missing="未来庁（人）",
    done="完了（人）",
)
def appointments(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield appointments by the hour against tickets issued for them (仕様書 7(4)※).

    Booked and missing are None on a day without imported appointments.
    """
    for hour, slots in groupby(appointment_slots(record), key=lambda s: int(s.time[:2])):
        here = list(slots)
        came = [t for s in here for t in s.came]
        yield {
            "hour": _hour_word(hour),
            "booked": sum(s.booked for s in here) if record.slots else None,
            "cards": sum(s.cards for s in here) if record.slots else None,
            "came": len(came),
            "missing": sum(s.missing for s in here) if record.slots else None,
            "done": sum(t.fate == "done" for t in came),
        }


def allocated(record: DayRecord, site: Site) -> dict[str, list[str]]:
    """Return the terminals that each shared lane had before the first move of the day."""
    return {lane: [t for t, first in record.allocation.items() if first == lane] for lane in site.movable_lanes}


@COUNTS.table("allocation", lane="列のコード", name="列", count="台数", terminals="端末")
def _allocation(record: DayRecord, site: Site) -> Iterator[Row]:
    for lane, found in allocated(record, site).items():
        name, terminals = site.lane_by_code[lane].name, "、".join(found) or "なし"
        yield {"lane": lane, "name": name, "count": len(found), "terminals": terminals}
