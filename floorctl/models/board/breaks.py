"""Breaks: those the law gives each person, and those still owed (the plan of them: `break_plan`).

労働基準法34条: 45 minutes where more than 6 hours are worked, 60 where more than 8; by turns under an agreement.
仕様書 7(4)※: windows do not close for breaks; 16(4): there is no room for them in the building, so a break is one
block that includes the way. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta

from floorctl.common.clock import JST, on_day, seconds_between
from floorctl.common.frozen import frozen
from floorctl.models.board.flow import reception_span
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import StaffState
from floorctl.models.facts.breaks import PlannedBreak
from floorctl.models.register.register import Register

# Nobody is sent to lunch before this, where that can be helped.
FIRST_BREAK = time(10, 30)
# More than this without a break is against the law.
WITHOUT_BREAK = timedelta(hours=6)
USUAL_BREAK = timedelta(minutes=45)
_BEFORE_TIME = timedelta(hours=1)
_LEAST_S = 60  # records are made by hand: less is nothing


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
        """Return the seconds that are missing, a minute at least."""
        missing = self.owed_s - self.taken_s
        return missing if missing >= _LEAST_S else 0

    @property
    def lawful(self) -> bool:
        """Return whether the law gives a break, and all of it has been taken; one that runs counts so far."""
        return bool(self.owed_s) and not self.short_s


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


def is_planned(floor: Floor, planned: PlannedBreak, began: datetime) -> bool:
    """Return whether a break that began then may be the planned one: not more than an hour before its time."""
    return began >= on_day(floor.day, planned.start) - _BEFORE_TIME


def breaks_of(floor: Floor, staff: str, until: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
    """Yield the breaks of a person, begin and end; one that is under way ends at ``until``, and is left out without it."""
    began = None
    for s in floor.presence.get(staff, ()):
        if began is not None and s.status != "on_break":
            yield began, s.since
            began = None
        elif began is None and s.status == "on_break":
            began = s.since
    if began is not None and until is not None:
        yield began, max(began, until)


def as_planned(floor: Floor, planned: PlannedBreak, until: datetime | None = None) -> list[tuple[datetime, datetime]]:
    """Return the breaks that may be the planned one, or parts of it, as ``breaks_of``."""
    return [x for x in breaks_of(floor, planned.staff, until) if is_planned(floor, planned, x[0])]


def has_taken(floor: Floor, b: BreakState | None, planned: PlannedBreak) -> bool:
    """Return whether a planned break is over: for every list, plan and figure. ``b``: the breaks of the person today, if here.

    So it is once all that the law gives has been taken, whenever; else once breaks that may be the planned one have had its
    length, and of a person to whom the law gives none after any such break.
    """
    held = floor.staff.get(planned.staff)
    if held is not None and held.status == "on_break":
        return False
    if b is not None and b.lawful:
        return True
    taken = as_planned(floor, planned)
    return bool(taken) and (b is None or not b.owed_s or _left_s(planned, taken) < _LEAST_S)


def stands_for(floor: Floor, b: BreakState | None, planned: PlannedBreak, began: datetime, left_s: int) -> bool:
    """Return whether the break that runs since ``began`` takes the place of the planned one, with ``left_s`` still to go.

    So it does where it may be that one, or once it has brought all that the law gives.
    """
    return is_planned(floor, planned, began) or (
        b is not None and bool(b.owed_s) and b.owed_s - b.taken_s - left_s < _LEAST_S
    )


def to_come(floor: Floor, b: BreakState | None, planned: PlannedBreak, now: datetime) -> bool:
    """Return whether a planned break is still to be had: it is not over, and no break that runs takes its place."""
    held = floor.staff.get(planned.staff)
    if held is None or held.status != "on_break":
        return not has_taken(floor, b, planned)
    left_s = seconds_between(now, running_end(floor, b, now)) if b is not None else 0
    return not stands_for(floor, b, planned, held.since, left_s)


def _left_s(planned: PlannedBreak, taken: Iterable[tuple[datetime, datetime]]) -> int:
    return planned.minutes * 60 - sum(seconds_between(a, b) for a, b in taken)


def known_end(floor: Floor, staff: str) -> datetime | None:
    """Return when a running break ends: as announced, else by what is left of its planned length; None of no break, or where neither is known."""
    held, planned = floor.staff.get(staff), floor.planned_breaks.get(staff)
    if held is None or held.status != "on_break":
        return None
    if held.until is not None:
        return on_day(floor.day, held.until)
    left_s = _left_s(planned, as_planned(floor, planned)) if planned is not None else 0
    return held.since + timedelta(seconds=left_s) if left_s >= _LEAST_S else None


def running_end(floor: Floor, b: BreakState, now: datetime) -> datetime:
    """Return the end of a running break, now at the earliest: the known one, else when all that is owed has been taken."""
    if (ends := known_end(floor, b.staff)) is not None:
        return max(now, ends)
    return now + timedelta(seconds=b.short_s) if b.owed_s else max(now, floor.staff[b.staff].since + USUAL_BREAK)


def closed_early(floor: Floor) -> datetime | None:
    """Return when the day was closed before the end of its reception; None if it was not."""
    closed = floor.report_closed_at or floor.closed_at
    return closed if closed is not None and closed < reception_span(floor)[1] else None


def _come(s: StaffState) -> bool:
    """Return whether the person is in service: at work, or away for a while."""
    return s.at_work or s.out


def _stay(floor: Floor, register: Register, code: str, came: datetime, late: bool) -> tuple[datetime, datetime]:
    """Return from when until when the person stays today.

    By the shift, but not before a late coming; else from coming to the end of the hall's day.
    """
    if hours := register.shift(code, floor.day).hours:
        start, end = (_wall(floor, time.fromisoformat(t)) for t in hours)
        return (max(start, came) if late else start), end
    return came, _wall(floor, floor.site.hall.closes)


def _wall(floor: Floor, at: time) -> datetime:
    return datetime.combine(floor.day, at, JST)


def overdue(floor: Floor, states: Mapping[str, BreakState]) -> list[BreakState]:
    """Return who of ``break_states`` has worked too long without a break, longest first."""
    limit = floor.site.thresholds.break_due_s
    late = [b for b in states.values() if b.short_s and b.without_s >= limit and not b.on_break]
    return sorted(late, key=lambda b: (-b.without_s, b.staff))
