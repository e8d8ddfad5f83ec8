"""Each hour of a day by lane, and the queues after each move of a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from floorctl.common.frozen import frozen
from floorctl.common.lengths import mean_s
from floorctl.models.board.flow import reception_span, waiting_at
from floorctl.models.board.told import never_seen
from floorctl.models.day.floor import Floor, LaneQueue
from floorctl.models.day.terminal import Move

AFTER = timedelta(minutes=30)  # interval after which the effect of a move is measured


class Timed(Protocol):
    """Ticket with its lane, instants, fate and wait."""

    @property
    def lane(self) -> str: ...
    @property
    def issued_at(self) -> datetime | None: ...
    @property
    def called_at(self) -> datetime | None: ...
    @property
    def finished_at(self) -> datetime | None: ...
    @property
    def no_arrival(self) -> bool: ...
    @property
    def fate(self) -> str: ...
    @property
    def wait_s(self) -> int | None: ...


@frozen
class Hour:
    """One hour (local, 0 to 23) of one lane.

    Tickets issued, called and done in it; waits (s) of those called in it, None if nobody was; most people waiting at
    once.
    """

    hour: int
    issued: int
    called: int
    served: int
    wait_mean_s: int | None
    wait_max_s: int | None
    waiting_max: int


@frozen
class Effect:
    """People waiting in the lane that lost a terminal and in the one that got it: at the move, and ``AFTER`` it.

    ``AFTER`` is cut at the end of the reception; None if the day's records end before. ``seen``: somebody told who waited
    in both lanes; else the figures say nothing.
    """

    origin_before: int
    to_before: int
    origin_after: int | None
    to_after: int | None
    seen: bool = True


def hours_of(floor: Floor, tickets: Iterable[Timed]) -> dict[str, tuple[Hour, ...]]:
    """Return by lane each hour of the reception, and any other in which something happened."""
    start, end = reception_span(floor)
    usual = set(range(start.hour, end.hour + (end.minute > 0)))
    by_lane: dict[str, list[Timed]] = {lane: [] for lane in floor.lanes}
    for t in tickets:
        by_lane[t.lane].append(t)
    found = {}
    for lane, queue in floor.lanes.items():
        own = by_lane[lane]
        instants = [at for t in own for at in (t.issued_at, t.called_at) if at]
        instants += [t.finished_at for t in own if t.fate == "done" and t.finished_at]
        found[lane] = tuple(_hour(h, own, queue) for h in sorted(usual | {at.hour for at in instants}))
    return found


def _hour(hour: int, tickets: list[Timed], queue: LaneQueue) -> Hour:
    waits = [t.wait_s for t in tickets if t.called_at and t.called_at.hour == hour and t.wait_s is not None]
    return Hour(
        hour,
        sum(_came(t, hour) for t in tickets),
        sum(t.called_at is not None and t.called_at.hour == hour for t in tickets),
        sum(t.fate == "done" and (at := t.finished_at or t.called_at) is not None and at.hour == hour for t in tickets),
        mean_s(sum(waits), len(waits)),
        max(waits, default=None),
        max([_before_hour(queue, hour), *(n for at, n in queue.history if at.hour == hour)]),
    )


def _came(t: Timed, hour: int) -> bool:
    """Return whether a visitor came in this hour; one whose issue nobody tells, by the call."""
    at = t.issued_at or (t.called_at if t.no_arrival else None)
    return at is not None and at.hour == hour


def _before_hour(queue: LaneQueue, hour: int) -> int:
    """Return the number of people waiting when the hour began."""
    earlier = [n for at, n in queue.history if at.hour < hour]
    return earlier[-1] if earlier else 0


def effects_of(floor: Floor) -> tuple[Effect, ...]:
    """Return the effect of each move of the day, in their order."""
    last, end = floor.closed_at or floor.last_fact_at, reception_span(floor)[1]
    return tuple(_effect(floor, m, last, end) for m in floor.moves)


def _effect(floor: Floor, move: Move, last: datetime | None, end: datetime) -> Effect:
    origin, to = floor.lanes[move.origin], floor.lanes[move.to]
    later = max(move.at, min(move.at + AFTER, end))
    seen = not (never_seen(origin) or never_seen(to))
    known = seen and last is not None and later <= last
    return Effect(
        waiting_at(origin, move.at),
        waiting_at(to, move.at),
        waiting_at(origin, later) if known else None,
        waiting_at(to, later) if known else None,
        seen,
    )
