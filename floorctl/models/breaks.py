"""Breaks: what the law gives each person, who has had none yet, and an order that never leaves a service alone.

労働基準法34条: 45 minutes where more than 6 hours are worked, 60 where more than 8; by turns under an agreement.
仕様書 7(4)※: windows do not close for breaks; 16(4): there is no room for them in the building, so a break is one
block that includes the way. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from floorctl.clock import JST, seconds_between
from floorctl.models.floor import Floor
from floorctl.models.hours import lane_receiving
from floorctl.models.register import Register

WORKING = ("free", "serving")
# Nobody is sent to lunch before this, unless they came much earlier.
_FIRST_BREAK = time(10, 30)
_MOST_AT_ONCE = 2


def entitlement_s(shift_s: int) -> int:
    """Seconds of break for a shift of ``shift_s`` from coming to going: the safe side of the law, which does not count
    the break itself as work (SPEC 58: a shift of 8.5 h with 45 minutes is 15 short)."""
    if shift_s > 8 * 3600:
        return 60 * 60
    return 45 * 60 if shift_s > 6 * 3600 else 0


@dataclass(frozen=True, slots=True)
class BreakState:
    """A person's breaks today. ``without_s``: at work since the last break, or since coming."""

    staff: str
    came_at: datetime
    owed_s: int
    taken_s: int
    without_s: int
    on_break: bool

    @property
    def short_s(self) -> int:
        return max(0, self.owed_s - self.taken_s)


@dataclass(frozen=True, slots=True)
class Turn:
    """A proposed break. ``lane`` is where the person stands, "" where at no terminal; ``alone``: nobody else does."""

    staff: str
    start: datetime
    minutes: int
    lane: str
    alone: bool


def lanes_emptied_by(floor: Floor, staff: str, at: datetime) -> list[str]:
    """Lanes in their reception hours where nobody would work any more if this person went (仕様書 7(4)※)."""
    emptied = []
    for lane in floor.lanes:
        working = [t.staff for t in floor.terminals_of(lane) if t.staff and floor.state(t.code) in WORKING]
        if staff in working and set(working) == {staff} and lane_receiving(floor, lane, at):
            emptied.append(lane)
    return emptied


def break_states(floor: Floor, register: Register, now: datetime) -> dict[str, BreakState]:
    """Everybody who has come today and not gone, by code."""
    found = {}
    for code, states in floor.presence.items():
        came = next((s.since for s in states if s.at_work), None)
        if came is None or states[-1].status in ("gone", "absent"):
            continue
        taken, began, last_end = 0, None, came
        for s in states:
            if began is not None:
                taken += seconds_between(began, s.since)
                last_end, began = s.since, None
            if s.status == "on_break":
                began = s.since
        if began is not None:
            taken += seconds_between(began, now)
        on_break = began is not None
        without = 0 if on_break else seconds_between(last_end, now)
        found[code] = BreakState(
            code, came, entitlement_s(_span_s(floor, register, code, came)), taken, without, on_break
        )
    return found


def _span_s(floor: Floor, register: Register, code: str, came: datetime) -> int:
    """How long the person stays today: by the shift, else from coming to the end of the hall's day."""
    person = register.people.get(code)
    if person is not None and person.shift_from and person.shift_to:
        start, end = (
            datetime.combine(floor.day, time.fromisoformat(t), JST) for t in (person.shift_from, person.shift_to)
        )
        return seconds_between(start, end)
    return seconds_between(came, datetime.combine(floor.day, floor.site.hall.closes, JST))


def overdue(floor: Floor, register: Register, now: datetime) -> list[BreakState]:
    """Who has worked too long without a break, longest first."""
    limit = floor.site.thresholds.break_due_s
    late = [
        b for b in break_states(floor, register, now).values() if b.short_s and b.without_s >= limit and not b.on_break
    ]
    return sorted(late, key=lambda b: (-b.without_s, b.staff))


def break_order(floor: Floor, register: Register, now: datetime) -> list[Turn]:
    """A proposal of who goes when: in each lane one after the other, never all of it at once; earliest comers first."""
    states = break_states(floor, register, now)
    groups: dict[str, list[BreakState]] = {}
    here: dict[str, int] = {}
    at = {t.staff: t.lane for t in floor.terminals.values() if t.staff}
    for code, b in states.items():
        lane = at.get(code, "")
        if floor.staff[code].at_work:
            here[lane] = here.get(lane, 0) + 1
            if b.short_s >= 60:
                groups.setdefault(lane, []).append(b)
    turns = []
    for lane, waiting in groups.items():
        n = here[lane]
        channels = max(1, min(_MOST_AT_ONCE, n // 3))
        free = [_earliest(floor, now)] * channels
        if lane == "" or n > 1:
            free = _after_running(floor, states, lane, free)
        for b in sorted(waiting, key=lambda b: (b.came_at, b.staff)):
            k = free.index(min(free))
            minutes = -(-b.short_s // 60)
            turns.append(Turn(b.staff, free[k], minutes, lane, alone=n == 1 and lane != ""))
            free[k] += timedelta(minutes=minutes)
    return sorted(turns, key=lambda t: (t.start, t.staff))


def _earliest(floor: Floor, now: datetime) -> datetime:
    """The next five minutes from now, not before the hour at which breaks begin."""
    start = max(now, datetime.combine(floor.day, _FIRST_BREAK, JST)).replace(second=0, microsecond=0)
    return start + timedelta(minutes=-start.minute % 5)


def _after_running(floor: Floor, states: dict[str, BreakState], lane: str, free: list[datetime]) -> list[datetime]:
    """Breaks that run now take their place first: nobody follows before they are back."""
    running = []
    for code, b in states.items():
        if b.on_break and floor.last_lane.get(code, "") == lane:
            until = floor.staff[code].until
            end = datetime.combine(floor.day, time.fromisoformat(until), JST) if until else None
            running.append(max(free[0], end or floor.staff[code].since + timedelta(seconds=b.owed_s or 45 * 60)))
    return sorted(free)[len(running) :] + sorted(running)[-len(free) :] if running else free
