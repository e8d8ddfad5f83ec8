"""Figures of the board that are computed from the day's tickets: flow by the hour, service times. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean

from floorctl.clock import JST
from floorctl.models.floor import Floor, LaneQueue


@dataclass
class LaneFlow:
    """Of one lane: tickets issued and finished in the hour before now, and the mean service of the day in seconds."""

    issued_today: int = 0
    issued_hour: int = 0
    finished_hour: int = 0
    mean_service_s: float | None = None


def flows(floor: Floor, now: datetime) -> dict[str, LaneFlow]:
    """Flow of each lane in the 60 minutes up to ``now``."""
    since = now - timedelta(hours=1)
    result = {lane: LaneFlow() for lane in floor.lanes}
    services: dict[str, list[float]] = {lane: [] for lane in floor.lanes}
    for t in floor.tickets.values():
        lane = t.lane_at_end or floor.lane_of(t)
        flow = result[lane]
        if t.issued_at is not None:
            flow.issued_today += 1
            flow.issued_hour += since < t.issued_at <= now
        if t.state == "finished" and t.ended_at is not None:
            flow.finished_hour += since < t.ended_at <= now
            if t.serving_since is not None and t.outcome == "done" and not t.assumed_end:
                services[lane].append((t.ended_at - t.serving_since).total_seconds())
    for lane, times in services.items():
        if times:
            result[lane].mean_service_s = fmean(times)
    return result


def arrivals_by_hour(floor: Floor) -> dict[int, dict[str, int]]:
    """Tickets issued by hour of the day and lane, for the hours of the reception windows and any other that had one."""
    hours = [floor.site.hours(s.code, floor.day.weekday()) for s in floor.site.services]
    first, last = min(o.hour for o, _ in hours), max(c.hour for _, c in hours)
    found = {h: dict.fromkeys(floor.lanes, 0) for h in range(first, last + (max(c.minute for _, c in hours) > 0))}
    for t in floor.tickets.values():
        if t.issued_at is not None:
            found.setdefault(t.issued_at.hour, dict.fromkeys(floor.lanes, 0))[floor.lane_of(t)] += 1
    return dict(sorted(found.items()))


def waiting_series(queue: LaneQueue, end: datetime, minutes: int, points: int) -> list[int]:
    """Number waiting at ``points`` equally spaced instants of the last ``minutes`` up to ``end``."""
    step = timedelta(minutes=minutes) / points
    instants = [end - step * (points - 1 - i) for i in range(points)]
    values: list[int] = []
    edges = [*queue.history, (datetime.max.replace(tzinfo=JST), 0)]
    spans = iter(pairwise(edges))
    (start, value), (until, _) = edges[0], edges[min(1, len(edges) - 1)]
    for at in instants:
        while until <= at:
            span = next(spans, None)
            if span is None:
                break
            (start, value), (until, _) = span
        values.append(value if queue.history and start <= at else 0)
    return values
