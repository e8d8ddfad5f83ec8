"""Shifts of the next days of a person, in one line: 9/14月 早  15火 休  16水 8:15〜12:00. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from floorctl.common.words import WEEKDAYS, shift_word
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

DAYS = 7


def week_line(site: Site, register: Register, staff: str, first: date) -> str:
    """Return the shifts from ``first`` on, a week of them: days on which the hall is closed only where one is planned.

    "" where no shift and no absence is planned in that week: the roster's hours are in the list already.
    """
    calendar = register.calendar(site)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    if not any(staff in register.shifts.get(d, ()) or staff in register.absences.get(d, ()) for d in days):
        return ""
    words = []
    for n, day in enumerate(days):
        shift = register.shift(staff, day)
        told = "欠勤の予定" if shift.absent else shift.code or shift_word("", shift.hours)
        if shift.absent or staff in register.shifts.get(day, ()) or (calendar.is_open(day) and shift.hours):
            on = f"{day.month}/{day.day}" if n == 0 or day.day == 1 else f"{day.day}"
            words.append(f"{on}{WEEKDAYS[day.weekday()]} {told}")
    return "  ".join(words)
