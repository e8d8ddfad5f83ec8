"""Play drawn futures of the hall with and without a move, and compare the waits. Pure.

The draws are common to all questions (common random numbers), so that an answer changes with the hall, not with chance.
Given the assignment of terminals the lanes are independent: each is a first-come-first-served queue with several
servers (Kiefer & Wolfowitz' recursion), at about a microsecond per person. Every wait is followed over the same span,
until the hall closes: whoever is not called by then has waited until then, whether the lane has
terminals or none. So a terminal less never shortens a wait of its lane in any future, and one more never lengthens one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from heapq import heapify, heapreplace
from math import cos, exp, log, sin, sqrt, tau
from random import Random

from floorctl.advice.hall_view import Coming, Station, View, Waiting

FUTURES = 24
HORIZON_S = 7200.0  # later arrivals are not drawn
MOST_COMING = 1000  # upper limit of arrivals of a lane in a future: more than a hall serves in the hour
SOON_S = 3600.0  # waits of those in the queue and of arrivals within this time are compared

# Unit-rate exponential gaps, normals of the service times, uniforms that choose the services, a normal of the level.
Draw = tuple[list[float], list[float], list[float], float]


@cache
def _draws(futures: int, lane: int) -> list[Draw]:
    """Draw the random numbers of a lane in each future.

    Unit-rate exponential gaps, normals of the service times, uniforms that choose the services, a normal of the arrival
    level.
    """
    found = []
    for n in range(futures):
        rng = Random(f"{lane}|{n}")
        uniform = rng.random
        # As expovariate(1.0) and gauss(0.0, 1.0) draw them, without ten thousands of calls.
        gaps = [-log(1.0 - uniform()) for _ in range(400)]
        normals: list[float] = []
        for _ in range(200):
            angle, radius = uniform() * tau, sqrt(-2.0 * log(1.0 - uniform()))
            normals += (cos(angle) * radius, sin(angle) * radius)
        kinds = [uniform() for _ in range(400)]
        found.append((gaps, normals, kinds, rng.gauss(0.0, 1.0)))
    return found


Person = tuple[float, float, float]  # earliest call, start of the wait, service time (seconds)


def drawn_people(waiting: Sequence[Waiting], coming: Coming, draw: Draw, horizon: float) -> list[Person]:
    """Return everybody who waits or arrives within the horizon, in one future."""
    gaps, normals, kinds, level = draw
    found: list[Person] = []
    n = 0
    for w in waiting:
        found.append((0.0, w.since, exp(w.case.mu + w.case.sigma * normals[n % 400])))
        n += 1
    factor = exp(coming.spread * level - coming.spread**2 / 2)
    edges: list[tuple[float, float, float]] = []
    total = 0.0
    for share, case in coming.cases:
        total += share
        edges.append((total, case.mu, case.sigma))
    k, todo = 0, gaps[0]
    for start, end, persons in coming.spells:
        if start >= horizon:
            break
        rate = persons * factor / (end - start)
        at = start
        while True:
            step = todo / rate
            if at + step > end or at + step > horizon or k >= MOST_COMING:
                todo -= (end - at) * rate
                break
            at += step
            u = kinds[k % 400] * total
            for edge, mu, sigma in edges:  # noqa: B007 - the service at which it breaks
                if u <= edge:
                    break
            found.append((at, at, exp(mu + sigma * normals[(n + k) % 400])))
            k += 1
            todo = gaps[k % 400]
    return found


def _ready(s: Station, u: float) -> float:
    """Return the seconds until a terminal can call, if its residual service time is the ``u`` quantile."""
    left = s.case.left_quantile_s(s.elapsed, u) if s.case is not None else 0.0
    return max(s.free_in, left) + s.switching


class Futures:
    """All drawn futures of one view, with the waits already computed."""

    def __init__(self, v: View) -> None:
        self.v = v
        self.until_s = v.closes_s if v.closes_s > 0 else SOON_S
        lanes = [
            [drawn_people(v.waiting[lane], v.coming[lane], d, HORIZON_S) for d in _draws(FUTURES, i)]
            for i, lane in enumerate(v.lanes)
        ]
        self.people = list(zip(*lanes, strict=True))
        self._drawn = {lane: (len(v.waiting[lane]), v.each(lane)) for lane in v.lanes}
        self.ready: dict[str, list[float]] = {}
        # The advice, its test, its effect and the other proposals need the same waits.
        self._known: dict[tuple[tuple[str, ...], str, float, str, str], dict[str, float]] = {}
        self._gains: dict[tuple[tuple[str, ...], str, float], list[float]] = {}
        for i, s in enumerate(v.stations):
            # Stratified over the distribution, shuffled separately for each station.
            places = list(range(FUTURES))
            Random(i).shuffle(places)
            table = [_ready(s, (p + 0.5) / FUTURES) for p in range(FUTURES)]
            self.ready[s.code] = [table[p] for p in places]

    def longest(
        self, moves: tuple[str, ...], to: str, soon_s: float, *, more: str = "", opened: str = ""
    ) -> dict[str, float]:
        """Return by lane the longest wait in seconds of those who wait or arrive within ``soon_s``.

        The mean over the futures. ``moves``: terminals that go to lane ``to``; nothing else is moved. ``more``: lane
        with one more terminal, free at once; ``opened``: which one, where it would otherwise return later.
        """
        key = (moves, to, soon_s, more, opened)
        if key not in self._known:
            self._known[key] = self._longest(*key)
        return self._known[key]

    def _longest(self, moves: tuple[str, ...], to: str, soon_s: float, more: str, opened: str) -> dict[str, float]:
        total = [0.0] * len(self.v.lanes)
        for n, people in enumerate(self.people):
            for i, lane in enumerate(self.v.lanes):
                free, helping = self._free(n, lane, moves, to)
                if lane == more:
                    free = [*(self._free(n, lane, (opened,), "")[0] if opened else free), 0.0]
                total[i] += _waits(people[i], free, (soon_s, self.until_s), *self._drawn[lane], helping)[0]
        return {lane: total[i] / len(self.people) for i, lane in enumerate(self.v.lanes)}

    def loan(self, terminal: str, to: str) -> dict[str, float]:
        """Return by lane the longest wait, as ``longest`` of the hour, if a terminal is lent to lane ``to``: it helps for this hour.

        How long a loan lasts is not known; so nothing is told of help after the hour, and the terminal is home then.
        """
        key = ((terminal,), to, SOON_S, "", "lent")
        if key not in self._known:
            total = [0.0] * len(self.v.lanes)
            for n, people in enumerate(self.people):
                for i, lane in enumerate(self.v.lanes):
                    free, helping = self._free(n, lane, (), "", lent=(terminal, to))
                    total[i] += _waits(people[i], free, (SOON_S, self.until_s), *self._drawn[lane], helping)[0]
            self._known[key] = {lane: total[i] / len(self.people) for i, lane in enumerate(self.v.lanes)}
        return self._known[key]

    def better(self, moves: tuple[str, ...], to: str, soon_s: float) -> int:
        """Return in how many futures the move lowers the total wait of those waiting or arriving within ``soon_s``."""
        return sum(s > 0 for s in self._saved(moves, to, soon_s))

    def saved(self, moves: tuple[str, ...], to: str, soon_s: float) -> float:
        """Return by how many person-seconds the move lowers the total wait of the same people: mean of the futures."""
        return sum(self._saved(moves, to, soon_s)) / len(self.people)

    def _saved(self, moves: tuple[str, ...], to: str, soon_s: float) -> list[float]:
        key = (moves, to, soon_s)
        if key not in self._gains:
            self._gains[key] = [
                self._together(n, people, (), "", soon_s) - self._together(n, people, moves, to, soon_s)
                for n, people in enumerate(self.people)
            ]
        return self._gains[key]

    def _together(
        self, n: int, people: tuple[list[Person], ...], moves: tuple[str, ...], to: str, soon_s: float
    ) -> float:
        """Return the total wait of all lanes in future ``n``, in person-seconds."""
        total = 0.0
        for i, lane in enumerate(self.v.lanes):
            free, helping = self._free(n, lane, moves, to)
            total += _waits(people[i], free, (soon_s, self.until_s), *self._drawn[lane], helping)[1]
        return total

    def _free(
        self, n: int, lane: str, moves: tuple[str, ...], to: str, lent: tuple[str, str] = ("", "")
    ) -> tuple[list[float], list[float]]:
        """Return the seconds until each terminal of a lane can call in future ``n``, after the move: its own, and those lent to it.

        ``lent``: one more terminal that is lent, and where to. A lent one helps for this hour and is home then; where
        a lane has none of its own it stays.
        """
        own: list[float] = []
        helping: list[float] = []
        for s in self.v.stations:
            if s.code in moves:
                continue
            ready = self.ready[s.code][n]
            home, at = s.home or s.lane, s.lane
            if s.code == lent[0]:
                home, at, ready = s.lane, lent[1], ready + (self.v.switch_s if lane == lent[1] else 0)
            if at == lane:
                (own if home == at else helping).append(ready)
            elif home == lane:
                own.append(max(ready, SOON_S) + self.v.switch_s)
        if lane == to:
            own += [self.ready[m][n] + self.v.switch_s for m in moves]
        return (own, helping) if own else (helping, [])


def _waits(
    people: list[Person],
    free: list[float],
    span: tuple[float, float],
    drawn: int = 0,
    each: float = 1.0,
    helping: Sequence[float] = (),
) -> tuple[float, float]:
    """Return the longest wait and the sum of waits in seconds.

    ``span``: waits of those who come until the first second, followed until the second one. The first ``drawn`` persons
    represent ``each`` people each. ``helping``: as ``free``, of terminals that take nobody any more after this hour.
    """
    longest = total = 0.0
    soon_s, until_s = span
    helps_s = min(SOON_S, until_s)
    heap, helpers = list(free), list(helping)
    heapify(heap)
    heapify(helpers)
    for n, (can, since, takes) in enumerate(people, 1):
        if can > soon_s or can >= until_s:
            break
        t = until_s
        if helpers and max(helpers[0], can) < helps_s and not (heap and heap[0] <= helpers[0]):
            t = max(helpers[0], can)
            heapreplace(helpers, t + takes)
        elif heap and heap[0] < until_s:
            t = max(heap[0], can)
            heapreplace(heap, t + takes)
        wait = t - since
        longest = max(longest, wait)
        total += wait
        if n == drawn:
            total *= each
    return longest, total
