"""How the day, its terminals, city staff and counts evolve: one function a kind of fact; what does not fit is marked odd."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from floorctl.models.day.advice_answers import Answer
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import Handover, StaffChange, StaffState, Vacancy
from floorctl.models.day.terminal import Move
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import act_of

# ---- the day ----------------------------------------------------------------------------------------------------------


def _day_opened(floor: Floor, entry: Entry, f: ev.DayOpened) -> None:
    if floor.opened_by_fact:
        floor.odd(entry, "impossible")
    elif floor.opened_at is None or f.at > floor.opened_at:
        floor.opened_at = f.at
    floor.opened_by_fact = True
    for code, lane in f.allocation.items():
        t = floor.terminals[code]
        if lane not in floor.site.terminal_by_code[code].lanes:
            floor.odd(entry, "impossible")
        elif t.ticket is None:
            t.lane, t.next_lane = lane, None
        else:
            t.next_lane = lane if lane != t.lane else None
    _set_officials(floor, f.at, f.officials)


def _day_closed(floor: Floor, entry: Entry, f: ev.DayClosed) -> None:
    if floor.closed_at is None:
        floor.closed_at = f.at
    if entry.source == "console":
        floor.report_closed_at = f.at


def _total_read(floor: Floor, entry: Entry, f: ev.TotalRead) -> None:
    if f.count is None:
        floor.totals.pop(f.item, None)
    else:
        floor.totals[f.item] = f


def _report_written(floor: Floor, entry: Entry, f: ev.ReportWritten) -> None:
    if f.lines or f.none:
        floor.report[f.head] = f
    else:
        floor.report.pop(f.head, None)


def _day_reopened(floor: Floor, entry: Entry, f: ev.DayReopened) -> None:
    if floor.closed_at is None:
        floor.odd(entry, "impossible")
        return
    # The fold then takes in what happened while the day was closed by mistake.
    floor.closed_at, floor.report_closed_at = None, None
    floor.reopened += 1


# ---- terminals --------------------------------------------------------------------------------------------------------


def _assigned(floor: Floor, entry: Entry, f: ev.TerminalAssigned) -> None:
    t = floor.terminals[f.terminal]
    if f.lane not in floor.site.terminal_by_code[f.terminal].lanes:
        floor.odd(entry, "impossible")
        return
    origin = t.next_lane or t.lane
    if f.lane == origin:
        return
    floor.moves.append(Move(f.at, f.terminal, origin, f.lane, f.reason))
    if f.lane == t.lane:
        t.next_lane = None
    elif t.ticket is not None:
        t.next_lane = f.lane
    else:
        t.lane, t.moved_at = f.lane, f.at


def _staffed(floor: Floor, entry: Entry, f: ev.TerminalStaffed) -> None:
    floor.staffing_known = True
    t = floor.terminals[f.terminal]
    if t.staff is not None:
        floor.last_lane[t.staff] = t.next_lane or t.lane
    t.staff = f.staff
    if f.staff is None:
        return
    floor.posts.pop(f.staff, None)
    held = floor.staff.get(f.staff)
    if held is None or not held.at_work:
        # Who stands at a terminal is there, whatever was recorded before.
        floor.set_staff(StaffState(f.staff, "present", f.at))
        _note_holders(floor, f.at, "")


def _paused(floor: Floor, entry: Entry, f: ev.TerminalPaused) -> None:
    t = floor.terminals[f.terminal]
    if t.paused:
        floor.odd(entry, "impossible")
    t.paused = True
    t.reason = f.reason if not t.failed else t.reason


def _resumed(floor: Floor, entry: Entry, f: ev.TerminalResumed) -> None:
    t = floor.terminals[f.terminal]
    if not t.paused:
        floor.odd(entry, "impossible")
    t.paused = False
    t.reason = t.reason if t.failed else ""


def _failed(floor: Floor, entry: Entry, f: ev.TerminalFailed) -> None:
    t = floor.terminals[f.terminal]
    if t.failed:
        floor.odd(entry, "impossible")
    t.failed, t.reason = True, f.fault


def _repaired(floor: Floor, entry: Entry, f: ev.TerminalRepaired) -> None:
    t = floor.terminals[f.terminal]
    if not t.failed:
        floor.odd(entry, "impossible")
    t.failed, t.reason = False, ""


# ---- city staff -------------------------------------------------------------------------------------------------------


def _raised(floor: Floor, entry: Entry, f: ev.EscalationRaised) -> None:
    if f.escalation in floor.escalations:
        floor.odd(entry, "repeated_escalation")
        return
    terminal = f.terminal
    if terminal is None and f.ticket in floor.tickets and floor.tickets[f.ticket].state == "serving":
        terminal = floor.tickets[f.ticket].terminal
    floor.escalations[f.escalation] = Escalation(
        f.escalation, f.matter, "raised", raised_at=f.at, terminal=terminal, ticket=f.ticket, note=f.note
    )


def _taken(floor: Floor, entry: Entry, f: ev.EscalationTaken) -> None:
    e = floor.escalations.get(f.escalation)
    if e is None:
        floor.odd(entry, "unknown_escalation")
    elif e.state == "raised":
        e.state, e.taken_at, e.official = "taken", f.at, f.official
    elif e.taken_at is None and e.settled_at == f.at:
        e.taken_at = f.at  # taken and settled in the same instant: the names sort the other way
    else:
        floor.odd(entry, "impossible")


def _settled(floor: Floor, entry: Entry, f: ev.EscalationSettled) -> None:
    e = floor.escalations.get(f.escalation)
    if e is None:
        floor.odd(entry, "unknown_escalation")
    elif e.state == "settled":
        floor.odd(entry, "impossible")
    else:
        e.state, e.settled_at, e.outcome = "settled", f.at, f.outcome
        e.official = f.official or e.official


def _set_officials(floor: Floor, at: datetime, present: int) -> None:
    floor.officials = present
    floor.officials_history.append((at, present))


def _officials(floor: Floor, entry: Entry, f: ev.OfficialsChanged) -> None:
    _set_officials(floor, f.at, f.present)


# ---- the rest ---------------------------------------------------------------------------------------------------------


def _stopped(floor: Floor, entry: Entry, f: ev.ReceptionStopped) -> None:
    if f.service in floor.stopped:
        floor.odd(entry, "impossible")
    floor.stopped.setdefault(f.service, (f.at, f.reason))


def _reception_resumed(floor: Floor, entry: Entry, f: ev.ReceptionResumed) -> None:
    if floor.stopped.pop(f.service, None) is None:
        floor.odd(entry, "impossible")


def _staff_changed(floor: Floor, entry: Entry, f: ev.StaffChanged) -> None:
    state = StaffState(f.staff, f.status, f.at, f.reason, f.until)
    floor.set_staff(state)
    floor.staff_changes.append(StaffChange(f.staff, f.status, f.at, f.reason, f.until))
    if not state.at_work:
        floor.posts.pop(f.staff, None)
    _note_holders(floor, f.at, f.reason)


def _staff_posted(floor: Floor, entry: Entry, f: ev.StaffPosted) -> None:
    floor.posts.pop(f.staff, None)
    if f.post is not None:
        floor.posts[f.staff] = f.post
        _is_there(floor, f.staff, f.at)
        _note_holders(floor, f.at, "")


def _charge_taken(floor: Floor, entry: Entry, f: ev.ChargeTaken) -> None:
    floor.charges[f.charge] = f.staff
    if f.staff is not None:
        _is_there(floor, f.staff, f.at)
    _note_holders(floor, f.at, f.reason)


def _is_there(floor: Floor, staff: str, at: datetime) -> None:
    """Who is given a place or a charge has come, though nobody has said so."""
    held = floor.staff.get(staff)
    if held is None or held.status == "expected":
        floor.set_staff(StaffState(staff, "present", at))


def _note_holders(floor: Floor, at: datetime, reason: str) -> None:
    """Writes down who really holds each charge when that has changed: who is away holds nothing."""
    for charge in floor.charges:
        last = next((h.staff for h in reversed(floor.handovers) if h.charge == charge), None)
        if floor.holder(charge) != last:
            floor.handovers.append(Handover(at, charge, floor.holder(charge), reason))


def _vacancy_opened(floor: Floor, entry: Entry, f: ev.VacancyOpened) -> None:
    if floor.open_vacancy(f.staff) is not None:
        floor.odd(entry, "impossible")
        return
    floor.vacancies.append(Vacancy(f.staff, f.at, f.reason))


def _vacancy_filled(floor: Floor, entry: Entry, f: ev.VacancyFilled) -> None:
    vacancy = floor.open_vacancy(f.staff)
    if vacancy is None:
        floor.odd(entry, "impossible")
        return
    vacancy.closed_at, vacancy.substitute = f.at, f.substitute


def _checked(floor: Floor, entry: Entry, f: ev.ChecklistChecked) -> None:
    floor.checked.pop(f.item, None)
    if f.done:
        floor.checked[f.item] = f.at


def _accommodation(floor: Floor, entry: Entry, f: ev.AccommodationGiven) -> None:
    floor.accommodations[f.means] += f.count
    item = floor.site.item_by_meaning.get("accommodation")
    if item is not None:
        floor.work[item] += f.count


def _inquiry(floor: Floor, entry: Entry, f: ev.InquiryCounted) -> None:
    floor.inquiries[f.topic] += f.count
    floor.inquiry_log.append((f.at, f.topic, f.count))


def _work(floor: Floor, entry: Entry, f: ev.WorkCounted) -> None:
    floor.work[f.item] += f.count


def _visitors(floor: Floor, entry: Entry, f: ev.VisitorsCounted) -> None:
    floor.visitors = f.persons


def _answered(floor: Floor, entry: Entry, f: ev.AdviceTaken | ev.AdviceDeclined) -> None:
    origin, taken = f.lane, isinstance(f, ev.AdviceTaken)
    if f.terminal is not None:
        t = floor.terminals[f.terminal]
        # The move of an advice that was taken stands before it: it came from where that began.
        came = next((m.origin for m in reversed(floor.moves) if m.terminal == f.terminal), t.lane)
        origin = came if taken else t.next_lane or t.lane
    reason, about = ("", "") if isinstance(f, ev.AdviceTaken) else (f.reason, f.about)
    floor.answers.append(Answer(f.at, taken, f.terminal or "", origin, f.lane, f.gain_s, reason, about))


def _paper(floor: Floor, entry: Entry, f: ev.PaperEntered) -> None:
    floor.paper_acts.add((entry.source, act_of(f.id)))


def _memo(floor: Floor, entry: Entry, f: ev.MemoWritten) -> None:
    floor.memos.append((f.at, f.text))


EVOLVE: dict[str, Callable[[Floor, Entry, Any], None]] = {
    "day.opened": _day_opened,
    "day.closed": _day_closed,
    "day.reopened": _day_reopened,
    "terminal.assigned": _assigned,
    "terminal.staffed": _staffed,
    "terminal.paused": _paused,
    "terminal.resumed": _resumed,
    "terminal.failed": _failed,
    "terminal.repaired": _repaired,
    "escalation.raised": _raised,
    "escalation.taken": _taken,
    "escalation.settled": _settled,
    "officials.changed": _officials,
    "reception.stopped": _stopped,
    "reception.resumed": _reception_resumed,
    "staff.changed": _staff_changed,
    "staff.posted": _staff_posted,
    "charge.taken": _charge_taken,
    "vacancy.opened": _vacancy_opened,
    "vacancy.filled": _vacancy_filled,
    "checklist.checked": _checked,
    "accommodation.given": _accommodation,
    "inquiry.counted": _inquiry,
    "work.counted": _work,
    "visitors.counted": _visitors,
    "total.read": _total_read,
    "report.written": _report_written,
    "advice.taken": _answered,
    "advice.declined": _answered,
    "paper.entered": _paper,
    "memo.written": _memo,
}
