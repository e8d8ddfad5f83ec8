"""What is refused, to whom, and until when. A fault is added to the disk: ``windows.disk.add(Scanner(0.2))``.

Each fault answers one question: is this act on this file refused at this moment, and with which number of Windows?
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Protocol

from tests.simulated_windows.waits import Waits

# What an act needs of a file. A rename, a replacement and a removal need DELETE of every file that they touch.
READ, WRITE, DELETE = "read", "write", "delete"


@dataclass(frozen=True)
class Touch:
    """An act that is about to touch a file. ``path``: as the real disk has it; ``part``: source, target or inside."""

    act: str  # replace, rename, unlink, rmdir, open, sqlite, link
    path: str
    need: str
    part: str = "source"
    exists: bool = True

    @property
    def name(self) -> str:
        return os.path.basename(self.path)


class Fault(Protocol):
    """A reason why Windows may refuse."""

    def refuses(self, touch: Touch, waits: Waits) -> int:
        """Return the number of the error, 0 if the act may go on."""


@dataclass
class Refuses:
    """Refuse an act on a name so many times: the plainest fault, without a reason."""

    act: str  # "replace", "rename", … or "*"
    name: str = "*"  # a pattern for the name of the source or the target
    times: int = 1
    code: int = 5
    part: str = "*"
    refused: int = 0

    def refuses(self, touch: Touch, waits: Waits) -> int:
        if self.refused >= self.times or not fnmatch(touch.act, self.act) or not fnmatch(touch.name, self.name):
            return 0
        if not fnmatch(touch.part, self.part):
            return 0
        self.refused += 1
        return self.code


@dataclass
class Scanner:
    """A virus scanner or an indexer: it holds every file that it has not read yet for a while, and then has read it.

    It looks when the file is first asked for after a change, which is when the clock of the simulation stands: between
    the writing of a file and its rename nobody sleeps. ``denies``: what the others may not do meanwhile.
    """

    seconds: float
    denies: frozenset[str] = frozenset({DELETE})
    name: str = "*"
    code: int = 32
    again: bool = False  # also looks at a file that has only got another name
    _until: dict[tuple[object, ...], float] = field(default_factory=dict)

    def refuses(self, touch: Touch, waits: Waits) -> int:
        if touch.need not in self.denies or not fnmatch(touch.name, self.name) or os.path.isdir(touch.path):
            return 0
        try:
            found = os.stat(touch.path)
        except OSError:
            return 0
        mark = (found.st_ino, found.st_mtime_ns, found.st_size, *([touch.name] if self.again else []))
        return self.code if waits.now < self._until.setdefault(mark, waits.now + self.seconds) else 0


@dataclass
class OpenElsewhere:
    """A program that has one file open until ``close``: Excel denies all, a reader or a backup only the removal."""

    path: Path
    denies: frozenset[str] = frozenset({WRITE, DELETE})
    code: int = 32
    closed: bool = False

    def close(self) -> None:
        self.closed = True

    def refuses(self, touch: Touch, waits: Waits) -> int:
        if self.closed or touch.need not in self.denies:
            return 0
        try:
            return self.code if os.path.samefile(touch.path, self.path) else 0
        except OSError:
            return 0


EXCEL = frozenset({READ, WRITE, DELETE})  # a workbook that is being edited, as a synchronised folder shows it
