"""Deadline of the report of an incident to the city, and its word in the contract (仕様書 12(8) to (11), A15). Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from floorctl.common.clock import JST, business_day, seconds_between
from floorctl.common.lengths import minutes_word
from floorctl.common.words import md_hm
from floorctl.models.register.incident import Incident
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.duty_rules import ReportWithin
from floorctl.models.site.site import Site


class ReportClock(NamedTuple):
    """Report that is owed: ``word`` (直ちに), until ``due``; ``again``: a second one, after the first measures."""

    word: str
    due: datetime
    again: bool = False

    def late(self, now: datetime) -> bool:
        return now >= self.due

    def left(self, now: datetime) -> str:
        """Return what the clock shows: あと12分, 超過 3分; the date if it is another day's."""
        if self.late(now):
            return f"超過 {minutes_word(seconds_between(self.due, now))}"
        if business_day(self.due) != business_day(now):
            return f"{md_hm(self.due)}まで"
        # Rounded up: a minute that has begun counts.
        seconds = -(-int((self.due - now).total_seconds()) // 60) * 60
        return f"あと{minutes_word(max(60, seconds))}"


def word_and_due(i: Incident, site: Site, calendar: Calendar) -> tuple[str, datetime]:
    """Return the word and the deadline of the report, counted from the finding of the incident.

    Minutes where the site gives them (for 不当介入 with damage its own, 仕様書 12(8)ウ); else the end of the same day, or of
    the next open day. An incident found after closing, or on a closed day, counts from the next open day.
    """
    rule = site.incident_reports.get(i.category) or ReportWithin(word="速やかに")
    if i.damage and rule.damage_minutes is not None:
        return rule.damage_word, i.found_at + timedelta(minutes=rule.damage_minutes)
    if rule.minutes is not None:
        return rule.word, i.found_at + timedelta(minutes=rule.minutes)
    day = business_day(i.found_at)
    if rule.scope == "same_day" and calendar.is_open(day):
        due = datetime.combine(day, site.hall.closes, JST)
        if i.found_at < due:
            return rule.word, due
    following = calendar.next_open_day(day)
    if following is None:
        return rule.word, i.found_at + timedelta(days=1)
    return rule.word, datetime.combine(following, site.hall.closes, JST)


def report_clock(i: Incident, site: Site, calendar: Calendar) -> ReportClock | None:
    """Return the report that the incident still owes the city, or None.

    With ``after_measures`` (仕様書 12(10)) the first measures are reported, too: a second report, owed beyond the close.
    """
    if i.reported_at is None:
        return ReportClock(*word_and_due(i, site, calendar)) if i.closed_at is None else None
    rule = site.incident_reports.get(i.category)
    if rule is None or not i.owes_second(site):
        return None
    assert i.measures_at is not None
    return ReportClock(rule.word, i.measures_at + timedelta(minutes=rule.minutes or 0), again=True)


def minutes_due(held_on: date, calendar: Calendar, days: int = 3) -> date | None:
    """Return the due date of the minutes of a meeting: the third open day after it (仕様書 9); None after the contract."""
    day: date | None = held_on
    for _ in range(days):
        day = calendar.next_open_day(day) if day is not None else None
    return day
