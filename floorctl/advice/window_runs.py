"""Run a lane through drawn days with windows that change by the half hour: who waits longer than the target. Pure.

First come, first served, by any free window (Kiefer and Wolfowitz' recursion), as in `futures`; who waits now and when the
terminals will be free is drawn as in `run_forward`. The draws are common to all questions and come in pairs, one the mirror
of the other, so that few of them have the right mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from heapq import heapreplace
from math import ceil, exp, hypot, inf, log
from random import Random
from statistics import NormalDist
from typing import NamedTuple

from floorctl.advice.futures import Draw, Person, drawn_people
from floorctl.advice.hall_view import Coming, Waiting
from floorctl.advice.service_times import Spread
from floorctl.common.frozen import Record, frozen

RUNS = 48
# Of a lane to which few come more runs are drawn, so that a half hour has about so many people; the most times as many.
_PEOPLE, _MORE_RUNS = 24, 4
_OTHERS = 1000  # number of the first of other draws
FEW = 0.1  # quantile of few people; few to many hold eight of ten days
WITHIN = 0.9  # share of a half hour's arrivals that wait at most the target
_DOOR_S = 90.0  # in which those come who wait as the doors open
_UNIT = NormalDist()
_SPREAD = 4  # half hours after a peak in which a window more before it must be saved


@frozen
class HalfAhead(Record):
    """Half hour from ``start_s`` to ``end_s`` seconds from now: expected ``persons``, ``door`` of them at its beginning.

    ``spread``: relative sd of their level; ``booked`` of them come by appointment, one after the other as the slots do.
    """

    start_s: float
    end_s: float
    persons: float
    spread: float = 0.0
    door: float = 0.0
    booked: float = 0.0


@frozen
class LaneAhead(Record):
    """Lane from now on: half hours without a gap, services as (share, service time), who waits, terminals at work.

    ``ready``: by run, the seconds until each terminal can call; ``most``: terminals that may serve the lane. ``pace``: sd of
    the common log error of the service times. ``between_s``: from the end of a case to the next call beside a queue.
    ``slots_sd``: relative sd of the number of appointments, where the slots are not known.
    """

    halves: tuple[HalfAhead, ...]
    cases: tuple[tuple[float, Spread], ...]
    target_s: float
    most: int
    waiting: tuple[Waiting, ...] = ()
    ready: tuple[tuple[float, ...], ...] = ((),) * RUNS
    pace: float = 0.0
    between_s: float = 0.0
    slots_sd: float = 0.0

    def at_quantile(self, p: float) -> LaneAhead:
        """Return the lane at the ``p`` quantile of its work: level of the arrivals and service times move together.

        Each by its part of the variance; the level is gamma (Wilson and Hilferty's cube root), the service times lognormal.
        """
        z = _UNIT.inv_cdf(p)
        halves = []
        for h in self.halves:
            whole = hypot(h.spread, self.pace)
            c = h.spread**2 / 9
            factor = max(0.0, 1 - c + (z * h.spread / whole * c**0.5 if whole else 0.0)) ** 3
            halves.append(
                HalfAhead(h.start_s, h.end_s, h.persons * factor, h.spread, h.door * factor, h.booked * factor)
            )
        spread = max((h.spread for h in self.halves), default=0.0)
        longer = z * self.pace**2 / hypot(spread, self.pace) if self.pace else 0.0
        return self.replace(
            halves=tuple(halves),
            cases=tuple((share, Spread(x.mu + longer, x.sigma)) for share, x in self.cases),
            waiting=tuple(Waiting(w.since, Spread(w.case.mu + longer, w.case.sigma)) for w in self.waiting),
        )


class HalfKept(NamedTuple):
    """Waits of half hours in all runs: share of the people who wait at most the target, p90 of the wait (s)."""

    within: float
    p90_s: float

    @property
    def percent(self) -> int:
        """Return the share in whole per cent, rounded down as the shares of days that were: 100 means everybody."""
        return int(100 * self.within + 1e-9)


@cache
def _draws(runs: int, first: int = 0) -> tuple[Draw, ...]:
    found: list[Draw] = []
    for n in range(first, first + runs // 2):
        rng = Random(f"windows|{n}")
        uniforms = [min(1 - 1e-12, max(1e-12, rng.random())) for _ in range(400)]
        normals = [rng.gauss(0.0, 1.0) for _ in range(400)]
        kinds = [rng.random() for _ in range(400)]
        level = rng.gauss(0.0, 1.0)
        found.append(([-log(u) for u in uniforms], normals, kinds, level))
        found.append(([-log(1 - u) for u in uniforms], [-z for z in normals], [1 - k for k in kinds], -level))
    return tuple(found)


def draw_ahead() -> None:
    """Draw the random numbers of all questions about a day now, so that no first one waits for them (10 ms)."""
    for runs in (RUNS, RUNS // 2):
        _draws(runs)


def _by_appointment(lane: LaneAhead, draw: Draw) -> Iterator[Person]:
    """Yield those who come by appointment in one drawn day: evenly over each half hour, from a drawn phase on."""
    _, normals, kinds, level = draw
    factor = max(0.0, 1 + lane.slots_sd * level)
    whole, phase = sum(share for share, _ in lane.cases), kinds[-1]
    before, n = 0.0, 0
    for h in lane.halves:
        booked = h.booked * factor
        while n + phase < before + booked:
            at = h.start_s + (n + phase - before) / booked * (h.end_s - h.start_s)
            u, case = kinds[-2 - n % 300] * whole, lane.cases[-1][1]
            for share, spread in lane.cases:
                u -= share
                if u <= 0:
                    case = spread
                    break
            yield at, at, exp(case.mu + case.sigma * normals[-1 - n % 300])
            n += 1
        before += booked


class _Run:
    """One drawn day: people in the order of their calls, and where it stands."""

    __slots__ = ("_side", "ends", "free", "next", "people")

    def __init__(self, lane: LaneAhead, coming: Coming, draw: Draw, ready: Sequence[float], side: int = 0) -> None:
        self._side = side  # of the two in the middle, which one goes
        found = drawn_people(lane.waiting, coming, draw, inf)
        n = len(lane.waiting)
        if any(h.booked for h in lane.halves):
            found[n:] = sorted([*found[n:], *_by_appointment(lane, draw)])
        between_s, target_s = lane.between_s, lane.target_s
        self.free = sorted(ready)  # when each window is free
        self.next = 0  # who is called next
        here = [(can, since, takes + between_s) for can, since, takes in found[:n]]
        # By person: earliest call, latest one within the target, seconds that a window is taken, half hour of the arrival.
        self.people = [(can, by, takes, 0) for (can, _, takes), by in zip(here, self._by(here, lane), strict=True)]
        self.ends = []  # people up to the end of each half hour
        k, last, end_s = 0, len(lane.halves) - 1, lane.halves[0].end_s if lane.halves else -inf
        for can, since, takes in found[n:]:
            while can >= end_s and k <= last:
                self.ends.append(len(self.people))
                k += 1
                end_s = lane.halves[k].end_s if k <= last else -inf
            if k > last:
                break
            self.people.append((can, since + target_s, takes + between_s, k))
        self.ends += [len(self.people)] * (last + 1 - len(self.ends))

    def _by(self, waiting: Sequence[Person], lane: LaneAhead) -> Iterator[float]:
        """Yield the latest call of each who waits; whom not even all terminals could call in time counts as if they came now."""
        free = self.windows(lane.most, 0.0)
        for can, since, takes in waiting:
            by = since + lane.target_s
            yield lane.target_s if not free or free[0] > by else by
            if free:
                heapreplace(free, max(free[0], can) + takes)

    def windows(self, n: int, start_s: float) -> list[float]:
        """Return when each of ``n`` windows is free: further ones at ``start_s``; of too many those in the middle go.

        Who goes is not known: were it those that are free last, every window less would do some of its work before.
        """
        free = list(self.free)
        if len(free) < n:
            free += [start_s] * (n - len(free))
            free.sort()
        while len(free) > n:
            free.pop((len(free) - self._side) // 2)
        return free

    def go(self, free: list[float], end: int, until_s: float) -> list[tuple[float, int]]:
        """Call the people up to ``end`` before ``until_s``; return how long after the latest call each was, and their half hour."""
        found = []
        called = self.next
        if free:
            for can, by, takes, g in self.people[called:end]:
                t = free[0]
                if t < can:
                    t = can
                if t >= until_s:
                    break
                found.append((t - by, g))
                heapreplace(free, t + takes)
        free.sort()
        self.free, self.next = free, called + len(found)
        return found


def _coming(lane: LaneAhead) -> Coming:
    """Return who walks in: at the doors, and evenly over each half hour."""
    spells = []
    for h in lane.halves:
        if h.door:
            spells.append((h.start_s, h.start_s + _DOOR_S, h.door))
        if (walked := h.persons - h.door - h.booked) > 1e-9:
            spells.append((h.start_s + (_DOOR_S if h.door else 0.0), h.end_s, walked))
    return Coming(spells, list(lane.cases), 0.0)


def _drawn(lane: LaneAhead, runs: int, first: int) -> list[_Run]:
    mean = sum(h.persons for h in lane.halves) / max(1, len(lane.halves))
    most = max(1, _MORE_RUNS - len(lane.waiting))
    runs *= min(most, max(1, ceil(_PEOPLE / (runs * mean)))) if mean else 1
    coming = _coming(lane)
    return [_Run(lane, coming, draw, lane.ready[n % RUNS], n % 2) for n, draw in enumerate(_draws(runs, first))]


Mark = tuple[list[tuple[list[float], int]], list[float]]


class LaneRuns:
    """The drawn days of one lane, run forward half hour by half hour.

    ``others``: other days than those in which `fewest` looks: to the latter the windows that it finds are fitted.
    """

    def __init__(self, lane: LaneAhead, runs: int = RUNS, *, others: bool = False) -> None:
        self.lane = lane
        self._runs = _drawn(lane, runs, _OTHERS if others else 0)
        self.people = [0] * len(lane.halves)
        for r in self._runs:
            for _, _, _, k in r.people:
                self.people[k] += 1
        # How many more of each half hour may wait too long; of a few drawn people one is chance.
        self._left = [float(max(1, int((1 - WITHIN) * n + 1e-9))) for n in self.people]
        self._begun = self.mark()

    def used(self, k: int) -> bool:
        """Return whether anybody is expected in half hour ``k``, or still waits in any run as it begins."""
        return (
            self.lane.halves[k].persons > 0
            or self.people[k] > 0
            or (k > 0 and any(r.next < r.ends[k - 1] for r in self._runs))
        )

    def mark(self) -> Mark:
        """Return where all runs stand, for ``back``."""
        return [(r.free, r.next) for r in self._runs], list(self._left)

    def back(self, mark: Mark) -> None:
        """Return to where the runs stood."""
        for r, (free, at) in zip(self._runs, mark[0], strict=True):
            r.free, r.next = free, at
        self._left = list(mark[1])

    def keeps(self, k: int, n: int) -> bool:
        """Return whether half hour ``k``, and those before it that still wait, keep the target with ``n`` windows from it on."""
        left, start_s = list(self._left), self.lane.halves[k].start_s
        for r in self._runs:
            free, first, end = r.windows(n, start_s), r.next, r.ends[k]
            if not free and first < end:
                return False
            for can, by, takes, g in r.people[first:end]:
                t = free[0]
                if t < can:
                    t = can
                if t > by:
                    left[g] -= 1
                    if left[g] < 0:
                        return False
                heapreplace(free, t + takes)
        return True

    def go(self, k: int, n: int, *, kept: bool) -> None:
        """Go through half hour ``k`` with ``n`` windows; ``kept``: it is held to its target from then on."""
        if not kept:
            self._left[k] = inf
        half = self.lane.halves[k]
        for r in self._runs:
            for late_s, g in r.go(r.windows(n, half.start_s), r.ends[k], half.end_s):
                if late_s > 0:
                    self._left[g] -= 1

    def played(self, windows: Sequence[int]) -> list[list[float]]:
        """Return the waits (s) of the people of each half hour in all runs; the last windows stay until everybody is called."""
        begun = self.mark()
        self.back(self._begun)
        waits: list[list[float]] = [[] for _ in self.lane.halves]
        last = len(waits) - 1
        for r in self._runs:
            for k, half in enumerate(self.lane.halves):
                free = r.windows(windows[k], half.start_s)
                for late_s, g in r.go(free, r.ends[k], half.end_s if k < last else inf):
                    waits[g].append(late_s + self.lane.target_s)
            for _, _, _, g in r.people[r.next :]:
                waits[g].append(inf)  # nobody serves them any more
        self.back(begun)
        return waits


Windows = list[tuple[int, bool]]


class _Search:
    """Fewest windows half hour by half hour, and the level sequence among those that are as few."""

    def __init__(self, runs: LaneRuns) -> None:
        self.runs, self.most = runs, runs.lane.most
        self.halves = len(runs.lane.halves)
        self.marks: list[Mark] = [runs.mark()]  # as each half hour begins

    def forward(self, k: int, until: int, n: int) -> Windows:
        """Return the fewest windows of each half hour from ``k`` on, where the runs stand; looked for from ``n`` on."""
        found = []
        for at in range(k, until):
            n, kept = self._half(at, n)
            self.runs.go(at, n, kept=kept)
            found.append((n, not kept))
            self._marked(at + 1)
        return found

    def _half(self, k: int, n: int) -> tuple[int, bool]:
        low = min(1, self.most) if self.runs.used(k) else 0
        n = max(low, min(n, self.most))
        kept = self.runs.keeps(k, n)
        while kept and n > low and self.runs.keeps(k, n - 1):
            n -= 1
        while not kept and n < self.most:
            n += 1
            kept = self.runs.keeps(k, n)
        return n, kept

    def _marked(self, k: int) -> None:
        del self.marks[k:]
        self.marks.append(self.runs.mark())

    def level(self, found: Windows) -> Windows:
        """Return a sequence whose peaks are spread: one window more before a peak, where that saves as much after it.

        The sum of the squares falls with every change, so that it comes to an end.
        """
        k = 1
        while k < self.halves:
            n, short = found[k - 1]
            if found[k][0] <= n or n >= self.most:
                k += 1
                continue
            until, marks = min(self.halves, k + _SPREAD), self.marks
            self.marks = marks[:k]
            self.runs.back(marks[k - 1])
            self.runs.go(k - 1, n + 1, kept=not short)
            self._marked(k)
            tried = [(n + 1, short), *self.forward(k, until, n + 1)]
            if _cost(tried) < _cost(found[k - 1 : until]):
                tried = [*found[: k - 1], *tried, *self.forward(until, self.halves, tried[-1][0])]
                if _cost(tried) < _cost(found):
                    found, k = tried, max(1, k - 1)
                    continue
            self.marks = marks
            k += 1
        return found


def _cost(windows: Windows) -> tuple[int, int]:
    return sum(short for _, short in windows), sum(n * n for n, _ in windows)


def fewest(lane: LaneAhead | LaneRuns, *, level: bool = True, runs: int = RUNS) -> Windows:
    """Return by half hour the fewest windows that keep the target, given those before, and whether even all are too few.

    What a half hour leaves waiting is the next one's: the windows of that may be fewer only if those who still wait keep
    their target too. A half hour in which anybody comes or waits has one at least. ``level``: spread the peaks. ``runs``:
    drawn days of a lane that is not drawn yet.
    """
    drawn = LaneRuns(lane, runs) if isinstance(lane, LaneAhead) else lane
    search = _Search(drawn)
    found = search.forward(0, search.halves, 1)
    return search.level(found) if level else found


def kept_of(waits: Iterable[Sequence[float]], target_s: float) -> HalfKept:
    """Sum up the waits of half hours."""
    whole = sorted(w for half in waits for w in half)
    if not whole:
        return HalfKept(1.0, 0.0)
    late = sum(w > target_s for w in whole)
    return HalfKept(1 - late / len(whole), max(0.0, whole[-(-9 * len(whole) // 10) - 1]))
