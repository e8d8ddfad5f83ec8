"""The Register: what outlives the day, folded from its facts over all days. So far: incidents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from floorctl.clock import business_day
from floorctl.models import events as ev
from floorctl.models.events import Entry
from floorctl.models.incident import Incident


class Register:
    """Incidents by number. Build it with ``fold_register``."""

    def __init__(self) -> None:
        self.incidents: dict[str, Incident] = {}
        self.anomalies: dict[tuple[str, str], str] = {}

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

    def apply(self, entry: Entry) -> None:
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
            incident.reported_at, incident.reported_to = f.reported_at or f.at, f.to
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
    for e in ordered:
        if e.kind in ev.REGISTER_KINDS and e.key not in gone:
            register.apply(e)
    return register
