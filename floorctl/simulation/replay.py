"""Replay a recorded day under another policy: a deterministic discrete-event model, exact to the second.

Everything but the terminals' lanes is the day's own, and every ticket keeps its service time, so that two policies
differ only by their decisions (common random numbers). Rules: first come first served by the start of the wait; the
terminal free longest calls; the present customer is finished first; a move costs ``switch_s``; a terminal that is being
staffed gets its lane without a move. Little's law is checked at the end.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from floorctl.common.frozen import frozen
from floorctl.common.percentile import p90
from floorctl.simulation.recorded_day import ALWAYS, Halt, Job, Post, RecordedDay

LOOK_S = 60  # interval at which a policy decides although nothing changes
LATEST_S = 24 * 3600
UNSERVED_S = 1800  # added for each person who is left unserved, who would have waited on or comes again
# Order of events within one second: terminals first, so that arrivals find their new state.
_FINISH, _SPAN_END, _SPAN_BEGIN, _HALT, _GO_ON, _ISSUE, _CHANGE, _LEAVE, _READY, _LOOK = range(10)


@dataclass(eq=False, slots=True)
class Desk:
    """Terminal within a replay."""

    post: Post
    lane: str
    next_lane: str | None = None
    home: str | None = None  # its own lane while it is lent
    working: bool = False
    staffed: bool = False  # at work or paused
    job: Job | None = None
    called: int = 0
    longer_s: int = 0  # extension of its job by a halt
    ready: int = 0
    idle_since: int = 0

    @property
    def code(self) -> str:
        return self.post.terminal

    @property
    def target(self) -> str:
        """Return the lane that it serves, or will serve after its present customer."""
        return self.next_lane or self.lane


@frozen
class Order:
    """Order of a policy: a move of a terminal, or a loan (応援), from which it comes home without an order."""

    at: int
    terminal: str
    origin: str
    to: str
    lend: bool = False


class Policy:
    """Way of allocating terminals; the base class keeps the lane recorded when a terminal was staffed."""

    looks = False  # decides at every event and every LOOK_S
    free_switch = False  # calling from another lane costs no switch time

    def decides_at(self, day: RecordedDay) -> Iterable[int]:
        """Return the seconds at which it may move a terminal although nothing happens."""
        return ()

    def lane_at_staffing(self, hall: ReplayHall, desk: Desk) -> str:
        """Return the lane of a terminal that is being staffed."""
        return desk.post.lane_then(hall.now)

    def moves(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        """Return the terminals to move now, with their new lanes."""
        return ()

    def lends(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        """Return the terminals to lend now, with the lanes that they help."""
        return ()

    def returns(self, hall: ReplayHall) -> Iterable[Desk]:
        """Return the lent terminals that go home now."""
        return ()

    def takes(self, hall: ReplayHall, desk: Desk) -> str | None:
        """Return the lane from which a free terminal calls now; None: it does not call.

        Another lane than its own costs the switch time, unless ``free_switch``.
        """
        return desk.lane if hall.queues[desk.lane] else None


@dataclass(slots=True)
class Figures:
    """Waits of the called tickets in seconds: number, mean, p90 by nearest rank, longest; None if there are none."""

    n: int = 0
    mean_s: float | None = None
    p90_s: int | None = None
    max_s: int | None = None

    def to_json(self) -> dict[str, int | None]:
        """Return the entry of contract 4: whole seconds, rounded down; null if nobody was called."""
        return {
            "n": self.n,
            "mean_s": None if self.mean_s is None else int(self.mean_s),
            "p90_s": self.p90_s,
            "max_s": self.max_s,
        }


def figures(waits: Iterable[int]) -> Figures:
    """Summarise waits in seconds."""
    found = sorted(waits)
    if not found:
        return Figures()
    return Figures(len(found), sum(found) / len(found), p90(found), found[-1])


@dataclass(slots=True)
class Outcome:
    """Result of a replayed day: waits of called tickets by lane, longest queue, orders.

    ``person_s``: waited by all, who leave included until they leave, and UNSERVED_S for each left unserved.
    ``lane_changes``: changes of lane of terminals at work, the returns of lent ones included.
    """

    waits: dict[str, list[int]]
    waiting_max: int
    orders: list[Order]
    left: int
    called: dict[str, int] = field(default_factory=dict)  # ticket: second of its call
    person_s: int = 0
    unserved: int = 0
    lane_changes: int = 0

    @property
    def all_waits(self) -> list[int]:
        return [w for waits in self.waits.values() for w in waits]


class ReplayHall:
    """Hall at one instant of a replay, as a policy may inspect it."""

    def __init__(self, day: RecordedDay, policy: Policy) -> None:
        self.day, self.policy = day, policy
        self.now = 0
        self.queues: dict[str, list[tuple[int, int, Job]]] = {lane: [] for lane in day.lanes}
        self.desks = [Desk(p, p.lanes_then[0][1]) for p in day.posts]
        self.issued: list[Job] = []
        self.finished: list[tuple[Job, int]] = []  # and the second of the end
        self.orders: list[Order] = []
        self._numbers = {job.number: n for n, job in enumerate(day.jobs)}
        self._halts: list[Halt] = []  # in force now
        self._parked: dict[str, tuple[Job, str]] = {}  # waiting for a halted service, with the lane
        self._heap: list[tuple[int, int, int, Job | Desk | Halt | None]] = []
        self._planned = 0
        self._waiting = self._most = self._left = 0
        self._person_s = self._lane_changes = 0
        self._area = self._spent = 0
        self._called: dict[str, int] = {}
        self._waits: dict[str, list[int]] = {lane: [] for lane in day.lanes}

    # --- the run

    def run(self) -> Outcome:
        """Replay the whole day. Raise ArithmeticError if Little's law does not hold (a fault of this model)."""
        for job in self.day.jobs:
            self._plan(job.issued, _ISSUE, job)
            for at, _ in job.stays[1:]:
                self._plan(at, _CHANGE, job)
            if job.leaves is not None:
                self._plan(job.leaves, _LEAVE, job)
        starts = []
        for desk in self.desks:
            for begin, end, _ in desk.post.spans:
                starts.append(begin)
                self._plan(begin, _SPAN_BEGIN, desk)
                if end < ALWAYS:
                    self._plan(end, _SPAN_END, desk)
        for halt in self.day.halts:
            self._plan(halt.at, _HALT, halt)
            self._plan(halt.until, _GO_ON, halt)
        if self.policy.looks and starts:
            self._plan(min(starts), _LOOK, None)
        for at in self.policy.decides_at(self.day):
            self._plan(at, _READY, None)
        heap, decides = self._heap, self.policy.looks or any(True for _ in self.policy.decides_at(self.day))
        while heap:
            at = heap[0][0]
            self._area += self._waiting * (at - self.now)
            self.now = at
            while heap and heap[0][0] == at:
                _, kind, _, thing = heappop(heap)
                self._happen(kind, thing)
            if decides:
                for desk in self.policy.returns(self):
                    self._return(desk)
                for desk, lane in self.policy.lends(self):
                    self._lend(desk, lane)
                for desk, lane in self.policy.moves(self):
                    self._move(desk, lane)
            self._call()
        # Little's law: the area under the queue length equals the sum of all waits.
        still = [job for q in self.queues.values() for _, _, job in q] + [job for job, _ in self._parked.values()]
        rest = sum(self.now - job.issued for job in still)
        if self._area != self._spent + rest:
            raise ArithmeticError(f"Little's law: area {self._area} s, waits {self._spent + rest} s")
        until = self.day.ends_s
        self._person_s += sum(max(0, until - job.start) for job in still)
        unserved = self._left + len(still)
        return Outcome(
            self._waits,
            self._most,
            self.orders,
            self._left,
            self._called,
            self._person_s + UNSERVED_S * unserved,
            unserved,
            self._lane_changes,
        )

    def _plan(self, at: int, kind: int, thing: Job | Desk | Halt | None) -> None:
        self._planned += 1
        heappush(self._heap, (at, kind, self._planned, thing))

    def _happen(self, kind: int, thing: Job | Desk | Halt | None) -> None:
        if isinstance(thing, Desk):
            if kind == _FINISH:
                self._finish(thing)
            elif kind == _SPAN_BEGIN:
                self._begin(thing)
            elif kind == _SPAN_END:
                thing.working = False
                thing.staffed = thing.post.stays_after(self.now)
            # else it is ready after a switch; `_call` follows
        elif isinstance(thing, Halt):
            self._halt(thing, kind == _HALT)
        elif kind == _READY or thing is None:
            # Without further events nobody arrives; a queue then waits for a terminal that no policy moves.
            if kind == _LOOK and (self._heap or (self._waiting and self.now < LATEST_S)):
                self._plan(self.now + LOOK_S, _LOOK, None)
        elif kind == _ISSUE:
            self.issued.append(thing)
            self._waiting += 1
            self._most = max(self._most, self._waiting)
            self._enqueue(thing, thing.stays[0][1])
        elif kind == _CHANGE:
            if self._dequeue(thing):
                self._enqueue(thing, next(lane for at, lane in reversed(thing.stays) if at <= self.now))
        elif kind == _LEAVE and self._dequeue(thing):
            self._left += 1
            self._waited(thing)

    def _begin(self, desk: Desk) -> None:
        """Start work at a terminal: newly staffed, or back from a break."""
        desk.working = desk.staffed = True
        desk.idle_since = self.now
        fresh = any(begin == self.now and fresh for begin, _, fresh in desk.post.spans)
        if fresh and len(desk.post.lanes) > 1:
            lane = self.policy.lane_at_staffing(self, desk)
            desk.home = None
            if desk.job is None:
                desk.lane, desk.next_lane, desk.ready = lane, None, self.now
            else:
                desk.next_lane = lane if lane != desk.lane else None

    def _finish(self, desk: Desk) -> None:
        assert desk.job is not None
        if desk.longer_s:
            self._plan(self.now + desk.longer_s, _FINISH, desk)
            desk.longer_s = 0
            return
        self.finished.append((desk.job, self.now))
        desk.job, desk.idle_since = None, self.now
        if desk.next_lane is not None:
            desk.lane, desk.next_lane = desk.next_lane, None
            self._switch(desk)

    def _switch(self, desk: Desk) -> None:
        self._lane_changes += desk.working
        if desk.lane == desk.home:
            desk.home = None
        desk.ready = self.now + self.day.switch_s
        self._plan(desk.ready, _READY, desk)

    def _move(self, desk: Desk, lane: str) -> None:
        """Move a terminal: at once if it is empty, else after its present customer; a lent one may be kept where it helps."""
        there = lane == desk.target
        if there and desk.home is None:
            return
        if desk.working:
            self.orders.append(Order(self.now, desk.code, desk.home or desk.target, lane))
        desk.home = None
        if not there:
            self._goes(desk, lane)

    def _lend(self, desk: Desk, lane: str) -> None:
        """Lend a terminal that is free."""
        if lane == desk.target or desk.home is not None:
            return
        self.orders.append(Order(self.now, desk.code, desk.lane, lane, lend=True))
        desk.home = desk.lane
        self._goes(desk, lane)

    def _return(self, desk: Desk) -> None:
        """Send a lent terminal home."""
        if desk.home is not None and desk.target != desk.home:
            self._goes(desk, desk.home)
            if desk.lane == desk.home:
                desk.home = None  # it had not gone yet, or is there at once

    def _goes(self, desk: Desk, lane: str) -> None:
        """Change the lane of a terminal: at once if it is empty, else after its present customer."""
        if desk.job is not None:
            desk.next_lane = lane if lane != desk.lane else None
        else:
            desk.lane = lane
            self._switch(desk)

    # --- queues

    def _halt(self, halt: Halt, begins: bool) -> None:
        """Begin or end a halt: tickets of its services are taken out of the queues, or put back."""
        if begins:
            self._halts.append(halt)
            for desk in self.desks:
                desk.longer_s += halt.longer_s if desk.job is not None else 0
            moved = [(job, lane) for lane, q in self.queues.items() for _, _, job in q if job.service in halt.services]
            for job, _ in moved:
                self._dequeue(job)
        else:
            self._halts.remove(halt)
            moved, self._parked = list(self._parked.values()), {}
        for job, lane in moved:
            self._enqueue(job, lane)

    def _enqueue(self, job: Job, lane: str) -> None:
        if any(job.service in halt.services for halt in self._halts):
            self._parked[job.number] = (job, lane)
            return
        insort(self.queues[lane], (job.start, self._numbers[job.number], job))

    def _dequeue(self, job: Job) -> bool:
        """Remove a waiting ticket from its queue; return False if it does not wait."""
        if self._parked.pop(job.number, None) is not None:
            return True
        key = (job.start, self._numbers[job.number], job)
        for queue in self.queues.values():
            if key in queue:
                queue.remove(key)
                return True
        return False

    def _waited(self, job: Job) -> None:
        self._waiting -= 1
        self._spent += self.now - job.issued
        self._person_s += max(0, self.now - job.start)

    def _call(self) -> None:
        """Let free terminals call, the one free longest first."""
        if not self._waiting:
            return
        free = [d for d in self.desks if d.working and d.job is None and d.ready <= self.now]
        if len(free) > 1:
            free.sort(key=lambda d: d.idle_since)
        for desk in free:
            lane = self.policy.takes(self, desk)
            if lane is None:
                continue
            if lane != desk.lane:
                desk.lane = lane
                if not self.policy.free_switch:
                    self._switch(desk)
                    continue
            job = self.queues[lane].pop(0)[2]
            self._waited(job)
            self._called[job.number] = self.now
            self._waits[job.lane].append(max(0, self.now - job.start))
            desk.job, desk.called = job, self.now
            self._plan(self.now + job.service_s, _FINISH, desk)
