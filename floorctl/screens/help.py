"""F1 操作一覧: every action of the registry, searched in Japanese, run by Enter, with the reason where it is not possible."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from floorctl.common.words import reading, to_kana
from floorctl.console.keys import ACTIONS, Action
from floorctl.console.state import ConsoleState
from floorctl.models.site.site import Site
from floorctl.screens.dialogs import Dialog, TextField
from floorctl.screens.drawing.canvas import Canvas, Picture, pad
from floorctl.screens.frame import ScreenConsole


def search(text: str, site: Site | None = None) -> list[Action]:
    """Return the actions whose label, help, group or key has every word of ``text``, as written or in かな."""
    words = [to_kana(w) for w in unicodedata.normalize("NFKC", text).lower().split()]
    return [a for a in ACTIONS if all(w in _sought(a.at(site)) for w in words)]


@cache
def _sought(action: Action) -> str:
    written = f"{action.cap} {action.label} {action.help} {action.group}".lower()
    return f"{to_kana(written)} {reading(written)}"


class HelpDialog(Dialog):
    """Dialog of the actions; its answer is the id of the action to run."""

    BINDINGS: ClassVar = [("escape", "dismiss(None)", ""), ("f1", "dismiss(None)", "")]

    def __init__(self, state: ConsoleState) -> None:
        super().__init__("操作一覧", "探す言葉を打つか、上下の矢印 で選んで Enter で実行します")
        self._state, self._at = state, 0
        self._found = list(ACTIONS)

    def body(self) -> ComposeResult:
        yield TextField(placeholder="例: 休止  待ち  市職員")
        app = cast("ScreenConsole", self.app)
        self._picture = Picture(self._draw, lambda: app.palette)
        self._picture.styles.height = min(len(ACTIONS), max(6, app.size.height - 10))
        self._picture.can_focus = False
        yield self._picture

    def on_mount(self) -> None:
        self.query_one("#box").styles.width = 92
        self.say("Enter 実行   Esc 閉じる")

    def _draw(self, c: Canvas) -> None:
        c.fill(0, 0, c.width, c.height, "card")
        first = max(0, min(self._at - c.height // 2, len(self._found) - c.height))
        for y, a in enumerate(self._found[first : first + c.height]):
            i, a = first + y, a.at(self._state.site)
            why = a.why_not(self._state)
            if i == self._at:
                c.fill(0, y, c.width, 1, "card_on")
            c.put(1, y, pad(a.cap, 9), "dim" if why else "strong")
            c.put(11, y, pad(a.label, 12), "dim" if why else "text")
            c.put(24, y, a.help if not why else f"いまはできません: {why}", "dim", c.width - 25)
            c.target(0, y, c.width, 1, str(i))
        if not self._found:
            c.put(1, 0, "あてはまる操作がありません", "warn")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._found, self._at = search(event.value, self._state.site), 0
        self._picture.redraw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._found:
            self.dismiss(self._found[self._at].id)

    def takes(self, key: str) -> bool:
        step = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}.get(key)
        if step is None or not self._found:
            return False
        self._at = max(0, min(self._at + step, len(self._found) - 1))
        self._picture.redraw()
        return True

    def on_click(self, event: events.Click) -> None:
        if event.widget is self._picture:
            meaning = self._picture.meaning_at(event.x, event.y)
            if meaning is not None:
                self.dismiss(self._found[int(meaning)].id)
