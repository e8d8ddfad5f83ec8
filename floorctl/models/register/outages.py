"""Outages of services: present and planned ones, and the minutes of reception that each has cost. Pure.

A cause outside the contractor's power is not its fault (仕様書 12(9)③イ).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from floorctl.common.clock import JST, business_day
from floorctl.common.words import OUTAGE_CAUSES
from floorctl.models.facts.calendar import CalendarOutage
from floorctl.models.register.incident import Incident
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site

UNKNOWN = "原因未記入"
PLANNED = "計画停止"


class OutageMinutes(NamedTuple):
    """Minutes of reception that a service lost by an incident ("" for a planned outage), and the cause."""

    incident: str
    service: str
    minutes: int
    cause: str
    since: datetime
    until: datetime | None  # None: it lasts


def cause_word(i: Incident) -> str:
    """Return the cause of an incident's outage in Japanese."""
    return OUTAGE_CAUSES[i.cause] if i.cause else i.policy.cause or UNKNOWN


def stopped_now(register: Register) -> list[Incident]:
    """Return the incidents by which services stop now, oldest first."""
    return [i for i in register.incidents.values() if i.stops and i.stopped_until is None]


def terminals_stopped_now(register: Register) -> list[Incident]:
    """Return the incidents by which terminals stand still now, oldest first."""
    return [i for i in register.incidents.values() if i.stops_terminals and i.stopped_until is None]


def stopped_services(register: Register, now: datetime) -> dict[str, datetime]:
    """Return the services that stand still now by an incident or as planned, each with the time since when."""
    found = [(s, o.from_at) for o in register.outages if o.from_at <= now < o.until_at for s in o.services]
    found += [(s, i.occurred_at) for i in stopped_now(register) if i.occurred_at <= now for s in i.services]
    return _since(found)


def planned_to_stop(register: Register, now: datetime, until: datetime) -> dict[str, datetime]:
    """Return the services whose planned outage lasts now or begins by ``until``, each with its beginning."""
    return _since(
        (s, o.from_at) for o in register.outages if o.from_at <= until and now < o.until_at for s in o.services
    )


def standing_spans(register: Register) -> dict[str, list[tuple[datetime, datetime | None]]]:
    """Return when each service stood still, by incidents and as planned; until None: it lasts."""
    found: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for o in register.outages:
        for s in o.services:
            found.setdefault(s, []).append((o.from_at, o.until_at))
    for i in register.incidents.values():
        for s in i.services if i.stops else ():
            found.setdefault(s, []).append((i.occurred_at, i.stopped_until))
    return found


def stopped_terminals(register: Register, now: datetime) -> dict[str, datetime]:
    """Return the terminals that stand still now, each with the time since when.

    Those of an outage that names no service: where it does, the terminals only say where it was seen.
    """
    found = terminals_stopped_now(register)
    return _since([(t, i.occurred_at) for i in found if i.occurred_at <= now for t in i.terminals])


def _since(found: Iterable[tuple[str, datetime]]) -> dict[str, datetime]:
    """Return the earliest time of each code."""
    first: dict[str, datetime] = {}
    for code, at in found:
        first[code] = min(at, first.get(code, at))
    return first


def planned(register: Register, now: datetime) -> list[tuple[CalendarOutage, bool]]:
    """Return the planned outages of today and tomorrow in order, each with whether it has begun."""
    tomorrow = business_day(now) + timedelta(days=1)
    found = [o for o in register.outages if o.until_at > now and business_day(o.from_at) <= tomorrow]
    return [(o, o.from_at <= now) for o in sorted(found, key=lambda o: o.from_at)]


def outage_minutes(
    register: Register, site: Site, calendar: Calendar, from_day: date, to_day: date, now: datetime | None = None
) -> list[OutageMinutes]:
    """Return the minutes of outage within the reception hours of the days, per incident and service.

    A running outage counts up to ``now``, or to the end of the last day. Planned outages come last.
    """
    end = now or datetime.combine(to_day + timedelta(days=1), time(), JST)
    days = _Days(calendar, from_day, to_day)
    rows = []
    for i in register.incidents.values():
        if i.stops:
            until = i.stopped_until
            spans = [(service, i.occurred_at, until or end) for service in dict.fromkeys(i.services)]
            rows += [
                OutageMinutes(i.code, service, n, cause_word(i), i.occurred_at, until)
                for service, since, last in spans
                if (n := days.minutes(service, [(since, min(last, end))]))
            ]
    for o in register.outages:
        rows += [
            OutageMinutes("", service, n, f"{PLANNED} {o.reason}", o.from_at, o.until_at)
            for service in o.services
            if (n := days.minutes(service, [(o.from_at, min(o.until_at, end))]))
        ]
    known = site.service_by_code
    return [r for r in rows if r.service in known]


def lost_minutes(
    register: Register, site: Site, calendar: Calendar, from_day: date, to_day: date, now: datetime | None = None
) -> dict[str, int]:
    """Return the minutes of reception that each service of the site lost; overlaps count once."""
    end = now or datetime.combine(to_day + timedelta(days=1), time(), JST)
    days = _Days(calendar, from_day, to_day)
    spans: dict[str, list[tuple[datetime, datetime]]] = {s.code: [] for s in site.services}
    for i in register.incidents.values():
        for service in i.services if i.stops else ():
            spans.setdefault(service, []).append((i.occurred_at, min(i.stopped_until or end, end)))
    for o in register.outages:
        for service in o.services:
            spans.setdefault(service, []).append((o.from_at, min(o.until_at, end)))
    return {s.code: days.minutes(s.code, spans[s.code]) for s in site.services}


class _Days:
    """Reception hours of some days; the calendar is read once per day."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self._calendar, self._first, self._last = calendar, first, last
        self._hours: dict[date, dict[str, tuple[time, time]]] = {}

    def minutes(self, service: str, spans: Iterable[tuple[datetime, datetime]]) -> int:
        """Return the minutes that the spans take of the service's reception; overlaps count once."""
        seconds, reached = 0.0, None
        for since, until in sorted(spans):
            start = since if reached is None else max(since, reached)
            if until > start:
                seconds += self._seconds(service, start, until)
                reached = until
        return int(seconds // 60)

    def _seconds(self, service: str, since: datetime, until: datetime) -> float:
        total, day = 0.0, max(self._first, business_day(since))
        last = min(self._last, business_day(until))
        while day <= last:
            if day not in self._hours:
                self._hours[day] = self._calendar.day_info(day).services
            hours = self._hours[day].get(service)
            if hours is not None:
                opens, closes = (datetime.combine(day, t, JST) for t in hours)
                total += max(0.0, (min(until, closes) - max(since, opens)).total_seconds())
            day += timedelta(days=1)
        return total
