"""Numbers with a time of their own (11:00まで) that may not be called before it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple

from floorctl.common.clock import JST
from floorctl.common.words import hm
from floorctl.models.board.alert import Alert
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket

_SOON = timedelta(minutes=15)  # before its time, where no forecast tells when the number will be called


class Limit(NamedTuple):
    """A waiting number whose visitor has time up to ``until``; ``call_at``: when it is called in nine of ten cases.

    None: not foreseen, or ``late``: not before the hall closes.
    """

    ticket: Ticket
    until: datetime
    call_at: datetime | None
    late: bool = False


def until_of(floor: Floor, t: Ticket) -> datetime | None:
    """Return up to when a visitor has time: the earliest of the remarks on the ticket; None without one."""
    told = min((u for u in t.remarks.values() if u), default=None)
    return datetime.combine(floor.day, time.fromisoformat(told), JST) if told else None


def limits(floor: Floor, ahead: Mapping[str, Foreseen], now: datetime) -> list[Limit]:
    """Return the waiting numbers that may not be called in time, the first to run out first."""
    found = []
    for lane, q in floor.lanes.items():
        calls = ahead[lane].calls if lane in ahead else {}
        for t in q.tickets.values():
            until = until_of(floor, t)
            if until is None:
                continue
            call_at, late = calls.get(t.number), t.number in calls and calls[t.number] is None
            x = Limit(t, until, call_at, late)
            in_time = call_at <= until if call_at is not None else not late and now < until - _SOON
            if now >= until or not in_time:
                found.append(x)
    return sorted(found, key=lambda x: (x.until, x.ticket.number))


def remark_alerts(floor: Floor, ahead: Mapping[str, Foreseen], now: datetime) -> Iterator[Alert]:
    """Yield the numbers that may not be called before the time of their remark."""
    for x in limits(floor, ahead, now):
        number, until = x.ticket.number, hm(x.until)
        if now >= x.until:
            said = "過ぎています"
        elif x.late:
            said = "閉庁までに呼べない見込み"
        elif x.call_at is not None:
            said = f"呼出しは {hm(x.call_at)} までかかる見込み"
        else:
            said = "まだ呼ばれていません"
        yield Alert(
            "remark_due", "warning", "番号", f"{number} {until}まで {said}", "b", None, "queue",
            short=f"{number} {until}まで", about=number,
        )  # fmt: skip
