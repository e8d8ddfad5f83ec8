"""Take keys and pastes from the terminal: by hand they are commands, from a barcode reader one word, a number to be found.

A word, and so a paste, is never a command and answers no question. In a text field it is text, as typed by hand; the
Enter behind it is the reader's, and decides nothing that is recorded.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from textual import events
from textual._time import get_time  # the clock that events carry
from textual.css.query import NoMatches

from floorctl.console.key_names import IME_IS_ON, ascii_key, is_kana
from floorctl.screens.key_bursts import ENDS, Bursts, Pace, Word
from floorctl.screens.key_trial import Pointed, Trial, TrialConsole
from floorctl.screens.questions import TOO_EARLY, Questions
from floorctl.screens.terminal_input import is_stamped

if TYPE_CHECKING:
    from floorctl.screens.dialogs import Dialog

Pressed: TypeAlias = events.Key | events.Paste

NO_ANSWER = "読み取った文字は答えになりません（Esc でやめてから読み取ってください）"


class InputConsole(TrialConsole, Protocol):
    """The console as far as keys find their way in it."""

    questions: Questions
    floor_loop: AbstractEventLoop
    leaving: bool
    app_focus: Any

    def call_later(self, callback: Callable[..., Any], /, *args: Any) -> bool:
        """Call something after the messages that wait."""


class KeyInput:
    """Way of keys from the terminal to the dialog or the frame. ``Bursts`` tells it what they are."""

    def __init__(self, app: InputConsole) -> None:
        self._app = app
        self._bursts: Bursts[events.Key] = Bursts(self)
        self._pace = Pace()
        self._trial: Trial | Pointed | None = None
        self._planned = False

    # ---- from the terminal

    def hears(self, pressed: Pressed | events.MouseDown) -> bool:
        """Take a key or a paste; return False for what is Textual's to handle.

        Keys that no terminal has sent, and those of a text field, go their way at once.
        """
        app = self._app
        leaves = isinstance(pressed, events.Key) and pressed.key == "ctrl+q"
        if app.questions.early(pressed.time) and not leaves:
            self._say_too_early()
            return True
        if isinstance(pressed, events.Key) and is_stamped(pressed):
            character = pressed.character if pressed.is_printable and pressed.character else ""
            if self._pace.ends(pressed.key, character, pressed.time) and self._decides():
                self.settle()  # the dialog says that Enter decides
            elif self._writing():
                self._put(pressed)
            else:
                self._bursts.heard(pressed, pressed.key, character, pressed.time)
                self._plan()
        else:
            self.settle()
            if isinstance(pressed, events.MouseDown):
                return False
            self._put(pressed)
        app.questions.look()
        return True

    def settle(self) -> None:
        """Decide about what is held: something else comes."""
        self._bursts.settle()

    def _writing(self) -> bool:
        """Return whether a key that comes now is for a text field, whatever follows it."""
        return not self._bursts and self._text_box() and self._app.keys.idle()

    def _text_box(self) -> bool:
        """Return whether a dialog is open whose field takes a word as text."""
        top = self._app.topmost
        return top not in (self._app.frame, None) and cast("Dialog", top).takes_words

    def _decides(self) -> bool:
        """Return whether Enter would record the text of the open field."""
        return self._text_box() and not cast("Dialog", self._app.topmost).only_finds

    def _plan(self) -> None:
        """Look again when what is held is due. The look waits behind keys that have come by then."""
        if self._bursts and not self._planned:
            self._planned = True
            wait = max(0.0, self._bursts.due - get_time()) + 0.001
            self._app.floor_loop.call_later(wait, self._app.call_later, self._look)

    def _look(self) -> None:
        self._planned = False
        self._bursts.look(get_time())
        self._plan()

    def _say_too_early(self) -> None:
        app = self._app
        app.state.line.say(TOO_EARLY, "warn")
        if app.topmost not in (app.frame, None):
            with suppress(NoMatches):  # it is not painted yet
                cast("Dialog", app.topmost).say(TOO_EARLY)
        app.redraw()

    # ---- what they prove to be

    def begins(self, key: events.Key) -> None:
        """Show at once what the key does, where it can be taken back: on the frame."""
        app, state = self._app, self._app.state
        if app.topmost is not app.frame or not state.ready or not app.keys.idle():
            return
        if state.pending.choice is not None:
            self._trial = Pointed(app, state.pending.choice, ascii_key(key.key, key.character))
        elif app.frame.view.tries_keys:
            self._trial = Trial(app, partial(self._put, key), partial(self._put, events.Key("escape", None)))

    def keys(self, keys: list[events.Key]) -> None:
        """Take keys of a hand, in their order."""
        trial, self._trial = self._trial, None
        done = trial.confirm() if trial is not None else False
        for key in keys[done:]:
            self._put(key)

    def is_burst(self) -> None:
        """Take back what the first character has done."""
        trial, self._trial = self._trial, None
        if trial is not None:
            trial.take_back()

    def word(self, word: Word[events.Key]) -> None:
        """Take a word in its turn."""
        self._app.keys.put(partial(self._take_word, word))

    # ---- in their turn

    def _put(self, pressed: Pressed) -> None:
        self._app.keys.put(partial(self.take, pressed))

    def take(self, pressed: Pressed) -> object:
        """Handle a key or a paste whose turn it is; return the dialog that goes on working on it, if one does."""
        app, top = self._app, self._app.topmost
        if app.leaving or top is None:
            return None
        app.app_focus = True
        if isinstance(pressed, events.Key) and pressed.key == "ctrl+q":
            app.leave()
        elif top is not app.frame:
            dialog = cast("Dialog", top)
            dialog.press(pressed, partial(self._taken, dialog))
            return dialog
        elif isinstance(pressed, events.Key):
            self._take_on_frame(pressed)
        else:
            self._find(pressed.text)
        return None

    def _taken(self, dialog: Dialog) -> None:
        """Go on with the next key once a dialog has done with one."""
        self._app.keys.done(dialog)
        self._app.call_later(self._take_next)

    def _take_next(self) -> None:
        self._app.keys.go_on()
        self._app.questions.look()

    def _take_on_frame(self, pressed: events.Key) -> None:
        key = ascii_key(pressed.key, pressed.character)
        if len(key) == 1 and is_kana(key):
            self._app.state.line.say(IME_IS_ON, "warn")
            self._app.redraw()
            return
        if pressed.character is not None and pressed.character != key and len(key) == 1:
            pressed = events.Key(key, key)
        self._app.frame.on_key(pressed)

    def _take_word(self, word: Word[events.Key]) -> None:
        """Handle a word; in a text field its keys take their turns."""
        app, top = self._app, self._app.topmost
        if app.leaving or top is None:
            return
        # No reader types Japanese: it is a word that an IME has committed, also where a reader's word is refused.
        if self._text_box() or (top is not app.frame and not word.text.isascii()):
            left = () if self._text_box() and not self._decides() else ENDS
            app.keys.first(partial(self.take, key) for key in word.keys if key.key not in left)
        elif top is not app.frame:
            cast("Dialog", top).say(NO_ANSWER)
        else:
            self._find(word.text)

    def _find(self, text: str) -> None:
        app, state = self._app, self._app.state
        if not state.ready:
            state.line.say("まだファイルを読んでいます", "warn")
        elif state.pending.choice is not None:
            state.line.say(NO_ANSWER, "warn")
        else:
            from floorctl.screens.tickets.scanned import go_to

            go_to(app, text)
        app.redraw()
