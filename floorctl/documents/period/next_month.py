"""The period ahead: open days, forecast, terminals and people that it needs (翌月計画, 要員計画). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from floorctl.common.clock import business_day, day_seconds, month_end
from floorctl.models.facts.calendar import CalendarOutage
from floorctl.models.register.demand_forecast import Forecast, MonthForecast, part_of
from floorctl.models.register.duties import duties
from floorctl.models.register.duty import Duty
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar, DayInfo
from floorctl.models.site.site import Site

LONG_CLOSURE = 3  # after so many closed days the first open one is crowded (SPEC 2.4)


@dataclass(frozen=True)
class Ahead:
    """The period after: its days by the calendar, the forecast of its months, its duties."""

    first: date
    last: date
    days: tuple[DayInfo, ...]
    months: tuple[MonthForecast, ...]  # each as far as it is ahead
    duties: tuple[Duty, ...]
    after_break: tuple[tuple[date, int], ...]  # open days after a long closure, and how many days were closed
    outages: tuple[CalendarOutage, ...]

    @property
    def open_days(self) -> tuple[DayInfo, ...]:
        return tuple(d for d in self.days if d.open)

    @property
    def venue_only(self) -> tuple[date, ...]:
        """Days on which the venue opens and the main building does not (5th Saturdays, 仕様書 6※)."""
        return tuple(d.date for d in self.days if d.open and not d.hall_open)


class LaneLoad(NamedTuple):
    """Expected load of a lane: persons, and mean service time in seconds (``measured``, else the site's)."""

    lane: str
    persons: int
    service_s: int
    measured: bool

    @property
    def hours(self) -> float:
        return self.persons * self.service_s / 3600


def ahead_of(
    site: Site, register: Register, calendar: Calendar, forecast: Forecast, first: date, last: date, as_of: date
) -> Ahead | None:
    """Return what is ahead between two days, cut at the end of the contract; None if that has passed."""
    last = min(last, site.contract.end)
    if first > last:
        return None
    owed = duties(site, register, calendar, as_of, lambda duty, _, __: duty != "daily_report")
    return Ahead(
        first,
        last,
        tuple(calendar.between(first, last)),
        tuple(_months_ahead(forecast, calendar, first, last)),
        # Minutes of meetings that are held in the period ahead belong to its own report.
        tuple(
            d
            for d in owed
            if first <= d.due <= last and d.state != "submitted" and not (d.duty == "minutes" and d.base >= first)
        ),
        tuple(_after_breaks(calendar, first, last)),
        tuple(o for o in register.outages if business_day(o.from_at) <= last and business_day(o.until_at) >= first),
    )


def _months_ahead(forecast: Forecast, calendar: Calendar, first: date, last: date) -> Iterable[MonthForecast]:
    """Yield the forecast of each month that is ahead; of one only partly ahead the share of its open days that are."""
    for month in forecast.between(first, last):
        begin = date.fromisoformat(f"{month.month}-01")
        opened = [d.date for d in calendar.between(begin, month_end(begin)) if d.open]
        ahead = sum(first <= day <= last for day in opened)
        if not opened:
            yield month
        elif ahead:
            yield part_of(month, ahead, len(opened))


def _after_breaks(calendar: Calendar, first: date, last: date) -> Iterable[tuple[date, int]]:
    """Yield the open days after ``LONG_CLOSURE`` closed days or more, with the number of closed days."""
    closed = 0
    day = first - timedelta(days=14)
    while day <= last:
        if calendar.is_open(day):
            if day >= first and closed >= LONG_CLOSURE:
                yield day, closed
            closed = 0
        else:
            closed += 1
        day += timedelta(days=1)


def loads(
    site: Site,
    ahead: Ahead,
    services: dict[str, tuple[int, int]],
    issued: dict[str, int],
    renewals: int,
    cards_per_ticket: float,
) -> list[LaneLoad]:
    """Return persons and service times of the lanes that share terminals (of all, if none do).

    The forecast knows renewals of certificates and cards; other visitors of a lane come in proportion as they did
    (``issued`` by lane against ``renewals``). ``services``: measured services and their seconds, by lane.
    """
    if not ahead.months:
        return []
    found = []
    for lane in site.worked_lanes:
        if any(s.appointment for s in site.services if s.lane == lane):
            persons = sum(m.cards for m in ahead.months) / max(1.0, cards_per_ticket)
        else:
            persons = sum(m.cert_renewals for m in ahead.months) * (
                max(1.0, issued.get(lane, 0) / renewals) if renewals else 1.0
            )
        n, seconds = services.get(lane, (0, 0))
        usual = round(site.longest_usual_s(lane))
        found.append(LaneLoad(lane, round(persons), seconds // n if n else usual, bool(n)))
    return found


def available_hours(site: Site, days: Iterable[DayInfo]) -> float:
    """Return the hours for which all shared terminals (all, if none is shared) can receive on these days."""
    n = sum(len(t.lanes) > 1 for t in site.terminals) or len(site.terminals)
    return sum(n * _reception_hours(site, d.date.weekday()) for d in days)


def _reception_hours(site: Site, weekday: int) -> float:
    first, last = window(site, weekday)
    return (last - first) / 3600


def window(site: Site, weekday: int) -> tuple[int, int]:
    """Return begin and end of the shared lanes' reception on a weekday, in seconds of the day."""
    opens, closes = site.reception_of(site.worked_lanes, weekday)
    return day_seconds(opens), day_seconds(closes)
