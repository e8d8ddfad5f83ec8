"""The day's plan of places: who is to stand where at a time, and where everybody stands now (仕様書 10 要員配置). Pure."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.common.clock import on_day
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site


class PlaceByPlan(NamedTuple):
    """Place of a person by the plan since ``starts`` ("HH:MM"); None: no place.

    ``named``: the step names the person; else it gives the person's terminal to somebody.
    """

    starts: str
    place: str | None
    named: bool = True


def not_coming(floor: Floor, register: Register, code: str, at: str) -> bool:
    """Return whether a person is not to be there at a time ("HH:MM"): absent or gone by then, or off by a shift and not seen."""
    held = floor.staff.get(code)
    if held is not None and held.status in ("absent", "gone"):
        never_came = not any(s.at_work for s in floor.presence.get(code, ()))
        return never_came or held.since <= on_day(floor.day, at)
    shift = register.shift(code, floor.day)
    unseen = held is None or held.status == "expected"
    return unseen and (shift.off or (shift.hours is not None and shift.hours[1] <= at))


def step_at(floor: Floor, starts: str, register: Register | None = None) -> dict[str, str | None]:
    """Return the step of a time by person; with ``register`` without who is not to be there then."""
    step = floor.posts_plan[starts]
    if register is None:
        return step
    return {code: place for code, place in step.items() if not not_coming(floor, register, code, starts)}


def plan_at(floor: Floor, at: str, register: Register | None = None) -> dict[str, PlaceByPlan]:
    """Return what the plan says at a time ("HH:MM") of everybody whom it has named up to then.

    A person keeps a place until a later step names them, or puts somebody else at their terminal. With ``register`` who is not to be
    there when a step begins (``not_coming``) takes no place from anybody; without it the plan is told as it was recorded.
    """
    held: dict[str, PlaceByPlan] = {}
    for starts in sorted(x for x in floor.posts_plan if x <= at):
        for staff, place in step_at(floor, starts, register).items():
            if place in floor.terminals:
                held |= {other: PlaceByPlan(starts, None, False) for other, p in held.items() if p.place == place}
            held[staff] = PlaceByPlan(starts, place)
    return held


def planned_places(floor: Floor, at: str, register: Register | None = None) -> dict[str, str | None]:
    """Return the place of everybody whom the plan has named up to a time, as ``plan_at``; None: no place."""
    return {staff: p.place for staff, p in plan_at(floor, at, register).items()}


def places_to_take(floor: Floor, register: Register, at: str) -> dict[str, str | None]:
    """Return the places of the plan at a time, and of those who are not to be there the ones that nobody else has by it."""
    kept, told = planned_places(floor, at, register), planned_places(floor, at)
    left = {x: p for x, p in told.items() if x not in kept and p is not None and p not in kept.values()}
    return kept | left


def places_now(floor: Floor) -> dict[str, str]:
    """Return where everybody stands, by code: a terminal or a post."""
    return {t.staff: t.code for t in floor.terminals.values() if t.staff} | floor.posts


def place_name(site: Site, place: str | None) -> str:
    """Return a place in words: T3, 受付案内, 持ち場なし."""
    if place is None:
        return "持ち場なし"
    post = site.post_by_code.get(place)
    return post.name if post else place


def place_order(site: Site, place: str | None) -> int:
    """Return the rank of a place in lists: terminals, then posts, as the site has them, then none."""
    codes = [*(t.code for t in site.terminals), *(p.code for p in site.posts)]
    return codes.index(place) if place in codes else len(codes)
