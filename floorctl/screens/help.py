"""F1 操作一覧: list every action of the registry, search it in Japanese, run one by Enter or a click."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.style import Style
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from floorctl.common.words import reading, to_kana
from floorctl.console.action import Action
from floorctl.console.keys import ACTIONS
from floorctl.console.state import ConsoleState
from floorctl.models.site.site import Site
from floorctl.screens.dialogs import Dialog, TextField
from floorctl.screens.drawing.canvas import clause, pad
from floorctl.screens.drawing.themes import style_of
from floorctl.screens.frame import ScreenConsole


class WholeCells(ScrollBarRender):
    """Scroll bar of whole cells: block elements are two cells wide in some fonts of Japanese terminals."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


ScrollBar.renderer = WholeCells
# Most cells of the dialog, its largest part of the terminal (floorctl.tcss), and what stands around the list's words:
# border, padding and scroll bar, title, prompt, field, foot and the gaps.
_WIDTH, _WIDEST, _PART, _CELLS_AROUND, _ROWS_AROUND = 112, 0.96, 0.9, 7, 8
_ROLES = ("strong", "text", "dim", "warn")


def search(text: str, site: Site | None = None) -> list[Action]:
    """Return the actions whose label, help, group or key has every word of ``text``, as written or in かな."""
    words = [to_kana(w) for w in unicodedata.normalize("NFKC", text).lower().split()]
    return [a for a in ACTIONS if all(w in _sought(a.at(site)) for w in words)]


def _sought(action: Action) -> str:
    return _readings(f"{action.cap} {action.label} {action.help} {action.group}".lower())


@cache
def _readings(written: str) -> str:
    return f"{to_kana(written)} {reading(written)}"


class HelpDialog(Dialog):
    """Dialog of the actions; its answer is the id of the action to run."""

    BINDINGS: ClassVar = [("escape", "dismiss(None)", ""), ("f1", "dismiss(None)", "")]
    takes_words = False  # of a barcode reader: its Enter would run the action that was found

    def __init__(self, state: ConsoleState) -> None:
        super().__init__("操作一覧", "探す言葉を入力するか、上下の矢印で選んで Enter で実行します")
        self._state, self._found, self._width = state, list(ACTIONS), 0
        self._list = OptionList(markup=False)
        self._list.can_focus = False

    def body(self) -> ComposeResult:
        yield TextField(placeholder="例: 休止  待ち  市職員")
        yield self._list

    def on_mount(self) -> None:
        self.say("Enter 実行   Esc 閉じる")

    def on_resize(self) -> None:
        """Give the list as many rows, and its words as many cells, as the terminal has."""
        width, height = self.app.size
        self._list.styles.height = max(3, min(len(ACTIONS), int(height * _PART) - _ROWS_AROUND))
        width = min(_WIDTH, int(width * _WIDEST)) - _CELLS_AROUND
        if width != self._width:
            self._width, at = width, self._list.highlighted or 0
            self._fill()
            self._list.highlighted = at

    def _fill(self) -> None:
        """List what was found; the cursor goes to the first of it."""
        styles = {role: style_of(cast("ScreenConsole", self.app).palette_name, role) for role in _ROLES}
        options = [self._option(action.at(self._state.site), styles) for action in self._found]
        none = Option(Content.styled(" あてはまる操作がありません", styles["warn"]), disabled=True)
        self._list.set_options(options or [none])
        self._list.highlighted = 0

    def _option(self, action: Action, styles: dict[str, Style]) -> Option:
        """Return an action as a row: key, label, and what it does or why it is not possible now."""
        why = action.why_not(self._state)
        text = f"いまはできません: {why}" if why else action.help
        row = (
            (f" {pad(action.cap, 9)} ", styles["dim" if why else "strong"]),
            (f"{pad(action.label, 12)} ", styles["dim" if why else "text"]),
            (clause(text, self._width - 25), styles["dim"]),
        )
        return Option(Content.assemble(*row), id=action.id)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._found = search(event.value, self._state.site)
        self._fill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._found:
            self.dismiss(self._found[self._list.highlighted or 0].id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def takes(self, key: str) -> bool:
        step = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}.get(key)
        if step is None or not self._found:
            return False
        self._list.highlighted = max(0, min((self._list.highlighted or 0) + step, len(self._found) - 1))
        return True
