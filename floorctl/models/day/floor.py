"""The Floor: one business day of the hall, folded from its facts in their order.

``commands/fold.py`` builds it; the steps never refuse: a fact that does not fit is kept as an anomaly and takes effect as
far as it can. Mutable inside the fold, read-only for everyone else.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heappop, heappush
from typing import NamedTuple

from floorctl.common.clock import business_day
from floorctl.models.day.advice_answers import Answer
from floorctl.models.day.editions import DayEdition, Filed, day_editions
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.memo import Memo, MemoKey
from floorctl.models.day.staff import Handover, StaffChange, StaffState, Vacancy
from floorctl.models.day.terminal import Loan, Move, TerminalState
from floorctl.models.day.ticket import Carried, Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.breaks import PlannedBreak
from floorctl.models.facts.entry import Entry
from floorctl.models.site.site import Site

_ISSUING = ("day.closed", "day.reopened")
_AFTER_NUMBERS = "\U0010ffff"  # a count of the instant of an issue: it has found that number, too


Span = tuple[datetime, datetime | None]  # since, until; None: it lasts


class Stopped(NamedTuple):
    """Stop of a service's reception: since when, why, and who decided it ("" where that was not recorded)."""

    at: datetime
    reason: str = ""
    decided_by: str = ""


class Heads(NamedTuple):
    """Persons without a number who wait since ``since`` at the latest: the head count that first found them."""

    since: datetime
    n: int


@dataclass(slots=True, eq=False, repr=False)
class LaneQueue:
    """Queue of a lane: waiting tickets, and persons known by a head count alone."""

    code: str
    tickets: dict[str, Ticket] = field(default_factory=dict)
    uncounted: int = 0  # persons without a ticket
    heads: list[Heads] = field(default_factory=list)  # these persons, the longest known first
    counted_at: datetime | None = None
    history: list[tuple[datetime, int]] = field(default_factory=list)  # (instant, waiting) at every change
    debited: list[Ticket] = field(default_factory=list)  # tickets that may still have a debit from this lane
    came_by: dict[str, list[datetime]] = field(default_factory=dict)  # source: its issues and head counts, in order
    issued: int = 0  # numbers, as they arrived
    issued_at: datetime | None = None  # the last of them
    issued_by: set[str] = field(default_factory=set)  # their sources
    unarrived_at: datetime | None = None  # the last number that was issued as it was called
    called_at: datetime | None = None  # the last call
    called_by: set[str] = field(default_factory=set)  # sources of its calls
    told_at: datetime | None = None  # the last call that said which terminal is now busy
    untold_at: datetime | None = None  # the last one that did not
    _ages: list[tuple[datetime, str]] = field(
        default_factory=list
    )  # a heap of all that ever waited here, by their issue

    @property
    def waiting(self) -> int:
        return len(self.tickets) + self.uncounted

    def take_head(self) -> datetime:
        """Take the longest known person without a number off; return since when they were known."""
        since = self.heads[0].since
        self._drop_heads(1)
        return since

    def return_head(self, since: datetime) -> None:
        """Add a person without a number, known since ``since``."""
        insort(self.heads, Heads(since, 1))
        self.uncounted += 1

    def count_heads(self, n: int, at: datetime, gone: int) -> None:
        """Set the persons without a number to ``n``: of those known, ``gone`` may have left unseen, the first ones first."""
        self._drop_heads(self.uncounted - max(0, min(n, self.uncounted - gone)))
        if n > self.uncounted:
            self.heads.append(Heads(at, n - self.uncounted))
        self.uncounted = n

    def _drop_heads(self, n: int) -> None:
        self.uncounted -= n
        while n:
            since, there = self.heads.pop(0)
            if there > n:
                self.heads.insert(0, Heads(since, there - n))
            n -= min(n, there)

    def add(self, t: Ticket) -> None:
        """Add a waiting ticket."""
        self.tickets[t.number] = t
        assert t.issued_at is not None
        heappush(self._ages, (t.issued_at, t.number))

    def oldest(self) -> Ticket:
        """Return the waiting ticket that was issued first; one must wait."""
        while True:
            issued_at, number = self._ages[0]
            t = self.tickets.get(number)
            if t is not None and t.issued_at == issued_at:
                return t
            heappop(self._ages)


class Floor:
    """State of one day, derived from its facts and the site."""

    def __init__(self, site: Site, day: date, carried: Mapping[str, Carried] | None = None) -> None:
        self.site, self.day = site, day
        self.carried = carried or {}  # numbers of the day before that may be met today without an issue
        self.opened_at: datetime | None = None  # day.opened, or the first fact
        self.opened_by_fact = False
        self.closed_at: datetime | None = None  # the end of the reception, by whomever
        self.report_closed_at: datetime | None = None  # the day's report was closed by the contractor
        self.totals: dict[str, ev.TotalRead] = {}  # work item: what a terminal or a register says
        self.report: dict[str, ev.ReportWritten] = {}  # head of the daily report: what it says
        self.last_fact_at: datetime | None = None
        self.tickets: dict[str, Ticket] = {}  # by number; of one issued again the earlier ones: ``set_aside``
        self.mistaken: list[str] = []  # numbers issued by mistake, which nobody held
        self.taken_out: dict[
            str, Ticket
        ] = {}  # their last tickets: one that is called or returned all the same was held
        self.last_ended: tuple[str, datetime, Ticket] | None = (
            None  # act of the last finish, its instant, whom it ended
        )
        # By number: an absence that fitted nothing; a call of the same instant came before it.
        self.absences: dict[str, tuple[datetime, tuple[str, str]]] = {}
        self.reissues: dict[str, Entry] = {}  # by number: an issue before its end, which may be of the same instant
        self.ended_at_close: list[tuple[Ticket, str | None]] = []  # by the rule of their source, with their terminals
        self.terminals = {t.code: TerminalState(t.code, t.lane) for t in site.terminals}
        self.lanes = {lane.code: LaneQueue(lane.code) for lane in site.lanes}
        self.escalations: dict[str, Escalation] = {}
        self.cases_of: dict[str, list[Escalation]] = {}  # by the number of their visitor
        self.officials = 0
        self.officials_history: list[tuple[datetime, int]] = []
        self.staff: dict[str, StaffState] = {}
        self.presence: dict[str, list[StaffState]] = {}  # every state of each person, in its order
        self.manned: set[str] = set()  # lanes to which somebody has been assigned
        self.last_lane: dict[str, str] = {}  # the lane of the terminal where a person last stood
        self.staff_changes: list[StaffChange] = []
        self.posts: dict[str, str] = {}  # who guides visitors, and where
        self.placed: dict[str, tuple[datetime, str]] = {}  # the last terminal or post of each person, and since when
        self.left_place: dict[str, datetime] = {}  # when each person last left one
        self.posts_plan: dict[str, dict[str, str | None]] = {}  # "HH:MM": who changes place then, and where to
        self.planned_breaks: dict[str, PlannedBreak] = {}  # by person
        self.charges: dict[str, str | None] = {}  # charge: whom it was given to
        self.handovers: list[Handover] = []
        self.vacancies: list[Vacancy] = []
        self.checked: dict[str, datetime] = {}  # items of the checklists that are done
        self.accommodations: Counter[str] = Counter()
        self.referrals: Counter[str] = Counter()  # to other desks, by desk
        self.custody_taken = self.custody_returned = 0  # cards, during an outage
        self.stopped: dict[str, Stopped] = {}  # services whose reception is stopped
        self.inquiries: Counter[str] = Counter()
        self.inquiry_log: list[tuple[datetime, str, int]] = []
        self.work: Counter[str] = Counter()
        self.visitors: int | None = None
        self.crowd: list[tuple[datetime, int]] = []  # (instant, persons on the chairs) at every change
        self.moves: list[Move] = []  # changes of the allocation; a loan is none
        self.loans: list[Loan] = []
        self.lent_at_close: list[tuple[TerminalState, Loan]] = []  # as they were when the day closed
        self.lend_permit: frozenset[str] = frozenset()  # terminals that may be lent today without asking
        self.answers: list[Answer] = []  # to the advice of the day
        self.paper_acts: set[tuple[str, str]] = set()  # (source, act) of what was typed from paper
        self.memos: dict[MemoKey, Memo] = {}
        self.settled_before: dict[
            MemoKey, datetime
        ] = {}  # memos of an earlier day that were done on this one, and when
        self.moved_before: dict[MemoKey, ev.MemoMoved] = {}  # moves of memos that are not known yet
        self.anomalies: dict[tuple[str, str], str] = {}
        self.unknown: dict[str, datetime] = {}  # numbers that were told of before any issue, or without one
        self.sources: dict[str, datetime] = {}
        self.reopened = 0
        self.staffing_known = False
        self.entries: list[Entry] = []  # all facts of the day in their order, retracted ones included
        self.retracted: dict[tuple[str, str], Entry] = {}  # fact taken back: the retraction
        self.taken_back: dict[tuple[str, str], Entry] = {}  # retraction: the fact that it took back
        self.after_close: list[Entry] = []
        self.prepared = True

    # ---- reading -------------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Return whether the day was opened, or a first fact seen, and not closed."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def waiting(self) -> int:
        return sum(q.waiting for q in self.lanes.values())

    @property
    def persons(self) -> int:
        """Return the persons on the chairs: the last count and later arrivals and departures, else all who wait."""
        return self.waiting if self.visitors is None else max(0, self.visitors)

    def editions(self) -> list[DayEdition]:
        """Return the editions of the day's report by the facts that end them."""
        first = min((e.seq for e in self.entries if e.kind in _ISSUING), default=None)
        if first is None:
            return []
        back = {e.seq for e in self.retracted.values()}
        return day_editions(
            Filed(e.seq, e.source, e.kind, e.fact.at, business_day(e.recorded_at), e.seq in back)
            for e in self.entries
            if e.seq >= first and (e.kind != "day.reopened" or not (e.key in self.retracted or e.key in self.anomalies))
        )

    @property
    def revision(self) -> int:
        """Return the edition of the day's report: 1, plus one for each reopening and for facts after a close.

        Those are late facts, retractions, and what the report shows up to the end of the day; those recorded on one day
        together.
        """
        return max(1, len(self.editions()))

    def lane_of(self, ticket: Ticket) -> str:
        """Return the lane of a ticket's service; of an unknown service, the lane of the terminal that called it."""
        if ticket.service is not None:
            return self.site.service_by_code[ticket.service].lane
        if ticket.lane_at_end is not None:
            return ticket.lane_at_end
        return self.terminals[ticket.terminal].lane if ticket.terminal else self.site.lanes[0].code

    def counted_lane(self, ticket: Ticket) -> str:
        """Return the lane in whose totals a ticket counts: where it ended, else that of its service."""
        return ticket.lane_at_end or self.lane_of(ticket)

    def terminals_of(self, lane: str) -> list[TerminalState]:
        """Return the terminals that serve ``lane`` now, in the site's order."""
        return [t for t in self.terminals.values() if t.lane == lane]

    def state(self, terminal: str) -> str:
        return self.terminals[terminal].state(self.staffing_known)

    def works(self, terminal: str) -> bool:
        """Return whether a terminal serves somebody, or is ready to."""
        return self.state(terminal) in ("free", "serving")

    def open_escalations(self) -> list[Escalation]:
        """Return the cases that the city has not settled, oldest first."""
        found = [e for e in self.escalations.values() if e.state != "settled" and e.raised_at is not None]
        return sorted(found, key=lambda e: (e.raised_at, e.code))

    def undecided(self, number: str) -> list[Escalation]:
        """Return the cases of a visitor that only the city may decide and has not (仕様書 7(2)), oldest first."""
        t, matters = self.tickets.get(number), self.site.matter_by_code
        nth, called = (t.nth, t.called_at) if t is not None else (1, None)
        return [
            e
            for e in self.cases_of.get(number, ())
            if e.state != "settled"
            and (e.matter in matters and matters[e.matter].reserved)
            # of this ticket, not of an earlier one of its number
            and (e.nth == nth or (called is not None and e.raised_at is not None and e.raised_at >= called))
        ]

    def refused(self, number: str) -> bool:
        """Return whether the city has refused a visitor's case, or sent it to its own desk: nobody is done by habit then."""
        return any(e.outcome in ("declined", "desk3") for e in self.cases_of.get(number, ()))

    def moment(self, now: datetime) -> datetime:
        """Return the instant up to which an age runs: now, or the close."""
        return now if self.closed_at is None else min(now, self.closed_at)

    def at_city(self, terminal: str) -> Escalation | None:
        """Return the open case that a terminal's present customer waits for, if any."""
        served = self.terminals[terminal].ticket
        here = (served, self.tickets[served].nth) if served is not None else None
        for e in self.open_escalations():
            if (e.customer, e.nth) == here if e.customer is not None else e.terminal == terminal:
                return e
        return None

    def next_ticket(self, lane: str, now: datetime) -> Ticket | None:
        """Return the next ticket to call; nobody is bound to a terminal before."""
        return min(self.lanes[lane].tickets.values(), key=lambda t: self.turn(t, now), default=None)

    def in_turn(self, lane: str, now: datetime, held: Iterable[Ticket]) -> list[Ticket | Heads]:
        """Return ``held`` tickets of a lane and those counted there in the order of calling.

        A head count stands where walk-ins of its time do.
        """
        keyed: list[tuple[tuple[int, datetime, str], Ticket | Heads]] = [(self.turn(t, now), t) for t in held]
        keyed += [((1, h.since, _AFTER_NUMBERS), h) for h in self.lanes[lane].heads]
        return [x for _, x in sorted(keyed, key=lambda pair: pair[0])]

    def head_is_next(self, lane: str, now: datetime) -> bool:
        """Return whether the next person to call is one without a number."""
        heads, t = self.lanes[lane].heads, self.next_ticket(lane, now)
        return bool(heads) and (t is None or self.turn(t, now) > (1, heads[0].since, _AFTER_NUMBERS))

    def turn(self, t: Ticket, now: datetime) -> tuple[int, datetime, str]:
        """Return the key of the order of calling: due appointments, walk-ins as they came, appointments still ahead.

        An appointment later than the threshold of the site counts as a walk-in.
        """
        start = t.wait_from or now
        if t.due_at is None or t.issued_at is None:
            return (1, start, t.number)
        if t.due_at > now:
            return (2, t.due_at, t.number)
        late = (t.issued_at - t.due_at).total_seconds() > self.site.thresholds.appointment_late_s
        return (1 if late else 0, start, t.number)

    def holder(self, charge: str = "site_manager") -> str | None:
        """Return who holds a charge and is at work; None if nobody does, or nobody was named."""
        staff = self.charges.get(charge)
        state = self.staff.get(staff) if staff else None
        return staff if state is None or state.at_work else None

    def charge_log(self, charge: str = "site_manager") -> list[Handover]:
        """Return who has held a charge today, and since when, in order."""
        return [h for h in self.handovers if h.charge == charge]

    def open_vacancy(self, staff: str) -> Vacancy | None:
        return next((v for v in self.vacancies if v.staff == staff and v.closed_at is None), None)

    def set_staff(self, state: StaffState) -> None:
        """Set a person's present state, and keep it among those of the day."""
        self.staff[state.code] = state
        self.presence.setdefault(state.code, []).append(state)

    @property
    def preparing(self) -> bool:
        """Return whether only presence and preparations are recorded: the doors are not open."""
        return not self.opened_by_fact and self.closed_at is None and self.prepared

    def work_done(self) -> Counter[str]:
        """Return the work items of finished tickets and of hand tallies, summed (contract 5)."""
        total = Counter(self.work)
        for t in self.tickets.values():
            if t.state == "finished" or t.outcome:
                total.update(t.work)
        return total

    # ---- folding -------------------------------------------------------------------------------------------------

    def set_aside(self, t: Ticket) -> None:
        """Keep an ended ticket whose number is issued again; a number has no space, so nothing finds it by its number."""
        self.tickets[f"{t.number} {t.nth}"] = t

    def key_of(self, t: Ticket) -> str:
        """Return the key of a ticket in ``tickets``."""
        return t.number if self.tickets.get(t.number) is t else f"{t.number} {t.nth}"

    def mark_terminals(self, at: datetime) -> None:
        for t in self.terminals.values():
            now = t.state(self.staffing_known)
            if now != t.shown or t.since is None:
                t.shown, t.since = now, at
            if t.staff is not None:
                self.manned.add(t.lane)

    def odd(self, entry: Entry, code: str) -> None:
        self.anomalies.setdefault(entry.key, code)
        number = getattr(entry.fact, "ticket", None)
        if code == "unknown_ticket" and number is not None:
            self.unknown.setdefault(number, entry.fact.at)
