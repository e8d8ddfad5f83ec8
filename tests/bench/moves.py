"""The advice against other ways of working: ``python -m tests.bench.moves [FEED…]`` (docs/advice.md).

Simulated surges spread over the contract, then the days of the feeds: as they were, with one terminal less, and the
certificates of each with the cards of another, which makes days as real and heavier or lighter. Waits are held against
``pooled`` over all tickets of a row; the best fixed split is the better of the study's two.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from random import Random

from floorctl.advice.obedient_manager import Advice
from floorctl.advice.policies import Pooled, Static
from floorctl.intake.demand_table import demand_table
from floorctl.intake.site_file import load_site
from floorctl.models.facts.checked import parse_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.simulation.recorded_day import RecordedDay, record
from floorctl.simulation.replay import Policy, ReplayHall
from floorctl.usecases.study_days import days_of_feed
from tests.bench.flexible import Flex

Row = tuple[str, list[RecordedDay]]


def surges(site: Site, number: int) -> Row:
    """Surge days of the contract at random."""
    calendar, rng = Calendar(site), Random(99)
    open_days = [d for n in range(90, 720) if calendar.day_info(d := date(2026, 7, 1) + timedelta(days=n)).open]
    found = []
    for n, day in enumerate(rng.sample(open_days, number)):
        facts = [parse_fact(x) for x in simulated_feed(site, day, 200 + n, "surge").splitlines()]
        found.append(record(site, day, [Entry(k, "feed", f.at, "feed", f) for k, f in enumerate(facts, 1)]))
    return "simulated surges", found


def one_less(day: RecordedDay) -> RecordedDay:
    """The day without the last of the terminals that serve more than one lane."""
    last = [p.terminal for p in day.posts if p.spans and len(p.lanes) > 1][-1]
    return replace(day, posts=tuple(replace(p, spans=()) if p.terminal == last else p for p in day.posts))


def mixed(one: RecordedDay, other: RecordedDay) -> RecordedDay:
    """The terminals and the first lane of one day with the second lane of another."""
    first, second = one.movable[:2]
    jobs = [j for j in one.jobs if j.lane == first]
    jobs += [replace(j, number=f"x{j.number}") for j in other.jobs if j.lane == second]
    return replace(one, jobs=tuple(sorted(jobs, key=lambda j: (j.issued, j.start, j.number))))


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
    print("| days | n | pooled | " + " | ".join(ways) + " | moves a day |")
    print("|---|---|---|" + "---|" * (len(ways) + 1))
    for name, days in [surges(site, number), *of_feeds(site, paths)]:
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
    """All waits of the days, their p90, and the moves a day."""
    outcomes = [ReplayHall(day, way(day)).run() for day in days]
    waits = sorted(w for o in outcomes for w in o.all_waits)
    return sum(waits), waits[ceil(0.9 * len(waits)) - 1], sum(len(o.orders) for o in outcomes) / len(days)


if __name__ == "__main__":
    main(sys.argv[1:])
