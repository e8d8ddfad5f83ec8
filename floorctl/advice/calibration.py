"""What was predicted at each five minutes of the day, and what came of it: the day teaches how far to trust it. Pure.

Two things are learned. ``stale``: whether the clocks of the desks tell anything (two experts, weighted by how well each
has done: Cesa-Bianchi & Lugosi, Prediction, Learning, and Games, 2.1). ``width``: how far p90 must lie above p50 so that
one in ten waits is longer (adaptive conformal inference: Gibbs & Candès, NeurIPS 2021): each wait that was longer than
said widens it, each that was not narrows it a ninth as much, so that the share holds whatever the day is like.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import exp, log

from floorctl.advice import service_times
from floorctl.advice.known_ahead import look_ahead
from floorctl.advice.lane_scene import scene
from floorctl.advice.run_forward import last_each, quantile
from floorctl.advice.service_times import ServiceTimes
from floorctl.advice.waits import Trust, said
from floorctl.commands.fold import apply
from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.models.facts.day_facts import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

STEP = timedelta(minutes=5)
# Facts come late by seconds: an instant is judged once this has passed, so that the console sees what `status` sees.
_SETTLED = timedelta(seconds=60)
_LONGER = 0.1  # the share of waits that may be longer than p90
_STEP, _ELSEWHERE = 0.5, 0.2  # how far one wait moves the width of its lane; the other lanes by this part of it
_WIDTH, _WIDTH_LOW, _WIDTH_HIGH = 1.6, 0.6, 4.5
_STALE, _LEARNING, _HALF_LIFE_S, _WORST = 0.6, 2.0, 7200.0, 1.5
_FLOOR_S = 30.0
# Fewer runs than for what is shown: a day's watching must cost no more than a moment where it is done at once.
_RUNS = 32
_LEARN = timedelta(minutes=15)


@dataclass(slots=True)
class Made:
    """A prediction of the day: for the last person of ``lane`` at ``at``. ``believing`` and ``doubting``: the medians of
    the two experts; ``judged``: whether the width has learned from it."""

    at: datetime
    lane: str
    ticket: str
    believing: float
    doubting: float
    p50_s: int
    p90_s: int
    judged: bool = False


class Watch:
    """One day watched. Facts that come late begin it anew."""

    def __init__(self, site: Site, day: date) -> None:
        self.site, self.day = site, day
        self._restart(frozenset())

    def _restart(self, gone: frozenset[tuple[str, str]]) -> None:
        self._floor = Floor(self.site, self.day)
        self._gone = gone
        self._taken: list[Entry] = []
        self._width = {lane.code: _WIDTH for lane in self.site.lanes}
        self._next: datetime | None = None
        self._learned: list[tuple[datetime, dict[str, Trust]]] = []
        self._times: ServiceTimes | None = None
        self._times_at = datetime.min.replace(tzinfo=JST)
        self.made: list[Made] = []

    def trust(self, floor: Floor, register: Register, now: datetime) -> dict[str, Trust]:
        """What the day has taught by ``now``, by lane; ``floor``: its facts up to then. Also for an instant gone by."""
        entries = floor.entries
        taken = min(len(self._taken), len(entries))
        if (
            (taken and entries[taken - 1] is not self._taken[taken - 1])
            or not self._gone <= floor.retracted.keys()
            or len(self._gone) < len(floor.retracted)
        ):
            self._restart(frozenset(floor.retracted))
        self._advance(floor, register, now)
        settled = now - _SETTLED
        known = bisect_right(self._learned, settled, key=lambda x: x[0])
        return self._learned[known - 1][1] if known else {}

    def told_at(self, at: datetime) -> dict[str, int] | None:
        """The medians told at the last watched instant up to ``at``, by lane in which somebody waited; None: too early."""
        known = bisect_right(self._learned, at, key=lambda x: x[0])
        if not known:
            return None
        instant = self._learned[known - 1][0]
        return {m.lane: m.p50_s for m in self.made if m.at == instant}

    def _advance(self, floor: Floor, register: Register, now: datetime) -> None:
        entries = floor.entries
        if self._next is None:
            if not entries:
                return
            first = entries[0].fact.at
            self._next = first.replace(minute=first.minute - first.minute % 5, second=0, microsecond=0) + STEP
        # Nothing of a day comes after it, however late it is asked.
        now = min(now, datetime.combine(self.day, time.max, JST))
        while self._next + _SETTLED <= now and self._floor.closed_at is None:
            at, n = self._next, len(self._taken)
            while n < len(entries) and entries[n].fact.at <= at:
                if entries[n].key not in self._gone:
                    apply(self._floor, entries[n])
                self._taken.append(entries[n])
                n += 1
            self._judge(at)
            stale = self._stale(at)
            self._learned.append((at, {lane: Trust(stale, width) for lane, width in self._width.items()}))
            if self._floor.waiting and self._floor.opened_at is not None:
                self._predict(register, at, stale)
            self._next = at + STEP

    # ---- one instant

    def _predict(self, register: Register, at: datetime, stale: float) -> None:
        floor = self._floor
        if self._times is None or at - self._times_at >= _LEARN:
            self._times, self._times_at = service_times.learn(floor, at), at
        times = self._times
        ahead = look_ahead(floor, register, at)
        for lane in self.site.lanes:
            if not floor.lanes[lane.code].tickets and not floor.lanes[lane.code].uncounted:
                continue  # nobody waits: nothing is told
            seen = scene(floor, times, lane.code, at, ahead)
            found = last_each(seen, (0.0, 1.0), _RUNS)
            if found is None or not found[0].ticket:
                continue
            last, (believing, doubting) = found
            both = [(s, (1 - stale) / _RUNS) for s in believing] + [(s, stale / _RUNS) for s in doubting]
            told = said(_weighted(both, 0.5), _weighted(both, 0.9), self._width[lane.code])
            self.made.append(
                Made(
                    at,
                    lane.code,
                    last.ticket or "",
                    quantile(believing, 0.5),
                    quantile(doubting, 0.5),
                    told.p50_s,
                    told.p90_s,
                )
            )

    def _came_of(self, m: Made, at: datetime) -> tuple[float, bool]:
        """How long the person has waited since the prediction, and whether that is all."""
        t = self._floor.tickets[m.ticket]
        end = t.called_at or t.ended_at
        over = end is not None and end <= at
        return ((end if over and end is not None else at) - m.at).total_seconds(), over

    def _judge(self, at: datetime) -> None:
        for m in self.made:
            if m.judged:
                continue
            waited, over = self._came_of(m, at)
            # Whoever left before told nothing; whoever waits beyond p90 has told it already.
            longer = waited > m.p90_s
            if not over and not longer:
                continue
            m.judged = True
            if over and self._floor.tickets[m.ticket].called_at is None and not longer:
                continue
            step = _STEP * ((1 - _LONGER) if longer else -_LONGER)
            for lane, width in self._width.items():
                moved = width + step * (1.0 if lane == m.lane else _ELSEWHERE)
                self._width[lane] = min(_WIDTH_HIGH, max(_WIDTH_LOW, moved))

    def _stale(self, at: datetime) -> float:
        """The weight of the expert who does not believe the clocks, from how both have done in the last hours."""
        gain = 0.0
        for m in self.made:
            waited, over = self._came_of(m, at)
            if not over or waited <= 0 or self._floor.tickets[m.ticket].called_at is None:
                continue
            weight = 0.5 ** ((at - m.at).total_seconds() / _HALF_LIFE_S)
            gain += weight * (_loss(m.believing, waited) - _loss(m.doubting, waited))
        return 1 / (1 + exp(-(log(_STALE / (1 - _STALE)) + _LEARNING * gain)))


def _weighted(values: list[tuple[float, float]], p: float) -> float:
    """A quantile of values with weights that sum to 1."""
    below = 0.0
    for value, weight in sorted(values):
        below += weight
        if below >= p:
            return value
    return max(values)[0]


@lru_cache(maxsize=4096)  # what came of a prediction is weighed again at every later instant
def _loss(told: float, came: float) -> float:
    """How wrong a median was, as a factor (its logarithm), up to a worst."""
    return min(_WORST, abs(log(max(_FLOOR_S, told) / max(_FLOOR_S, came))))
