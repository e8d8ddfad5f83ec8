"""Flow of the day so far: arrivals and departures by the hour, service times. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median_low
from typing import NamedTuple

from floorctl.common.clock import HALF_HOUR, JST, half_hour_of, seconds_between
from floorctl.models.day.floor import Floor, LaneQueue
from floorctl.models.day.staff import Vacancy
from floorctl.models.facts.fields import BY_HAND

# Of a feed's clock: number of last facts used, and the delay up to which a fact counts as live.
_LOOK_BACK, _LAST_FACTS, _FEW, _LIVE_S = 400, 20, 5, 600
_MINUTE_S = 59  # most seconds that a time of whole minutes has lost


@dataclass(repr=False)
class LaneFlow:
    """Flow of one lane: tickets issued and finished in the hour before now; number and mean of the day's services (s)."""

    issued_hour: int = 0
    finished_hour: int = 0
    finished: int = 0
    mean_service_s: float | None = None


def flows(floor: Floor, now: datetime) -> dict[str, LaneFlow]:
    """Return the flow of each lane in the 60 minutes up to ``now``."""
    since = now - timedelta(hours=1)
    result = {lane: LaneFlow() for lane in floor.lanes}
    services: dict[str, list[float]] = {lane: [] for lane in floor.lanes}
    for t in floor.tickets.values():
        lane = floor.counted_lane(t)
        flow = result[lane]
        if t.came_at is not None:
            flow.issued_hour += since < t.came_at <= now
        if t.state == "finished" and t.ended_at is not None:
            flow.finished_hour += since < t.ended_at <= now
            if t.serving_since is not None and t.outcome == "done" and not (t.assumed_end or t.untimed or t.at_most):
                services[lane].append((t.ended_at - t.serving_since).total_seconds())
    for lane, times in services.items():
        if times:
            result[lane].finished, result[lane].mean_service_s = len(times), fmean(times)
    return result


class HalfHour(NamedTuple):
    """Half an hour of the day: by lane the tickets issued in it, and who waited at its end or, where it lasts, wait now."""

    start: datetime
    end: datetime
    came: dict[str, int]
    waiting: dict[str, int]


def half_hours(floor: Floor) -> list[HalfHour]:
    """Return the half hours of reception, and of any before or after it in which a ticket was issued."""
    first, last = reception_span(floor)
    came: dict[datetime, dict[str, int]] = {}
    for t in floor.tickets.values():
        if t.came_at is not None:
            half = came.setdefault(half_hour_of(t.came_at), dict.fromkeys(floor.lanes, 0))
            half[floor.counted_lane(t)] += 1
    starts = _half_hours_of(min([first, *came]), max([last, *(at + HALF_HOUR for at in came)]))
    nobody = dict.fromkeys(floor.lanes, 0)
    return [
        HalfHour(
            at, at + HALF_HOUR, came.get(at, nobody), {x: waiting_at(q, at + HALF_HOUR) for x, q in floor.lanes.items()}
        )
        for at in starts
    ]


def waiting_at(queue: LaneQueue, at: datetime) -> int:
    """Return the number of people waiting in a lane at an instant."""
    n = bisect_right(queue.history, at, key=lambda change: change[0])
    return queue.history[n - 1][1] if n else 0


def waiting_series(queue: LaneQueue, end: datetime, minutes: int, points: int) -> list[int]:
    """Return the number waiting at ``points`` equally spaced instants of the last ``minutes`` up to ``end``."""
    step = timedelta(minutes=minutes) / points
    return [waiting_at(queue, end - step * (points - 1 - i)) for i in range(points)]


def clock_skews(floor: Floor) -> dict[str, int]:
    """Return how far the clock of each live source is ahead of this PC's in seconds, by its last facts.

    Facts recorded long after they happened are left out, and so are sources with few live facts. Of facts that came in
    together the latest counts: a row of a visit tells of its beginning, too, and a file may be copied over every few
    minutes. For the same reason a source is behind by what its promptest facts are; one odd fact does not move it. Where
    times are of whole minutes, up to a minute is no delay.
    """
    found: dict[str, dict[datetime, int]] = {}
    facts: Counter[str] = Counter()
    seconds: set[str] = set()  # sources whose times have seconds
    for e in reversed(floor.entries[-_LOOK_BACK:]):
        ahead = (e.fact.at - e.recorded_at).total_seconds()
        if e.source != BY_HAND and abs(ahead) <= _LIVE_S and facts[e.source] < _LAST_FACTS:
            facts[e.source] += 1
            together = found.setdefault(e.source, {})
            together[e.recorded_at] = max(int(ahead), together.get(e.recorded_at, -_LIVE_S))
            if e.fact.at.second:
                seconds.add(e.source)
    return {
        source: _skew(sorted(found[source].values()), 0 if source in seconds else _MINUTE_S)
        for source, n in sorted(facts.items())
        if n >= _FEW
    }


def _skew(seen: list[int], rounded_s: int) -> int:
    """Return the skew by the leads of a clock in ascending order, whose times are rounded down by up to ``rounded_s``."""
    middle = median_low(seen)
    return middle if middle >= 0 else min(0, seen[-2:][0] + rounded_s)


def spans_s(history: list[tuple[datetime, bool]], end: datetime, window: tuple[datetime, datetime]) -> int:
    """Return the seconds within ``window`` for which a state held; ``history``: (since when, holds)."""
    total = 0
    for i, (at, holds) in enumerate(history):
        until = history[i + 1][0] if i + 1 < len(history) else end
        if holds:
            total += seconds_between(max(at, window[0]), min(until, window[1]))
    return total


def reception_half_hours(floor: Floor) -> list[datetime]:
    """Return the begins of the half hours of the clock that hold the day's reception."""
    return _half_hours_of(*reception_span(floor))


def _half_hours_of(first: datetime, last: datetime) -> list[datetime]:
    begin = half_hour_of(first)
    return [begin + n * HALF_HOUR for n in range(-int((begin - last) // HALF_HOUR))]


def reception_span(floor: Floor) -> tuple[datetime, datetime]:
    """Return the span from the first reception window's beginning to the last one's end."""
    first, last = floor.site.reception_of({s.lane for s in floor.site.services}, floor.day.weekday())
    return datetime.combine(floor.day, first, JST), datetime.combine(floor.day, last, JST)


def officials_absent_s(floor: Floor, now: datetime) -> int | None:
    """Return the seconds of reception without city staff in the hall (仕様書 7(2)); None if never recorded.

    An opening with 0 and no later fact counts as not recorded: a feed opens so without knowing.
    """
    history = floor.officials_history
    if len(history) < 2 and not any(n for _, n in history):
        return None
    return spans_s([(at, n == 0) for at, n in history], floor.closed_at or now, reception_span(floor))


def charge_vacant_s(floor: Floor, now: datetime) -> int | None:
    """Return the seconds of reception in which nobody held the charge of 現場責任者 (仕様書 5(1)); None: never named."""
    history = [(h.at, h.staff is None) for h in floor.charge_log()]
    if not history:
        return None
    start = reception_span(floor)[0]
    return spans_s(
        [(start, True), *history] if history[0][0] > start else history, floor.closed_at or now, reception_span(floor)
    )


def uncovered_s(floor: Floor, vacancy: Vacancy, now: datetime) -> int:
    """Return the seconds of reception in which a vacancy had no substitute (仕様書 5(4)②)."""
    end = vacancy.closed_at or floor.closed_at or now
    return spans_s([(vacancy.opened_at, True)], end, reception_span(floor))
