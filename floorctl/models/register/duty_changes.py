"""Find when a duty was changed last: the facts that can move its date or its state, retractions included. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from floorctl.common.clock import JST
from floorctl.common.words import BEFORE_RECORDS
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import Fact
from floorctl.models.register.duty import Duty
from floorctl.models.register.register import ReportChange


class Change(NamedTuple):
    """Number and time of recording of a fact; 0 and the start of the contract where there is none."""

    seq: int
    at: datetime


class DutyChanges:
    """The last change of each duty, by the facts of the Register in their order of recording."""

    def __init__(self, entries: Iterable[Entry], again: Mapping[date, ReportChange], start: date) -> None:
        listed = list(entries)
        by_key = {e.key: e.fact for e in listed}
        self._again, self._never = again, Change(0, datetime.combine(start, time(), JST))
        self._facts: list[tuple[Fact, Change]] = []
        for e in listed:
            fact: Fact | None = e.fact
            if isinstance(fact, ev.Retracted):
                fact = by_key.get((fact.target_source, fact.target))
            if isinstance(fact, _TELLING):
                self._facts.append((fact, Change(e.seq, e.recorded_at)))

    def last(self, duty: Duty) -> Change:
        """Return the last change of a duty."""
        own = [change for fact, change in self._facts if _touches(fact, duty)]
        issued = [self._again[day] for day in duty.outdated if day in self._again]
        own += [Change(r.seq, datetime.combine(r.on, time(), JST)) for r in issued]
        return max(own, key=lambda change: change.seq, default=self._never)


_DAYS = (ev.CalendarExtra, ev.CalendarClosed)
_TELLING = (ev.DutySubmitted, ev.MeetingHeld, ev.RulingMade, ev.StaffRegistered, *_DAYS)


def _touches(fact: Fact, duty: Duty) -> bool:
    """Return whether a fact can have changed the date or the state of a duty."""
    match fact:
        case ev.DutySubmitted():
            return (fact.duty, fact.key) == (duty.duty, duty.key) or fact.duty == BEFORE_RECORDS
        case ev.MeetingHeld():
            return duty.duty == "minutes" and fact.meeting == duty.key
        case ev.RulingMade():
            return bool(duty.question) and fact.question == duty.question
        case ev.StaffRegistered():
            return duty.duty == "staff_change" and duty.key.startswith(f"{fact.staff}:")
        case ev.CalendarExtra() | ev.CalendarClosed():
            first, last = sorted((duty.base, duty.due))
            return first <= fact.date <= last  # a day between moved it to where it is, or back from the day itself
    return False
