"""State of an incident (事案) after its facts, and its shape in the contract's JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from floorctl.common.clock import iso
from floorctl.common.incident_policies import INCIDENT_POLICIES, IncidentPolicy
from floorctl.common.words import INCIDENT_TIMES
from floorctl.models.facts.incidents import IncidentAmended, IncidentReported

if TYPE_CHECKING:
    from floorctl.models.site.site import Site

_AMENDABLE = (
    "category", "summary", "occurred_at", "found_at", "services", "terminals", "measures", "prevention", "police_at",
    "damage", "serious", "cause", "handed_over_at", "handed_over_to", "reported_at", "followed_up_at", "restored_at",
)  # fmt: skip
# Of each two times of an incident the first is not the later one.
TIMES_IN_ORDER = (
    ("occurred_at", "found_at"),
    ("found_at", "reported_at"),
    ("reported_at", "followed_up_at"),
    ("found_at", "handed_over_at"),
    ("occurred_at", "police_at"),
    ("occurred_at", "restored_at"),
)


@dataclass(slots=True, eq=False, repr=False)
class Incident:
    """State of one incident. ``state``: ``open reported closed``; ``notes``: (instant, text), oldest first."""

    code: str
    category: str
    summary: str
    occurred_at: datetime
    found_at: datetime
    services: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()
    reported_at: datetime | None = None
    reported_to: str = ""
    followed_up_at: datetime | None = None  # the second report, of the first measures (仕様書 12(10))
    closed_at: datetime | None = None
    opened_at: datetime | None = None
    restored_at: datetime | None = None  # of an outage
    measures: str = ""
    measures_at: datetime | None = None  # when they were recorded
    owes_measures: bool = False  # they were recorded after the last report
    prevention: str = ""
    police_at: datetime | None = None
    damage: bool = False
    serious: bool = False
    cause: str | None = None
    handed_over_at: datetime | None = None  # the city deals with it (仕様書 12(11)); its report is another thing
    handed_over_to: str = ""
    untold_because: str = ""  # closed without a report to the city, and why
    notes: list[tuple[datetime, str]] = field(default_factory=list)
    owed_as: str = ""  # category that asks for a report, under which it stood while nobody had been told

    def times(self) -> dict[str, datetime | None]:
        """Return its times by their fields, in the order in which one reads them."""
        return {name: getattr(self, name) for name in INCIDENT_TIMES}

    @property
    def policy(self) -> IncidentPolicy:
        """Return the policy of its category."""
        return INCIDENT_POLICIES[self.category]

    @property
    def asked_by(self) -> IncidentPolicy:
        """Return the policy that asks for its report: another category does not take that away."""
        return self.policy if self.policy.unreported != "free" or not self.owed_as else INCIDENT_POLICIES[self.owed_as]

    @property
    def unreported(self) -> str:
        """Return whether it may be closed unreported (``free reason never``); once it was of such a category, for a reason."""
        return "reason" if self.policy.unreported == "free" and self.owed_as else self.policy.unreported

    @property
    def calls_meeting(self) -> bool:
        """Return whether it calls for the emergency meeting (仕様書 9)."""
        return self.serious and self.policy.meeting

    def amend(self, f: IncidentAmended) -> None:
        """Take over the fields that a later fact gives."""
        if f.category not in (None, self.category) and self.untold and self.policy.unreported != "free":
            self.owed_as = self.category
        for name in _AMENDABLE:
            value = getattr(f, name)
            if value is not None:
                setattr(self, name, value)
        if f.measures is not None:
            self.measures_at = f.at if f.measures else None
            self.owes_measures = bool(f.measures) and self.reported_at is not None

    def report(self, f: IncidentReported) -> None:
        """Take in a report to the city: the second if one is owed for measures, else the first, or its correction."""
        at = f.reported_at or f.at
        if self.owes_measures:
            self.followed_up_at, self.owes_measures = at, False
        else:
            self.reported_at, self.reported_to = at, f.to

    def owes_second(self, site: Site) -> bool:
        """Return whether the measures that were taken are still to be reported to the city (仕様書 12(10))."""
        rule = site.incident_reports.get(self.category)
        return self.owes_measures and rule is not None and rule.after_measures

    @property
    def stops(self) -> bool:
        """Return whether its services stop until it is restored."""
        return bool(self.services) and self._is_outage

    @property
    def stops_terminals(self) -> bool:
        """Return whether its terminals stand still until it is restored: it is an outage, and names no service."""
        return bool(self.terminals) and not self.services and self._is_outage

    @property
    def _is_outage(self) -> bool:
        policy = self.policy
        return policy.stops or (policy.stops_by_cause and self.cause is not None)

    @property
    def stopped_until(self) -> datetime | None:
        """Return when its services worked again: restored, or else closed; None while they do not."""
        return self.restored_at or self.closed_at

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return "closed"
        return "reported" if self.reported_at is not None else "open"

    @property
    def stage(self) -> str:
        """Return ``state``, or ``handed_over`` where the city, which has been told, deals with it."""
        return "handed_over" if self.state == "reported" and self.handed_over_at is not None else self.state

    @property
    def untold(self) -> bool:
        """Return whether nobody of the city has been told of it, closed or not."""
        return self.reported_at is None

    def to_json(self) -> dict[str, Any]:
        """Return the shape of ``incident list --json`` (contract 1)."""
        return {
            "incident": self.code,
            "category": self.category,
            "summary": self.summary,
            "occurred_at": iso(self.occurred_at),
            "found_at": iso(self.found_at),
            "reported_at": iso(self.reported_at) if self.reported_at else None,
            "state": self.state,
            "services": list(self.services),
            "terminals": list(self.terminals),
        }

    def details(self) -> dict[str, Any]:
        """Return the fields that ``incident show --json`` and the records of a day or a period add to ``to_json``."""
        return {
            "reported_to": self.reported_to,
            "followed_up_at": iso(self.followed_up_at) if self.followed_up_at else None,
            "closed_at": iso(self.closed_at) if self.closed_at else None,
            "restored_at": iso(self.restored_at) if self.restored_at else None,
            "measures": self.measures,
            "prevention": self.prevention,
            "police_at": iso(self.police_at) if self.police_at else None,
            "damage": self.damage,
            "serious": self.serious,
            "cause": self.cause,
            "handed_over_at": iso(self.handed_over_at) if self.handed_over_at else None,
            "handed_over_to": self.handed_over_to,
            "untold_because": self.untold_because,
            "notes": [{"at": iso(at), "text": text} for at, text in self.notes],
        }
