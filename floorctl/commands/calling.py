"""Whole acts of the queue, several facts each: the next visitor, a mistaken call taken back, head counts of several lanes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from floorctl.commands.calls import need_ready
from floorctl.commands.context import Context, Wish
from floorctl.commands.head_counts import decide_counted
from floorctl.commands.tickets import decide_finished, decide_left, need_begun, ticket_in
from floorctl.common.action_keys import keyed
from floorctl.common.errors import Refused
from floorctl.models.board.lane_cover import lane_after
from floorctl.models.board.passed_over import overtaken
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import BY_HAND, MOST, act_of
from floorctl.models.register.outages import standing_spans

_OF_A_CALL = ("ticket.called", "ticket.issued", "ticket.requeued")


def uncall(c: Context, number: str) -> list[Wish]:
    """Take a mistaken call back: the visitor waits as if never called.

    With it goes what the call brought along: the return of an absent visitor, the number and the count of a visitor
    known by a head count alone.
    """
    t = ticket_in(c, number, ("serving",), "の呼出しは取り消せません")
    calls = [
        e
        for e in c.floor.entries
        if _about(e, number, "ticket.called")
        and e.key not in c.floor.retracted
        and (t.serving_since is None or e.fact.at >= t.serving_since)
    ]
    call, *recalls = calls
    act = [call]
    if call.source == BY_HAND:
        act = [
            e
            for e in c.floor.entries
            if e.source == BY_HAND and act_of(e.fact.id) == act_of(call.fact.id) and e.key not in c.floor.retracted
        ]
    brought = [e for e in act if _about(e, number, *_OF_A_CALL) or isinstance(e.fact, ev.QueueCounted)]
    return [
        ("retracted", {"target": e.fact.id, "target_source": e.source, "reason": "呼び間違い"})
        for e in reversed([*brought, *recalls])
    ]


def _about(e: Entry, number: str, *kinds: str) -> bool:
    return e.kind in kinds and getattr(e.fact, "ticket", None) == number


def end_never_called(c: Context, shown: Collection[str], *, mistaken: bool) -> list[Wish]:
    """End all numbers that later ones have overtaken, of those that were ``shown``.

    Their holders have left, or they were issued by mistake.
    """
    passed = overtaken(c.floor, standing_spans(c.register))
    found = [t.number for tickets in passed.values() for t in tickets if t.number in shown]
    if not found:
        raise Refused("呼ばれないままの番号はありません", "追い越された番号がありません", "番号ごとに終えてください")
    how = {"mistaken": True} if mistaken else {}
    return [wish for n in found for wish in decide_left(c, c.fact(ev.TicketLeft, ticket=n, **how))]


def count_lanes(c: Context, numbers: Mapping[str, int]) -> list[Wish]:
    """Count the heads of several lanes at once."""
    counts = (c.fact(ev.QueueCounted, lane=lane, waiting=n) for lane, n in numbers.items())
    return [wish for f in counts for wish in decide_counted(c, f)]


def next_visitor(c: Context, terminal: str, service: str | None = None, outcome: str = "done") -> list[Wish]:
    """Finish the present ticket of a terminal as ``outcome`` and call the next of its (then) lane, if anybody waits.

    A visitor known by a head count alone gets a number by hand, for ``service`` (by default the lane's first), and the
    count goes down by one; those who were counted before the first number was issued come before it.
    """
    c.need_open()
    t = c.floor.terminals[terminal]
    wishes: list[Wish] = []
    if t.ticket is not None:
        wishes += decide_finished(c, c.fact(ev.TicketFinished, ticket=t.ticket, terminal=terminal, outcome=outcome))
        lane = lane_after(c.floor, t)
        ready = not t.failed and not t.paused and (t.staff is not None or not c.floor.staffing_known)
    else:
        need_ready(c, t)
        lane, ready = t.lane, True
    queue = c.floor.lanes[lane]
    following = c.floor.next_ticket(lane, c.now) if ready else None
    counted = ready and c.floor.head_is_next(lane, c.now)
    if following is not None and not counted:
        wishes.append(("ticket.called", {"ticket": following.number, "terminal": terminal}))
    elif counted:
        number = c.next_number(lane)
        service = service or next(s.code for s in c.site.services if s.lane == lane)
        need_begun(c, service, c.now)
        wishes.append(("ticket.issued", {"ticket": number, "service": service}))
        wishes.append(("ticket.called", {"ticket": number, "terminal": terminal}))
        wishes.append(("queue.counted", {"lane": lane, "waiting": min(queue.waiting - 1, MOST)}))
    if not wishes:
        name = c.site.lane_by_code[lane].name
        raise Refused(
            f"{terminal} で呼ぶ人がいません",
            f"{name}の待ちは0人です",
            keyed("人が来ているときは {issue} で番号を出すか {count} で人数を入れてください"),
        )
    return wishes
