"""How tickets and head counts evolve: one function a kind of fact. They never refuse; what does not fit is marked odd."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.day.ticket import ENDED, Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import act_of

# Clocks differ: a call or finish up to this long before its issue fits (contract 2).
CLOCK_TOLERANCE = timedelta(minutes=5)


def _wait(floor: Floor, t: Ticket) -> None:
    t.state = "waiting"
    floor.lanes[floor.lane_of(t)].add(t)


def _unwait(floor: Floor, t: Ticket) -> None:
    floor.lanes[floor.lane_of(t)].tickets.pop(t.number, None)


def _persons(floor: Floor, delta: int) -> None:
    if floor.visitors is not None:
        floor.visitors = max(0, floor.visitors + delta)


def _end(floor: Floor, t: Ticket, state: str, at: datetime, outcome: str | None = None) -> None:
    """Ends a ticket and frees its terminal; a move that waited for this takes effect."""
    if t.state == "waiting":
        _unwait(floor, t)
    if t.state not in ENDED:
        _persons(floor, -1)
    if t.terminal and floor.terminals[t.terminal].ticket == t.number:
        _free(floor.terminals[t.terminal], at)
    t.state, t.ended_at = state, at
    if outcome is not None and not (t.outcome == "done" and outcome == "incomplete"):
        t.outcome = outcome  # what was done stays done, even where the number was called once more


def _free(terminal: TerminalState, at: datetime) -> None:
    terminal.ticket = None
    if terminal.next_lane is not None:
        terminal.lane, terminal.next_lane = terminal.next_lane, None
        terminal.moved_at = at


def _issued(floor: Floor, entry: Entry, f: ev.TicketIssued) -> None:
    t = floor.tickets.get(f.ticket)
    if t is not None and t.issued_at is not None:
        floor.odd(entry, "repeated_ticket")
        return
    if t is None:
        t = floor.tickets[f.ticket] = Ticket(f.ticket, f.service, "waiting")
        _describe(floor, t, f)
        t.issue_act = _act(entry)
        _wait(floor, t)
        _persons(floor, +1)
        return
    # Named before its issue. Whatever the clocks say, it has been called: it never waits (for ever).
    _describe(floor, t, f)
    t.service = f.service
    lane = floor.lane_of(t)
    in_time = t.first_seen_at is not None and f.at - t.first_seen_at <= CLOCK_TOLERANCE
    for key, other, terminal_lane in t.pending:
        if in_time and floor.anomalies.get(key) == "unknown_ticket":
            del floor.anomalies[key]
            code = other or ("other_lane" if terminal_lane != lane else None)
            if code:
                floor.anomalies[key] = code
    t.pending.clear()
    if t.state in ENDED:
        t.lane_at_end = lane
    else:
        _persons(floor, +1)
    if t.debited_lane is not None:
        # Its call was taken from the head count, its issue adds to it: count + issues - calls (contract 2).
        floor.lanes[t.debited_lane].uncounted += 1
        t.debited_lane = None


def _describe(floor: Floor, t: Ticket, f: ev.TicketIssued) -> None:
    t.issued_at, t.cards, t.assist, t.appointment = f.at, f.cards, f.assist, f.appointment
    if f.appointment is not None:
        t.due_at = datetime.combine(floor.day, time.fromisoformat(f.appointment), JST)


def _debit(floor: Floor, lane: str, t: Ticket, at: datetime) -> None:
    """A call of somebody whom the queue does not know: the head count of the lane falls by one all the same."""
    q = floor.lanes[lane]
    if q.counted_at is None:
        return
    if q.uncounted:
        q.uncounted -= 1
    elif q.tickets:
        gone = q.oldest()
        gone.lane_at_end = lane
        _end(floor, gone, "left", at)
        gone.left_by_count = True
    else:
        return
    t.debited_lane = lane
    q.debited.append(t)


def _called(floor: Floor, entry: Entry, f: ev.TicketCalled) -> None:
    terminal = floor.terminals[f.terminal]
    t = floor.tickets.get(f.ticket)
    if t is not None and t.state == "serving" and t.terminal == f.terminal:
        floor.odd(entry, "impossible")
        return
    if t is not None and t.state == "finished" and t.called_at is None and t.ended_at == f.at:
        # Called and finished in the same instant: the finish sorts first.
        t.called_at = t.serving_since = f.at
        # An act that calls and finishes at one instant what it issued itself comes from paper, which has no such times.
        t.untimed = t.issue_act == _act(entry)
        t.unmeasured = t.unmeasured or t.untimed
        for key, _, _ in t.pending:
            if floor.anomalies.get(key) == "impossible":
                del floor.anomalies[key]
        t.pending = [(key, None, lane) for key, other, lane in t.pending if other == "impossible"]
        return
    problem: str | None = None
    if terminal.ticket is not None:
        problem = "busy_terminal"
        before = floor.tickets[terminal.ticket]
        before.assumed_end, before.lane_at_end = True, floor.lane_of(before)
        _end(floor, before, "finished", f.at, "incomplete")
    if terminal.failed or terminal.paused:
        problem = problem or "impossible"
    elif floor.staffing_known and terminal.staff is None:
        problem = problem or "unstaffed"
    if t is None:
        t = floor.tickets[f.ticket] = Ticket(f.ticket, None, "serving", first_seen_at=f.at)
        t.pending.append((entry.key, problem, terminal.lane))
        _debit(floor, terminal.lane, t, f.at)
        problem = "unknown_ticket"
    elif t.state == "waiting":
        _unwait(floor, t)
        t.unmeasured = t.issue_act == _act(entry) and t.issued_at == f.at
    elif t.state == "serving":
        problem = "impossible"
        if t.terminal:
            _free(floor.terminals[t.terminal], f.at)
    elif t.left_by_count:
        # The head count took this one for gone; somebody else is, so the number waiting still falls by one.
        t.left_by_count = False
        _persons(floor, +1)
        _debit(floor, floor.lane_of(t), t, f.at)
        t.debited_lane = None
    else:
        problem = "impossible"
        _persons(floor, +1)
    if problem is None and t.service is not None and floor.lane_of(t) != terminal.lane:
        problem = "other_lane"
    if problem is not None:
        floor.odd(entry, problem)
    t.state, t.terminal, t.serving_since = "serving", f.terminal, f.at
    t.called_at = t.called_at or f.at
    t.ended_at, t.assumed_end = None, False
    terminal.ticket = t.number
    if not terminal.failed:
        terminal.since = f.at  # of this ticket; a failure goes on from its own beginning


def _finished(floor: Floor, entry: Entry, f: ev.TicketFinished) -> None:
    t = floor.tickets.get(f.ticket)
    if t is None:
        t = floor.tickets[f.ticket] = Ticket(f.ticket, None, "serving", first_seen_at=f.at)
        t.terminal = f.terminal
        t.pending.append((entry.key, "impossible", floor.terminals[f.terminal].lane))
        floor.odd(entry, "unknown_ticket")
    elif t.state == "finished" and not t.assumed_end:
        floor.odd(entry, "impossible")
        return
    elif t.state != "serving" or t.terminal != f.terminal:
        floor.odd(entry, "impossible")
        if t.state == "waiting":
            t.pending.append((entry.key, None, ""))
    t.lane_at_end = floor.lane_of(t)
    t.assumed_end = False
    for item, n in f.work.items():
        t.work[item] = t.work.get(item, 0) + n
    _end(floor, t, "finished", f.at, f.outcome)
    t.terminal = t.terminal or f.terminal


def _known(floor: Floor, entry: Entry, number: str) -> Ticket | None:
    t = floor.tickets.get(number)
    if t is None:
        floor.odd(entry, "unknown_ticket")
    return t


def _no_show(floor: Floor, entry: Entry, f: ev.TicketNoShow) -> None:
    t = _known(floor, entry, f.ticket)
    if t is None:
        return
    if t.state in ENDED:
        floor.odd(entry, "impossible")
        return
    t.lane_at_end = floor.lane_of(t)
    _end(floor, t, "no_show", f.at)


def _left(floor: Floor, entry: Entry, f: ev.TicketLeft) -> None:
    t = _known(floor, entry, f.ticket)
    if t is None:
        return
    if t.state in ENDED:
        if not t.left_by_count:
            floor.odd(entry, "impossible")
        t.left_by_count = False
        return
    if t.state == "serving":
        floor.odd(entry, "impossible")
    t.lane_at_end = floor.lane_of(t)
    _end(floor, t, "left", f.at)


def _requeued(floor: Floor, entry: Entry, f: ev.TicketRequeued) -> None:
    t = _known(floor, entry, f.ticket)
    if t is None:
        return
    if t.state == "waiting":
        floor.odd(entry, "impossible")
        return
    if t.state == "finished":
        floor.odd(entry, "impossible")
    if t.service is None:
        return
    if t.state == "serving":
        if t.terminal:
            _free(floor.terminals[t.terminal], f.at)
    else:
        _persons(floor, +1)
    t.ended_at = t.lane_at_end = t.terminal = None
    t.issued_at = t.issued_at or t.first_seen_at
    t.outcome = t.outcome if t.outcome == "done" else None
    t.left_by_count = False
    _wait(floor, t)


def _transferred(floor: Floor, entry: Entry, f: ev.TicketTransferred) -> None:
    t = _known(floor, entry, f.ticket)
    if t is None:
        return
    if t.state in ENDED:
        floor.odd(entry, "impossible")
        return
    if t.state == "waiting":
        _unwait(floor, t)
        t.service = f.service
        _wait(floor, t)
    else:
        t.service = f.service


def _queue_counted(floor: Floor, entry: Entry, f: ev.QueueCounted) -> None:
    q = floor.lanes[f.lane]
    q.counted_at = f.at
    for t in q.debited:
        if t.debited_lane == f.lane:
            t.debited_lane = None  # this count knows better than the calls before it
    q.debited.clear()
    while len(q.tickets) > f.waiting:
        t = q.oldest()
        t.lane_at_end = f.lane
        _end(floor, t, "left", f.at)
        t.left_by_count = True
    q.uncounted = f.waiting - len(q.tickets)


def _act(entry: Entry) -> str:
    """The act of the console that a fact belongs to: its id without the number within the act; '' for feeds."""
    return act_of(entry.fact.id) if entry.source == "console" else entry.source + entry.fact.id


EVOLVE: dict[str, Callable[[Floor, Entry, Any], None]] = {
    "ticket.issued": _issued,
    "ticket.called": _called,
    "ticket.finished": _finished,
    "ticket.no_show": _no_show,
    "ticket.left": _left,
    "ticket.requeued": _requeued,
    "ticket.transferred": _transferred,
    "queue.counted": _queue_counted,
}
