"""Windows that the plan of the day staffs, by half hour and lane: terminals staffed now, shifts, breaks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from floorctl.common.clock import JST, on_day
from floorctl.models.board.breaks import USUAL_BREAK
from floorctl.models.board.grounds import grounds
from floorctl.models.board.lane_cover import is_there
from floorctl.models.board.needed import Needed
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.register.register import Register

HALF_HOUR = timedelta(minutes=30)
_WORKS = ("free", "serving")
Span = tuple[datetime, datetime]


def planned_windows(floor: Floor, register: Register, now: datetime) -> Needed:
    """Return the windows of each worked lane in the half hours from now to the end of its reception.

    A half hour counts its person-time in whole windows: two terminals that are there for half of it are one window. Of
    the half hour under way the rest counts. A person stays at the terminal until the end of the shift, but for breaks.
    Nothing where no fact of the day tells who stands where.
    """
    if not floor.staffing_known:
        return {}
    times: dict[str, list[Span]] = {lane: [] for lane in floor.site.worked_lanes}
    stopped = grounds(floor, register, now).terminals
    for t in floor.terminals.values():
        for lane, span in () if t.code in stopped else _at_work(floor, register, t, now):
            if lane in times:
                times[lane].append(span)
    return {lane: tuple(halves_of(spans, *_rest(floor, lane, now))) for lane, spans in times.items()}


def half_hour_of(at: datetime) -> datetime:
    """Return the begin of the half hour of an instant."""
    return at.replace(minute=30 * (at.minute // 30), second=0, microsecond=0)


def _rest(floor: Floor, lane: str, now: datetime) -> Span:
    opens, closes = lane_hours(floor, lane)
    return max(opens, now), closes


def halves_of(spans: Iterable[Span], first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime, int]]:
    """Yield the half hours from ``first`` to ``last`` with their windows: the time of these spans, in whole windows."""
    spans, at = list(spans), half_hour_of(first)
    while at < last:
        end = at + HALF_HOUR
        a, b = max(at, first), min(end, last)
        there = sum((max(timedelta(0), min(b, until) - max(a, since)) for since, until in spans), timedelta(0))
        yield at, end, int(there / (b - a) + 1e-6)
        at = end


def _at_work(floor: Floor, register: Register, t: TerminalState, now: datetime) -> Iterable[tuple[str, Span]]:
    """Yield the spans of a terminal in which somebody is at work there, with its lane: lent, it is home in half an hour."""
    if t.failed or floor.state(t.code) == "unstaffed":
        return
    away = tuple(_away(floor, t.staff, now)) if t.staff else ()
    if floor.state(t.code) not in _WORKS and not away:
        return  # paused without an end that is known
    if t.staff and not away and not is_there(floor, t.staff):
        return
    soon = half_hour_of(now) + HALF_HOUR
    for since, until in _without([(now, _leaves(floor, register, t.staff))], away):
        if t.home is None:
            yield t.next_lane or t.lane, (since, until)
            continue
        if since < soon:
            yield t.lane, (since, min(until, soon))
        if until > soon:
            yield t.own_lane, (max(since, soon), until)


def _leaves(floor: Floor, register: Register, staff: str | None) -> datetime:
    """Return when a person's shift ends; the end of the hall's day where no shift is known."""
    hours = register.shift(staff, floor.day).hours if staff else None
    return on_day(floor.day, hours[1]) if hours else datetime.combine(floor.day, floor.site.hall.closes, JST)


def _away(floor: Floor, staff: str, now: datetime) -> Iterable[Span]:
    """Yield the spans in which a person is on a break: the one under way."""
    held = floor.staff.get(staff)
    if held is not None and held.status == "on_break":
        back = on_day(floor.day, held.until) if held.until else held.since + USUAL_BREAK
        yield held.since, max(back, now + timedelta(minutes=1))


def _without(spans: Iterable[Span], away: Iterable[Span]) -> list[Span]:
    """Return the spans without those in which the person is away."""
    found = list(spans)
    for begins, ends in away:
        cut = []
        for since, until in found:
            cut += [x for x in ((since, min(until, begins)), (max(since, ends), until)) if x[0] < x[1]]
        found = cut
    return found
