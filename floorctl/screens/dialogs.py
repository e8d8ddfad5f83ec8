"""Small questions over a screen: a choice by digit, a line of text, a number for each lane, a confirmation.

Committed full-width digits work; Esc always means no; text that is typed is never markup.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from floorctl.privacy import clean
from floorctl.widgets.canvas import Canvas, Picture, pad

if TYPE_CHECKING:
    from floorctl.app import FloorApp

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


def plain(text: str) -> Content:
    """Text as nothing but text: no markup, no control sequence."""
    return Content(clean(text))


def whole(text: str) -> int | None:
    """A whole number from what was typed, full-width digits included; None where it is none."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return int(folded) if folded.isascii() and folded.isdigit() and len(folded) <= 5 else None


class Dialog(ModalScreen[Any]):
    """Box with a title and a prompt; Esc closes it with no answer."""

    BINDINGS: ClassVar = [("escape", "dismiss(None)", "")]
    AUTO_FOCUS: ClassVar[str | None] = "Input"

    def __init__(self, title: str, prompt: str = "") -> None:
        super().__init__()
        self.question, self.prompt = title, prompt

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(plain(self.question), id="title")
            yield Static(plain(self.prompt), id="prompt")
            yield from self.body()
            yield Static("", id="foot")

    def body(self) -> ComposeResult:
        yield from ()

    def say(self, text: str) -> None:
        self.query_one("#foot", Static).update(plain(text))


class TextDialog(Dialog):
    """One line of text. ``digits``: a whole number."""

    def __init__(self, title: str, prompt: str = "", *, digits: bool = False, value: str = "") -> None:
        super().__init__(title, prompt)
        self._digits, self._value = digits, value

    def body(self) -> ComposeResult:
        yield Input(self._value, max_length=5 if self._digits else 400, select_on_focus=True)

    def on_mount(self) -> None:
        self.say("Enter 決める   Esc やめる")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = clean(event.value)
        if not text:
            self.say("空です。入れるか、Esc でやめてください")
            return
        if self._digits and whole(text) is None:
            self.say("数字で入れてください")
            return
        self.dismiss(str(whole(text)) if self._digits else text)


class ChoiceDialog(Dialog):
    """One of several, by its key or by arrows and Enter. Options are (answer, words); the answer comes back."""

    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self, title: str, options: Sequence[tuple[str, str]], prompt: str = "", *, start: int = 0) -> None:
        super().__init__(title, prompt)
        self.options, self._at = list(options), start

    def body(self) -> ComposeResult:
        app = cast("FloorApp", self.app)
        self._picture = Picture(self._draw, lambda: app.palette)
        self._picture.styles.height = min(16, len(self.options))
        yield self._picture

    def on_mount(self) -> None:
        self.say("数字か ↑↓ と Enter で選ぶ   Esc やめる")

    def _draw(self, c: Canvas) -> None:
        c.fill(0, 0, c.width, c.height, "card")
        first = max(0, min(self._at - c.height + 1, len(self.options) - c.height))
        for y, (_, words) in enumerate(self.options[first : first + c.height]):
            i = first + y
            if i == self._at:
                c.fill(0, y, c.width, 1, "card_on")
            key = KEYS[i] if i < len(KEYS) else " "
            x = c.put(1, y, f" {key} ", "key")
            c.put(x + 1, y, pad(clean(words), c.width - x - 2), "strong" if i == self._at else "text")
            c.target(0, y, c.width, 1, str(i))

    def on_key(self, event: events.Key) -> None:
        key = event.character or event.key
        if event.key in ("up", "down"):
            self._at = (self._at + (1 if event.key == "down" else -1)) % len(self.options)
            self._picture.redraw()
        elif event.key == "enter":
            self.dismiss(self.options[self._at][0])
        elif key in KEYS[: len(self.options)]:
            self.dismiss(self.options[KEYS.index(key)][0])
        else:
            return
        event.stop()
        event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        if event.widget is self._picture:
            meaning = self._picture.meaning_at(event.x, event.y)
            if meaning is not None:
                self.dismiss(self.options[int(meaning)][0])


class ConfirmDialog(ChoiceDialog):
    """For what cannot be undone. The cursor stands on いいえ, and the answer's keys are not the key that asked."""

    def __init__(self, title: str, prompt: str, yes: str = "はい") -> None:
        super().__init__(title, [("no", "いいえ"), ("yes", yes)], prompt)


class NumbersDialog(Dialog):
    """A number for each of several names: Enter goes on, and at the last of the first ``main`` ones it is done.

    The answer is {code: number} of what was typed or changed.
    """

    def __init__(
        self, title: str, fields: Sequence[tuple[str, str, int]], prompt: str = "", *, main: int | None = None
    ) -> None:
        super().__init__(title, prompt)
        self.fields, self._main = list(fields), main or len(fields)

    def body(self) -> ComposeResult:
        for i, (_, words, value) in enumerate(self.fields):
            with Horizontal(classes="field"):
                yield Static(plain(words))
                yield Input("", placeholder=str(value), max_length=5, id=f"n{i}")

    def on_mount(self) -> None:
        self.say("Enter 次へ・決める   Tab ほかの欄   空欄は変えない   Esc やめる")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        i = int((event.input.id or "n0")[1:])
        if event.value.strip() and whole(event.value) is None:
            self.say("数字で入れてください")
            return
        if i + 1 < self._main:
            self.query_one(f"#n{i + 1}", Input).focus()
            return
        answer = {}
        for n, (code, _, _) in enumerate(self.fields):
            text = self.query_one(f"#n{n}", Input).value
            if not text.strip():
                continue
            number = whole(text)
            if number is None:
                self.query_one(f"#n{n}", Input).focus()
                self.say("数字で入れてください")
                return
            answer[code] = number
        self.dismiss(answer or None)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down"):
            self.focus_next() if event.key == "down" else self.focus_previous()
            event.stop()
