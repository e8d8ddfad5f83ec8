"""The Textual application: frame, themes, one live loop, one funnel for errors. What keys do stands in screens/acts.py."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import App
from textual.message import Message
from textual.theme import Theme

from floorctl.common.clock import Clock, system_clock
from floorctl.common.errors import FloorctlError, NeedsReason
from floorctl.console.engine import (
    Answered,
    Arrived,
    Done,
    Engine,
    Failed,
    FeedsSeen,
    FileTrouble,
    Loaded,
    Taught,
    Unclosed,
)
from floorctl.console.key_names import ascii_key, is_kana
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState, Notice
from floorctl.screens.board.view import BoardView
from floorctl.screens.drawing.palette import Palette
from floorctl.screens.frame import FrameScreen
from floorctl.screens.lost_terminal import tolerant
from floorctl.screens.terminal_input import Lost, listening

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen

    from floorctl.models.facts.day_facts import Entry
    from floorctl.screens.dialogs import Dialog
    from floorctl.usecases.session import Session

THEME_NAMES = ("dark", "light", "mono")
_THEMES = (
    Theme("floor-dark", primary="#6cb2ff", background="#0d1117", surface="#161d27", panel="#1d2835", dark=True),
    Theme("floor-light", primary="#0b57b0", background="#eef1f5", surface="#ffffff", panel="#edf1f6", dark=False),
    Theme("floor-mono", primary="#ffffff", background="#000000", surface="#000000", panel="#000000", dark=True),
)


# How long after the mount the screen's thread has nothing to do (s); and how long one thread keeps the interpreter while
# another wants it: as usual, and until the board stands, so that the frame need not wait for the worker's imports.
_PAUSE_S = 0.005
_SWITCH_S, _STARTING_SWITCH_S = sys.getswitchinterval(), 0.001


def _warm_up() -> None:
    """Loads what the first keys need while nobody has pressed one: else the first key would wait for it."""
    from floorctl.screens.acts import VIEWS

    for module, _ in VIEWS.values():
        import_module(f"floorctl.screens.{module}")


class FromEngine(Message):
    """Something the worker thread has to say."""

    def __init__(self, said: object) -> None:
        self.said = said
        super().__init__()


# Of a file with nothing in it: what to do first, and where to practise.
FIRST_START = "初めての記録です   Enter 開場   F1 操作一覧   練習は floorctl demo（別のファイル）"


class FloorApp(App[None]):
    """``open_session`` is called in the worker thread, while the frame is being painted."""

    CSS_PATH = "../floorctl.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "floorctl"
    BINDINGS: ClassVar = []

    def __init__(
        self,
        open_session: Callable[[], Session],
        *,
        feeds: Sequence[Path] = (),
        clock: Clock = system_clock,
        on_ready: Callable[[], None] | None = None,
        on_facts: Callable[[list[Entry]], None] | None = None,
        theme_name: str | None = None,
        bell: bool = True,
    ) -> None:
        super().__init__()
        self.state = ConsoleState(clock=clock)
        self.engine = Engine(open_session, tuple(feeds), self._from_engine, on_facts)
        self.fatal: FloorctlError | None = None
        self._on_ready = on_ready
        self._palettes = {name: Palette(name) for name in THEME_NAMES}
        self._fixed_theme = theme_name or ("mono" if os.environ.get("NO_COLOR") else None)
        self.palette_name = self._fixed_theme or "dark"
        self._bell, self._rung = bell, frozenset[tuple[str, str]]()
        for theme in _THEMES:
            self.register_theme(theme)
        self.theme = f"floor-{self.palette_name}"

    @property
    def palette(self) -> Palette:
        return self._palettes[self.palette_name]

    def get_driver_class(self) -> type[Driver]:
        heard = listening(super().get_driver_class(), lambda words: self._from_engine(Lost(words)), self._terminal_gone)
        return tolerant(heard, self._terminal_gone)

    def _terminal_gone(self) -> None:
        with suppress(RuntimeError):  # the loop has ended already
            self._loop_now.call_soon_threadsafe(self._told_to_end)

    def on_load(self) -> None:
        """Before the terminal is taken over: from here on it is given back whatever ends the console."""
        self._loop_now = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # Windows has no SIGHUP, and a loop there takes no handlers: a window that is closed there ends the
            # process, whose acknowledged facts are in the file all the same.
            with suppress(AttributeError, NotImplementedError, RuntimeError):
                self._loop_now.add_signal_handler(getattr(signal, name), self._told_to_end)

    def _told_to_end(self) -> None:
        """The window was closed, the line was cut, the PC shuts down: what was pressed is recorded, then it ends."""
        if self.fatal is None:
            self.fatal = FloorctlError(
                "盤面を閉じました",
                "外から終了を求められました",
                "記録はファイルに残っています。floorctl を開き直してください",
            )
        self.exit(return_code=1)

    def get_default_screen(self) -> Screen[None]:
        """The frame itself: a screen pushed over Textual's own would be styled and painted after that one."""
        self.frame = FrameScreen(BoardView(self))
        return self.frame

    def on_mount(self) -> None:
        # Textual paints at its next tick. The worker begins in that pause, and not before: two threads share one
        # interpreter, and the frame would come later by half of what the file takes to be read.
        sys.setswitchinterval(_STARTING_SWITCH_S)
        self._loop_now.call_later(_PAUSE_S, self.engine.start)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.set_interval(1.0, self.tick)

    def on_unmount(self) -> None:
        self.engine.stop()

    # ---- the live loop -------------------------------------------------------------------------------------------

    def _from_engine(self, said: object) -> None:
        self.post_message(FromEngine(said))

    def tell(self, notice: Notice) -> None:
        """Shows what somebody tells the trainee; may be called from any thread."""
        self._from_engine(notice)

    def on_from_engine(self, message: FromEngine) -> None:
        said, state = message.said, self.state
        match said:
            case Loaded():
                first = not state.ready
                state.load(said)
                if first:
                    self._apply_settings()
                    if not (said.entries or said.register_entries or said.began or state.banner):
                        state.say(FIRST_START)
                    # Once for the widgets to say what they need, once for the screen to paint it: until then nobody
                    # else wants the interpreter.
                    self.call_after_refresh(self.call_after_refresh, self._settle)
            case Taught():
                state.learn(said)
            case Arrived():
                state.take(said)
            case FeedsSeen():
                state.feeds = said.feeds
                state.feeds_seen |= {name for _, name, there, _ in said.feeds if there}
                state.changed()
            case Unclosed():
                state.unclosed = said.days
                state.changed()
            case Answered():
                if said.arrived is not None:
                    state.take(said.arrived)
                state.asked.discard(said.what)
                state.answers[said.what] = said.value
                state.changed()
                self.frame.view.answered(said.what)
            case FileTrouble():
                state.trouble = said.why
                state.changed()
            case Notice():
                state.tell(said)
            case Lost():
                state.say(said.words, "warn")
            case Done():
                if said.arrived is not None:
                    state.take(said.arrived)
                self._say_done(said)
            case Failed():
                self._say_failed(said)
        self.redraw()

    def _settle(self) -> None:
        """The board has been painted: what could wait goes on."""
        self.engine.painted.set()
        sys.setswitchinterval(_SWITCH_S)
        gc.freeze()
        gc.enable()
        if self._on_ready is not None:
            self._on_ready()
        threading.Thread(target=_warm_up, name="floorctl-warm-up", daemon=True).start()

    def _apply_settings(self) -> None:
        site = self.state.site
        assert site is not None
        self._bell = self._bell and site.board.bell
        if self._fixed_theme is None:
            self.set_palette(site.board.theme)

    def _say_done(self, done: Done) -> None:
        if not done.entries:
            self.state.say("変わりはありません（すでにその状態です）")
        else:
            from floorctl.models.facts.fields import FINAL_KINDS  # pydantic comes with it: not before the first paint

            label = done.label if isinstance(done.label, str) else done.label(done.entries)
            self.state.say(label if any(e.kind in FINAL_KINDS for e in done.entries) else f"{label}   u 取消", "ok")
        if done.then is not None:
            self.state.past = None  # what is asked next is about the present
            done.then()
        if done.warnings:
            self.state.say("  ".join(done.warnings), "warn")

    def _say_failed(self, failed: Failed) -> None:
        if failed.what:
            self.state.asked.discard(failed.what)
            self.state.failed[failed.what] = failed.error.sentence
            self.state.changed()
        if isinstance(failed.error, NeedsReason) and failed.retry is not None:
            self.state.past = None  # what is asked is about the present
            self.ask_text("理由", failed.error.sentence, failed.retry)
            return
        self.state.say(failed.error.sentence, "bad")
        if failed.fatal:
            self.fatal = failed.error
            self.state.fatal = failed.error.sentence
            self.state.changed()
            if not self.state.ready:
                self.exit()

    def tick(self) -> None:
        """Once a second: clocks run on, what has become urgent says so."""
        self.state.fade()
        self.redraw()
        if not self.state.ready:
            return
        critical = frozenset((a.code, a.terminal or "") for a in self.state.alerts_now() if a.severity == "critical")
        if critical - self._rung and self._bell:
            self.bell()
        if critical != self._rung:
            name = self.state.site.name if self.state.site else "floorctl"
            self.title = f"至急 {len(critical)}件 {name}" if critical else name
            self._write_title(self.title)
        self._rung = critical

    def _write_title(self, title: str) -> None:
        driver = self._driver
        if driver is not None and not self.is_headless:
            driver.write(f"\x1b]0;{title}\x07")

    def redraw(self) -> None:
        """Redraws what is shown; only rows that differ reach the terminal."""
        self.frame.redraw()

    # ---- themes

    def set_palette(self, name: str) -> None:
        self.palette_name = name
        self.theme = f"floor-{name}"

    def next_palette(self) -> None:
        self.set_palette(THEME_NAMES[(THEME_NAMES.index(self.palette_name) + 1) % len(THEME_NAMES)])

    # ---- asking

    def ask_text(
        self, title: str, prompt: str, then: Callable[[str], None], *, digits: bool = False, value: str = ""
    ) -> None:
        """A line of text (or digits) from the manager; Esc asks nothing further."""

        def answered(text: str | None) -> None:
            if text:
                then(text)

        from floorctl.screens.dialogs import TextDialog

        self.push_screen(TextDialog(title, prompt, digits=digits, value=value), answered)

    def ask_time(self, title: str, then: Callable[[str], None]) -> None:
        """A time of day, HH:MM, from the manager."""
        from floorctl.screens.dialogs import TimeDialog

        def answered(text: str | None) -> None:
            if text:
                then(text)

        self.push_screen(TimeDialog(title), answered)

    # ---- keys

    async def on_event(self, event: events.Event) -> None:
        """Committed full-width text works as keys wherever no text is being typed."""
        if not isinstance(event, events.Key) or event.is_forwarded or not self.screen_stack:
            await super().on_event(event)
        elif self.screen is not self.frame:
            self.app_focus = True
            cast("Dialog", self.screen).press(event)
        else:
            key = ascii_key(event.key, event.character)
            if len(key) == 1 and is_kana(key):
                self.state.say("IMEを切ってください（半角/全角キー）", "warn")
                self.redraw()
                return
            if event.character is not None and event.character != key and len(key) == 1:
                event = events.Key(key, key)
            # At once and not through the screen's own queue, where the next keys would wait too, and act on the board
            # though this one has opened a dialog.
            self.app_focus = True
            if not await self._check_bindings(event.key, priority=True):
                self.frame.on_key(event)

    def _handle_exception(self, error: Exception) -> None:
        """A fault of ours ends the console with one sentence; every fact acknowledged so far is in the file."""
        self._exception = error
        if isinstance(error, FloorctlError):
            self.fatal = self.fatal or error  # such as facts that do not fit the site
        elif self.fatal is None:
            self.fatal = FloorctlError(
                "盤面で思いがけない不具合が起きました",
                type(error).__name__,
                "記録はファイルに残っています。もう一度開いてください",
            )
        if self.is_headless:
            super()._handle_exception(error)
            return
        self.exit(return_code=1)

    def perform(self, action_id: str) -> None:
        """Runs an action of the registry by its id, or says why it is not possible now."""
        import floorctl.screens.acts  # noqa: F401 - registers the acts
        from floorctl.screens.asking import ACTS

        action = BY_ID[action_id]
        why = action.why_not(self.state)
        if why:
            self.state.backdate_min = 0
            self.state.say(f"{action.at(self.state.site).label}: {why}", "warn")
            self.redraw()
            return
        ACTS[action_id](self)
        self.redraw()
