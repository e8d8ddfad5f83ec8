"""Shifts planned for a day: who comes when, and who does not, in place of the roster's usual shift (仕様書 10)."""

from __future__ import annotations

from floorctl.commands.context import CHECK_TIME, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Refused
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.shifts import PlannedShift
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
