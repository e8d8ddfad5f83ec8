"""Find what hours, appointments and breaks allow of a loan (応援), and when a lent terminal must be home (仕様書 7(1), 7(4)). Pure.

The refusal of the command, the offer and the return ask the same functions: what is offered is not refused, and what
is lent is not called back as it arrives.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

from floorctl.common.clock import on_day
from floorctl.models.board.appointments import SlotState, slot_states
from floorctl.models.board.breaks import BreakState, break_states
from floorctl.models.board.lane_cover import at_work_in, is_there
from floorctl.models.board.reception_hours import lane_hours, lane_receives
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.register.register import Register

# Why a lent terminal must be home: its lane begins, an appointment falls due, nobody can work at it.
BEGINS, APPOINTMENT, NOT_AT_WORK = "begins", "appointment", "off"
_MARGIN = timedelta(minutes=2)
# A break that has been due for longer than this is not about to be taken: it was put off, or nobody recorded it.
_UNTOLD = timedelta(minutes=30)


def works_at_home(floor: Floor, t: TerminalState, lane: str) -> bool:
    """Return whether a terminal works for ``lane`` as its own one, and stays there."""
    if t.home is not None or t.own_lane != lane or t.failed or t.paused:
        return False
    return is_there(floor, t.staff) if t.staff is not None else not floor.staffing_known


def back_at(floor: Floor, t: TerminalState, lane: str, now: datetime) -> datetime:
    """Return when a terminal would be home that takes one more case of ``lane``, with some minutes to spare.

    Its present case and the way there, one case of usual length, and the way back. One that helps there already may be
    done with its present case at any moment.
    """
    way = timedelta(seconds=floor.site.thresholds.switch_s)
    there = now
    if t.lane != lane:
        served = floor.tickets[t.ticket] if t.ticket is not None else None
        if served is not None and served.service is not None and served.serving_since is not None:
            usual = floor.site.service_by_code[served.service].typical_minutes
            there = max(now, served.serving_since + timedelta(minutes=usual))
        there += way
    return there + _case(floor, lane, now) + way + _MARGIN


def _case(floor: Floor, lane: str, now: datetime) -> timedelta:
    """Return the usual length of the case that is called next in a lane; where nobody waits, of its longest."""
    site, following = floor.site, floor.next_ticket(lane, now)
    if following is not None and following.service is not None:
        return timedelta(minutes=site.service_by_code[following.service].typical_minutes)
    return timedelta(seconds=site.longest_usual_s(lane))


def unmet_appointment(
    floor: Floor, t: TerminalState, lane: str, now: datetime, slots: Sequence[SlotState]
) -> datetime | None:
    """Return the first appointment at home that nobody could serve if a terminal took a case of ``lane``; None if none.

    Whoever is booked until it is back and has not come needs one of the free other terminals at home each; who is late
    still counts as long as the site waits. ``slots``: those of the day.
    """
    site, home = floor.site, t.own_lane
    if not any(s.appointment for s in site.services if s.lane == home):
        return None
    back, grace = back_at(floor, t, lane, now), timedelta(seconds=site.thresholds.appointment_late_s)
    free = sum(x is not t and _stands_by(floor, x, home) for x in floor.terminals.values())
    due = 0
    for slot in slots:
        if now - grace < slot.at <= back:
            due += slot.missing
            if due > free:
                return slot.at
    return None


def _stands_by(floor: Floor, t: TerminalState, lane: str) -> bool:
    """Return whether a terminal is free for its own lane, or about to come home."""
    return (t.ticket is None and works_at_home(floor, t, lane)) or _comes_home(t, lane)


class LoanLimits:
    """Limits of the day on loans at ``now``; each part is found when it is first asked for."""

    def __init__(self, floor: Floor, register: Register, now: datetime) -> None:
        self.floor, self.register, self.now = floor, register, now

    @cached_property
    def slots(self) -> list[SlotState]:
        """The day's appointments."""
        return slot_states(self.floor, self.register)

    @cached_property
    def breaks(self) -> dict[str, BreakState]:
        """The day's breaks by person."""
        return break_states(self.floor, self.register, self.now)

    def idle(self, lane: str) -> bool:
        """Return whether a lane needs none of its terminals now: it receives nobody, and nobody waits there."""
        return not self.receives(lane) and not self.floor.lanes[lane].waiting

    def receives(self, lane: str) -> bool:
        """Return whether a lane receives anybody now."""
        return lane_receives(self.floor, lane, self.now)

    def bars(self, terminal: str, lane: str) -> bool:
        """Return whether a terminal may not be lent to ``lane``: it would miss its reception, an appointment or a break."""
        t = self.floor.terminals[terminal]
        return self._too_few_as_it_begins(t, lane) or self.unmet(t, lane) is not None or self._break_due(t, lane)

    def due_home(self, terminal: str) -> str:
        """Return why a lent terminal must go home whoever waits: BEGINS, APPOINTMENT or NOT_AT_WORK; "" if it need not."""
        t = self.floor.terminals[terminal]
        if t.failed or t.paused or (t.staff is not None and not is_there(self.floor, t.staff)):
            return NOT_AT_WORK
        helped = t.next_lane if t.to_be_lent and t.next_lane is not None else t.lane
        if self._too_few_as_it_begins(t, helped):
            return BEGINS
        return APPOINTMENT if self.unmet(t, helped) is not None else ""

    def unmet(self, t: TerminalState, lane: str) -> datetime | None:
        """Return as ``unmet_appointment``."""
        return unmet_appointment(self.floor, t, lane, self.now, self.slots)

    def round_trip(self, lane: str, at: datetime) -> datetime:
        """Return when a terminal that was lent to ``lane`` at ``at``, free then, could be home after one case."""
        way = timedelta(seconds=self.floor.site.thresholds.switch_s)
        return at + _case(self.floor, lane, self.now) + 2 * way + _MARGIN

    def last_of(self, terminal: str, lane: str) -> bool:
        """Return whether a lane that receives would be left alone without a terminal: who is only to come is not there yet."""
        others = (x for x in self.floor.terminals.values() if x.code != terminal and lane in x.lanes)
        return self.receives(lane) and not any(at_work_in(self.floor, x.code, lane) for x in others)

    def _too_few_as_it_begins(self, t: TerminalState, lane: str) -> bool:
        """Return whether the reception at home begins before a terminal is back, with fewer others than its usual split."""
        begins = lane_hours(self.floor, t.own_lane)[0]
        if not self.now < begins < back_at(self.floor, t, lane, self.now):
            return False
        least = next((b.low for b in self.floor.site.bands if b.lane == t.own_lane), 1)
        others = (x for x in self.floor.terminals.values() if x is not t)
        return sum(works_at_home(self.floor, x, t.own_lane) or _comes_home(x, t.own_lane) for x in others) < least

    def _break_due(self, t: TerminalState, lane: str) -> bool:
        """Return whether the person at a terminal has a break due, or goes, before it is back."""
        b, back = self.breaks.get(t.staff) if t.staff is not None else None, back_at(self.floor, t, lane, self.now)
        if b is None:
            return False
        due = [self.now + timedelta(seconds=self.floor.site.thresholds.break_due_s - b.without_s)]
        if (planned := self.floor.planned_breaks.get(b.staff)) is not None:
            due.append(on_day(self.floor.day, planned.start))
        going = b.ends_at <= back and b.ends_at.time() < self.floor.site.hall.closes
        return going or (bool(b.short_s) and any(self.now - _UNTOLD < at <= back for at in due))


def _comes_home(t: TerminalState, lane: str) -> bool:
    return t.coming_home and t.home == lane
