"""``status --watch``: the board of now, again and again, until Ctrl+C. The file is read as ``status`` reads it, and not held."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import click
from rich.cells import cell_len, set_cell_size

from floorctl.cli.base import Settings, print_json
from floorctl.cli.streams import OutputLost
from floorctl.cli.text import status_text
from floorctl.common.errors import Busy, Orders
from floorctl.models.site.site import Site
from floorctl.usecases.session import Session
from floorctl.usecases.status_now import status_now

LOOK_S = 0.5  # between two looks at the file: a change is seen within that time
Document = dict[str, Any]


class Output(Protocol):
    """Output to which the statuses go."""

    def show(self, document: Document, site: Site) -> None:
        """Show a status."""

    def stale(self) -> bool:
        """Return whether what is shown must be drawn again although nothing has changed."""

    def unread(self) -> bool:
        """Return whether nobody reads any more what is shown."""

    def end(self) -> None:
        """Leave everything as it was found."""


def watch(
    settings: Settings, every_s: float, output: Output,
    *, pause: Callable[[float], None] = lambda s: time.sleep(s), clock: Callable[[], float] = time.monotonic,
) -> None:  # fmt: skip
    """Show the status at each change of the file and every ``every_s`` seconds, until Ctrl+C or until nobody reads it."""
    session, seen, again_at = settings.session(), None, 0.0
    try:
        while not output.unread():
            with suppress(Busy):  # the file is busy for longer than a command waits: it is looked at again
                if _other_file(session):
                    session.close()
                    session, seen = settings.session(), None
                version = (session.store.exists, session.store.data_version())
                if version != seen or output.stale() or clock() >= again_at:
                    session.refresh()
                    output.show(status_now(session), session.site)
                    seen, again_at = version, clock() + every_s
            pause(LOOK_S)
    except KeyboardInterrupt:
        return
    except Exception:
        if Orders.status != 130:  # Ctrl+C may come out of a library as another exception
            raise
    finally:
        session.close()
        with suppress(OutputLost):
            output.end()


def _other_file(session: Session) -> bool:
    """Return whether the file has come, gone or been replaced since it was opened."""
    return bool(session.store.gone()) if session.store.exists else session.path.exists()


# ---- what has changed


def essence(document: Any) -> Any:
    """Return a document without what moves with the time alone: the time, lengths of waits, words with minutes in them."""
    if isinstance(document, list):
        return [essence(x) for x in document]
    if not isinstance(document, dict):
        return document
    moving = {"now", "text", *(key for key in document if key.endswith("_s"))}
    return {key: essence(value) for key, value in document.items() if key not in moving}


class Lines:
    """A pipe or a file: one status for each change, as text with a line between two, or as JSON with a line each."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._last: Any = None

    def show(self, document: Document, site: Site) -> None:
        now = essence(document)
        if now == self._last:
            return
        if self._json:
            print_json(document)
        else:
            click.echo(("" if self._last is None else f"\n{'-' * 40}\n\n") + status_text(document, site))
        self._last = now
        sys.stdout.flush()

    def stale(self) -> bool:
        """Return False: what was written stays."""
        return False

    def unread(self) -> bool:
        """Return whether the reader of the pipe has gone: without a change nothing is written, which would tell it."""
        if sys.platform == "win32":
            return False  # Windows cannot ask: there the next line tells it
        with suppress(OSError, ValueError, AttributeError):  # nor can a few other systems
            pipe = select.poll()
            pipe.register(sys.stdout.fileno(), 0)
            return any(event & select.POLLERR for _, event in pipe.poll(0))
        return False

    def end(self) -> None:
        """Do nothing: what was written stays."""


# ---- a terminal

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[2J", "\x1b[?25h\x1b[?1049l"  # the other screen, the cursor
_HOME, _REST_OF_LINE, _REST = "\x1b[H", "\x1b[K", "\x1b[J"


class Screen:
    """A terminal: the status is drawn over the one before; at the end the last one stays below the command."""

    def __init__(self, every_s: float) -> None:
        self._foot = f"{every_s:g}秒ごとと記録のたびに描き直します。Ctrl+C で終わります"
        self._last = ""
        self._entered = False
        self._drawn: os.terminal_size | None = None
        self._stop: Any = None  # how Ctrl+Z was answered before

    def show(self, document: Document, site: Site) -> None:
        self._last = status_text(document, site)
        entering, self._entered = not self._entered, True  # before it is written: Ctrl+C may come at any moment
        if entering and sys.platform != "win32":  # which has no Ctrl+Z
            self._stop = signal.signal(signal.SIGTSTP, self._put_aside)
        self._drawn = _size()
        _write((_ENTER if entering else "") + frame(self._last, self._foot, *self._drawn))

    def _put_aside(self, *_: object) -> None:
        """Answer Ctrl+Z: give the shell its screen and cursor, stop, and draw anew once the command goes on."""
        if sys.platform == "win32":
            return
        self._drawn, self._entered = None, False
        signal.signal(signal.SIGTSTP, self._stop)
        with suppress(OSError):
            os.write(sys.stdout.fileno(), _LEAVE.encode())  # at once: the stream may be in the midst of a write
        os.kill(os.getpid(), signal.SIGSTOP)

    def stale(self) -> bool:
        """Return whether the window has another size than was drawn for, or the command was put aside."""
        return self._drawn != _size()

    def unread(self) -> bool:
        """Return False: a terminal that goes away ends the process itself."""
        return False

    def end(self) -> None:
        if self._entered:
            self._entered = False
            if hasattr(signal, "SIGTSTP"):
                signal.signal(signal.SIGTSTP, self._stop)
            _write(_LEAVE)
            click.echo(self._last)


def _size() -> os.terminal_size:
    with suppress(OSError, ValueError):
        return os.get_terminal_size(sys.stdout.fileno())
    return os.terminal_size((80, 24))


def frame(text: str, foot: str, width: int, height: int) -> str:
    """Return what draws a text over the last one: nothing is cleared first, so nothing flickers, and nothing scrolls."""
    room = max(height - 1, 1)
    lines = _fitting(text, room)
    lines = [*lines, *[""] * (room - len(lines)), foot][: max(height, 1)]
    cut = [line if cell_len(line) <= width else set_cell_size(line, width) for line in lines]
    return _HOME + f"{_REST_OF_LINE}\n".join(cut) + _REST_OF_LINE + _REST


def _fitting(text: str, room: int) -> list[str]:
    """Return the lines of a status that there is room for: first without blank lines, then without the hours of services."""
    lines = text.split("\n")
    if len(lines) > room:
        lines = [line for line in lines if line]
    if len(lines) > room:
        head, *parts = text.split("\n\n")
        lines = "\n".join([head, *parts[1:]]).split("\n")
    if len(lines) > room:
        lines = [*lines[: room - 1], "…（窓を高くすると続きが出ます）"]
    return lines


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def draws() -> bool:
    """Return whether standard output is a terminal that takes control sequences."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return False
    return sys.platform != "win32" or _sequences_on_windows()


def _sequences_on_windows() -> bool:
    """Tell the window of Windows to follow control sequences; return whether it does."""
    with suppress(Exception):
        import ctypes

        kernel: Any = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
        handle, mode = kernel.GetStdHandle(-11), ctypes.c_uint32()
        return bool(kernel.GetConsoleMode(handle, ctypes.byref(mode)) and kernel.SetConsoleMode(handle, mode.value | 4))
    return False
