"""The people whose breaks are planned: who is here or comes today, when, in which lane, and what is owed (労働基準法34条). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from floorctl.common.clock import JST, on_day, seconds_between
from floorctl.common.frozen import frozen
from floorctl.models.board.breaks import (
    FIRST_BREAK,
    WITHOUT_BREAK,
    BreakState,
    break_states,
    entitlement_s,
    running_end,
)
from floorctl.models.board.lane_cover import is_there
from floorctl.models.board.posts_plan import planned_places
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register

_SOON = timedelta(hours=2)  # nobody is sent on a break so soon after coming, where that can be helped


@frozen
class Member:
    """Person of the day. ``since``: at work since then without a break; ``owed``: minutes of break still owed.

    Both are as they will be after a break that runs. ``back_at``: its end. ``free``: may be sent on a break: at work, or still to come.
    """

    staff: str
    came_at: datetime
    ends_at: datetime
    since: datetime
    owed: int
    back_at: datetime | None
    free: bool

    @property
    def limit(self) -> datetime:
        """Return the latest lawful begin of the next break."""
        return self.since + WITHOUT_BREAK

    @property
    def settled(self) -> datetime:
        """Return before when the person has hardly begun to work."""
        return self.since + _SOON

    @property
    def wish(self) -> datetime:
        """Return before when nobody likes to go."""
        return max(datetime.combine(self.came_at.date(), FIRST_BREAK, JST), self.settled)


def members(floor: Floor, register: Register, now: datetime) -> dict[str, Member]:
    """Return everybody who is here, and who is still to come by the shift, by code."""
    found = {code: _here(floor, b, now) for code, b in break_states(floor, register, now).items()}
    for p in register.team(floor.day):
        held = floor.staff.get(p.code)
        if p.code in found or (held is not None and held.status not in ("expected", "late")):
            continue
        hours = register.shift(p.code, floor.day).hours
        if hours is None:
            continue
        starts, ends = (on_day(floor.day, x) for x in hours)
        if held is not None and held.until is not None:
            starts = max(starts, on_day(floor.day, held.until))
        if now < ends and starts < ends:
            owed = entitlement_s(int((ends - starts).total_seconds())) // 60
            found[p.code] = Member(p.code, starts, ends, starts, owed, None, True)
    return found


def _here(floor: Floor, b: BreakState, now: datetime) -> Member:
    back = running_end(floor, b, now) if b.on_break else None
    since = back or now - timedelta(seconds=b.without_s)
    short_s = max(0, b.short_s - seconds_between(now, back)) if back is not None else b.short_s
    free = not b.on_break and floor.staff[b.staff].at_work
    return Member(b.staff, b.came_at, b.ends_at, since, -(-short_s // 60), back, free)


@frozen
class Places:
    """Places at which people stand: ``lanes`` of each person, as before a running break; ``keepers``: who keeps each lane working."""

    lanes: dict[str, list[str]]
    keepers: dict[str, frozenset[str]]

    def stands(self, lane: str) -> frozenset[str]:
        """Return everybody who stands in a lane, also where nothing works."""
        return frozenset(code for code, at in self.lanes.items() if lane in at)

    def lane(self, staff: str) -> str:
        """Return the lane of a person, "" at no terminal."""
        return next(iter(self.lanes.get(staff, ())), "")


def places(floor: Floor, register: Register, team: Mapping[str, Member], now: datetime) -> Places:
    """Return where the people stand; who has no place yet, where the plan of places puts them first.

    A terminal that waits to move counts where it goes, a lent one at home: it comes back for a break. A failed or paused
    one keeps nothing working.
    """
    lanes: dict[str, list[str]] = {}
    keepers: dict[str, set[str]] = {lane: set() for lane in floor.lanes}
    for t in floor.terminals.values():
        if t.staff is not None and t.staff in team:
            lanes.setdefault(t.staff, []).append(t.own_lane)
            if floor.works(t.code) and is_there(floor, t.staff):
                keepers[t.own_lane].add(t.staff)
    for code, m in team.items():
        if m.back_at is not None:
            if code not in lanes and code in floor.last_lane:
                lanes[code] = [floor.last_lane[code]]
            for lane in lanes.get(code, ()):
                keepers[lane].add(code)
    planned = planned_places(floor, max(f"{now:%H:%M}", f"{FIRST_BREAK:%H:%M}"), register)
    for code, place in planned.items():
        # Where a person who is here has no place though one was planned, the plan has been left.
        there, held = floor.terminals.get(place or ""), floor.staff.get(code)
        to_come = held is None or (held.status in ("expected", "late") and not held.at_work)
        if there is not None and code in team and code not in lanes and to_come:
            lanes[code] = [there.own_lane]
            keepers[there.own_lane].add(code)
    return Places(lanes, {lane: frozenset(people) for lane, people in keepers.items()})


def may_hold_charge(floor: Floor, register: Register, team: Iterable[str]) -> frozenset[str]:
    """Return who may hold the charge of 現場責任者 and is of the day; nobody without a roster, since it could be anybody."""
    holder = floor.holder()
    able = {p.code for p in register.team(floor.day) if p.may_hold("site_manager")}
    return frozenset(code for code in team if code in able or code == holder) if able else frozenset()
