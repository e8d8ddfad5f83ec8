"""An incident (事案) as its facts leave it, and how the contract's JSON shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from floorctl.common.clock import iso
from floorctl.models.facts.incidents import IncidentAmended, IncidentReported

# What stops while it lasts: its services do not work until it is restored (仕様書 12(9)③イ).
STOPPING = frozenset({"system_outage", "disaster"})
RESTORABLE = STOPPING | {"equipment"}

_AMENDABLE = (
    "category", "summary", "occurred_at", "found_at", "services", "terminals", "measures", "prevention", "police_at",
    "damage", "serious", "cause",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Incident:
    """``state`` is ``open reported closed``. ``notes`` are (instant, text), oldest first."""

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
    notes: list[tuple[datetime, str]] = field(default_factory=list)

    def amend(self, f: IncidentAmended) -> None:
        """Takes over what a later fact says; what it leaves out stays."""
        for name in _AMENDABLE:
            value = getattr(f, name)
            if value is not None:
                setattr(self, name, value)
        if f.measures is not None:
            self.measures_at = f.at if f.measures else None
            self.owes_measures = bool(f.measures) and self.reported_at is not None

    def report(self, f: IncidentReported) -> None:
        """The report to the city. One that is owed for measures is the second; else it puts the first right."""
        at = f.reported_at or f.at
        if self.owes_measures:
            self.followed_up_at, self.owes_measures = at, False
        else:
            self.reported_at, self.reported_to = at, f.to

    @property
    def stops(self) -> bool:
        """Whether its services stand still until it is restored; of an equipment failure, once its cause is named so."""
        return bool(self.services) and (
            self.category in STOPPING or (self.category == "equipment" and self.cause is not None)
        )

    @property
    def stopped_until(self) -> datetime | None:
        """When its services worked again: restored, or else closed; None while they do not."""
        return self.restored_at or self.closed_at

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return "closed"
        return "reported" if self.reported_at is not None else "open"

    def to_json(self) -> dict[str, Any]:
        """The shape of ``incident list --json`` (contract 1)."""
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
        """What ``incident show --json`` says beside ``to_json``."""
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
        }
