"""Incidents (仕様書 12(8) to (11)): opened in seconds, completed later, never overwritten."""

from __future__ import annotations

from datetime import datetime, timedelta

from floorctl.commands.context import Context, Wish
from floorctl.common.errors import Refused
from floorctl.common.words import INCIDENT_SHORT
from floorctl.models.facts import kinds as ev
from floorctl.models.register.incident import RESTORABLE, Incident

# A PC's clock may be a little behind the manager's watch.
_AHEAD = timedelta(minutes=5)


def open_incident(c: Context, f: ev.IncidentOpened, *, numbered: bool = True) -> list[Wish]:
    """Opens an incident on any day and hour; the number is the next ``I-n`` of the file unless given."""
    number = f.incident if numbered else c.next_incident()
    if number in c.register.incidents:
        raise Refused(f"{number} は使えません", "すでに使われた事案番号です", "番号を省いてください")
    found = f.found_at or c.now
    occurred = f.occurred_at or found
    if occurred > found:
        if f.found_at is not None:
            raise Refused("事案を記録できません", "発生が発見より後になっています", "時刻を確かめてください")
        found = occurred
    if max(occurred, found) > c.now + _AHEAD:
        raise Refused("事案を記録できません", "まだ来ていない時刻です", "発生の時刻を確かめてください")
    return [
        (
            "incident.opened",
            {
                "incident": number,
                "category": f.category,
                "summary": f.summary,
                "occurred_at": occurred,
                "found_at": found,
                "services": f.services,
                "terminals": f.terminals,
            },
        )
    ]


def _incident(c: Context, code: str) -> Incident:
    i = c.register.incidents.get(code)
    if i is None:
        raise Refused(f"{code} はありません", "記録に無い事案です", "floorctl incident list で番号を確かめてください")
    return i


def _open(c: Context, code: str) -> Incident:
    i = _incident(c, code)
    if i.closed_at is not None:
        raise Refused(f"{code} は変えられません", "終結した事案です", "続きは新しい事案として記録してください")
    return i


def _past(c: Context, at: datetime | None) -> bool:
    return at is None or at <= c.now + _AHEAD


def report_incident(c: Context, f: ev.IncidentReported) -> list[Wish]:
    """The report to the city; never earlier than the finding (仕様書 12(10)).

    A later one is the second report where measures were recorded since; else it puts the first right.
    """
    i = _open(c, f.incident)
    reported = f.reported_at or max(c.now, i.found_at)
    what = f"{f.incident} の報告を記録できません"
    if reported < i.found_at:
        raise Refused(what, "報告が発見より前になっています", "時刻を確かめてください")
    if f.reported_at is not None and not _past(c, f.reported_at):
        raise Refused(what, "まだ来ていない時刻です", "時刻を確かめてください")
    return [("incident.reported", {"incident": f.incident, "reported_at": reported, "to": f.to})]


def amend_incident(c: Context, f: ev.IncidentAmended) -> list[Wish]:
    """Completes or puts right an incident; nothing is overwritten: what was said before stays in its history."""
    i = _open(c, f.incident)
    what = f"{f.incident} を補えません"
    found, occurred = f.found_at or i.found_at, f.occurred_at or i.occurred_at
    police = f.police_at or i.police_at
    if occurred > found:
        raise Refused(what, "発生が発見より後になっています", "時刻を確かめてください")
    if i.reported_at is not None and i.reported_at < found:
        raise Refused(what, "報告が発見より前になっています", "時刻を確かめてください")
    if police is not None and police < occurred:
        raise Refused(what, "警察への通報が発生より前になっています", "時刻を確かめてください")
    if i.restored_at is not None and i.restored_at < occurred:
        raise Refused(what, "復旧が発生より前になっています", "時刻を確かめてください")
    if not (_past(c, f.found_at) and _past(c, f.occurred_at) and _past(c, f.police_at)):
        raise Refused(what, "まだ来ていない時刻です", "時刻を確かめてください")
    changed = {k: v for k, v in f.fields().items() if k != "incident" and v is not None and v != getattr(i, k)}
    if "summary" in changed and not f.summary:
        raise Refused(what, "概要が空です", "何が起きたかを1行で入れてください")
    if changed.get("serious") and not _emergency_meeting(c, f.incident):
        c.warnings.append(f"{f.incident} は重大な事案です。緊急会議を開き、議事録を残してください（仕様書 9）")
    if changed.get("measures") and i.reported_at is not None and _tells_measures(c, f.category or i.category):
        c.warnings.append(f"{f.incident} の応急処置も直ちに市へ報告してください（仕様書 12(10)）")
    return [("incident.amended", {"incident": f.incident, **changed})] if changed else []


def restore_incident(c: Context, f: ev.IncidentRestored) -> list[Wish]:
    """An outage is over: its minutes end here. Said again it puts the time right."""
    i = _open(c, f.incident)
    what = f"{f.incident} の復旧を記録できません"
    if i.category not in RESTORABLE:
        raise Refused(
            what,
            f"{INCIDENT_SHORT[i.category]}の事案には復旧がありません",
            "システム障害・機器故障・災害の事案だけです。分類を確かめてください",
        )
    restored = f.restored_at or max(c.now, i.occurred_at)
    if restored < i.occurred_at:
        raise Refused(what, "復旧が発生より前になっています", "時刻を確かめてください")
    if f.restored_at is not None and not _past(c, restored):
        raise Refused(what, "まだ来ていない時刻です", "時刻を確かめてください")
    if i.restored_at is not None and f.restored_at in (None, i.restored_at):
        return []
    return [("incident.restored", {"incident": f.incident, "restored_at": restored})]


def note_incident(c: Context, f: ev.IncidentNoted) -> list[Wish]:
    _incident(c, f.incident)
    return [("incident.noted", {"incident": f.incident, "text": f.text})]


def close_incident(c: Context, f: ev.IncidentClosed) -> list[Wish]:
    """Closes an incident; one of personal information only after its report to the city (仕様書 12(10)).

    不当介入 asks for the notice to the police, or for the reason why there was none (仕様書 12(8)).
    """
    i = _open(c, f.incident)
    what = f"{f.incident} は終結できません"
    if i.category == "personal_info" and i.reported_at is None:
        raise Refused(what, "個人情報の事案は市への報告が要ります（仕様書 12(10)）", "先に市へ報告し、記録してください")
    if i.category == "undue_intervention" and i.police_at is None and not f.text:
        raise Refused(
            what,
            "不当介入の事案は警察への通報が要ります（仕様書 12(8)）",
            "通報の時刻を記録するか、通報しない理由を text に書いてください",
        )
    if i.serious and not _emergency_meeting(c, f.incident):
        c.warnings.append(f"{f.incident} は重大な事案ですが、緊急会議の記録がありません（仕様書 9）")
    if i.owes_measures and _tells_measures(c, i.category):
        c.warnings.append(f"{f.incident} は応急処置の後の報告がまだです（仕様書 12(10)）")
    if i.stops and i.restored_at is None:
        c.warnings.append(f"{f.incident} に復旧の記録がありません。終結の時刻までを停止した時間とします")
    return [("incident.closed", {"incident": f.incident, "text": f.text})]


def _emergency_meeting(c: Context, code: str) -> bool:
    return any(m.form == "emergency" and m.incident == code for m in c.register.meetings.values())


def _tells_measures(c: Context, category: str) -> bool:
    rule = c.site.incident_reports.get(category)
    return rule is not None and rule.after_measures
