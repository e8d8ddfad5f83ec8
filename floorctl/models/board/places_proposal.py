"""Propose places for the people who are here today: those of another morning, or of the plan. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from floorctl.common.frozen import frozen
from floorctl.models.board.assignable import at_place, objections
from floorctl.models.board.posts_plan import place_order, places_now
from floorctl.models.board.presence import presence
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

UNSEEN = "点呼がまだ"
NOBODY = "代わりの人がいません"
_MAY_COME = ("late", "not_begun", "on_break", "away")  # objections that the day itself removes


@frozen
class ProposedPlace:
    """Proposed place: a terminal or post (None: leaves what they have) and its person (None: nobody can).

    ``wanted``: who is to stand there by the model. ``why``: what stands against them, in words; "" if they do.
    ``lane``: the lane that the terminal is to serve, where it is another one now. ``waits``: ``wanted`` may still come.
    """

    place: str | None
    staff: str | None
    wanted: str | None
    why: str = ""
    lane: str | None = None
    waits: bool = False


@frozen
class PlacesProposal:
    """Places that differ from where people stand, in the site's order. ``free``: who is here and has none.

    ``later``: terminals whose lane can be changed only once the day is open.
    """

    lines: tuple[ProposedPlace, ...]
    free: tuple[str, ...]
    later: tuple[str, ...] = ()


def propose_places(
    floor: Floor, register: Register, now: datetime, wanted: Mapping[str, str | None], lanes: Mapping[str, str]
) -> PlacesProposal:
    """Propose the ``wanted`` places (by person) and ``lanes`` (by terminal) for the people of today.

    Who cannot take theirs is replaced by somebody who is here, has no place and can: first those whose skills are recorded,
    then by code; never the holder of the charge. Who has not been seen yet is waited for.
    """
    site, here = floor.site, presence(floor, register, now)
    known = {*floor.terminals, *site.post_by_code, None}
    lanes = {t: x for t, x in lanes.items() if t in floor.terminals and x in site.terminal_by_code[t].lanes}
    moved = {t: x for t, x in lanes.items() if floor.terminals[t].own_lane != x}
    may_move = floor.opened_by_fact or not floor.preparing
    stands = places_now(floor)
    ordered = sorted(
        ((staff, place) for staff, place in wanted.items() if place in known),
        key=lambda x: (place_order(site, x[1]), x[0]),
    )
    against = {staff: _against(floor, register, now, staff, place, lanes, here.unseen) for staff, place in ordered}
    taken = {staff for staff, place in ordered if not against[staff][0]}
    filled = {place for staff, place in stands.items() if staff not in wanted}
    lines, used = [], {t: x for t, x in moved.items() if may_move}
    for staff, place in ordered:
        why, waits = against[staff]
        who = None if why else staff
        if why and place is not None and place not in filled and why != UNSEEN:
            who = _instead(floor, register, now, place, lanes, [x for x in here.present if x not in taken])
            taken |= {who} if who else set()
        lane = used.pop(place, None) if place is not None else None
        if who is None or stands.get(who) != place or lane is not None:
            if why and (place is None or place in filled):
                continue  # who is not here leaves nothing; somebody stands in already
            lines.append(ProposedPlace(place, who, staff, why, lane, waits and who is None))
    lines += [ProposedPlace(t, None, None, "", lane) for t, lane in used.items()]
    placed = {x.staff for x in lines} | {s for s, p in stands.items() if s not in wanted or wanted[s] == p}
    free = tuple(x for x in here.present if x not in placed and x != floor.holder())
    return PlacesProposal(
        tuple(sorted(lines, key=lambda x: place_order(site, x.place))), free, () if may_move else tuple(moved)
    )


def _against(
    floor: Floor,
    register: Register,
    now: datetime,
    staff: str,
    place: str | None,
    lanes: Mapping[str, str],
    unseen: Iterable[str],
) -> tuple[str, bool]:
    """Return what stands against a person at a place, in words, "" if nothing does that blocks; and whether they may still come."""
    found = objections(floor, register, now, staff, **at_place(floor, place, lanes.get(place or "", "")))
    blocking = [x for x in found if x.blocks]
    if blocking:
        return blocking[0].word, all(x.code in _MAY_COME for x in blocking)
    return (UNSEEN, True) if register.people and staff in unseen else ("", False)


def _instead(
    floor: Floor, register: Register, now: datetime, place: str, lanes: Mapping[str, str], free: Iterable[str]
) -> str | None:
    """Return who takes a place in somebody's stead; None if nobody who is free can."""
    stands, found = places_now(floor), []
    for code in free:
        against = objections(floor, register, now, code, **at_place(floor, place, lanes.get(place or "", "")))
        if code in stands or code == floor.holder() or any(x.blocks for x in against):
            continue
        person = register.people.get(code)
        recorded = person is not None and person.skills is not None
        found.append((bool(against), not recorded, code))
    return min(found)[2] if found else None
