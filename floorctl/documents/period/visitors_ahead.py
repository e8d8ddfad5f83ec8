"""Visitors expected on the days of months ahead, by lane, weekday and half hour: the forecast by month, shaped by the record. Pure.

As many as the forecast of the months says, times the share of it that has come so far; by weekday and hour as recorded,
drawn towards the shipped shape while few days are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import sqrt

from floorctl.advice.arrivals import LEVEL_SD, lane_level
from floorctl.advice.day_needs import LaneVisitors, shipped_shares
from floorctl.common.frozen import frozen
from floorctl.documents.period.record import PeriodRecord
from floorctl.models.register.demand_forecast import MonthForecast, Realised
from floorctl.models.site.site import Site
from floorctl.simulation.monthly_demand import (
    AFTER_BREAK_FACTOR,
    APPLICATIONS,
    REGISTRATIONS,
    WEEKDAY_FACTORS,
    DayLoad,
)

# Weight of the shipped shape [J]: days of a weekday, visitors by hour, days behind the spread of a day's level.
_WEEKDAY_DAYS, _HOUR_VISITORS, _SPREAD_DAYS = 2.0, 100.0, 10.0


@frozen
class LaneBasis:
    """Basis of a lane's expected visitors: ``a_day``, the mean of the open days ahead, and each weekday relative to it.

    ``came``: recorded visitors by weekday and hour; ``share``: of the forecast that came so far, None where not known;
    ``by_forecast``: the forecast of the months is in it, else as many as came. ``mean_s`` over ``cases`` measured.
    """

    lane: str
    a_day: float
    weekdays: tuple[float, ...]
    came: dict[tuple[int, int], int]
    spread: float
    mean_s: float
    cases: int
    share: Realised | None
    by_forecast: bool

    def on(self, site: Site, weekday: int, *, after_break: bool = False) -> LaneVisitors:
        """Return the visitors of a day; ``after_break``: the first open one after three that were closed (SPEC 2.4)."""
        persons = self.a_day * self.weekdays[weekday] * (AFTER_BREAK_FACTOR if after_break else 1.0)
        shares = shipped_shares(site, self.lane, weekday)
        hours: dict[int, float] = {}
        for at, share in shares:
            hours[at // 3600] = hours.get(at // 3600, 0.0) + share
        came = {hour: sum(n for (_, h), n in self.came.items() if h == hour) for hour in hours}
        whole = sum(came.values()) + _HOUR_VISITORS
        drawn = {hour: (came[hour] + _HOUR_VISITORS * share) / whole for hour, share in hours.items()}
        return LaneVisitors(
            self.lane,
            persons,
            self.spread,
            tuple((at, share * drawn[at // 3600] / hours[at // 3600] if share else 0.0) for at, share in shares),
            self.mean_s,
            self.cases,
        )


def served_lanes(site: Site) -> list[str]:
    """Return the lanes that have a service and a terminal, in the site's order."""
    asked, at = {s.lane for s in site.services}, {lane for t in site.terminals for lane in t.lanes}
    return [x.code for x in site.lanes if x.code in asked & at]


def basis(
    site: Site, record: PeriodRecord | None, months: Sequence[MonthForecast], days: Sequence[date]
) -> list[LaneBasis]:
    """Return what the visitors of open days ahead rest on, by lane; [] where neither a forecast nor a record tells."""
    found = [_lane(site, record, lane, months, days) for lane in served_lanes(site)]
    return [x for x in found if x is not None]


def _lane(
    site: Site, record: PeriodRecord | None, lane: str, months: Sequence[MonthForecast], days: Sequence[date]
) -> LaneBasis | None:
    seen = record is not None and bool(record.visited) and bool(record.issued_by_lane.get(lane))
    n, seconds = record.services.get(lane, (0, 0)) if record is not None else (0, 0)
    share = record.realised(lane) if record is not None and lane in site.worked_lanes else None
    a_day, by_forecast = _a_day(site, record if seen else None, lane, months, len(days))
    if a_day is None:
        return None
    if share is not None and by_forecast:
        a_day *= share.share
    weekdays, spread = _weekdays(record if seen else None, lane)
    # The shipped factors are relative to the level of a month; so that its days sum up to it, to the mean of its days.
    mean = sum(weekdays[d.weekday()] for d in days) / len(days) if days else 1.0
    came: dict[tuple[int, int], int] = {}
    for c in record.cells if record is not None else ():
        if c.lane == lane:
            key = (c.day.weekday(), c.hour)
            came[key] = came.get(key, 0) + c.issued
    return LaneBasis(
        lane,
        a_day,
        tuple(x / (mean or 1.0) for x in weekdays),
        came,
        spread,
        seconds / n if n else site.longest_usual_s(lane),
        n,
        share,
        by_forecast,
    )


def _a_day(
    site: Site, record: PeriodRecord | None, lane: str, months: Sequence[MonthForecast], days: int
) -> tuple[float | None, bool]:
    """Return the visitors of a lane a day, and whether the forecast of the months is in it; None: nothing tells."""
    forecast = bool(months) and days > 0
    if record is None:
        if not forecast:
            return None, False
        certs = sum(m.cert_renewals for m in months) / days
        cards = sum(m.cards for m in months) / days
        return lane_level(site, lane, DayLoad(certs, cards, APPLICATIONS, REGISTRATIONS)), True
    came = record.issued_by_lane[lane] / len(record.visited)
    growth = record.growth_to(lane, months, days) if lane in site.worked_lanes and forecast else None
    return (came, False) if growth is None else (came * growth, True)


def _weekdays(record: PeriodRecord | None, lane: str) -> tuple[list[float], float]:
    """Return the factor of each weekday, and the relative sd of a day's level around it; as shipped without a record."""
    if record is None:
        return list(WEEKDAY_FACTORS), LEVEL_SD
    by_day = {d.day: 0 for d in record.visited}
    for c in record.cells:
        if c.lane == lane and c.day in by_day:
            by_day[c.day] += c.issued
    mean = sum(by_day.values()) / len(by_day) / (sum(WEEKDAY_FACTORS[d.weekday()] for d in by_day) / len(by_day))
    factors = []
    for weekday, shipped in enumerate(WEEKDAY_FACTORS):
        own = [n for d, n in by_day.items() if d.weekday() == weekday]
        factors.append((sum(own) / mean + _WEEKDAY_DAYS * shipped) / (len(own) + _WEEKDAY_DAYS) if mean else shipped)
    # Beyond the chance of counts (Poisson) a day differs from its weekday; drawn towards the shipped sd.
    squares = _SPREAD_DAYS * LEVEL_SD**2
    for d, n in by_day.items():
        expected = mean * factors[d.weekday()]
        squares += max(0.0, ((n - expected) ** 2 - expected) / expected**2) if expected else 0.0
    return factors, sqrt(squares / (len(by_day) + _SPREAD_DAYS))


def recorded_weekdays(record: PeriodRecord) -> set[int]:
    """Return the weekdays of which visitors are recorded."""
    return {d.day.weekday() for d in record.visited}
