"""The Floor: one business day of the hall, folded from its facts in their order.

``Floor.apply`` is the evolve half of the decider (it never refuses: a fact that does not fit is kept as an anomaly and
takes effect as far as it can); the commands are the decide half. Build it with ``fold.fold``.
Mutable inside the fold, read-only for everyone else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import nlargest
from typing import Any

from floorctl.clock import JST
from floorctl.models import events as ev
from floorctl.models.escalation import Escalation
from floorctl.models.events import Entry
from floorctl.models.site import Site
from floorctl.models.staff import StaffChange, StaffState
from floorctl.models.terminal import Move, TerminalState
from floorctl.models.ticket import Ticket

# Clocks differ: a call or finish up to this long before its issue fits (contract §2).
CLOCK_TOLERANCE = timedelta(minutes=5)
ENDED = ("finished", "no_show", "left")


@dataclass(slots=True, eq=False)
class LaneQueue:
    """Who waits in a lane: tickets, and persons that only a head count knows."""

    code: str
    tickets: dict[str, Ticket] = field(default_factory=dict)
    uncounted: int = 0  # persons without a ticket
    counted_at: datetime | None = None
    history: list[tuple[datetime, int]] = field(default_factory=list)  # (instant, waiting) at every change

    @property
    def waiting(self) -> int:
        return len(self.tickets) + self.uncounted

    def oldest(self) -> Ticket:
        return min(self.tickets.values(), key=lambda t: (t.issued_at, t.number))


class Floor:
    """One day. Build it with ``fold``; everything here is derived from facts and the site."""

    def __init__(self, site: Site, day: date) -> None:
        self.site, self.day = site, day
        self.opened_at: datetime | None = None  # day.opened, or the first fact
        self.opened_by_fact = False
        self.closed_at: datetime | None = None
        self.last_fact_at: datetime | None = None
        self.tickets: dict[str, Ticket] = {}
        self.terminals = {t.code: TerminalState(t.code, t.lane) for t in site.terminals}
        self.lanes = {lane.code: LaneQueue(lane.code) for lane in site.lanes}
        self.escalations: dict[str, Escalation] = {}
        self.officials = 0
        self.officials_history: list[tuple[datetime, int]] = []
        self.staff: dict[str, StaffState] = {}
        self.staff_changes: list[StaffChange] = []
        self.stopped: dict[str, tuple[datetime, str]] = {}
        self.inquiries: Counter[str] = Counter()
        self.inquiry_log: list[tuple[datetime, str, int]] = []
        self.work: Counter[str] = Counter()
        self.visitors: int | None = None
        self.visitors_at: datetime | None = None
        self.moves: list[Move] = []
        self.memos: list[tuple[datetime, str]] = []
        self.anomalies: dict[tuple[str, str], str] = {}
        self.sources: dict[str, datetime] = {}
        self.reopened = 0
        self.staffing_known = False
        self.entries: list[Entry] = []  # all facts of the day in their order, retracted ones included
        self.retracted: dict[tuple[str, str], Entry] = {}
        self._after_close: list[Entry] = []

    # ---- reading -------------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Opened, or a first fact of the day seen, and not closed."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def waiting(self) -> int:
        return sum(q.waiting for q in self.lanes.values())

    @property
    def persons(self) -> int:
        """People on the chairs: the last count moved by arrivals and departures since, else all who wait."""
        return self.waiting if self.visitors is None else max(0, self.visitors)

    @property
    def revision(self) -> int:
        """Edition of the day's report: 1, and one more for each reopening and where facts of the day came after the
        console's close (late ones, or ones that take back)."""
        closings = [e for e in self.entries if e.kind == "day.closed" and e.source == "console"]
        late = False
        if closings:
            closing = max(closings, key=lambda e: e.seq)
            taking_back = {e.seq for e in self.retracted.values()}
            late = any(
                e.seq > closing.seq
                and (e.seq in taking_back or (e.fact.at < closing.fact.at and not e.kind.startswith("day.")))
                for e in self.entries
            )
        return 1 + self.reopened + late

    def lane_of(self, ticket: Ticket) -> str:
        """The lane of a ticket's present service; of an unknown service, the lane of the terminal that took it."""
        if ticket.service is not None:
            return self.site.service_by_code[ticket.service].lane
        if ticket.lane_at_end is not None:
            return ticket.lane_at_end
        return self.terminals[ticket.terminal].lane if ticket.terminal else self.site.lanes[0].code

    def terminals_of(self, lane: str) -> list[TerminalState]:
        """Terminals that serve ``lane`` now, in the site's order."""
        return [t for t in self.terminals.values() if t.lane == lane]

    def state(self, terminal: str) -> str:
        return self.terminals[terminal].state(self.staffing_known)

    def open_escalations(self) -> list[Escalation]:
        """Cases that the city has not settled, oldest first."""
        found = [e for e in self.escalations.values() if e.state != "settled" and e.raised_at is not None]
        return sorted(found, key=lambda e: (e.raised_at, e.code))

    def at_city(self, terminal: str) -> Escalation | None:
        """The open case that a terminal's present customer waits for, if any."""
        t = self.terminals[terminal]
        for e in self.open_escalations():
            if (e.terminal == terminal and (e.ticket is None or e.ticket == t.ticket)) or (
                t.ticket is not None and e.ticket == t.ticket
            ):
                return e
        return None

    def next_ticket(self, lane: str, now: datetime) -> Ticket | None:
        """Who is called next: due appointments and walk-ins by the start of their wait, then early appointments."""
        queue = self.lanes[lane].tickets.values()
        return min(queue, key=lambda t: (bool(t.due_at and t.due_at > now), t.wait_from, t.number), default=None)

    def overtaken(self, lane: str) -> list[Ticket]:
        """Tickets still waiting though the site's number of later ones was called: their call may be lost."""
        k = self.site.thresholds.overtaken
        later = nlargest(
            k,
            (
                t.issued_at
                for t in self.tickets.values()
                if t.called_at and t.issued_at and t.due_at is None and t.service and self.lane_of(t) == lane
            ),
        )
        if len(later) < k:
            return []
        waiting = self.lanes[lane].tickets.values()
        return [t for t in waiting if t.issued_at and t.due_at is None and t.issued_at < later[-1]]

    def work_done(self) -> Counter[str]:
        """Work items of finished tickets and hand tallies together (contract §5)."""
        total = Counter(self.work)
        for t in self.tickets.values():
            if t.state == "finished" or t.outcome:
                total.update(t.work)
        return total

    # ---- folding -------------------------------------------------------------------------------------------------

    def apply(self, entry: Entry) -> None:
        """Takes in one fact; facts must come in their order (``events.order``), retracted ones left out."""
        self.entries.append(entry)
        at = entry.fact.at
        self.last_fact_at = at if self.last_fact_at is None else max(self.last_fact_at, at)
        if entry.source not in self.sources or at > self.sources[entry.source]:
            self.sources[entry.source] = at
        if entry.kind in ev.REGISTER_KINDS or entry.kind == "retracted":
            return
        if self.closed_at is not None and entry.kind != "day.reopened":
            self._after_close.append(entry)
            return
        self._evolve(entry)

    def _evolve(self, entry: Entry) -> None:
        at = entry.fact.at
        if self.opened_at is None and entry.kind not in ("day.closed", "memo.written"):
            self.opened_at = at
            self._mark_terminals(at)
        _EVOLVE[entry.kind](self, entry, entry.fact)
        if entry.kind.startswith(("ticket.", "terminal.")):
            self._mark_terminals(at)
        for q in self.lanes.values():
            n = q.waiting
            if not q.history or q.history[-1][1] != n:
                q.history.append((at, n))

    def _mark_terminals(self, at: datetime) -> None:
        for t in self.terminals.values():
            now = t.state(self.staffing_known)
            if now != t.shown or t.since is None:
                t.shown, t.since = now, at

    def _odd(self, entry: Entry, code: str) -> None:
        self.anomalies.setdefault(entry.key, code)

    # -- the day

    def _day_opened(self, entry: Entry, f: ev.DayOpened) -> None:
        if self.opened_by_fact:
            self._odd(entry, "impossible")
        elif self.opened_at is None or f.at > self.opened_at:
            self.opened_at = f.at
        self.opened_by_fact = True
        for code, lane in f.allocation.items():
            t = self.terminals[code]
            if lane not in self.site.terminal_by_code[code].lanes:
                self._odd(entry, "impossible")
            elif t.ticket is None:
                t.lane, t.next_lane = lane, None
            else:
                t.next_lane = lane if lane != t.lane else None
        self._set_officials(f.at, f.officials)

    def _day_closed(self, entry: Entry, f: ev.DayClosed) -> None:
        self.closed_at = f.at

    def _day_reopened(self, entry: Entry, f: ev.DayReopened) -> None:
        if self.closed_at is None:
            self._odd(entry, "impossible")
            return
        # What happened while the day was closed by mistake counts again, as if it had never been closed.
        self.closed_at, held = None, self._after_close
        self._after_close = []
        self.reopened += 1
        for e in held:
            if e.kind == "day.closed":
                continue  # closed twice, reopened once: open
            self._evolve(e) if self.closed_at is None else self._after_close.append(e)

    # -- tickets

    def _wait(self, t: Ticket) -> None:
        t.state = "waiting"
        self.lanes[self.lane_of(t)].tickets[t.number] = t

    def _unwait(self, t: Ticket) -> None:
        self.lanes[self.lane_of(t)].tickets.pop(t.number, None)

    def _persons(self, delta: int) -> None:
        if self.visitors is not None:
            self.visitors = max(0, self.visitors + delta)

    def _end(self, t: Ticket, state: str, at: datetime, outcome: str | None = None) -> None:
        """Ends a ticket and frees its terminal; a move that waited for this takes effect."""
        if t.state == "waiting":
            self._unwait(t)
        if t.state not in ENDED:
            self._persons(-1)
        if t.terminal and self.terminals[t.terminal].ticket == t.number:
            self._free(self.terminals[t.terminal], at)
        t.state, t.ended_at = state, at
        if outcome is not None and not (t.outcome == "done" and outcome == "incomplete"):
            t.outcome = outcome  # what was done stays done, even where the number was called once more

    def _free(self, terminal: TerminalState, at: datetime) -> None:
        terminal.ticket = None
        if terminal.next_lane is not None:
            terminal.lane, terminal.next_lane = terminal.next_lane, None
            terminal.moved_at = at

    def _issued(self, entry: Entry, f: ev.TicketIssued) -> None:
        t = self.tickets.get(f.ticket)
        if t is not None and t.issued_at is not None:
            self._odd(entry, "repeated_ticket")
            return
        if t is None:
            t = self.tickets[f.ticket] = Ticket(f.ticket, f.service, "waiting")
            self._describe(t, f)
            t.issue_act = _act(entry)
            self._wait(t)
            self._persons(+1)
            return
        # Named before its issue. Whatever the clocks say, it has been called: it never waits (for ever).
        self._describe(t, f)
        t.service = f.service
        lane = self.lane_of(t)
        in_time = t.first_seen_at is not None and f.at - t.first_seen_at <= CLOCK_TOLERANCE
        for key, other, terminal_lane in t.pending:
            if in_time and self.anomalies.get(key) == "unknown_ticket":
                del self.anomalies[key]
                code = other or ("other_lane" if terminal_lane != lane else None)
                if code:
                    self.anomalies[key] = code
        t.pending.clear()
        if t.state in ENDED:
            t.lane_at_end = lane
        else:
            self._persons(+1)
        if t.debited_lane is not None:
            # Its call was taken from the head count, its issue adds to it: count + issues - calls (contract §2).
            self.lanes[t.debited_lane].uncounted += 1
            t.debited_lane = None

    def _describe(self, t: Ticket, f: ev.TicketIssued) -> None:
        t.issued_at, t.cards, t.assist, t.appointment = f.at, f.cards, f.assist, f.appointment
        if f.appointment is not None:
            t.due_at = datetime.combine(self.day, time.fromisoformat(f.appointment), JST)

    def _debit(self, lane: str, t: Ticket, at: datetime) -> None:
        """A call of somebody whom the queue does not know: the head count of the lane falls by one all the same."""
        q = self.lanes[lane]
        if q.counted_at is None:
            return
        if q.uncounted:
            q.uncounted -= 1
        elif q.tickets:
            gone = q.oldest()
            gone.lane_at_end = lane
            self._end(gone, "left", at)
            gone.left_by_count = True
        else:
            return
        t.debited_lane = lane

    def _called(self, entry: Entry, f: ev.TicketCalled) -> None:
        terminal = self.terminals[f.terminal]
        t = self.tickets.get(f.ticket)
        if t is not None and t.state == "serving" and t.terminal == f.terminal:
            self._odd(entry, "impossible")
            return
        if t is not None and t.state == "finished" and t.called_at is None and t.ended_at == f.at:
            # Called and finished in the same instant: the finish sorts first.
            t.called_at = t.serving_since = f.at
            for key, _, _ in t.pending:
                if self.anomalies.get(key) == "impossible":
                    del self.anomalies[key]
            t.pending = [(key, None, lane) for key, other, lane in t.pending if other == "impossible"]
            return
        problem: str | None = None
        if terminal.ticket is not None:
            problem = "busy_terminal"
            before = self.tickets[terminal.ticket]
            before.assumed_end, before.lane_at_end = True, self.lane_of(before)
            self._end(before, "finished", f.at, "incomplete")
        if terminal.failed or terminal.paused:
            problem = problem or "impossible"
        elif self.staffing_known and terminal.staff is None:
            problem = problem or "unstaffed"
        if t is None:
            t = self.tickets[f.ticket] = Ticket(f.ticket, None, "serving", first_seen_at=f.at)
            t.pending.append((entry.key, problem, terminal.lane))
            self._debit(terminal.lane, t, f.at)
            problem = "unknown_ticket"
        elif t.state == "waiting":
            self._unwait(t)
            t.unmeasured = t.issue_act == _act(entry)
        elif t.state == "serving":
            problem = "impossible"
            if t.terminal:
                self._free(self.terminals[t.terminal], f.at)
        elif t.left_by_count:
            # The head count took this one for gone; somebody else is, so the number waiting still falls by one.
            t.left_by_count = False
            self._persons(+1)
            self._debit(self.lane_of(t), t, f.at)
            t.debited_lane = None
        else:
            problem = "impossible"
            self._persons(+1)
        if problem is None and t.service is not None and self.lane_of(t) != terminal.lane:
            problem = "other_lane"
        if problem is not None:
            self._odd(entry, problem)
        t.state, t.terminal, t.serving_since = "serving", f.terminal, f.at
        t.called_at = t.called_at or f.at
        t.ended_at, t.assumed_end = None, False
        terminal.ticket = t.number
        if not terminal.failed:
            terminal.since = f.at  # of this ticket; a failure goes on from its own beginning

    def _finished(self, entry: Entry, f: ev.TicketFinished) -> None:
        t = self.tickets.get(f.ticket)
        if t is None:
            t = self.tickets[f.ticket] = Ticket(f.ticket, None, "serving", first_seen_at=f.at)
            t.terminal = f.terminal
            t.pending.append((entry.key, "impossible", self.terminals[f.terminal].lane))
            self._odd(entry, "unknown_ticket")
        elif t.state == "finished" and not t.assumed_end:
            self._odd(entry, "impossible")
            return
        elif t.state != "serving" or t.terminal != f.terminal:
            self._odd(entry, "impossible")
            if t.state == "waiting":
                t.pending.append((entry.key, None, ""))
        t.lane_at_end = self.lane_of(t)
        t.assumed_end = False
        for item, n in f.work.items():
            t.work[item] = t.work.get(item, 0) + n
        self._end(t, "finished", f.at, f.outcome)
        t.terminal = t.terminal or f.terminal

    def _known(self, entry: Entry, number: str) -> Ticket | None:
        t = self.tickets.get(number)
        if t is None:
            self._odd(entry, "unknown_ticket")
        return t

    def _no_show(self, entry: Entry, f: ev.TicketNoShow) -> None:
        t = self._known(entry, f.ticket)
        if t is None:
            return
        if t.state in ENDED:
            self._odd(entry, "impossible")
            return
        t.lane_at_end = self.lane_of(t)
        self._end(t, "no_show", f.at)

    def _left(self, entry: Entry, f: ev.TicketLeft) -> None:
        t = self._known(entry, f.ticket)
        if t is None:
            return
        if t.state in ENDED:
            if not t.left_by_count:
                self._odd(entry, "impossible")
            t.left_by_count = False
            return
        if t.state == "serving":
            self._odd(entry, "impossible")
        t.lane_at_end = self.lane_of(t)
        self._end(t, "left", f.at)

    def _requeued(self, entry: Entry, f: ev.TicketRequeued) -> None:
        t = self._known(entry, f.ticket)
        if t is None:
            return
        if t.state == "waiting":
            self._odd(entry, "impossible")
            return
        if t.state == "finished":
            self._odd(entry, "impossible")
        if t.service is None:
            return
        if t.state == "serving":
            if t.terminal:
                self._free(self.terminals[t.terminal], f.at)
        else:
            self._persons(+1)
        t.ended_at = t.lane_at_end = t.terminal = None
        t.issued_at = t.issued_at or t.first_seen_at
        t.outcome = t.outcome if t.outcome == "done" else None
        t.left_by_count = False
        self._wait(t)

    def _transferred(self, entry: Entry, f: ev.TicketTransferred) -> None:
        t = self._known(entry, f.ticket)
        if t is None:
            return
        if t.state in ENDED:
            self._odd(entry, "impossible")
            return
        if t.state == "waiting":
            self._unwait(t)
            t.service = f.service
            self._wait(t)
        else:
            t.service = f.service

    def _queue_counted(self, entry: Entry, f: ev.QueueCounted) -> None:
        q = self.lanes[f.lane]
        q.counted_at = f.at
        for t in self.tickets.values():
            if t.debited_lane == f.lane:
                t.debited_lane = None  # this count knows better than the calls before it
        while len(q.tickets) > f.waiting:
            t = q.oldest()
            t.lane_at_end = f.lane
            self._end(t, "left", f.at)
            t.left_by_count = True
        q.uncounted = f.waiting - len(q.tickets)

    # -- terminals

    def _assigned(self, entry: Entry, f: ev.TerminalAssigned) -> None:
        t = self.terminals[f.terminal]
        if f.lane not in self.site.terminal_by_code[f.terminal].lanes:
            self._odd(entry, "impossible")
            return
        origin = t.next_lane or t.lane
        if f.lane == origin:
            return
        self.moves.append(Move(f.at, f.terminal, origin, f.lane, f.reason))
        if f.lane == t.lane:
            t.next_lane = None
        elif t.ticket is not None:
            t.next_lane = f.lane
        else:
            t.lane, t.moved_at = f.lane, f.at

    def _staffed(self, entry: Entry, f: ev.TerminalStaffed) -> None:
        self.staffing_known = True
        self.terminals[f.terminal].staff = f.staff
        held = self.staff.get(f.staff) if f.staff else None
        if f.staff is not None and (held is None or held.status not in ("present", "late")):
            # Who stands at a terminal is there, whatever was recorded before.
            self.staff[f.staff] = StaffState(f.staff, "present", f.at)

    def _paused(self, entry: Entry, f: ev.TerminalPaused) -> None:
        t = self.terminals[f.terminal]
        if t.paused:
            self._odd(entry, "impossible")
        t.paused = True
        t.reason = f.reason if not t.failed else t.reason

    def _resumed(self, entry: Entry, f: ev.TerminalResumed) -> None:
        t = self.terminals[f.terminal]
        if not t.paused:
            self._odd(entry, "impossible")
        t.paused = False
        t.reason = t.reason if t.failed else ""

    def _failed(self, entry: Entry, f: ev.TerminalFailed) -> None:
        t = self.terminals[f.terminal]
        if t.failed:
            self._odd(entry, "impossible")
        t.failed, t.reason = True, f.fault

    def _repaired(self, entry: Entry, f: ev.TerminalRepaired) -> None:
        t = self.terminals[f.terminal]
        if not t.failed:
            self._odd(entry, "impossible")
        t.failed, t.reason = False, ""

    # -- city staff

    def _raised(self, entry: Entry, f: ev.EscalationRaised) -> None:
        if f.escalation in self.escalations:
            self._odd(entry, "repeated_escalation")
            return
        terminal = f.terminal
        if terminal is None and f.ticket in self.tickets and self.tickets[f.ticket].state == "serving":
            terminal = self.tickets[f.ticket].terminal
        self.escalations[f.escalation] = Escalation(
            f.escalation, f.matter, "raised", raised_at=f.at, terminal=terminal, ticket=f.ticket, note=f.note
        )

    def _taken(self, entry: Entry, f: ev.EscalationTaken) -> None:
        e = self.escalations.get(f.escalation)
        if e is None:
            self._odd(entry, "unknown_escalation")
        elif e.state == "raised":
            e.state, e.taken_at, e.official = "taken", f.at, f.official
        elif e.taken_at is None and e.settled_at == f.at:
            e.taken_at = f.at  # taken and settled in the same instant: the names sort the other way
        else:
            self._odd(entry, "impossible")

    def _settled(self, entry: Entry, f: ev.EscalationSettled) -> None:
        e = self.escalations.get(f.escalation)
        if e is None:
            self._odd(entry, "unknown_escalation")
        elif e.state == "settled":
            self._odd(entry, "impossible")
        else:
            e.state, e.settled_at, e.outcome = "settled", f.at, f.outcome
            e.official = f.official or e.official

    def _set_officials(self, at: datetime, present: int) -> None:
        self.officials = present
        self.officials_history.append((at, present))

    def _officials(self, entry: Entry, f: ev.OfficialsChanged) -> None:
        self._set_officials(f.at, f.present)

    # -- the rest

    def _stopped(self, entry: Entry, f: ev.ReceptionStopped) -> None:
        if f.service in self.stopped:
            self._odd(entry, "impossible")
        self.stopped.setdefault(f.service, (f.at, f.reason))

    def _reception_resumed(self, entry: Entry, f: ev.ReceptionResumed) -> None:
        if self.stopped.pop(f.service, None) is None:
            self._odd(entry, "impossible")

    def _staff_changed(self, entry: Entry, f: ev.StaffChanged) -> None:
        self.staff[f.staff] = StaffState(f.staff, f.status, f.at, f.reason, f.until)
        self.staff_changes.append(StaffChange(f.staff, f.status, f.at, f.reason, f.until))

    def _inquiry(self, entry: Entry, f: ev.InquiryCounted) -> None:
        self.inquiries[f.topic] += f.count
        self.inquiry_log.append((f.at, f.topic, f.count))

    def _work(self, entry: Entry, f: ev.WorkCounted) -> None:
        self.work[f.item] += f.count

    def _visitors(self, entry: Entry, f: ev.VisitorsCounted) -> None:
        self.visitors, self.visitors_at = f.persons, f.at

    def _memo(self, entry: Entry, f: ev.MemoWritten) -> None:
        self.memos.append((f.at, f.text))


_EVOLVE: dict[str, Callable[[Floor, Entry, Any], None]] = {
    "day.opened": Floor._day_opened,
    "day.closed": Floor._day_closed,
    "day.reopened": Floor._day_reopened,
    "ticket.issued": Floor._issued,
    "ticket.called": Floor._called,
    "ticket.finished": Floor._finished,
    "ticket.no_show": Floor._no_show,
    "ticket.left": Floor._left,
    "ticket.requeued": Floor._requeued,
    "ticket.transferred": Floor._transferred,
    "queue.counted": Floor._queue_counted,
    "terminal.assigned": Floor._assigned,
    "terminal.staffed": Floor._staffed,
    "terminal.paused": Floor._paused,
    "terminal.resumed": Floor._resumed,
    "terminal.failed": Floor._failed,
    "terminal.repaired": Floor._repaired,
    "escalation.raised": Floor._raised,
    "escalation.taken": Floor._taken,
    "escalation.settled": Floor._settled,
    "officials.changed": Floor._officials,
    "reception.stopped": Floor._stopped,
    "reception.resumed": Floor._reception_resumed,
    "staff.changed": Floor._staff_changed,
    "inquiry.counted": Floor._inquiry,
    "work.counted": Floor._work,
    "visitors.counted": Floor._visitors,
    "memo.written": Floor._memo,
}


def _act(entry: Entry) -> str:
    """The act of the console that a fact belongs to: its id without the number within the act; '' for feeds."""
    return entry.fact.id.rpartition(".")[0] if entry.source == "console" else entry.source + entry.fact.id
