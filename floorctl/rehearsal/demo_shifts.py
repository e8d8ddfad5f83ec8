"""Shifts of the demo's month: as a contractor writes one, with the people of the demo's own day at work on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from floorctl.common.clock import month_end
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.hall import ShiftCode
from floorctl.models.site.site import Site
from floorctl.simulation.hours import clock_text, hours_of
from floorctl.simulation.routine import LATER_OFFICIALS, OFFICIALS

EARLY, LATE, SHORT, OFF, CLOSED = "早", "遅", "短", "休", "公"
REST_EVERY = 9  # open days on which a person has one off


def demo_shifts(
    site: Site, calendar: Calendar, day: date, staff: Sequence[str], short: Collection[str] = ()
) -> list[tuple[int, date, dict[str, Any]]]:
    """Return the lines of the month of ``day`` for ``import_shifts``; [] at a site without these shift codes.

    Everybody works on ``day`` itself. ``short``: who works short shifts.
    """
    codes = site.shift_by_code
    if not {EARLY, LATE, SHORT, OFF, CLOSED} <= codes.keys():
        return []
    lines = []
    first, last = day.replace(day=1).toordinal(), month_end(day).toordinal()
    for on in map(date.fromordinal, range(first, last + 1)):
        for n, person in enumerate(staff):
            code = CLOSED
            if calendar.is_open(on):
                usual = SHORT if person in short else EARLY if (on.day + n) % 2 else LATE
                code = OFF if on != day and (on.day + n) % REST_EVERY == 0 else usual
            lines.append((n + 1, on, {"staff": person, **_fields(codes[code])}))
    return lines


def _fields(code: ShiftCode) -> dict[str, Any]:
    hours = (f"{code.starts:%H:%M}", f"{code.ends:%H:%M}") if code.starts and code.ends else (None, None)
    length = None if code.off else code.break_minutes
    return {"code": code.code, "starts": hours[0], "ends": hours[1], "break_minutes": length}


def demo_officials(site: Site, day: date) -> tuple[dict[str, Any], ...]:
    """Return the steps of ``officials.planned`` as the simulated city staff come and go."""
    hours = hours_of(site, day)
    known = len(site.city_codes.first(len(OFFICIALS)))
    begins = ((0, OFFICIALS), *LATER_OFFICIALS)
    return tuple(
        {
            "starts": clock_text(hours.after_opening(after_s) if after_s else hours.opens),
            "present": min(len(who), known),
        }
        for after_s, who in begins
    )
