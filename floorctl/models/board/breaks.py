"""Breaks: those the law gives each person, those still owed, and an order that never leaves a service alone.

労働基準法34条: 45 minutes where more than 6 hours are worked, 60 where more than 8; by turns under an agreement.
仕様書 7(4)※: windows do not close for breaks; 16(4): there is no room for them in the building, so a break is one
block that includes the way. Pure.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from floorctl.common.clock import JST, seconds_between
from floorctl.common.frozen import frozen
from floorctl.models.board.break_turns import Claim, Span, Turns, up
from floorctl.models.board.flow import reception_span
from floorctl.models.board.lane_cover import is_there
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import StaffState
from floorctl.models.register.register import Register

WORKING = ("free", "serving")
# Nobody is sent to lunch before this, nor soon after coming, where that can be helped.
FIRST_BREAK = time(10, 30)
_SOON = timedelta(hours=2)
# More than this without a break is against the law.
WITHOUT_BREAK = timedelta(hours=6)
USUAL_BREAK = timedelta(minutes=45)
# People who stand alone in their lane go one after another: one stand-in is enough for all of them.
_ALONE = "alone"


def entitlement_s(shift_s: int) -> int:
    """Return the seconds of break for a shift of ``shift_s`` from coming to going, on the safe side of the law.

    The break itself is no work (SPEC 58: a shift of 8.5 h with 45 minutes is 15 short).
    """
    if shift_s > 8 * 3600:
        return 60 * 60
    return 45 * 60 if shift_s > 6 * 3600 else 0


@frozen
class BreakState:
    """Breaks of a person today; ``…_s`` in seconds.

    ``without_s``: at work since the last break, or since coming. ``ends_at``: the end of the shift, or now if later.
    """

    staff: str
    came_at: datetime
    owed_s: int
    taken_s: int
    without_s: int
    on_break: bool
    ends_at: datetime

    @property
    def short_s(self) -> int:
        """Return the seconds that are missing; records are made by hand, so less than a minute is nothing."""
        missing = self.owed_s - self.taken_s
        return missing if missing >= 60 else 0


@frozen
class Turn:
    """Proposed break.

    ``lane``: lane of the person, "" at no terminal. ``alone``: nobody else is there then; a substitute is needed.
    """

    staff: str
    start: datetime
    minutes: int
    lane: str
    alone: bool


def break_states(floor: Floor, register: Register, now: datetime, *, whole_day: bool = False) -> dict[str, BreakState]:
    """Return the breaks of everybody at work or away for a while, by code; ``whole_day``: also of who has left.

    Of a day that was closed early the law counts the hours that were worked: until the person went, else until the close.
    """
    found = {}
    early = closed_early(floor)
    for code, states in floor.presence.items():
        first = next((n for n, s in enumerate(states) if _come(s)), None)
        if first is None or (states[-1].status in ("gone", "absent") and not whole_day):
            continue
        came = at_work_since = states[first].since
        taken, began, before = 0, None, None
        for s in states[first:]:
            if began is not None:
                taken += seconds_between(began, s.since)
                began = None
            if s.status == "on_break":
                began = s.since
            elif _come(s) and (before is None or before.status == "on_break" or not _come(before)):
                at_work_since = s.since
            before = s
        if began is not None:
            taken += seconds_between(began, now)
        late = any(s.status in ("late", "absent") for s in states[: first + 1])
        start, end = _stay(floor, register, code, came, late)
        went = states[-1].since if states[-1].status == "gone" else None
        end = went or early or max(end, now)
        found[code] = BreakState(
            code,
            came,
            entitlement_s(seconds_between(start, end)),
            taken,
            0 if began is not None else seconds_between(at_work_since, now),
            began is not None,
            end,
        )
    return found


def closed_early(floor: Floor) -> datetime | None:
    """Return when the day was closed before the end of its reception; None if it was not."""
    closed = floor.report_closed_at or floor.closed_at
    return closed if closed is not None and closed < reception_span(floor)[1] else None


def _come(s: StaffState) -> bool:
    """Return whether the person is in service: at work, or away for a while."""
    return s.at_work or s.status in ("on_break", "away")


def _stay(floor: Floor, register: Register, code: str, came: datetime, late: bool) -> Span:
    """Return from when until when the person stays today.

    By the shift, but not before a late coming; else from coming to the end of the hall's day.
    """
    if hours := register.shift(code, floor.day).hours:
        start, end = (_wall(floor, time.fromisoformat(t)) for t in hours)
        return (max(start, came) if late else start), end
    return came, _wall(floor, floor.site.hall.closes)


def _wall(floor: Floor, at: time) -> datetime:
    return datetime.combine(floor.day, at, JST)


def overdue(floor: Floor, register: Register, now: datetime) -> list[BreakState]:
    """Return who has worked too long without a break, longest first."""
    limit = floor.site.thresholds.break_due_s
    late = [
        b for b in break_states(floor, register, now).values() if b.short_s and b.without_s >= limit and not b.on_break
    ]
    return sorted(late, key=lambda b: (-b.without_s, b.staff))


def break_order(floor: Floor, register: Register, now: datetime) -> list[Turn]:
    """Propose the breaks of the day by start: in each lane one after the other, the most urgent first.

    At every instant somebody works in each lane where more than one does, and somebody who may hold the charge of
    現場責任者 is there, given the breaks that run and the ends of shifts. If possible a turn lies within the shift and begins
    before six hours without a break.
    """
    states = break_states(floor, register, now)
    running = {code: (now, _back_at(floor, b, now)) for code, b in states.items() if b.on_break}
    waiting = {code: b for code, b in states.items() if b.short_s and floor.staff[code].at_work}
    lanes, groups = _lanes(floor, states)
    stand = [frozenset(code for code, at in lanes.items() if lane in at) for lane in floor.lanes]
    charge = _who_may_hold(floor, register, states)
    rows: dict[str, set[str]] = {}
    row_of = {}
    for code in states:
        stands = lanes.get(code, [])
        lonely = code in waiting and any(groups[lane] <= {code} for lane in stands)
        row_of[code] = _ALONE if lonely else next(iter(stands), "")
        rows.setdefault(row_of[code], set()).add(code)
    claims = []
    for code, b in waiting.items():
        since = now - timedelta(seconds=b.without_s)
        claims.append(
            Claim(
                code,
                timedelta(minutes=-(-b.short_s // 60)),
                up(max(_wall(floor, FIRST_BREAK), since + _SOON)),
                since + WITHOUT_BREAK,
                b.ends_at,
                row_of[code],
                tuple(g for g in {*groups.values(), *stand, charge} if code in g and len(g) > 1),
            )
        )
    turns = Turns(
        {row: frozenset(people) for row, people in rows.items()},
        running,
        {code: b.ends_at for code, b in states.items()},
        up(now),
    )
    starts = turns.arrange(claims)
    found = []
    for c in claims:
        start, stands = starts[c.who], lanes.get(c.who, [])
        alone = any(turns.left_alone(groups[lane], (start, start + c.length), c.who) for lane in stands)
        minutes = int(c.length.total_seconds()) // 60
        found.append(Turn(c.who, start, minutes, next(iter(stands), ""), alone))
    return sorted(found, key=lambda t: (t.start, t.staff))


def _lanes(floor: Floor, states: dict[str, BreakState]) -> tuple[dict[str, list[str]], dict[str, frozenset[str]]]:
    """Return the lane of each person, as before a running break, and who keeps each lane working.

    A terminal that waits to move counts where it goes, a lent one at home: it comes back for a break. A failed or paused
    one keeps nothing working.
    """
    lanes: dict[str, list[str]] = {}
    groups: dict[str, set[str]] = {lane: set() for lane in floor.lanes}
    for t in floor.terminals.values():
        if t.staff in states:
            lane = t.own_lane
            lanes.setdefault(t.staff, []).append(lane)
            if floor.state(t.code) in WORKING and is_there(floor, t.staff):
                groups[lane].add(t.staff)
    for code, b in states.items():
        if b.on_break:
            if code not in lanes and code in floor.last_lane:
                lanes[code] = [floor.last_lane[code]]
            for lane in lanes.get(code, ()):
                groups[lane].add(code)
    return lanes, {lane: frozenset(people) for lane, people in groups.items()}


def _who_may_hold(floor: Floor, register: Register, states: dict[str, BreakState]) -> frozenset[str]:
    """Return who may hold the charge of 現場責任者 and is here today; nobody without a roster, since it could be anybody."""
    holder = floor.holder()
    able = {p.code for p in register.team(floor.day) if p.may_hold("site_manager")}
    return frozenset(code for code in states if code in able or code == holder) if able else frozenset()


def _back_at(floor: Floor, b: BreakState, now: datetime) -> datetime:
    """Return the end of a running break: as announced, else when all that is owed has been taken."""
    held = floor.staff[b.staff]
    if held.until is not None:
        return max(now, _wall(floor, time.fromisoformat(held.until)))
    return now + timedelta(seconds=b.short_s) if b.owed_s else max(now, held.since + USUAL_BREAK)
