"""Calibrate the predicted waits on the day itself: predict every five minutes, compare with the outcome. Pure.

Four parameters. ``stale``: weight of the predictor that ignores the elapsed service times, against the one that uses
them (exponentially weighted experts: Cesa-Bianchi & Lugosi, Prediction, Learning, and Games, 2.1). ``turns``: in the same
way, how far a person keeps a terminal for its turn (up to the next call) rather than for the case alone. ``width``:
distance of p90 from p50 at which one wait in ten is longer (adaptive conformal inference: Gibbs & Candès, NeurIPS 2021): a
wait beyond p90 widens it, any other narrows it by a ninth as much, so that coverage holds on any day. ``centre``: in the
same way, the place of p50 at which every second wait is longer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import exp, log

from floorctl.advice import service_times
from floorctl.advice.known_ahead import look_ahead
from floorctl.advice.lane_scene import scene
from floorctl.advice.run_forward import last_each, quantile
from floorctl.advice.service_times import ServiceTimes
from floorctl.advice.waits import Trust, calibrated
from floorctl.commands.fold import apply
from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

STEP = timedelta(minutes=5)
# Facts arrive seconds late: a step is judged after this delay, so that console and `status` agree.
_SETTLED = timedelta(seconds=60)
_LONGER = 0.1  # target share of waits beyond p90
_STEP, _ELSEWHERE = 0.5, 0.2  # learning rate of a lane's width; share of it that applies to the other lanes
_WIDTH, _WIDTH_LOW, _WIDTH_HIGH = 1.6, 0.6, 4.5
_STALE, _LEARNING, _HALF_LIFE_S, _WORST = 0.6, 2.0, 7200.0, 1.5
_FLOOR_S = 30.0
# Share of the turns before any evidence; how much the waits of the other lanes count for it.
_TURNS, _OF_OTHERS = 1 / 3, 0.5
# Learning rate of a lane's median, and its limits: what is further off is no matter of the median.
_CENTRE_STEP, _CENTRE_LOW, _CENTRE_HIGH = 0.06, -0.5, 0.8
# Fewer runs than for display: calibrating a whole day at once must stay fast.
_RUNS = 32
_LEARN = timedelta(minutes=15)


@dataclass(slots=True)
class Prediction:
    """Predicted wait at ``at`` of the last person in ``lane``: ``ticket``, None of one known by a head count alone.

    ``clocked`` and ``unclocked``: medians of the experts with and without elapsed service times; ``by_case`` and
    ``by_turn``: of those by the length of the cases and of the turns; ``judged`` and ``centred``: whether the width and
    the centre have been updated by its outcome.
    """

    at: datetime
    lane: str
    ticket: Ticket | None
    clocked: float
    unclocked: float
    by_case: float
    by_turn: float
    p50_s: int
    p90_s: int
    judged: bool = False
    centred: bool = False


class Watch:
    """Calibration of one day. A fact that arrives out of order or is retracted restarts it.

    ``deferred``: then it stays as it was, for somebody else begins another (a large day takes a second).
    """

    def __init__(self, site: Site, day: date) -> None:
        self.site, self.day = site, day
        self.deferred = False
        self._restart(frozenset())

    def _restart(self, gone: frozenset[tuple[str, str]]) -> None:
        """Forget everything and start from an empty Floor, without the entries of the keys ``gone``."""
        self._floor = Floor(self.site, self.day)
        self._gone = gone
        self._taken: list[Entry] = []
        self._known: set[tuple[str, str]] = set()  # keys of what the Floor was folded from
        self._width = {lane.code: _WIDTH for lane in self.site.lanes}
        self._centre = {lane.code: 0.0 for lane in self.site.lanes}
        self._next: datetime | None = None
        self._learned: list[tuple[datetime, dict[str, Trust]]] = []
        self._times: ServiceTimes | None = None
        # By lane, how much longer a turn takes than a case: a difference of logarithms.
        self._longer = dict.fromkeys(self._width, 0.0)
        self._times_at = datetime.min.replace(tzinfo=JST)
        self.predictions: list[Prediction] = []

    def trust(self, floor: Floor, register: Register, now: datetime) -> dict[str, Trust]:
        """Return the calibration by lane as known at ``now``, also for a past instant.

        ``floor``: the day's facts up to then.
        """
        overtaken = self.overtaken(floor)
        if overtaken and not self.deferred:
            self._restart(frozenset(floor.retracted))
        elif not overtaken and len(self._gone) < len(floor.retracted):
            self._gone = frozenset(floor.retracted)  # of nothing that was taken yet: an act undone at once
        if not overtaken or not self.deferred:
            self._advance(floor, register, now)
        settled = now - _SETTLED
        known = bisect_right(self._learned, settled, key=lambda x: x[0])
        return self._learned[known - 1][1] if known else {}

    def overtaken(self, floor: Floor) -> bool:
        """Return whether facts of steps judged so far have come or gone since: ``trust`` would begin again."""
        entries = floor.entries
        taken = min(len(self._taken), len(entries))
        late = taken > 0 and entries[taken - 1] != self._taken[taken - 1]
        return late or not self._gone <= floor.retracted.keys() or not self._known.isdisjoint(floor.retracted)

    def medians_at(self, at: datetime) -> dict[str, int] | None:
        """Return p50 in seconds by lane, as predicted at the last step up to ``at``; None before the first step.

        A lane in which nobody waited has no entry.
        """
        known = bisect_right(self._learned, at, key=lambda x: x[0])
        if not known:
            return None
        instant = self._learned[known - 1][0]
        return {m.lane: m.p50_s for m in self.predictions if m.at == instant}

    def _advance(self, floor: Floor, register: Register, now: datetime) -> None:
        """Fold the facts and calibrate step by step (5 minutes each) up to ``now``."""
        entries = floor.entries
        if self._next is None:
            if not entries:
                return
            first = entries[0].fact.at
            self._next = first.replace(minute=first.minute - first.minute % 5, second=0, microsecond=0) + STEP
        # A day has no steps after midnight, however late ``now`` is.
        now = min(now, datetime.combine(self.day, time.max, JST))
        while self._next + _SETTLED <= now and self._floor.closed_at is None:
            at, n = self._next, len(self._taken)
            while n < len(entries) and entries[n].fact.at <= at:
                if entries[n].key not in self._gone:
                    apply(self._floor, entries[n])
                    self._known.add(entries[n].key)
                self._taken.append(entries[n])
                n += 1
            if gone := self._floor.mistaken:  # nobody held them: there is no outcome
                self.predictions = [
                    m
                    for m in self.predictions
                    if m.ticket is None
                    or m.ticket.number not in gone
                    or self._floor.tickets.get(m.ticket.number) is m.ticket
                ]
            self._judge(at)
            trust = self._trusted(at)
            self._learned.append((at, trust))
            if self._floor.waiting and self._floor.opened_at is not None:
                self._predict(register, at, trust)
            self._next = at + STEP

    # ---- one instant

    def _predict(self, register: Register, at: datetime, trust: Mapping[str, Trust]) -> None:
        """Predict the wait of the last person in each lane at ``at``."""
        floor = self._floor
        if self._times is None or at - self._times_at >= _LEARN:
            self._times, turns = service_times.learn_with_turns(floor, at)
            for code in self._longer:
                self._longer[code] = log(turns.unknown(code).mean_s / self._times.unknown(code).mean_s)
            self._times_at = at
        times = self._times
        ahead = look_ahead(floor, register, at)
        for lane in self.site.lanes:
            if not floor.lanes[lane.code].tickets and not floor.lanes[lane.code].uncounted:
                continue  # nobody waits: nothing to predict
            mine = trust[lane.code]
            seen = scene(floor, times.longer(mine.longer), lane.code, at, ahead)
            drawn = last_each(seen, (0.0, 1.0), _RUNS)
            if drawn is None:
                continue
            last, (clocked, unclocked) = drawn
            ticket = floor.lanes[lane.code].tickets.get(last.ticket or "")
            both = [(s, (1 - mine.stale) / _RUNS) for s in clocked] + [(s, mine.stale / _RUNS) for s in unclocked]
            p50_s, p90_s = calibrated(_weighted(both, 0.5), _weighted(both, 0.9), mine)
            # Without elapsed times a wait grows as the turns do: neither needs runs of its own.
            middle = quantile(unclocked, 0.5)
            by_case = middle * exp(-mine.longer)
            self.predictions.append(
                Prediction(
                    at,
                    lane.code,
                    ticket,
                    quantile(clocked, 0.5),
                    middle,
                    by_case,
                    by_case * exp(self._longer[lane.code]),
                    p50_s,
                    p90_s,
                    judged=ticket is None,
                )
            )

    @staticmethod
    def _outcome(m: Prediction, t: Ticket, at: datetime) -> tuple[float, bool]:
        """Return the seconds waited since the prediction, and whether the wait has ended by ``at``."""
        end = t.called_at or t.ended_at
        over = end is not None and end <= at
        return ((end if over and end is not None else at) - m.at).total_seconds(), over

    def _judge(self, at: datetime) -> None:
        """Update the centres and widths with the predictions whose outcome is known at ``at``."""
        for m in self.predictions:
            if m.judged or m.ticket is None:
                continue
            waited, over = self._outcome(m, m.ticket, at)
            # A wait that was abandoned has no outcome; one beyond p90 has its outcome before it ends.
            longer, called = waited > m.p90_s, over and m.ticket.called_at is not None
            if not m.centred and (called or waited > m.p50_s):
                m.centred = True
                self._move_centres(m.lane, _CENTRE_STEP * (0.5 if waited > m.p50_s else -0.5))
            if not over and not longer:
                continue
            m.judged = True
            if not called and not longer:
                continue
            step = _STEP * ((1 - _LONGER) if longer else -_LONGER)
            for lane, width in self._width.items():
                moved = width + step * (1.0 if lane == m.lane else _ELSEWHERE)
                self._width[lane] = min(_WIDTH_HIGH, max(_WIDTH_LOW, moved))

    def _move_centres(self, lane: str, step: float) -> None:
        for other, centre in self._centre.items():
            moved = centre + step * (1.0 if other == lane else _ELSEWHERE)
            self._centre[other] = min(_CENTRE_HIGH, max(_CENTRE_LOW, moved))

    def _trusted(self, at: datetime) -> dict[str, Trust]:
        """Return the calibration at ``at``: both pairs of experts weighted by their losses in the last hours."""
        gain, turns = 0.0, dict.fromkeys(self._width, 0.0)
        for m in self.predictions:
            if m.ticket is None:
                continue
            waited, over = self._outcome(m, m.ticket, at)
            if not over or waited <= 0 or m.ticket.called_at is None:
                continue
            weight = 0.5 ** ((at - m.at).total_seconds() / _HALF_LIFE_S)
            gain += weight * (_loss(m.clocked, waited) - _loss(m.unclocked, waited))
            better = weight * (_loss(m.by_case, waited) - _loss(m.by_turn, waited))
            for lane in turns:
                turns[lane] += better * (1.0 if lane == m.lane else _OF_OTHERS)
        stale = _share(_STALE, gain)
        return {
            lane: Trust(stale, width, _share(_TURNS, turns[lane]) * self._longer[lane], self._centre[lane])
            for lane, width in self._width.items()
        }


def _share(before: float, gain: float) -> float:
    """Return the weight of an expert that began with ``before`` and whose losses are smaller by ``gain`` in all."""
    return 1 / (1 + exp(-(log(before / (1 - before)) + _LEARNING * gain)))


def _weighted(values: list[tuple[float, float]], p: float) -> float:
    """Return the ``p`` quantile of (value, weight) pairs whose weights sum to 1."""
    below = 0.0
    for value, weight in sorted(values):
        below += weight
        if below >= p:
            return value
    return max(values)[0]


@lru_cache(maxsize=4096)  # every later step needs the loss of each prediction again
def _loss(median: float, wait: float) -> float:
    """Return the absolute log ratio of a predicted median and the wait in seconds, at most ``_WORST``."""
    return min(_WORST, abs(log(max(_FLOOR_S, median) / max(_FLOOR_S, wait))))
