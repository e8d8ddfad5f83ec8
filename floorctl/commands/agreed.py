"""What is agreed with the city: extra days and closures, planned outages, rulings on the open questions (仕様書 6※, 16(7))."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish
from floorctl.errors import Refused
from floorctl.models import events as ev


def extra_day(c: Context, f: ev.CalendarExtra) -> list[Wish]:
    """An extra day, agreed beforehand (仕様書 6※)."""
    contract = c.site.contract
    if not contract.start <= f.date <= contract.end:
        raise Refused("追加就業日にできません", "契約期間の外です", "契約期間の中の日を指定してください")
    if f.agreed_on > f.date:
        raise Refused("追加就業日にできません", "協議した日がその日より後です", "事前に協議した日を入れてください")
    if any(o.kind == "extra" and o.date == f.date for o in c.register.overrides):
        return []
    return [("calendar.extra", f.model_dump(exclude={"id", "at", "kind"}))]


def emergency_closure(c: Context, f: ev.CalendarClosed) -> list[Wish]:
    """An emergency closure (A14)."""
    if any(o.kind == "closed_emergency" and o.date == f.date for o in c.register.overrides):
        return []
    return [("calendar.closed", f.model_dump(exclude={"id", "at", "kind"}))]


def planned_outage(c: Context, f: ev.CalendarOutage) -> list[Wish]:
    """A planned outage of services, known ahead."""
    if f.until_at <= f.from_at:
        raise Refused("計画停止を記録できません", "終わりが始まりより前です", "時刻を確かめてください")
    return [("calendar.outage", f.model_dump(exclude={"id", "at", "kind"}))]


def make_ruling(c: Context, f: ev.RulingMade) -> list[Wish]:
    """Which reading of an open question holds from a day on."""
    return [("ruling.made", f.model_dump(exclude={"id", "at", "kind"}))]
