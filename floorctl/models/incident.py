"""An incident (事案) as its facts leave it, and how the contract's JSON shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from floorctl.clock import iso
from floorctl.models.lasting import IncidentAmended

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
    closed_at: datetime | None = None
    opened_at: datetime | None = None
    restored_at: datetime | None = None  # of an outage
    measures: str = ""
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

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return "closed"
        return "reported" if self.reported_at is not None else "open"

    def to_json(self) -> dict[str, Any]:
        """The shape of ``incident list --json`` (contract §1)."""
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
