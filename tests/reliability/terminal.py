"""A real console in a real pseudo-terminal: keys in, screen out, and all the ways in which a terminal goes away."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
DEADLINE_S = 60.0
_ANSI = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP.*?\x1b\\|\x1b[@-Z\\-_=>()78].?", re.S
)
# What Textual asks a terminal, and what a plain one answers.
_QUERIES = ((b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b[?2048$p", b"\x1b[?2048;0$y"), (b"\x1b[c", b"\x1b[?62;22c"))
LEAVES_ALTERNATE_SCREEN = b"\x1b[?1049l"
SHOWS_CURSOR = b"\x1b[?25h"


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Waits for something that another process does; fails where it never comes."""
    end = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.02)


def environment(**more: str) -> dict[str, str]:
    """The shell's, without what floorctl or Textual would read from it."""
    # A fixed size in the environment, as test runners set it, would hide every change of the terminal's own.
    others = ("NO_COLOR", "COLUMNS", "LINES")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FLOORCTL_", "TEXTUAL")) and k not in others}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **more}


def set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _own_terminal() -> None:
    """In the child: the terminal on its standard input controls it, so that a hang-up reaches it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """``floorctl ARGS`` in a terminal of ``size`` columns x rows. Use it in a with block."""

    def __init__(
        self,
        *args: object,
        size: tuple[int, int] = (120, 36),
        controlling: bool = True,
        script: str = "",
        python: str = sys.executable,
        cwd: Path = ROOT,
        **env: str,
    ) -> None:
        """Without ``controlling`` the kernel sends no signal when the terminal goes away. ``script``: Python to run in
        place of the command as it is installed, ``python``: by another interpreter than this one."""
        command = [python, *(["-c", script] if script else ["-m", "floorctl"]), *map(str, args)]
        self.fd, inside = os.openpty()
        set_size(self.fd, *size)
        self.process = subprocess.Popen(
            command,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            preexec_fn=_own_terminal if controlling else None,
            env=environment(**env),
            cwd=cwd,
        )
        os.close(inside)
        self.seen = b""
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    def read(self, seconds: float = 0.05) -> bool:
        """Takes what the program has written; False once the terminal has nobody at its other end."""
        if not self._open:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            came = os.read(self.fd, 65536)
        except OSError:
            came = b""
        self.seen += came
        for question, answer in _QUERIES:
            if question in came:
                os.write(self.fd, answer)
        return bool(came)

    def text(self, since: int = 0) -> str:
        """Everything that was written, in its order, without control sequences."""
        return _ANSI.sub(b"", self.seen[since:]).decode("utf-8", "replace")

    def until(self, holds: str | Callable[[], object], since: int = 0) -> Self:
        """Waits for words on the screen, or for a condition."""
        end = time.monotonic() + DEADLINE_S
        while not (holds in self.text(since) if isinstance(holds, str) else holds()):
            assert time.monotonic() < end, f"never came: {holds}\n{self.text()[-2000:]}"
            if not self.read():
                time.sleep(0.02)
        return self

    def quiet(self) -> Self:
        """Until nothing is painted for a moment: what was opened has the keys."""
        end = time.monotonic() + 2
        while time.monotonic() < end and select.select([self.fd], [], [], 0.15)[0]:
            self.read()
        return self

    def press(self, *keys: str) -> Self:
        for key in keys:
            os.write(self.fd, key.encode())
            self.read(0.02)
        return self

    def resize(self, columns: int, rows: int) -> Self:
        set_size(self.fd, columns, rows)
        os.killpg(self.process.pid, signal.SIGWINCH)
        return self

    def hang_up(self) -> None:
        """The window is closed, or the line is cut: nobody reads any more, and the kernel sends SIGHUP."""
        if self._open:
            os.close(self.fd)
            self._open = False

    def ended(self) -> int:
        """The exit status, once the program has ended by itself; negative where a signal ended it."""
        self.until(lambda: self.process.poll() is not None)
        while self._open and self.read(0.05) and select.select([self.fd], [], [], 0)[0]:
            pass
        return self.process.wait()
