"""A fact in one line of Japanese, for the journal of the board and ``floorctl log``. Pure."""

from __future__ import annotations

from floorctl.common.words import (
    CHARGES,
    DUTIES,
    EQUIPMENT_STATES,
    INCIDENT_SHORT,
    KINDS,
    MEETING_FORMS,
    NOTHING,
    OUTAGE_CAUSES,
    REPORT_HEADS,
    ROLES,
    STAFF_STATUSES,
)
from floorctl.models.day.floor import Floor
from floorctl.models.facts import day_facts as ev
from floorctl.models.facts.day_facts import Entry
from floorctl.models.facts.fields import Fact
from floorctl.models.site.site import Site


def subject(fact: Fact, site: Site) -> str:
    """Whom or what the fact is about, short enough for a column: a terminal, a number, a lane, a person's code."""
    for name in ("terminal", "ticket", "escalation", "incident", "staff"):
        value = getattr(fact, name, None)
        if value:
            return str(value)
    if isinstance(fact, ev.ReceptionStopped | ev.ReceptionResumed):
        return site.service_by_code[fact.service].short
    return ""


def sentence(fact: Fact, site: Site) -> str:
    """What happened, without its subject."""
    word = KINDS[fact.kind]  # type: ignore[attr-defined]
    match fact:
        case ev.DayOpened():
            return _with(f"{word} 市職員{fact.officials}名", fact.reason)
        case ev.TicketIssued():
            more = f" {fact.cards}枚" if fact.cards > 1 else ""
            due = f" 予約{fact.appointment}" if fact.appointment else ""
            return f"{word} {site.service_by_code[fact.service].short}{more}{due}"
        case ev.TicketCalled():
            return f"{word} {fact.ticket}"
        case ev.TicketFinished():
            return f"{fact.ticket} {site.outcome_word(fact.outcome)}"
        case ev.TicketTransferred():
            return f"{word} {site.service_by_code[fact.service].short}"
        case ev.QueueCounted():
            return f"{word} {site.lane_by_code[fact.lane].name} {fact.waiting}人"
        case ev.TerminalAssigned():
            return _with(f"{site.lane_by_code[fact.lane].name}へ", fact.reason)
        case ev.TerminalStaffed():
            return _with(f"{word} {fact.staff}", fact.reason) if fact.staff else "担当なし"
        case ev.TerminalFailed() | ev.TerminalRepaired():
            return _with(word, fact.fault)
        case ev.EscalationRaised():
            return _with(f"{word} {site.matter_by_code[fact.matter].short}", fact.note)
        case ev.EscalationTaken():
            return _with(word, fact.official)
        case ev.EscalationSettled():
            return _with(f"{word} {site.decision_word(fact.outcome)}", fact.official)
        case ev.OfficialsChanged():
            return f"{word} {fact.present}名"
        case ev.StaffChanged():
            until = f" 〜{fact.until}" if fact.until else ""
            return _with(f"{STAFF_STATUSES[fact.status]}{until}", fact.reason)
        case ev.StaffPosted():
            return f"{word} {site.post_by_code[fact.post].name}" if fact.post in site.post_by_code else "持ち場なし"
        case ev.ChargeTaken():
            return _with(CHARGES[fact.charge] if fact.staff else f"{CHARGES[fact.charge]} なし", fact.reason)
        case ev.VacancyFilled():
            return f"{word} {fact.substitute}" if fact.substitute else f"{word} 本人"
        case ev.ChecklistChecked():
            item = site.checklist_by_code.get(fact.item)
            return f"{word} {item.name if item else fact.item}{'' if fact.done else ' 取消し'}"
        case ev.AccommodationGiven():
            return f"{word} {fact.means} {fact.count:+d}"
        case ev.StaffRegistered():
            return f"{word} {ROLES[fact.role]}"
        case ev.AppointmentsImported():
            return f"{word} {fact.date:%m/%d} {sum(s.count for s in fact.slots)}件"
        case ev.EquipmentChanged():
            device = site.equipment_by_code.get(fact.equipment)
            name = device.name if device else fact.equipment
            return _with(f"{name} {fact.unit} {EQUIPMENT_STATES[fact.state]}", fact.reason)
        case ev.CalendarExtra() | ev.CalendarClosed():
            return f"{word} {fact.date} {fact.reason}"
        case ev.CalendarOutage():
            names = "・".join(site.service_by_code[x].short for x in fact.services if x in site.service_by_code)
            return f"{word} {fact.from_at:%m/%d %H:%M}〜{fact.until_at:%m/%d %H:%M} {names} {fact.reason}"
        case ev.RulingMade():
            question = site.question_by_code.get(fact.question)
            name = question.reading_name(fact.reading) if question else fact.reading
            return _with(f"{word} {fact.question} {name} {fact.from_on}から", fact.note)
        case ev.DutySubmitted():
            done = "承認" if fact.approved_on else word
            return _with(f"{done} {DUTIES.get(fact.duty, fact.duty)} {fact.key}", fact.note)
        case ev.MeetingHeld():
            return _with(f"{MEETING_FORMS[fact.form]} {fact.held_on}", fact.note)
        case ev.TrainingRecorded():
            return f"{word} {fact.item} {fact.done_on}"
        case ev.DevicePermitted():
            return f"{word} {fact.device} {fact.purpose}"
        case ev.CardsCounted():
            return f"{word} 受領{fact.received} 交付{fact.issued} 返却{fact.returned} 残{fact.left}"
        case ev.IncidentAmended():
            return f"{word} {amended(fact, site)}"
        case ev.IncidentRestored():
            return f"{word} {fact.restored_at:%m/%d %H:%M}" if fact.restored_at else word
        case ev.TotalRead():
            name = site.work_item_by_code[fact.item].short
            return f"{word} {name} なし" if fact.count is None else _with(f"{word} {name} {fact.count}件", fact.note)
        case ev.ReportWritten():
            return f"{REPORT_HEADS[fact.head]} {_written(fact.lines, fact.none)}"
        case ev.PeriodWritten():
            return f"{word} {fact.of} {_written(fact.lines, fact.none)}"
        case ev.DemandImported():
            return f"{word} {len(fact.months)}か月"
        case ev.ClockSet():
            return f"{word} {fact.ahead_s:+d}秒"
        case ev.AdviceTaken():
            return f"{word} {site.lane_by_code[fact.lane].name}へ"
        case ev.AdviceDeclined():
            name = site.lane_by_code[fact.lane].name
            return _with(f"{word} {name}へ" if fact.terminal else f"{word} {name}の打切り", fact.reason)
        case ev.PaperEntered():
            parts = ((fact.tickets, "人"), (fact.moves, "回の配分変更"), (fact.counts, "件"))
            said = " ".join(f"{n}{unit}" for n, unit in parts if n)
            return f"{word} {fact.from_at:%H:%M}〜{fact.until_at:%H:%M} {said}"
        case ev.InquiryCounted():
            return f"{word} {fact.topic} {fact.count:+d}"
        case ev.WorkCounted():
            return f"{site.work_item_by_code[fact.item].short} {fact.count:+d}"
        case ev.VisitorsCounted():
            return f"{word} {fact.persons}人"
        case ev.IncidentOpened():
            return f"{INCIDENT_SHORT[fact.category]} {fact.summary}"
        case ev.IncidentReported():
            return _with(word, fact.to)
        case ev.IncidentNoted() | ev.IncidentClosed() | ev.MemoWritten():
            return _with(word, fact.text)
        case ev.Retracted():
            return _with(f"{word} {fact.target}", fact.reason)
        case _:
            return _with(word, getattr(fact, "reason", ""))


def amended(f: ev.IncidentAmended, site: Site) -> str:
    """What was completed or put right, each with its word."""
    parts: list[str] = []
    if f.category is not None:
        parts.append(f"分類 {INCIDENT_SHORT[f.category]}")
    for label, at in (("発生", f.occurred_at), ("発見", f.found_at), ("警察", f.police_at)):
        if at is not None:
            parts.append(f"{label} {at:%m/%d %H:%M}")
    for label, text in (("概要", f.summary), ("応急処置", f.measures), ("再発防止", f.prevention)):
        if text is not None:
            parts.append(f"{label} {text or 'なし'}")
    if f.services is not None:
        names = "・".join(site.service_by_code[x].short for x in f.services if x in site.service_by_code)
        parts.append(f"業務 {names or 'なし'}")
    if f.terminals is not None:
        parts.append(f"端末 {' '.join(f.terminals) or 'なし'}")
    for label, yes in (("被害", f.damage), ("重大", f.serious)):
        if yes is not None:
            parts.append(f"{label}{'あり' if yes else 'なし'}" if label == "被害" else "重大" if yes else "重大でない")
    if f.cause is not None:
        parts.append(f"原因 {OUTAGE_CAUSES[f.cause]}")
    return "  ".join(parts)


def _written(lines: tuple[str, ...], none: bool) -> str:
    return " ／ ".join(lines) if lines else NOTHING if none else "未記入に戻す"


def taken_back(entry: Entry, floor: Floor) -> str:
    """A retraction in words: what it took back, and why."""
    taken = floor.taken_back.get(entry.key)
    if taken is None:
        return sentence(entry.fact, floor.site)
    what = f"{subject(taken.fact, floor.site)} {sentence(taken.fact, floor.site)}".strip()
    reason = getattr(entry.fact, "reason", "")
    return _with(f"取消し {what}", "" if reason == "取消し" else f"（{reason}）")


def line(entry: Entry, floor: Floor) -> str:
    """What an entry says, without its subject."""
    return taken_back(entry, floor) if entry.kind == "retracted" else sentence(entry.fact, floor.site)


def _with(text: str, more: str) -> str:
    return f"{text} {more}" if more else text
