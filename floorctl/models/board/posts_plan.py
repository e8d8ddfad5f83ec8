"""The day's plan of places: who is to stand where at a time, and where everybody stands now (仕様書 10 要員配置). Pure."""

from __future__ import annotations

from floorctl.models.day.floor import Floor
from floorctl.models.site.site import Site


def planned_places(floor: Floor, at: str) -> dict[str, str | None]:
    """Return the place of everybody whom the plan has named up to ``at`` ("HH:MM"); None: no place.

    A person keeps a place until a later step names them, or puts somebody else at their terminal.
    """
    held: dict[str, str | None] = {}
    for starts in sorted(x for x in floor.posts_plan if x <= at):
        for staff, place in floor.posts_plan[starts].items():
            if place in floor.terminals:
                held |= {other: None for other, there in held.items() if there == place}
            held[staff] = place
    return held


def places_now(floor: Floor) -> dict[str, str]:
    """Return where everybody stands, by code: a terminal or a post."""
    return {t.staff: t.code for t in floor.terminals.values() if t.staff} | floor.posts


def place_name(site: Site, place: str | None) -> str:
    """Return a place in words: T3, 受付案内, 持ち場なし."""
    if place is None:
        return "持ち場なし"
    post = site.post_by_code.get(place)
    return post.name if post else place


def in_places_order(site: Site, place: str) -> int:
    """Return the rank of a place: terminals, then posts, as the site has them."""
    codes = [*(t.code for t in site.terminals), *(p.code for p in site.posts)]
    return codes.index(place) if place in codes else len(codes)
