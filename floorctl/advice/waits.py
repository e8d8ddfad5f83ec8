"""Predict how long each person still has to wait, and the next arrival, as p50 and p90. Pure and deterministic.

The lane is simulated many times with common random numbers (`run_forward`). How far elapsed service times are trusted,
and how wide p90 must be, is learned on the day itself (`advice.calibration`). Method, sources and figures:
docs/advice.md, "Predicted waits".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import exp, inf, log
from statistics import NormalDist

from floorctl.advice.known_ahead import Ahead, closes_at
from floorctl.advice.lane_scene import LATEST_CALL_S, Scene, scene
from floorctl.advice.run_forward import RUNS, SHORTEST_S, call_behind, call_times, last_of, quantile, run
from floorctl.advice.service_times import ServiceTimes
from floorctl.common.frozen import Record, frozen
from floorctl.models.board.outlook import Coming
from floorctl.models.day.floor import Floor

_Z90 = NormalDist().inv_cdf(0.9)
# Lower limit of the log spread from which p90 is computed.
_SPREAD_LOW = 0.2
SHORTEST_P90_S = 60.0


@frozen
class Wait:
    """Predicted wait in seconds: median and 90th percentile; ``p90_s`` None: it lies beyond the hall's closing."""

    p50_s: int
    p90_s: int | None


@frozen
class LaneWaits(Record):
    """Predicted waits of a lane.

    ``last``: of the person who will be called last (None: nobody waits, or the figures are withheld), ``last_ticket``:
    their number, if they hold one; ``coming``: of a person who arrives now, without an appointment where others have
    one (None: withheld); ``booked``: of one who arrives now with an appointment that is due (None where none come);
    ``each``: by ticket. A median beyond the hall's closing is None, or left out of ``each``. ``late``: the last person
    may have to wait beyond the closing, that is in one case of ten or more. ``both``: appointments and walk-ins come.
    ``counted``: of the first of those whom a head count found, in the order of calling.
    """

    lane: str
    last: Wait | None
    coming: Wait | None
    each: dict[str, Wait]
    late: bool = False
    booked: Wait | None = None
    last_ticket: str | None = None
    both: bool = False
    counted: tuple[Wait | None, ...] = ()

    @property
    def arrivals(self) -> Coming:
        """Return the waits of who arrives now, for the board, the entrance and the hall's page."""
        one, other = self.coming, self.booked
        return Coming(
            one.p50_s if one else None,
            other.p50_s if other else None,
            self.both,
            one.p90_s if one else None,
            other.p90_s if other else None,
        )

    def until(self, left_s: float) -> LaneWaits:
        """Return these waits without what lies beyond the hall's closing in ``left_s`` seconds."""
        each = {t: told for t, w in self.each.items() if (told := _within(w, left_s)) is not None}
        last = _within(self.last, left_s)
        late = self.last is not None and (last is None or last.p90_s is None)
        return self.replace(
            last=last,
            coming=_within(self.coming, left_s),
            booked=_within(self.booked, left_s),
            each=each,
            late=late,
            counted=tuple(_within(w, left_s) for w in self.counted),
        )


def _within(wait: Wait | None, left_s: float) -> Wait | None:
    if wait is None or wait.p50_s > left_s:
        return None
    return wait if wait.p90_s is not None and wait.p90_s <= left_s else Wait(wait.p50_s, None)


@frozen
class Trust:
    """Calibration of a lane on the day.

    ``stale``: share of the runs that ignore elapsed service times; ``width``: distance of p90 from p50 in standard
    normal deviations of the log; ``longer``: how much longer than for the case
    a terminal is kept for each person of the queue, as a difference of logarithms; ``centre``: distance of p50 from the
    runs' median, in deviations.
    """

    stale: float = 0.6
    width: float = 1.6
    longer: float = 0.0
    centre: float = 0.0


def calibrated(median_s: float, p90_s: float, trust: Trust) -> tuple[int, int]:
    """Return p50 and p90 in seconds, in deviations of the runs' log spread: ``centre`` from their median, ``width`` from p50."""
    median = max(SHORTEST_S, median_s)
    sd = max(_SPREAD_LOW, log(max(median, p90_s) / median) / _Z90)
    median = max(SHORTEST_S, median * exp(sd * trust.centre))
    return int(median), int(max(SHORTEST_P90_S, median * exp(sd * trust.width)))


def _calibrated(place: list[float], trust: Trust) -> tuple[int, int]:
    return calibrated(quantile(place, 0.5), quantile(place, 0.9), trust)


def lane_waits(scene: Scene, trust: Trust, left_s: float = inf) -> LaneWaits:
    """Predict the waits of a lane; ``left_s`` until the hall closes."""
    if scene.beyond:
        return _long_lane(scene, trust)
    places = run(scene, trust.stale, arrives=True)
    if not places:
        return LaneWaits(scene.lane, None, None, {})
    each = {p.ticket: _wait(place, trust) for p, place in zip(scene.people, places, strict=False) if p.ticket}
    at = last_of(places[: scene.waiting])
    last, ticket = (None, None) if at is None else (_wait(places[at], trust), scene.people[at].ticket)
    if last is not None and scene.waiting <= sum(d.case is None and not d.opens_s for d in scene.desks):
        last = _beside_a_free_one(last, left_s)
        each = {t: _beside_a_free_one(w, left_s) for t, w in each.items()}
    _in_turn(scene, each)
    booked = _wait(places[-2], trust) if scene.both else None
    return LaneWaits(
        scene.lane,
        last,
        _wait(places[-1], trust),
        each,
        booked=booked,
        last_ticket=ticket,
        both=scene.both,
        counted=_counted(scene, places, trust),
    )


def _in_turn(scene: Scene, each: dict[str, Wait]) -> None:
    """Lower both figures to those of the next person of the same kind, who is called later in every run.

    The spread of a person between two appointments has two peaks, which the calibration would stretch beyond the queue.
    """
    for booked in (False, True):
        p50: int | None = None
        later: int | None = None
        for p in reversed(scene.people):
            if p.booked == booked and p.ticket and (w := each[p.ticket]).p90_s is not None:
                p50 = w.p50_s if p50 is None else min(w.p50_s, p50)
                later = w.p90_s if later is None else max(p50, min(w.p90_s, later))
                each[p.ticket] = Wait(p50, later)


def _counted(scene: Scene, places: list[list[float]], trust: Trust) -> tuple[Wait, ...]:
    return tuple(_wait(place, trust) for p, place in zip(scene.people, places, strict=False) if p.ticket == "")


def _beside_a_free_one(wait: Wait, left_s: float) -> Wait:
    """Return the wait of a person for whom a terminal is free: they are called today, and not hours later."""
    longest = max(wait.p50_s, int(min(LATEST_CALL_S, left_s)))
    return wait if wait.p90_s is None else Wait(wait.p50_s, min(wait.p90_s, longest))


def _wait(place: list[float], trust: Trust) -> Wait:
    return Wait(*_calibrated(place, trust))


def _long_lane(scene: Scene, trust: Trust) -> LaneWaits:
    """Predict the waits of a lane in which more people wait than are simulated."""
    drawn = call_times(scene, (trust.stale,), RUNS, arrives=True)
    if not drawn:
        return LaneWaits(scene.lane, None, None, {})
    places, n = [sorted(place) for place in zip(*drawn[0], strict=True)], len(scene.people)
    each = {p.ticket: _wait(place, trust) for p, place in zip(scene.people, places, strict=False) if p.ticket}

    def behind(place: int) -> list[float]:
        return sorted(call_behind(calls[:n], place) for calls in drawn[0])

    last_place = scene.waiting - 1
    first, last = _calibrated(behind(n), trust), _calibrated(behind(last_place), trust)
    # Interpolate by place between the first and the last of them: cost is bounded.
    for place, p in scene.further:
        share = (place - n) / max(1, last_place - n)
        p50, p90 = (int(a + (b - a) * share) for a, b in zip(first, last, strict=True))
        each[p.ticket or ""] = Wait(p50, p90)
    # An arrival with an appointment goes before walk-ins; any other goes to the end.
    booked = _wait(places[-2], trust) if scene.both else None
    ticket = scene.last.ticket or None if scene.last is not None else None
    return LaneWaits(
        scene.lane,
        Wait(*last),
        _wait(behind(scene.waiting), trust),
        each,
        booked=booked,
        last_ticket=ticket,
        both=scene.both,
        counted=_counted(scene, places, trust),
    )


def waits(
    floor: Floor, times: ServiceTimes, now: datetime, ahead: Ahead, trust: Mapping[str, Trust]
) -> dict[str, LaneWaits]:
    """Predict the waits of every lane of the site at ``now``: none beyond the hall's closing (contract 6).

    Nor any of a lane whose figures are withheld. ``trust``: calibration by lane (`advice.calibration`).
    """
    left_s = (closes_at(floor) - now).total_seconds()
    found = {}
    for code in (lane.code for lane in floor.site.lanes):
        if code in ahead.grounds.withheld:
            found[code] = LaneWaits(code, None, None, {})
            continue
        mine = trust.get(code, Trust())
        seen = scene(floor, times.longer(mine.longer), code, now, ahead)
        found[code] = lane_waits(seen, mine, left_s).until(left_s)
    return found
