"""Presence of the contractor's people now and over the day: one count for every screen and document. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from floorctl.common.clock import JST
from floorctl.common.frozen import frozen
from floorctl.common.lengths import minutes_word
from floorctl.models.board.flow import charge_vacant_s
from floorctl.models.board.reception_hours import receiving
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import Shift, StaffState
from floorctl.models.register.register import Register

_ROLL_BEFORE = timedelta(minutes=30)  # so long before a shift its people are at the roll call
# Of who has been in the hall and is not at a place now; who came late and is here counts as present.
_ELSEWHERE = ("on_break", "late", "absent", "away", "gone")


@frozen
class Presence:
    """Everybody of the team and everybody named in a fact of the day, by code; who has no fact is ``expected``."""

    people: tuple[StaffState, ...]
    later: tuple[str, ...] = ()  # of the expected those whose shift is not now
    off: tuple[str, ...] = ()  # of the expected those who are not to come, by the shifts planned for the day

    @property
    def present(self) -> list[str]:
        """Return who is in the hall and at work (在席)."""
        return [s.code for s in self.people if s.at_work]

    @property
    def unseen(self) -> list[str]:
        """Return who has not been seen and ought to be here by the shift (未点呼); without a shift, from the morning on."""
        return [s.code for s in self.people if s.status == "expected" and s.code not in (*self.later, *self.off)]

    def elsewhere(self) -> dict[str, int]:
        """Return how many are on a break, late, absent, away or gone, by status; only what there is."""
        counts = {x: sum(s.status == x and not s.at_work for s in self.people) for x in _ELSEWHERE}
        return {status: n for status, n in counts.items() if n}


def presence(floor: Floor, register: Register, now: datetime) -> Presence:
    """Return the presence at ``now``."""
    codes = sorted({*(p.code for p in register.team(floor.day)), *floor.staff})
    people = tuple(floor.staff.get(code) or StaffState(code, "expected", now) for code in codes)
    shifts = {s.code: register.shift(s.code, floor.day) for s in people if s.status == "expected"}
    off = tuple(code for code, shift in shifts.items() if shift.off)
    return Presence(
        people, tuple(code for code in shifts if code not in off and not _on_shift(shifts[code], floor, now)), off
    )


def _on_shift(shift: Shift, floor: Floor, now: datetime) -> bool:
    """Return whether a shift is now, or begins so soon that the roll of it is taken; one that is not known always is."""
    if shift.hours is None:
        return True
    start, end = (datetime.combine(floor.day, time.fromisoformat(x), JST) for x in shift.hours)
    return start - _ROLL_BEFORE <= now <= end


def charge_is_vacant(floor: Floor, register: Register, now: datetime) -> bool:
    """Return whether nobody is known to hold the charge of 現場責任者 during reception (仕様書 5(1)).

    Without a roster and without a name nothing is known: False.
    """
    known = bool(floor.charge_log()) or bool(register.people)
    return known and floor.holder() is None and receiving(floor, now)


def charge_vacant_word(floor: Floor, now: datetime) -> str:
    """Return the time of the day's reception without a holder, in words: 受付中の不在 40分; "" if there is none."""
    seconds = charge_vacant_s(floor, now)
    return f"受付中の不在 {minutes_word(seconds)}" if seconds else ""


def attended(floor: Floor) -> tuple[str, ...]:
    """Return who has been in the hall on the day, by code: as recorded, or as a place or a charge shows."""
    there = ("on_break", "away", "gone")
    return tuple(
        sorted(code for code, states in floor.presence.items() if any(s.at_work or s.status in there for s in states))
    )
