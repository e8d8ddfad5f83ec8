"""The hall itself: queues, terminals, calls and services, second by second, as a discrete-event engine.

Two kinds of methods: those that begin with ``do_`` are the simulated people acting, and write feed lines; the others
change the hall without a line, so that a reaction to the manager's own fact uses the same ones. Times are whole
seconds since midnight in Asia/Tokyo. An event that was overtaken checks so itself when its time comes.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Any, Literal

from floorctl.common.clock import JST, iso
from floorctl.models.site.site import Site
from floorctl.simulation.cases import Case, Outcome
from floorctl.simulation.hours import window
from floorctl.simulation.visitors import Visitor

Line = dict[str, Any]
State = Literal["waiting", "serving", "no_show", "finished", "left"]
REACTION_S = 5  # from the moment a terminal could call to the call
GIVE_BACK_S = 60  # until who is at a desk has understood that the service has stopped [J]


@dataclass(eq=False)
class Person:
    """A visitor with a ticket."""

    visitor: Visitor
    ticket: str
    service: str
    lane: str
    case: Case
    issued: int
    key: tuple[int, int]
    state: State = "waiting"
    turn: int = 0  # rises with every change of state, so that what was planned before is void
    expected: bool = True  # will be there when called
    called: int | None = None  # for the first time
    ended: int | None = None
    ends_at: int | None = None
    left_s: int = 0
    open_cases: int = 0
    outcome: Outcome = "done"


@dataclass(eq=False)
class Desk:
    """A terminal and what stands in the way of its next call."""

    code: str
    lanes: tuple[str, ...]
    lane: str
    home: str
    index: int
    next_lane: str | None = None
    staff: str | None = None
    paused: bool = False
    failed: bool = False
    holds: int = 0  # someone waits for the desk to be empty: no further call
    ready: int = 0
    idle_since: int = 0
    summoned: bool = False
    calls: int = 0
    person: Person | None = None

    @property
    def working(self) -> bool:
        """Whether it takes people at all now."""
        return self.staff is not None and not self.paused and not self.failed

    @property
    def free(self) -> bool:
        return self.working and not self.holds and self.person is None


@dataclass(eq=False)
class Hall:
    """The hall on one day. ``out`` gathers the feed lines; ids are ``{prefix}-000001`` and on."""

    site: Site
    day: date
    prefix: str
    now: int = 0
    out: list[Line] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    halted: set[str] = field(default_factory=set)  # services that nobody can be served with now
    slower: dict[str, int] = field(default_factory=dict)  # seconds that a case of a service takes longer now
    unticketed: list[tuple[int, Visitor]] = field(
        default_factory=list
    )  # since when they stand at a dead ticket machine
    turned_away: list[tuple[int, str]] = field(default_factory=list)  # (second, service): the reception was stopped
    dark: bool = False  # no power: no ticket machine, no terminals
    withheld: list[Line] = field(default_factory=list)  # what the feed could not tell without power
    held: list[tuple[Person, Desk, int, int]] = field(default_factory=list)  # in hand without power: turn, seconds left
    opened: bool = False
    closed: bool = False
    on_service: Callable[[Person, Desk], None] | None = None  # told of every service that begins with trouble ahead

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
        """An instant of the day as the feed writes it."""
        return iso(self._midnight + timedelta(seconds=at))

    def instant(self, at: int) -> datetime:
        return self._midnight + timedelta(seconds=at)

    def second(self, at: datetime) -> int:
        """Whole seconds from the day's midnight, floored."""
        return (at - self._midnight) // timedelta(seconds=1)

    def plan(self, at: int, act: Callable[[], None], *, missable: bool = False) -> None:
        """Do ``act`` at ``at``, never before the next second. ``missable``: not at all, if the hall is closed then."""
        self._planned += 1
        heappush(self._heap, (max(at, self.now + 1), self._planned, missable, act))

    def run(self, until: int) -> None:
        """Let everything happen up to and including the second ``until``. A closed hall stands still."""
        while self._heap and self._heap[0][0] <= until and not self.closed:
            at, _, missable, act = heappop(self._heap)
            if missable and at < self.now:
                continue
            self.now = max(self.now, at)
            act()
        self.now = max(self.now, until)

    def emit(self, kind: str, **fields: Any) -> None:
        """Write one feed line, at the present second."""
        self._lines += 1
        line = {"id": f"{self.prefix}-{self._lines:06d}", "at": self.stamp(self.now), "kind": kind, **fields}
        (self.withheld if self.dark else self.out).append(line)

    # --- tickets

    def accepting(self, service: str) -> bool:
        """Whether a ticket of ``service`` can be had now."""
        return service not in self.stopped and self.in_hours(service)

    def in_hours(self, service: str) -> bool:
        """Whether the hall receives visitors of ``service`` now, if nobody has stopped it."""
        opens, closes = window(self.site, service, self.day)
        return self.opened and not self.closed and opens <= self.now < closes

    def do_arrive(self, visitor: Visitor) -> None:
        """A visitor draws a ticket, or turns away where the reception is closed or stopped."""
        if not self.accepting(visitor.service):
            if self.in_hours(visitor.service):
                self.turned_away.append((self.now, visitor.service))
        elif self.dark:
            self.unticketed.append((self.now, visitor))
        else:
            self.do_draw(visitor, self.now)

    def do_draw(self, visitor: Visitor, came: int) -> None:
        """Draw a number; ``came``: since when the visitor waits."""
        lane = self.site.service_by_code[visitor.service].lane
        person = self.admit(visitor, self.next_number(lane), came)
        more: dict[str, Any] = {}
        if visitor.cards > 1:
            more["cards"] = visitor.cards
        if visitor.appointment is not None:
            more["appointment"] = f"{visitor.appointment // 3600:02d}:{visitor.appointment % 3600 // 60:02d}"
        if visitor.assist:
            more["assist"] = True
        self.emit("ticket.issued", ticket=person.ticket, service=visitor.service, **more)

    def next_number(self, lane: str) -> str:
        """The next unused number of a lane: its letter and three digits."""
        letter = self.site.lane_by_code[lane].letter
        while True:
            self._issued[lane] = self._issued.get(lane, 0) + 1
            number = f"{letter}{self._issued[lane]:03d}"
            if number not in self.people:
                return number

    def next_unticketed(self, service: str) -> tuple[int, Visitor] | None:
        """Who has stood longest without a number for ``service``, and since when; they stand there no more."""
        found = next((x for x in self.unticketed if x[1].service == service), None)
        if found is not None:
            self.unticketed.remove(found)
        return found

    def admit(self, visitor: Visitor, ticket: str, came: int | None = None) -> Person:
        """Put a visitor with a ticket into the queue. ``came``: since when they wait, if that is not now."""
        lane = self.site.service_by_code[visitor.service].lane
        came = self.now if came is None else came
        due = max(came, visitor.appointment or 0)
        self._admitted += 1
        person = Person(visitor, ticket, visitor.service, lane, visitor.case, came, (due, self._admitted))
        person.expected, person.outcome = not visitor.not_there, visitor.case.outcome
        self.people[ticket] = person
        if visitor.patience_s is not None:
            turn = person.turn
            self.plan(due + visitor.patience_s, lambda: self._do_leave(person, turn))
        if visitor.wants is not None:
            wants = visitor.wants
            self.plan(self.now + visitor.asked_after_s, lambda: self._do_transfer(person, wants))
        self.enqueue(person)
        return person

    def enqueue(self, person: Person) -> None:
        person.state = "waiting"
        insort(self.queues[person.lane], (person.key, person))
        self.wake(person.lane)

    def dequeue(self, person: Person) -> bool:
        """Take a waiting person out of the queue; False if the person does not wait."""
        if person.state != "waiting":
            return False
        self.queues[person.lane].remove((person.key, person))
        return True

    def _do_leave(self, person: Person, turn: int) -> None:
        if person.turn == turn and self.dequeue(person):
            person.state, person.ended = "left", self.now
            self.emit("ticket.left", ticket=person.ticket)

    def _do_transfer(self, person: Person, service: str) -> None:
        if person.state == "waiting" and person.called is None and self.accepting(service):
            self.emit("ticket.transferred", ticket=person.ticket, service=service)
            self.transfer(person, service)

    def transfer(self, person: Person, service: str) -> None:
        """Another service, and with it perhaps another lane; the place in time is kept."""
        waited = self.dequeue(person)
        if person.visitor.wants == service and person.visitor.wanted_case is not None:
            person.case = person.visitor.wanted_case
            person.outcome = person.case.outcome
        person.service, person.lane = service, self.site.service_by_code[service].lane
        if waited:
            self.enqueue(person)

    # --- terminals

    def wake(self, lane: str) -> None:
        """Let free terminals of a lane call, the one that is free longest first, as many as there are people."""
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
        """Who of a queue can be served now, in order."""
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
        """Begin a service: the person stands at the desk, or is called in vain."""
        self.dequeue(person)
        person.state, person.turn = "serving", person.turn + 1
        person.called = self.now if person.called is None else person.called
        if (longer := self.slower.get(person.service)) is not None:
            person.case = replace(person.case, service_s=person.case.service_s + longer)
        desk.person, desk.calls = person, desk.calls + 1
        turn = person.turn
        if not person.expected:
            self.plan(self.now + self.site.thresholds.no_show_s, lambda: self._do_give_up(person, desk, turn))
        elif person.service in self.halted:
            self.give_back(person, desk)
        elif self.on_service is not None and person.case.trouble is not None:
            person.left_s = person.case.service_s
            self.on_service(person, desk)
        else:
            self.continue_service(person, desk, person.case.service_s)

    def continue_service(self, person: Person, desk: Desk, seconds: int) -> None:
        """The service ends after ``seconds`` more, unless something comes between."""
        person.turn += 1
        turn = person.turn
        if self.dark:
            self.held.append((person, desk, turn, seconds))
            return
        person.ends_at = self.now + max(1, seconds)
        self.plan(person.ends_at, lambda: self._do_finish(person, desk, turn))

    def hold_service(self, person: Person) -> None:
        """The service waits for the city: what was planned is void, the rest of its time is kept."""
        person.turn += 1
        if person.ends_at is not None:
            person.left_s, person.ends_at = max(30, person.ends_at - self.now), None

    def _do_finish(self, person: Person, desk: Desk, turn: int) -> None:
        if person.turn != turn or desk.person is not person:
            return
        case = person.case
        work = dict(case.work if person.outcome == "done" else case.work_if_incomplete)
        more = {k: v for k, v in (("outcome", person.outcome), ("work", work)) if v not in ("done", {})}
        self.emit("ticket.finished", ticket=person.ticket, terminal=desk.code, **more)
        self.release(person, "finished")

    def _do_give_up(self, person: Person, desk: Desk, turn: int) -> None:
        if person.turn != turn or desk.person is not person:
            return
        self.emit("ticket.no_show", ticket=person.ticket)
        self.release(person, "no_show")
        back = person.visitor.back_after_s
        if back is not None:
            gone = person.turn
            self.plan(self.now + back, lambda: self._do_return(person, gone))

    def _do_return(self, person: Person, turn: int) -> None:
        if person.turn == turn and person.state == "no_show" and self.accepting(person.service):
            self.emit("ticket.requeued", ticket=person.ticket)
            self.requeue(person)

    def requeue(self, person: Person) -> None:
        """Someone who was not there waits again, at the old place."""
        person.expected = True
        person.turn += 1
        self.enqueue(person)

    def give_back(self, person: Person, desk: Desk) -> None:
        """Who is at a desk when the service stops hears so and goes, the case unfinished."""
        person.outcome = "incomplete"
        self.continue_service(person, desk, GIVE_BACK_S + 15 * desk.index)

    def release(self, person: Person, state: State) -> None:
        """The person goes, from a desk or from the queue; the desk takes up its new lane if it was given one."""
        self.dequeue(person)
        person.state, person.turn, person.ends_at = state, person.turn + 1, None
        person.ended = self.now
        for desk in self.desks.values():
            if desk.person is person:
                desk.person, desk.idle_since = None, self.now
                desk.ready = self.now + person.case.gap_s
                if desk.next_lane is not None:
                    desk.lane, desk.next_lane = desk.next_lane, None
                    desk.ready = self.now + max(person.case.gap_s, self.site.thresholds.switch_s)
                self.wake(desk.lane)

    def assign(self, desk: Desk, lane: str) -> None:
        """Move a desk to a lane: at once if it is empty, else after its person; switching takes the site's switch_s."""
        if desk.person is not None:
            desk.next_lane = lane if lane != desk.lane else None
        elif lane != desk.lane:
            desk.lane, desk.next_lane = lane, None
            desk.ready = max(desk.ready, self.now + self.site.thresholds.switch_s)
        self.wake(desk.lane)

    def others_working(self, desk: Desk) -> bool:
        """Whether its lane goes on without this desk: 休憩中も窓口を休止しない (仕様書 7(4)※)."""
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
        """People in the hall, companions too: those who wait and those who are served."""
        waiting = [p.visitor for q in self.queues.values() for _, p in q]
        served = [d.person.visitor for d in self.desks.values() if d.person is not None and d.person.expected]
        return sum(1 + v.companions for v in (*waiting, *served, *(v for _, v in self.unticketed)))
