"""A person's day in the documents: coming and going, breaks against the law, the charge of 現場責任者. Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.clock import seconds_between
from floorctl.common.frozen import frozen
from floorctl.models.board.breaks import break_states
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import Shift
from floorctl.models.register.register import Register


@frozen
class StaffDay:
    """One person on one day, by code; lengths in seconds.

    ``status`` is the last of the day. ``came_at`` is None if the person was never seen at work. ``break_short_s``:
    statutory break (労基法34条) minus the breaks taken.
    """

    staff: str
    role: str | None
    status: str
    came_at: datetime | None
    gone_at: datetime | None
    late: bool
    absent: bool
    reason: str  # of the absence or the lateness
    break_s: int
    break_short_s: int
    charge_s: int  # held the charge of 現場責任者
    planned: Shift | None = None  # for the day; None without a plan, where the roster's shift holds
    hours: tuple[str, str] | None = None  # of the shift that holds
    came_late_s: int | None = None  # after its begin; negative: before it; None: not known
    gone_late_s: int | None = None  # after its end; negative: before it
    skills: tuple[str, ...] = ()  # codes, as the roster has them; () also where they are not recorded
    newcomer: bool = False


@frozen
class Acting:
    """Turn of the charge of 統括責任者, from ``at`` on; ``deputy``: whoever has it acts for one (仕様書 5(1))."""

    at: datetime
    staff: str | None
    deputy: bool


def acting(floor: Floor, register: Register) -> tuple[Acting, ...]:
    """Return the turns of the charge of 統括責任者; anybody who is not on the roster as one acts for one."""
    own = {p.code for p in register.people.values() if p.role == "general_manager"}
    return tuple(
        Acting(h.at, h.staff, h.staff is not None and h.staff not in own) for h in floor.charge_log("general_manager")
    )


def staff_days(floor: Floor, register: Register, until: datetime) -> tuple[StaffDay, ...]:
    """Return everybody named in a fact of the day or absent as planned, by code; open breaks and charges end at ``until``."""
    breaks = break_states(floor, register, until, whole_day=True)
    charge = _charges(floor, until)
    away = register.absences.get(floor.day, {})
    known = register.shifts.get(floor.day, {}).keys() | away.keys()
    found = []
    for code in sorted(floor.presence.keys() | charge.keys() | away.keys()):
        states = floor.presence.get(code, [])
        statuses = [s.status for s in states]
        b = breaks.get(code)
        why = next((s.reason for s in states if s.status in ("absent", "late") and s.reason), "")
        ahead = code in away and code not in charge and not any(s.status != "absent" for s in states)
        why = why or (away[code].reason if ahead else "")
        person = register.people.get(code)
        gone = states[-1].since if states and states[-1].status == "gone" else None
        shift = register.shift(code, floor.day)
        found.append(
            StaffDay(
                code,
                person.role if person else None,
                "absent" if ahead else statuses[-1] if statuses else "present",
                b.came_at if b else None,
                gone,
                "late" in statuses,
                ahead or ("absent" in statuses and b is None),
                why,
                b.taken_s if b else 0,
                b.short_s if b else 0,
                charge.get(code, 0),
                shift if code in known else None,
                shift.hours,
                _after(shift.begins_on(floor.day), b.came_at if b else None),
                _after(shift.ends_on(floor.day), gone),
                (person.skills or ()) if person else (),
                person.newcomer if person else False,
            )
        )
    return tuple(found)


def _after(planned: datetime | None, actual: datetime | None) -> int | None:
    """Return by how many seconds an instant is after the planned one, negative before it; None where one is not known."""
    return None if planned is None or actual is None else int((actual - planned).total_seconds())


def _charges(floor: Floor, until: datetime) -> dict[str, int]:
    """Return the seconds for which each person held the charge of 現場責任者."""
    held: dict[str, int] = {}
    turns = floor.charge_log()
    for n, h in enumerate(turns):
        end = turns[n + 1].at if n + 1 < len(turns) else until
        if h.staff is not None:
            held[h.staff] = held.get(h.staff, 0) + seconds_between(h.at, end)
    return held
