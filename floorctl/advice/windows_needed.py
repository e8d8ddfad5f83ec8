"""Windows needed by half hour and lane, so that nine of ten wait at most the target. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime

from floorctl.advice.arrivals import Demand, HalfHour, LaneDemand
from floorctl.advice.hall_view import Waiting
from floorctl.advice.known_ahead import Ahead
from floorctl.advice.lane_scene import scene
from floorctl.advice.run_forward import rests as own_rests
from floorctl.advice.service_times import ServiceTimes, between_s
from floorctl.advice.waits import Trust
from floorctl.advice.window_runs import FEW, RUNS, HalfAhead, LaneAhead, fewest
from floorctl.common.frozen import frozen
from floorctl.models.day.floor import Floor
from floorctl.models.site.site import Site

MOST_BEHIND = 400  # people behind those who are drawn one by one: with more of them all terminals are too few anyway


@frozen
class HalfNeed:
    """Windows needed in a half hour of a lane: the fewest with which nine of ten of its ``persons`` wait at most the target.

    ``persons``: who still comes in it, expected. ``short``: not even all terminals of the lane, ``needed`` then, are enough.
    """

    start: datetime
    end: datetime
    persons: float
    needed: int
    short: bool = False


@frozen
class LaneNeed:
    """Windows needed of a lane, by half hour from now on; ``ahead``: what they were looked for in."""

    lane: str
    halves: tuple[HalfNeed, ...]
    ahead: LaneAhead = field(compare=False)
    _spans: dict[datetime, tuple[int, int]] = field(default_factory=dict, compare=False)

    def plain(self) -> tuple[tuple[datetime, datetime, int], ...]:
        """Return (begin, end, windows) of each half hour, as `models.board.needed` has them."""
        return tuple((h.start, h.end, h.needed) for h in self.halves)

    def at(self, start: datetime) -> HalfNeed | None:
        """Return the half hour that begins at ``start``; None if it is past, or outside the reception."""
        return next((h for h in self.halves if h.start == start), None)

    def span(self, half: HalfNeed) -> tuple[int, int]:
        """Return the windows needed in a half hour with few and with many arrivals (80 %).

        Looked for when they are first asked: a plan of breaks needs none, and they take as long as the rest.
        """
        if not self._spans:
            few, many = (fewest(self.ahead.at_quantile(p), level=False) for p in (FEW, 1 - FEW))
            for h, (low, _), (high, _) in zip(self.halves, few, many, strict=True):
                self._spans[h.start] = min(low, h.needed), max(high, h.needed)
        return self._spans[half.start]


def windows_needed(
    floor: Floor,
    times: ServiceTimes,
    demand: Demand,
    ahead: Ahead,
    now: datetime,
    trust: Mapping[str, Trust] = {},
) -> dict[str, LaneNeed]:
    """Return the windows needed from ``now`` on, by worked lane; none of a lane whose figures are withheld, or nobody serves.

    ``times``, ``ahead`` and ``trust``: as the waits have them.
    """
    found = {}
    for lane in floor.site.worked_lanes:
        withheld = ahead.grounds.withheld.get(lane)
        if lane in demand.lanes and (withheld is None or withheld.code == "nobody"):
            mine = trust.get(lane, Trust())
            longer = times.longer(mine.longer)
            found[lane] = lane_need(lane_ahead(floor, longer, demand, lane, now, ahead, mine), demand.lanes[lane], now)
    return {lane: need for lane, need in found.items() if need.halves}


def lane_ahead(
    floor: Floor, times: ServiceTimes, demand: Demand, lane: str, now: datetime, ahead: Ahead, trust: Trust
) -> LaneAhead:
    """Return a lane from ``now`` on: the queue and the terminals of its scene, the arrivals of the forecast."""
    seen = scene(floor, times, lane, now, ahead)
    waiting = [Waiting(p.start_s, p.case) for p in seen.people]
    waiting += [Waiting(0.0, seen.usual)] * min(seen.beyond, MOST_BEHIND)
    rests = [own_rests(d, n, trust.stale, seen.usual, RUNS) for n, d in enumerate(seen.desks)]
    d = demand.lanes[lane]
    comes = 1 - sum(
        share for s, share in d.mix.items() if s in ahead.grounds.services and s not in floor.stopped
    )  # who comes for a service that stands still takes no terminal
    return LaneAhead(
        tuple(_half(h, now, comes) for h in d.halves if h.end > now),
        tuple((share, times.of(s)) for s, share in d.mix.items() if share > 0),
        float(floor.site.wait_target_s(lane)),
        possible(floor.site, lane, ahead.grounds.terminals),
        tuple(waiting),
        tuple(zip(*rests, strict=True)) if rests else ((),) * RUNS,
        seen.pace,
        between_s(floor, lane, now),
    )


def possible(site: Site, lane: str, stopped: Collection[str] = ()) -> int:
    """Return how many terminals may serve a lane, those apart that an outage stops."""
    return sum(lane in t.lanes and t.code not in stopped for t in site.terminals)


def lane_need(ahead: LaneAhead, expected: LaneDemand, now: datetime) -> LaneNeed:
    """Return the windows needed in each half hour that is not over."""
    halves = [h for h in expected.halves if h.end > now]  # who still waits after the last half hour needs no plan
    middle = fewest(ahead) if halves else []
    found = (HalfNeed(h.start, h.end, h.expected, n, short) for h, (n, short) in zip(halves, middle, strict=True))
    return LaneNeed(expected.lane, tuple(found), ahead)


def _half(h: HalfHour, now: datetime, comes: float) -> HalfAhead:
    walked = (h.expected - h.booked) / h.expected if h.expected else 0.0
    return HalfAhead(
        max(0.0, (h.start - now).total_seconds()),
        (h.end - now).total_seconds(),
        h.expected * comes,
        h.spread * walked,
        h.door * comes,
        h.booked * comes,
    )
