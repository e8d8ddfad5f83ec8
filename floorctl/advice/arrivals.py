"""Forecast arrivals per half hour for the rest of the day, with 80 % intervals. Pure.

Before the day: the level of the month and weekday (`simulation.monthly_demand`), the profile of the day (SPEC 2.4
[P43]), the appointments. During the day the level has a gamma posterior updated by Poisson counts per half hour; older
counts are discounted, because a busy morning is weak evidence for the late afternoon (discounted gamma-Poisson: West &
Harrison, Bayesian Forecasting and Dynamic Models). Appointments are counted one by one, with today's share of those
kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from math import sqrt
from statistics import NormalDist

from floorctl.common.clock import HALF_HOUR, JST, half_hour_of, on_day
from floorctl.common.frozen import frozen
from floorctl.models.board.appointments import EARLY, MISSED_SHARE
from floorctl.models.board.told import heads_alone
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.simulation.monthly_demand import DayLoad, MonthDemand, day_load
from floorctl.simulation.service_kinds import Mix, groups
from floorctl.simulation.visitors import ARRIVAL_SHARES, AT_THE_DOOR, UNBOOKED_SHARE

# Relative sd of a day's level: table within a quarter (SPEC 2.4), weekday factor assumed [J], days differ.
LEVEL_SD = 0.45
# Discount of the counts per half hour; relative variance that the level gains per half hour ahead.
_KEEP, _DRIFT = 0.9, 0.03
# Lateness at an appointment after which few still come; the share who do.
_GIVEN_UP, _STILL = timedelta(minutes=15), 0.15
# Prior weights, in observations: share of appointments kept, shares of the services.
_SHOW_CASES = 20.0
_MIX_CASES = 20.0
_P10, _P90 = NormalDist().inv_cdf(0.1), NormalDist().inv_cdf(0.9)


@frozen
class HalfHour:
    """Arrivals of one lane from ``start`` to ``end``.

    ``prior``: expected before the day; ``came``: so far; ``expected``: still to come (0.0 when past), with its 80 %
    interval ``low`` to ``high``; ``booked``: the part of ``expected`` that has an appointment. ``spread``: relative sd of
    the level of those without; ``door``: the part of ``expected`` that waits at the door as it opens.
    """

    start: datetime
    end: datetime
    prior: float
    came: int
    expected: float
    low: int
    high: int
    booked: float = 0.0
    spread: float = 0.0
    door: float = 0.0

    @property
    def total(self) -> float:
        """Return the arrivals so far plus those still expected."""
        return self.came + self.expected


@frozen
class LaneDemand:
    """Arrivals of one lane over the day. ``factor``: posterior level relative to the prior; ``mix``: services' shares.

    ``rest``: expected until the end of reception, with its 80 % interval ``rest_low`` to ``rest_high``.
    """

    lane: str
    halves: tuple[HalfHour, ...]
    factor: float
    rest: float
    rest_low: int
    rest_high: int
    mix: dict[str, float]

    def between(self, start: datetime, end: datetime) -> float:
        """Return the expected arrivals from ``start`` (not before the instant of the forecast) to ``end``.

        What the current half hour still brings is spread evenly over the part of it that is left.
        """
        found = 0.0
        for h in self.halves:
            begins = max(h.start, start) if h.start <= start < h.end else h.start
            overlap = min(end, h.end) - max(start, h.start)
            if overlap > timedelta(0) and h.expected:
                found += h.expected * min(1.0, overlap / (h.end - begins))
        return found


@frozen
class Demand:
    """Forecast arrivals of every lane, as known at ``now``."""

    now: datetime
    lanes: dict[str, LaneDemand]


def forecast(
    floor: Floor,
    register: Register,
    table: Sequence[MonthDemand],
    now: datetime,
    *,
    after_break: bool = False,
    lanes: Sequence[str] = (),
) -> Demand:
    """Forecast the arrivals of each lane from ``now`` on.

    ``table``: rows of `data/demand.csv`; if empty, only today's arrivals count. ``after_break``: first open day after
    three closed ones (SPEC 2.4). ``lanes``: these alone; empty: all.
    """
    asked = lanes or [lane.code for lane in floor.site.lanes]
    return Demand(now, {lane: _lane(floor, register, table, now, lane, after_break) for lane in asked})


def _lane(
    floor: Floor, register: Register, table: Sequence[MonthDemand], now: datetime, lane: str, after_break: bool
) -> LaneDemand:
    """Forecast one lane: gamma posterior of the walk-in level, plus the appointments still expected."""
    site, day = floor.site, floor.day
    slots = _slots(floor, register, lane)
    tickets = [
        t for t in floor.tickets.values() if t.came_at is not None and t.came_at <= now and floor.lane_of(t) == lane
    ]
    grid = _grid(floor, lane, [t.came_at for t in tickets if t.came_at is not None])
    came, walked = [0] * len(grid), [0] * len(grid)
    for t in tickets:
        assert t.came_at is not None
        n = (t.came_at - grid[0][0]) // HALF_HOUR
        came[n] += 1
        # Known appointments are counted one by one; the level is that of walk-ins alone.
        walked[n] += not (slots and t.appointment)
    level = _level(site, day, table, lane, after_break) * (UNBOOKED_SHARE if slots else 1.0)
    weights = _weights(site, day, lane, grid)
    whole = sum(weights) or 1.0
    prior = [level * w / whole for w in weights]
    gone = [_gone(floor, lane, start, end, now) for start, end in grid]

    shape = 1 / LEVEL_SD**2
    a = b = shape  # gamma posterior of the level relative to the prior: mean a / b
    # Head counts alone do not tell how many came.
    for seen, expected, share in () if heads_alone(floor.lanes[lane]) else zip(walked, prior, gone, strict=True):
        if share > 0 and expected > 0:
            # Discounting returns the posterior to the prior, not to zero.
            a, b = shape + _KEEP * (a - shape) + seen, shape + _KEEP * (b - shape) + expected * share
    factor = a / b

    mix = _mix(floor, lane)
    receiving = 0.0 if floor.closed_at is not None else 1 - sum(x for s, x in mix.items() if s in floor.stopped)
    shows = _shows(floor, slots, now)
    booked, planned = _booked(floor, slots, shows, grid, now)
    halves: list[HalfHour] = []
    ahead = 0
    rest = rest_booked = 0.0
    for n, (start, end) in enumerate(grid):
        walk, kept = prior[n] * (1 - gone[n]) * factor * receiving, booked[n] * receiving
        level_var = 1 / a + _DRIFT * ahead
        low, high = _interval(walk + kept, walk + walk**2 * level_var + kept * (1 - shows))
        door = AT_THE_DOOR * walk if not gone[n] and _door_opens(floor, lane, start, end) else 0.0
        halves.append(
            HalfHour(start, end, prior[n] + planned[n], came[n], walk + kept, low, high, kept, sqrt(level_var), door)
        )
        ahead += gone[n] < 1
        rest, rest_booked = rest + walk, rest_booked + kept
    low, high = _interval(rest + rest_booked, rest + rest**2 * (1 / a + _DRIFT * ahead / 2) + rest_booked * (1 - shows))
    return LaneDemand(lane, tuple(halves), factor, rest + rest_booked, low, high, mix)


def _gone(floor: Floor, lane: str, start: datetime, end: datetime, now: datetime) -> float:
    """Return the share of a half hour's arrivals due by ``now``; in the first some wait at the door."""
    share = min(1.0, max(0.0, (now - start) / (end - start)))
    if 0 < share < 1 and _door_opens(floor, lane, start, end):
        return AT_THE_DOOR + (1 - AT_THE_DOOR) * share
    return share


def _door_opens(floor: Floor, lane: str, start: datetime, end: datetime) -> bool:
    """Return whether the hall opens with the lane's reception in a half hour, so that some wait at the door."""
    opens = _window(floor.site, floor.day, lane)[0]
    first = min(_window(floor.site, floor.day, s.lane)[0] for s in floor.site.services)
    return start <= opens < end and opens == first


def _level(site: Site, day: date, table: Sequence[MonthDemand], lane: str, after_break: bool) -> float:
    """Return the arrivals of a lane expected before the day; 1.0 for a lane that the table does not know."""
    if not table:
        return 1.0
    return lane_level(site, lane, day_load(day, "normal", table, after_break=after_break)) or 1.0


def lane_level(site: Site, lane: str, load: DayLoad) -> float:
    """Return the expected visitors of a lane on a day with this load."""
    come = groups(site)
    cards: Mix = tuple((code, 1.0) for code in come.cards)
    found = 0.0
    for expected, mix in (
        (load.certificates, come.certificates),
        (load.issuances, cards),
        (load.applications, come.applications),
        (load.registrations, come.registrations),
    ):
        whole = sum(weight for _, weight in mix)
        found += expected * sum(w for code, w in mix if site.service_by_code[code].lane == lane) / (whole or 1.0)
    return found


def _window(site: Site, day: date, lane: str) -> tuple[datetime, datetime]:
    """Return the start and end of a lane's reception: its earliest opening and latest closing service."""
    opens, closes = site.reception_of({lane}, day.weekday())
    return datetime.combine(day, opens, JST), datetime.combine(day, closes, JST)


def _grid(floor: Floor, lane: str, arrivals: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """Return the half hours of the lane's reception, extended to the first and last arrival."""
    opens, closes = _window(floor.site, floor.day, lane)
    first = min([opens, *arrivals[:1]])
    last = max([closes, *(x + timedelta(seconds=1) for x in arrivals[-1:])])
    start = half_hour_of(first)
    found = []
    while start < last:
        found.append((start, start + HALF_HOUR))
        start += HALF_HOUR
    return found


def _weights(site: Site, day: date, lane: str, grid: Sequence[tuple[datetime, datetime]]) -> list[float]:
    """Return the unnormalised share of the day's arrivals in each half hour, counting only the reception hours."""
    midnight = datetime.combine(day, time(0), JST)

    def hours(at: datetime) -> float:
        return (at - midnight).total_seconds() / 3600

    opens, closes = map(hours, _window(site, day, lane))

    return [share_between(max(hours(start), opens), min(hours(end), closes)) for start, end in grid]


def share_between(begin_h: float, end_h: float) -> float:
    """Return the share of a day's arrivals, in per cent, between two hours of the day (SPEC 2.4 [P43])."""
    return sum(s * max(0.0, min(end_h, h1) - max(begin_h, h0)) / (h1 - h0) for h0, h1, s in ARRIVAL_SHARES)


def _slots(floor: Floor, register: Register, lane: str) -> list[tuple[datetime, int]]:
    """Return the lane's appointments as (time, people)."""
    if not any(s.appointment for s in floor.site.services if s.lane == lane):
        return []
    return [(on_day(floor.day, s.time), s.count) for s in register.slots(floor.day)]


def _missing(floor: Floor, slots: list[tuple[datetime, int]], now: datetime) -> list[tuple[datetime, int, int]]:
    """Return the appointments by time as (time, booked, not yet arrived)."""
    booked: dict[datetime, int] = {}
    for at, n in slots:
        booked[at] = booked.get(at, 0) + n
    came = dict.fromkeys(booked, 0)
    for t in floor.tickets.values():
        if t.due_at in came and t.issued_at is not None and t.issued_at <= now:
            came[t.due_at] += 1
    return [(at, n, max(0, n - came[at])) for at, n in sorted(booked.items())]


def _shows(floor: Floor, slots: list[tuple[datetime, int]], now: datetime) -> float:
    """Return the share of appointments kept: the assumed share (SPEC 2.2 [J]) updated by today's past slots."""
    due = [(n, missing) for at, n, missing in _missing(floor, slots, now) if at + _GIVEN_UP < now]
    booked, came = sum(n for n, _ in due), sum(n - missing for n, missing in due)
    return (_SHOW_CASES * (1 - MISSED_SHARE) + came) / (_SHOW_CASES + booked)


def _booked(
    floor: Floor, slots: list[tuple[datetime, int]], shows: float, grid: list[tuple[datetime, datetime]], now: datetime
) -> tuple[list[float], list[float]]:
    """Return by half hour the appointments still expected, and those expected before the day."""
    coming, planned = [0.0] * len(grid), [0.0] * len(grid)
    for at, n, missing in _missing(floor, slots, now):
        early = at - EARLY
        place = min(len(grid) - 1, max(0, (early - grid[0][0]) // HALF_HOUR))
        planned[place] += n * (1 - MISSED_SHARE)
        if missing and now < grid[-1][1]:
            place = min(len(grid) - 1, max(0, (max(early, now) - grid[0][0]) // HALF_HOUR))
            coming[place] += missing * (shows if now <= at + _GIVEN_UP else shows * _STILL * _fading(now - at))
    return coming, planned


def _fading(late: timedelta) -> float:
    """Return the factor for late arrivals: their probability halves every 15 minutes (`_GIVEN_UP`)."""
    return float(0.5 ** (late / _GIVEN_UP))


def _mix(floor: Floor, lane: str) -> dict[str, float]:
    """Return each service's share of the lane's arrivals: the assumed shares updated by today's tickets."""
    services = [s.code for s in floor.site.services if s.lane == lane]
    usual = dict(groups(floor.site).certificates)
    weight = {s: usual.get(s, 1.0 if not set(services) & usual.keys() else 0.05) for s in services}
    whole = sum(weight.values()) or 1.0
    came = dict.fromkeys(services, 0)
    for t in floor.tickets.values():
        if t.service in came:
            came[t.service] += 1
    n = sum(came.values())
    return {s: (_MIX_CASES * weight[s] / whole + came[s]) / (_MIX_CASES + n) for s in services}


def _interval(mean: float, variance: float) -> tuple[int, int]:
    """Return the 80 % interval of a count, in whole persons: gamma quantiles by Wilson & Hilferty's cube root."""
    if mean <= 0:
        return 0, 0
    shape = mean**2 / max(variance, 1e-9)
    c = 1 / (9 * shape)

    def at(z: float) -> float:
        return mean * max(0.0, 1 - c + z * sqrt(c)) ** 3

    return max(0, int(at(_P10))), int(at(_P90) + 0.999)
