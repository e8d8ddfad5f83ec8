"""Draws futures of the whole hall and plays each with and without a move, to say in how many of them people wait less. Pure.

The futures are the same for every question and drawn once and for all (common random numbers), so that an answer changes
with the hall and not with chance. Given who serves what, the lanes do not touch: each is a queue with several desks, first
come first served (Kiefer & Wolfowitz' recursion), which costs a microsecond a person.
"""

from __future__ import annotations

from functools import cache
from heapq import heapify, heapreplace
from math import exp
from random import Random

from floorctl.advice.hall_view import Station, View

FUTURES = 24
HORIZON_S = 7200.0  # who comes later than that is not asked for
COMING = 1000  # of a lane in a future, at most: more than a hall can take in the hour that is asked for
SOON_S = 3600.0  # of the waits that are told: people who wait, and those who come so soon


@cache
def _draws(futures: int, lane: int) -> list[tuple[list[float], list[float], list[float], float]]:
    """For each future of a lane: gaps of a Poisson stream of rate one, normals of the cases, uniforms of the kinds, and
    a normal for the level; in pairs that mirror each other (antithetic), which steadies the mean."""
    found = []
    for n in range(futures):
        rng = Random(f"{lane}|{n}")
        gaps = [rng.expovariate(1.0) for _ in range(400)]
        normals = [rng.gauss(0.0, 1.0) for _ in range(400)]
        kinds = [rng.random() for _ in range(400)]
        found.append((gaps, normals, kinds, rng.gauss(0.0, 1.0)))
    return found


Person = tuple[float, float, float]  # can be called from, waits from, takes


def _persons(
    v: View, lane: str, draw: tuple[list[float], list[float], list[float], float], horizon: float
) -> list[Person]:
    """Who waits and who comes within the horizon, in one future."""
    gaps, normals, kinds, level = draw
    found: list[Person] = []
    n = 0
    for w in v.waiting[lane]:
        found.append((0.0, w.since, exp(w.case.mu + w.case.sigma * normals[n % 400])))
        n += 1
    coming = v.coming[lane]
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
            if at + step > end or at + step > horizon or k >= COMING:
                todo -= (end - at) * rate
                break
            at += step
            u = kinds[k % 400] * total
            for edge, mu, sigma in edges:  # noqa: B007 - the kind that it stops at
                if u <= edge:
                    break
            found.append((at, at, exp(mu + sigma * normals[(n + k) % 400])))
            k += 1
            todo = gaps[k % 400]
    return found


def _ready(s: Station, u: float) -> float:
    """The second at which a station can call, in a future that has ``u`` for it."""
    left = s.case.left_quantile_s(s.elapsed, u) if s.case is not None else 0.0
    return max(s.free_in, left) + s.switching


class Futures:
    """The hall played on in every future, if nothing else is moved."""

    def __init__(self, v: View) -> None:
        self.v = v
        lanes = [[_persons(v, lane, d, HORIZON_S) for d in _draws(FUTURES, i)] for i, lane in enumerate(v.lanes)]
        self.people = list(zip(*lanes, strict=True))
        self._drawn = {lane: (len(v.waiting[lane]), v.each(lane)) for lane in v.lanes}
        self.ready: dict[str, list[float]] = {}
        # The advice, its test, its effect and the other proposals ask for the same waits.
        self._known: dict[tuple[tuple[str, ...], str, float, str], dict[str, float]] = {}
        for i, s in enumerate(v.stations):
            # Spread evenly over its distribution, each station in an order of its own.
            places = list(range(FUTURES))
            Random(i).shuffle(places)
            table = [_ready(s, (p + 0.5) / FUTURES) for p in range(FUTURES)]
            self.ready[s.code] = [table[p] for p in places]

    def longest(self, moves: tuple[str, ...], to: str, soon_s: float, *, more: str = "") -> dict[str, float]:
        """By lane, the longest wait of those who wait or come within ``soon_s``, if these terminals go and nothing else
        is moved: the mean over the futures, in seconds. ``more``: a lane that gets one terminal more, at once."""
        asked = (moves, to, soon_s, more)
        if asked not in self._known:
            self._known[asked] = self._longest(*asked)
        return self._known[asked]

    def _longest(self, moves: tuple[str, ...], to: str, soon_s: float, more: str) -> dict[str, float]:
        total = [0.0] * len(self.v.lanes)
        for n, people in enumerate(self.people):
            for i, lane in enumerate(self.v.lanes):
                free = self._free(n, lane, moves, to)
                if lane == more:
                    free.append(0.0)
                total[i] += _waits(people[i], free, soon_s, *self._drawn[lane])[0]
        return {lane: total[i] / len(self.people) for i, lane in enumerate(self.v.lanes)}

    def better(self, moves: tuple[str, ...], to: str, soon_s: float) -> int:
        """In how many of the futures all together wait less, of those who wait or come within ``soon_s``, if these
        terminals go."""
        found = 0
        for n, people in enumerate(self.people):
            stay = self._together(n, people, (), "", soon_s)
            found += self._together(n, people, moves, to, soon_s) < stay
        return found

    def _together(
        self, n: int, people: tuple[list[Person], ...], moves: tuple[str, ...], to: str, soon_s: float
    ) -> float:
        return sum(
            _waits(people[i], self._free(n, lane, moves, to), soon_s, *self._drawn[lane])[1]
            for i, lane in enumerate(self.v.lanes)
        )

    def _free(self, n: int, lane: str, moves: tuple[str, ...], to: str) -> list[float]:
        """Seconds at which the terminals of a lane can call, in future ``n``, after these are moved."""
        free = [self.ready[s.code][n] for s in self.v.of(lane) if s.code not in moves]
        if lane == to:
            free += [self.ready[m][n] + self.v.switch_s for m in moves]
        return free


def _waits(
    people: list[Person], free: list[float], soon_s: float, drawn: int = 0, each: float = 1.0
) -> tuple[float, float]:
    """The longest wait and all waits together, with terminals free at these seconds; with none, until ``soon_s``. The
    first ``drawn`` stand for ``each`` people each."""
    longest = total = 0.0
    heap = list(free)
    heapify(heap)
    for n, (can, since, takes) in enumerate(people, 1):
        if can > soon_s:
            break
        if heap:
            t = max(heap[0], can)
            heapreplace(heap, t + takes)
            wait = t - since
        else:
            wait = soon_s - since
        longest = max(longest, wait)
        total += wait
        if n == drawn:
            total *= each
    return longest, total
