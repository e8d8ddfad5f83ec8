"""Propose a place for somebody who is here without one, in the first hour of a day that has no plan of places. Pure.

On the first day of a file no other morning says who stands where: then one key staffs one free person, and the next key
the next, in the order in which the places are filled (`models/board/first_places`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from floorctl.advice.proposal import UNPLACED, Change, Proposal, Step
from floorctl.common.action_keys import keyed
from floorctl.models.board.first_places import first_places, in_order
from floorctl.models.board.posts_plan import place_name, places_now
from floorctl.models.board.presence import presence
from floorctl.models.day.advice_answers import left_alone
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

# From the opening on: who has no place later is kept free on purpose.
_FIRST = timedelta(hours=1)


def first_staffing(floor: Floor, register: Register, now: datetime, taken: Collection[str] = ()) -> Proposal | None:
    """Return the next place to fill and who takes it; None where nobody is free, or the places are somebody's plan.

    ``taken``: people and terminals that another proposal names.
    """
    opened = floor.opened_at
    if not floor.is_open or opened is None or now - opened > _FIRST or floor.posts_plan or not register.people:
        return None
    stands = places_now(floor)
    free = [x for x in presence(floor, register, now).present if x not in stands and x != floor.holder()]
    found = first_places(floor, register, now)
    places = {place: staff for staff, place in found.items()}
    for place in sorted(places, key=in_order(floor).index):
        staff = places[place]
        terminal = floor.terminals.get(place)
        lane = terminal.own_lane if terminal is not None else floor.site.lanes[0].code
        code = terminal.code if terminal is not None else ""
        if {staff, place} & {*taken} or left_alone(floor.answers, "staff", code, lane, 0, now):
            continue
        step = (
            Step("terminal.staffed", {"terminal": place, "staff": staff})
            if terminal is not None
            else Step("staff.posted", {"staff": staff, "post": place})
        )
        what = f"{{who}} を {place_name(floor.site, place)} へ"
        note = keyed("{places} で全員をまとめて") if len(places) > 1 else ""
        change = Change(UNPLACED, "", len(free), len(free) - 1)
        return Proposal("staff", lane, what, change, note, code, staff=staff, takes=(step,), clear=True)
    return None
