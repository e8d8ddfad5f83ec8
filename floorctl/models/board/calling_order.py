"""Place of each waiting number in the order in which its lane is called, as the key of the next visitor has it. Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.models.board.grounds import Grounds
from floorctl.models.day.floor import Floor, Heads


def calling_turns(floor: Floor, now: datetime, g: Grounds) -> dict[str, int]:
    """Return the place by number, 1 for the next of its lane: due appointments first, then the others as they came.

    It is the order of the forecast of waits, too, unless the source has called walk-ins before due appointments today.
    Persons known by a head count take their places. An appointment still ahead has none, nor has a number that nobody
    seems to hold or whose service stands still.
    """
    found = {}
    for lane in floor.lanes:
        place = 1
        for x in floor.in_turn(lane, now, g.queue(floor, lane)):
            if isinstance(x, Heads):
                place += x.n
            elif x.due_at is None or x.due_at <= now:
                found[x.number] = place
                place += 1
    return found
