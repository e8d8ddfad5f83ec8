"""The Register: incidents, roster, appointments and the rest that outlives a day, folded from the facts of all days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from floorctl.common.clock import business_day
from floorctl.models.day.staff import Person, Shift
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.register.incident import Incident
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.calendar_rules import Override
from floorctl.models.site.site import Site


class ReportChange(NamedTuple):
    """Last fact of a day whose report was issued again: its number, and the day on which it was recorded."""

    seq: int
    on: date
    revision: int = 2


class Register:
    """Incidents by number, people by code, appointments by day, … as ``commands.fold.fold_register`` folds them."""

    def __init__(self) -> None:
        self.incidents: dict[str, Incident] = {}
        self.people: dict[str, Person] = {}
        self.first_registered: dict[str, date] = {}  # when each code was first on the roster
        self.appointments: dict[date, tuple[ev.Slot, ...]] = {}
        self.shifts: dict[date, dict[str, ev.PlannedShift]] = {}  # planned for a day, by person
        self.absences: dict[date, dict[str, ev.AbsencePlanned]] = {}  # known ahead, by person
        self.officials_plan: dict[date, tuple[ev.OfficialsStep, ...]] = {}  # of the city, by time
        self.clock_ahead_s = 0  # how far the right time is ahead of the PC's clock
        self.equipment: dict[tuple[str, int], ev.EquipmentChanged] = {}  # the last word on each piece
        self.overrides: list[Override] = []  # agreed exceptions of the calendar
        self.outages: list[ev.CalendarOutage] = []  # planned ahead
        self.rulings: list[ev.RulingMade] = []
        self.submitted: dict[tuple[str, str], list[ev.DutySubmitted]] = {}  # (duty, what it is for)
        self.before_records: list[ev.DutySubmitted] = []  # everything due before the day ``key`` was handed in
        self.submitted_seq: dict[tuple[str, str], int] = {}  # the number of the last of these facts
        # Daily reports that were issued again. Not from the Register's facts: whoever has the derived tables sets it.
        self.reissued: Callable[[], Mapping[date, ReportChange]] = dict
        self.meetings: dict[str, ev.MeetingHeld] = {}
        self.training: dict[tuple[str, str], list[date]] = {}  # (staff, item)
        self.devices: dict[str, ev.DevicePermitted] = {}
        self.demand: dict[str, ev.DemandMonth] = {}  # "YYYY-MM": the forecast as it was last imported
        self.written: dict[tuple[str, str], ev.PeriodWritten] = {}  # (period, head of its document)
        self.cards: dict[date, ev.CardsCounted] = {}  # the card stock as it was last counted on each day
        self.anomalies: dict[tuple[str, str], str] = {}
        self.gone: set[tuple[str, str]] = set()  # facts that have been taken back, on whatever day
        self._calendar: Calendar | None = None

    def cleared(self, day: date) -> tuple[ev.DutySubmitted, ...]:
        """Return the facts by which what is judged by a day before the first recorded one was handed in."""
        return tuple(f for f in self.before_records if str(day) < f.key)

    def calendar(self, site: Site) -> Calendar:
        """Return the calendar with the exceptions agreed so far; the same one until another is agreed."""
        if self._calendar is None or self._calendar.site is not site:
            self._calendar = Calendar(site, self.overrides, self.outages)
        return self._calendar

    def forget_calendar(self) -> None:
        """Drop the calendar: another exception has been agreed."""
        self._calendar = None

    def open_incidents(self) -> list[Incident]:
        """Return the incidents that are not closed, oldest first."""
        return [i for i in self.incidents.values() if i.closed_at is None]

    def incidents_of(self, day: date) -> list[Incident]:
        """Return the incidents that occurred, were found, reported or closed on ``day``, or were open at its end."""
        return [
            i
            for i in self.incidents.values()
            if business_day(min(i.occurred_at, i.found_at)) <= day
            and (i.closed_at is None or business_day(i.closed_at) >= day)
        ]

    def team(self, day: date) -> list[Person]:
        """Return everybody on the roster who belongs to the team on ``day``, by code."""
        return sorted((p for p in self.people.values() if p.here_on(day)), key=lambda p: p.code)

    def in_charge(self, day: date, without: str = "") -> tuple[list[str], list[str]]:
        """Return the codes of the 現場責任者 and of the 代行者 who are not known to be off on ``day``; ``without``: one left out."""
        coming = [p for p in self.team(day) if p.code != without and not self.shift(p.code, day).off]
        managers = [p.code for p in coming if p.role == "site_manager"]
        return managers, [p.code for p in coming if p.deputy and p.role != "site_manager"]

    def slots(self, day: date) -> tuple[ev.Slot, ...]:
        """Return the appointments of a day by time; () if none were imported."""
        return self.appointments.get(day, ())

    def shift(self, code: str, day: date) -> Shift:
        """Return a person's shift of a day: off by an absence known ahead, else as planned for it, else as the roster has it."""
        planned = self.shifts.get(day, {}).get(code)
        if code in self.absences.get(day, ()):
            return Shift(off=True, code=planned.code if planned is not None else "", absent=True)
        if planned is not None:
            return Shift(planned.starts, planned.ends, planned.starts is None, planned.code)
        person = self.people.get(code)
        return Shift(person.shift_from, person.shift_to) if person is not None else Shift()

    def odd(self, entry: Entry, code: str) -> None:
        """Mark a fact that does not fit."""
        self.anomalies[entry.key] = code
