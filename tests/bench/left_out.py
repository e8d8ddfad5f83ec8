"""Constants chosen on all sets of days but one, judged on that one: ``python -m tests.bench.left_out FEED…``.

What is left out together: an office with all days made from its days; the mixed days, and then both offices with them; each
kind of invented or simulated days. So nothing is judged by constants that have seen one of its people, and the mixed days
are judged by constants that have seen no real office at all. Invented offices have the terminals of the site alone from a
real day. The search starts from the first rule that was published with the measure (600 s of wait in the helped lane to
lend at all), not from the shipped constants, which have been looked at on all sets. The table is that of docs/advice.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from floorctl.advice.best_move import RULES
from floorctl.advice.fit import (
    CHOICES,
    SHIPPED,
    Constants,
    Trial,
    closed,
    differing,
    lane_changes,
    objective,
    orders,
    search,
    worse,
    worst_min,
)
from floorctl.advice.lending import LEND_RULES
from floorctl.advice.obedient_manager import Advice
from floorctl.advice.person_minutes import WORTH_MIN, Measured, measured
from floorctl.advice.policies import AsWas, Pooled
from floorctl.intake.demand_table import demand_table
from floorctl.intake.site_file import load_site
from floorctl.models.site.site import Site
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import Policy, ReplayHall
from tests.bench.made_days import from_feeds, made_sets

START = Constants(
    replace(LEND_RULES, relief_s=600, alone_s=900, heads_more=2.0, times=1.0, per_day=8),
    replace(RULES, heads_more=3.0, lasts_s=1200),
)
LOOKED_AT = 6  # days of a set on which constants are chosen; judged are all
LEAST = 0.002  # of the objective, for a step


class Group(NamedTuple):
    """Row of the table: days with what they hold, offices or a kind of made days."""

    name: str
    days: tuple[RecordedDay, ...]
    holds: frozenset[str]


def groups(site: Site, paths: Sequence[Path]) -> list[Group]:
    """Return the sets of `made_days`; one that is made day by day of several offices is a set of each."""
    real = from_feeds(site, paths)
    of_day = [office for office, days in real.items() for _ in days]
    found = []
    for name, days in made_sets(site, real).items():
        office = name.split(",")[0]
        if office in real:
            found.append(Group(name, tuple(days), frozenset({office})))
        elif name.startswith("mixed"):
            found.append(Group(name, tuple(days), frozenset(real)))
        elif name in ("one terminal less", "lanes exchanged"):
            for key, of_office in groupby(zip(of_day, days, strict=True), key=lambda x: x[0]):
                found.append(Group(f"{key}, {name}", tuple(day for _, day in of_office), frozenset({key})))
        else:
            found.append(Group(name, tuple(days), frozenset({name})))
    return found


def looked_at(days: Sequence[object]) -> list[int]:
    """Return the places of the days on which constants are chosen, evenly over a set."""
    n = min(LOOKED_AT, len(days))
    return [k * len(days) // n for k in range(n)]


# ---- replays, in processes of their own


@cache
def _bed(paths: tuple[Path, ...]) -> tuple[Site, Sequence[MonthDemand], list[Group]]:
    site = load_site()
    return site, demand_table(site), groups(site, paths)


Values = tuple[float, ...]


def _values(c: Constants) -> Values:
    return tuple(choice.of(c) for choice in CHOICES)


class Asked(NamedTuple):
    """Replay: the place of the group and of its day, and the values of CHOICES; "as_was" or "pooled" without."""

    group: int
    day: int
    way: Values | str


def replayed(paths: tuple[Path, ...], asked: Asked) -> Measured:
    """Return the measure of one day under one way."""
    site, table, found = _bed(paths)
    day = found[asked.group].days[asked.day]
    policy: Policy
    if not isinstance(asked.way, str):
        c = START
        for choice, value in zip(CHOICES, asked.way, strict=True):
            c = choice.put(c, value)
        policy = Advice(site, day, table, c.moves, c.lending)
    else:
        policy = AsWas() if asked.way == "as_was" else Pooled()
    return measured(ReplayHall(day, policy).run())


class Bench:
    """All replays that were made so far."""

    def __init__(self, paths: tuple[Path, ...], pool: Executor) -> None:
        self.paths, self.pool = paths, pool
        self.groups = _bed(paths)[2]
        self.done: dict[Asked, Measured] = {}

    def days(self, n: int, ways: Iterable[Values | str], *, all_days: bool) -> list[Asked]:
        """Return the replays of a group that judge some ways."""
        days = self.groups[n].days
        return [Asked(n, k, way) for k in (range(len(days)) if all_days else looked_at(days)) for way in ways]

    def replay(self, asked: Iterable[Asked]) -> None:
        """Make the replays that are missing."""
        missing = [x for x in dict.fromkeys(asked) if x not in self.done]
        found = self.pool.map(replayed, [self.paths] * len(missing), missing, chunksize=4)
        self.done |= dict(zip(missing, found, strict=True))

    def trials(self, n: int, c: Constants, *, all_days: bool) -> list[Trial]:
        """Return the trials of a group."""
        ways: tuple[Values | str, ...] = ("as_was", _values(c), "pooled")
        asked = self.days(n, ways, all_days=all_days)
        self.replay(asked)
        return [Trial(*(self.done[x] for x in asked[k : k + 3])) for k in range(0, len(asked), 3)]

    def chosen_on(self, sets: Sequence[int]) -> Constants:
        """Return the constants that are best on some groups."""

        def judge(tried: Sequence[Constants]) -> list[float]:
            self.replay(
                x for n in sets for x in self.days(n, ("as_was", "pooled", *map(_values, tried)), all_days=False)
            )
            return [objective(self.trials(n, c, all_days=False) for n in sets) for c in tried]

        return search(START, judge, least=LEAST)


# ---- the table


class Row(NamedTuple):
    """Row of the table: days judged by the constants chosen without them, and by the shipped ones."""

    name: str
    chosen: list[Trial]
    shipped: list[Trial]

    def text(self) -> str:
        """Return the row in Markdown."""
        gap = sum(t.was.person_s - t.pooled.person_s for t in self.chosen) // 60 // len(self.chosen)
        both = (self.chosen, self.shipped)
        cells = [
            self.name,
            f"{len(self.chosen)}",
            f"{gap:,}",
            *map(_share, both),
            *(f"{worse(x)} · {_worst(x)}" for x in both),
            *(f"{orders(x):.1f} · {lane_changes(x):.1f}" for x in both),
        ]
        return f"| {' | '.join(cells)} |"


HEAD = (
    "| left out | days | gap a day | closed, chosen | closed, shipped | worse · worst, chosen | worse · worst, shipped | orders · changes, chosen | orders · changes, shipped |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def _share(days: Sequence[Trial]) -> str:
    share = closed(days)
    return f"under {WORTH_MIN}" if share is None else f"{100 * share:.0f} %"


def _worst(days: Sequence[Trial]) -> str:
    lost = worst_min(days)
    return f"+{lost:,}" if lost else "none"


def constants_text(c: Constants) -> str:
    """Return what differs from the shipped constants."""
    return ", ".join(f"{choice.table}.{choice.key} {value:g}" for choice, value in differing(c)) or "as shipped"


def main(paths: Sequence[Path], processes: int | None = None) -> None:
    """Print a row for each set, judged by constants that have not seen it, and the constants."""
    with ProcessPoolExecutor(processes or os.cpu_count()) as pool:
        bench = Bench(tuple(paths), pool)
        rows: list[Row] = []
        chosen: dict[str, Constants] = {}
        for out in dict.fromkeys(g.holds for g in bench.groups):
            c = bench.chosen_on([n for n, g in enumerate(bench.groups) if not g.holds & out])
            name = " and ".join(sorted(out))
            chosen[name] = c
            print(f"  … {name}: {constants_text(c)} ({len(bench.done)} replays)", file=sys.stderr, flush=True)
            for n, g in enumerate(bench.groups):
                if g.holds == out:
                    rows.append(Row(g.name, *(bench.trials(n, x, all_days=True) for x in (c, SHIPPED))))
        everything = bench.chosen_on(range(len(bench.groups)))
    print(HEAD)
    for row in rows:
        print(row.text())
    print(Row("all", [t for r in rows for t in r.chosen], [t for r in rows for t in r.shipped]).text())
    means = [[s for r in rows if (s := closed(getattr(r, side))) is not None] for side in ("chosen", "shipped")]
    print(
        f"| mean of the sets | {len(rows)} | | {' | '.join(f'{100 * sum(m) / len(m):.0f} %' for m in means)} | | | | |"
    )
    print("\n| left out | constants that differ from the shipped ones |\n|---|---|")
    for name, c in chosen.items():
        print(f"| {name} | {constants_text(c)} |")
    print(f"| nothing | {constants_text(everything)} |")


if __name__ == "__main__":
    main([Path(x) for x in sys.argv[1:]])
