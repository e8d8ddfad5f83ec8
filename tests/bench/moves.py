"""The advice against other ways of working: ``python -m tests.bench.moves [FEED…]`` (docs/advice.md).

Simulated surges spread over the contract, then the days of the feeds: as they were, with one terminal less, and the
certificates of each with the cards of another, which makes days as real and heavier or lighter. Waits are held against
``pooled`` over all tickets of a row; the best fixed split is the better of the study's two.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from pathlib import Path

from floorctl.advice.obedient_manager import Advice
from floorctl.advice.policies import Pooled, Static
from floorctl.intake.demand_table import demand_table
from floorctl.intake.site_file import load_site
from floorctl.models.site.site import Site
from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import Policy, ReplayHall
from floorctl.usecases.study_days import days_of_feed
from tests.bench.flexible import Flex
from tests.bench.made_days import mixed, one_less, simulated

Row = tuple[str, list[RecordedDay]]


def of_feeds(site: Site, paths: Sequence[str]) -> Iterable[Row]:
    days = [day for path in paths for day in days_of_feed(site, Path(path), print)]
    if days:
        yield "the days of the feeds", days
        yield "with one terminal less", [one_less(d) for d in days]
        pairs = [mixed(a, b) for n, a in enumerate(days) for m, b in enumerate(days) if n != m]
        yield "cards of one, certificates of another", pairs
        yield "the same with one terminal less", [one_less(d) for d in pairs]


def main(paths: Sequence[str], number: int = 24) -> None:
    site, table = load_site(), demand_table()
    ways: dict[str, Callable[[RecordedDay], Policy]] = {
        "2:6": lambda day: Static(2, 6),
        "3:5": lambda day: Static(3, 5),
        "three flexible": lambda day: Flex(3),
        "advice": lambda day: Advice(site, day, table),
    }
    print("| days | n | pooled | " + " | ".join(ways) + " | orders a day |")
    print("|---|---|---|" + "---|" * (len(ways) + 1))
    for name, days in [("simulated surges", simulated(site, number, "surge", 200)), *of_feeds(site, paths)]:
        bound, tail, _ = _together(days, lambda day: Pooled())
        cells, moves = [], 0.0
        for way in ways.values():
            total, p90, moves = _together(days, way)
            cells.append(f"{total / bound:.2f} / {p90 / tail:.2f}")
        tickets = sum(len(d.jobs) for d in days)
        print(
            f"| {name} | {len(days)} | {bound / tickets / 60:.1f} min | {' | '.join(cells)} | {moves:.1f} |", flush=True
        )


def _together(days: Sequence[RecordedDay], way: Callable[[RecordedDay], Policy]) -> tuple[int, int, float]:
    """All waits of the days, their p90, and the orders a day."""
    outcomes = [ReplayHall(day, way(day)).run() for day in days]
    waits = sorted(w for o in outcomes for w in o.all_waits)
    return sum(waits), waits[ceil(0.9 * len(waits)) - 1], sum(len(o.orders) for o in outcomes) / len(days)


if __name__ == "__main__":
    main(sys.argv[1:])
