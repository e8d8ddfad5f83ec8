"""How long each person has still to wait, as p50 and p90, and what the next to come will wait. Pure and deterministic.

The lane is run forward many times with common seeded numbers: each desk frees when its present case ends, takes the next
in the order of calling, and so on. How far the clocks of the desks are to be believed, and how wide p90 must be, is
learned on the day itself (`advice.calibration`). Method, sources and figures: docs/advice.md, "Predicted waits".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import exp, log
from statistics import NormalDist

from floorctl.advice.known_ahead import Ahead
from floorctl.advice.lane_scene import Scene, scene
from floorctl.advice.run_forward import RUNS, SHORTEST_S, call_behind, call_times, last_of, quantile, run
from floorctl.advice.service_times import ServiceTimes
from floorctl.models.day.floor import Floor

_Z90 = NormalDist().inv_cdf(0.9)
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
class Trust:
    """What the day has taught: ``stale``, which share of the runs does not believe the clocks of the desks; ``width``,
    how many spreads p90 lies above p50."""

    stale: float = 0.6
    width: float = 1.6


def said(median_s: float, p90_s: float, width: float) -> Wait:
    """A wait as it is told, from the quantiles of the runs: the median, and p90 as wide as the day has taught."""
    median = max(SHORTEST_S, median_s)
    sd = max(_SPREAD_LOW, log(max(median, p90_s) / median) / _Z90)
    return Wait(int(median), int(max(SHORTEST_P90_S, median * exp(sd * width))))


def _said(place: list[float], width: float) -> Wait:
    return said(quantile(place, 0.5), quantile(place, 0.9), width)


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
    drawn = call_times(scene, (trust.stale,), 1, RUNS)
    if not drawn:
        return LaneWaits(scene.lane, None, None, {})
    *places, coming = [sorted(place) for place in zip(*drawn[0], strict=True)]
    n = len(places)
    each = {p.ticket: _said(place, trust.width) for p, place in zip(scene.people, places, strict=True) if p.ticket}

    def behind(place: int) -> list[float]:
        return sorted(call_behind(calls[:n], place) for calls in drawn[0])

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
    """The waits of every lane of the site at ``now``; ``trust`` by lane (`advice.calibration`)."""
    return {
        lane.code: lane_waits(scene(floor, times, lane.code, now, ahead), trust.get(lane.code, Trust()))
        for lane in floor.site.lanes
    }
