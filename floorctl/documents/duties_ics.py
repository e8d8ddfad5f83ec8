"""The duties to the city as a calendar file (iCalendar, RFC 5545), for the calendar program of an office.

Its bytes depend on the duties alone. An id stays for ever and the number of a change only grows, so that importing the file
again changes events and doubles none. No staff code and no text that somebody typed is in it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from icalendar import Alarm, Calendar, Event

from floorctl.common.words import month_day
from floorctl.models.site.site import Site

_OURS = UUID("0b9b2f5a-6a1c-5d0e-9c39-1d6e5b1f4c27")  # the ids of floorctl's events are made under it; never changed
_TOLD_AT = 9  # o'clock of the day before
_MIDNIGHT = timedelta(hours=24)
_MARKS = {"open": "期限", "again": "再提出", "submitted": "提出済", "gone": "取りやめ"}

_PENDING = ("open", "again")
_UNTIL_THEN = "\n提出を記録するまで、floorctl の期限の一覧に残ります。"


class DutyEvent(NamedTuple):
    """Event of one duty. ``state``: ``open again submitted gone``; ``seq`` and ``changed_at``: its last change.

    ``days_ahead``: days before ``due`` on which it is told.
    """

    duty: str
    key: str
    name: str
    about: str
    due: date
    rule: str
    state: str
    seq: int
    changed_at: datetime
    days_ahead: tuple[int, ...]


def duties_ics(site: Site, events: list[DutyEvent]) -> bytes:
    """Return the calendar file, its lines ended by CRLF and folded at 75 bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//floorctl//duties//JA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", f"{site.name} 提出期限")
    calendar.add("x-wr-timezone", "Asia/Tokyo")
    for event in events:
        calendar.add_component(_event(site, event))
    return bytes(calendar.to_ical())


def _event(site: Site, e: DutyEvent) -> Event:
    made, title = Event(), f"{_MARKS[e.state]} {e.name}（{e.about}）"
    at = e.changed_at.astimezone(UTC).replace(microsecond=0)
    made.add("uid", f"{uuid5(_OURS, f'{site.code}/{e.duty}/{e.key}')}")
    made.add("dtstamp", at)
    made.add("last-modified", at)
    made.add("sequence", e.seq)
    made.add("dtstart", e.due)
    made.add("dtend", e.due + timedelta(days=1))
    made.add("summary", title)
    made.add("description", f"{e.rule}{_UNTIL_THEN if e.state in _PENDING else ''}")
    made.add("categories", ["提出期限"])
    made.add("status", "CANCELLED" if e.state == "gone" else "CONFIRMED")
    made.add("transp", "TRANSPARENT")  # a date takes nobody's time
    if e.state in _PENDING:
        for n in e.days_ahead:
            made.add_component(_alarm(f"{month_day(e.due)} {title}", timedelta(hours=_TOLD_AT) - n * _MIDNIGHT))
    return made


def _alarm(text: str, before: timedelta) -> Alarm:
    """Return an alarm; an all-day event begins at midnight of the place where the calendar is kept."""
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", text)
    made.add("trigger", before)
    return made
