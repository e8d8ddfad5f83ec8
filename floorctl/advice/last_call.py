"""Compute the last call: whether all who wait and are still expected can be served before the hall closes. Pure.

Expected work against the terminals' remaining time, both in terminal-seconds. If it exceeds it, also return the latest
arrival that can still be served.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from floorctl.advice.arrivals import Demand, LaneDemand
from floorctl.advice.known_ahead import Ahead, closes_at
from floorctl.advice.lane_scene import scene
from floorctl.advice.service_times import ServiceTimes
from floorctl.common.frozen import Record, frozen
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor

FEWEST = 2  # persons left over: a single one is served somehow
SEEN = timedelta(hours=2)  # of reception: before, the arrivals are too uncertain
_GRID = timedelta(minutes=5)


@frozen
class Closing(Record):
    """End of a lane's day: ``ends``, its reception; ``closes``, the hall; ``desks`` that work or will.

    ``coming`` people are still expected (80 % interval ``low`` to ``high``); ``servable`` of all can be served at the
    lane's own terminals and ``help`` more at those of other lanes. ``short`` of those waiting and expected cannot,
    ``short_at_most`` if ``high`` arrive. ``stop_at``: the latest arrival that can be served (None: everybody can).
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
    each_s: float
    help: int = 0

    def left_over(self, begins: datetime, now: datetime) -> int:
        """Return how many are left over for certain: even if few arrive, who count once the day from ``begins`` is seen."""
        return self.waiting + (self.low if now >= begins + SEEN else 0) - self.servable - self.help

    @property
    def may_give(self) -> int:
        """Return how many who come from now on can be served."""
        return max(0, self.servable + self.help - self.waiting)


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
        each,
    )


def with_help(closings: Sequence[Closing], demand: Demand, movable: Sequence[str], now: datetime) -> list[Closing]:
    """Return last calls in which the spare time of other lanes' terminals counts: beyond their queue and upper bound."""
    spare_s = {c.lane: max(0, c.servable - c.waiting - c.high) * c.each_s for c in closings if c.lane in movable}
    found = []
    for c in closings:
        others = sum(s for lane, s in spare_s.items() if lane != c.lane) if c.lane in movable else 0.0
        more = int(others / c.each_s)
        if more and c.short:
            short = max(0, c.short - more)
            room = max(0.0, float(c.servable + more - c.waiting))
            c = c.replace(
                help=more,
                short=short,
                short_at_most=max(short, c.short_at_most - more),
                stop_at=stop_at(demand.lanes[c.lane], now, room) if short else None,
            )
        found.append(c)
    return found


def stop_at(expected: LaneDemand, now: datetime, room: float) -> datetime:
    """Return when the expected arrivals reach ``room`` persons, rounded down to five minutes."""
    at = now
    end = expected.halves[-1].end
    while at < end and expected.between(now, at + _GRID) <= room:
        at += _GRID
    return at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
