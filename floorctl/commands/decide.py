"""The one way from a wish to facts: every kind that a person may write, with its rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from floorctl.commands import advice, closing, day, escalations, incidents, queue, staff, terminals
from floorctl.commands import calendar as agreed
from floorctl.commands import counts_and_registers as records
from floorctl.commands import duties as owed
from floorctl.commands.context import Context, Wish
from floorctl.commands.fact_checks import make_fact
from floorctl.common.errors import UsageError
from floorctl.models.facts import kinds as ev

RULES: dict[str, Callable[[Context, Any], list[Wish]]] = {
    "day.opened": day.open_day,
    "day.closed": closing.close_day,
    "day.reopened": day.reopen_day,
    "ticket.issued": queue.issue,
    "ticket.called": queue.call,
    "ticket.finished": queue.finish,
    "ticket.no_show": queue.no_show,
    "ticket.left": queue.leave,
    "ticket.requeued": queue.requeue,
    "ticket.transferred": queue.transfer,
    "queue.counted": queue.count,
    "terminal.assigned": terminals.rebalance,
    "terminal.staffed": terminals.staff,
    "terminal.paused": terminals.pause,
    "terminal.resumed": terminals.resume,
    "terminal.failed": terminals.fail,
    "terminal.repaired": terminals.repair,
    "escalation.raised": escalations.raise_escalation,
    "escalation.taken": escalations.take,
    "escalation.settled": escalations.settle,
    "reception.stopped": day.stop_reception,
    "reception.resumed": day.resume_reception,
    "officials.changed": day.change_officials,
    "staff.changed": staff.change_staff,
    "staff.posted": staff.post,
    "charge.taken": staff.take_charge,
    "vacancy.opened": staff.open_vacancy,
    "vacancy.filled": staff.fill_vacancy,
    "checklist.checked": records.check_item,
    "accommodation.given": records.give_accommodation,
    "inquiry.counted": records.count_inquiry,
    "work.counted": records.count_work,
    "visitors.counted": records.count_visitors,
    "staff.registered": records.register_staff,
    "appointments.imported": records.import_appointments,
    "clock.set": records.set_clock,
    "cards.counted": records.count_cards,
    "equipment.changed": records.change_equipment,
    "calendar.extra": agreed.extra_day,
    "calendar.closed": agreed.emergency_closure,
    "calendar.outage": agreed.planned_outage,
    "ruling.made": agreed.make_ruling,
    "duty.submitted": owed.submit,
    "meeting.held": owed.hold_meeting,
    "training.recorded": owed.record_training,
    "device.permitted": owed.permit_device,
    "incident.opened": incidents.open_incident,
    "incident.reported": incidents.report_incident,
    "incident.amended": incidents.amend_incident,
    "incident.restored": incidents.restore_incident,
    "incident.noted": incidents.note_incident,
    "incident.closed": incidents.close_incident,
    "advice.taken": advice.take,
    "advice.declined": advice.decline,
    "memo.written": records.write_memo,
    "total.read": closing.read_total,
    "report.written": closing.write_report,
    "period.written": closing.write_period,
    "demand.imported": closing.import_demand,
}
# Numbers that are given where the wish names none: field and placeholder.
_NUMBERED = {
    "ticket.issued": "ticket",
    "escalation.raised": "escalation",
    "incident.opened": "incident",
    "meeting.held": "meeting",
}

# What may be recorded on a day without visitors.
_ANY_DAY = ev.REGISTER_KINDS | {"memo.written", "day.opened"}


def decide(c: Context, kind: str, fields: dict[str, Any]) -> list[Wish]:
    """The facts that a wish comes to on this Floor. Raises Refused with the reason, or UsageError."""
    if kind not in RULES:
        raise UsageError(f"{kind} はここでは記録できません", "", "floorctl do --help で種類を確かめてください")
    field = _NUMBERED.get(kind)
    numbered = field is None or field in fields
    given = dict(fields)
    at = given.pop("at", c.now)
    if field is not None and not numbered:
        given[field] = "-"
    fact = make_fact(kind, given, "wish", at, c.site, c.stands)
    rule = RULES[kind]
    wishes = rule(c, fact) if numbered else rule(c, fact, numbered=False)  # type: ignore[call-arg]
    if wishes and kind not in _ANY_DAY:
        c.need_a_day_of_visitors()
    if "at" in fields:
        wishes = [(k, {"at": at, **f}) for k, f in wishes]
    return wishes
