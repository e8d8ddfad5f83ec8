"""Turn the bytes of the terminal into keys. Whatever comes, the reading thread goes on, in bounded memory.

Textual's own thread dies at the first byte that is no UTF-8 and at the first report that its parser cannot handle; the
console then takes no key any more. Its parser also collects an endless paste for ever.
"""

from __future__ import annotations

import codecs
import os
import re
import selectors
import signal
import sys
from asyncio import get_running_loop, run_coroutine_threadsafe
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any, NamedTuple

from textual import events
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message
from textual.messages import InBandWindowResize

UNREADABLE = "端末から読めない文字が届き、捨てました（端末の文字コードを UTF-8 にしてください）"
UNENDED = "貼り付けの終わりが端末から届きませんでした（その間に押したキーは、貼り付けた文字として扱いました）"
TOO_MUCH = "キー入力が多すぎて追いつかず、一部を捨てました（画面を見て、続きから押してください）"

READ_BYTES = 4096
# Most input read and not handled yet: a key held down must not be worked off for minutes.
BACKLOG = 500
# Far more than any field takes.
PASTE_CHARACTERS = 10_000
# A paste ends after so many seconds without input, or with single keys only. With less, the rest of a paste over a
# slow line would become keys.
PASTE_PAUSE_S = 2.0
_SINGLE_KEY = 16
# Losses within so many seconds of each other are reported once.
BURST_S = 5.0
# No terminal is so wide or so high, in cells.
_FARTHEST = 5_000

Say = Callable[[str], None]


class Lost(NamedTuple):
    """Unusable input of the terminal, in words for the manager."""

    words: str


class Burst:
    """Reporter of losses: one message for a series of them."""

    def __init__(self, say: Say, clock: Callable[[], float] = monotonic) -> None:
        self._say, self._clock, self._last = say, clock, dict[str, float]()

    def __call__(self, words: str) -> None:
        now = self._clock()
        last, self._last[words] = self._last.get(words), now
        if last is None or now - last > BURST_S:
            with suppress(Exception):  # such as a loop that has ended already: there is nobody to report to
                self._say(words)


def stamp(key: events.Key) -> None:
    """Mark a key as sent by the terminal: its ``time`` is that of its arrival, which tells a hand from a machine."""
    key.stamped = True  # type: ignore[attr-defined]


def is_stamped(key: events.Key) -> bool:
    """Return whether ``stamp`` has marked a key."""
    return getattr(key, "stamped", False)


# ---- bytes to text

_MARK = "\ufffd"
_HALF = "\ufdd0"  # as _MARK, where the first byte of two was the last that has come
# A character of two bytes of a Shift_JIS terminal: its second byte looks like a key, and must not act as one.
_LEADS = frozenset((*range(0x81, 0xA0), *range(0xE0, 0xFD)))
_SECONDS = range(0x40, 0x7F)
# A report of an old mouse: three bytes that are no text. Textual asks for another form and would make nothing of it.
_OLD_MOUSE = re.compile(rb"\x1b\[M[\x00\x20-\xff]{3}")
_BEGUN_MOUSE = re.compile(rb"\x1b\[M[\x00\x20-\xff]{0,2}\Z")
_CUT_MOUSE = re.compile(rb"\x1b(?:\[(?:M[\x00\x20-\xff]{0,2})?)?\Z")


def _marked(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    data, end = error.object, error.end
    if end - error.start == 1 and end < len(data) and data[error.start] in _LEADS and data[end] in _SECONDS:
        end += 1
    return (_HALF if error.start == len(data) - 1 and data[error.start] in _LEADS else _MARK), end


codecs.register_error("floorctl.marked", _marked)


class Letters:
    """Incremental UTF-8 decoder; invalid bytes are dropped, and ``lost`` is called."""

    def __init__(self, lost: Say) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("floorctl.marked")
        self._lost, self._held, self._quiet, self._half = lost, b"", 0, False

    def text(self, data: bytes) -> str:
        self._quiet = 0
        full, data = len(data) >= READ_BYTES, self._held + data
        if b"\x1b" in data:
            data = _OLD_MOUSE.sub(b"", data)
        begun = (_CUT_MOUSE if full else _BEGUN_MOUSE).search(data)
        data, self._held = (data[: begun.start()], begun[0]) if begun else (data, b"")
        if self._half and data:
            self._half = False
            data = data[1:] if data[0] in _SECONDS else data
        return self._known(self._decoder.decode(data))

    def idle(self) -> str:
        """Return the text held back for more bytes, if none came for a moment.

        An incomplete report of an old mouse is dropped; half a letter after a longer pause.
        """
        held, self._held = self._held, b""
        self._quiet += 1
        self._half = self._half and self._quiet < 10
        text = "" if held.startswith(b"\x1b[M") else held.decode("ascii")
        return text if self._quiet != 10 else text + self._known(self._decoder.decode(b"", True))

    def _known(self, text: str) -> str:
        if _MARK in text or _HALF in text:
            self._lost(UNREADABLE)
            self._half = text.endswith(_HALF)
            text = text.replace(_MARK, "").replace(_HALF, "")
        return text


# ---- text to keys


_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*|O)?\Z")


class _Paste:
    """Paste in progress; only its beginning is kept."""

    def __init__(self) -> None:
        self._kept, self._tail = "", ""

    @property
    def text(self) -> str:
        return (self._kept + self._tail)[:PASTE_CHARACTERS]

    def take(self, data: str) -> str | None:
        """Return the text after the end of the paste; None while it goes on."""
        inside, end, after = (self._tail + data).partition(BRACKETED_PASTE_END)
        keep = 0 if end else len(BRACKETED_PASTE_END) - 1  # it may have begun among the last characters
        cut = max(0, len(inside) - keep)
        inside, self._tail = inside[:cut], inside[cut:]
        self._kept += inside[: PASTE_CHARACTERS - len(self._kept)]
        return after if end else None


def _begun(text: str) -> str:
    """Return how many last characters of a text begin a paste's first sequence."""
    for n in range(len(BRACKETED_PASTE_START) - 1, 0, -1):
        if text.endswith(BRACKETED_PASTE_START[:n]):
            return BRACKETED_PASTE_START[:n]
    return ""


class Parser(XTermParser):
    """Textual's parser, restarted after a fault; pastes are taken out before it and are bounded."""

    def __init__(self, lost: Say, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._lost, self._clock = lost, clock
        self._paste: _Paste | None = None
        self._much_at = 0.0  # last time that more than a single key came
        self._before = ""  # part of a paste's first sequence that the parser already has

    def parse_mouse_code(self, code: str) -> Message | None:
        """Return a mouse report in cells; None if it is none, or lies outside any screen.

        After a report of the window's size Textual counts in pixels. With a size of 0, as terminals without pixels report
        it, it would divide by zero at the next move.
        """
        self.mouse_pixels = False
        event = super().parse_mouse_code(code)
        if isinstance(event, events.MouseEvent) and max(event.x, event.y) > _FARTHEST:
            self.last_x = self.last_y = 0.0
            return None
        return event

    def feed(self, data: str) -> Iterable[Message]:
        """Yield the keys of a text. Never raises."""
        if len(data) > _SINGLE_KEY:
            self._much_at = self._clock()
        yield from self._given_up()
        while data:
            if self._paste is not None:
                rest = self._paste.take(data)
                if rest is None:
                    return
                yield from self._pasted()
                data = rest
                continue
            before, start, after = (self._before + data).partition(BRACKETED_PASTE_START)
            if not start:
                self._before = _begun(before)
                yield from self._guarded(super().feed(data))
                return
            head = before[len(self._before) :]
            if self._before and not before:
                self._anew()  # its first part must not become keys
            elif head:  # an empty text would mean the end of everything
                yield from self._guarded(super().feed(head))
            self._paste, self._before, self._much_at, data = _Paste(), "", self._clock(), after

    def tick(self) -> Iterable[Message]:
        """Yield the keys that are complete because nothing followed them. Never raises."""
        yield from self._given_up()
        for message in self._guarded(super().tick()):
            self._before = ""
            yield message

    def skip(self, text: str) -> None:
        """Skip a text, except a sequence that begins at its end: its rest must not become keys."""
        self._anew()
        begun = _SEQUENCE.search(text)
        for _ in self._guarded(super().feed(begun[0])) if begun else ():
            pass

    def pastes(self, text: str) -> bool:
        """Return whether part of the text is pasted."""
        return self._paste is not None or BRACKETED_PASTE_START in self._before + text

    def patience_s(self, most: float) -> float:
        """Return the seconds to wait for more input before a tick."""
        return most if self._timeout_time is None else min(most, max(0.0, self._timeout_time - get_time()))

    def _guarded(self, messages: Iterable[Message]) -> Iterable[Message]:
        try:
            yield from messages
        except Exception:
            self._anew()
            self._lost(UNREADABLE)

    def _anew(self) -> None:
        """Restart the parser: a generator that has raised cannot go on."""
        self._before = ""
        super().__init__()

    def _pasted(self) -> Iterable[Message]:
        paste, self._paste = self._paste, None
        if paste is not None:
            yield events.Paste(paste.text.replace("\0", ""))

    def _given_up(self) -> Iterable[Message]:
        if self._paste is not None and self._clock() - self._much_at > PASTE_PAUSE_S:
            self._lost(UNENDED)
            yield from self._pasted()


# ---- the driver


def listening(driver_class: type[Any], say: Say, gone: Callable[[], None]) -> type[Any]:
    """Return the driver class with a reading thread that survives any input; it calls ``say`` and ``gone``.

    On Linux and macOS the thread is the driver's own; on Windows it is a class of the driver's module.
    """
    lost = Burst(say)
    module = sys.modules[driver_class.__module__]
    if hasattr(module, "win32"):
        _over_windows(module.win32, lost)

    class Listening(driver_class):  # type: ignore[misc]
        _sent = _taken = 0

        def start_application_mode(self) -> None:
            super().start_application_mode()
            if sys.platform != "win32" and callable(looks := signal.getsignal(signal.SIGWINCH)):
                # In turn: a signal that comes while another is answered would be told first, and the old size would stay.
                loop = get_running_loop()
                signal.signal(signal.SIGWINCH, lambda number, _: loop.call_soon_threadsafe(looks, number, None))

        def run_input_thread(self) -> None:
            listen(self, lost, gone)

        def _query_in_band_window_resize(self) -> None:
            """Do nothing: the kernel reports the size, and no mouse in pixels is needed."""

        def process_message(self, message: Message) -> None:
            """Take a message of the terminal, except unrequested reports of its size."""
            if isinstance(message, events.Key):
                stamp(message)
            if not isinstance(message, events.Resize | InBandWindowResize):
                super().process_message(message)

        def send_message(self, message: Message) -> None:
            if self.behind() < BACKLOG:
                self._sent += 1
                sent = run_coroutine_threadsafe(self._app._post_message(message), loop=self._loop)
                sent.add_done_callback(self._took)
            elif isinstance(message, events.Key | events.Paste):
                lost(TOO_MUCH)

        def _took(self, _: object) -> None:
            self._taken += 1

        def behind(self) -> int:
            """Return the number of messages that the console has not handled yet, in all queues."""
            waiting = self._sent - self._taken
            with suppress(Exception):  # there is no screen yet, or no more
                focused = self._app.focused
                waits = [self._app, *self._app.screen_stack[-1:], *([focused] if focused else [])]
                waiting += sum(w.message_queue_size for w in waits) + len(self._app.keys)
            return int(waiting)

    return Listening


def listen(driver: Any, lost: Say, gone: Callable[[], None]) -> None:
    """Read a terminal until the driver's ``exit_event``, or until it is closed: then call ``gone``."""
    letters, parser, leave = Letters(lost), Parser(lost), driver.exit_event
    with selectors.SelectSelector() as selector:
        selector.register(driver.fileno, selectors.EVENT_READ)
        while not leave.is_set():
            try:
                if selector.select(parser.patience_s(0.1)):
                    data = os.read(driver.fileno, READ_BYTES)
                    if not data:
                        break
                    text = letters.text(data)
                else:
                    text = letters.idle()
                if len(text) > _SINGLE_KEY and driver.behind() >= BACKLOG and not parser.pastes(text):
                    parser.skip(text)  # to parse a flood would take longer than it takes to come
                    lost(TOO_MUCH)
                    continue
                for message in (*parser.feed(text), *parser.tick()):
                    driver.process_message(message)
            except OSError:
                break
            except Exception:
                lost(UNREADABLE)
                leave.wait(0.05)
    if driver.input_tty and not leave.is_set():
        gone()


def _over_windows(win32: Any, lost: Say) -> None:
    """Make the driver for Windows use our parser, and restart when half a character ends its thread."""
    base: Any = getattr(win32.EventMonitor, "of_textual", win32.EventMonitor)

    class Monitor(base):  # type: ignore[misc]
        of_textual = base

        def run(self) -> None:
            super().run()
            while not self.exit_event.wait(0.05):
                lost(UNREADABLE)
                super().run()

    win32.EventMonitor = Monitor
    win32.XTermParser = lambda debug=False: Parser(lost)
