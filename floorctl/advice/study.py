"""Replay the same days under each policy and compare the waits (contract 4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from floorctl.advice.obedient_manager import Advice
from floorctl.advice.policies import AsWas, Pooled, Static
from floorctl.models.site.site import Site
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import Figures, Outcome, Policy, ReplayHall, figures


@dataclass(frozen=True)
class PolicyFigures:
    """Outcome of a policy over a study's days: waits of the called tickets, together and by lane; queue and moves."""

    all: Figures
    lanes: dict[str, Figures]
    waiting_max: int
    moves: int
    days: int

    def to_json(self) -> dict[str, Any]:
        """Return the entry of contract 4: whole seconds, rounded down; null if nobody was called."""
        whole = self.all.to_json()
        return {
            **{k: whole[k] for k in ("mean_s", "p90_s", "max_s")},
            "waiting_max": self.waiting_max,
            "moves_per_day": round(self.moves / self.days, 2) if self.days else 0.0,
            "lanes": {lane: f.to_json() for lane, f in self.lanes.items()},
        }


@dataclass(frozen=True)
class Study:
    """Days of a study, and the figures of each policy by its name."""

    days: tuple[date, ...]
    policies: dict[str, PolicyFigures]

    def to_json(self) -> dict[str, Any]:
        return {
            "days": [d.isoformat() for d in self.days],
            "policies": {name: f.to_json() for name, f in self.policies.items()},
        }


def policies(site: Site, table: Sequence[MonthDemand]) -> dict[str, Callable[[RecordedDay], Policy]]:
    """Return the policies of a study by name, as factories for a day. ``table``: rows of `data/demand.csv`."""
    return {
        "as_was": lambda day: AsWas(),
        "static_2_6": lambda day: Static(2, 6),
        "static_3_5": lambda day: Static(3, 5),
        "advice": lambda day: Advice(site, day, table),
        "pooled": lambda day: Pooled(),
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
        sum(len(o.orders) for o in outcomes),
        len(outcomes),
    )
