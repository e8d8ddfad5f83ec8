"""Expect the share of the day's people who wait at most the target: those so far, those who wait, those to come. Pure.

Who waits now by their predicted wait; who is to come by the model of the windows needed (`advice.window_runs`), with the
windows that the plan staffs. The interval is that of the arrivals and service times (80 %), in all lanes at once. Nobody is
taken to leave. Accuracy: docs/advice.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, time
from math import hypot, log, sqrt
from statistics import NormalDist

from floorctl.advice.arrivals import Demand
from floorctl.advice.known_ahead import Ahead
from floorctl.advice.service_times import ServiceTimes
from floorctl.advice.waits import LaneWaits, Trust, Wait
from floorctl.advice.window_runs import FEW, HalfAhead, LaneAhead, LaneRuns
from floorctl.advice.windows_needed import lane_ahead
from floorctl.common.clock import HALF_HOUR, JST, half_hour_of
from floorctl.common.frozen import frozen
from floorctl.models.board.breaks import break_states, has_taken
from floorctl.models.board.needed import Needed
from floorctl.models.board.target_kept import Kept, together
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

_Z90 = NormalDist().inv_cdf(0.9)
_UNIT = NormalDist()
_SHORTEST_SPREAD = 0.1
_TOGETHER = 8.0  # variance of a share against that of people who wait apart [J]
_FROM, _UNTIL = time(11), time(15)  # breaks are taken between these, as the halls simulated here do


@frozen
class Expected:
    """Share expected of the whole day, from 0.0 to 1.0, with its interval; ``people``: expected number of whom it is decided.

    ``hours``: by hour the share of those who are still to come in it.
    """

    share: float
    low: float
    high: float
    people: float
    hours: dict[int, float] = field(default_factory=dict)


def expected(
    floor: Floor,
    times: ServiceTimes,
    demand: Demand,
    ahead: Ahead,
    waits: Mapping[str, LaneWaits],
    windows: Needed,
    now: datetime,
    so_far: Mapping[str, Kept],
    trust: Mapping[str, Trust] = {},
) -> Expected | None:
    """Return the share expected of the day; None where the figures of a lane that is worked are withheld, or no windows known.

    ``windows``: as planned, by half hour; empty where nothing tells who stands where. ``so_far``: what is decided at ``now``; who is to come in lanes that
    no forecast knows is left out.
    """
    lanes = [lane for lane in floor.site.worked_lanes if lane in demand.lanes]
    if not lanes or not windows or any(lane in ahead.grounds.withheld for lane in lanes):
        return None
    known = together(so_far.values())
    # Within and all: expected, with few and with many arrivals.
    sums = [[float(known.within), float(known.of)] for _ in range(3)]
    hours: dict[int, list[float]] = {}
    for lane in lanes:
        mine = trust.get(lane, Trust())
        seen = lane_ahead(floor, times.longer(mine.longer), demand, lane, now, ahead, mine)
        within, of = _waiting(floor, lane, waits.get(lane), now, seen.target_s)
        starts = [h.start for h in demand.lanes[lane].halves if h.end > now]
        for total, p in zip(sums, (0.5, FEW, 1 - FEW), strict=True):
            total[0] += within
            total[1] += of
            for start, kept, people in _coming(
                seen if p == 0.5 else seen.at_quantile(p), windows.get(lane, ()), starts
            ):
                total[0] += kept
                total[1] += people
                if p == 0.5:
                    hour = hours.setdefault(start.hour, [0.0, 0.0])
                    hour[0] += kept
                    hour[1] += people
    if not sums[0][1]:
        return None
    share, *others = (within / of if of else 1.0 for within, of in sums)
    chance = _Z90 * _chance_sd(sums[0], known)
    low, high = (hypot(d, chance) for d in (share - min(share, *others), max(share, *others) - share))
    by_hour = {hour: kept / people for hour, (kept, people) in sorted(hours.items()) if people >= 1}
    return Expected(share, max(0.0, share - low), min(1.0, share + high), sums[0][1], by_hour)


def _chance_sd(expected: Sequence[float], known: Kept) -> float:
    """Return the sd of the day's share by chance alone, of those who are not decided yet; people wait together."""
    within, of = (max(0.0, x - k) for x, k in zip(expected, (known.within, known.of), strict=True))
    p = (within + 1) / (of + 2)  # nobody is sure of a share of one
    return sqrt(_TOGETHER * of * p * (1 - p)) / expected[1]


def less_breaks(floor: Floor, register: Register, now: datetime, windows: Needed) -> Needed:
    """Return the planned windows without the breaks that people at them are owed and that nobody has planned.

    Spread evenly over the rest of the hours of breaks, those outside a lane's reception too, where it costs no window; each
    half hour keeps one. A break that runs is in the plan already, and who stands in for it leaves no window of their own.
    """
    states, found = break_states(floor, register, now), {}
    rested = {floor.placed[code][1] for code, b in states.items() if b.on_break and code in floor.placed}
    to_come = {x for x, p in floor.planned_breaks.items() if not has_taken(floor, states.get(x), p)}
    apart = {t.staff for t in floor.terminals.values() if t.code in rested} | to_come
    first, until = (datetime.combine(floor.day, x, JST) for x in (_FROM, _UNTIL))
    hours = max(1, (until - max(half_hour_of(now), first)) // HALF_HOUR)
    for lane, halves in windows.items():
        people = [t.staff for t in floor.terminals.values() if t.staff and (t.next_lane or t.lane) == lane]
        owed_s = sum(states[x].short_s for x in people if x in states and x not in apart)
        within = [n for n, (start, end, _) in enumerate(halves) if end > now and _FROM <= start.time() < _UNTIL]
        each = owed_s / 1800 / hours
        left, due = {n: halves[n][2] for n in within}, 0.0
        for n in within:
            due += each
            while due >= 0.5 and left[n] > 1:
                left[n], due = left[n] - 1, due - 1
        found[lane] = tuple((a, b, left.get(n, k)) for n, (a, b, k) in enumerate(halves))
    return found


def _waiting(floor: Floor, lane: str, waits: LaneWaits | None, now: datetime, target_s: float) -> tuple[float, float]:
    """Return how many who wait, of whom nothing is decided yet, are expected to be called within the target, and all of them."""
    within = of = 0.0
    for number, wait in (waits.each if waits is not None else {}).items():
        t = floor.lanes[lane].tickets.get(number)
        if t is None or t.wait_from is None or t.called_at is not None:
            continue
        left = target_s - (now - t.wait_from).total_seconds()
        if left >= 0:
            within, of = within + _chance(wait, left), of + 1
    return within, of


def _chance(wait: Wait, left_s: float) -> float:
    """Return the probability that a wait lasts at most so long, lognormal between its quantiles."""
    p90 = wait.p90_s if wait.p90_s is not None else wait.p50_s
    sd = max(_SHORTEST_SPREAD, log(max(1.0, p90) / max(1.0, wait.p50_s)) / _Z90)
    return _UNIT.cdf(log(max(1.0, left_s) / max(1.0, wait.p50_s)) / sd)


def _coming(
    seen: LaneAhead, windows: Sequence[tuple[datetime, datetime, int]], starts: Sequence[datetime]
) -> Iterator[tuple[datetime, float, float]]:
    """Yield each half hour, of ``starts``, with the people expected in it who wait at most the target, and all of them.

    ``windows``: as planned.
    """
    if not seen.halves:
        return
    there = {start: n for start, _, n in windows}
    planned = [there.get(start, 0) for start in starts]
    # A half hour of no length holds who waits now apart from those who come.
    waits = LaneRuns(seen.replace(halves=(HalfAhead(0.0, 0.0, 0.0), *seen.halves))).played([planned[0], *planned])[1:]
    for start, half, drawn in zip(starts, seen.halves, waits, strict=True):
        within = sum(w <= seen.target_s for w in drawn) / len(drawn) if drawn else 1.0
        yield start, half.persons * within, half.persons
