"""A period as data: the content of the monthly and annual reports, the hand-over document and ``records_….json``.

Counts are sums over days. `from_tables` makes it. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from floorctl.advice.month_study import MonthStudy
from floorctl.documents.day.record import Waits
from floorctl.documents.day.revisions import Edition
from floorctl.documents.period.evidence import Evidence
from floorctl.documents.period.next_month import Ahead
from floorctl.documents.period.sums import (
    Cell,
    DaySum,
    KeptCell,
    MatterSum,
    MoveSum,
    StopSum,
    TerminalSum,
    WorkSum,
)
from floorctl.models.facts import kinds as ev
from floorctl.models.register.demand_forecast import Compared, Forecast, MonthForecast, Realised, realised
from floorctl.models.register.duty import Duty
from floorctl.models.register.eligibility import Lack
from floorctl.models.register.incident import Incident
from floorctl.models.register.outages import OutageMinutes
from floorctl.models.site.calendar import DayInfo
from floorctl.models.site.calendar_rules import Override
from floorctl.models.site.duty_rules import Question

RENEWAL = "cert_renewal"  # meaning of the service (models/site/hall.py)


class Staffing(NamedTuple):
    """Attendance over the period: ``absences``, ``lates``, ``short`` are (day, code, reason or seconds).

    Sums are in seconds; None if never recorded.
    """

    person_days: int
    absences: tuple[tuple[date, str, str], ...]
    lates: tuple[tuple[date, str, str], ...]
    short: tuple[tuple[date, str, int], ...]
    vacancies: tuple[tuple[date, str, str | None, str, int], ...]
    charge_vacant_s: int | None
    officials_absent_s: int | None
    charge_days: int = 0  # days on which it is recorded
    officials_days: int = 0


class Appointments(NamedTuple):
    """Slots of imported days that had visitors, and tickets with an appointment; ``walk_ins``: same services without one."""

    days: int
    booked: int
    booked_came: int  # of the tickets, those of imported days
    came: int
    done: int
    no_show: int
    walk_ins: int


class Settled(NamedTuple):
    """Open question of the contract with the reading in force at the end of the period (``ruling`` None: unsettled)."""

    question: Question
    reading: str
    ruling: ev.RulingMade | None


@dataclass(frozen=True)
class PeriodRecord:
    """A month, fiscal year or contract as its documents report it; dicts by code are in the site's order.

    ``as_of``: the last day with facts, by which lateness is judged; no clock is read.
    """

    key: str  # "2026-09", "FY2026" or "contract", as ``of`` in ``period.written``
    first: date
    last: date
    as_of: date
    seq: int
    hash: str
    calendar: tuple[DayInfo, ...]
    days: tuple[DaySum, ...]  # days with visitors or counts
    missing: tuple[date, ...]  # open by the calendar, past, without facts
    unplanned: tuple[date, ...]  # with visitors on a closed day
    fates: dict[str | None, dict[str, int]]
    work: dict[str, WorkSum]
    waits: dict[str, Waits]
    cells: tuple[Cell, ...]
    services: dict[str, tuple[int, int]]  # lane: measured services, their seconds
    terminals: tuple[TerminalSum, ...]
    terminal_days: dict[str, int]
    moves: tuple[MoveSum, ...]
    matters: tuple[MatterSum, ...]
    incidents: tuple[Incident, ...]
    outages: tuple[OutageMinutes, ...]
    lost: dict[str, int]  # service: minutes of reception lost, overlaps counted once
    served_in_outage: tuple[int, int]  # tickets called and done while their service stood still by the record; days
    stops: tuple[StopSum, ...]
    over: dict[str, tuple[int, int]]  # lane: people who waited longer than the target, and days with them
    kept: tuple[KeptCell, ...]  # how many people kept the target
    kept_before: tuple[KeptCell, ...] | None  # of the period before; None: with nothing to compare
    inquiries: dict[str, int]
    texts: dict[str, tuple[tuple[date, str], ...]]  # head of the daily report: its lines by day
    staffing: Staffing
    appointments: Appointments
    duties: tuple[Duty, ...]
    meetings: tuple[ev.MeetingHeld, ...]
    rulings: tuple[ev.RulingMade, ...]
    agreed: tuple[Override, ...]  # extra days and closures of the period (仕様書 6※, 14)
    planned: tuple[ev.CalendarOutage, ...]
    cards: tuple[date, ev.CardsCounted] | None  # the last count of the card stock
    devices: tuple[ev.DevicePermitted, ...]  # permits in force on the last day
    lacks: tuple[Lack, ...]  # what members of the team lack on the last day
    on_roster: int  # members of the team on that day
    questions: tuple[Settled, ...]  # open questions with the reading in force
    forecast: Forecast
    compared: tuple[Compared, ...]  # from the beginning of the fiscal year (of the contract) to the end of the period
    evidence: Evidence
    ahead: Ahead | None  # None: the contract has ended
    card_lanes: tuple[str, ...]
    renewal_services: tuple[str, ...]
    written: dict[str, ev.PeriodWritten]  # head: the contractor's own words
    editions: tuple[Edition, ...]  # after the first one: of each daily report that was issued again
    study: MonthStudy | None = None  # replays with the advice followed; only of a month
    # What was computed of it and takes a while; a copy with other values has its own.
    memo: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def sort(self) -> Literal["month", "year", "contract"]:
        """The document that the record is for; a week is a ``month`` too."""
        return "contract" if self.key == "contract" else "year" if self.key.startswith("FY") else "month"

    @property
    def revision(self) -> int:
        """The edition of its documents: 1, and one more for each daily report that was issued again."""
        return 1 + len(self.editions)

    @property
    def counts(self) -> dict[str, int]:
        """Tickets done by final service."""
        return {s: f.get("done", 0) for s, f in self.fates.items() if s is not None}

    @property
    def issued(self) -> int:
        return sum(sum(f.values()) for f in self.fates.values())

    @property
    def served(self) -> int:
        return sum(f.get("done", 0) for f in self.fates.values())

    @property
    def issued_by_lane(self) -> dict[str, int]:
        """Tickets issued by lane."""
        found: dict[str, int] = {}
        for c in self.cells:
            found[c.lane] = found.get(c.lane, 0) + c.issued
        return found

    @property
    def cards_handed(self) -> int:
        """Cards of finished tickets in the lanes that hand over cards."""
        others = sum(d.done for d in self.days) - self.card_tickets  # a ticket of another lane is one card
        return sum(d.cards for d in self.days) - others

    @property
    def card_tickets(self) -> int:
        """Finished tickets of the lanes that hand over cards."""
        return sum(d.served.get(lane, 0) for d in self.days for lane in self.card_lanes)

    @property
    def taken_s(self) -> list[int]:
        """Seconds from each hand-over to city staff to the start of its handling."""
        return [s for m in self.matters for s in m.taken_s]

    @property
    def renewals(self) -> int:
        """Finished tickets of certificate renewals."""
        return sum(self.counts.get(code, 0) for code in self.renewal_services)

    def growth(self, lane: str) -> float | None:
        """Return the visitors a day forecast for a lane ahead divided by those that came; None if either is unknown."""
        ahead = self.ahead
        return None if ahead is None else self.growth_to(lane, ahead.months, len(ahead.open_days))

    def growth_to(self, lane: str, months: Sequence[MonthForecast], open_days: int) -> float | None:
        """Return as ``growth`` for any months, of so many open days."""
        came = self.cards_handed if lane in self.card_lanes else self.renewals
        if not months or not open_days or not came or not self.visited:
            return None
        expected = sum(m.cards if lane in self.card_lanes else m.cert_renewals for m in months)
        return expected / open_days / (came / len(self.visited))

    def realised(self, lane: str) -> Realised | None:
        """Return the share of the forecast of a lane that came so far; None if no month can be compared."""
        return realised(self.compared, "cards" if lane in self.card_lanes else "cert_renewals")

    @property
    def visited(self) -> tuple[DaySum, ...]:
        """Days with visitors who have a number, over which visitors are averaged."""
        return tuple(d for d in self.days if d.issued)

    @property
    def counts_only(self) -> bool:
        """Return whether no recorded day tells who came: there are counts of work alone, or nothing."""
        return all(d.counts_only for d in self.days)

    @property
    def open_days(self) -> tuple[DayInfo, ...]:
        """Days of the period that are open by the calendar."""
        return tuple(d for d in self.calendar if d.open)

    @property
    def past_days(self) -> tuple[DayInfo, ...]:
        """Open days of the period that are not still to come."""
        return tuple(d for d in self.open_days if d.date <= self.as_of)

    @property
    def interim(self) -> bool:
        """Return whether an open day of the period is still to come, or the last one is not closed yet."""
        last = max((d.date for d in self.open_days), default=None)
        if last is None or last < self.as_of:
            return False
        return last > self.as_of or not any(d.day == last and d.closed_at for d in self.days)
