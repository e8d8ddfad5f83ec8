"""Replay the same days under each policy and compare the waits (contract 4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from floorctl.advice.obedient_manager import Advice
from floorctl.advice.person_minutes import Measured, a_day, days_worse, gap_closed, measured, total, worst_day_min
from floorctl.advice.policies import AsWas, Pooled, Static
from floorctl.models.site.site import Site
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import Figures, Outcome, Policy, ReplayHall, figures

AS_WAS, ADVICE, POOLED = "as_was", "advice", "pooled"


@dataclass(frozen=True)
class PolicyFigures:
    """Outcome of a policy over a study's days: waits of the called tickets, together and by lane; queue; each day's measure."""

    all: Figures
    lanes: dict[str, Figures]
    waiting_max: int
    by_day: tuple[Measured, ...]

    @property
    def days(self) -> int:
        return len(self.by_day)

    @property
    def total(self) -> Measured:
        """Return the measure of all days together."""
        return total(self.by_day)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of contract 4 without the comparison: whole seconds, rounded down; null if nobody was called."""
        whole = self.all.to_json()
        return {
            **{k: whole[k] for k in ("mean_s", "p90_s", "max_s")},
            "waiting_max": self.waiting_max,
            "moves_per_day": a_day(self.total.moves, self.days),
            "lanes": {lane: f.to_json() for lane, f in self.lanes.items()},
        }


@dataclass(frozen=True)
class Study:
    """Days of a study, and the figures of each policy by its name."""

    days: tuple[date, ...]
    policies: dict[str, PolicyFigures]

    def gap_closed(self, name: str) -> float | None:
        """Return the share of the gap that a policy closes over all days; None where the gap means nothing."""
        return gap_closed(*(self.policies[x].by_day for x in (AS_WAS, name, POOLED)))

    def days_worse(self, name: str) -> int:
        """Return the number of days that a policy makes worse than they were."""
        return days_worse(self.policies[AS_WAS].by_day, self.policies[name].by_day)

    def worst_day_min(self, name: str) -> int:
        """Return the person-minutes that a policy loses on its worst day."""
        return worst_day_min(self.policies[AS_WAS].by_day, self.policies[name].by_day)

    def to_json(self) -> dict[str, Any]:
        """Return ``study --json`` (contract 4, 6)."""
        return {
            "days": [d.isoformat() for d in self.days],
            "policies": {name: f.to_json() | self._measure(name) for name, f in self.policies.items()},
        }

    def _measure(self, name: str) -> dict[str, Any]:
        own = self.policies[name]
        was, pooled = self.policies[AS_WAS].by_day, self.policies[POOLED].by_day
        return {
            **_measure_json(own.total, own.days, self.gap_closed(name)),
            "days_worse": self.days_worse(name),
            "worst_day_min": self.worst_day_min(name),
            "by_day": [
                {"day": day.isoformat(), **_measure_json(m, 1, gap_closed([before], [m], [best]))}
                for day, m, before, best in zip(self.days, own.by_day, was, pooled, strict=True)
            ],
        }


def _measure_json(m: Measured, days: int, closed: float | None) -> dict[str, Any]:
    return {
        "person_min": m.person_min,
        "gap_closed": closed,
        "orders_per_day": a_day(m.orders, days),
        "lane_changes_per_day": a_day(m.lane_changes, days),
    }


def policies(site: Site, table: Sequence[MonthDemand]) -> dict[str, Callable[[RecordedDay], Policy]]:
    """Return the policies of a study by name, as factories for a day. ``table``: rows of `data/demand.csv`."""
    return {
        AS_WAS: lambda day: AsWas(),
        "static_2_6": lambda day: Static(2, 6),
        "static_3_5": lambda day: Static(3, 5),
        ADVICE: lambda day: Advice(site, day, table),
        POOLED: lambda day: Pooled(),
    }


def study(site: Site, days: Sequence[RecordedDay], table: Sequence[MonthDemand]) -> Study:
    """Replay each day under each policy."""
    found = {}
    for name, policy in policies(site, table).items():
        found[name] = together(site, [ReplayHall(day, policy(day)).run() for day in days])
    return Study(tuple(d.day for d in days), found)


def together(site: Site, outcomes: Sequence[Outcome]) -> PolicyFigures:
    """Combine the outcomes of several days under one policy: every ticket counts the same."""
    lanes = {lane.code: [w for o in outcomes for w in o.waits.get(lane.code, [])] for lane in site.lanes}
    return PolicyFigures(
        figures(w for waits in lanes.values() for w in waits),
        {lane: figures(waits) for lane, waits in lanes.items()},
        max((o.waiting_max for o in outcomes), default=0),
        tuple(measured(o) for o in outcomes),
    )
