"""Predict how long each person still has to wait, and the next arrival, as p50 and p90. Pure and deterministic.

The lane is simulated many times with common random numbers (`run_forward`). How far elapsed service times are trusted,
and how wide p90 must be, is learned on the day itself (`advice.calibration`). Method, sources and figures:
docs/advice.md, "Predicted waits".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import exp, log
from statistics import NormalDist

from floorctl.advice.known_ahead import Ahead
from floorctl.advice.lane_scene import Scene, scene
from floorctl.advice.run_forward import RUNS, SHORTEST_S, call_behind, call_times, last_of, quantile, run
from floorctl.advice.service_times import ServiceTimes
from floorctl.common.frozen import frozen
from floorctl.models.day.floor import Floor

_Z90 = NormalDist().inv_cdf(0.9)
# Lower limit of the log spread from which p90 is computed.
_SPREAD_LOW = 0.2
SHORTEST_P90_S = 60.0


@frozen
class Wait:
    """Predicted wait in seconds: median and 90th percentile."""

    p50_s: int
    p90_s: int


@frozen
class LaneWaits:
    """Predicted waits of a lane.

    ``last``: of the person who will be called last (None: nobody waits, or the figures are withheld); ``coming``: of a
    person who arrives now (None: withheld); ``each``: by ticket.
    """

    lane: str
    last: Wait | None
    coming: Wait | None
    each: dict[str, Wait]


@frozen
class Trust:
    """Calibration of a lane on the day.

    ``stale``: share of the runs that ignore elapsed service times; ``width``: distance of p90 from p50 in standard
    normal deviations of the log.
    """

    stale: float = 0.6
    width: float = 1.6


def calibrated(median_s: float, p90_s: float, width: float) -> Wait:
    """Return the predicted wait: the runs' median, and p90 at ``width`` deviations of their log spread above it."""
    median = max(SHORTEST_S, median_s)
    sd = max(_SPREAD_LOW, log(max(median, p90_s) / median) / _Z90)
    return Wait(int(median), int(max(SHORTEST_P90_S, median * exp(sd * width))))


def _calibrated(place: list[float], width: float) -> Wait:
    return calibrated(quantile(place, 0.5), quantile(place, 0.9), width)


def lane_waits(scene: Scene, trust: Trust) -> LaneWaits:
    """Predict the waits of a lane."""
    if scene.beyond:
        return _long_lane(scene, trust)
    places = run(scene, trust.stale, coming=1)
    if not places:
        return LaneWaits(scene.lane, None, None, {})
    each = {
        p.ticket: _calibrated(place, trust.width) for p, place in zip(scene.people, places, strict=False) if p.ticket
    }
    at = last_of(places[: scene.waiting])
    last = None if at is None else _calibrated(places[at], trust.width)
    return LaneWaits(scene.lane, last, _calibrated(places[-1], trust.width), each)


def _long_lane(scene: Scene, trust: Trust) -> LaneWaits:
    """Predict the waits of a lane in which more people wait than are simulated."""
    drawn = call_times(scene, (trust.stale,), 1, RUNS)
    if not drawn:
        return LaneWaits(scene.lane, None, None, {})
    *places, coming = [sorted(place) for place in zip(*drawn[0], strict=True)]
    n = len(places)
    each = {
        p.ticket: _calibrated(place, trust.width) for p, place in zip(scene.people, places, strict=True) if p.ticket
    }

    def behind(place: int) -> list[float]:
        return sorted(call_behind(calls[:n], place) for calls in drawn[0])

    last_place = scene.waiting - 1
    first, last = _calibrated(behind(n), trust.width), _calibrated(behind(last_place), trust.width)
    # Interpolate by place between the first and the last of them: cost is bounded.
    for place, p in scene.further:
        share = (place - n) / max(1, last_place - n)
        p50, p90 = (int(a + (b - a) * share) for a, b in ((first.p50_s, last.p50_s), (first.p90_s, last.p90_s)))
        each[p.ticket or ""] = Wait(p50, p90)
    # An arrival with an appointment goes before walk-ins; any other goes to the end.
    arriving = coming if scene.expected else behind(scene.waiting)
    return LaneWaits(scene.lane, last, _calibrated(arriving, trust.width), each)


def waits(
    floor: Floor, times: ServiceTimes, now: datetime, ahead: Ahead, trust: Mapping[str, Trust]
) -> dict[str, LaneWaits]:
    """Predict the waits of every lane of the site at ``now``; of a lane whose figures are withheld, none.

    ``trust``: calibration by lane (`advice.calibration`).
    """
    return {
        lane.code: LaneWaits(lane.code, None, None, {})
        if lane.code in ahead.grounds.withheld
        else lane_waits(scene(floor, times, lane.code, now, ahead), trust.get(lane.code, Trust()))
        for lane in floor.site.lanes
    }
