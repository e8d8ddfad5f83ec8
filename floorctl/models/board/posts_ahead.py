"""Foresee where everybody will be for the rest of the day: places by the plan, breaks, the ends of shifts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from floorctl.common.clock import JST, on_day
from floorctl.models.board.break_turn import Turn
from floorctl.models.board.breaks import BreakState, break_states, running_end, to_come
from floorctl.models.board.posts_plan import PlaceByPlan, places_now, plan_at, step_at
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import StaffState
from floorctl.models.register.register import Register

Doing = Literal["place", "free", "break", "away", "off"]
_ERRAND = timedelta(minutes=15)  # who leaves without naming a time is soon back


class Stretch(NamedTuple):
    """Time of a person from ``start`` to ``end`` (exclusive). ``place``: terminal or post of ``place``, else ""."""

    start: datetime
    end: datetime
    doing: Doing
    place: str = ""


def stretches_ahead(
    floor: Floor, register: Register, now: datetime, codes: list[str], turns: Sequence[Turn] = ()
) -> dict[str, list[Stretch]]:
    """Return the stretches of each person from now to the end of the hall's day, by code.

    ``turns``: breaks of the plan whose stand-ins (``relief``) are at the terminal meanwhile.
    A place holds until the plan changes it; a person who is on a break or not here yet takes the planned place, else the
    one of before the break. Nobody is at a place outside the shift, or before the time at which they are expected.
    """
    end = datetime.combine(floor.day, floor.site.hall.closes, JST)
    if now >= end or floor.closed_at is not None:
        return {code: [] for code in codes}
    steps = [(on_day(floor.day, x), step_at(floor, x, register)) for x in sorted(floor.posts_plan)]
    states = break_states(floor, register, now)
    places = _places(floor, register, states, now, steps)
    covers = [(code, now, min(end, back), resting) for code, resting, back in _stand_ins(floor, states, now)]
    covers += [(t.relief, max(now, t.start), min(end, t.end), t.staff) for t in turns if t.relief and t.end > now]
    found = {}
    for code in codes:
        off, rests = list(_off(floor, register, code, now, end)), list(_rests(floor, states.get(code), code, now))
        cuts = {now, end, *(at for at, _ in steps), *(x for a, b in off for x in (a, b))}
        cuts |= {x for a, b, _ in rests for x in (a, b)}
        own = [(a, b, staff) for relief, a, b, staff in covers if relief == code]
        cuts |= {x for a, b, _ in own for x in (a, b)}
        inside = sorted(x for x in cuts if now <= x <= end)
        stretches: list[Stretch] = []
        for start, until in pairwise(inside):
            there = places[max(x for x in places if x <= start)]
            stands_for = next((staff for a, b, staff in own if a <= start < b), code)
            one = _doing(start, until, off, rests, there.get(stands_for))
            if stretches and stretches[-1][2:] == one[2:]:
                one = one._replace(start=stretches.pop().start)
            stretches.append(one)
        found[code] = stretches
    return found


_Span = tuple[datetime, datetime]
_Rest = tuple[datetime, datetime, Doing]


def _doing(start: datetime, until: datetime, off: list[_Span], rests: list[_Rest], place: str | None) -> Stretch:
    if any(a <= start < b for a, b in off):
        return Stretch(start, until, "off")
    for a, b, doing in rests:
        if a <= start < b:
            return Stretch(start, until, doing)
    return Stretch(start, until, "place", place) if place else Stretch(start, until, "free")


def _places(
    floor: Floor,
    register: Register,
    states: Mapping[str, BreakState],
    now: datetime,
    steps: list[tuple[datetime, dict[str, str | None]]],
) -> dict[datetime, dict[str, str]]:
    """Return the places from now on and from each later step of the plan on."""
    held, planned = places_now(floor), plan_at(floor, f"{now:%H:%M}", register)
    for code, state in floor.staff.items():
        if code not in held and (place := _comes_to(floor, state, planned)) is not None:
            held[code] = place
    held |= {x: p.place for x, p in planned.items() if x not in floor.staff and x not in held and p.place is not None}
    for code, resting, _ in _stand_ins(floor, states, now):  # hands the terminal back, and goes where the plan has them
        own = planned[code].place if code in planned else None
        held = {x: place for x, place in held.items() if x != code}
        rested = planned[resting].place if resting in planned else None
        held |= {code: own} if own is not None and own != rested else {}
    found = {now: held}
    for at, step in steps:
        if at > now:
            taken = {place for place in step.values() if place in floor.terminals}
            held = {code: place for code, place in held.items() if code not in step and place not in taken}
            held |= {code: place for code, place in step.items() if place is not None}
            found[at] = held
    return found


def _stand_ins(floor: Floor, states: Mapping[str, BreakState], now: datetime) -> Iterator[tuple[str, str, datetime]]:
    """Yield who stands at the planned terminal of somebody who rests, that person, and when they are back."""
    for code, p in plan_at(floor, f"{now:%H:%M}").items():
        held, t = floor.staff.get(code), floor.terminals.get(p.place or "")
        if t is not None and t.staff not in (None, code) and held is not None and held.out:
            assert t.staff is not None
            yield t.staff, code, _back_at(floor, held, states.get(code), now)


def _comes_to(floor: Floor, state: StaffState, planned: Mapping[str, PlaceByPlan]) -> str | None:
    """Return the place of somebody who has none now: that of the plan, else the one left for the break under way."""
    if state.code in planned:
        return planned[state.code].place
    before = floor.placed.get(state.code) if state.out else None
    taken = before is not None and before[1] in floor.terminals and floor.terminals[before[1]].staff is not None
    return before[1] if before is not None and not taken else None


def _off(floor: Floor, register: Register, code: str, now: datetime, end: datetime) -> Iterator[_Span]:
    """Yield the spans in which a person is not in the hall: outside the shift, absent, gone, expected later."""
    held, shift = floor.staff.get(code), register.shift(code, floor.day)
    if held is not None and held.status in ("absent", "gone"):
        yield now, end
        return
    here = held is not None and held.status != "expected"
    if shift.off and not here:
        yield now, end
    if held is not None and held.status == "late" and held.until is not None:
        yield now, max(now, on_day(floor.day, held.until))
    elif shift.hours and not here:
        yield now, max(now, on_day(floor.day, shift.hours[0]))
    if shift.hours and (over := on_day(floor.day, shift.hours[1])) < end:
        yield max(over, now), end


def _back_at(floor: Floor, held: StaffState, b: BreakState | None, now: datetime) -> datetime:
    """Return when somebody on a break or an errand is back: as told or planned, else after the usual time, never before now."""
    if b is not None and b.on_break:
        back = running_end(floor, b, now)
    else:
        back = on_day(floor.day, held.until) if held.until else held.since + _ERRAND
    return max(back, now + timedelta(minutes=1))


def _rests(floor: Floor, b: BreakState | None, code: str, now: datetime) -> Iterator[_Rest]:
    """Yield the break or errand under way, and the planned break that is still to come."""
    held, planned = floor.staff.get(code), floor.planned_breaks.get(code)
    if held is not None and held.out:
        resting, back = held.status == "on_break", _back_at(floor, held, b, now)
        yield now, back, "break" if resting else "away"
    if planned is not None and to_come(floor, b, planned, now):
        start = on_day(floor.day, planned.start)
        over = start + timedelta(minutes=planned.minutes)
        if over > now:
            yield max(start, now), over, "break"
