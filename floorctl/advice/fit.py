"""Choose the constants of loans and moves on days that are over, by coordinate steps. Pure.

What was chosen on some days is judged on others (leaving one out in turn: Stone, *Cross-validatory choice and assessment of
statistical predictions*, JRSS B 36 (1974) 111-47). The same days give the same constants. Figures: docs/advice.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from floorctl.advice.best_move import RULES, Rules
from floorctl.advice.lending import LEND_RULES, LendRules
from floorctl.advice.person_minutes import Measured, a_day, days_worse, gap_closed, total, worst_day_min
from floorctl.common.frozen import frozen

MOST_ORDERS = 8  # a day; more cost ORDER_COSTS of the gap each
WORSE_COSTS = 0.5  # of the gap, if every day were made worse
ORDER_COSTS = 0.05


@frozen
class Constants:
    """Constants with which loans and moves are advised."""

    lending: LendRules = LEND_RULES
    moves: Rules = RULES


SHIPPED = Constants()


class Choice(NamedTuple):
    """Values from which one constant is chosen: the table and the key of the site file, and the values."""

    table: Literal["lending", "moves"]
    key: str
    values: tuple[float, ...]

    def of(self, c: Constants) -> float:
        """Return the value of this constant."""
        value: float = getattr(getattr(c, self.table), self.key)
        return value

    def put(self, c: Constants, value: float) -> Constants:
        """Return the constants with another value of this one."""
        return replace(c, **{self.table: replace(getattr(c, self.table), **{self.key: value})})


# What matters most comes first.
CHOICES = (
    Choice("lending", "relief_s", (100, 200, 400, 600)),
    Choice("lending", "alone_s", (200, 400, 600, 900)),
    Choice("moves", "heads_more", (1.0, 2.0, 3.0, 5.0)),
    Choice("moves", "lasts_s", (360, 600, 1200)),
    Choice("lending", "heads_more", (0.0, 0.35, 1.0, 2.0)),
    Choice("lending", "times", (1.0, 1.5, 2.0, 3.0)),
    Choice("lending", "per_day", (4, 6, 8)),
    Choice("lending", "heads", (1, 2, 3)),
    Choice("lending", "rest_s", (60, 180, 300)),
)


class Trial(NamedTuple):
    """One day: as it was, with an advice, and with all terminals serving everybody."""

    was: Measured
    found: Measured
    pooled: Measured


def closed(days: Sequence[Trial]) -> float | None:
    """Return the share of the gap closed over some days; None where it means nothing."""
    return gap_closed([d.was for d in days], [d.found for d in days], [d.pooled for d in days])


def worse(days: Sequence[Trial]) -> int:
    """Return how many of the days wait clearly longer than they did."""
    return days_worse([d.was for d in days], [d.found for d in days])


def orders(days: Sequence[Trial]) -> float:
    """Return the orders a day."""
    return a_day(sum(d.found.orders for d in days), len(days))


def lane_changes(days: Sequence[Trial]) -> float:
    """Return the changes of lane a day."""
    return a_day(sum(d.found.lane_changes for d in days), len(days))


def person_min(days: Sequence[Trial]) -> int:
    """Return the person-minutes waited, rounded down."""
    return total([d.found for d in days]).person_min


def worst_min(days: Sequence[Trial]) -> int:
    """Return the person-minutes lost on the worst day; 0 where no day is worse."""
    return worst_day_min([d.was for d in days], [d.found for d in days])


def objective(sets: Iterable[Sequence[Trial]]) -> float:
    """Return the worth of constants on some sets of days: each set counts the same, whatever its size.

    The mean share of the gap closed, where it means something; less WORSE_COSTS times the mean share of the days made
    worse, less ORDER_COSTS for each order a day beyond MOST_ORDERS.
    """
    given = [days for days in sets if days]
    shares = [share for days in given if (share := closed(days)) is not None]
    worth = _mean(shares) - WORSE_COSTS * _mean([worse(days) / len(days) for days in given])
    return worth - ORDER_COSTS * max(0.0, _mean([orders(days) for days in given]) - MOST_ORDERS)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


Judge = Callable[[Sequence[Constants]], Sequence[float]]


def search(start: Constants, judge: Judge, *, least: float, rounds: int = 2) -> Constants:
    """Return the best constants that single steps reach from ``start``.

    One constant after the other takes the value that is worth most, if it is worth more by ``least``; at most ``rounds``
    times all of them. ``judge``: the worth of each of several constants, by `objective`.
    """
    best = start
    score = judge([best])[0]
    for _ in range(rounds):
        before = best
        for choice in CHOICES:
            tried = [choice.put(best, value) for value in choice.values if value != choice.of(best)]
            constants, worth = max(zip(tried, judge(tried), strict=True), key=lambda found: found[1])
            if worth >= score + least:
                best, score = constants, worth
        if best == before:
            break
    return best


def differing(c: Constants, other: Constants = SHIPPED) -> Iterator[tuple[Choice, float]]:
    """Yield the constants that differ from ``other``, with their values, in the order of CHOICES."""
    return ((choice, choice.of(c)) for choice in CHOICES if choice.of(c) != choice.of(other))
