"""Act on a key at once, and take it back if it proves to be the first character of a barcode reader's burst.

The screen shows at once what the key does. What it would record waits in the engine, so that nothing has to be retracted.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Protocol

from textual.screen import Screen

from floorctl.console.cursor import Cursor
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.key_line import KeyLine
from floorctl.screens.running import Running

if TYPE_CHECKING:
    from floorctl.screens.drawing.choice import Choice

_KEPT = (list, dict, set, Cursor)


def _copied(value: Any) -> Any:
    """Return a copy of what a key may change in place; its parts are those of the original."""
    if isinstance(value, dict):
        return {key: _copied(held) for key, held in value.items()}
    return copy(value) if isinstance(value, _KEPT) else value


class TrialConsole(ScreenConsole, Protocol):
    """The console as far as a key changes it."""

    keys: KeyLine
    running: set[Running]

    @property
    def topmost(self) -> Screen[Any] | None:
        """The frame, or the dialog over it; None once the console is being taken down."""


class Trial:
    """State of the console before a key, which ``act`` then handles; ``leave_box`` closes a box that it has opened."""

    def __init__(self, app: TrialConsole, act: Callable[[], object], leave_box: Callable[[], object]) -> None:
        self._app, self._leave_box, state = app, leave_box, app.state
        self._view = app.frame.view
        self._shown = {name: _copied(value) for name, value in vars(self._view).items()}
        self._parts = [
            (part, {f.name: _copied(getattr(part, f.name)) for f in fields(part)})
            for part in (state.chosen, state.pending, state.line)
        ]
        self._past = state.day.past
        self._running, self._top = set(app.running), app.topmost
        with app.engine.parking():
            act()

    def confirm(self) -> bool:
        """Record what the key does: it was a hand's. Return True: it has acted."""
        self._app.engine.release()
        return True

    def take_back(self) -> None:
        """Make everything as it was."""
        app = self._app
        app.state.questions.asked.difference_update(app.engine.drop())
        for act in app.running - self._running:
            act.close()
        for part, values in self._parts:
            for name, value in values.items():
                setattr(part, name, value)
        app.state.day.past = self._past
        vars(self._view).update(self._shown)
        app.frame.view = self._view
        if app.topmost is not self._top:
            self._leave_box()
        app.redraw()


class Pointed:
    """Cursor of an open choice on the answer that a key will give. An answer cannot be taken back: it is given later."""

    def __init__(self, app: TrialConsole, choice: Choice, key: str) -> None:
        self._app, self._choice, self._before = app, choice, (choice.at, choice.refused)
        choice.point(key)
        app.redraw()

    def confirm(self) -> bool:
        """Return False: the key itself gives the answer."""
        return False

    def take_back(self) -> None:
        self._choice.at, self._choice.refused = self._before
        self._app.redraw()
