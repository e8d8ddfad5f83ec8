"""c 点検: the checklists before the doors open and before the day ends."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from floorctl.console.action import Action
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState
from floorctl.models.board.checklist import ItemState, checklist
from floorctl.models.board.flow import reception_span
from floorctl.screens.asking import Ask, send
from floorctl.screens.chosen import titled
from floorctl.screens.closing.card_count import count_cards
from floorctl.screens.drawing.canvas import Span, clause
from floorctl.screens.drawing.panel import Line, Piece, column
from floorctl.screens.drawing.rows import Words
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.table import NOT_CHOSEN, Column, Row, TableView

_NOTE = 46  # cells beside the note of an item
_NAMES = {"opening": "開場前の点検", "closing": "閉場前の点検"}
_OTHER = {"opening": "closing", "closing": "opening"}
# The action that answers what the facts say is missing.
_ANSWERS = {"roll_call": "people", "cases": "city"}


def which_list(state: ConsoleState) -> str:
    """Return ``closing`` from the last hour of reception on, on a day that was open, else ``opening``."""
    floor = state.day.floor
    begun = floor.opened_at is not None and not floor.preparing
    _, end = reception_span(floor)
    return "closing" if begun and state.day.now >= end - timedelta(hours=1) else "opening"


class CheckView(TableView):
    """Items of a checklist, done or not, by hand or from the facts."""

    hint = "{?check}数字か Enter で済・未  左右の矢印でもう1つの点検表"
    unit = ""
    detailed = True
    groups: ClassVar[frozenset[str]] = frozenset({"一日"})
    columns = (Column("", 3), Column("項目", 34), Column("", 4), Column("", 0))

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self._by_digit = ""  # item that a digit has just turned
        self._turned = False  # to the other list than the time of day calls for

    @property
    def _which(self) -> str:
        return _OTHER[which_list(self.state)] if self._turned else which_list(self.state)

    @property
    def heading(self) -> str:  # type: ignore[override]
        return _NAMES[self._which]

    def foot_actions(self) -> list[Action]:
        wanted = ("officials", "people") if self._which == "opening" else ("city", "incidents", "close")
        return [BY_ID[x] for x in (*wanted, "board", "undo")]

    def _items(self, state: ConsoleState, which: str = "") -> list[ItemState]:
        return checklist(state.day.floor, state.day.register, which or self._which, state.day.now)

    def detail(self, state: ConsoleState, width: int) -> list[Line | Words]:
        other = _OTHER[self._which]
        items = self._items(state, other)
        head = titled(_NAMES[other], f"{sum(x.done for x in items)}／{len(items)}", "左右の矢印で開く")
        names = [column(x.item.name, "text", 34) for x in items]
        return [
            head,
            *(
                Line([2, ("済" if x.done else "未", "ok" if x.done else "warn"), 2, *name, 1, Piece([(x.note, "dim")])])
                for x, name in zip(items, names, strict=True)
            ),
        ]

    def rows(self, state: ConsoleState) -> list[Row]:
        room = self.app.size.width - _NOTE
        return [
            Row(
                x.item.code,
                (f" {n}", "key"),
                (x.item.name, "text"),
                ("済" if x.done else "未", "ok" if x.done else "warn"),
                (clause(x.note, room) or ("" if x.by_hand else "記録から"), "dim"),
            )
            for n, x in enumerate(self._items(state), 1)
        ]

    def summary(self, state: ConsoleState) -> list[Span]:
        items = self._items(state)
        done = sum(x.done for x in items)
        return [(f"{done}／{len(items)}", "ok" if done == len(items) else "warn")]

    def takes(self, key: str) -> bool:
        turned, self._by_digit = self._by_digit, ""
        if key == "enter" and turned and turned == self.key:
            # The hand that ends a digit with Enter would turn the item back.
            self.state.line.say("数字で切り替わっています（もう一度 Enter か数字で戻ります）")
            return True
        if key.isascii() and key.isdigit():
            if 1 <= int(key) <= len(self._rows):
                self.go(int(key) - 1)
                self._open()
                if any(x.by_hand for x in self._items(self.state) if x.item.code == self.key):
                    self._by_digit = self.key
            else:
                self.state.refuse(f"{key} の項目はありません")
            return True
        if key in ("left", "right"):
            self._turned = not self._turned
            self.begin()
            return True
        return super().takes(key)

    def opened(self, key: str) -> None:
        item = next((x for x in self._items(self.state) if x.item.code == key), None)
        if item is None:
            self.state.line.say(NOT_CHOSEN, "warn")
            return
        if item.item.shown_by == "cards":
            self.app.start(count_cards(Ask(self.app)))
            return
        if not item.by_hand:
            answer = _ANSWERS.get(item.item.shown_by, item.item.shown_by)
            if item.done or answer not in BY_ID:
                self.state.line.say(f"{item.item.name}: 記録から分かります（{item.note or '済'}）")
            else:
                self.app.perform(answer)
            return
        done = key not in self.state.day.floor.checked
        word = f"点検 {item.item.name} {'済' if done else '未'}"
        send(self.app, word, "checklist.checked", {"item": key, "done": done})
