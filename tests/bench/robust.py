"""What the advice does where it is wrong or followed badly: ``python -m tests.bench.robust [RUNS]``.

Paired runs: the same day, with the same trouble, once with the allocation that was there and once with the advice. In
every run the adviser believes service times that are 30 % too long or too short, half of the advised moves are made, ten
minutes late, and half of the loans; what is not lent at once is not lent for ten minutes. The troubles besides: a terminal fails for two hours, a person is absent all day, no card work
is possible anywhere for an hour and a half (a national outage).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from math import exp
from random import Random

from floorctl.advice.hall_view import View
from floorctl.advice.obedient_manager import Advice
from floorctl.advice.policies import AsWas
from floorctl.intake.demand_table import demand_table
from floorctl.intake.site_file import load_site
from floorctl.models.facts.checked import parse_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.simulation.monthly_demand import Volume
from floorctl.simulation.recorded_day import Post, RecordedDay, record
from floorctl.simulation.replay import Desk, ReplayHall, figures

LATE_S, ASKED_EVERY_S = 600, 300
HOUR = 3600


class Grudging(Advice):
    """Looks every five minutes, takes half of what is advised, ten minutes after it was; its times are wrong."""

    def __init__(self, site: Site, day: RecordedDay, *, wrong: float, seed: int) -> None:
        super().__init__(site, day, demand_table())
        self.wrong, self.rng = wrong, Random(seed)
        self.looked = -ASKED_EVERY_S
        self.later: tuple[int, str, str] | None = None
        self.no_loan_until = 0

    def lane_at_staffing(self, hall: ReplayHall, desk: Desk) -> str:
        return desk.post.lane_then(hall.now)  # whoever hardly listens opens as always

    def lends(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        if hall.now < self.no_loan_until:
            return ()
        advised = list(super().lends(hall))
        if advised and self.rng.random() < 0.5:
            self.no_loan_until = hall.now + LATE_S
            return ()
        return advised

    def moves(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        if self.later is not None:
            at, code, lane = self.later
            if hall.now >= at:
                self.later = None
                return [(d, lane) for d in hall.desks if d.code == code and d.working]
            return ()
        if hall.now - self.looked < ASKED_EVERY_S:
            return ()
        self.looked = hall.now
        advised = list(super().moves(hall))
        if advised and self.rng.random() < 0.5:
            desk, lane = advised[0]
            self.later = (hall.now + LATE_S, desk.code, lane)
        return ()

    def _looked(self, hall: ReplayHall) -> View:
        v = super()._looked(hall)
        for people in v.waiting.values():
            for w in people:
                w.case = replace(w.case, mu=w.case.mu + self.wrong)
        for c in v.coming.values():
            c.cases = [(share, replace(case, mu=case.mu + self.wrong)) for share, case in c.cases]
        v.pace = {lane: seconds * exp(self.wrong) for lane, seconds in v.pace.items()}
        return v


def without(post: Post, begin: int, end: int) -> Post:
    """A terminal that does not work from ``begin`` to ``end``."""
    spans: list[tuple[int, int, bool]] = []
    for a, b, fresh in post.spans:
        if a < begin:
            spans.append((a, min(b, begin), fresh))
        if b > end:
            spans.append((max(a, end), b, fresh and a >= end))
    return replace(post, spans=tuple(spans))


def in_trouble(day: RecordedDay, trouble: str, rng: Random) -> RecordedDay:
    """The day with one trouble more."""
    both = [p.terminal for p in day.posts if p.spans and len(p.lanes) > 1]
    who, at = rng.choice(both), rng.randint(10 * HOUR, 14 * HOUR)
    hit: dict[str, tuple[int, int]] = {}
    if trouble == "failure":
        hit = {who: (at, at + 2 * HOUR)}
    elif trouble == "absence":
        hit = {who: (0, 24 * HOUR)}
    elif trouble == "outage":
        hit = dict.fromkeys(both, (at, at + HOUR * 3 // 2))
    return replace(day, posts=tuple(without(p, *hit[p.terminal]) if p.terminal in hit else p for p in day.posts))


def days(site: Site, runs: int) -> Iterable[RecordedDay]:
    """Simulated days spread over the contract, busy and plain ones in turn."""
    calendar, rng = Calendar(site), Random(20)
    open_days = [d for n in range(700) if calendar.day_info(d := date(2026, 7, 6) + timedelta(days=n)).open]
    for n in range(runs):
        volume: Volume = "surge" if n % 2 else "normal"
        day = rng.choice(open_days)
        facts = [parse_fact(x) for x in simulated_feed(site, day, 5000 + n, volume).splitlines()]
        yield record(site, day, [Entry(k, "feed", f.at, "feed", f) for k, f in enumerate(facts, 1)])


TROUBLES = ("none", "failure", "absence", "outage")


def main(runs: int = 200, say: Callable[[str], None] = print) -> None:
    site = load_site()
    sums: dict[str, list[tuple[float, float]]] = {}
    for n, day in enumerate(days(site, runs)):
        rng = Random(n)
        trouble = TROUBLES[n % 4]
        hard = in_trouble(day, trouble, rng)
        wrong = 0.262 if n // 4 % 2 else -0.357  # log of 1.3 and of 0.7
        was = figures(ReplayHall(hard, AsWas()).run().all_waits).mean_s or 0.0
        now = figures(ReplayHall(hard, Grudging(site, hard, wrong=wrong, seed=n)).run().all_waits).mean_s or 0.0
        for name in (trouble, "30 % too long" if wrong > 0 else "30 % too short", "all"):
            sums.setdefault(name, []).append((was, now))
    say("| runs | n | mean wait as it was | with the advice | ratio of means | mean ratio | 95 % of the days at most |")
    say("|---|---|---|---|---|---|---|")
    for name, pairs in sums.items():
        was, now = (sum(p[i] for p in pairs) / len(pairs) for i in (0, 1))
        # A quarter of a minute more or less is nothing that anybody waits: ratios are of waits with half a minute added.
        ratios = sorted((b + 30) / (a + 30) for a, b in pairs)
        worst = ratios[int(0.95 * (len(ratios) - 1))]
        say(
            f"| {name} | {len(pairs)} | {was / 60:.1f} min | {now / 60:.1f} min | {now / was:.3f} "
            f"| {sum(ratios) / len(ratios):.3f} | {worst:.2f} |"
        )


if __name__ == "__main__":
    main(*(int(x) for x in sys.argv[1:]))
