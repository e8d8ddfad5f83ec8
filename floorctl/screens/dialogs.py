"""Dialogs that take text or numbers; a choice by digit is drawn by the screen itself (``drawing/choice.py``).

Full-width digits are accepted; Esc cancels; typed text is never markup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar, cast

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from floorctl.common.clean_text import clean
from floorctl.common.privacy import PersonalData, check, warn
from floorctl.common.typed import day_typed, time_of_day, whole
from floorctl.screens.drawing.canvas import wrap

_WIDTH, _SHARE, _EDGES = 72, 0.96, 6  # cells of a box (floorctl.tcss): most, of the screen, of its edges
_APART = "   "  # between two things that a line says


def in_groups(text: str, width: int) -> str:
    """Return text in lines of at most ``width`` cells: what stands three blanks apart is parted before a word is."""
    lines = [""]
    for group in text.split(_APART):
        longer = f"{lines[-1]}{_APART}{group}" if lines[-1] else group
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines += wrap(group, width)
    return "\n".join(line for line in lines if line)


def plain(text: str) -> Content:
    """Return text without markup and control sequences."""
    return Content(clean(text))


class TextField(Input):
    """Input of a ``Dialog``; pasted text is cleaned and cut to the room that is left."""

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        max_length: int = 0,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value, placeholder=placeholder, max_length=max_length, select_on_focus=False, id=id, classes=classes
        )

    async def action_submit(self) -> None:
        """Hand Enter to the dialog before the next key."""
        cast("Dialog", self.screen).on_input_submitted(Input.Submitted(self, self.value))

    def action_paste(self) -> None:
        """Paste the console's own clipboard like a paste of the terminal."""
        self._on_paste(events.Paste(self.app.clipboard))

    def _on_paste(self, event: events.Paste) -> None:
        room = (self.max_length or 1_000) - len(self.value) + len(self.selected_text)
        pasted = clean(event.text)[: max(0, room)]
        event.prevent_default()
        event.stop()
        start, end = sorted(self.selection)
        self.replace(pasted, start, end)


# Events of the manager's hand on a dialog.
_HEARD = (events.InputEvent, Input.Submitted, Input.Changed)


class Dialog(ModalScreen[Any]):
    """Box with a title and a prompt; Esc closes it with no answer. It is answered once."""

    BINDINGS: ClassVar = [("escape", "dismiss(None)", "")]
    AUTO_FOCUS: ClassVar[str | None] = "Input"
    takes_words: ClassVar[bool] = True  # what a barcode reader types is text of its field
    only_finds = False  # its answer records nothing: a reader's Enter may give it

    def __init__(self, title: str, prompt: str = "") -> None:
        super().__init__()
        self.question, self.prompt, self._foot = title, prompt, ""
        self.answer: Callable[[Any], None] = lambda _: None

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close the dialog and give its answer (None: Esc), once.

        What follows the answer is open before the next key is taken. A later key would close what is under the dialog,
        or raise if nothing is.
        """
        if not self.is_active:
            return AwaitComplete()
        closed = super().dismiss(result)
        self.answer(result)
        return closed

    async def _dispatch_message(self, message: Message) -> None:
        """Drop keys, clicks and changes of fields once the dialog has been answered: its parts may be gone."""
        if self.is_active or not isinstance(message, _HEARD):
            await super()._dispatch_message(message)

    def press(self, pressed: events.Key | events.Paste, done: Callable[[], None]) -> None:
        """Take a key or a paste once the dialog has its fields; ``done`` is called when it has had its whole effect."""
        self.call_later(self._press, pressed, done)

    async def _press(self, pressed: events.Key | events.Paste, done: Callable[[], None]) -> None:
        try:
            if self.is_active:  # no click has answered it meanwhile
                await self._pressed(pressed)
        finally:
            done()

    async def _pressed(self, key: events.Key | events.Paste) -> None:
        """Do at once all that a key does.

        Textual hands keys to the field, and what is no letter through all its parents to the program and back: of keys
        that come close together a digit then finds its way before the Backspace or the Enter that was pressed first.
        """
        if self.focused is None:
            self.set_focus(next(iter(self.query(TextField)), None))
        field = self.focused
        if not isinstance(field, TextField):
            if isinstance(key, events.Key):
                await self._obey(key)
            return
        before = field.value
        with field.prevent(Input.Changed):
            if isinstance(key, events.Paste):
                field._on_paste(key)
            elif key.is_printable:
                await field._on_key(key)
            else:
                await self._obey(key)
        if field.value != before:
            self.on_input_changed(Input.Changed(field, field.value))

    async def _obey(self, key: events.Key) -> None:
        if not (await self.app._check_bindings(key.key, priority=True) or self.takes(key.key)):
            await self.app._check_bindings(key.key)

    def takes(self, key: str) -> bool:
        """Take a key that the dialog answers by itself; return whether it did."""
        return False

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Go to a field and select its text: what is typed next replaces it, from the first letter on."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        if isinstance(widget, TextField) and not from_app_focus:
            widget.select_all()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take Enter in a field."""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take a change of a field's text."""

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(self._laid(self.question), id="title")
            yield Static(self._laid(self.prompt), id="prompt")
            yield from self.body()
            yield Static("", id="foot")

    def body(self) -> ComposeResult:
        yield from ()

    def say(self, text: str) -> None:
        self._foot = text
        self.query_one("#foot", Static).update(self._laid(text))

    def on_resize(self) -> None:
        """Lay the words anew: opened in a window that was small for a moment, they would stay narrow."""
        for place, text in (("title", self.question), ("prompt", self.prompt), ("foot", self._foot)):
            for words in self.query(f"#{place}").results(Static):
                words.update(self._laid(text))

    def _laid(self, text: str) -> Content:
        room = min(_WIDTH, int(self.app.size.width * _SHARE)) - _EDGES
        return Content(in_groups(clean(text), room))


class TextDialog(Dialog):
    """Field for one line of text. ``digits``: for a whole number; ``finds``: the text is looked for."""

    def __init__(
        self, title: str, prompt: str = "", *, digits: bool = False, value: str = "", finds: bool = False
    ) -> None:
        super().__init__(title, prompt)
        self.only_finds = finds
        self._digits, self._value, self._warned = digits, value, ""

    def body(self) -> ComposeResult:
        yield TextField(self._value, max_length=5 if self._digits else 400)

    def on_mount(self) -> None:
        self.say("Enter 決める   Esc やめる")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            text = check(event.value, "この欄")
        except PersonalData as e:
            self.say(e.on_screen)  # what was typed stays, to be put right
            return
        if not text:
            self.say("空です。入れるか、Esc でやめてください")
            return
        if self._digits and whole(text) is None:
            self.say("数字で入れてください")
            return
        doubt = warn(text)
        if doubt and text != self._warned:
            self._warned = text
            self.say(f"{doubt} このまま記録するなら、もう一度 Enter")
            return
        self.dismiss(str(whole(text)) if self._digits else text)

    def on_input_changed(self, event: Input.Changed) -> None:
        left = (event.input.max_length or 0) - len(event.value)
        self.say("Enter 決める   Esc やめる" + (f"   残り{left}字" if left <= 50 and not self._digits else ""))


class TimeDialog(TextDialog):
    """Field for a time of day as HH:MM, 9:05, 905 or 0905."""

    def __init__(self, title: str) -> None:
        super().__init__(title, "9:05 か 0905 のように")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        event.prevent_default()  # else the plain text's own answer would close what stands under the dialog
        found = time_of_day(event.value)
        if found is None:
            self.say("時刻を 9:05 か 0905 のように入れてください")
        else:
            self.dismiss(found)


class DateDialog(TextDialog):
    """Field for a date as 9/20 or 2026-09-20; the answer is ISO text. ``past``: without a year the last such day is meant."""

    def __init__(self, title: str, prompt: str, today: date, *, past: bool = False, value: str = "") -> None:
        super().__init__(title, prompt, value=value)
        self._today, self._past = today, past

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        event.prevent_default()
        found = day_typed(event.value, self._today, past=self._past)
        if found is None:
            self.say("日付を 9/20 か 2026-09-20 のように入れてください")
        else:
            self.dismiss(found.isoformat())


class FieldsDialog(Dialog):
    """Fields under each other: Enter goes on, and at the last of the first ``main`` ones it is done.

    ``fields``: code, words, what is held. ``read`` returns the value of a text, None if it is none, of which ``wrong`` is
    said. The answer is {code: value} of what was typed or changed.
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[tuple[str, str, Any]],
        prompt: str,
        read: Callable[[str], Any],
        wrong: str,
        main: int | None = None,
    ) -> None:
        super().__init__(title, prompt)
        self.fields, self._read, self._wrong, self._main = list(fields), read, wrong, main or len(fields)

    def shown(self, held: Any) -> TextField:
        """Return the field of what is held."""
        return TextField(str(held), max_length=20, classes="time")

    def left_out(self, text: str, held: Any) -> bool:
        """Return whether a field says nothing new."""
        return text.strip() == str(held)

    def body(self) -> ComposeResult:
        for _, words, held in self.fields:
            with Horizontal(classes="field"):
                yield Static(plain(words))
                yield self.shown(held)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        boxes = list(self.query(TextField))
        following = next(n for n, box in enumerate(boxes, 1) if box is event.input)
        if event.value.strip() and self._read(event.value) is None:
            self.say(self._wrong)
            return
        if following < self._main:
            self.set_focus(boxes[following])
            return
        answer = {}
        for box, (code, _, held) in zip(boxes, self.fields, strict=True):
            if self.left_out(box.value, held):
                continue
            answer[code] = self._read(box.value)
            if answer[code] is None:
                self.set_focus(box)
                self.say(self._wrong)
                return
        self.dismiss(answer or None)

    def takes(self, key: str) -> bool:
        if key not in ("up", "down"):
            return False
        self.focus_next() if key == "down" else self.focus_previous()
        return True


class NumbersDialog(FieldsDialog):
    """Fields for a number each. ``needed``: no field may stay empty, and none shows a number that could be taken for a count."""

    def __init__(
        self,
        title: str,
        fields: Sequence[tuple[str, str, int]],
        prompt: str = "",
        *,
        main: int | None = None,
        needed: bool = False,
    ) -> None:
        super().__init__(title, fields, prompt, whole, "数字で入れてください", main)
        self._needed = needed

    def shown(self, held: int) -> TextField:
        return TextField("", placeholder="" if self._needed else str(held), max_length=5)

    def left_out(self, text: str, held: int) -> bool:
        return not (text.strip() or self._needed)

    def on_mount(self) -> None:
        last = self.fields[self._main - 1][1]
        empty = "ないものは 0" if self._needed else "空欄は変えない"
        self.say(f"Enter 次の欄へ（{last}で決める）   Tab ほかの欄   {empty}   Esc やめる")


class TimesDialog(FieldsDialog):
    """Fields for an instant each, given together."""

    def on_mount(self) -> None:
        self.say("Enter 次の欄へ（最後の欄で決める）   上下の矢印 ほかの欄   Esc")
