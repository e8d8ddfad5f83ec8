"""c 点検: what to see to before the doors open, and before the day ends."""

from __future__ import annotations

from typing import ClassVar

from floorctl.models.checklist import ItemState, checklist
from floorctl.models.hours import receiving
from floorctl.screens.asking import send
from floorctl.screens.table import Column, Row, TableView
from floorctl.state import ConsoleState
from floorctl.widgets.canvas import Span


def which_list(state: ConsoleState) -> str:
    """``closing`` once the last reception has ended on a day that was open, else ``opening``."""
    floor = state.floor
    begun = floor.opened_at is not None and not floor.preparing
    noon_passed = state.now.hour >= 12
    return "closing" if begun and noon_passed and not receiving(floor, state.now) else "opening"


class CheckView(TableView):
    hint = "数字か Enter で 済・未"
    unit = ""
    groups: ClassVar[frozenset[str]] = frozenset({"一日"})
    foot: ClassVar[tuple[str, ...]] = ("officials", "people", "close")
    columns = (Column("", 3), Column("項目", 40), Column("", 4), Column("", 0))

    @property
    def heading(self) -> str:  # type: ignore[override]
        return "開場前の点検" if which_list(self.state) == "opening" else "閉場前の点検"

    def _items(self, state: ConsoleState) -> list[ItemState]:
        assert state.register is not None
        return checklist(state.floor, state.register, which_list(state))

    def rows(self, state: ConsoleState) -> list[Row]:
        return [
            Row(
                x.item.code,
                (
                    (f" {n}", "key"),
                    (x.item.name, "text"),
                    ("済" if x.done else "未", "ok" if x.done else "warn"),
                    (x.note or ("" if x.by_hand else "記録から"), "dim"),
                ),
            )
            for n, x in enumerate(self._items(state), 1)
        ]

    def summary(self, state: ConsoleState) -> list[Span]:
        items = self._items(state)
        done = sum(x.done for x in items)
        return [(f"{done}／{len(items)}", "ok" if done == len(items) else "warn")]

    def takes(self, key: str) -> bool:
        if key.isascii() and key.isdigit() and self.state.past is None:
            if 1 <= int(key) <= len(self._rows):
                self.go(int(key) - 1)
                self.opened(self.key)
            else:
                self.state.say(f"{key} の項目はありません", "warn")
            return True
        return super().takes(key)

    def opened(self, key: str) -> None:
        item = next(x for x in self._items(self.state) if x.item.code == key)
        if not item.by_hand:
            self.state.say(f"{item.item.name}: 記録から分かります（{item.note or '済'}）")
            return
        done = key not in self.state.floor.checked
        fields = {"item": key, "done": done}
        send(self.app, f"点検 {item.item.name} {'済' if done else '未'}", "checklist.checked", fields)
