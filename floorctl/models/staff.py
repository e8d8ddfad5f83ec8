"""Presence of the contractor's staff, by code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, eq=False)
class StaffState:
    """``status`` is one of the contract's; ``until`` is "HH:MM" or None."""

    code: str
    status: str
    since: datetime
    reason: str = ""
    until: str | None = None


@dataclass(frozen=True, slots=True)
class StaffChange:
    """One line of the day's attendance record."""

    staff: str
    status: str
    at: datetime
    reason: str
    until: str | None
