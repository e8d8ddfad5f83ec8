"""A program in a pseudo-terminal whose output is timed from outside, and the plain Textual app that floorctl is held against."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.reliability.terminal import Terminal

# What any Textual app costs: one widget with one line of text, and a key that changes it.
PLAIN = """
from textual.app import App
from textual.widgets import Static
class Plain(App):
    n = 0
    def compose(self):
        yield Static("全角の文字 PLAIN", id="one")
    def on_key(self, event):
        self.n += 1
        self.query_one("#one", Static).update(f"{event.key} {self.n}")
Plain().run()
"""
CONSOLE = "from floorctl.__main__ import main\nmain()"
SETTLED_S, LIMIT_S = 0.4, 20.0
_BURST_S = 0.08


class Watched(Terminal):
    """``came``: the instant of each piece of output with the length of all that had come by then; ``spent``: what the
    process had taken of the processor, in ms."""

    def __init__(self, script: str, *args: object, **how: Any) -> None:
        """``how``: as of a Terminal (interpreter, folder, environment)."""
        self.came: list[tuple[float, int]] = []
        self.spent: list[float] = []
        self.began = time.perf_counter()
        super().__init__(*args, script=script, **how)

    def read(self, seconds: float = 0.05) -> bool:
        before = len(self.seen)
        there = super().read(seconds)
        if len(self.seen) > before:
            self.came.append((time.perf_counter(), len(self.seen)))
            self.spent.append(self.spent_ms())
        return there

    def wait(self, words: str) -> None:
        """Until words have come, looked for in the bytes themselves: to read the screen would cost what is measured."""
        wanted, end = words.encode(), time.perf_counter() + LIMIT_S
        while wanted not in self.seen and time.perf_counter() < end:
            self.read(0.05)

    def settle(self, quiet_s: float = SETTLED_S) -> None:
        """Until nothing has come for a while, at least one piece having come."""
        end = time.perf_counter() + LIMIT_S
        while time.perf_counter() < end and self.read(quiet_s):
            if self.came and time.perf_counter() - self.came[-1][0] >= quiet_s:
                return

    def shown_ms(self, words: str) -> float | None:
        """When words stood on the screen, in ms from the start; read as far as they have come."""
        n = self._shown(words)
        return None if n is None else (self.came[n][0] - self.began) * 1000

    def worked_ms(self, words: str) -> float | None:
        """What the process had taken of the processor by then: the same on a machine that has other work."""
        n = self._shown(words)
        return None if n is None else self.spent[n]

    def _shown(self, words: str) -> int | None:
        """The first piece of output with which the words stood on the screen."""
        return next((n for n, (_, length) in enumerate(self.came) if words in self._text_of(length)), None)

    def spent_ms(self) -> float:
        """What the process has taken of the processor so far, in ms; 0.0 once it is gone."""
        try:
            return time.clock_gettime((~self.process.pid << 3) | 2) * 1000  # its own clock: clock_getcpuclockid(3)
        except OSError:
            return 0.0

    def last_ms(self) -> float:
        return (self.came[-1][0] - self.began) * 1000

    def _text_of(self, length: int) -> str:
        whole, self.seen = self.seen, self.seen[:length]
        try:
            return self.text()
        finally:
            self.seen = whole

    def key_ms(self, key: bytes) -> tuple[float, float] | None:
        """From writing a key to the first byte that it changed and to the last one of that burst."""
        self.settle(_BURST_S)
        before, at = len(self.came), time.perf_counter()
        os.write(self.fd, key)
        while time.perf_counter() - at < 1.0 and len(self.came) == before:
            self.read(0.05)
        if len(self.came) == before:
            return None
        while select.select([self.fd], [], [], _BURST_S)[0]:
            self.read(0)
        return (self.came[before][0] - at) * 1000, (self.came[-1][0] - at) * 1000

    def resident(self) -> dict[str, float]:
        """Processor seconds so far and MiB of memory, whole (rss) and counting shared pages once (pss)."""
        folder = Path("/proc") / str(self.process.pid)
        found = {"cpu_s": self.spent_ms() / 1000}
        for line in folder.joinpath("smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in ("Rss", "Pss"):
                found[name.lower()] = int(rest.split()[0]) / 1024
        return found


def process_ms(*command: str, script: str = "") -> float:
    """A whole process of this Python, from start to exit, in ms. Raises RuntimeError where it fails."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *(["-c", script] if script else ["-m", "floorctl"]), *command],
        capture_output=True,
        check=False,
    )
    took = (time.perf_counter() - began) * 1000
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr.decode(errors='replace')[-500:]}")
    return took
