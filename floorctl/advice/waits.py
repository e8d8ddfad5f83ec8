"""How long each person has still to wait, as p50 and p90, and what the next to come will wait. Pure and deterministic.

The lane is run forward many times with common seeded numbers: each desk frees when its present case ends, takes the next
in the order of calling, and so on. How far the clocks of the desks are to be believed, and how wide p90 must be, is
learned on the day itself (`advice.watch`). Method, sources and figures: docs/advice.md, "Predicted waits".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from heapq import heapify, heappop, heapreplace
from itertools import cycle
from math import exp, inf, log, sqrt
from random import Random
from statistics import NormalDist

from floorctl.advice.known_ahead import Ahead
from floorctl.advice.service_times import ServiceTimes, Spread
from floorctl.models.board.appointments import MISSED_SHARE
from floorctl.models.day.floor import Floor

RUNS = 64
# So many of a lane are run forward one by one, and so many appointments ahead: more than a hall holds. Who stands behind
# them is called at the pace of the last half of these, so that no count, however large, makes work.
DRAWN = 200
# The order of calling is learned from the last so many with an appointment and without: a day of any size costs the same.
_TOLD_APART = 200
_PLACES = 64
_UNIT = NormalDist()
_Z90 = _UNIT.inv_cdf(0.9)
# A free desk calls within this; one that has stood free for longer while people wait calls in as long again (Lindy).
_CALLS_S = 30.0
# People come about so long before their appointment.
_EARLY_S = 360.0
# Nobody gives up in the first half hour of a wait [J]; after that, before the day has told, once in an hour of waiting.
_PATIENCE_S = 1800.0
_LEAVES_S = 3600.0
_SHORTEST_S = 15.0
# Half of what is not known of a day's lengths shows as one sd of the pace; with many cases this much is left.
_PACE_LOW = 0.08
# The spread of the logarithm that p90 is widened from is never believed to be smaller.
_SPREAD_LOW = 0.2
SHORTEST_P90_S = 60.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds still to wait: half of such people wait at most ``p50_s``, nine of ten at most ``p90_s``."""

    p50_s: int
    p90_s: int


@dataclass(frozen=True, slots=True)
class LaneWaits:
    """``each``: by ticket, everybody who waits; ``last``: the person now last in the lane, who of those that wait will be
    called last (None: nobody waits, or no desk works); ``coming``: who comes now (None: no desk works)."""

    lane: str
    last: Wait | None
    coming: Wait | None
    each: dict[str, Wait]


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk that calls in a lane: ``case`` is what it works on (None: free), for ``elapsed_s`` (or free so long while
    people wait); it opens in ``opens_s`` and closes in ``closes_s``."""

    terminal: str
    case: Spread | None
    elapsed_s: float
    opens_s: float = 0.0
    closes_s: float = inf


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the queue, or expected with an appointment (``ticket`` None).

    ``start_s``: when their wait begins, from now (the issue or the appointment if later); ``booked``: they go before
    walk-ins once that has come; ``here_s``: when they come.
    """

    ticket: str | None
    case: Spread
    start_s: float = 0.0
    booked: bool = False
    here_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A lane at an instant: who waits, in the order of calling; who is expected; the desks.

    ``people``: at most the first DRAWN of the ``total`` who wait; ``further``: those behind them who have a number, with
    their place from 0 (the others are known by a head count alone).
    ``usual``: a case of somebody of whom nothing is known; ``pace``: sd of the log of what all lengths may be wrong by;
    ``leaving``: hazard of giving up, per second beyond the first 20 minutes; ``strict``: due appointments are called
    before walk-ins (else all in the order in which their waits began, as this hall has done today).
    """

    lane: str
    people: tuple[Person, ...]
    expected: tuple[Person, ...]
    desks: tuple[Desk, ...]
    usual: Spread
    pace: float
    leaving: float
    strict: bool = True
    total: int = 0
    further: tuple[tuple[int, Person], ...] = ()

    @property
    def waiting(self) -> int:
        return max(self.total, len(self.people))

    @property
    def beyond(self) -> int:
        """How many wait behind those that are run forward."""
        return self.waiting - len(self.people)

    @property
    def last(self) -> Person | None:
        """Who stands last; None where nobody waits."""
        if self.beyond:
            return self.further[-1][1] if self.further else Person("", self.usual)
        return self.people[-1] if self.people else None

    def work_s(self) -> float:
        """What all who wait will take together, in seconds of a desk."""
        return sum(count * case.mean_s for case, count in self.cases())

    def cases(self) -> Iterator[tuple[Spread, int]]:
        """The cases of all who wait, in the order of calling: (length, of how many)."""
        yield from ((p.case, 1) for p in self.people)
        unnamed = self.beyond - len(self.further)
        if unnamed:
            yield self.usual, unnamed
        yield from ((p.case, 1) for _, p in self.further)


@dataclass(frozen=True, slots=True)
class Trust:
    """What the day has taught: ``stale``, which share of the runs does not believe the clocks of the desks; ``width``,
    how many spreads p90 lies above p50."""

    stale: float = 0.6
    width: float = 1.6


# ---- the scene ---------------------------------------------------------------------------------------------------------


def scene(floor: Floor, times: ServiceTimes, lane: str, now: datetime, ahead: Ahead) -> Scene:
    """The lane as it is on ``floor`` at ``now``."""
    site = floor.site
    usual = times.of(next((s.code for s in site.services if s.lane == lane), site.services[0].code))
    queue = sorted(floor.lanes[lane].tickets.values(), key=lambda t: floor.turn(t, now))
    # Persons whom only a head count knows were there before the numbers: they are called first.
    uncounted = floor.lanes[lane].uncounted
    people = [Person("", usual)] * min(uncounted, DRAWN)
    further: list[tuple[int, Person]] = []
    for place, t in enumerate(queue, uncounted):
        case = times.of(t.service, t.cards) if t.service else usual
        start = (t.wait_from - now).total_seconds() if t.wait_from else 0.0
        person = Person(t.number, case, start, floor.turn(t, now)[0] != 1)
        if place < DRAWN:
            people.append(person)
        else:
            further.append((place, person))
    service = next((s.code for s in site.services if s.appointment and s.lane == lane), None)
    expected = (
        tuple(
            Person(None, times.of(service, cards), due_s, True, max(0.0, due_s - _EARLY_S))
            for due, cards in sorted(ahead.booked.get(lane, ()))[:DRAWN]
            for due_s in [(due - now).total_seconds()]
        )
        if service is not None
        else ()
    )
    pace = max(_PACE_LOW, times.sigma[lane] / sqrt(times.cases[lane] + 4.0))
    return Scene(
        lane,
        tuple(people),
        expected,
        tuple(_desks(floor, times, lane, now, ahead, usual)),
        usual,
        pace,
        _leaving(floor, lane, now),
        _strict(floor, lane) if service is not None else True,
        uncounted + len(queue),
        tuple(further),
    )


def _desks(floor: Floor, times: ServiceTimes, lane: str, now: datetime, ahead: Ahead, usual: Spread) -> list[Desk]:
    tickets = floor.lanes[lane].tickets.values()
    longest = max(((now - t.issued_at).total_seconds() for t in tickets if t.issued_at), default=0.0)
    switch = float(floor.site.thresholds.switch_s)

    def seconds(at: datetime) -> float:
        return max(0.0, (at - now).total_seconds())

    desks = []
    for t in floor.terminals.values():
        state, goes_on = floor.state(t.code), (t.next_lane or t.lane) == lane
        closes = seconds(ahead.closes[t.code]) if t.code in ahead.closes else inf
        if not goes_on:
            continue
        if state == "serving":
            case = floor.tickets.get(t.ticket or "")
            spread = times.of(case.service, case.cards) if case is not None and case.service else usual
            since = case.serving_since if case is not None else None
            elapsed = (now - since).total_seconds() if since else 0.0
            if t.next_lane is None:
                desks.append(Desk(t.code, spread, elapsed, 0.0, closes))
            else:
                desks.append(Desk(t.code, None, 0.0, spread.left_mean_s(elapsed) + switch, closes))
        elif state == "free":
            idle = (now - t.since).total_seconds() if t.since else 0.0
            desks.append(Desk(t.code, None, max(0.0, min(idle, longest)), 0.0, closes))
    desks += [Desk(o.terminal, None, 0.0, seconds(o.at)) for o in ahead.opens.get(lane, ())]
    return desks


def _leaving(floor: Floor, lane: str, now: datetime) -> float:
    """How likely somebody gives up in a second of waiting beyond the first 20 minutes: today's own share, and before
    there is one, once in four hours of such waiting."""
    left, waited = 1.0, _LEAVES_S
    lane_of = {s.code: s.lane for s in floor.site.services}
    for t in floor.tickets.values():
        if t.left_by_count or (lane_of[t.service] if t.service is not None else floor.lane_of(t)) != lane:
            continue
        start = t.wait_from
        if start is None:
            continue
        end = t.called_at or t.ended_at or now
        beyond = (end - start).total_seconds() - _PATIENCE_S
        if beyond > 0:
            waited += beyond
        left += t.state == "left"
    return left / waited


def _strict(floor: Floor, lane: str) -> bool:
    """Whether this hall has called due appointments before walk-ins today, where both waited; so it is until it is seen
    otherwise (`Floor.turn`)."""
    booked = [
        t for t in floor.tickets.values() if t.due_at and t.issued_at and t.called_at and floor.lane_of(t) == lane
    ]
    walked = [
        t for t in floor.tickets.values() if not t.due_at and t.issued_at and t.called_at and floor.lane_of(t) == lane
    ]
    for told in (booked, walked):
        told.sort(key=lambda t: (t.called_at, t.number))
        del told[:-_TOLD_APART]
    before = after = 0
    for w in walked:
        for b in booked:
            assert w.issued_at and w.called_at and b.issued_at and b.called_at and b.wait_from
            # Both were there, the appointment was due, and the walk-in's wait had begun before.
            if w.issued_at < b.wait_from <= min(w.called_at, b.called_at):
                before, after = before + (b.called_at < w.called_at), after + (w.called_at < b.called_at)
    return before >= after


# ---- running it forward ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Numbers:
    """Common numbers of all runs: normals by run and place; by desk and run a level, a normal and a coin; by run and
    place how long somebody stays (standard exponential); the pace of each run (standard normal)."""

    normals: tuple[tuple[float, ...], ...]
    levels: tuple[tuple[float, ...], ...]
    desk_normals: tuple[tuple[float, ...], ...]
    coins: tuple[tuple[float, ...], ...]
    stays: tuple[tuple[float, ...], ...]
    paces: tuple[float, ...]


@cache
def _numbers() -> _Numbers:
    """Levels, coins and paces are stratified (one in each of RUNS equal parts, shuffled): few runs suffice."""
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


def _rests(desk: Desk, n: int, stale: float, usual: Spread, runs: int) -> list[float]:
    """When a desk calls next, in each run. ``stale``: share of runs that take its case to be anywhere (the rest of a case
    met at a random instant: its length biased by its length, times a uniform part)."""
    numbers = _numbers()
    n %= 16
    level, case, opens = numbers.levels[n][:runs], desk.case, desk.opens_s
    # A free desk is less in doubt than a clock: whoever stands at it can be seen.
    doubt = 0.0 if opens else stale if case is not None else stale / 2
    if doubt >= 1:
        believed = []
    elif case is not None:
        believed = case.left_quantiles_s(desk.elapsed_s, level)
    else:
        free = _CALLS_S if opens else max(_CALLS_S, desk.elapsed_s)
        believed = [opens + free * p / (1 - p) for p in level]
    if doubt <= 0:
        return believed
    anywhere = case or usual
    mu, sigma = anywhere.mu + anywhere.sigma**2, anywhere.sigma
    doubted = [p * exp(mu + sigma * z) for p, z in zip(level, numbers.desk_normals[n], strict=False)]
    if doubt >= 1:
        return doubted
    return [d if coin < doubt else b for d, b, coin in zip(doubted, believed, numbers.coins[n], strict=False)]


def run(scene: Scene, stale: float, coming: int = 0, runs: int = RUNS) -> list[list[float]]:
    """Seconds until each of those who wait is called, and ``coming`` people who come now: one sorted list a place.

    [] where no desk works. Who gives up before is passed over; their own list tells when they would have been called.
    """
    drawn = _drawn(scene, (stale,), coming, runs)
    return [sorted(place) for place in zip(*drawn[0], strict=True)] if drawn else []


def last_each(scene: Scene, stales: Sequence[float], runs: int = RUNS) -> tuple[Person, list[list[float]]] | None:
    """Who is called last (`last_of`, by the first of ``stales``) and their list for each of ``stales``; None where nobody
    waits, or no desk works. What does not depend on the doubt is drawn once."""
    drawn = _drawn(scene, stales, 0, runs) if scene.people else []
    if not drawn:
        return None
    if scene.beyond:
        assert scene.last is not None
        return scene.last, [sorted(_behind(calls, scene.waiting - 1) for calls in each) for each in drawn]
    # Without appointments nobody is called before who stands ahead of them, in whatever run.
    at = last_of([sorted(p) for p in zip(*drawn[0], strict=True)]) if _mixed(scene) else len(scene.people) - 1
    assert at is not None
    return scene.people[at], [sorted(calls[at] for calls in each) for each in drawn]


def _behind(calls: Sequence[float], place: int) -> float:
    """When the person at ``place`` (from 0), behind those of one run, is called: by the pace of their last half."""
    ordered = sorted(calls)
    last, half = len(ordered) - 1, len(ordered) // 2
    return ordered[last] + (place - last) * (ordered[last] - ordered[half]) / max(1, last - half)


def _mixed(scene: Scene) -> bool:
    """Whether appointments change the order of the queue."""
    return bool(scene.expected) or any(p.booked for p in scene.people)


def _drawn(scene: Scene, stales: Sequence[float], coming: int, runs: int) -> list[list[list[float]]]:
    """By doubt and run, the seconds until each is called; [] where no desk works."""
    if not scene.desks:
        return []
    # Who comes now to a lane that expects appointments comes for one: a walk-in would be told the whole day's wait.
    people = [*scene.people, *([Person(None, scene.usual, booked=bool(scene.expected))] * coming)]
    closes = [d.closes_s for d in scene.desks]
    closing = any(c != inf for c in closes)
    factors = [exp(scene.pace * pace) for pace in _numbers().paces[:runs]]
    mixed = _mixed(scene)
    patience = [(p.start_s, max(0.0, p.start_s + _PATIENCE_S)) for p in people]
    cases = [(p.case.mu, p.case.sigma) for p in people]
    lengths = [] if mixed else [_lengths(cases, factor, k) for k, factor in enumerate(factors)]
    booked = [(p.start_s, n, p.here_s) for n, p in enumerate(people) if p.booked]
    walked = [n for n, p in enumerate(people) if not p.booked]
    walked.reverse()
    found = []
    for stale in stales:
        rests = [_rests(d, n, stale, scene.usual, runs) for n, d in enumerate(scene.desks)]
        each = []
        for k, (factor, run_rests) in enumerate(zip(factors, zip(*rests, strict=True), strict=True)):
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
    """How long the case of each (mu, sigma) takes in a run where everybody has their turn."""
    return [factor * exp(mu + sigma * z) for (mu, sigma), z in zip(cases, cycle(_numbers().normals[k]), strict=False)]


def _take(free: list[tuple[float, int]], closes: list[float]) -> float:
    """When the next desk calls; desks that have closed by then are taken out, the last one stays."""
    while len(free) > 1 and free[0][0] >= closes[free[0][1]]:
        heappop(free)
    return free[0][0]


def _in_turn(
    scene: Scene, patience: list[tuple[float, float]], free: list[float], lengths: list[float], k: int
) -> list[float]:
    """One run of a queue without appointments ahead: everybody in their turn, for ``lengths`` seconds each. ``patience``:
    since when each waits, and when they begin to think of leaving. ``free``: when each desk calls; which one does is all
    the same here."""
    heapify(free)
    hazard = scene.leaving
    calls = []
    stays = cycle(_numbers().stays[k])
    for (start, tires), length, stay in zip(patience, lengths, stays, strict=False):
        at = free[0]
        calls.append(at)
        if at - start > _PATIENCE_S and stay < hazard * (at - tires):
            continue  # they have given up before
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
    """As ``_in_turn`` where desks close: then it matters which one calls."""
    hazard = scene.leaving
    calls = []
    stays = cycle(_numbers().stays[k])
    for (start, tires), length, stay in zip(patience, lengths, stays, strict=False):
        at = _take(free, closes)
        calls.append(at)
        if at - start > _PATIENCE_S and stay < hazard * (at - tires):
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
    """One run of a queue with appointments: who is due goes first, then walk-ins, then who has come too early.

    ``desks``: when each calls, as a heap, and when they close, if any does; ``queue``: who has an appointment (when it
    is, which of ``people``, from when they are here), and the others, the last to be called first.
    """
    numbers = _numbers()
    normals, stays, hazard = numbers.normals[k], numbers.stays[k], scene.leaving
    free, closes = desks
    kept = numbers.levels[15]
    # Not everybody keeps an appointment: in each run others do not.
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
            # Nobody is here whom the desk could call: it waits for the next to come.
            heapreplace(free, (min(x[2] for x in booked), free[0][1]))
            continue
        person = people[n] if n >= 0 else scene.expected[-1 - n]
        if n >= 0:
            calls[n] = at
            left -= 1
            start, tires = patience[n]
            if at - start > _PATIENCE_S and stays[n % _PLACES] < hazard * (at - tires):
                continue
        heapreplace(
            free, (at + factor * exp(person.case.mu + person.case.sigma * normals[drawn % _PLACES]), free[0][1])
        )
        drawn += 1
    return calls


# ---- what is said ------------------------------------------------------------------------------------------------------


def said(median_s: float, p90_s: float, width: float) -> Wait:
    """A wait as it is told, from the quantiles of the runs: the median, and p90 as wide as the day has taught."""
    median = max(_SHORTEST_S, median_s)
    sd = max(_SPREAD_LOW, log(max(median, p90_s) / median) / _Z90)
    return Wait(int(median), int(max(SHORTEST_P90_S, median * exp(sd * width))))


def _said(place: list[float], width: float) -> Wait:
    return said(quantile(place, 0.5), quantile(place, 0.9), width)


def quantile(place: list[float], p: float) -> float:
    """A quantile of a sorted list."""
    return place[min(len(place) - 1, int(p * len(place)))]


def lane_waits(scene: Scene, trust: Trust) -> LaneWaits:
    """What is said of a lane."""
    if scene.beyond:
        return _long_lane(scene, trust)
    places = run(scene, trust.stale, coming=1)
    if not places:
        return LaneWaits(scene.lane, None, None, {})
    each = {p.ticket: _said(place, trust.width) for p, place in zip(scene.people, places, strict=False) if p.ticket}
    at = last_of(places[: scene.waiting])
    last = None if at is None else _said(places[at], trust.width)
    return LaneWaits(scene.lane, last, _said(places[-1], trust.width), each)


def _long_lane(scene: Scene, trust: Trust) -> LaneWaits:
    """What is said of a lane in which more wait than are run forward."""
    drawn = _drawn(scene, (trust.stale,), 1, RUNS)
    if not drawn:
        return LaneWaits(scene.lane, None, None, {})
    *places, coming = [sorted(place) for place in zip(*drawn[0], strict=True)]
    n = len(places)
    each = {p.ticket: _said(place, trust.width) for p, place in zip(scene.people, places, strict=True) if p.ticket}

    def behind(place: int) -> list[float]:
        return sorted(_behind(calls[:n], place) for calls in drawn[0])

    last_place = scene.waiting - 1
    first, last = _said(behind(n), trust.width), _said(behind(last_place), trust.width)
    # Between the first and the last of them by their place: one calculation however many they are.
    for place, p in scene.further:
        share = (place - n) / max(1, last_place - n)
        p50, p90 = (int(a + (b - a) * share) for a, b in ((first.p50_s, last.p50_s), (first.p90_s, last.p90_s)))
        each[p.ticket or ""] = Wait(p50, p90)
    # Who comes for an appointment goes before walk-ins; anybody else stands behind them all.
    told = coming if scene.expected else behind(scene.waiting)
    return LaneWaits(scene.lane, last, _said(told, trust.width), each)


def waits(
    floor: Floor, times: ServiceTimes, now: datetime, ahead: Ahead, trust: Mapping[str, Trust]
) -> dict[str, LaneWaits]:
    """The waits of every lane of the site at ``now``; ``trust`` by lane (`advice.watch`)."""
    return {
        lane.code: lane_waits(scene(floor, times, lane.code, now, ahead), trust.get(lane.code, Trust()))
        for lane in floor.site.lanes
    }


def last_of(places: list[list[float]]) -> int | None:
    """Which place is called last, by its median. Without appointments it is the last; with them, who has come too early
    may go before who has come after."""
    return max(range(len(places)), key=lambda n: (quantile(places[n], 0.5), n), default=None)
