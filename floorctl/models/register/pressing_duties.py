"""Duties that press: overdue, due today or tomorrow, or to be handed in again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from floorctl.models.register.duties import duties, judged
from floorctl.models.register.duty import Duty
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site

_DAY = timedelta(days=1)


class Pressing(NamedTuple):
    """Duties that are overdue, those due today or tomorrow, and those to be handed in again."""

    overdue: list[Duty]
    due: list[Duty]
    outdated: list[Duty] = []  # noqa: RUF012 - never written to


def counts(duty: Duty, began: date) -> bool:
    """Return whether the console's own records, from ``began`` on, can show that a duty was missed.

    A daily report counts from the first day of hand-made records on, any other duty if due from that day on.
    """
    return judged(duty.duty, duty.base, duty.due) >= began


def before_records(found: Iterable[Duty], began: date | None, today: date) -> list[Duty]:
    """Return the overdue duties from before the first day of hand-made records, of which those can show nothing."""
    return [d for d in found if d.state == "overdue" and not counts(d, began or today)]


def pressing(site: Site, register: Register, calendar: Calendar, today: date, began: date | None) -> Pressing:
    """Return the duties overdue, and due today or tomorrow; ``began``: first day of hand-made records.

    The report of ``today`` is left out: the end of the day (F9) asks for it.
    """
    if began is None or began > today:
        return Pressing([], [])
    again = bool(register.reissued())
    horizon = today + timedelta(days=40)  # the longest notice is a month

    def wanted(duty: str, key: str, base: date) -> bool:
        if (duty, key) in register.submitted:
            return again
        if duty == "daily_report":
            return began <= base < today
        if duty == "monthly_report":
            return base < today
        return base <= horizon

    days = (began, site.contract.end if again else today)  # of other days no report is wanted, or counts
    found = [d for d in duties(site, register, calendar, today, wanted, days) if counts(d, began)]
    tomorrow = today + _DAY
    return Pressing(
        [d for d in found if d.state == "overdue"],
        [d for d in found if today <= d.due <= tomorrow and d.state == "open"],
        [d for d in found if d.outdated],
    )
