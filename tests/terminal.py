"""The console in a terminal of its own: a pseudo-terminal whose every byte is kept."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pytest

if sys.platform != "win32":
    import fcntl
    import pty
    import struct
    import termios

ROOT = Path(__file__).parent.parent
DEADLINE_S = 30.0

# A fault of ours while a text is looked at: in the screen's thread, or in the worker that records it.
_FAULTS = {
    "": "",
    "check": """
import floorctl.screens.dialogs as dialogs
def check(text, field):
    typed = text
    raise ValueError(f"{text} {typed}")
dialogs.check = check
""",
    "worker": """
import floorctl.session as session
def act(self, kind, fields):
    typed = fields
    raise ValueError(f"{fields} {typed}")
session.Session.act = act
""",
}


class Console:
    """``floorctl`` over ``folder/floor.db``; ``all`` is what it has written to the terminal so far."""

    def __init__(
        self, folder: Path, *args: str, fault: str = "", before: str = "", env: dict[str, str] | None = None
    ) -> None:
        if sys.platform == "win32":
            pytest.skip("needs a pseudo-terminal")
        start = f"{before}\nimport floorctl.launch\n{_FAULTS[fault]}\nfrom floorctl.__main__ import main\nmain()"
        self.all = b""
        self._mine, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-c", start, "--db", str(folder / "floor.db"), "--now", "2026-09-14T10:00", *args],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "HOME": str(folder), **(env or {})},
        )  # fmt: skip
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._mine)

    def _read(self, wait: float) -> bool:
        """Takes in what has come; False once the other side has closed."""
        if not select.select([self._mine], [], [], wait)[0]:
            return True
        try:
            came = os.read(self._mine, 65_536)
        except OSError:
            return False
        self.all += came
        return bool(came)

    def screen(self) -> str:
        """What was written, without the control sequences."""
        return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07", "", self.all.decode(errors="replace"))

    def waits_for(self, text: str) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while text not in self.screen():
            assert self._read(0.1), self.screen()[-2000:]
            assert time.monotonic() < deadline, self.screen()[-2000:]

    def waits_for_more(self) -> None:
        """Until something has been painted."""
        deadline, before = time.monotonic() + DEADLINE_S, len(self.all)
        while len(self.all) == before:
            assert self._read(0.1)
            assert time.monotonic() < deadline

    @property
    def pid(self) -> int:
        return self._process.pid

    def takes_in(self) -> None:
        """What has come so far, so that the console never waits for its terminal."""
        self._read(0.0)

    def types(self, text: str) -> None:
        os.write(self._mine, text.encode())

    def ends(self) -> int:
        """The exit status, once everything that was written is in hand."""
        deadline = time.monotonic() + DEADLINE_S
        while self._read(0.1) and time.monotonic() < deadline:
            if self._process.poll() is not None and not select.select([self._mine], [], [], 0.2)[0]:
                break
        return self._process.wait(timeout=DEADLINE_S)

    def after_the_screen(self) -> str:
        """What stands on the terminal once the alternate screen is left, with all that was written before it began."""
        before, _, rest = self.all.partition(b"\x1b[?1049h")
        _, _, after = rest.rpartition(b"\x1b[?1049l")
        assert rest, "the console never took the alternate screen"
        text = (before + after).decode(errors="replace")
        return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[78=>]", "", text)
