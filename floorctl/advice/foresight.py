"""Say what the forecasts of a lane mean for the board: waits beyond the target, people left over at the closing. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from floorctl.advice.last_call import FEWEST, Closing
from floorctl.advice.waits import LaneWaits
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.outlook import all_stopped
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor

# What has been told is told until it is clearly over: an alert that comes and goes is not read.
_CLEARLY_S = 120


def foresee(
    floor: Floor,
    waits: Mapping[str, LaneWaits],
    closings: Iterable[Closing],
    now: datetime,
    told: Collection[tuple[str, str]] = (),
) -> dict[str, Foreseen]:
    """Return what is foreseen by lane at ``now``.

    ``told``: (lane, field of Foreseen) of what was foreseen a moment ago; it takes more to end than to begin it.
    """
    last_calls = {c.lane: c for c in closings}
    found = {}
    for lane in floor.lanes:
        told_waits = waits.get(lane)
        calls = _calls(floor, lane, told_waits, now)
        over, at = _over(floor, lane, told_waits, now, _CLEARLY_S if (lane, "over") in told else 0)
        late = told_waits is not None and told_waits.late
        c = last_calls.get(lane)
        if c is None or not c.desks:
            found[lane] = Foreseen(over, at, late=late, calls=calls)
            continue
        certain = c.left_over(lane_hours(floor, lane)[0], now)
        short = c.short if certain >= FEWEST or (lane, "short") in told else 0
        gives = now <= c.ends and not all_stopped(floor, lane)
        found[lane] = Foreseen(
            over, at, c.servable, short, c.may_give if gives else None, c.stop_at, late, c.help, calls
        )
    return found


def _calls(floor: Floor, lane: str, told: LaneWaits | None, now: datetime) -> dict[str, datetime | None]:
    """Return by number with a time of its own when it is called in nine of ten cases; None: not before the hall closes."""
    each = {} if told is None else told.each
    timed = (t.number for t in floor.lanes[lane].tickets.values() if any(t.remarks.values()))
    found = {n: each[n].p90_s for n in timed if n in each}
    return {n: None if s is None else now + timedelta(seconds=s) for n, s in found.items()}


def _over(floor: Floor, lane: str, told: LaneWaits | None, now: datetime, slack_s: int) -> tuple[int, datetime | None]:
    """Return how many who wait will exceed the target and have not yet, and when the first of them does."""
    if told is None:
        return 0, None
    target, queue = timedelta(seconds=floor.site.wait_target_s(lane)), floor.lanes[lane]
    since = (h.since for h in queue.heads for _ in range(h.n))
    waits = list(zip(since, told.counted, strict=False))
    waits += [(t.wait_from, wait) for n, wait in told.each.items() if (t := queue.tickets.get(n)) and t.wait_from]
    ends = [
        start + target
        for start, wait in waits
        if wait is not None and now < start + target < now + timedelta(seconds=wait.p50_s + slack_s)
    ]
    return len(ends), min(ends, default=None)
