"""Tickets: issuing, calling, finishing, and the head count of a lane."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from floorctl.commands.context import Context, Wish
from floorctl.common.errors import Refused
from floorctl.common.words import TERMINAL_STATES, TICKET_STATES, hm
from floorctl.models.day.terminal import TerminalState
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import MOST, act_of
from floorctl.models.site.count_bounds import need_believable

_OF_A_CALL = ("ticket.called", "ticket.issued", "ticket.requeued")


def issue(c: Context, f: ev.TicketIssued, *, numbered: bool = True) -> list[Wish]:
    """Issues a ticket; without a number the next one of the lane is given."""
    c.need_open()
    service = c.site.service_by_code[f.service]
    if f.service in c.floor.stopped:
        raise Refused(
            f"{service.name} の番号は出せません", "受付を打ち切っています", "再開するか、別の日を案内してください"
        )
    _, closes = c.site.hours(f.service, c.floor.day.weekday())
    _need_begun(c, f.service, f.at)
    if f.at.time().replace(second=0, microsecond=0) > closes:
        c.warnings.append(f"{service.name} の受付は {hm(closes)} で終わっています（仕様書 7(4)）。")
    number = f.ticket if numbered else c.next_number(service.lane)
    held = c.floor.tickets.get(number)
    if held is not None or number in c.tickets.used:
        raise Refused(f"{number} は出せません", "今日すでに使われた番号です", "別の番号にしてください")
    fields = f.fields() | {"ticket": number}
    return [("ticket.issued", fields)]


def _need_begun(c: Context, service: str, at: datetime) -> None:
    """Refuses before a service's reception begins (仕様書 7(4))."""
    opens, _ = c.site.hours(service, c.floor.day.weekday())
    if at.time() < opens:
        raise Refused(
            f"{c.site.service_by_code[service].name} の番号は出せません",
            f"受付は {hm(opens)} からです",
            "時刻になってから出してください",
        )


def need_ready(c: Context, t: TerminalState) -> None:
    """Refuses where the terminal cannot take a visitor now."""
    state = c.floor.state(t.code)
    if state == "serving":
        raise Refused(
            f"{t.code} では呼べません", f"{t.ticket} を応対中です", "先に終了してください（n で終了して次を呼びます）"
        )
    if state != "free":
        do = {"failed": "f で復旧して", "paused": "s で再開して", "unstaffed": "p で担当を決めて"}[state]
        raise Refused(f"{t.code} では呼べません", f"{TERMINAL_STATES[state]}の端末です", f"先に {do}ください")


def call(c: Context, f: ev.TicketCalled) -> list[Wish]:
    """Calls a waiting ticket to a free, staffed terminal of its lane."""
    c.need_open()
    t, terminal = c.ticket(f.ticket), c.floor.terminals[f.terminal]
    if t.state not in ("waiting", "no_show"):
        raise Refused(f"{f.ticket} は呼べません", f"{TICKET_STATES[t.state]}の番号です", "番号を確かめてください")
    need_ready(c, terminal)
    if c.floor.lane_of(t) != terminal.lane:
        name = c.site.lane_by_code[c.floor.lane_of(t)].name
        raise Refused(
            f"{f.ticket} は {f.terminal} では呼べません",
            f"{name}の番号です",
            f"{name}の端末で呼ぶか、配分を変えてください",
        )
    back: list[Wish] = [("ticket.requeued", {"ticket": f.ticket})] if t.state == "no_show" else []
    return [*back, ("ticket.called", {"ticket": f.ticket, "terminal": f.terminal})]


def finish(c: Context, f: ev.TicketFinished) -> list[Wish]:
    """Finishes the ticket that a terminal serves."""
    c.need_open()
    t = c.ticket(f.ticket)
    if t.state != "serving":
        raise Refused(f"{f.ticket} は終了できません", f"{TICKET_STATES[t.state]}の番号です", "番号を確かめてください")
    if t.terminal != f.terminal:
        raise Refused(
            f"{f.ticket} は {f.terminal} では終了できません",
            f"{t.terminal} で応対中です",
            f"{t.terminal} で終了してください",
        )
    return [("ticket.finished", f.fields())]


def no_show(c: Context, f: ev.TicketNoShow) -> list[Wish]:
    c.need_open()
    t = c.ticket(f.ticket)
    if t.state not in ("serving", "waiting"):
        raise Refused(f"{f.ticket} を不在にできません", f"{TICKET_STATES[t.state]}の番号です", "番号を確かめてください")
    return [("ticket.no_show", {"ticket": f.ticket})]


def leave(c: Context, f: ev.TicketLeft) -> list[Wish]:
    c.need_open()
    t = c.ticket(f.ticket)
    if t.state != "waiting":
        raise Refused(
            f"{f.ticket} を帰宅にできません", f"{TICKET_STATES[t.state]}の番号です", "応対中なら終了してください"
        )
    return [("ticket.left", {"ticket": f.ticket})]


def requeue(c: Context, f: ev.TicketRequeued) -> list[Wish]:
    """Back into the queue: after a no-show, or from a terminal."""
    c.need_open()
    t = c.ticket(f.ticket)
    if t.state not in ("no_show", "serving", "left"):
        raise Refused(f"{f.ticket} を待ちに戻せません", f"{TICKET_STATES[t.state]}の番号です", "番号を確かめてください")
    return [("ticket.requeued", {"ticket": f.ticket})]


def uncall(c: Context, number: str) -> list[Wish]:
    """Takes a mistaken call back: the person waits as if never called. What the call brought along goes with it: the
    return of who was not there, the number and the count of who was known by a head count alone."""
    c.need_open()
    t = c.ticket(number)
    calls = [e for e in c.floor.entries if _about(e, number, "ticket.called") and e.key not in c.floor.retracted]
    if t.state != "serving" or not calls:
        raise Refused(
            f"{number} の呼出しは取り消せません", f"{TICKET_STATES[t.state]}の番号です", "番号を確かめてください"
        )
    call = calls[-1]
    act = [call]
    if call.source == "console":
        act = [
            e
            for e in c.floor.entries
            if e.source == "console" and act_of(e.fact.id) == act_of(call.fact.id) and e.key not in c.floor.retracted
        ]
    brought = [e for e in act if _about(e, number, *_OF_A_CALL) or isinstance(e.fact, ev.QueueCounted)]
    given = {"target_source": call.source, "reason": "呼び間違い"}
    return [("retracted", {"target": e.fact.id, **given}) for e in reversed(brought)]


def _about(e: Entry, number: str, *kinds: str) -> bool:
    return e.kind in kinds and getattr(e.fact, "ticket", None) == number


def transfer(c: Context, f: ev.TicketTransferred) -> list[Wish]:
    """Another service for the same ticket; the wait goes on."""
    c.need_open()
    t = c.ticket(f.ticket)
    if t.state not in ("waiting", "serving"):
        raise Refused(
            f"{f.ticket} の用件を変えられません", f"{TICKET_STATES[t.state]}の番号です", "番号を確かめてください"
        )
    if t.service == f.service:
        return []
    return [("ticket.transferred", {"ticket": f.ticket, "service": f.service})]


def count(c: Context, f: ev.QueueCounted) -> list[Wish]:
    """A head count of a lane; more than can stand there is a slip, unless so many numbers wait."""
    c.need_open()
    if f.waiting > len(c.floor.lanes[f.lane].tickets):
        need_believable(f, c.site)
    return [("queue.counted", {"lane": f.lane, "waiting": f.waiting})]


def count_lanes(c: Context, numbers: Mapping[str, int]) -> list[Wish]:
    """Head counts of several lanes together."""
    counts = (ev.QueueCounted(id="wish", at=c.now, lane=x, waiting=n) for x, n in numbers.items())
    return [wish for f in counts for wish in count(c, f)]


def next_visitor(c: Context, terminal: str, service: str | None = None) -> list[Wish]:
    """One key at a terminal: finishes the present ticket, and calls the next of the (then) lane if anybody waits.

    In a lane that only head counts know, the next person gets a number by hand, for ``service`` (the lane's first
    where none is said), and the count goes down by one.
    """
    c.need_open()
    t = c.floor.terminals[terminal]
    wishes: list[Wish] = []
    if t.ticket is not None:
        wishes.append(("ticket.finished", {"ticket": t.ticket, "terminal": terminal}))
        lane = t.next_lane or t.lane
        ready = not t.failed and not t.paused and (t.staff is not None or not c.floor.staffing_known)
    else:
        need_ready(c, t)
        lane, ready = t.lane, True
    queue = c.floor.lanes[lane]
    following = c.floor.next_ticket(lane, c.now) if ready else None
    if following is not None:
        wishes.append(("ticket.called", {"ticket": following.number, "terminal": terminal}))
    elif ready and queue.uncounted:
        number = c.next_number(lane)
        service = service or next(s.code for s in c.site.services if s.lane == lane)
        _need_begun(c, service, c.now)
        wishes.append(("ticket.issued", {"ticket": number, "service": service}))
        wishes.append(("ticket.called", {"ticket": number, "terminal": terminal}))
        wishes.append(("queue.counted", {"lane": lane, "waiting": min(queue.waiting - 1, MOST)}))
    if not wishes:
        name = c.site.lane_by_code[lane].name
        raise Refused(
            f"{terminal} で呼ぶ人がいません",
            f"{name}の待ちは0人です",
            "人が来ているときは t で番号を出すか w で人数を入れてください",
        )
    return wishes
