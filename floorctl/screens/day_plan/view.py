"""今日の計画: everybody of the day with shift, place and planned break (労働基準法34条, 仕様書 7(4)※)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from floorctl.common.words import hm
from floorctl.console.state import ConsoleState
from floorctl.models.board.posts_plan import place_name, places_now
from floorctl.screens.asking import Ask
from floorctl.screens.day_plan.acts import act_on_person
from floorctl.screens.day_plan.break_words import break_cell, foot_lines, note_cell, summary
from floorctl.screens.day_plan.timeline import half_cells, half_columns, shown_halves
from floorctl.screens.drawing.canvas import Canvas, Span
from floorctl.screens.drawing.rows import cut, lay_lines
from floorctl.screens.table import Column, Row, TableView

# Cells that are kept for the remarks beside the half hours.
_NOTES, _NOTES_LITTLE, _ROOMY = 18, 12, 100
_TALL = 30  # rows of a screen that shows more at the foot


class DayPlanView(TableView):
    """Table of the day's people; the keys of the screen plan the break of the chosen one."""

    heading = "今日の計画"
    unit = "名"
    keeps = "person"
    hint = "{?break_later}左右の矢印 休憩を5分動かす  {enter} 操作"
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
    named_columns = (
        Column("職員", 12),
        Column("勤務", 12),
        Column("場所", 8, least=100),
        Column("休憩", 16),
        Column("注意", 0),
    )
    empty = "名簿に今日の人がいません。floorctl roster import で名簿を、floorctl roster shifts import で勤務を入れます"

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """Return the columns of a person, and those of the half hours that find room."""
        return (*self.named_columns, *half_columns(self._halves()))

    def _halves(self) -> list[datetime]:
        """Return the half hours that find room beside the columns of a person."""
        width = self.app.size.width
        width -= self.side(width) + 1 if self.side(width) else 0
        used = sum(c.width + 1 for c in self.named_columns if c.width and c.least <= width)
        return shown_halves(self.state, width - 2 - used - (_NOTES if width >= _ROOMY else _NOTES_LITTLE))

    def rows(self, state: ConsoleState) -> list[Row]:
        starts = self._halves()
        name = f"day plan {len(starts)}"

        def rows() -> list[Row]:
            found = [self._row(state, code) for code in state.day.staff_codes()]
            return [Row(r.key, *r.cells, *half_cells(state, r.key, starts)) for r in found]

        return state.day.once(name, rows)

    def _row(self, state: ConsoleState, code: str) -> Row:
        floor = state.day.floor
        shift = state.day.register.shift(code, floor.day)
        hours = "〜".join(hm(x) for x in shift.hours) if shift.hours else "休み" if shift.off else "-"
        place = places_now(floor).get(code)
        at = place_name(floor.site, place) if place is not None else ""
        rest, note = break_cell(state, code), note_cell(state, code)
        return Row(
            code, (state.day.named(code), "strong"), (hours, "dim"), (at or "-", "text" if at else "dim"), rest, note
        )

    def summary(self, state: ConsoleState) -> list[Span]:
        return summary(state)

    # ---- what the plan says, at the foot

    def below(self, height: int) -> int:
        return 4 if height < _TALL else 7

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        lay_lines(c, cut(foot_lines(state, rows), rows), 1, y, c.width - 2)

    def opened(self, key: str) -> None:
        self.app.start(act_on_person(Ask(self.app), key))
