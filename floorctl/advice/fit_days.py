"""Fit the constants of loans and moves to the days of one counter, judged on the days left out in turn. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from floorctl.advice.best_move import move_rules
from floorctl.advice.fit import (
    CHOICES,
    MOST_ORDERS,
    SHIPPED,
    Constants,
    Trial,
    closed,
    lane_changes,
    objective,
    orders,
    person_min,
    search,
    worse,
    worst_min,
)
from floorctl.advice.lending import lend_rules
from floorctl.advice.month_study import too_little, too_vague, unlike
from floorctl.advice.obedient_manager import Advice
from floorctl.advice.person_minutes import Measured, measured
from floorctl.advice.policies import AsWas, Pooled
from floorctl.common.frozen import frozen
from floorctl.models.day.floor import Floor
from floorctl.models.site.site import Site
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import ReplayHall

NEEDED = 10  # days; what is chosen on fewer is mostly chance [J]
MOST = 40  # days looked at, the last ones: each costs some fifty replays
STEP = 0.005  # of the objective, for which a constant leaves its shipped value
WORTH = 0.02  # of the gap, by which fitted constants must be better on the days left out

# `progress(n, total, replays)` is called before each replay: the n-th of ``total`` searches, and the replays so far.
Progress = Callable[[int, int, int], None]


def no_progress(n: int, total: int, replays: int) -> None:
    """Report nothing."""


class Replayable:
    """Lengths of cases as recorded (`study_days.Lengths`), noting which days can be replayed faithfully."""

    def __init__(self) -> None:
        self.days: list[RecordedDay] = []
        self.left_out: list[tuple[date, str]] = []  # with the key of `month_study.REASONS`

    def of(self, day: RecordedDay, floor: Floor) -> RecordedDay:
        """Note whether a day counts, and if not, why; return it as it is."""
        why = too_little(floor) or too_vague(floor, day)
        if not why:
            try:
                why = "unlike" if unlike(floor, ReplayHall(day, AsWas()).run().all_waits) else ""
            except ArithmeticError:
                why = "unproved"
        if why:
            self.left_out.append((day.day, why))
        else:
            self.days.append(day)
        return day


@frozen
class Fit:
    """Days with the shipped constants, with those of the site file if it has any, and each with those chosen without it.

    ``chosen``: on all days together.
    """

    days: tuple[date, ...]
    shipped: tuple[Trial, ...]
    present: tuple[Trial, ...] | None
    left_out: tuple[Trial, ...]
    chosen: Constants

    @property
    def better(self) -> bool:
        """Return whether constants chosen in this way are worth changing for: on days that they have not seen."""
        now = self.shipped if self.present is None else self.present
        gained, share = closed(self.left_out), closed(now)
        if gained is None or share is None or worse(self.left_out) > worse(now):
            return False
        return gained >= share + WORTH and orders(self.left_out) <= max(MOST_ORDERS, orders(now))

    def to_json(self) -> dict[str, Any]:
        """Return ``fit --json`` (docs/additions.md) without its words."""
        return {
            "days": [day.isoformat() for day in self.days],
            "shipped": _figures(self.shipped),
            "present": None if self.present is None else _figures(self.present),
            "fitted": _figures(self.left_out),
            "better": self.better,
            "constants": {
                table: {x.key: x.of(self.chosen) for x in CHOICES if x.table == table} for table in ("lending", "moves")
            },
        }


def _figures(days: Sequence[Trial]) -> dict[str, Any]:
    return {
        "person_min": person_min(days),
        "gap_closed": closed(days),
        "days_worse": worse(days),
        "worst_day_min": worst_min(days),
        "orders_per_day": orders(days),
        "lane_changes_per_day": lane_changes(days),
    }


def present_constants(site: Site) -> Constants:
    """Return the constants with which a site is advised now."""
    return Constants(lend_rules(site), move_rules(site))


class _Replays:
    """Replays of all days that were made so far."""

    def __init__(
        self, site: Site, days: Sequence[RecordedDay], table: Sequence[MonthDemand], progress: Callable[[int], None]
    ) -> None:
        self.site, self.days, self.table, self.progress = site, days, table, progress
        self._bounds = [tuple(measured(ReplayHall(day, p()).run()) for p in (AsWas, Pooled)) for day in days]
        self._found: dict[tuple[int, Constants], Measured] = {}

    def trial(self, n: int, c: Constants) -> Trial:
        """Return the n-th day with some constants."""
        if (n, c) not in self._found:
            self.progress(len(self._found))
            day = self.days[n]
            policy = Advice(self.site, day, self.table, c.moves, c.lending)
            self._found[n, c] = measured(ReplayHall(day, policy).run())
        was, pooled = self._bounds[n]
        return Trial(was, self._found[n, c], pooled)

    def trials(self, c: Constants) -> tuple[Trial, ...]:
        """Return all days with some constants."""
        return tuple(self.trial(n, c) for n in range(len(self.days)))

    def chosen(self, without: int | None) -> Constants:
        """Return the constants that are best on all days, or on all but one."""

        def judge(tried: Sequence[Constants]) -> list[float]:
            return [objective([[self.trial(n, c) for n in range(len(self.days)) if n != without]]) for c in tried]

        return search(SHIPPED, judge, least=STEP)


def fit(site: Site, days: Sequence[RecordedDay], table: Sequence[MonthDemand], progress: Progress = no_progress) -> Fit:
    """Choose the constants on all days, and on all but each in turn, which is then judged."""
    total, at = len(days) + 1, 0
    replays = _Replays(site, days, table, lambda made: progress(at + 1, total, made))
    left_out = []
    for n in range(len(days)):
        at = n
        left_out.append(replays.trial(n, replays.chosen(n)))
    at = len(days)
    return Fit(
        tuple(day.day for day in days),
        replays.trials(SHIPPED),
        replays.trials(present_constants(site)) if site.advice.own else None,
        tuple(left_out),
        replays.chosen(None),
    )
