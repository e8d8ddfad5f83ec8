"""Field for a memo: under it stands what was understood of a time and an owner, before it is recorded."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Input

from floorctl.models.board.memo_line import MemoLine
from floorctl.screens.dialogs import TextDialog


class MemoDialog(TextDialog):
    """Field for one memo; ``read`` returns what a text will be recorded as."""

    def __init__(self, read: Callable[[str], MemoLine], value: str = "") -> None:
        prompt = "10:30 C1に折り返し のように、時刻から書くとその時刻に知らせます   個人情報は書きません"
        super().__init__("メモ", prompt, value=value)
        self._read = read

    def on_input_submitted(self, event: Input.Submitted) -> None:
        line = self._read(event.value)
        if line.due is not None and not line.text:
            event.stop()
            event.prevent_default()  # else the plain text's own answer would close the dialog
            self.say("何をするかがありません。時刻の後に続けて書いてください")
            return
        super().on_input_submitted(event)
        event.prevent_default()

    def on_input_changed(self, event: Input.Changed) -> None:
        super().on_input_changed(event)
        if understood := self._read(event.value).preview():
            self.say(f"{understood}   Enter 記録")
