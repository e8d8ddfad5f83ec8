"""The Textual application: frame, themes, one live loop, one funnel for errors. The acts of the keys: screens/acts.py."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import App
from textual.message import Message

from floorctl.common.action_keys import key_of, keyed
from floorctl.common.clock import Clock, system_clock
from floorctl.common.errors import FloorctlError, on_console
from floorctl.common.words import READ_ONLY_WORD
from floorctl.console.action import remap
from floorctl.console.cursor import turned
from floorctl.console.engine import Engine
from floorctl.console.keys import BY_ID
from floorctl.console.messages import (
    Answered,
    Arrived,
    Done,
    Failed,
    FeedsSeen,
    FileTrouble,
    Loaded,
    Mended,
    Taught,
    Unclosed,
)
from floorctl.console.own_settings import OwnSettings
from floorctl.console.possible import LOOKS_ONLY
from floorctl.console.state import ConsoleState
from floorctl.console.state_parts import Notice, Settings
from floorctl.screens.board.view import BoardView
from floorctl.screens.drawing.palette import Palette
from floorctl.screens.drawing.themes import THEME_NAMES, THEMES
from floorctl.screens.frame import FrameScreen
from floorctl.screens.key_input import KeyInput
from floorctl.screens.key_line import KeyLine
from floorctl.screens.lost_terminal import end_anyway, tolerant
from floorctl.screens.questions import WAITS, Questions
from floorctl.screens.running import Act, Running
from floorctl.screens.terminal_input import Lost, listening

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen

    from floorctl.console.hall_page import HallPageKeeper
    from floorctl.models.board.alert import Alert
    from floorctl.models.facts.entry import Entry
    from floorctl.screens.key_input import Pressed
    from floorctl.usecases.session import Session

# How long after the mount the screen's thread has nothing to do (s); and how long one thread keeps the interpreter while
# another wants it: as usual, and until the board stands, so that the frame need not wait for the worker's imports.
_PAUSE_S = 0.005
_SWITCH_S, _STARTING_SWITCH_S = sys.getswitchinterval(), 0.001


# Severities of the alerts that ring, by the setting; as often as there are more of one.
_RINGS: dict[str, tuple[str, ...]] = {"": (), "off": (), "urgent": ("critical",), "all": ("critical", "warning")}


def _each(found: Sequence[Alert], severities: tuple[str, ...]) -> frozenset[tuple[str, int]]:
    """Return the alerts of some severities, those of one code by number."""
    counted = Counter(a.code for a in found for _ in range(a.many) if a.severity in severities)
    return frozenset((code, n) for code, many in counted.items() for n in range(many))


def _warm_up() -> None:
    """Load what the first keys need while nobody has pressed one: else the first key would wait for it."""
    from floorctl.screens.acts import VIEWS

    for module, _ in VIEWS.values():
        import_module(f"floorctl.screens.{module}")
    import_module("floorctl.commands.decide")


class FromEngine(Message):
    """Message of the worker thread."""

    def __init__(self, said: object) -> None:
        self.said = said
        super().__init__()


class _ToldToEnd:
    """Order of the system to end, queued behind the keys that were pressed before."""


# How long the keys that were pressed before the system ended the console may take (s).
_WORKS_OFF_S = 5.0


class FloorApp(App[None]):
    """The console. ``open_session`` is called in the worker thread, while the frame is being painted.

    ``place_note``: what is said at the start of the data file's folder.
    """

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
        read_only: bool = False,
        own: OwnSettings | None = None,
        place_note: str = "",
    ) -> None:
        super().__init__()
        self.own = own or OwnSettings()
        remap(self.own.keys)
        self.state = ConsoleState(Settings(clock, sizes=self.own.sizes), read_only=read_only)
        self.engine = Engine(open_session, tuple(feeds), self._from_engine, on_facts, read_only)
        self.fatal: FloorctlError | None = None
        self._on_ready = on_ready
        self.leaving = self._warm = False
        self._ending, self._worked_off = threading.Event(), threading.Event()  # by the system; every key before it
        self._answering = False  # what the engine has said is being taken in
        self.questions = Questions(self._free, self.set_timer)
        self.keys = KeyLine(lambda: self.topmost)
        self.input = KeyInput(self)
        self.place_note = place_note
        self.running = set[Running]()  # acts that wait for an answer
        self.hall_page: HallPageKeeper | None = None
        self._handlers: dict[int, Any] = {}
        self._palettes = {name: Palette(name) for name in THEME_NAMES}
        self._no_color = bool(os.environ.get("NO_COLOR"))
        self._fixed_theme = theme_name or ("mono" if self._no_color else self.own.theme)
        self.palette_name = self._fixed_theme or "dark"
        self._bell = (self.own.bell or "") if bell else "off"  # "": the site says
        self._rung = self._urgent = frozenset[tuple[str, int]]()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = f"floor-{self.palette_name}"

    @property
    def palette(self) -> Palette:
        return self._palettes[self.palette_name]

    def get_driver_class(self) -> type[Driver]:
        heard = listening(super().get_driver_class(), lambda words: self._from_engine(Lost(words)), self._terminal_gone)
        return tolerant(heard, self._terminal_gone, lambda: self._ending.is_set())

    def _terminal_gone(self) -> None:
        """End the console: nobody is at the other end of the terminal any more. Safe to call from any thread."""
        if self._ending.is_set():
            return
        self._ending.set()
        if not self.is_headless:
            end_anyway(self._record, 1)

        async def told() -> None:
            self._from_engine(_ToldToEnd())

        # On the way on which keys come: a shorter one would overtake those that were pressed before.
        if self.floor_loop.is_running():
            asyncio.run_coroutine_threadsafe(told(), self.floor_loop)

    def _record(self) -> None:
        """Wait until the keys that were pressed before the end have been worked off and recorded, ``_WORKS_OFF_S`` at most."""
        self._worked_off.wait(_WORKS_OFF_S)
        self.engine.stop()

    def on_load(self) -> None:
        """Take over the signals before the terminal: from here on it is restored however the console ends."""
        self.floor_loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # Windows has no SIGHUP. The loop's own handlers would wait for a loop that waits for a stalled terminal.
            with suppress(AttributeError, ValueError, OSError):
                number = getattr(signal, name)
                self._handlers[number] = signal.signal(number, lambda *_: self._terminal_gone())

    def _told_to_end(self) -> None:
        """Record what was pressed, then end: the window was closed, the line was cut, the PC shuts down."""
        if self.fatal is None:
            self.fatal = FloorctlError(
                "盤面を閉じました",
                "外部から終了を求められました",
                "記録はファイルに残っています。floorctl を開き直してください",
            )
        self.input.settle()
        self.keys.put(lambda: self.leave(1))

    async def action_quit(self) -> None:
        """Leave the console, by Textual's own key."""
        self.leave()

    def leave(self, return_code: int = 0) -> None:
        """End the console once what was pressed has been recorded; say so while that takes time."""
        self.input.settle()
        self._worked_off.set()
        if self.leaving:
            return
        self.leaving = True
        if not self.engine.owed:
            self.exit(return_code=return_code)
            return
        self.state.line.say(f"{self.engine.owed}件を書き込んでいます。終わりしだい閉じます（長くて30秒）", "warn")
        self.redraw()

        def wait() -> None:
            self.engine.stop()
            with suppress(RuntimeError):
                self.floor_loop.call_soon_threadsafe(lambda: self.exit(return_code=return_code))

        threading.Thread(target=wait, name="floorctl-leave", daemon=True).start()

    def get_default_screen(self) -> Screen[None]:
        """Return the frame itself: a screen pushed over Textual's own would be styled and painted after that one."""
        self.frame = FrameScreen(BoardView(self))
        return self.frame

    def on_mount(self) -> None:
        # Textual paints at its next tick. The worker begins in that pause, and not before: two threads share one
        # interpreter, and the frame would come later by half of what the file takes to be read.
        sys.setswitchinterval(_STARTING_SWITCH_S)
        self.floor_loop.call_later(_PAUSE_S, self.engine.start)
        self.call_after_refresh(self.set_interval, 1.0, self.tick)

    def on_resize(self) -> None:
        """Paint everything anew: a window made small and large again between two looks has lost what it showed."""
        self.screen.refresh()

    def on_unmount(self) -> None:
        self.leaving = True
        for act in tuple(self.running):
            act.close()
        self.engine.stop()
        lost, why = self.engine.unrecorded, next(iter(self.engine.unheard), self.engine.last_failure)
        if lost:
            said = FloorctlError(
                f"{lost}件を記録できませんでした",
                why.why or why.what if why is not None else "ファイルが使われ続けています",
                keyed("floorctl を開き直し、記録（{journal}）で確かめて入れ直してください"),
            )
            if self.fatal is not None:
                said.exit_status = self.fatal.exit_status
            self.fatal, self._return_code = said, said.exit_status
        for number, handler in self._handlers.items():
            with suppress(ValueError, TypeError):
                signal.signal(number, handler)

    # ---- the live loop -------------------------------------------------------------------------------------------

    def _from_engine(self, said: object) -> None:
        self.post_message(FromEngine(said))

    def tell(self, notice: Notice) -> None:
        """Show an oral message to the trainee. Safe to call from any thread."""
        self._from_engine(notice)

    def on_from_engine(self, message: FromEngine) -> None:
        self._answering = True
        try:
            self._take_in(message.said)
        finally:
            self._answering = False
        self.redraw()

    def _take_in(self, said: object) -> None:
        state = self.state
        match said:
            case Loaded():
                first = not state.ready
                state.load(said)
                if first:
                    self._apply_settings()
                    if not (said.entries or said.register_entries or said.began or state.settings.banner):
                        state.line.say(self._first_words())
                    warnings = [self.own.warning if self.own.faults else "", self.place_note]
                    if any(warnings):
                        state.line.say("  ".join(filter(None, warnings)), "warn")
                    # Once for the widgets to say what they need, once for the screen to paint it: until then nobody
                    # else wants the interpreter.
                    self.call_after_refresh(self.call_after_refresh, self._settle)
            case Taught():
                state.learn(said)
                self.call_after_refresh(self.call_after_refresh, self._get_ready)
            case Arrived():
                state.take(said)
            case FeedsSeen():
                state.see_feeds(said)
            case Unclosed():
                state.see_unclosed(said)
            case Answered():
                state.answer(said)
                self.frame.view.answered(said.what)
                if said.reply is not None:
                    said.reply(said.value)
            case _ToldToEnd():
                self._told_to_end()
            case FileTrouble():
                state.file.trouble = said.why
                state.changed()
            case Notice():
                state.line.notify(said)
            case Lost():
                state.line.say(said.words, "warn")
            case Done():
                state.take(said.arrived)
                self._say_done(said)
            case Failed():
                self._say_failed(said)
            case Mended():
                state.line.let_fade(said.error.on_screen)

    def _first_words(self) -> str:
        """Return what is said of a file with nothing in it: what can be done first, and where to practise."""
        if self.state.read_only:
            return f"まだ記録がありません。{LOOKS_ONLY.what}  F1 操作一覧"
        begin = keyed("  Enter 開場  名簿があれば {advice_take} 1人ずつ配置") if self.state.day.info.open else ""
        return f"初めての記録です{begin}  練習は floorctl demo"

    def _settle(self) -> None:
        """Go on with what could wait until the board is painted."""
        self.engine.painted.set()
        sys.setswitchinterval(_SWITCH_S)
        gc.freeze()
        gc.enable()
        if self._on_ready is not None:
            self._on_ready()

    def _get_ready(self) -> None:
        """Load what the first keys need, in a thread that nobody waits for, once the forecasts are painted."""
        if not self._warm:
            self._warm = True
            threading.Thread(target=_warm_up, name="floorctl-warm-up", daemon=True).start()

    def _apply_settings(self) -> None:
        site = self.state.day.site
        self._bell = self._bell or ("urgent" if site.board.bell else "off")
        if self._fixed_theme is None:
            self.set_palette(site.board.theme)

    def _say_done(self, done: Done) -> None:
        if not done.entries:
            self.state.line.say("変わりはありません（すでにその状態です）")
        else:
            label = done.label if isinstance(done.label, str) else done.label(done.entries)
            final = any(e.fact.final for e in done.entries) or self.state.day.moves_back(done.entries)
            self._say_recorded(label if final else f"{label}   {key_of('undo')} 取消", done)
        if done.reply is not None:
            done.reply(done.entries)
        if done.warnings:
            self.state.line.say(on_console("  ".join(done.warnings)), "warn")

    def _say_recorded(self, text: str, done: Done) -> None:
        """Tell an act; one that no key has called for stands behind a refusal that is being read."""
        line = self.state.line
        by_itself = any(getattr(e.fact, "unasked", False) for e in done.entries)
        if by_itself and line.text and line.role in ("warn", "bad"):
            line.say(f"{line.text}   {text}", line.role)
        else:
            line.say(text, "ok")

    def _say_failed(self, failed: Failed) -> None:
        if failed.what:
            self.state.questions.asked.discard(failed.what)
            self.state.questions.failed[failed.what] = failed.error.on_screen
            self.state.changed()
        (failed.reply or self.say_refused)(failed.error)
        if failed.fatal:
            self.fatal = failed.error
            self.state.file.fatal = failed.error.on_screen
            self.state.changed()
            if not self.state.ready:
                self.exit()

    def tick(self) -> None:
        """Move the clocks on and ring for what has become urgent, once a second."""
        self.state.line.fade()
        if self.hall_page is not None:
            self.hall_page.look(self.state)
        self.redraw()
        self.questions.look()
        if not self.state.ready:
            return
        self._calibrate()
        found = self.state.alerts_now()
        critical = _each(found, ("critical",))
        rings = _each(found, _RINGS[self._bell])
        if rings - self._rung:
            self.bell()
        if critical != self._urgent:
            name = self.state.site.name if self.state.site else "floorctl"
            name += f"（{READ_ONLY_WORD}）" if self.state.read_only else ""
            self.title = f"至急 {len(critical)}件 {name}" if critical else name
            self._write_title(self.title)
        self._rung, self._urgent = rings, critical

    def _calibrate(self) -> None:
        """Have the engine learn the day anew where facts have come late: no key waits for it."""
        learned = self.state.forecasts.ask_calibration()
        if learned is not None:
            from floorctl.console.forecasts import CALIBRATION
            from floorctl.screens.asking import ask_file

            ask_file(self, CALIBRATION, learned)

    def _write_title(self, title: str) -> None:
        if self._driver is not None and not self.is_headless:
            self._driver.write(f"\x1b]0;{title}\x07")

    def redraw(self) -> None:
        """Redraw what is shown; only rows that differ reach the terminal."""
        self.frame.redraw()

    # ---- themes

    def set_palette(self, name: str) -> None:
        self.palette_name = name
        self.theme = f"floor-{name}"

    def next_palette(self) -> None:
        self.set_palette(turned(THEME_NAMES, self.palette_name, 1))

    def keep_palette(self) -> str:
        """Keep the theme for the next start; return a sentence on what came of it, "" where nothing is kept."""
        if (
            self.own.path is None or self._no_color or self.state.read_only
        ):  # no file is written, or it would not be in force
            return ""
        from floorctl.console.kept_theme import keep_theme

        try:
            keep_theme(self.own.path, self.palette_name)
        except FloorctlError as error:
            return f"（次の開始までは残りません: {error.why}）"
        return "（次からもこの配色で始めます）"

    # ---- asking

    def _free(self) -> bool:
        """Return whether a box may open that no key has called for."""
        asked = self.state.pending.choice is not None or self.state.pending.typing_backdate is not None
        return not asked and not self.keys and self.topmost is self.frame and not self.leaving

    @property
    def topmost(self) -> Screen[Any] | None:
        """Return the frame, or the dialog over it; None once the console is being taken down."""
        return self.screen_stack[-1] if self.screen_stack else None

    def dialog_closed(self) -> None:
        self.keys.go_on()
        self.questions.closed()

    def pose(self, question: Callable[[], object], /) -> None:
        """Open a question: at once for a key; for the engine once no other question is open and no key was pressed for a moment."""
        if not self._answering:
            question()
            return

        def show() -> None:
            self._answering = False  # its own parts need not wait again
            self.state.day.past = None  # what is asked is about the present
            question()
            self.redraw()
            self.call_after_refresh(self.call_after_refresh, self.questions.painted)

        if not self._free():
            self.state.line.say(WAITS, "warn")
        self.questions.put(show)

    def start(self, act: Act, /) -> None:
        """Run an act up to its first question or record."""
        Running(self, act).start()

    def shown(self, error: FloorctlError) -> None:
        """Note that the manager sees why an act failed."""
        self.engine.hear(error)

    def say_refused(self, error: FloorctlError) -> None:
        """Show why an act failed; once the console is being left nobody sees it any more."""
        if not self.leaving:
            self.engine.hear(error)
        self.state.line.say(error.on_screen, "bad")

    # ---- keys

    async def on_event(self, event: events.Event) -> None:
        """Hand keys, pastes and clicks over as they come."""
        by_hand = isinstance(event, events.Key | events.Paste | events.MouseDown) and not event.is_forwarded
        if by_hand and (self.leaving or self.input.hears(cast("Pressed | events.MouseDown", event))):
            return
        await super().on_event(event)
        self.questions.look()

    def _handle_exception(self, error: Exception) -> None:
        """End the console with one sentence at an internal fault; every acknowledged fact is in the file."""
        self._exception = error
        if isinstance(error, FloorctlError):
            self.fatal = self.fatal or error  # such as facts that do not fit the site
        elif self.fatal is None:
            self.fatal = FloorctlError(
                "盤面で予期しない不具合が起きました",
                type(error).__name__,
                "記録はファイルに残っています。もう一度開いてください",
            )
        if self.is_headless:
            super()._handle_exception(error)
            return
        self.exit(return_code=1)

    def perform(self, action_id: str) -> None:
        """Run an action of the registry by its id, or say why it is not possible now."""
        import floorctl.screens.acts  # noqa: F401 - registers the acts
        from floorctl.screens.asking import ACTS

        action = BY_ID[action_id]
        why = action.why_not(self.state) or ("" if action.looks else self.state.file.fatal)
        if why:
            self.state.pending.backdate_min = 0
            self.state.line.say(f"{action.at(self.state.site).label}: {why}", "warn")
            self.redraw()
            return
        ACTS[action_id](self)
        self.redraw()
