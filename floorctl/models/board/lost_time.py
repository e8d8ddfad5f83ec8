"""Minutes of today's reception that were lost: by service and outage, and by terminal; running ones grow. Pure.

Of services by the minutes of `register.outages`, as in the documents; planned outages are among them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from floorctl.common.clock import iso
from floorctl.models.board.flow import reception_span, spans_s
from floorctl.models.board.stops import stops
from floorctl.models.day.floor import Floor
from floorctl.models.register.outages import OutageMinutes, lost_minutes, outage_minutes
from floorctl.models.register.register import Register


class TerminalLost(NamedTuple):
    """Minutes of reception in which a terminal stood still by failures or an incident; ``until`` None: it still does."""

    terminal: str
    minutes: int
    since: datetime
    until: datetime | None


class LostTime(NamedTuple):
    """Lost minutes of the day: ``services`` by code (overlaps count once), ``outages`` each, ``terminals`` in the site's order."""

    services: dict[str, int]
    outages: tuple[OutageMinutes, ...]
    terminals: tuple[TerminalLost, ...]

    def __bool__(self) -> bool:
        return bool(self.outages or self.terminals)

    def alike(self) -> list[tuple[list[str], int]]:
        """Return the services that lost time, those of the same minutes together; the longest first."""
        found: dict[int, list[str]] = {}
        for code, minutes in self.services.items():
            if minutes:
                found.setdefault(minutes, []).append(code)
        return [(found[n], n) for n in sorted(found, reverse=True)]

    def to_json(self) -> dict[str, Any]:
        """Return the shape in ``status --json`` (docs/additions.md)."""
        return {
            "services": self.services,
            "terminals": {t.terminal: t.minutes for t in self.terminals},
            "outages": [
                {
                    "incident": o.incident or None,
                    "service": o.service,
                    "minutes": o.minutes,
                    "cause": o.cause,
                    "since": iso(o.since),
                    "until": iso(o.until) if o.until else None,
                }
                for o in self.outages
            ],
        }


def lost_today(floor: Floor, register: Register, now: datetime) -> LostTime:
    """Return the minutes that the day's reception has lost up to ``now``."""
    site, day, calendar = floor.site, floor.day, register.calendar(floor.site)
    return LostTime(
        lost_minutes(register, site, calendar, day, day, now),
        tuple(outage_minutes(register, site, calendar, day, day, now)),
        tuple(_terminals(floor, register, floor.moment(now))),
    )


def _terminals(floor: Floor, register: Register, now: datetime) -> list[TerminalLost]:
    spans: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for s in stops(floor, now):
        if s.sort == "terminal":
            spans.setdefault(s.code, []).append((s.since, s.until))
    for i in register.incidents.values():
        for terminal in i.terminals if i.stops_terminals else ():
            spans.setdefault(terminal, []).append((i.occurred_at, i.stopped_until))
    found = []
    for terminal in floor.terminals:
        own = sorted(((a, b) for a, b in spans.get(terminal, ()) if a <= now), key=lambda x: x[0])
        minutes = _seconds(floor, own, now) // 60
        if minutes:
            lasts = any(b is None or b > now for _, b in own)
            last = max((b for _, b in own if b is not None), default=None)
            found.append(TerminalLost(terminal, minutes, own[0][0], None if lasts else last))
    return found


def _seconds(floor: Floor, spans: list[tuple[datetime, datetime | None]], now: datetime) -> int:
    """Return the seconds of reception that the spans take, in their order; overlaps count once."""
    window, total, reached = reception_span(floor), 0, None
    for since, until in spans:
        start, end = max(since, reached or since), min(until or now, now)
        if end > start:
            total += spans_s([(start, True)], end, window)
            reached = end
    return total
