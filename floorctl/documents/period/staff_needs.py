"""Windows and people that the period ahead needs by weekday (要員計画), from the model of the day's own forecast. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from floorctl.advice.day_needs import DayNeed, LaneDay, day_need
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.visitors_ahead import LaneBasis, basis, recorded_weekdays
from floorctl.models.site.site import Site

NOON_S = 12 * 3600
End = Literal["needed", "low", "high"]


class Need(NamedTuple):
    """Operators needed at the shared terminals on a weekday, before and after noon, with few and with many visitors."""

    weekday: int
    persons: tuple[float, float]
    operators: tuple[int, int]
    low: tuple[int, int]
    high: tuple[int, int]


class Week(NamedTuple):
    """Needs of the recorded weekdays of the period ahead, and the basis of their visitors."""

    lanes: list[LaneBasis]
    days: dict[int, DayNeed]

    @property
    def by_forecast(self) -> bool:
        """Return whether the forecast of the months is in the visitors; else as many come as came."""
        return any(x.by_forecast for x in self.lanes)


def week_ahead(record: PeriodRecord, site: Site) -> Week:
    """Return what the recorded weekdays need in the period ahead; kept with the record, since it takes a while."""
    if "week" not in record.memo:
        record.memo["week"] = _week(record, site)
    found: Week = record.memo["week"]
    return found


def _week(record: PeriodRecord, site: Site) -> Week:
    ahead = record.ahead
    months, days = (ahead.months, [d.date for d in ahead.open_days]) if ahead is not None else ((), [])
    lanes = basis(site, record, months, days)
    same: dict[object, LaneDay] = {}
    return Week(
        lanes,
        {w: day_need(site, w, [x.on(site, w) for x in lanes], same) for w in sorted(recorded_weekdays(record))},
    )


def operators(record: PeriodRecord, site: Site) -> list[Need]:
    """Return the operators needed at the shared terminals by weekday and half day: the most of any half hour of it."""
    found = []
    for weekday, day in week_ahead(record, site).days.items():
        persons = tuple(
            sum(
                h.persons
                for x in day.lanes
                for h in x.halves
                if x.lane in site.worked_lanes and _late(h.start_s) == late
            )
            for late in (False, True)
        )
        most, low, high = (
            tuple(max(windows_of(day, site, end, late=late).values(), default=0) for late in (False, True))
            for end in ("needed", "low", "high")
        )
        found.append(Need(weekday, (persons[0], persons[1]), (most[0], most[1]), (low[0], low[1]), (high[0], high[1])))
    return found


def windows_of(
    day: DayNeed, site: Site, end: str = "needed", *, late: bool | None = None, lanes: Collection[str] = ()
) -> dict[int, int]:
    """Return the windows of the shared terminals (or of these lanes) by half hour (s of the day).

    ``late``: after noon alone, or before it.
    """
    found: dict[int, int] = {}
    for x in day.lanes:
        for h in x.halves if x.lane in (lanes or site.worked_lanes) else ():
            if late is None or _late(h.start_s) == late:
                found[h.start_s] = found.get(h.start_s, 0) + getattr(h, end)
    return found


def _late(start_s: int) -> bool:
    return start_s >= NOON_S


def shared_terminals(site: Site) -> int:
    """Return the number of terminals that serve a worked lane."""
    return sum(bool(set(t.lanes) & set(site.worked_lanes)) for t in site.terminals)


def terminals_lacking(day: DayNeed, site: Site) -> int:
    """Return how many shared terminals a day lacks at its worst; at least 1 where even all of them keep no target."""
    most = max(windows_of(day, site).values(), default=0)
    short = any(h.short for x in day.lanes if x.lane in site.worked_lanes for h in x.halves)
    return max(most - shared_terminals(site), int(short))


def load_share(record: PeriodRecord, site: Site) -> float | None:
    """Return the share of the needed windows' time in which they serve, over the recorded weekdays; None without any."""
    week = week_ahead(record, site)
    mean_s = {x.lane: x.mean_s for x in week.lanes}
    lanes = [x for day in week.days.values() for x in day.lanes if x.lane in site.worked_lanes]
    time_s = sum(1800 * h.needed for x in lanes for h in x.halves)
    return sum(x.persons * mean_s[x.lane] for x in lanes) / time_s if time_s else None
