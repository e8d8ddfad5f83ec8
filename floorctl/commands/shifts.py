"""Plan of a day: who comes when, who does not, and how many of the city's staff are expected (仕様書 7(2), 10)."""

from __future__ import annotations

from floorctl.commands.context import CHECK_DATE, CHECK_TIME, Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import STAFF_STATUSES, month_day
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.shifts import OfficialsStep, PlannedShift
from floorctl.models.register.register import Register

_WHAT = "勤務予定を取り込めません"


def _sorted(shifts: tuple[PlannedShift, ...]) -> tuple[PlannedShift, ...]:
    return tuple(sorted(shifts, key=lambda s: s.staff))


@decides(ev.ShiftsPlanned)
def decide_shifts(c: Context, f: ev.ShiftsPlanned) -> list[Wish]:
    """Replace all planned shifts of a day; unchanged ones are no fact."""
    if len({s.staff for s in f.shifts}) < len(f.shifts):
        raise Refused(_WHAT, "同じ人が2度あります", "1人1日を1つにしてください")
    for s in f.shifts:
        if s.staff not in c.register.people:
            raise Refused(_WHAT, "名簿にない職員コードがあります", FIRST_THE_ROSTER)
        if (s.starts is None) != (s.ends is None) or (s.starts and s.ends and s.ends <= s.starts):
            raise Refused(_WHAT, "勤務の終わりが始まりより後ではありません", CHECK_TIME)
        if s.code and s.code not in c.site.shift_by_code:
            raise Refused(_WHAT, "会場設定の shift_codes にない記号があります", "会場設定に書き足してください")
    shifts = _sorted(f.shifts)
    held = tuple(c.register.shifts.get(f.date, {}).values())
    return [] if held == shifts else as_wished(f, shifts=shifts)


FIRST_THE_ROSTER = "先に名簿を取り込んでください（floorctl roster import）"


@evolves(ev.ShiftsPlanned)
def evolve_shifts(register: Register, entry: Entry, f: ev.ShiftsPlanned) -> None:
    register.shifts[f.date] = {s.staff: s for s in _sorted(f.shifts)}


@decides(ev.AbsencePlanned)
def decide_absence(c: Context, f: ev.AbsencePlanned) -> list[Wish]:
    """Plan a day away for a person of the roster, or take it back; unchanged is no fact."""
    what = f"{f.staff} の欠勤の予定を記録できません"
    need(f.staff in c.register.people, what, "名簿にない職員コードです", FIRST_THE_ROSTER)
    held = c.register.absences.get(f.date, {}).get(f.staff)
    if held is None and not f.absent:
        return []
    if held is not None and f.absent and held.reason == f.reason:
        return []
    need(f.date >= c.floor.day, what, "過ぎた日です", CHECK_DATE)
    need(c.register.people[f.staff].here_on(f.date), what, "退職日より後の日です", "名簿の退職日を確かめてください")
    here = c.floor.staff.get(f.staff) if f.date == c.floor.day else None
    if f.absent and here is not None and here.status not in ("expected", "absent", "late"):
        do = f"帰る人は状況を入れてください（{by_door('{people}', 'floorctl do staff.changed')}）"
        raise Refused(what, f"今日はもう来ています（{STAFF_STATUSES[here.status]}）", do)
    if f.absent and not c.register.calendar(c.site).is_open(f.date):
        c.warnings.append(f"{month_day(f.date)} は開場日ではありません。記録しました。")
    elif f.absent:
        c.warnings += _left_in_charge(c.register, f)
    return as_wished(f)


def _left_in_charge(register: Register, f: ev.AbsencePlanned) -> list[str]:
    """Return who is in charge of a day without a person who could be; [] if a 現場責任者 comes (仕様書 5(1))."""
    managers, deputies = register.in_charge(f.date, without=f.staff)
    before = register.in_charge(f.date)
    if managers or f.staff not in before[0] + before[1]:
        return []
    if deputies:
        return [f"{month_day(f.date)} は現場責任者が休みです。代行者は {'・'.join(deputies)} です。"]
    return [f"{month_day(f.date)} は現場責任者も代行者も来ません（仕様書 5(1)）。代わりの人を決めてください。"]


@evolves(ev.AbsencePlanned)
def evolve_absence(register: Register, entry: Entry, f: ev.AbsencePlanned) -> None:
    if f.absent:
        register.absences.setdefault(f.date, {})[f.staff] = f
    elif held := register.absences.get(f.date):
        held.pop(f.staff, None)


def _by_time(steps: tuple[OfficialsStep, ...]) -> tuple[OfficialsStep, ...]:
    return tuple(sorted(steps, key=lambda x: x.starts))


@decides(ev.OfficialsPlanned)
def decide_officials_plan(c: Context, f: ev.OfficialsPlanned) -> list[Wish]:
    """Plan the numbers of the city's staff for a day; without steps the site's hours hold again."""
    steps, what = _by_time(f.steps), "市職員の予定を記録できません"
    need(len({x.starts for x in steps}) == len(steps), what, "同じ時刻が2度あります", "時刻ごとに1つにしてください")
    need(f.date >= c.floor.day, what, "過ぎた日です", CHECK_DATE)
    return [] if c.register.officials_plan.get(f.date, ()) == steps else as_wished(f, steps=steps)


@evolves(ev.OfficialsPlanned)
def evolve_officials_plan(register: Register, entry: Entry, f: ev.OfficialsPlanned) -> None:
    register.officials_plan[f.date] = _by_time(f.steps)
