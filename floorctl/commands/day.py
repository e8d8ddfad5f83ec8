"""Opening and closing the day, reception per service, officials."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish
from floorctl.commands.terminals import outside_bands
from floorctl.common.errors import NeedsReason, Refused
from floorctl.common.words import hm
from floorctl.models.facts import kinds as ev


def open_day(c: Context, f: ev.DayOpened) -> list[Wish]:
    """Opens the day; refused outside the calendar (仕様書 2, 6) and where it is open already."""
    if not c.info.open:
        raise Refused(f"{c.floor.day} は開場できません", c.info.reason or "開場日ではありません", c.info.way_to_open)
    if c.floor.closed_at is not None:
        raise Refused("開場できません", "この日はもう閉場しています", "続けるときは再開してください（day.reopened）")
    if c.floor.opened_by_fact and c.floor.opened_at is not None:
        raise Refused("開場できません", f"{hm(c.floor.opened_at)} に開場しています", "そのまま記録を続けてください")
    allocation = f.allocation or {t.code: t.lane for t in c.site.terminals}
    for code, lane in allocation.items():
        if lane not in c.site.terminal_by_code[code].lanes:
            raise Refused(
                f"{code} を {c.site.lane_by_code[lane].name} には配分できません", "その端末の業務ではありません"
            )
    broken = outside_bands(c.site, {t.code: t.lane for t in c.site.terminals} | allocation)
    if broken and not f.reason:
        raise NeedsReason("この配分で開場するには理由が要ります", broken, "理由を添えてください（--reason）")
    fields = {"allocation": allocation, "officials": f.officials}
    return [("day.opened", fields | ({"reason": f.reason} if f.reason else {}))]


def reopen_day(c: Context, f: ev.DayReopened) -> list[Wish]:
    """Reopens a closed day, with a reason."""
    if c.floor.closed_at is None:
        raise Refused("再開できません", "閉場していません")
    if not f.reason:
        raise Refused("再開できません", "理由がありません", "理由を添えてください（--reason）")
    return [("day.reopened", {"reason": f.reason})]


def stop_reception(c: Context, f: ev.ReceptionStopped) -> list[Wish]:
    """受付打切り of one service alone."""
    c.need_open()
    if f.service in c.floor.stopped:
        raise Refused(f"{c.site.service_by_code[f.service].name} はもう打ち切っています")
    return [("reception.stopped", {"service": f.service, "reason": f.reason})]


def resume_reception(c: Context, f: ev.ReceptionResumed) -> list[Wish]:
    c.need_open()
    if f.service not in c.floor.stopped:
        raise Refused(f"{c.site.service_by_code[f.service].name} は打ち切っていません")
    return [("reception.resumed", {"service": f.service, "reason": f.reason})]


def change_officials(c: Context, f: ev.OfficialsChanged) -> list[Wish]:
    """City staff present in the hall; the number that stands already is no fact."""
    c.need_not_closed()
    if c.floor.officials_history and c.floor.officials == f.present:
        return []
    return [("officials.changed", {"present": f.present})]
