"""Days on which the advice is chosen and judged: real ones, days made from them, simulated ones, invented offices.

A *set* is one office or one kind of made day. Constants are chosen on all sets but one and judged on that one, in turn:
``python -m tests.bench.left_out FEED…`` (docs/advice.md). Nothing here is drawn without a seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import exp, pi, sin
from pathlib import Path
from random import Random
from typing import NamedTuple

from floorctl.advice.policies import AsWas
from floorctl.models.facts.checked import parse_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.simulation.monthly_demand import Volume
from floorctl.simulation.recorded_day import ALWAYS, Job, RecordedDay, record
from floorctl.simulation.replay import Desk, ReplayHall
from floorctl.usecases.study_days import days_of_feed

Sets = dict[str, list[RecordedDay]]
HOUR = 3600
OPENS, CLOSES = 8 * HOUR + 1800, 17 * HOUR
SHORTEST_S, LONGEST_S = 60, 1200  # a case told by the next call is cut off at twenty minutes


def simulated(site: Site, number: int, volume: Volume, seed: int) -> list[RecordedDay]:
    """Return simulated days of the contract at random."""
    calendar, rng = Calendar(site), Random(seed)
    open_days = [d for n in range(90, 720) if calendar.day_info(d := date(2026, 7, 1) + timedelta(days=n)).open]
    found = []
    for n, day in enumerate(rng.sample(open_days, number)):
        facts = [parse_fact(x) for x in simulated_feed(site, day, seed + n, volume).splitlines()]
        found.append(record(site, day, [Entry(k, "feed", f.at, "feed", f) for k, f in enumerate(facts, 1)]))
    return found


def one_less(day: RecordedDay) -> RecordedDay:
    """Return the day without the last of the terminals that serve more than one lane."""
    last = [p.terminal for p in day.posts if p.spans and len(p.lanes) > 1][-1]
    return replace(day, posts=tuple(replace(p, spans=()) if p.terminal == last else p for p in day.posts))


def mixed(one: RecordedDay, other: RecordedDay) -> RecordedDay:
    """Return the terminals and the first lane of one day with the second lane of another."""
    first, second = one.movable[:2]
    jobs = [j for j in one.jobs if j.lane == first]
    jobs += [replace(j, number=f"x{j.number}") for j in other.jobs if j.lane == second]
    return replace(one, jobs=_in_order(jobs))


def swapped(day: RecordedDay) -> RecordedDay:
    """Return the day with the people of both lanes exchanged: its split is that of another office."""
    first, second = day.movable[:2]
    other = {first: second, second: first}
    service = {lane: next((j.service for j in day.jobs if j.lane == lane), "") for lane in (first, second)}
    jobs = [
        replace(
            j,
            lane=other[j.lane],
            service=service[other[j.lane]] or j.service,
            stays=tuple((at, other.get(x, x)) for at, x in j.stays),
        )
        if j.lane in other
        else j
        for j in day.jobs
    ]
    return replace(day, jobs=tuple(jobs))


def jittered(day: RecordedDay, seed: int, level: Sequence[float]) -> RecordedDay:
    """Return the day with arrivals moved by some minutes and lengths of other cases; ``level``: people by lane, relative.

    The people of a lane are drawn with repetition where there are to be more.
    """
    rng, found = Random(seed), []
    for lane, times in zip(day.movable, level, strict=False):
        jobs = [j for j in day.jobs if j.lane == lane]
        if not jobs:
            continue
        wanted = max(1, round(times * len(jobs)))
        lengths = [j.service_s for j in jobs]
        drawn = jobs * (wanted // len(jobs)) + rng.sample(jobs, wanted % len(jobs))
        for n, job in enumerate(drawn):
            at = max(0, job.issued + int(rng.gauss(0, 300)))
            found.append(
                replace(
                    job,
                    number=f"{lane[0]}{n}",
                    issued=at,
                    start=at,
                    service_s=max(SHORTEST_S, int(rng.choice(lengths) * exp(rng.gauss(0, 0.1)))),
                    leaves=None if job.leaves is None else at + (job.leaves - job.issued),
                    stays=((at, lane),),
                )
            )
    return replace(day, jobs=_in_order(found))


class Kind(NamedTuple):
    """Kind of invented office: how loaded its terminals are, and how far from its split the work of a lane lies."""

    load: tuple[float, float]
    wrong: float
    ends: bool = (
        True  # the ends of its cases are told; else a case ends by the next call, at the latest after twenty minutes
    )


KINDS = {
    "calm": Kind((0.45, 0.65), 0.2),
    "busy": Kind((0.75, 0.95), 0.15),
    "wrong split": Kind((0.6, 0.85), 0.45),
    "full and wrong": Kind((0.9, 1.05), 0.35),
    "ends by the next call": Kind((0.5, 0.8), 0.3, ends=False),
}


def invented(site: Site, like: RecordedDay, kind: Kind, seed: int) -> RecordedDay:
    """Return a day of an office that does not exist: its size, load, split, cases and hours are drawn.

    Desks open late, close early and have breaks; the arrivals have a group at the door, a hump or none, and the lanes
    differ in both. A day on which people would wait more than forty minutes on the average is drawn anew: no manager
    would leave it alone.
    """
    rng = Random(seed)
    while True:
        day = _invented(site, like, kind, rng)
        heard = Heard()
        outcome = ReplayHall(day, heard).run()
        if outcome.person_s < 2400 * len(day.jobs):
            return day if kind.ends else replace(day, jobs=tuple(heard.told(j) for j in day.jobs))


class Heard(AsWas):
    """The recorded allocation; notes which terminal calls whom, and when."""

    def __init__(self) -> None:
        self.calls: dict[str, list[tuple[int, str]]] = {}

    def takes(self, hall: ReplayHall, desk: Desk) -> str | None:
        lane = super().takes(hall, desk)
        if lane is not None:
            self.calls.setdefault(desk.code, []).append((hall.now, hall.queues[lane][0][2].number))
        return lane

    def told(self, job: Job) -> Job:
        """Return a case as a machine tells it that knows of calls alone."""
        for calls in self.calls.values():
            for (at, number), (then, _) in pairwise(calls):
                if number == job.number:
                    return replace(job, service_s=max(SHORTEST_S, min(LONGEST_S, then - at)))
        return job


def _invented(site: Site, like: RecordedDay, kind: Kind, rng: Random) -> RecordedDay:
    lanes = like.movable[:2]
    service = {lane: next(s.code for s in site.services if s.lane == lane) for lane in lanes}
    desks = rng.randint(4, 8)
    first = rng.randint(1, desks - 2) if rng.random() < 0.5 else max(1, round(desks * 0.33))
    closes = rng.choice([15, 16, 17]) * HOUR
    posts = []
    movable = [p for p in like.posts if len(p.lanes) > 1]
    for n, post in enumerate(movable):
        spans = _spans(rng, closes) if n < desks else ()
        posts.append(replace(post, spans=spans, lanes_then=((0, lanes[0 if n < first else 1]),), breaks=()))
    posts += [replace(p, spans=()) for p in like.posts if len(p.lanes) == 1]
    work = sum(min(b, closes) - a for p in posts for a, b, _ in p.spans)
    load = rng.uniform(*kind.load) * work
    share = min(0.8, max(0.12, first / desks * exp(rng.gauss(0, kind.wrong))))
    jobs: list[Job] = []
    for lane, part in zip(lanes, (share, 1 - share), strict=True):
        mean, spread, shape = exp(rng.uniform(5.4, 6.9)), rng.uniform(0.3, 0.8), rng.randrange(12)
        for n in range(max(3, int(rng.gauss(1, 0.12) * load * part / mean))):
            at = _arrives(rng, closes, shape)
            length = min(2400, max(SHORTEST_S, int(mean * exp(rng.gauss(-spread * spread / 2, spread)))))
            leaves = at + int(rng.expovariate(1 / 5400)) + 1200 if rng.random() < 0.08 else None
            jobs.append(Job(f"{lane[0]}{n}", service[lane], 1, lane, at, at, length, leaves, ((at, lane),)))
    return replace(like, jobs=_in_order(jobs), posts=tuple(posts), halts=())


def _spans(rng: Random, closes: int) -> tuple[tuple[int, int, bool], ...]:
    begin = OPENS - 1800 + (rng.randint(0, 3 * HOUR) if rng.random() < 0.3 else rng.randint(0, 900))
    end = ALWAYS if rng.random() < 0.75 else rng.randint(12 * HOUR, closes)
    if rng.random() < 0.6:
        lunch = rng.randint(11 * HOUR, 14 * HOUR)
        if begin < lunch and lunch + 3600 < end:
            return ((begin, lunch, True), (lunch + rng.choice([1200, 1800, 2700]), end, False))
    return ((begin, end, True),)


def _arrives(rng: Random, closes: int, shape: int) -> int:
    """Return a time of arrival: at the door, or over the day with the humps of the office's ``shape``."""
    if rng.random() < (0.04, 0.12, 0.0)[shape % 3]:
        return OPENS - rng.randint(0, 600)
    while True:
        at = rng.uniform(OPENS, closes - 900)
        x = (at - OPENS) / (closes - OPENS)
        weight = (1.0, 0.6 + 0.6 * sin(pi * x), 1.3 - 0.8 * x, 0.7 + 0.5 * sin(3 * pi * x) ** 2)[shape % 4]
        if rng.random() * 1.6 < weight:
            return int(at)


def _in_order(jobs: Iterable[Job]) -> tuple[Job, ...]:
    return tuple(sorted(jobs, key=lambda j: (j.issued, j.start, j.number)))


def from_feeds(site: Site, paths: Sequence[Path]) -> Sets:
    """Return the days of the feeds by office: the part of the file's name before its date."""
    found: Sets = {}
    for path in paths:
        found.setdefault(path.stem.split("-")[0], []).extend(days_of_feed(site, path, print))
    return found


def made_sets(site: Site, real: Sets, times: int = 1) -> Sets:
    """Return the real offices and the kinds of made days. ``times``: how many draws of each real day."""
    days = [day for found in real.values() for day in found]
    sets: Sets = dict(real)
    rng = Random(7)
    for name, office in real.items():
        sets[f"{name}, jittered"] = [
            jittered(day, 100 * n + k, (rng.uniform(0.75, 1.3), rng.uniform(0.75, 1.3)))
            for n, day in enumerate(office)
            for k in range(2 * times)
        ]
        sets[f"{name}, heavier"] = [
            jittered(day, 300 * n + k, (rng.uniform(1.2, 1.6), rng.uniform(1.2, 1.6)))
            for n, day in enumerate(office)
            for k in range(2 * times)
        ]
    pairs = [(a, b) for n, a in enumerate(days) for m, b in enumerate(days) if n != m]
    sets["mixed"] = [mixed(a, b) for a, b in pairs]
    sets["one terminal less"] = [one_less(jittered(d, 900 + n, (1.0, 1.0))) for n, d in enumerate(days * times)]
    sets["lanes exchanged"] = [swapped(jittered(d, 700 + n, (1.0, 1.0))) for n, d in enumerate(days * times)]
    sets["mixed, one terminal less"] = [one_less(mixed(a, b)) for a, b in rng.sample(pairs, 10)]
    for name, kind in KINDS.items():
        sets[f"invented, {name}"] = [
            invented(site, days[0], kind, sum(map(ord, name)) * 100 + n) for n in range(12 * times)
        ]
    sets["simulated surges"] = simulated(site, 12 * times, "surge", 200)
    sets["simulated days"] = simulated(site, 8 * times, "normal", 400)
    return sets
