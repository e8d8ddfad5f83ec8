"""Windows and people that a day ahead needs, from the visitors expected of it: by lane, half hour and in all. Pure.

The windows are those of `windows_needed` for a day of which nothing is known yet; the people are fewest so that windows and
guidance posts are staffed and everybody takes the break of the law (労働基準法34条) by turns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import time
from math import log, sqrt

from floorctl.advice.arrivals import share_between
from floorctl.advice.lane_scene import PACE_LOW
from floorctl.advice.service_times import BETWEEN_S, Spread
from floorctl.advice.window_runs import FEW, RUNS, HalfAhead, HalfKept, LaneAhead, LaneRuns, fewest, kept_of
from floorctl.common.clock import day_seconds
from floorctl.common.frozen import frozen
from floorctl.models.board.breaks import FIRST_BREAK, WITHOUT_BREAK, entitlement_s
from floorctl.models.site.site import Site
from floorctl.simulation.visitors import AT_THE_DOOR, NOON_SLOTS, UNBOOKED_SHARE

HALF_S = 1800
# Sd of the log of a service time (SPEC 2.2), and prior cases behind its mean.
_SIGMA, _CASES = 0.5, 4.0
_MANY_PEOPLE = 99


@frozen
class LaneVisitors:
    """Visitors of a lane on a day: ``persons``, their relative sd, and the share of each half hour by its begin (s of day).

    ``mean_s``: service time, over ``cases`` that were measured.
    """

    lane: str
    persons: float
    spread: float
    shares: tuple[tuple[int, float], ...]
    mean_s: float
    cases: float = 0.0


@frozen
class HalfWindows:
    """Half hour from ``start_s`` of the day: ``persons`` come; windows needed, with few and with many (eight of ten days).

    ``short``: all terminals of the lane, ``needed`` then, are too few.
    """

    start_s: int
    persons: float
    needed: int
    low: int
    high: int
    short: bool


@frozen
class LaneDay:
    """Windows needed by a lane on a day; ``ahead``: what they were looked for in."""

    lane: str
    persons: float
    halves: tuple[HalfWindows, ...]
    ahead: LaneAhead
    _runs: list[LaneRuns] = field(default_factory=list, compare=False)
    _waits: dict[int, HalfKept] = field(default_factory=dict, compare=False)

    @property
    def with_needed(self) -> HalfKept:
        """Return the waits of the day with the windows needed."""
        return self._with(0)

    @property
    def with_more(self) -> HalfKept:
        """Return the waits with one window more in every half hour."""
        return self._with(1)

    @property
    def with_less(self) -> HalfKept | None:
        """Return the waits with one window less in every half hour that has several; None where none has."""
        return self._with(-1) if max(h.needed for h in self.halves) > 1 else None

    def _with(self, more: int) -> HalfKept:
        """Return the waits of other drawn days, played when they are first asked for: few readers ask."""
        if more not in self._waits:
            if not self._runs:
                self._runs.append(LaneRuns(self.ahead, RUNS, others=True))
            windows = [max(min(h.needed, 1), h.needed + more) for h in self.halves]
            self._waits[more] = kept_of(self._runs[0].played(windows), self.ahead.target_s)
        return self._waits[more]

    def peak(self) -> tuple[int, int, int]:
        """Return the most windows of any half hour: needed, with few visitors, with many."""
        return max(h.needed for h in self.halves), max(h.low for h in self.halves), max(h.high for h in self.halves)


@frozen
class DayNeed:
    """Windows needed on a day, by lane, and people in all: expected, with few and with many visitors; ``short``: too few terminals."""

    lanes: tuple[LaneDay, ...]
    people: int
    low: int
    high: int

    @property
    def persons(self) -> float:
        return sum(x.persons for x in self.lanes)

    @property
    def short(self) -> bool:
        return any(h.short for x in self.lanes for h in x.halves)

    def of(self, lane: str) -> LaneDay | None:
        return next((x for x in self.lanes if x.lane == lane), None)


def shipped_shares(site: Site, lane: str, weekday: int) -> tuple[tuple[int, float], ...]:
    """Return the share of a lane's arrivals in each half hour of its reception on a weekday, as shipped; sums to 1.

    By appointment as many come at any time, fewer at noon.
    """
    opens, closes = lane_window(site, lane, weekday)
    found = []
    at = opens - opens % HALF_S
    while at < closes:
        begin, end = max(at, opens), min(at + HALF_S, closes)
        slots = (NOON_SLOTS[2] if NOON_SLOTS[0] <= begin < NOON_SLOTS[1] else 1.0) * (end - begin)
        found.append((at, share_between(begin / 3600, end / 3600), slots))
        at += HALF_S
    walked, booked = (sum(x[n] for x in found) or 1.0 for n in (1, 2))
    by_slot = booked_share(site, lane)
    return tuple((start, (1 - by_slot) * walk / walked + by_slot * slots / booked) for start, walk, slots in found)


def booked_share(site: Site, lane: str) -> float:
    """Return the share of a lane's visitors who come by appointment (SPEC 2.2 [J]); 0.0 of a lane without."""
    return 1 - UNBOOKED_SHARE if any(s.appointment for s in site.services if s.lane == lane) else 0.0


def lane_window(site: Site, lane: str, weekday: int) -> tuple[int, int]:
    """Return begin and end of a lane's reception on a weekday, in seconds of the day; (0, 0) without a service."""
    opens, closes = site.reception_of({lane}, weekday)
    return day_seconds(opens), day_seconds(closes)


def day_need(
    site: Site, weekday: int, visitors: Sequence[LaneVisitors], known: dict[object, LaneDay] | None = None
) -> DayNeed:
    """Return what a day with these visitors needs. ``known``: lanes of other days, of which those that are the same are taken."""
    held = {} if known is None else known
    for v in visitors:
        key = _like(site, weekday, v)
        if v.shares and key not in held:
            held[key] = _lane_day(site, weekday, v)
    lanes = tuple(held[_like(site, weekday, v)] for v in visitors if v.shares)
    needed, low, high = (
        people_needed(site, weekday, [{h.start_s: getattr(h, name) for h in x.halves} for x in lanes])
        for name in ("needed", "low", "high")
    )
    return DayNeed(lanes, needed, low, high)


def _like(site: Site, weekday: int, v: LaneVisitors) -> object:
    """Return all that a lane's day depends on: the weekday by its hours alone."""
    return v, lane_window(site, v.lane, weekday), _first(site, weekday)


def _first(site: Site, weekday: int) -> int:
    """Return when the first reception of a weekday begins (s of the day)."""
    return min(lane_window(site, s.lane, weekday)[0] for s in site.services)


def _lane_day(site: Site, weekday: int, v: LaneVisitors) -> LaneDay:
    ahead = _ahead(site, weekday, v)
    few, many = (fewest(ahead.at_quantile(p), level=False, runs=RUNS // 2) for p in (FEW, 1 - FEW))
    middle = many if few == many else fewest(ahead, runs=RUNS)  # more visitors never need fewer windows
    halves = tuple(
        HalfWindows(start, v.persons * share, n, min(low, n), max(high, n), short)
        for (start, share), (n, short), (low, _), (high, _) in zip(v.shares, middle, few, many, strict=True)
    )
    return LaneDay(v.lane, v.persons, halves, ahead)


def _ahead(site: Site, weekday: int, v: LaneVisitors) -> LaneAhead:
    opens, _ = lane_window(site, v.lane, weekday)
    first = _first(site, weekday)
    begin, booked = v.shares[0][0], booked_share(site, v.lane)
    halves = []
    for start, share in v.shares:
        persons = v.persons * share
        door = AT_THE_DOOR * persons if start <= opens < start + HALF_S and opens == first else 0.0
        half = float(max(start, opens) - begin), float(start + HALF_S - begin)
        halves.append(HalfAhead(*half, persons, v.spread, door, min(booked * persons, persons - door)))
    return LaneAhead(
        tuple(halves),
        ((1.0, Spread(log(max(60.0, v.mean_s)) - _SIGMA**2 / 2, _SIGMA)),),
        float(site.wait_target_s(v.lane)),
        sum(v.lane in t.lanes for t in site.terminals),
        pace=max(PACE_LOW, _SIGMA / sqrt(v.cases + _CASES)),
        between_s=BETWEEN_S,
        slots_sd=1 / sqrt(max(1.0, booked * v.persons)),
    )


def people_needed(site: Site, weekday: int, lanes: Sequence[Mapping[int, int]]) -> int:
    """Return the fewest people for the windows of each lane (by half hour, s of the day), the guidance posts and the breaks.

    Everybody works the hall's day and has the break of the law in one piece, begun between 10:30 and six hours after the
    begin. The charge of 現場責任者 is not among them.
    """
    starts = sorted({at for lane in lanes for at in lane})
    if not starts:
        return 0
    need = [len(site.posts) + sum(lane.get(at, 0) for lane in lanes) for at in starts]
    opens, closes = day_seconds(site.hall.opens), day_seconds(site.hall.closes)
    length = -(-entitlement_s(closes - opens) // HALF_S)
    first, last = day_seconds(FIRST_BREAK), opens + int(WITHOUT_BREAK.total_seconds())
    n = max(need)
    while n < _MANY_PEOPLE and _breaks(n, starts, need, length, (first, last)) < n:
        n += 1
    return n


def _breaks(n: int, starts: Sequence[int], need: Sequence[int], length: int, between: tuple[int, int]) -> int:
    """Return how many breaks of so many half hours ``n`` people can take, each as early as all that is needed allows."""
    if not length:
        return n
    room = [n - x for x in need]
    taken = 0
    for k in range(len(starts) - length + 1):
        if between[0] <= starts[k] <= between[1]:
            more = min(min(room[k : k + length]), n - taken)
            for j in range(k, k + length):
                room[j] -= more
            taken += more
    return taken


def clock(start_s: int) -> time:
    """Return seconds of the day as a time."""
    return time(start_s // 3600, start_s // 60 % 60)
