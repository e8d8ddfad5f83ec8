"""Reception windows against the clock: the state of a service, now and at other times (仕様書 6, 7(4)). Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.clock import JST
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
    return any(in_window(floor, s.code, now) for s in floor.site.services)


def lane_receives(floor: Floor, lane: str, at: datetime) -> bool:
    """Return whether any service of a lane is received now: within its window on an open day, and not stopped."""
    return any(
        s.lane == lane and in_window(floor, s.code, at) and s.code not in floor.stopped for s in floor.site.services
    )


def in_window(floor: Floor, service: str, at: datetime) -> bool:
    """Return whether a service is within its reception window on an open day, stopped or not."""
    opens, closes = floor.site.hours(service, floor.day.weekday())
    return floor.is_open and opens <= at.time() <= closes


def lane_receiving(floor: Floor, lane: str, at: datetime) -> bool:
    """Return whether any service of a lane is within its window on an open day, stopped or not."""
    return any(s.lane == lane and in_window(floor, s.code, at) for s in floor.site.services)


def lane_hours(floor: Floor, lane: str) -> tuple[datetime, datetime]:
    """Return the beginning of a lane's first reception window and the end of its last; midnight without services."""
    begins, ends = floor.site.reception_of({lane}, floor.day.weekday())
    return datetime.combine(floor.day, begins, JST), datetime.combine(floor.day, ends, JST)
