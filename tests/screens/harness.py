"""The console under test: a FloorApp over a real file with a clock that is moved by hand, driven like a manager would.

Nothing here sleeps for a fixed time: after each key the harness waits until every message queue is empty and the engine
has answered every wish that it was given, and fails after ``DEADLINE_S``.
"""

from __future__ import annotations

import asyncio
import gc
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import pytest
from rich.cells import cell_len, get_character_cell_size
from textual import events
from textual._context import visible_screen_stack
from textual._time import get_time
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from floorctl.console import engine as engine_module
from floorctl.console.engine import Engine
from floorctl.console.keys import BY_ID
from floorctl.console.own_settings import OwnSettings
from floorctl.console.state import ConsoleState
from floorctl.database.store import Store
from floorctl.intake.feed import Intake
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.screens import questions
from floorctl.screens.acts import VIEWS
from floorctl.screens.app import FloorApp
from floorctl.screens.asking import Ask
from floorctl.screens.dialogs import Dialog
from floorctl.screens.drawing.canvas import Canvas
from floorctl.screens.frame import FrameScreen
from floorctl.screens.records.tally import TallyView
from floorctl.screens.terminal_input import stamp
from floorctl.usecases.session import Session
from tests.story import MONDAY, HandClock, Story, feed_of, instant, kumagaya, numbered

DEADLINE_S = 10.0
# The keys that open the screens beside the board.
VIEW_KEYS = tuple(BY_ID[x].keys[0] for x in (*VIEWS, "by_hand"))
SIZE = (120, 36)
Lines = Sequence[dict[str, Any]]


# What of the engine asks it for nothing.
_NO_WORK = ("start", "stop", "hear", "parking", "release", "drop")


class Answers:
    """Counts what the engine was asked and what it has answered."""

    def __init__(self, engine: Engine) -> None:
        self.asked = self.answered = self.turns = 0
        for name, method in list(vars(Engine).items()):
            if callable(method) and not name.startswith("_") and name not in _NO_WORK:
                setattr(engine, name, self._counted(getattr(engine, name)))
        self._drop, engine.drop = engine.drop, self._dropped  # type: ignore[method-assign]
        self._work, engine._work = engine._work, self._worked  # type: ignore[method-assign]
        self._poll, engine._poll_feeds = engine._poll_feeds, self._turned  # type: ignore[method-assign]

    def _counted(self, ask: Callable[..., None]) -> Callable[..., None]:
        def counted(*args: Any, **more: Any) -> None:
            self.asked += 1
            ask(*args, **more)

        return counted

    def _dropped(self) -> list[str]:
        dropped = self._drop()
        self.asked -= len(dropped)
        return dropped

    def _worked(self, job: Any) -> None:
        self._work(job)
        self.answered += 1

    def _turned(self, tails: list[Any]) -> None:
        self._poll(tails)
        self.turns += 1


class Reached(asyncio.Event):
    """A message pump has come so far; Textual need not look how to call it."""

    _param_count = 0

    def __call__(self) -> None:
        self.set()


@dataclass
class Console:
    """A console that runs. ``press`` is the manager's hand, ``text`` the manager's eye, ``facts`` the auditor's."""

    app: FloorApp
    path: Path
    clock: HandClock
    site: Site
    pilot: Pilot[None] = field(init=False)
    answers: Answers = field(init=False)
    pressed: int = 0
    marked: int = 0  # how many facts the file had when a story began to watch
    settled: int = -1  # how much had been asked of the engine when last all of it was answered and painted

    # ---- waiting

    async def until(self, holds: Callable[[], Any], what: str) -> None:
        """Waits until ``holds``; fails with the screen's text when it does not within the deadline."""
        end = time.monotonic() + DEADLINE_S
        while not holds():
            error = self.app._exception
            if error is not None:
                raise error
            assert time.monotonic() < end, f"never came: {what}\n{self.text()}"
            await asyncio.sleep(0.002)

    async def settle(self) -> None:
        """Until no message is under way and the engine owes no answer."""
        await self._drain()
        while self.answers.asked != self.settled:
            self.settled = self.answers.asked
            await self.until(lambda: self._answered(self.settled), "the engine's answer")
            await asyncio.sleep(0)  # what the engine's thread has said reaches the queue in the loop's next turn
            await self._drain()
        await self.until(lambda: not self.app.questions.unseen, "the painting of what the engine asks")
        if isinstance(self.app.screen, Dialog):
            # A window that has lost the focus and got it back leaves a new dialog without one, until the next key.
            await self.until(lambda: self.app.screen.query(Input), "the dialog's field")
            self.app.screen._on_timer_update()  # its boxes take their new heights now, not at the next tick
            await self._drain()
        if self.app._exception is not None:
            raise self.app._exception

    def _answered(self, asked: int) -> bool:
        thread = self.app.engine._thread
        return self.answers.answered >= asked or (thread is not None and not thread.is_alive())

    async def _drain(self) -> None:
        quiet = 0
        while quiet < 2:
            # A word to the screen under a dialog would repaint everything.
            pumps: list[MessagePump] = [self.app, *self.app.screen.walk_children(with_self=True)]
            busy = bool(self.app.keys) or any(not p._message_queue.empty() for p in pumps if p._running)
            reached = [Reached() for _ in pumps]
            sent = [e for p, e in zip(pumps, reached, strict=True) if p._running and p.call_later(e)]
            for _ in range(8):  # turns of the loop: nearly all pumps answer in the first ones
                if sent:
                    await asyncio.sleep(0)
                    sent = [e for e in sent if not e.is_set()]
            for event in sent:
                try:
                    await asyncio.wait_for(event.wait(), 0.25)
                except TimeoutError:  # a widget that was removed meanwhile answers no more
                    break
            quiet = 0 if busy else quiet + 1

    # ---- the manager

    async def press(self, *keys: str) -> Self:
        """Presses keys one after the other, each once the one before has been answered."""
        for key in keys:
            self.pressed += 1
            self.clock.at += timedelta(milliseconds=1)  # no two acts of a hand fall into one instant
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await self.settle()
        return self

    async def scan(self, text: str, *, end: str = "enter", gap_s: float = 0.003, rest_s: float = 1.0) -> Self:
        """A barcode reader types text and a key; then nothing comes for a while.

        The times of the keys are given: nobody waits for them.
        """
        at = get_time() - rest_s - gap_s * (len(text) + 1)
        for n, char in enumerate((*text, *[end] * bool(end))):
            key = events.Key(char, char if len(char) == 1 else None)
            key.time = at + n * gap_s
            stamp(key)
            self.app.post_message(key)
        await self.settle()
        await self.until(lambda: not self.app.input._bursts, "the end of what was typed")
        await self.settle()
        return self

    async def type(self, text: str) -> Self:
        """Types text into the open field, as a keyboard or an IME commits it."""
        for char in text:
            self.app.post_message(events.Key(char, char))
        await self.settle()
        return self

    async def enters(self, text: str) -> Self:
        """Types text into the open field and ends it with Enter."""
        await self.type(text)
        return await self.press("enter")

    def asks(self, question: Callable[[Ask], Coroutine[Any, Any, Any]]) -> list[Any]:
        """Asks a question as an act does; the list gets its answer."""
        answers: list[Any] = []

        async def asking() -> None:
            answers.append(await question(Ask(self.app)))

        self.app.start(asking())
        return answers

    async def click(self, x: int, y: int) -> Self:
        """The left button down and up at a cell, as the terminal reports it."""
        for kind in (events.MouseDown, events.MouseUp):
            self.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
        await self.settle()
        return self

    async def click_on(self, words: str, skip: int = 0) -> Self:
        """Clicks on words that stand on the screen."""
        for y, row in enumerate(self.rows()):
            at = row.find(words)
            if at >= 0:
                if skip:
                    skip -= 1
                    continue
                return await self.click(cell_len(row[:at]), y)
        raise AssertionError(f"{words} is not on the screen\n{self.text()}")

    async def at(self, time_of_day: str, day: date | None = None) -> Self:
        """Moves the clock, and lets the console see it."""
        self.clock.at = instant(time_of_day, day or self.clock.at.date())
        self.app.call_later(self.app.tick)
        await self.settle()
        return self

    # ---- somebody else

    async def hears(self, story: Story | Lines, source: str = "feed") -> Self:
        """Facts that another process takes in; waits until the console has them."""
        lines = story.lines if isinstance(story, Story) else story
        ingest(self.path, self.site, lines, self.clock, source)
        keys = {(source, line["id"]) for line in lines}
        await self.until(lambda: keys <= {e.key for e in self.floor.entries}, "the facts of the feed")
        await self.settle()
        return self

    def beside(self, actor: str = "cli") -> Session:
        """Another session on the same file and clock; the caller closes it."""
        return Session(self.site, self.path, clock=self.clock, actor=actor)

    # ---- seeing

    @property
    def state(self) -> ConsoleState:
        return self.app.state

    @property
    def message(self) -> str:
        return self.app.state.line.text

    @property
    def floor(self) -> Floor:
        return self.app.state.day.floor

    @property
    def frame(self) -> FrameScreen:
        """The top picture (a dialog may stand over it)."""
        return next(s for s in reversed(self.app.screen_stack) if isinstance(s, FrameScreen))

    def strips(self) -> list[Strip]:
        """The whole terminal, row by row, as it is painted."""
        # As Textual's own screenshot does: what shines through a dialog is painted too.
        visible_screen_stack.set(self.app._background_screens)
        return self.app.screen._compositor.render_strips(self.app.size)

    def rows(self) -> list[str]:
        return [strip.text for strip in self.strips()]

    def text(self) -> str:
        """Everything that the terminal shows."""
        return "\n".join(row.rstrip() for row in self.rows())

    def picture(self) -> str:
        """Return the rows of the top picture, drawn now."""
        canvas = Canvas(*self.frame.picture.size)
        self.frame.draw(canvas)
        return canvas.text()

    def sees(self, *words: str) -> None:
        """Each of these words stands on the screen."""
        shown = self.text()
        for word in words:
            assert word in shown, f"{word} is not on the screen\n{shown}"

    def clean(self) -> None:
        """Every row is as wide as the screen, and nothing in it is obeyed by a terminal."""
        for y, strip in enumerate(self.strips()):
            text = strip.text
            assert cell_len(text) == strip.cell_length == self.app.size.width, (y, text)
            bad = [hex(ord(c)) for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
            assert not bad, (y, bad, text)

    # ---- what the file says

    def facts(self) -> list[Entry]:
        """All facts of the file, read anew by somebody else."""
        store = Store(self.path)
        try:
            return store.facts_after(0, 1_000_000)
        finally:
            store.close()

    def kinds(self) -> list[str]:
        """Kinds of the facts that the console has written, in their order."""
        return [e.kind for e in self.facts() if e.source == "console"]

    def wrote(self, n: int = 1) -> list[tuple[str, dict[str, Any]]]:
        """Kind and own fields of the last ``n`` facts that this console has written."""
        mine = [e for e in self.facts() if e.source == "console" and e.actor == "console"]
        return [(e.kind, e.fact.fields()) for e in mine[-n:]]

    def last(self) -> Entry:
        """The last fact of the file."""
        return self.facts()[-1]

    def told(self) -> tuple[Floor, Register]:
        """The Floor and the Register as a fresh session reads them from the file."""
        session = self.beside()
        try:
            return session.floor(), session.register()
        finally:
            session.close()


def ingest(
    path: Path, site: Site, lines: Lines, clock: Callable[[], Any], source: str = "feed", *, live: bool = False
) -> None:
    """Takes feed lines into a file, all at once or, ``live``, each when it happened; none may be refused."""
    said: list[tuple[int, str]] = []
    now, store = HandClock(clock()), Store(path, create=True)
    intake = Intake(store, site, source, now, lambda n, why: said.append((n, why)))
    try:
        for at, told in groupby(lines, key=lambda line: str(line["at"]) if live else ""):
            now.at = min(clock(), datetime.fromisoformat(at)) if live else clock()
            intake.take(numbered(feed_of(told)))
    finally:
        store.close()
    assert not said, said


def new_app(
    path: Path,
    clock: HandClock,
    *,
    site: Site | None = None,
    feeds: Sequence[Path] = (),
    theme: str | None = "dark",
    create: bool = True,
    read_only: bool = False,
    own: OwnSettings | None = None,
    place_note: str = "",
) -> FloorApp:
    """A console that has not begun; its session is opened in the engine's thread, as in production."""
    where = site or kumagaya()
    app = FloorApp(
        lambda: Session(
            where, path, clock=clock, actor="console", create=create and not read_only, read_only=read_only
        ),
        feeds=feeds,
        read_only=read_only,
        clock=clock,
        theme_name=theme,
        bell=False,
        own=own,
        place_note=place_note,
    )
    app.state.settings.pace_s = 0  # a story tells its facts faster than any hall
    return app


@asynccontextmanager
async def console(
    folder: Path,
    lines: Story | Lines = (),
    *,
    at: str = "10:00",
    day: date = MONDAY,
    size: tuple[int, int] = SIZE,
    name: str = "floor.db",
    live: bool = False,
    **more: Any,
) -> AsyncIterator[Console]:
    """A running console whose file already holds ``lines``."""
    path, clock, site = folder / name, HandClock(instant(at, day)), more.get("site") or kumagaya()
    told = lines.lines if isinstance(lines, Story) else lines
    if told:
        ingest(path, site, told, clock, live=live)
    TallyView._last = 0  # the grid's cursor outlives its screen
    app = new_app(path, clock, **more)
    c = Console(app, path, clock, site)
    c.answers = Answers(app.engine)
    with pytest.MonkeyPatch.context() as patch:
        # The engine looks at the file more often than in production: the tests need not wait for it.
        patch.setattr(engine_module, "FOLLOW_S", 0.01)
        patch.setattr(engine_module, "POLL_S", 0.005)
        # This hand rests after every key.
        patch.setattr(questions, "QUIET_S", 0.0)
        patch.setattr(questions, "UNSEEN_S", 0.0)
        patch.setattr(gc, "freeze", lambda: None)  # what is frozen is never freed; a suite starts hundreds of consoles
        async with app.run_test(size=size, notifications=True) as pilot:
            c.pilot = pilot
            await c.until(
                lambda: app.state.ready and app.state.forecasts.forecaster and c.answers.turns > 1,
                "the file, and the engine's loop",
            )
            await c.settle()
            yield c
            assert app._exception is None
    assert app.engine._thread is None or not app.engine._thread.is_alive()


def cut(row: str, start: int, end: int) -> str:
    """The characters of the cells from ``start`` to before ``end``."""
    kept, x = "", 0
    for char in row:
        if start <= x < end:
            kept += char
        x += get_character_cell_size(char)
    return kept


def open_day(officials: int = 2, at: str = "08:30") -> list[dict[str, Any]]:
    """Feed lines of a day that is open, with somebody at every terminal."""
    story = Story(prefix="o").opens(at, officials)
    for n, terminal in enumerate(kumagaya().terminals, 1):
        story.staffs(terminal.code, f"S{n:02d}", at)
    return story.lines


def joined(*stories: Story | Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of several stories as one feed."""
    return [line for s in stories for line in (s.lines if isinstance(s, Story) else s)]
