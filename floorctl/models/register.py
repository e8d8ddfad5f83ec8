"""The Register: what outlives the day, folded from its facts over all days: incidents, the roster, appointments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from floorctl.clock import business_day
from floorctl.models import events as ev
from floorctl.models.calendar import Calendar
from floorctl.models.events import Entry
from floorctl.models.incident import Incident
from floorctl.models.site import Override, Site
from floorctl.models.staff import Person


class Register:
    """Incidents by number, people by code, appointments by day. Build it with ``fold_register``."""

    def __init__(self) -> None:
        self.incidents: dict[str, Incident] = {}
        self.people: dict[str, Person] = {}
        self.first_registered: dict[str, date] = {}  # when each code was first on the roster
        self.appointments: dict[date, tuple[ev.Slot, ...]] = {}
        self.clock_ahead_s = 0  # how far the right time is ahead of the PC's clock
        self.equipment: dict[tuple[str, int], ev.EquipmentChanged] = {}  # the last word on each piece
        self.overrides: list[Override] = []  # agreed exceptions of the calendar
        self.outages: list[ev.CalendarOutage] = []  # planned ahead
        self.rulings: list[ev.RulingMade] = []
        self.submitted: dict[tuple[str, str], list[ev.DutySubmitted]] = {}  # (duty, what it is for)
        self.meetings: dict[str, ev.MeetingHeld] = {}
        self.training: dict[tuple[str, str], list[date]] = {}  # (staff, item)
        self.devices: dict[str, ev.DevicePermitted] = {}
        self.demand: dict[str, ev.DemandMonth] = {}  # "YYYY-MM": the forecast as it was last imported
        self.written: dict[tuple[str, str], ev.PeriodWritten] = {}  # (period, head of its document)
        self.cards: dict[date, ev.CardsCounted] = {}  # the card stock as it was last counted on each day
        self.anomalies: dict[tuple[str, str], str] = {}
        self.gone: set[tuple[str, str]] = set()  # facts that have been taken back, on whatever day
        self._calendar: Calendar | None = None

    def calendar(self, site: Site) -> Calendar:
        """The calendar with the exceptions agreed so far; the same one until another is agreed."""
        if self._calendar is None or self._calendar.site is not site:
            self._calendar = Calendar(site, self.overrides, self.outages)
        return self._calendar

    def open_incidents(self) -> list[Incident]:
        """Incidents that are not closed, oldest first."""
        return [i for i in self.incidents.values() if i.closed_at is None]

    def incidents_of(self, day: date) -> list[Incident]:
        """Incidents that occurred, were found, reported or closed on ``day``, or were still open at its end."""
        return [
            i
            for i in self.incidents.values()
            if business_day(min(i.occurred_at, i.found_at)) <= day
            and (i.closed_at is None or business_day(i.closed_at) >= day)
        ]

    def team(self, day: date) -> list[Person]:
        """Everybody on the roster who belongs to the team on ``day``, by code."""
        return sorted((p for p in self.people.values() if p.here_on(day)), key=lambda p: p.code)

    def slots(self, day: date) -> tuple[ev.Slot, ...]:
        """The appointments of a day by time; () where none were imported."""
        return self.appointments.get(day, ())

    def apply(self, entry: Entry) -> None:
        """Takes in one fact; facts must come in their order, retracted ones left out."""
        f = entry.fact
        if isinstance(f, ev.StaffRegistered):
            self.first_registered.setdefault(f.staff, business_day(f.at))
            self.people[f.staff] = Person(
                f.staff,
                f.role,
                f.deputy,
                f.authority_on,
                f.vein_on,
                f.pledge_on,
                f.shift_from,
                f.shift_to,
                f.left_on,
                f.direct_employee,
                f.experience,
            )
        elif isinstance(f, ev.AppointmentsImported):
            self.appointments[f.date] = tuple(sorted(f.slots, key=lambda s: (s.time, s.cards)))
        elif isinstance(f, ev.ClockSet):
            self.clock_ahead_s = f.ahead_s
        elif entry.kind.startswith("incident."):
            self._apply_incident(entry)
        else:
            self._apply_owed(entry)

    def _apply_owed(self, entry: Entry) -> None:
        """The calendar, rulings, what is owed and its registers."""
        match entry.fact:
            case ev.EquipmentChanged() as f:
                self.equipment[f.equipment, f.unit] = f
            case ev.CalendarExtra() | ev.CalendarClosed() as f:
                kind: Literal["extra", "closed_emergency"] = (
                    "extra" if isinstance(f, ev.CalendarExtra) else "closed_emergency"
                )
                self._calendar = None
                self.overrides.append(
                    Override.model_construct(
                        date=f.date, kind=kind, reason=f.reason, agreed_on=f.agreed_on, agreed_with=f.agreed_with
                    )
                )
            case ev.CalendarOutage() as f:
                self._calendar = None
                self.outages.append(f)
            case ev.RulingMade() as f:
                self.rulings.append(f)
            case ev.DutySubmitted() as f:
                self.submitted.setdefault((f.duty, f.key), []).append(f)
            case ev.MeetingHeld() as f:
                if f.meeting in self.meetings:
                    self.anomalies[entry.key] = "impossible"
                else:
                    self.meetings[f.meeting] = f
            case ev.TrainingRecorded() as f:
                self.training.setdefault((f.staff, f.item), []).append(f.done_on)
            case ev.DevicePermitted() as f:
                self.devices[f.device] = f
            case ev.DemandImported() as f:
                self.demand |= {m.month: m for m in f.months}
            case ev.PeriodWritten() as f:
                if f.lines or f.none:
                    self.written[f.of, f.head] = f
                else:
                    self.written.pop((f.of, f.head), None)
            case ev.CardsCounted() as f:
                self.cards[business_day(f.at)] = f

    def _apply_incident(self, entry: Entry) -> None:
        f = entry.fact
        if isinstance(f, ev.IncidentOpened):
            if f.incident in self.incidents:
                self.anomalies[entry.key] = "impossible"
                return
            found = f.found_at or f.at
            self.incidents[f.incident] = Incident(
                f.incident,
                f.category,
                f.summary,
                f.occurred_at or found,
                found,
                f.services,
                f.terminals,
                opened_at=f.at,
            )
            return
        incident = self.incidents.get(getattr(f, "incident", ""))
        if incident is None:
            self.anomalies[entry.key] = "impossible"
        elif isinstance(f, ev.IncidentReported):
            incident.report(f)
        elif isinstance(f, ev.IncidentAmended):
            incident.amend(f)
        elif isinstance(f, ev.IncidentRestored):
            incident.restored_at = f.restored_at or f.at
        elif isinstance(f, ev.IncidentNoted):
            incident.notes.append((f.at, f.text))
        elif isinstance(f, ev.IncidentClosed):
            incident.closed_at = f.at
            if f.text:
                incident.notes.append((f.at, f.text))


def fold_register(entries: Iterable[Entry]) -> Register:
    """The Register from its facts and the retractions of the file, in any order. Pure."""
    ordered = sorted(entries, key=ev.order)
    gone = {(e.fact.target_source, e.fact.target) for e in ordered if isinstance(e.fact, ev.Retracted)}
    register = Register()
    register.gone = gone
    for e in ordered:
        if e.kind in ev.REGISTER_KINDS and e.key not in gone:
            register.apply(e)
    return register
