""", 機器: every watched piece of equipment with its state; a digit changes it (仕様書 15(4))."""

from __future__ import annotations

from typing import ClassVar

from floorctl.common.words import EQUIPMENT_STATES, md_hm
from floorctl.console.state import ConsoleState
from floorctl.models.facts.registers import EquipmentChanged
from floorctl.models.register.equipment import Unit, all_down, units
from floorctl.screens.asking import Ask
from floorctl.screens.chosen import titled
from floorctl.screens.drawing.canvas import Span, pad
from floorctl.screens.drawing.rows import Words
from floorctl.screens.table import Column, Row, TableView

_ROLES = {"ok": "ok", "failed": "bad", "stopped": "warn"}


class EquipmentView(TableView):
    """Watched equipment with its state, since when, and the lanes that use it."""

    heading = "機器"
    unit = "台"
    keeps = "unit"
    detailed = True
    hint = "{unit_ok} 正常  {unit_failed} 故障  {unit_stopped} 停止  {enter} 選ぶ"
    groups: ClassVar[frozenset[str]] = frozenset({"機器"})
    foot: ClassVar[tuple[str, ...]] = ("unit_ok", "unit_failed", "unit_stopped", "unit_more", "incidents")
    columns = (
        Column("機器", 34), Column("状態", 6), Column("から", 11), Column("使う列", 22, least=96), Column("理由", 0),
    )  # fmt: skip
    empty = "会場設定に watched = true の機器がありません"

    def rows(self, state: ConsoleState) -> list[Row]:
        register = state.day.register
        found = state.day.once("units", lambda: units(state.day.floor.site, register), by_time=False)
        return [self._row(state, u) for u in found]

    @staticmethod
    def _row(state: ConsoleState, u: Unit) -> Row:
        lanes = state.day.floor.site.lane_by_code
        return Row(
            u.key,
            (u.name, "strong"),
            (EQUIPMENT_STATES[u.state], _ROLES[u.state]),
            (md_hm(u.since) if u.since else "-", "dim"),
            ("・".join(lanes[x].name for x in u.equipment.serves), "dim"),
            (u.reason, "text"),
        )

    def summary(self, state: ConsoleState) -> list[Span]:
        down = all_down(state.day.floor.site, state.day.register)
        return [(f"{e.name} すべて使えません", "bad") for e in down]

    def detail(self, state: ConsoleState, width: int) -> list[Words]:
        unit = next((u for u in units(state.day.floor.site, state.day.register) if u.key == self.key), None)
        if unit is None:
            return []
        told = [e.fact for e in reversed(state.day.register_facts()) if isinstance(e.fact, EquipmentChanged)]
        own = [f for f in told if (f.equipment, f.unit) == (unit.equipment.code, unit.unit)]
        lines: list[Words] = [[(pad(md_hm(f.at), 13), "dim"), (f.sentence(state.day.floor.site), "text")] for f in own]
        none: Words = [("状態の記録はありません（1 正常  2 故障  3 停止 で記録します）", "dim")]
        return [titled(unit.name, f"これまでの記録 {len(own)}件"), *(lines or [none])]

    def opened(self, key: str) -> None:
        self.state.chosen.unit = key
        self.app.start(self._ask_state(Ask(self.app), next(r for r in self._rows if r.key == key)))

    async def _ask_state(self, ask: Ask, held: Row) -> None:
        options = [(f"unit_{k}", v) for k, v in EQUIPMENT_STATES.items()]
        self.app.perform(await ask.choice(held.cells[0][0], options))
