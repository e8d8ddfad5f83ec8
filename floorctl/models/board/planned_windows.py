"""Windows that the plan of the day staffs, by half hour and lane: places now and planned, shifts, breaks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from floorctl.common.clock import HALF_HOUR, half_hour_of
from floorctl.models.board.grounds import grounds
from floorctl.models.board.needed import Needed
from floorctl.models.board.posts_ahead import stretches_ahead
from floorctl.models.board.posts_plan import places_now
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.register.register import Register

Span = tuple[datetime, datetime]


def planned_windows(floor: Floor, register: Register, now: datetime) -> Needed:
    """Return the windows of each worked lane in the half hours from now to the end of its reception.

    A half hour counts its person-time in whole windows: two terminals that are there for half of it are one window. Of
    the half hour under way the rest counts. A person stays at the terminal until the end of the shift, but for breaks
    and what the plan of places changes (``posts_ahead``). Nothing where neither a fact nor a plan tells who stands where.
    """
    if not places_told(floor):
        return {}
    times: dict[str, list[Span]] = {lane: [] for lane in floor.site.worked_lanes}
    stopped, manned = grounds(floor, register, now).terminals, _manned(floor, register, now)
    for t in floor.terminals.values():
        for span in () if t.code in stopped or t.failed else manned.get(t.code, ()):
            for lane, part in _by_lane(t, span, now):
                if lane in times:
                    times[lane].append(part)
    return {lane: tuple(halves_of(spans, *_rest(floor, lane, now))) for lane, spans in times.items()}


def places_told(floor: Floor) -> bool:
    """Return whether a fact or a plan tells who stands at any terminal: else nobody knows of the windows, not that there are none."""
    planned = (place for step in floor.posts_plan.values() for place in step.values())
    return floor.staffing_known or any(place in floor.terminals for place in planned)


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


def _manned(floor: Floor, register: Register, now: datetime) -> dict[str, list[Span]]:
    """Return by terminal the spans in which somebody is to be at work there."""
    found: dict[str, list[Span]] = {}
    codes = {p.code for p in register.team(floor.day)} | set(floor.staff) | set(places_now(floor))
    codes |= {staff for step in floor.posts_plan.values() for staff in step}
    for code, stretches in stretches_ahead(floor, register, now, sorted(codes)).items():
        held = floor.staff.get(code)
        for s in stretches:
            t = floor.terminals.get(s.place)
            if t is None or s.doing != "place":
                continue
            if t.staff == code and not floor.works(t.code) and not (held is not None and held.out):
                continue  # paused without an end that is known
            found.setdefault(t.code, []).append((s.start, s.end))
    return found


def _by_lane(t: TerminalState, span: Span, now: datetime) -> Iterable[tuple[str, Span]]:
    """Yield the parts of a span of a terminal with its lane: lent, it is home in half an hour."""
    since, until = span
    if t.home is None:
        yield t.next_lane or t.lane, span
        return
    soon = half_hour_of(now) + HALF_HOUR
    if since < soon:
        yield t.lane, (since, min(until, soon))
    if until > soon:
        yield t.own_lane, (max(since, soon), until)
