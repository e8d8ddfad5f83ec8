"""The manager of the study who takes every advice: it knows nothing of what comes later, and keeps to the rules of moves and loans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from floorctl.advice.best_move import RULES, uneven
from floorctl.advice.hall_view import View, came, served
from floorctl.advice.lending import LEND_RULES
from floorctl.advice.obedient_manager import Advice
from floorctl.intake.demand_table import demand_table
from floorctl.simulation.recorded_day import ALWAYS, Job, Post, RecordedDay
from floorctl.simulation.replay import Desk, Outcome, ReplayHall
from tests.bench.made_days import KINDS, invented
from tests.story import MONDAY, kumagaya

LANES = ("issuance", "certificate")
SERVICE = {"issuance": "card_issuance", "certificate": "cert_issue"}  # those of the invented offices
NINE, HOUR = 9 * 3600, 3600
Seen = tuple[int, dict[str, int], dict[str, int], dict[str, float], list[tuple[str, float]]]


def empty(day: date = MONDAY) -> RecordedDay:
    posts = tuple(Post(f"T{n}", LANES, (), ((0, "issuance"),)) for n in range(1, 9))
    return RecordedDay(day, LANES, LANES, LANES[:1], (), posts, 120)


class Watched(Advice):
    """Notes what it saw and what it ordered, and refuses to break a rule."""

    def __init__(self, day: RecordedDay) -> None:
        super().__init__(kumagaya(), day, demand_table())
        self.seen: list[Seen] = []
        self.ordered: list[tuple[int, str, str, str]] = []

    def _looked(self, hall: ReplayHall) -> View:
        v = super()._looked(hall)
        assert (v.came, v.came_s) == came(self.floor, self.at(hall.now)), "counted on, as if counted anew"
        assert self._served == served(self.floor)
        mix = [(lane, share) for lane, c in v.coming.items() for share, _ in c.cases]
        self.seen.append((hall.now, dict(v.count), dict(v.came), dict(v.pace), mix))
        return v

    def _note(self, hall: ReplayHall, what: str, found: Iterable[tuple[Desk, str]]) -> list[tuple[Desk, str]]:
        told = list(found)
        self.ordered += [(hall.now, what, d.code, lane) for d, lane in told]
        return told

    def lane_at_staffing(self, hall: ReplayHall, desk: Desk) -> str:
        ((_, lane),) = self._note(hall, "staffed", [(desk, super().lane_at_staffing(hall, desk))])
        return lane

    def returns(self, hall: ReplayHall) -> Iterable[Desk]:
        return [d for d, _ in self._note(hall, "home", [(d, d.home or "") for d in super().returns(hall)])]

    def lends(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        earlier = [at for at, what, _, _ in self.ordered if what == "lent"]
        found = self._note(hall, "lent", super().lends(hall))
        for desk, to in found:
            assert desk.working
            assert desk.job is None
            assert not hall.queues[desk.lane], "nobody waits at home"
            assert len(hall.queues[to]) >= LEND_RULES.heads
            assert _at_work(hall, desk.target) >= LEND_RULES.others, "another one stays"
            assert not earlier or hall.now - earlier[-1] >= LEND_RULES.rest_s
        return found

    def moves(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        earlier = [x for x in hall.orders if not x.lend]
        found = self._note(hall, "moved", super().moves(hall))
        known = self._view(hall) if found else None
        for desk, to in found:
            assert known is not None
            assert desk.home is None, "what is lent comes home"
            left = desk.target
            receives = hall.queues[left] or known.coming[left].spells
            assert _at_work(hall, left) >= 2 or not receives, "never the last one of a lane that receives (仕様書 7(1))"
            assert not earlier or hall.now - earlier[-1].at >= RULES.rest_s
            back = [x.at for x in earlier if (x.origin, x.to) == (to, desk.target) and hall.now - x.at < RULES.back_s]
            grown = replace(RULES, heads_more=RULES.regret * RULES.heads_more)
            in_vain = bool(back) and hall.now - back[-1] >= RULES.regret_s and uneven(known, left, to, grown)
            changed = bool(back) and any(ago < hall.now - back[-1] for ago, _ in known.changes)
            assert not back or changed or in_vain
        return found


def _at_work(hall: ReplayHall, lane: str) -> int:
    return sum(d.working and d.target == lane for d in hall.desks)


def played(day: RecordedDay) -> tuple[Watched, Outcome]:
    policy = Watched(day)
    return policy, ReplayHall(day, policy).run()


def otherwise(day: RecordedDay, called: dict[str, int], t: int, rng: Random) -> RecordedDay:
    """The same day up to ``t``; later others come, cases end at other times, people go home or stay, terminals stop."""
    jobs: list[Job] = []
    for j in day.jobs:
        if j.issued > t:
            at = max(t + 1, j.issued + rng.randint(-600, 1800))
            jobs += [replace(j, issued=at, start=at, stays=((at, j.stays[0][1]),), service_s=rng.randint(60, 2400))] * (
                rng.random() < 0.6
            )
            continue
        at_desk = called.get(j.number, t + 1)
        if at_desk + j.service_s > t:
            j = replace(j, service_s=max(1, t + 1 - at_desk) + rng.randint(0, 2400))
            lane = LANES[rng.randrange(2)]
            sent = () if lane == j.lane else ((t + rng.randint(1, 900), lane),)
            j = replace(j, stays=j.stays + sent, lane=lane, service=SERVICE[lane])
        if j.leaves is not None and j.leaves > t:
            j = replace(j, leaves=None)
        jobs.append(j)
    posts = [replace(p, spans=_spans_otherwise(p, t, rng)) for p in day.posts]
    return replace(day, jobs=tuple(sorted(jobs, key=lambda j: (j.issued, j.start, j.number))), posts=tuple(posts))


def _spans_otherwise(post: Post, t: int, rng: Random) -> tuple[tuple[int, int, bool], ...]:
    found: list[tuple[int, int, bool]] = []
    for n, (begin, end, new) in enumerate(post.spans):
        if begin <= t:
            found.append((begin, end if end <= t else rng.choice([ALWAYS, t + rng.randint(1, 5000)]), new))
        elif n and post.spans[n - 1][1] <= t:  # away at ``t``: back at another time
            found.append((max(t + 1, begin + rng.randint(-900, 3600)), ALWAYS, new))
    return tuple(found)


def until(policy: Watched, t: int) -> tuple[list[Seen], list[tuple[int, str, str, str]]]:
    return [x for x in policy.seen if x[0] <= t], [x for x in policy.ordered if x[0] <= t]


@pytest.mark.parametrize("kind", ["busy", "wrong split", "full and wrong"])
def test_the_same_facts_until_an_instant_give_the_same_orders_until_then(kind: str) -> None:
    """Invented offices: who will come, how long a case will last, who will be sent to the other lane moves nothing before."""
    rng, orders = Random(5), 0
    day = invented(kumagaya(), empty(), KINDS[kind], 7101)
    policy, outcome = played(day)
    for _ in range(2):
        t = rng.randint(NINE + HOUR, NINE + 6 * HOUR)
        other, _ = played(otherwise(day, outcome.called, t, rng))
        assert until(other, t) == until(policy, t)
        assert other.seen != policy.seen, "and after it they differ"
        orders += len(until(policy, t)[1])
    assert orders > 10


def test_a_look_at_the_hall_does_not_walk_through_the_whole_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are as many looks as people: with five thousand of both, a walk at each would take minutes."""

    def walks(*_: object) -> object:
        raise AssertionError("walks through all tickets")

    day = invented(kumagaya(), empty(), KINDS["busy"], 7101)
    policy = Advice(kumagaya(), day, demand_table())
    for name in ("came", "served"):
        monkeypatch.setattr(f"floorctl.advice.hall_view.{name}", walks)
    assert len(ReplayHall(day, policy).run().called) > 50
