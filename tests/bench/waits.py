"""Predicted waits on days of many characters: ``python -m tests.bench.waits [FEED…]`` (docs/advice.md, "Predicted waits").

A made day is a hall with a character (desks that serve other queues too, a group at the door, desks that come and go
unannounced…), written down as such days are: with the instants of a ticket machine, or as a census whose arrivals and calls are
spread evenly over five minutes. Days of feeds are drawn again: their arrivals jittered, heavier, one desk less, the
certificates of one with the cards of another. The predictions know only the facts up to their instant.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from math import exp
from pathlib import Path
from random import Random
from typing import Any

from floorctl.commands.fold import fold
from floorctl.common.clock import JST, business_day
from floorctl.intake.site_file import load_site
from floorctl.models.facts.checked import parse_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.usecases.backtest import DayResult, backtest, predicted, read_day, summary, truth_of
from tests.bench.counter_days import ENDS, OPENS, SERVICE, Counter, as_census, as_written
from tests.story import MONDAY

# ---- offices


def flow(rng: Random, rate: Callable[[float], float], most: float) -> list[float]:
    """Return arrivals of a Poisson stream of ``rate`` a second by thinning."""
    found, at = [], float(OPENS)
    while (at := at + rng.expovariate(most)) < ENDS:
        if rng.random() * most < rate(at):
            found.append(at)
    return found


def waves(rng: Random, a_day: float) -> list[float]:
    """Return the arrivals of a day with a morning and an afternoon peak of chance height."""
    peaks = [(rng.uniform(9, 11.5) * 3600, rng.uniform(0.3, 1.2)), (rng.uniform(13, 16) * 3600, rng.uniform(0.2, 1.0))]

    def shape(at: float) -> float:
        return 0.5 + sum(h * exp(-(((at - c) / 4000) ** 2)) for c, h in peaks)

    whole = sum(shape(OPENS + 300 * k) for k in range((ENDS - OPENS) // 300)) * 300
    return flow(rng, lambda at: a_day * shape(at) / whole, a_day * 3.0 / whole)


def counter(rng: Random, desks: int, load: float, **more: Any) -> Counter:
    """Return a lane with so many desks and a mean load; ``more`` as in Counter."""
    minutes = more.pop("minutes", rng.uniform(7, 17))
    real = minutes / (1 - more.get("elsewhere", 0.0)) + more.get("away", 0.0) * 20
    n = load * desks * (ENDS - OPENS) / 60 / real
    return Counter(waves(rng, n), [(OPENS, desks)], minutes, rng.uniform(0.4, 0.7), **more)


def two(rng: Random) -> tuple[int, int]:
    """Return how many desks each of two lanes has, eight together at most."""
    first = rng.randint(2, 5)
    return first, rng.randint(2, 8 - first)


def office(rng: Random, **more: Any) -> dict[str, Counter]:
    """Return a day of two lanes of chance size and load."""
    a, b = two(rng)
    return {lane: counter(rng, n, rng.uniform(0.75, 1.05), **more) for lane, n in (("issuance", a), ("certificate", b))}


def at_the_door(rng: Random) -> dict[str, Counter]:
    """Return a day with two to five people for each desk at the opening."""
    found = office(rng)
    for c in found.values():
        c.arrivals += [OPENS + rng.uniform(0, 240) for _ in range(rng.randint(2, 5) * c.desks[0][1])]
    return found


def comes_and_goes(rng: Random) -> dict[str, Counter]:
    """Return a day on which some desks are open for a part of the day only."""
    found = office(rng)
    for c in found.values():
        most, at = c.desks[0][1], float(OPENS)
        c.desks = []
        while at < ENDS:
            c.desks.append((at, rng.randint(max(1, most // 2), most)))
            at += rng.uniform(2400, 7200)
        c.arrivals = [at for at in c.arrivals if rng.random() < 0.8]
    return found


def slow_hours(rng: Random) -> dict[str, Counter]:
    """Return a day of which one to three hours take 1.4 to 2 times as long."""
    found = office(rng)
    for c in found.values():
        begin = rng.uniform(10, 14) * 3600
        c.slow = (begin, begin + rng.uniform(1, 3) * 3600, rng.uniform(1.4, 2.0))
    return found


KINDS: dict[str, Callable[[Random], dict[str, Counter]]] = {
    "plain": office,
    "other queues": lambda rng: office(rng, elsewhere=rng.uniform(0.3, 0.7), minutes=rng.uniform(5, 11)),
    "at the door": at_the_door,
    "comes and goes": comes_and_goes,
    "away": lambda rng: office(rng, away=rng.uniform(0.05, 0.15)),
    "leavers": lambda rng: office(rng, patience_s=1200.0),
    "overtaken": lambda rng: office(rng, passed=0.3),
    "slow hours": slow_hours,
}


# ---- the days of feeds, drawn again


def of_real(site: Site, path: Path) -> dict[str, Counter]:
    """Return the lanes of a real day: its arrivals, its desks as the census told them, its pace while people waited."""
    entries = read_day(path, site)
    whole = fold(site, business_day(entries[0].fact.at), entries)
    rows = list(csv.DictReader(path.with_suffix(".truth.csv").read_text("utf-8").splitlines()))
    found = {}
    for lane in ("issuance", "certificate"):
        mine = [
            (_second(datetime.fromisoformat(r["at"])), int(r["waiting"]), int(r["desks"]))
            for r in rows
            if r["lane"] == lane
        ]
        tickets = {t.number: t for t in whole.tickets.values() if t.service == SERVICE[lane] and t.issued_at}
        calls = [_second(t.called_at) for t in tickets.values() if t.called_at]
        worked, done = 0.0, 0
        for (a, w, d), (b, x, e) in pairwise(mine):
            if w and x and d:
                worked += (b - a) * (d + max(1, e)) / 2
                done += sum(a < c <= b for c in calls)
        desks = [(a, max(1, d)) for a, _, d in mine]
        last = max((a for a, _, d in mine if d), default=ENDS)
        desks = [x for x in desks if x[0] <= last]
        minutes = min(30.0, max(4.0, (worked + 4 * 780) / (done + 4) / 60))
        came = [_second(t.issued_at) for t in tickets.values() if t.issued_at]
        found[lane] = Counter(came, desks, minutes, 0.5)
    return found


def _second(at: datetime) -> float:
    return (at - datetime.combine(at.date(), time(), JST)).total_seconds()


def redrawn(c: Counter, rng: Random, *, more: float = 0.0, less: int = 0) -> Counter:
    """Return a lane with its arrivals jittered, a share ``more`` of them twice, and ``less`` desks."""
    came = [max(OPENS - 300.0, at + rng.gauss(0, 600)) for at in c.arrivals]
    came += [at + rng.gauss(0, 1800) for at in c.arrivals if rng.random() < more]
    return Counter(
        sorted(max(OPENS - 300.0, at) for at in came), [(s, max(1, n - less)) for s, n in c.desks], c.minutes, c.sigma
    )


def of_feeds(real: Sequence[dict[str, Counter]], rng: Random) -> dict[str, list[dict[str, Counter]]]:
    """Return by kind the days made of real ones."""

    def each(**how: Any) -> list[dict[str, Counter]]:
        return [{lane: redrawn(c, rng, **how) for lane, c in day.items()} for day in real]

    pairs = [(a, b) for n, a in enumerate(real) for m, b in enumerate(real) if n != m]
    mixed = [
        {"issuance": redrawn(a["issuance"], rng), "certificate": redrawn(b["certificate"], rng)}
        for a, b in rng.sample(pairs, min(6, len(pairs)))
    ]
    return {"jittered": each() + each(), "heavier": each(more=0.25), "one less": each(less=1), "mixed": mixed}


Days = dict[str, list[list[Entry]]]


def days_by_kind(site: Site, paths: Sequence[Path], each: int = 4, seed: int = 1) -> Days:
    """Return by kind the facts of the made days."""
    found: Days = {}
    rng = Random(seed)
    if paths:
        for name, drawn in of_feeds([of_real(site, p) for p in paths], rng).items():
            found[f"real, {name}"] = [as_census(day, rng) for day in drawn]
    for name, make in KINDS.items():
        found[f"{name}, census"] = [as_census(make(rng), rng) for _ in range(each)]
        found[f"{name}, machine"] = [as_written(make(rng), rng, by_next=n % 2 == 1) for n in range(each)]
    for profile in ("surge", "normal"):
        days: list[list[Entry]] = []
        for n in range(each):
            facts = [
                parse_fact(x)
                for x in simulated_feed(site, MONDAY + timedelta(days=n + 1), seed * 100 + n, profile).splitlines()
            ]
            days.append([Entry(k, "feed", f.at, "feed", f) for k, f in enumerate(facts, 1)])
        found[f"simulated, {profile}"] = days
    return found


# ---- what is told


def row(name: str, results: Sequence[DayResult]) -> str:
    """Return a row of the table: days, waits, ratio, shares at or under p50 and p90, p50 by load."""
    x = summary(list(results))
    loads = (f"{x[key]['under_p50']:.0%}" if x[key] else "-" for key in ("told_short", "told_long"))
    shares = (f"{x['under_p50']:.0%}", *loads, f"{x['covered']:.0%}")
    return f"| {name} | {len(results)} | {x['n']} | {x['ratio']:.2f} | {' | '.join(shares)} |"


def main(paths: Sequence[str], each: int = 4, seed: int = 1) -> None:
    site, feeds = load_site(), [Path(p) for p in paths]
    print("| days | n | waits | ratio | ≤ p50 | told under 15 min | told as more | ≤ p90 |")
    print("|---|---|---|---|---|---|---|---|")
    if feeds:
        print(row("the days of the feeds", [backtest(path, site) for path in feeds]), flush=True)
    every: list[DayResult] = []
    for name, days in days_by_kind(site, feeds, each, seed).items():
        results = [predicted(name, entries, truth_of(entries, site), site) for entries in days]
        every += results
        print(row(name, results), flush=True)
    print(row("all made days", every))


if __name__ == "__main__":
    main(sys.argv[1:])
