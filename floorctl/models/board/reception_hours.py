"""Reception windows against the clock: the state of a service, now and at other times (仕様書 6, 7(4)). Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.models.day.floor import Floor
from floorctl.models.site.calendar import DayInfo


def service_state(floor: Floor, info: DayInfo, service: str, now: datetime) -> str:
    """Return ``before``, ``open``, ``stopped``, ``after`` or ``closed``.

    A day opened by facts follows the hours, even if the calendar has it closed.
    """
    opens, closes = floor.site.hours(service, floor.day.weekday())
    if floor.closed_at is not None:
        return "closed"
    wall = now.time()
    if floor.opened_at is None and not (info.open and wall < opens):
        return "closed"
    if wall < opens:
        return "before"
    # 仕様書 7(4), A8: an arrival at exactly the closing time is still received.
    if (wall.hour, wall.minute, wall.second) > (closes.hour, closes.minute, closes.second):
        return "after"
    return "stopped" if service in floor.stopped else "open"


def under_way(floor: Floor, now: datetime) -> bool:
    """Return whether the day has not ended: it is not closed, and the hall has not reached its closing time."""
    return floor.closed_at is None and now.time() < floor.site.hall.closes


def receiving(floor: Floor, now: datetime) -> bool:
    """Return whether any service is within its reception window on an open day."""
    if not floor.is_open:
        return False
    wall = now.time()
    return any(o <= wall <= c for o, c in (floor.site.hours(s.code, floor.day.weekday()) for s in floor.site.services))


def lane_receiving(floor: Floor, lane: str, at: datetime) -> bool:
    """Return whether any service of a lane is within its window on an open day, stopped or not."""
    if not floor.is_open:
        return False
    wall, weekday = at.time(), floor.day.weekday()
    windows = (floor.site.hours(s.code, weekday) for s in floor.site.services if s.lane == lane)
    return any(opens <= wall <= closes for opens, closes in windows)
