"""A terminal of the hall on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from floorctl.common.clock import seconds_between
from floorctl.common.frozen import frozen


@dataclass(slots=True, eq=False, repr=False)
class TerminalState:
    """Terminal state at one instant. ``lane``: served now; ``next_lane``: served after the present ticket.

    ``home``: its own lane while it is lent to another, or ordered to be; None otherwise.
    """

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
    home: str | None = None
    loan: int | None = None  # place of its last loan in ``Floor.loans``, until that is over
    shown: str = "free"  # the derived state at the last fact

    @property
    def own_lane(self) -> str:
        """Return the lane that it has by the allocation: that of its last move, whomever it helps now."""
        return self.home or self.next_lane or self.lane

    @property
    def lanes_worked(self) -> tuple[str, ...]:
        """Return the lanes that whoever stands there serves, as things stand: its own one, and the one that it helps."""
        return (self.own_lane,) if self.home is None else (self.own_lane, self.next_lane or self.lane)

    @property
    def to_be_lent(self) -> bool:
        """Return whether it was lent while it served somebody, and has not gone yet."""
        return self.home is not None and self.next_lane not in (None, self.home)

    @property
    def coming_home(self) -> bool:
        """Return whether it is lent and comes back after its present ticket."""
        return self.home is not None and self.next_lane == self.home

    @property
    def lanes(self) -> tuple[str, ...]:
        """Return the lanes from which it may call now: its lane, and its own one while it is lent."""
        return (self.lane,) if self.home in (None, self.lane) else (self.lane, self.home)

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


@frozen
class Loan:
    """Loan of a terminal to another lane (応援), from ``home`` to ``to``; no change of allocation.

    ``went``: when it began to help; None: not yet, or never. ``back``: when that ended; for a loan that a move made
    lasting, the instant of the move. ``ended``: ``""`` (it lasts), ``lapsed`` (it never went), ``returned``, ``moved``,
    ``unstaffed`` or ``closed``; on the way home it is ``returned`` already, and ``back`` None.
    ``unasked``: made by a console of itself, by the day's permission.
    """

    at: datetime
    terminal: str
    home: str
    to: str
    reason: str
    went: datetime | None = None
    back: datetime | None = None
    ended: str = ""
    returned_reason: str = ""
    unasked: bool = False

    def helped_s(self, until: datetime | None) -> int | None:
        """Return the seconds for which the terminal helped, those of a loan that lasts up to ``until``; None if it never went."""
        if self.went is None:
            return None
        return seconds_between(self.went, self.back or until or self.went)
