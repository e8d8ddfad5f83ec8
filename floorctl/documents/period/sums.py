"""Sums of a period from the derived tables: days, hours of a lane, terminals, moves, hand-overs, work. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from floorctl.common.frozen import frozen
from floorctl.documents.day.record import Waits
from floorctl.models.board.target_kept import Kept

# Runs a SELECT over the derived tables (docs/sql.md) and returns its rows; [] if there is no file.
Query = Callable[..., list[tuple[Any, ...]]]


@frozen
class DaySum:
    """One day with facts. ``served`` and ``waits`` by lane; ``fates`` in the order of ``FATES``; lengths in seconds."""

    day: date
    opened_at: datetime | None
    closed_at: datetime | None
    reported: bool  # the report of the day is closed
    revision: int
    issued: int
    fates: tuple[int, ...]
    cards: int
    served: dict[str, int]
    waits: dict[str, Waits]
    waiting_max: int  # most people waiting in one lane at once
    by_hand: int  # work that was tallied without a ticket
    officials_absent_s: int | None
    charge_vacant_s: int | None
    attended: int
    absent: int
    late: int
    break_short_s: int
    uncovered_s: int
    moves: int
    escalations: int
    anomalies: int
    weather: str

    @property
    def done(self) -> int:
        return self.fates[0]

    @property
    def queue_seen(self) -> bool:
        """False if people were served and nobody told how many had waited, or how long: as they were called they were known."""
        return not self.done or self.waiting_max > 0 or any(w.n for w in self.waits.values())

    @property
    def worked(self) -> bool:
        """True if visitors were served or counted: a day on which only duties were recorded is not."""
        return self.opened_at is not None or self.issued > 0 or self.by_hand > 0

    @property
    def counts_only(self) -> bool:
        """True if work was tallied but no visitor has a number: how many came is not known, and is no 0."""
        return self.issued == 0 and self.by_hand > 0


@frozen
class Cell:
    """One hour (local) of one lane on one day: issued, called and done; ``waited`` of those called have a wait."""

    day: date
    lane: str
    hour: int
    issued: int = 0
    called: int = 0
    served: int = 0
    waited: int = 0
    wait_s: int = 0
    wait_max_s: int = 0


class KeptCell(NamedTuple):
    """Share within the target of the people of a lane whose waits began in one hour (local) of a day."""

    day: date
    lane: str
    hour: int
    kept: Kept


class TerminalSum(NamedTuple):
    """A terminal and a lane: tickets called and done, services that were measured, their seconds."""

    terminal: str
    lane: str
    called: int
    served: int
    measured: int
    busy_s: int


class StopSum(NamedTuple):
    """Stops of a reception (``sort`` reception, ``code`` a service) or failures of a terminal, and their days."""

    sort: str
    code: str
    n: int
    seconds: int
    days: tuple[date, ...]


class MoveSum(NamedTuple):
    """Moves in one direction; people waiting, summed over the ``measured`` moves: before and 30 minutes after."""

    origin: str
    to: str
    n: int
    measured: int
    origin_before: int
    to_before: int
    origin_after: int
    to_after: int


class MatterSum(NamedTuple):
    """Hand-overs of one matter: outcomes by code (None: undecided), and both intervals of each in seconds."""

    matter: str | None
    n: int
    outcomes: dict[str | None, int]
    taken_s: tuple[int, ...]
    settled_s: tuple[int, ...]


class WorkSum(NamedTuple):
    """Work item over the period; ``read`` and ``recorded``: both counts on the ``tied`` days on which it was read."""

    item: str
    total: int
    by_hand: int
    tied: int
    read: int
    recorded: int
    differing: tuple[tuple[date, int, str], ...]  # day, read minus recorded, what was noted
