"""Planned places of a day that were not taken, or late: the plan against the facts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from floorctl.common.clock import on_day
from floorctl.common.frozen import frozen
from floorctl.models.board.posts_ahead import Doing, Stretch
from floorctl.models.board.posts_plan import plan_at
from floorctl.models.board.posts_timeline import stretches_past
from floorctl.models.day.floor import Floor

_IN_TIME = timedelta(minutes=15)  # who comes so soon after the planned time has come as planned


@frozen
class PlaceMissed:
    """Planned place (None: none) that was taken late, at ``came``, or never; ``doing`` and ``actual``: what was instead."""

    starts: str
    staff: str
    place: str | None
    doing: Doing
    actual: str
    came: datetime | None


def places_missed(floor: Floor, until: datetime) -> tuple[PlaceMissed, ...]:
    """Return what differs from the day's plan up to ``until``, by time and place in the plan."""
    return tuple(_missed(floor, until, stretches_past(floor, until)))


def _missed(floor: Floor, until: datetime, lines: dict[str, list[Stretch]]) -> Iterator[PlaceMissed]:
    for starts in sorted(floor.posts_plan):
        at = on_day(floor.day, starts)
        for staff, place in floor.posts_plan[starts].items():
            end = min(until, _next_change(floor, starts, staff))
            own = [s for s in lines.get(staff, ()) if s.start < end and s.end > at]
            came = next((max(s.start, at) for s in own if _fits(s, place)), None)
            if end <= at + _IN_TIME or (came is not None and came <= at + _IN_TIME):
                continue
            wrong = [s for s in own if not _fits(s, place) and (came is None or s.start < came)]
            most = max(wrong, key=lambda s: min(s.end, end) - max(s.start, at), default=Stretch(at, end, "off"))
            yield PlaceMissed(starts, staff, place, most.doing, most.place, came)


def _fits(s: Stretch, place: str | None) -> bool:
    return s.place == place if place is not None else s.doing != "place"


def _next_change(floor: Floor, starts: str, staff: str) -> datetime:
    """Return when the plan changes a person's place after a step; the end of the hall's day if it does not."""
    held = plan_at(floor, starts)[staff]
    for later in sorted(x for x in floor.posts_plan if x > starts):
        if plan_at(floor, later).get(staff) != held:
            return on_day(floor.day, later)
    return on_day(floor.day, f"{floor.site.hall.closes:%H:%M}")
