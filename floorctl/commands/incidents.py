"""Incidents (仕様書 12(8) to (11)): opened in seconds, completed later, never overwritten."""

from __future__ import annotations

from datetime import timedelta

from floorctl.commands.context import Context, Wish
from floorctl.errors import Refused
from floorctl.models import events as ev
from floorctl.models.incident import Incident

# A PC's clock may be a little behind the manager's watch.
_AHEAD = timedelta(minutes=5)


def open_incident(c: Context, f: ev.IncidentOpened, *, numbered: bool = True) -> list[Wish]:
    """Opens an incident on any day and hour; the number is the next ``I-n`` of the file unless given."""
    number = f.incident if numbered else f"I-{c.highest_incident + 1}"
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


def report_incident(c: Context, f: ev.IncidentReported) -> list[Wish]:
    """The report to the city; never earlier than the finding (仕様書 12(10))."""
    i = _open(c, f.incident)
    reported = f.reported_at or max(c.now, i.found_at)
    if reported < i.found_at:
        raise Refused(
            f"{f.incident} の報告を記録できません", "報告が発見より前になっています", "時刻を確かめてください"
        )
    if reported > c.now + _AHEAD and f.reported_at is not None:
        raise Refused(f"{f.incident} の報告を記録できません", "まだ来ていない時刻です", "時刻を確かめてください")
    return [("incident.reported", {"incident": f.incident, "reported_at": reported, "to": f.to})]


def amend_incident(c: Context, f: ev.IncidentAmended) -> list[Wish]:
    """Completes or puts right an incident; nothing is overwritten: what was said before stays in its history."""
    i = _open(c, f.incident)
    found, occurred = f.found_at or i.found_at, f.occurred_at or i.occurred_at
    if occurred > found:
        raise Refused(f"{f.incident} を補えません", "発生が発見より後になっています", "時刻を確かめてください")
    if i.reported_at is not None and i.reported_at < found:
        raise Refused(f"{f.incident} を補えません", "報告が発見より前になっています", "時刻を確かめてください")
    if max(found, occurred, f.police_at or found) > c.now + _AHEAD:
        raise Refused(f"{f.incident} を補えません", "まだ来ていない時刻です", "時刻を確かめてください")
    given = f.model_dump(exclude={"id", "at", "kind", "incident"})
    changed = {k: v for k, v in given.items() if v is not None and v != getattr(i, k)}
    return [("incident.amended", {"incident": f.incident, **changed})] if changed else []


def restore_incident(c: Context, f: ev.IncidentRestored) -> list[Wish]:
    """An outage is over: its minutes end here."""
    i = _open(c, f.incident)
    restored = f.restored_at or c.now
    if restored < i.occurred_at:
        raise Refused(
            f"{f.incident} の復旧を記録できません", "復旧が発生より前になっています", "時刻を確かめてください"
        )
    return [("incident.restored", {"incident": f.incident, "restored_at": restored})]


def note_incident(c: Context, f: ev.IncidentNoted) -> list[Wish]:
    _incident(c, f.incident)
    return [("incident.noted", {"incident": f.incident, "text": f.text})]


def close_incident(c: Context, f: ev.IncidentClosed) -> list[Wish]:
    """Closes an incident; one of personal information only after its report to the city (仕様書 12(10))."""
    i = _open(c, f.incident)
    if i.category == "personal_info" and i.reported_at is None:
        raise Refused(
            f"{f.incident} は終結できません",
            "個人情報の事案は市への報告が要ります（仕様書 12(10)）",
            "先に市へ報告し、記録してください",
        )
    return [("incident.closed", {"incident": f.incident, "text": f.text})]
