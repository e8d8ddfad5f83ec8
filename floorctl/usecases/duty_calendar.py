"""The duties to the city as events of a calendar: those that stand, and those that stood and are no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from floorctl.commands.fold import fold_register
from floorctl.documents.duties_ics import DutyEvent
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.kinds import StaffRegistered
from floorctl.models.register.duties import duties
from floorctl.models.register.duty import Duty
from floorctl.models.register.duty_changes import DutyChanges
from floorctl.models.register.pressing_duties import counts
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from floorctl.usecases.session import Session

_DAY = timedelta(days=1)
_LONGEST = 14  # days that the venue is closed without a break, at most


def duty_events(session: Session, until: date | None = None) -> list[DutyEvent]:
    """Return every duty as an event, by due date; what was due before the first recorded day only if it was handed in.

    What does not exist any more (the report of a day that was closed, minutes of a meeting taken back, the notice of
    somebody who comes on another day) is called off, so that a calendar that has it drops it.
    """
    site, register = session.site, session.register()
    calendar, began = register.calendar(site), session.began()
    changes = DutyChanges(session.register_facts(), register.reissued(), site.contract.start)
    found = duties(site, register, calendar, session.today)
    stands = {(d.duty, d.key) for d in found}
    gone = [d for key, d in _once(session).items() if key not in stands]
    told = [d for d in found if d.versions or began is None or counts(d, began)]
    listed = [(d, False) for d in told] + [(d, True) for d in gone]
    events = [_event(d, calendar, changes, gone=off) for d, off in listed if until is None or d.due <= until]
    return sorted(events, key=lambda e: (e.due, e.duty, e.key))


def _once(session: Session) -> dict[tuple[str, str], Duty]:
    """Return the duties without what was agreed, corrected or taken back since, by code and key."""
    site, today, told = session.site, session.today, [e for e in session.register_facts() if e.kind != "retracted"]
    untouched = fold_register(told)
    once = [d for agreed in (Register(), untouched) for d in duties(site, untouched, agreed.calendar(site), today)]
    for register in _earlier_rosters(told):  # the day on which somebody comes or leaves is in the key of its duty
        once += duties(site, register, register.calendar(site), today, lambda duty, _, __: duty == "staff_change")
    return {(d.duty, d.key): d for d in once}


def _earlier_rosters(told: list[Entry]) -> Iterator[Register]:
    """Yield the register with the first registration of each person, with the first two, and so on, but the last."""
    times: Counter[str] = Counter()
    numbered: list[tuple[int, Entry]] = []
    for e in told:
        staff = e.fact.staff if isinstance(e.fact, StaffRegistered) else ""
        times[staff] += bool(staff)
        numbered.append((times[staff], e))
    for known in range(1, max(times.values(), default=1)):
        yield fold_register([e for n, e in numbered if n <= known])


def _event(duty: Duty, calendar: Calendar, changes: DutyChanges, *, gone: bool) -> DutyEvent:
    state = "gone" if gone else "again" if duty.outdated else "submitted" if duty.versions else "open"
    seq, at = changes.last(duty)
    # Of a person who comes or leaves the code stays here: a calendar lies elsewhere.
    about = duty.about.partition(" ")[2] if duty.duty == "staff_change" else duty.about
    return DutyEvent(
        duty.duty, duty.key, duty.name, about, duty.due, duty.rule, state, seq, at, _warned(duty.due, calendar)
    )


def _warned(due: date, calendar: Calendar) -> tuple[int, ...]:
    """Return how many days ahead it is told: the day before and, where the venue is closed then, the last open day, too."""
    ahead = next((n for n in range(1, _LONGEST + 1) if calendar.is_open(due - n * _DAY)), 1)
    return (1,) if ahead == 1 else (ahead, 1)
