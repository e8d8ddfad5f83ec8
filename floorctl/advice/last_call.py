"""Compute the last call: whether all who wait and are still expected can be served before the hall closes. Pure.

Expected work against the terminals' remaining time, both in terminal-seconds. If it exceeds it, also return the latest
arrival that can still be served.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from floorctl.advice.arrivals import Demand, LaneDemand
from floorctl.advice.known_ahead import Ahead, closes_at
from floorctl.advice.lane_scene import scene
from floorctl.advice.service_times import ServiceTimes
from floorctl.common.frozen import frozen
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor

_GRID = timedelta(minutes=5)


@frozen
class Closing:
    """End of a lane's day: ``ends``, its reception; ``closes``, the hall; ``desks`` that work or will.

    ``coming`` people are still expected (80 % interval ``low`` to ``high``); ``servable`` of all can be served,
    ``short`` of those waiting and expected cannot, ``short_at_most`` if ``high`` arrive. ``stop_at``: the latest
    arrival that can be served (None: everybody can).
    """

    lane: str
    ends: datetime
    closes: datetime
    desks: int
    waiting: int
    coming: float
    low: int
    high: int
    servable: int
    short: int
    short_at_most: int
    stop_at: datetime | None


def closing(
    floor: Floor, times: ServiceTimes, demand: Demand, ahead: Ahead, lane: str, now: datetime
) -> Closing | None:
    """Return the last call of a lane.

    None on a day that is not open, after the hall has closed, and for a lane without a service.
    """
    closes = closes_at(floor)
    expected = demand.lanes[lane]
    if not floor.is_open or now >= closes or not expected.mix:
        return None
    seen = scene(floor, times, lane, now, ahead)
    left = (closes - now).total_seconds()
    capacity = 0.0
    for d in seen.desks:
        busy = d.case.left_mean_s(d.elapsed_s) if d.case is not None else d.opens_s
        capacity += max(0.0, min(left, d.closes_s) - busy)
    each = sum(share * times.of(service).mean_s for service, share in expected.mix.items())
    waiting = seen.work_s()
    if waiting > capacity:
        servable, left_s = 0, capacity
        for case, count in seen.cases():
            taken = min(count, int(left_s / case.mean_s))
            servable, left_s = servable + taken, left_s - taken * case.mean_s
            if taken < count:
                break
    else:
        servable = seen.waiting + int((capacity - waiting) / each)
    short = max(0, seen.waiting + round(expected.rest) - servable)
    at_most = max(short, seen.waiting + expected.rest_high - servable)
    from_when = stop_at(expected, now, max(0.0, (capacity - waiting) / each)) if short else None
    ends = lane_hours(floor, lane)[1]
    return Closing(
        lane,
        ends,
        closes,
        len(seen.desks),
        seen.waiting,
        expected.rest,
        expected.rest_low,
        expected.rest_high,
        servable,
        short,
        at_most,
        from_when,
    )


def stop_at(expected: LaneDemand, now: datetime, room: float) -> datetime:
    """Return when the expected arrivals reach ``room`` persons, rounded down to five minutes."""
    at = now
    end = expected.halves[-1].end
    while at < end and expected.between(now, at + _GRID) <= room:
        at += _GRID
    return at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
