"""今日の計画: everybody of the day with shift, place and planned break (労働基準法34条, 仕様書 7(4)※)."""

from __future__ import annotations

from typing import ClassVar

from floorctl.common.words import hm
from floorctl.console.state import ConsoleState
from floorctl.screens.asking import Ask
from floorctl.screens.day_plan.acts import act_on_person
from floorctl.screens.drawing.canvas import Span
from floorctl.screens.table import Column, Row, TableView


class DayPlanView(TableView):
    """Table of the day's people; the keys of the screen plan the break of the chosen one."""

    heading = "今日の計画"
    unit = "名"
    keeps = "person"
    hint = "左右の矢印 休憩を5分動かす  Enter 操作"
    groups: ClassVar[frozenset[str]] = frozenset({"計画"})
    foot: ClassVar[tuple[str, ...]] = (
        "plan_breaks",
        "break_fix",
        "break_swap",
        "break_tick",
        "break_drop",
        "plan_place",
        "places",
    )
    columns = (
        Column("職員", 12),
        Column("勤務", 11),
        Column("場所", 8),
        Column("休憩", 20),
        Column("注意", 0),
    )
    empty = "名簿に今日の人がいません。floorctl roster import で名簿を、floorctl roster shifts import で勤務を入れます"

    def rows(self, state: ConsoleState) -> list[Row]:
        return state.day.once("day plan", lambda: [self._row(state, code) for code in state.day.staff_codes()])

    def _row(self, state: ConsoleState, code: str) -> Row:
        floor = state.day.floor
        shift = state.day.register.shift(code, floor.day)
        hours = "〜".join(hm(x) for x in shift.hours) if shift.hours else "休み" if shift.off else "-"
        at = next((t.code for t in floor.terminals.values() if t.staff == code), "")
        planned = floor.planned_breaks.get(code)
        words: Span = ("-", "dim")
        if planned is not None:
            words = (f"{hm(planned.start)} {planned.minutes}分{' 固定' if planned.fixed else ''}", "text")
        name = f"{code} {state.day.names[code]}" if code in state.day.names else code
        return Row(code, (name, "strong"), (hours, "dim"), (at or "-", "text" if at else "dim"), words, ("", "dim"))

    def opened(self, key: str) -> None:
        self.app.start(act_on_person(Ask(self.app), key))
