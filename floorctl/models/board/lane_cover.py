"""Find who keeps a lane working, and the lanes that receive with nobody at work (仕様書 7(4)※). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from floorctl.models.board.reception_hours import lane_receives
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState


def is_there(floor: Floor, staff: str) -> bool:
    """Return whether the person assigned to a terminal is at work: a feed may leave a person who went."""
    held = floor.staff.get(staff)
    return held is None or held.at_work


def goes_on(floor: Floor, t: TerminalState) -> bool:
    """Return whether a terminal calls again after its present ticket: not one that was paused or left during it."""
    return not t.paused and (t.staff is not None or not floor.staffing_known)


def lane_after(floor: Floor, t: TerminalState) -> str:
    """Return the lane that a terminal serves once its present ticket is over, as things stand.

    A loan that waits for this comes to nothing if somebody waits at home then.
    """
    if t.to_be_lent and t.home is not None and floor.lanes[t.home].waiting:
        return t.home
    return t.next_lane or t.lane


def at_work_in(floor: Floor, terminal: str, lane: str) -> bool:
    """Return whether a terminal with a person at work serves a lane, or will after its present ticket."""
    t = floor.terminals[terminal]
    if lane_after(floor, t) != lane:
        return False
    state = floor.state(terminal)
    if state == "serving":
        return goes_on(floor, t)
    return state == "free" and (not t.staff or is_there(floor, t.staff))


def worked_lanes(
    terminals: Iterable[TerminalState], staffing_known: bool, there: Callable[[str], bool]
) -> tuple[set[str], set[str]]:
    """Return the lanes where somebody works: now, and once the moves that wait for the end of a ticket take effect.

    A present ticket alone keeps no lane working: who has left or paused the terminal takes no further one. A lent
    terminal that comes home after its ticket works in both lanes.
    """
    at_work = _at_work(terminals, staffing_known, there)
    now = {t.lane for t in at_work} | {t.home for t in at_work if t.coming_home and t.home is not None}
    return now, {t.next_lane or t.lane for t in at_work}


def _at_work(
    terminals: Iterable[TerminalState], staffing_known: bool, there: Callable[[str], bool]
) -> list[TerminalState]:
    """Return the terminals with somebody who will call again."""
    return [
        t for t in terminals if not t.failed and not t.paused and (there(t.staff) if t.staff else not staffing_known)
    ]


def unattended(floor: Floor) -> set[str]:
    """Return the lanes where nobody works, of those that are run today: that have had somebody, or have a queue.

    A lane whose terminals move is always run, and any lane on a day without a record of who stands where. A terminal
    that moves after its present ticket works in the lane where it goes (``lane_after``).
    """
    at_work = _at_work(floor.terminals.values(), floor.staffing_known, lambda staff: is_there(floor, staff))
    worked = {lane_after(floor, t) for t in at_work}
    run = {*floor.manned, *floor.site.movable_lanes, *(q.code for q in floor.lanes.values() if q.waiting)}
    return {lane for lane in floor.lanes if lane not in worked and (lane in run or not floor.staffing_known)}


def lanes_alone(floor: Floor, now: datetime) -> list[str]:
    """Return the lanes that receive, or have a queue, and where nobody works."""
    alone = unattended(floor)
    return [x for x in floor.lanes if x in alone and (floor.lanes[x].waiting or lane_receives(floor, x, now))]
