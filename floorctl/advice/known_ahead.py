"""List what is scheduled for a lane: terminals that open or close (breaks, ends of shifts), appointments. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from floorctl.common.clock import JST, on_day
from floorctl.common.frozen import frozen
from floorctl.models.board.breaks import USUAL_BREAK, break_states, known_end
from floorctl.models.board.grounds import NONE, Grounds, grounds
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.register.register import Register

# Later changes do not matter: whoever waits now is called before, and plans change.
HORIZON = timedelta(hours=2)
# Upper limit of appointments considered, the next ones first: no hall has more in two hours.
MOST_BOOKED = 400
_OVERDUE = timedelta(minutes=1)


@frozen
class Opening:
    """Terminal that will call in a lane from ``at`` on."""

    terminal: str
    at: datetime


@dataclass(slots=True)
class Ahead:
    """Schedule of the next two hours.

    ``closes``: when the person at a terminal leaves; ``opens``: by lane, terminals that will open; ``booked``: by lane,
    people with an appointment who have not arrived, as (due, cards). ``grounds``: what the figures may rest on.
    ``appointments``: whether the day has any that are known ahead. ``leaving``: by lane how readily people leave, once
    somebody has asked (`lane_scene`).
    """

    closes: dict[str, datetime] = field(default_factory=dict)
    opens: dict[str, list[Opening]] = field(default_factory=dict)
    booked: dict[str, list[tuple[datetime, int]]] = field(default_factory=dict)
    grounds: Grounds = NONE
    appointments: bool = False
    leaving: dict[str, float] = field(default_factory=dict)


def look_ahead(floor: Floor, register: Register, now: datetime) -> Ahead:
    """Return the schedule at ``now`` for the next two hours.

    A break in progress ends as recorded. Breaks that are proposed or planned are left out: including proposed ones made predictions
    worse (docs/advice.md), because a relief takes over.
    """
    found = Ahead(grounds=grounds(floor, register, now), appointments=bool(register.slots(floor.day)))
    _breaks(floor, register, now, found)
    _appointments(floor, register, now, found)
    return found


def back_at(floor: Floor, staff: str | None) -> datetime | None:
    """Return when a person will be back, as recorded, of a break also as planned; None if no end is known."""
    person = floor.staff.get(staff) if staff is not None else None
    if person is not None and person.until is not None:
        return on_day(floor.day, person.until)
    return known_end(floor, staff) if staff is not None else None


def break_ends(floor: Floor, staff: str | None, now: datetime) -> datetime | None:
    """Return when the person of a break in progress is expected back; None without a break, or without any end of it.

    By the recorded or planned end, else after the usual length; who is overdue is not there for another minute.
    """
    held = floor.staff.get(staff) if staff is not None else None
    if held is None or held.at_work:
        return None
    until = back_at(floor, staff)
    if until is None and held.status == "on_break":
        until = held.since + USUAL_BREAK
    return None if until is None else max(until, now + _OVERDUE)


def _breaks(floor: Floor, register: Register, now: datetime, found: Ahead) -> None:
    states = break_states(floor, register, now)
    if not states:
        return
    desks = {t.staff: t for t in floor.terminals.values() if t.staff}
    empty = {lane: [t for t in floor.terminals_of(lane) if t.staff is None] for lane in floor.lanes}
    for code, state in sorted(states.items()):
        if state.on_break:
            t, end = desks.get(code), break_ends(floor, code, now) or now
            lane = floor.last_lane.get(code) if t is None else t.lane
            if t is None and lane is not None and empty.get(lane):
                t = empty[lane].pop(0)
            if t is not None and _reopens(floor, t) and end - now < HORIZON:
                found.opens.setdefault(t.lane, []).append(Opening(t.code, end))
        elif code in desks and timedelta(0) < state.ends_at - now < HORIZON and state.ends_at < closes_at(floor):
            found.closes[desks[code].code] = state.ends_at


def _reopens(floor: Floor, t: TerminalState) -> bool:
    """Return whether a terminal calls again once its person is back; one paused during a ticket does, too."""
    return not t.failed and (t.paused or floor.state(t.code) in ("unstaffed", "free"))


def closes_at(floor: Floor) -> datetime:
    """Return when the hall closes on the day."""
    return datetime.combine(floor.day, floor.site.hall.closes, JST)


def _appointments(floor: Floor, register: Register, now: datetime, found: Ahead) -> None:
    service = next((s for s in floor.site.services if s.appointment), None)
    slots = register.slots(floor.day)
    if service is None or not slots or service.code in floor.stopped:
        return
    came: dict[datetime, int] = {}
    for t in floor.tickets.values():
        if t.due_at is not None and t.issued_at is not None and t.issued_at <= now:
            came[t.due_at] = came.get(t.due_at, 0) + 1
    grace = timedelta(seconds=floor.site.thresholds.appointment_late_s)
    room = MOST_BOOKED
    for slot in slots:
        due = on_day(floor.day, slot.time)
        if due + grace < now or due - now >= HORIZON:
            continue
        seen = min(slot.count, came.get(due, 0))
        came[due] = came.get(due, 0) - seen
        expected = min(room, slot.count - seen)
        room -= expected
        found.booked.setdefault(service.lane, []).extend([(due, slot.cards)] * expected)
