"""Simulate a lane many times with common random numbers: when each person in the queue is called. Pure.

Each terminal frees when its present case ends and takes the next person in calling order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heapify, heappop, heapreplace
from itertools import cycle
from math import exp, inf
from random import Random
from statistics import NormalDist

from floorctl.advice.lane_scene import CALLS_S, LATEST_CALL_S, MOST_IDLE_S, PATIENCE_S, Desk, Person, Scene
from floorctl.advice.service_times import Spread
from floorctl.models.board.appointments import MISSED_SHARE

RUNS = 64
_PLACES = 64
_UNIT = NormalDist()
SHORTEST_S = 15.0
_NO_TIME = Spread(-inf, 0.0)
_COMING = Person(None, _NO_TIME)


@dataclass(frozen=True)
class _Numbers:
    """Random numbers common to all lanes.

    ``normals`` and ``stays`` (standard exponential: patience) by run and place; ``levels``, ``desk_normals`` and
    ``coins`` by terminal and run; ``paces`` (standard normal) by run.
    """

    normals: tuple[tuple[float, ...], ...]
    levels: tuple[tuple[float, ...], ...]
    desk_normals: tuple[tuple[float, ...], ...]
    coins: tuple[tuple[float, ...], ...]
    stays: tuple[tuple[float, ...], ...]
    paces: tuple[float, ...]


@cache
def _numbers() -> _Numbers:
    """Draw the common numbers; levels, coins and paces are stratified over the RUNS, so that few runs suffice."""
    rng = Random(33)

    def levels() -> tuple[float, ...]:
        found = [(i + 0.5) / RUNS for i in range(RUNS)]
        rng.shuffle(found)
        return tuple(found)

    return _Numbers(
        tuple(tuple(rng.gauss(0, 1) for _ in range(_PLACES)) for _ in range(RUNS)),
        tuple(levels() for _ in range(16)),
        tuple(tuple(_UNIT.inv_cdf(p) for p in levels()) for _ in range(16)),
        tuple(levels() for _ in range(16)),
        tuple(tuple(rng.expovariate(1.0) for _ in range(_PLACES)) for _ in range(RUNS)),
        tuple(_UNIT.inv_cdf(p) for p in levels()),
    )


def rests(desk: Desk, n: int, stale: float, usual: Spread, runs: int) -> list[float]:
    """Return the seconds until a terminal calls next, in each run.

    In a share ``stale`` of the runs, draw the residual of a length-biased service time instead of the residual given
    the elapsed time: a case met at a random instant, times a uniform part.
    """
    numbers = _numbers()
    n %= 16
    level, case, opens = numbers.levels[n][:runs], desk.case, desk.opens_s
    # A free terminal is visible, so that it is in doubt half as often as an elapsed time.
    doubt = 0.0 if opens else stale if case is not None else stale / 2
    if doubt >= 1:
        believed = []
    elif case is not None:
        believed = case.left_quantiles_s(desk.elapsed_s, level)
    else:
        free = CALLS_S if opens else min(MOST_IDLE_S, max(CALLS_S, desk.elapsed_s))
        believed = [opens + min(LATEST_CALL_S, free * p / (1 - p)) for p in level]
    if doubt <= 0:
        return believed
    anywhere = case or usual
    mu, sigma = anywhere.mu + anywhere.sigma**2, anywhere.sigma
    doubted = [p * exp(mu + sigma * z) for p, z in zip(level, numbers.desk_normals[n], strict=False)]
    if doubt >= 1:
        return doubted
    return [d if coin < doubt else b for d, b, coin in zip(doubted, believed, numbers.coins[n], strict=False)]


def run(scene: Scene, stale: float, runs: int = RUNS, *, arrives: bool = False) -> list[list[float]]:
    """Return the seconds until the queue is called: one sorted list per place; ``arrives`` as in ``call_times``.

    [] if no terminal works. A person who abandons is passed over; their list gives when they would have been called.
    """
    drawn = call_times(scene, (stale,), runs, arrives=arrives)
    return [sorted(place) for place in zip(*drawn[0], strict=True)] if drawn else []


def last_each(scene: Scene, stales: Sequence[float], runs: int = RUNS) -> tuple[Person, list[list[float]]] | None:
    """Return the person called last (`last_of`, by the first of ``stales``) and sorted seconds for each of ``stales``.

    None if nobody waits or no terminal works. What does not depend on ``stale`` is drawn once.
    """
    drawn = call_times(scene, stales, runs) if scene.people else []
    if not drawn:
        return None
    if scene.beyond:
        assert scene.last is not None
        return scene.last, [sorted(call_behind(calls, scene.waiting - 1) for calls in each) for each in drawn]
    # Without appointments the last person in the queue is called last in every run.
    at = last_of([sorted(p) for p in zip(*drawn[0], strict=True)]) if scene.mixed else len(scene.people) - 1
    assert at is not None
    return scene.people[at], [sorted(calls[at] for calls in each) for each in drawn]


def call_behind(calls: Sequence[float], place: int) -> float:
    """Extrapolate one run to ``place`` (from 0) behind its queue: seconds until the call at the last half's pace."""
    ordered = sorted(calls)
    last, half = len(ordered) - 1, len(ordered) // 2
    return ordered[last] + (place - last) * (ordered[last] - ordered[half]) / max(1, last - half)


def call_times(scene: Scene, stales: Sequence[float], runs: int, *, arrives: bool = False) -> list[list[list[float]]]:
    """Return by ``stale`` and run the seconds until each person is called; [] if no terminal works.

    ``arrives``: at the end also those of who arrives now: where appointments come one with an appointment that is due,
    and one without. They take no time of a terminal: one of them comes, not both.
    """
    if not scene.desks:
        return []
    people = [*scene.people, *([Person(None, _NO_TIME, booked=True)] * scene.both + [_COMING] if arrives else [])]
    closes = [d.closes_s for d in scene.desks]
    closing = any(c != inf for c in closes)
    factors = [exp(scene.pace * pace) for pace in _numbers().paces[:runs]]
    mixed = scene.mixed or (arrives and scene.both)
    patience = [(p.start_s, max(0.0, p.start_s + PATIENCE_S)) for p in people]
    cases = [(p.case.mu, p.case.sigma) for p in people]
    lengths = [] if mixed else [_lengths(cases, factor, k) for k, factor in enumerate(factors)]
    booked = [(p.start_s, n, p.here_s) for n, p in enumerate(people) if p.booked]
    walked = [n for n, p in enumerate(people) if not p.booked]
    walked.reverse()
    found = []
    for stale in stales:
        left = [rests(d, n, stale, scene.usual, runs) for n, d in enumerate(scene.desks)]
        each = []
        for k, (factor, run_rests) in enumerate(zip(factors, zip(*left, strict=True), strict=True)):
            if not mixed and not closing:
                each.append(_in_turn(scene, patience, [rest * factor for rest in run_rests], lengths[k], k))
                continue
            free = [(rest * factor, n) for n, rest in enumerate(run_rests)]
            heapify(free)
            if mixed:
                desks = (free, closes if closing else None)
                each.append(_by_appointment(scene, people, patience, desks, (booked, walked), factor, k))
            else:
                each.append(_in_turn_closing(scene, patience, free, closes, lengths[k], k))
        found.append(each)
    return found


def _lengths(cases: list[tuple[float, float]], factor: float, k: int) -> list[float]:
    """Return the service time of each (mu, sigma) in run ``k``, in seconds."""
    return [factor * exp(mu + sigma * z) for (mu, sigma), z in zip(cases, cycle(_numbers().normals[k]), strict=False)]


def _take(free: list[tuple[float, int]], closes: list[float]) -> float:
    """Return when the next terminal calls, after removing terminals closed by then (one always stays)."""
    while len(free) > 1 and free[0][0] >= closes[free[0][1]]:
        heappop(free)
    return free[0][0]


def _in_turn(
    scene: Scene, patience: list[tuple[float, float]], free: list[float], lengths: list[float], k: int
) -> list[float]:
    """Run a queue first come first served, for ``lengths`` seconds each; return the seconds until each call.

    ``patience``: start of each wait, and when the hazard of abandonment begins. ``free``: seconds until each terminal
    calls; they are interchangeable here.
    """
    heapify(free)
    hazard = scene.leaving
    calls = []
    stays = cycle(_numbers().stays[k])
    for (start, tires), length, stay in zip(patience, lengths, stays, strict=False):
        at = free[0]
        calls.append(at)
        if at - start > PATIENCE_S and stay < hazard * (at - tires):
            continue  # abandoned before the call
        heapreplace(free, at + length)
    return calls


def _in_turn_closing(
    scene: Scene,
    patience: list[tuple[float, float]],
    free: list[tuple[float, int]],
    closes: list[float],
    lengths: list[float],
    k: int,
) -> list[float]:
    """Run as ``_in_turn`` with terminals that close, so that it matters which one calls."""
    hazard = scene.leaving
    calls = []
    stays = cycle(_numbers().stays[k])
    for (start, tires), length, stay in zip(patience, lengths, stays, strict=False):
        at = _take(free, closes)
        calls.append(at)
        if at - start > PATIENCE_S and stay < hazard * (at - tires):
            continue
        heapreplace(free, (at + length, free[0][1]))
    return calls


def _by_appointment(
    scene: Scene,
    people: list[Person],
    patience: list[tuple[float, float]],
    desks: tuple[list[tuple[float, int]], list[float] | None],
    queue: tuple[list[tuple[float, int, float]], list[int]],
    factor: float,
    k: int,
) -> list[float]:
    """Run a queue with appointments: due ones first, then walk-ins, then those who have come early.

    ``desks``: when each calls, as a heap, and when they close (None: none does); ``queue``: appointments as (due, index
    in ``people``, arrival), and the indices of walk-ins, the first to be called at the end.
    """
    numbers = _numbers()
    normals, stays, hazard = numbers.normals[k], numbers.stays[k], scene.leaving
    free, closes = desks
    kept = numbers.levels[15]
    # A share of appointments is missed, a different one in each run.
    booked = queue[0] + [
        (p.start_s, -1 - m, p.here_s) for m, p in enumerate(scene.expected) if kept[(k + 7 * m) % RUNS] >= MISSED_SHARE
    ]
    booked.sort()
    walked = queue[1].copy()
    calls = [0.0] * len(people)
    left, drawn = len(people), 0
    while left:
        at = free[0][0] if closes is None else _take(free, closes)
        first = None
        for i, x in enumerate(booked):
            if x[2] <= at:
                first = i
                break
        before = at if scene.strict or not walked else people[walked[-1]].start_s
        if first is not None and (booked[first][0] <= before or not walked):
            n = booked.pop(first)[1]
        elif walked:
            n = walked.pop()
        else:
            # Nobody is present: the terminal waits for the next arrival.
            heapreplace(free, (min(x[2] for x in booked), free[0][1]))
            continue
        person = people[n] if n >= 0 else scene.expected[-1 - n]
        if n >= 0:
            calls[n] = at
            left -= 1
            if person.case is _NO_TIME:
                continue
            start, tires = patience[n]
            if at - start > PATIENCE_S and stays[n % _PLACES] < hazard * (at - tires):
                continue
        heapreplace(
            free, (at + factor * exp(person.case.mu + person.case.sigma * normals[drawn % _PLACES]), free[0][1])
        )
        drawn += 1
    return calls


def last_of(places: list[list[float]]) -> int | None:
    """Return the place with the largest median call time; None without places.

    Without appointments it is the last one; with them, somebody who came early may be called before a later walk-in.
    """
    return max(range(len(places)), key=lambda n: (quantile(places[n], 0.5), n), default=None)


def quantile(place: list[float], p: float) -> float:
    """Return the ``p`` quantile of a sorted list."""
    return place[min(len(place) - 1, int(p * len(place)))]
