"""Measure of a way of working: person-minutes waited, the gap closed, the days made worse, orders a day. Pure.

The gap lies between the recorded allocation (``as_was``) and all terminals serving everybody (``pooled``). A few
person-minutes are a matter of chance: where the gap is smaller than WORTH_MIN a day, no share of it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from floorctl.simulation.replay import Outcome

WORTH_MIN = 60  # person-minutes a day; smaller gaps have no share, smaller losses make no day worse [J]


class Measured(NamedTuple):
    """One day, or the sum of several, under one policy.

    ``person_s``: waited by all, as ``Outcome.person_s``; ``moves`` and ``loans``: ordered, returns not; ``lane_changes``:
    of terminals at work, returns included.
    """

    person_s: int = 0
    moves: int = 0
    loans: int = 0
    lane_changes: int = 0

    @property
    def person_min(self) -> int:
        """Return the person-minutes, rounded down."""
        return self.person_s // 60

    @property
    def orders(self) -> int:
        """Return the number of orders: moves and loans."""
        return self.moves + self.loans


def measured(outcome: Outcome) -> Measured:
    """Return the measure of a replayed day."""
    loans = sum(order.lend for order in outcome.orders)
    return Measured(outcome.person_s, len(outcome.orders) - loans, loans, outcome.lane_changes)


def total(days: Sequence[Measured]) -> Measured:
    """Return the sum of several days."""
    return Measured(*map(sum, zip(*days, strict=True))) if days else Measured()


def gap_closed(was: Sequence[Measured], found: Sequence[Measured], pooled: Sequence[Measured]) -> float | None:
    """Return the share of the gap that a policy closes over the same days: 0 as it was, 1 as ``pooled``, below 0 worse.

    None where the gap is too small to mean anything. A loss too small for three digits is 0.0, not -0.0.
    """
    before, after, best = (total(days).person_s for days in (was, found, pooled))
    gap = before - best
    return round((before - after) / gap, 3) + 0.0 if gap >= 60 * WORTH_MIN * max(1, len(was)) else None


def days_worse(was: Sequence[Measured], found: Sequence[Measured]) -> int:
    """Return the number of days on which a policy loses more than WORTH_MIN."""
    return sum(lost > 60 * WORTH_MIN for lost in _lost_s(was, found))


def worst_day_min(was: Sequence[Measured], found: Sequence[Measured]) -> int:
    """Return the person-minutes lost on the worst day, rounded down; 0 where no day is worse."""
    return max(0, *_lost_s(was, found)) // 60


def a_day(number: int, days: int) -> float:
    """Return a mean a day with two decimals; 0 without days."""
    return round(number / days, 2) if days else 0.0


def _lost_s(was: Sequence[Measured], found: Sequence[Measured]) -> list[int]:
    return [after.person_s - before.person_s for before, after in zip(was, found, strict=True)]
