"""Places of a morning that has no other one to follow: each lane and the guidance first, each place by who can. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from floorctl.models.board.assignable import at_place, objections
from floorctl.models.board.posts_plan import places_now
from floorctl.models.board.presence import presence
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register


def first_places(floor: Floor, register: Register, now: datetime) -> dict[str, str]:
    """Return a place by person for everybody who is here without one, the holder of the charge left out.

    One terminal of each lane comes first, then one post of guidance, the other terminals of lanes with a usual number (仕様書
    15(4)※), the other posts, and the rest; a place that is filled stays so. Nobody takes a place against an objection, but
    newcomers the later ones of a lane. Who can take the fewest places goes first.
    """
    taken = places_now(floor)
    free = [x for x in presence(floor, register, now).present if x not in taken and x != floor.holder()]
    places = [x for x in in_order(floor) if x not in taken.values()]
    first = set(_first_of_lanes(floor))
    able = {}
    for p in places:
        minds = {x: objections(floor, register, now, x, **at_place(floor, p)) for x in free}
        able[p] = [x for x in free if all(o.code == "newcomer_alone" and p not in first for o in minds[x])]
    ways = {x: sum(x in codes for codes in able.values()) for x in free}
    by_place = {p: sorted(codes, key=lambda x: (ways[x], x)) for p, codes in able.items()}
    found: dict[str, str] = {}
    for place in places:
        _give(place, by_place, found, set())
    return found


def _first_of_lanes(floor: Floor) -> list[str]:
    """Return the first terminal of each lane that is not out of order."""
    found: dict[str, str] = {}
    for t in floor.terminals.values():
        if not t.failed:
            found.setdefault(t.own_lane, t.code)
    return list(found.values())


def in_order(floor: Floor) -> list[str]:
    """Return the places in the order in which they are filled."""
    usual = {x.lane for x in floor.site.bands}
    first, posts = _first_of_lanes(floor), [p.code for p in floor.site.posts]
    others = [t for t in floor.terminals.values() if not t.failed and t.code not in first]
    banded = [t.code for t in others if t.own_lane in usual]
    rest = [t.code for t in others if t.own_lane not in usual]
    return [*first, *posts[:1], *banded, *posts[1:], *rest]


def _give(place: str, by_place: Mapping[str, Sequence[str]], found: dict[str, str], asked: set[str]) -> bool:
    """Give a place to somebody, moving others among the places they can take; return whether it could be filled."""
    for code in by_place[place]:
        if code not in asked:
            asked.add(code)
            if code not in found or _give(found[code], by_place, found, asked):
                found[code] = place
                return True
    return False
