"""A terminal of the hall on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from floorctl.common.frozen import frozen


@dataclass(slots=True, eq=False, repr=False)
class TerminalState:
    """Terminal state at one instant. ``lane``: served now; ``next_lane``: served after the present ticket."""

    code: str
    lane: str
    next_lane: str | None = None
    ticket: str | None = None
    staff: str | None = None
    paused: bool = False
    failed: bool = False
    reason: str = ""  # of the pause or the failure
    since: datetime | None = None
    # Call of a whole minute for which the terminal was not ready: its instant, key and anomaly.
    hasty: tuple[datetime, tuple[str, str], str] | None = None
    moved_at: datetime | None = None  # last change of lane since it is staffed, which takes the switch time
    staffed_at: datetime | None = None  # since when it is staffed, by whomever in turn
    shown: str = "free"  # the derived state at the last fact

    def state(self, staffing_known: bool) -> str:
        """Return the first that holds: failed, serving, paused, unstaffed, free (contract 3)."""
        if self.failed:
            return "failed"
        if self.ticket is not None:
            return "serving"
        if self.paused:
            return "paused"
        if staffing_known and self.staff is None:
            return "unstaffed"
        return "free"

    def switched_at(self, switch_s: int) -> datetime | None:
        """Return when it can call after its last change of lane; None if it has not changed."""
        return None if self.moved_at is None else self.moved_at + timedelta(seconds=switch_s)


@frozen
class Move:
    """Change of allocation; a busy terminal follows after its present ticket."""

    at: datetime
    terminal: str
    origin: str
    to: str
    reason: str
