"""The Register: what outlives the day, folded from its facts over all days: incidents, the roster, appointments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal

from floorctl.common.clock import business_day
from floorctl.models.day.staff import Person
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry, order
from floorctl.models.register.incident import Incident
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.calendar_rules import Override
from floorctl.models.site.site import Site


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

    def forget_calendar(self) -> None:
        """Another exception has been agreed."""
        self._calendar = None

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
        _APPLY[entry.kind](self, entry, entry.fact)


# ---- one fact at a time, by its kind ---------------------------------------------------------------------------------


def _registered(r: Register, _: Entry, f: ev.StaffRegistered) -> None:
    r.first_registered.setdefault(f.staff, business_day(f.at))
    r.people[f.staff] = Person(
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


def _appointments(r: Register, _: Entry, f: ev.AppointmentsImported) -> None:
    r.appointments[f.date] = tuple(sorted(f.slots, key=lambda s: (s.time, s.cards)))


def _clock(r: Register, _: Entry, f: ev.ClockSet) -> None:
    r.clock_ahead_s = f.ahead_s


def _equipment(r: Register, _: Entry, f: ev.EquipmentChanged) -> None:
    r.equipment[f.equipment, f.unit] = f


def _extra(r: Register, _: Entry, f: ev.CalendarExtra) -> None:
    _agree(r, "extra", f)


def _closed(r: Register, _: Entry, f: ev.CalendarClosed) -> None:
    _agree(r, "closed_emergency", f)


def _agree(r: Register, kind: Literal["extra", "closed_emergency"], f: ev.CalendarExtra | ev.CalendarClosed) -> None:
    r.forget_calendar()
    r.overrides.append(
        Override(date=f.date, kind=kind, reason=f.reason, agreed_on=f.agreed_on, agreed_with=f.agreed_with)
    )


def _outage(r: Register, _: Entry, f: ev.CalendarOutage) -> None:
    r.forget_calendar()
    r.outages.append(f)


def _ruling(r: Register, _: Entry, f: ev.RulingMade) -> None:
    r.rulings.append(f)


def _submitted(r: Register, _: Entry, f: ev.DutySubmitted) -> None:
    r.submitted.setdefault((f.duty, f.key), []).append(f)


def _meeting(r: Register, entry: Entry, f: ev.MeetingHeld) -> None:
    if f.meeting in r.meetings:
        r.anomalies[entry.key] = "impossible"
    else:
        r.meetings[f.meeting] = f


def _trained(r: Register, _: Entry, f: ev.TrainingRecorded) -> None:
    r.training.setdefault((f.staff, f.item), []).append(f.done_on)


def _device(r: Register, _: Entry, f: ev.DevicePermitted) -> None:
    r.devices[f.device] = f


def _demand(r: Register, _: Entry, f: ev.DemandImported) -> None:
    r.demand |= {m.month: m for m in f.months}


def _written(r: Register, _: Entry, f: ev.PeriodWritten) -> None:
    if f.lines or f.none:
        r.written[f.of, f.head] = f
    else:
        r.written.pop((f.of, f.head), None)


def _cards(r: Register, _: Entry, f: ev.CardsCounted) -> None:
    r.cards[business_day(f.at)] = f


def _opened(r: Register, entry: Entry, f: ev.IncidentOpened) -> None:
    if f.incident in r.incidents:
        r.anomalies[entry.key] = "impossible"
        return
    found = f.found_at or f.at
    r.incidents[f.incident] = Incident(
        f.incident,
        f.category,
        f.summary,
        f.occurred_at or found,
        found,
        f.services,
        f.terminals,
        opened_at=f.at,
    )


def _reported(i: Incident, f: ev.IncidentReported) -> None:
    i.report(f)


def _amended(i: Incident, f: ev.IncidentAmended) -> None:
    i.amend(f)


def _restored(i: Incident, f: ev.IncidentRestored) -> None:
    i.restored_at = f.restored_at or f.at


def _noted(i: Incident, f: ev.IncidentNoted) -> None:
    i.notes.append((f.at, f.text))


def _settled(i: Incident, f: ev.IncidentClosed) -> None:
    i.closed_at = f.at
    if f.text:
        i.notes.append((f.at, f.text))


def _of_incident(step: Callable[[Incident, Any], None]) -> Callable[[Register, Entry, Any], None]:
    """A step of an incident that has been opened; of one that has not it is an anomaly."""

    def apply(r: Register, entry: Entry, f: Any) -> None:
        incident = r.incidents.get(f.incident)
        if incident is None:
            r.anomalies[entry.key] = "impossible"
        else:
            step(incident, f)

    return apply


_APPLY: dict[str, Callable[[Register, Entry, Any], None]] = {
    "staff.registered": _registered,
    "appointments.imported": _appointments,
    "clock.set": _clock,
    "equipment.changed": _equipment,
    "calendar.extra": _extra,
    "calendar.closed": _closed,
    "calendar.outage": _outage,
    "ruling.made": _ruling,
    "duty.submitted": _submitted,
    "meeting.held": _meeting,
    "training.recorded": _trained,
    "device.permitted": _device,
    "demand.imported": _demand,
    "period.written": _written,
    "cards.counted": _cards,
    "incident.opened": _opened,
    "incident.reported": _of_incident(_reported),
    "incident.amended": _of_incident(_amended),
    "incident.restored": _of_incident(_restored),
    "incident.noted": _of_incident(_noted),
    "incident.closed": _of_incident(_settled),
}


def fold_register(entries: Iterable[Entry]) -> Register:
    """The Register from its facts and the retractions of the file, in any order. Pure."""
    ordered = sorted(entries, key=order)
    backs = [e.fact for e in ordered if e.kind == "retracted"]
    gone = {(f.target_source, f.target) for f in backs if isinstance(f, ev.Retracted)}
    register = Register()
    register.gone = gone
    for e in ordered:
        if e.kind in ev.REGISTER_KINDS and e.key not in gone:
            register.apply(e)
    return register


def register_entries(entries: Iterable[Entry], day: date) -> list[Entry]:
    """What the report of a day sees of the Register: what came on later days is told by later reports."""
    return [e for e in entries if e.kind == "retracted" or business_day(e.fact.at) <= day]
