"""The day's plan of places: who is to stand where at a time, and where everybody stands now (仕様書 10 要員配置). Pure."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.models.day.floor import Floor
from floorctl.models.site.site import Site


class PlaceByPlan(NamedTuple):
    """Place of a person by the plan since ``starts`` ("HH:MM"); None: no place.

    ``named``: the step names the person; else it gives the person's terminal to somebody.
    """

    starts: str
    place: str | None
    named: bool = True


def plan_at(floor: Floor, at: str) -> dict[str, PlaceByPlan]:
    """Return what the plan says at a time ("HH:MM") of everybody whom it has named up to then.

    A person keeps a place until a later step names them, or puts somebody else at their terminal.
    """
    held: dict[str, PlaceByPlan] = {}
    for starts in sorted(x for x in floor.posts_plan if x <= at):
        for staff, place in floor.posts_plan[starts].items():
            if place in floor.terminals:
                held |= {other: PlaceByPlan(starts, None, False) for other, p in held.items() if p.place == place}
            held[staff] = PlaceByPlan(starts, place)
    return held


def planned_places(floor: Floor, at: str) -> dict[str, str | None]:
    """Return the place of everybody whom the plan has named up to a time; None: no place."""
    return {staff: p.place for staff, p in plan_at(floor, at).items()}


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
