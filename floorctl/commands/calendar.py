"""Agreements with the city: extra days and closures, planned outages, rulings on open questions (仕様書 6※, 16(7))."""

from __future__ import annotations

from datetime import date
from typing import Literal

from floorctl.commands.context import CHECK_DATE, CHECK_NUMBER, CHECK_TIME, Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import DAY_KINDS, month_day, wareki
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.calendar_rules import Override
from floorctl.models.site.duty_rules import DATED_READINGS

_NOT_EXTRA = "追加就業日にできません"
_NOT_CLOSED = "臨時休止にできません"
_AGAIN = f"直すときは、先の登録を取り消してから入れてください（{by_door('{calendar} 暦のその日で Enter', 'floorctl do retracted')}）"


@decides(ev.CalendarExtra)
def decide_extra(c: Context, f: ev.CalendarExtra) -> list[Wish]:
    """Agree on an extra day beforehand (仕様書 6※); refused if the day opens anyway, or cannot be opened at all."""
    _need_agreed(c, _NOT_EXTRA, f.agreed_on)
    if f.agreed_on > f.date:
        raise Refused(_NOT_EXTRA, "協議した日がその日より後です", "事前に協議した日を入れてください（仕様書 6※）")
    if _held(c, f, "extra"):
        return []
    info = c.register.calendar(c.site).day_info(f.date)
    if info.kind == "outside_contract":
        raise Refused(_NOT_EXTRA, info.reason, info.way_to_open)
    if info.kind == "extra":
        raise Refused(_NOT_EXTRA, f"すでに追加就業日です（{info.reason}）", _AGAIN)
    if info.open:
        why = f"もともと開場日です（{info.reason or DAY_KINDS[info.kind]}）"
        raise Refused(_NOT_EXTRA, why, "そのまま開場できます。日付を確かめてください")
    if info.kind == "closed_emergency":
        raise Refused(_NOT_EXTRA, f"臨時休止が登録されています（{info.reason}）", info.way_to_open)
    if f.date < c.floor.day:
        c.warnings.append(f"{wareki(f.date)}は過ぎた日です。追加就業日として記録しました。")
    return as_wished(f)


@evolves(ev.CalendarExtra)
def evolve_extra(register: Register, entry: Entry, f: ev.CalendarExtra) -> None:
    _except(register, "extra", f)


@decides(ev.CalendarClosed)
def decide_closed(c: Context, f: ev.CalendarClosed) -> list[Wish]:
    """Agree on an emergency closure (A14: a typhoon, a national outage), also when the day has begun."""
    _need_agreed(c, _NOT_CLOSED, f.agreed_on)
    if _held(c, f, "closed_emergency"):
        return []
    info = c.register.calendar(c.site).day_info(f.date)
    if info.kind == "closed_emergency":
        raise Refused(_NOT_CLOSED, f"すでに臨時休止です（{info.reason}）", _AGAIN)
    if not info.open:
        raise Refused(_NOT_CLOSED, f"もともと開場日ではありません（{info.reason}）", CHECK_DATE)
    if f.date == c.floor.day and c.floor.is_open and not c.floor.preparing:
        c.warnings.append(
            f"会場は開場しています。待っている人を案内し、閉場して、市に知らせてください（閉場は {by_door('{close}', 'floorctl do day.closed')}）。"
        )
    return as_wished(f)


@evolves(ev.CalendarClosed)
def evolve_closed(register: Register, entry: Entry, f: ev.CalendarClosed) -> None:
    _except(register, "closed_emergency", f)


@decides(ev.CalendarOutage)
def decide_outage(c: Context, f: ev.CalendarOutage) -> list[Wish]:
    """Record a planned outage of services, known ahead (national maintenance)."""
    what = "計画停止を記録できません"
    need(f.until_at > f.from_at, what, "終わりが始まりより前です", CHECK_TIME)
    need(f.until_at > c.now, what, "もう過ぎています", "起きた停止は事案（システム障害）として記録してください")
    services = tuple(s.code for s in c.site.services if s.code in f.services)
    wanted = (services, f.from_at, f.until_at, f.reason)
    if any((o.services, o.from_at, o.until_at, o.reason) == wanted for o in c.register.outages):
        return []
    return as_wished(f, services=services)


@evolves(ev.CalendarOutage)
def evolve_outage(register: Register, entry: Entry, f: ev.CalendarOutage) -> None:
    register.forget_calendar()
    register.outages.append(f)


def _need_agreed(c: Context, what: str, agreed_on: date) -> None:
    need(agreed_on <= c.floor.day, what, "協議した日がまだ来ていません", "協議が済んでから、その日を入れてください")


def _held(c: Context, f: ev.CalendarExtra | ev.CalendarClosed, kind: str) -> bool:
    """Return whether the same agreement is on record: then it is no fact."""
    held = [o for o in c.register.overrides if o.date == f.date and o.kind == kind]
    fields = ("reason", "agreed_on", "agreed_with")
    return bool(held) and all(getattr(held[-1], name) == getattr(f, name) for name in fields)


def _except(r: Register, kind: Literal["extra", "closed_emergency"], f: ev.CalendarExtra | ev.CalendarClosed) -> None:
    """Add an agreed exception to the calendar."""
    r.forget_calendar()
    r.overrides.append(
        Override(date=f.date, kind=kind, reason=f.reason, agreed_on=f.agreed_on, agreed_with=f.agreed_with)
    )


@decides(ev.RulingMade)
def decide_ruling(c: Context, f: ev.RulingMade) -> list[Wish]:
    """Choose the reading of an open question from a day on; what was due by an earlier day keeps its due date."""
    what = f"{f.question} の決定を記録できません"
    question = c.site.question_by_code.get(f.question)
    if question is None:
        known = "・".join(q.code for q in c.site.questions) or "なし"
        raise Refused(what, f"会場設定にある協議事項は {known} です", CHECK_NUMBER)
    if f.reading not in {r.code for r in question.readings}:
        allowed = "、".join(f"{r.code}（{r.name}）" for r in question.readings)
        raise Refused(what, f"「{question.name}」にその扱いはありません", f"使える扱いは {allowed} です")
    last = c.site.contract.end
    need(f.from_on <= last, what, "契約期間より後の日からの決定です", "いつの分からかを確かめてください")
    if any((r.question, r.reading, r.from_on) == (f.question, f.reading, f.from_on) for r in c.register.rulings):
        return []
    if f.question not in DATED_READINGS:
        where = f"（{question.setting}）" if question.setting else ""
        c.warnings.append(f"{f.question} の決定は記録だけです。扱いは会場設定などで変えてください{where}。")
    elif f.from_on < c.floor.day:
        c.warnings.append(f"{month_day(f.from_on)} の分から期限が変わります（遡った決定です）。")
    return as_wished(f)


@evolves(ev.RulingMade)
def evolve_ruling(register: Register, entry: Entry, f: ev.RulingMade) -> None:
    register.rulings.append(f)
