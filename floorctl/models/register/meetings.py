"""Meetings that are to be held, and the heads of the monthly one with what the records know (仕様書 9). Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from floorctl.common.action_keys import keyed
from floorctl.common.clock import month_end
from floorctl.models.register.duties import duties
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site

_DAY = timedelta(days=1)


class ToHold(NamedTuple):
    """Meeting to be held: ``key`` is the month, or the incident that calls for it."""

    form: str
    key: str
    about: str


def meetings_to_hold(site: Site, register: Register, today: date) -> list[ToHold]:
    """Return the emergency meetings that incidents call for, and this month's 業務運営会議 if none was held."""
    held = register.meetings.values()
    met = {m.incident for m in held if m.form == "emergency"}
    found = [
        ToHold("emergency", i.code, f"{i.code} 重大な事案")
        for i in register.incidents.values()
        if i.calls_meeting and i.code not in met
    ]
    month = f"{today:%Y-%m}"
    this_month = any(m.form == "operations" and f"{m.held_on:%Y-%m}" == month for m in held)
    if site.contract.start <= today <= site.contract.end and not this_month:
        found.append(ToHold("operations", month, f"{today.month}月の定例"))
    return found


def agenda(site: Site, register: Register, calendar: Calendar, today: date) -> list[tuple[str, str]]:
    """Return the heads of the monthly meeting, each with the figures of the records."""
    first = today.replace(day=1)
    following = month_end(today) + _DAY
    open_days = [d.date for d in calendar.between(first, following - _DAY) if d.open]
    ahead = [d for d in calendar.between(following, month_end(following)) if d.open]
    extra = sum(d.kind == "extra" for d in ahead)
    open_incidents = register.open_incidents()
    serious = sum(i.serious for i in open_incidents)
    until = following + relativedelta(months=2)
    moves = duties(site, register, calendar, today, lambda duty, _, __: duty == "staff_change")
    coming = [d.about for d in moves if first <= d.base < until]
    words = {
        "進捗報告": f"開場 {sum(d <= today for d in open_days)}日目／{len(open_days)}日",
        "翌月計画": f"{following.month}月の開場 {len(ahead)}日" + (f"（追加 {extra}日）" if extra else ""),
        "課題共有": f"終結していない事案 {len(open_incidents)}件" + (f"（重大 {serious}件）" if serious else ""),
        "改善提案": keyed("メモ・申し送り（{brief}）から"),
        "要員計画": "・".join(coming[:4]) or "着任・離任の予定なし",
    }
    return [(head, words.get(head, "")) for head in site.duties.meeting_heads]
