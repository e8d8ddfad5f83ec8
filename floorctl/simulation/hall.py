"""Simulate queues, terminals, calls and services second by second (discrete events).

Methods named ``do_`` are acts of the simulated people and emit feed lines; the others change the hall silently, so that
reactions to the manager's facts share them. Times are whole seconds since midnight in Asia/Tokyo. A planned event
checks whether it is still valid when it is due.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from typing import Any, Literal

from floorctl.common.clock import JST, iso
from floorctl.models.site.site import Site
from floorctl.simulation.cases import Case, Outcome
from floorctl.simulation.hours import clock_text, window
from floorctl.simulation.visitors import Visitor

Line = dict[str, Any]
State = Literal["waiting", "serving", "no_show", "finished", "left"]
REACTION_S = 5  # from when a terminal can call to its call
GIVE_BACK_S = 60  # time to explain a halted service to the person at a desk [J]


@dataclass(eq=False)
class Person:
    """Visitor with a ticket."""

    visitor: Visitor
    ticket: str
    service: str
    lane: str
    case: Case
    issued: int
    key: tuple[int, int]
    state: State = "waiting"
    turn: int = 0  # rises with every change of state, which cancels events scheduled before
    expected: bool = True  # will appear when called
    called: int | None = None  # first call, or the end of the power cut in which it was
    ended: int | None = None
    ends_at: int | None = None
    left_s: int = 0
    open_cases: int = 0
    outcome: Outcome = "done"


@dataclass(eq=False)
class Desk:
    """Terminal, and what delays its next call."""

    code: str
    lanes: tuple[str, ...]
    lane: str
    home: str
    index: int
    next_lane: str | None = None
    lent_from: str | None = None  # its lane by the allocation while it is lent, or to be lent
    staff: str | None = None
    staffed_at: int = 0  # since when it is staffed, by whomever in turn
    paused: bool = False
    failed: bool = False
    holds: int = 0  # number of acts that wait for the desk to be empty: no further call
    ready: int = 0
    idle_since: int = 0
    summoned: bool = False
    calls: int = 0
    person: Person | None = None

    @property
    def working(self) -> bool:
        """Return whether it is staffed, not paused and not failed."""
        return self.staff is not None and not self.paused and not self.failed

    @property
    def free(self) -> bool:
        return self.working and not self.holds and self.person is None


@dataclass(eq=False)
class Hall:
    """Hall on one day. ``out`` collects the feed lines, with ids ``{prefix}-000001`` and so on."""

    site: Site
    day: date
    prefix: str
    now: int = 0
    out: list[Line] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    halted: set[str] = field(default_factory=set)  # services that cannot be provided now
    slower: dict[str, int] = field(default_factory=dict)  # additional seconds per case, by service
    unticketed: list[tuple[int, Visitor]] = field(default_factory=list)  # (since, visitor) at a dead ticket machine
    unclaimed: list[Person] = field(default_factory=list)  # numbers given by hand before anybody came for them
    turned_away: list[tuple[int, str]] = field(default_factory=list)  # (second, service): reception was stopped
    dark: bool = False  # no power: no ticket machine, no terminals
    withheld: list[Line] = field(default_factory=list)  # feed lines delayed until power returns
    held: list[tuple[Person, Desk, int, int]] = field(default_factory=list)  # suspended: turn, seconds left
    opened: bool = False
    closed: bool = False
    on_service: Callable[[Person, Desk], None] | None = None  # called when a service with trouble begins

    def __post_init__(self) -> None:
        self._heap: list[tuple[int, int, bool, Callable[[], None]]] = []
        self._planned = self._admitted = 0
        self._lines = 0
        self._issued: dict[str, int] = {}
        self._midnight = datetime.combine(self.day, time(), JST)
        self.desks = {t.code: Desk(t.code, t.lanes, t.lane, t.lane, n) for n, t in enumerate(self.site.terminals)}
        self.queues: dict[str, list[tuple[tuple[int, int], Person]]] = {x.code: [] for x in self.site.lanes}

    # --- time

    def stamp(self, at: int) -> str:
        """Return an instant of the day in the feed's notation."""
        return iso(self._midnight + timedelta(seconds=at))

    def instant(self, at: int) -> datetime:
        return self._midnight + timedelta(seconds=at)

    def second(self, at: datetime) -> int:
        """Return whole seconds since the day's midnight, rounded down."""
        return (at - self._midnight) // timedelta(seconds=1)

    def plan(self, at: int, act: Callable[[], None], *, missable: bool = False) -> None:
        """Schedule ``act`` for ``at``, at least a second ahead. ``missable``: drop it if the hall is closed then."""
        self._planned += 1
        heappush(self._heap, (max(at, self.now + 1), self._planned, missable, act))

    def plan_for(self, person: Person, at: int, act: Callable[[], None]) -> None:
        """Schedule ``act`` for ``at``, unless the person's state changes before."""
        turn = person.turn
        self.plan(at, lambda: act() if person.turn == turn else None)

    def run(self, until: int) -> None:
        """Process all events up to and including second ``until``. A closed hall does not advance."""
        while self._heap and self._heap[0][0] <= until and not self.closed:
            at, _, missable, act = heappop(self._heap)
            if missable and at < self.now:
                continue
            self.now = max(self.now, at)
            act()
        self.now = max(self.now, until)

    def emit(self, kind: str, **fields: Any) -> None:
        """Append a feed line at the present second."""
        self._lines += 1
        line = {"id": f"{self.prefix}-{self._lines:06d}", "at": self.stamp(self.now), "kind": kind, **fields}
        (self.withheld if self.dark else self.out).append(line)

    # --- tickets

    def accepting(self, service: str) -> bool:
        """Return whether tickets of ``service`` are issued now."""
        return service not in self.stopped and self.in_hours(service)

    def in_hours(self, service: str) -> bool:
        """Return whether ``service`` is within its reception hours in an open hall, stopped or not."""
        opens, closes = window(self.site, service, self.day)
        return self.opened and not self.closed and opens <= self.now < closes

    def do_arrive(self, visitor: Visitor) -> None:
        """Issue a ticket to an arriving visitor, or turn them away if reception is closed or stopped."""
        if not self.accepting(visitor.service):
            if self.in_hours(visitor.service):
                self.turned_away.append((self.now, visitor.service))
        elif self.dark:
            self.unticketed.append((self.now, visitor))
            self.hand_out()
        else:
            self.do_draw(visitor, self.now)

    def do_draw(self, visitor: Visitor, came: int) -> None:
        """Issue a ticket. ``came``: start of the visitor's wait."""
        lane = self.site.service_by_code[visitor.service].lane
        person = self.admit(visitor, self.next_number(lane), came)
        more: dict[str, Any] = {}
        if visitor.cards > 1:
            more["cards"] = visitor.cards
        if visitor.appointment is not None:
            more["appointment"] = clock_text(visitor.appointment)
        if visitor.assist:
            more["assist"] = True
        self.emit("ticket.issued", ticket=person.ticket, service=visitor.service, **more)

    def next_number(self, lane: str) -> str:
        """Return the next unused number of a lane: its letter and three digits."""
        letter = self.site.lane_by_code[lane].letter
        while True:
            self._issued[lane] = self._issued.get(lane, 0) + 1
            number = f"{letter}{self._issued[lane]:03d}"
            if number not in self.people:
                return number

    def _next_unticketed(self, service: str) -> tuple[int, Visitor] | None:
        """Remove and return the (since, visitor) who has waited longest without a ticket for ``service``, if any."""
        found = next((x for x in self.unticketed if x[1].service == service), None)
        if found is not None:
            self.unticketed.remove(found)
        return found

    def hand_out(self) -> None:
        """Give the numbers that nobody holds to those without one: of the same service, else the first who came.

        Who holds a number of another service says so later, as a visitor who wants another service does.
        """
        self.unclaimed = [p for p in self.unclaimed if p.state == "waiting"]
        while self.unclaimed and self.unticketed:
            person = self.unclaimed.pop(0)
            came, visitor = self._next_unticketed(person.service) or self.unticketed.pop(0)
            self.dequeue(person)
            person.visitor, person.case, person.issued = visitor, visitor.case, came
            person.key = (max(came, visitor.appointment or 0), person.key[1])
            self._behave(person, visitor.service if visitor.service != person.service else visitor.wants)
            self.enqueue(person)

    def admit(self, visitor: Visitor, ticket: str, came: int | None = None) -> Person:
        """Put a visitor with a ticket into the queue. ``came``: start of the wait, by default now."""
        lane = self.site.service_by_code[visitor.service].lane
        came = self.now if came is None else came
        self._admitted += 1
        key = (max(came, visitor.appointment or 0), self._admitted)
        person = Person(visitor, ticket, visitor.service, lane, visitor.case, came, key)
        self.people[ticket] = person
        self._behave(person, visitor.wants)
        self.enqueue(person)
        return person

    def _behave(self, person: Person, wants: str | None) -> None:
        """Schedule what the holder of a number does by itself: leave, or change to ``wants``."""
        visitor = person.visitor
        person.expected, person.outcome = not visitor.not_there, visitor.case.outcome
        if visitor.patience_s is not None:
            due = max(person.issued, visitor.appointment or 0)
            self.plan_for(person, due + visitor.patience_s, partial(self._do_leave, person))
        if wants is not None:
            self.plan(self.now + visitor.asked_after_s, partial(self._do_transfer, person, wants))

    def enqueue(self, person: Person) -> None:
        person.state = "waiting"
        insort(self.queues[person.lane], (person.key, person))
        self.wake(person.lane)

    def dequeue(self, person: Person) -> bool:
        """Remove a waiting person from the queue; return False if the person does not wait."""
        if person.state != "waiting":
            return False
        self.queues[person.lane].remove((person.key, person))
        return True

    def _do_leave(self, person: Person) -> None:
        if self.dequeue(person):
            person.state, person.ended = "left", self.now
            self.emit("ticket.left", ticket=person.ticket)

    def _do_transfer(self, person: Person, service: str) -> None:
        if person.state == "waiting" and person.called is None and self.accepting(service):
            self.emit("ticket.transferred", ticket=person.ticket, service=service)
            self.transfer(person, service)

    def transfer(self, person: Person, service: str) -> None:
        """Change a person's service, and so perhaps the lane; the place by time is kept."""
        waited = self.dequeue(person)
        if person.visitor.wants == service and person.visitor.wanted_case is not None:
            person.case = person.visitor.wanted_case
            person.outcome = person.case.outcome
        person.service, person.lane = service, self.site.service_by_code[service].lane
        if waited:
            self.enqueue(person)

    # --- terminals

    def wake(self, lane: str) -> None:
        """Let free terminals of a lane call, the one free longest first, as many as there are people."""
        queue = self.callable(lane)
        if not queue or self.dark:
            return
        desks = [d for d in self.desks.values() if d.lane == lane and d.free]
        missing = len(queue) - sum(d.summoned for d in desks)
        idle = [d for d in desks if not d.summoned]
        idle.sort(key=lambda d: (max(d.ready, self.now), d.idle_since, d.index))
        for desk in idle[: max(0, missing)]:
            self._summon(desk)

    def callable(self, lane: str) -> list[tuple[tuple[int, int], Person]]:
        """Return the part of a queue whose services are not halted, in order."""
        queue = self.queues[lane]
        return [x for x in queue if x[1].service not in self.halted] if self.halted else queue

    def _summon(self, desk: Desk) -> None:
        desk.summoned = True
        self.plan(max(desk.ready, self.now + REACTION_S), lambda: self._do_call(desk))

    def _do_call(self, desk: Desk) -> None:
        desk.summoned = False
        queue = self.callable(desk.lane)
        if self.dark:
            return
        if not desk.free or self.now < desk.ready or not queue:
            self.wake(desk.lane)
            return
        person = queue[0][1]
        self.emit("ticket.called", ticket=person.ticket, terminal=desk.code)
        self.seat(person, desk)

    def seat(self, person: Person, desk: Desk) -> None:
        """Start a service: the person comes to the desk, or does not appear."""
        self.dequeue(person)
        person.state, person.turn = "serving", person.turn + 1
        if person.called is None and not (self.dark and person.expected):  # without power the wait goes on at the desk
            person.called = self.now
        if (longer := self.slower.get(person.service)) is not None:
            person.case = replace(person.case, service_s=person.case.service_s + longer)
        desk.person, desk.calls = person, desk.calls + 1
        if not person.expected:
            self.plan_for(person, self.now + self.site.thresholds.no_show_s, partial(self._do_give_up, person, desk))
        elif person.service in self.halted:
            self.give_back(person, desk)
        elif self.on_service is not None and person.case.trouble is not None:
            person.left_s = person.case.service_s
            self.on_service(person, desk)
        else:
            self.continue_service(person, desk, person.case.service_s)

    def continue_service(self, person: Person, desk: Desk, seconds: int) -> None:
        """Schedule the end of the service in ``seconds``."""
        person.turn += 1
        if self.dark:
            self.held.append((person, desk, person.turn, seconds))
            return
        person.called = self.now if person.called is None else person.called
        person.ends_at = self.now + max(1, seconds)
        self.plan_for(person, person.ends_at, partial(self._do_finish, person, desk))

    def hold_service(self, person: Person) -> None:
        """Suspend the service for the city's decision and keep its remaining time."""
        person.turn += 1
        if person.ends_at is not None:
            person.left_s, person.ends_at = max(30, person.ends_at - self.now), None

    def _do_finish(self, person: Person, desk: Desk) -> None:
        if desk.person is not person:
            return
        case = person.case
        work = dict(case.work if person.outcome == "done" else case.work_if_incomplete)
        more = {k: v for k, v in (("outcome", person.outcome), ("work", work)) if v not in ("done", {})}
        self.emit("ticket.finished", ticket=person.ticket, terminal=desk.code, **more)
        self.release(person, "finished")

    def _do_give_up(self, person: Person, desk: Desk) -> None:
        if desk.person is not person:
            return
        self.emit("ticket.no_show", ticket=person.ticket)
        self.release(person, "no_show")
        back = person.visitor.back_after_s
        if back is not None:
            self.plan_for(person, self.now + back, partial(self._do_return, person))

    def _do_return(self, person: Person) -> None:
        if person.state == "no_show" and self.accepting(person.service):
            self.emit("ticket.requeued", ticket=person.ticket)
            self.requeue(person)

    def requeue(self, person: Person) -> None:
        """Put a no-show back into the queue at the old place."""
        person.expected = True
        person.turn += 1
        self.enqueue(person)

    def give_back(self, person: Person, desk: Desk) -> None:
        """End a case as incomplete after the service has been halted."""
        person.outcome = "incomplete"
        self.continue_service(person, desk, GIVE_BACK_S + 15 * desk.index)

    def release(self, person: Person, state: State) -> None:
        """Remove a person from the desk or the queue; a pending move of the desk takes effect."""
        self.dequeue(person)
        person.state, person.turn, person.ends_at = state, person.turn + 1, None
        person.ended = self.now
        for desk in self.desks.values():
            if desk.person is person:
                desk.person, desk.idle_since = None, self.now
                desk.ready = self.now + person.case.gap_s
                if desk.lent_from not in (None, desk.next_lane) and desk.next_lane and self.queues[desk.lent_from]:
                    desk.next_lane = desk.lent_from if desk.lent_from != desk.lane else None
                    desk.lent_from = None  # somebody waits at home: it stays
                if desk.next_lane is not None:
                    desk.lane, desk.next_lane = desk.next_lane, None
                    desk.ready = self.now + max(person.case.gap_s, self.site.thresholds.switch_s)
                self.wake(desk.lane)

    def put(self, desk: Desk, staff: str | None) -> None:
        """Put a person at a desk, or nobody."""
        if desk.staff is None:
            desk.staffed_at = desk.ready = self.now
        desk.staff = staff
        self.wake(desk.lane)

    def assign(self, desk: Desk, lane: str) -> None:
        """Move a desk to a lane: at once if empty, else after its person; switching takes the site's ``switch_s``.

        The lane of a desk as it is staffed is chosen without a switch (contract 4).
        """
        if desk.person is not None:
            desk.next_lane = lane if lane != desk.lane else None
        elif lane != desk.lane:
            desk.lane, desk.next_lane = lane, None
            if desk.staffed_at != self.now:
                desk.ready = max(desk.ready, self.now + self.site.thresholds.switch_s)
        self.wake(desk.lane)

    def others_working(self, desk: Desk) -> bool:
        """Return whether another desk of its lane works: 休憩中も窓口を休止しない (仕様書 7(4)※)."""
        return any(
            d.working and d.lane == desk.lane and d.next_lane is None and not d.holds
            for d in self.desks.values()
            if d is not desk
        )

    # --- figures

    def waiting(self, lane: str) -> int:
        return len(self.queues[lane])

    def serving(self) -> int:
        return sum(d.person is not None for d in self.desks.values())

    def in_hall(self) -> int:
        """Return the number of people in the hall, waiting or served, with companions."""
        waiting = [p.visitor for q in self.queues.values() for _, p in q]
        served = [d.person.visitor for d in self.desks.values() if d.person is not None and d.person.expected]
        return sum(1 + v.companions for v in (*waiting, *served, *(v for _, v in self.unticketed)))
