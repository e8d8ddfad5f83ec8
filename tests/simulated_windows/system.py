"""A whole simulated Windows: its disk, its clock, its answer to «is this Windows?», and the functions that it lacks."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from floorctl.common import patience
from floorctl.intake import site_file
from floorctl.models.site.site import Site
from tests.simulated_windows import consoles
from tests.simulated_windows.disk import Disk
from tests.simulated_windows.locks import SharedOpen, Sys, windll
from tests.simulated_windows.waits import Waits
from tests.story import kumagaya

# Files that ask ``sys.platform`` themselves, where the type checker must know the system.
_ASK_THEMSELVES = (
    "floorctl.database.file_lock",
    "floorctl.database.network_share",
    "floorctl.intake.shared_open",
)
_LACKING = {
    os: ("fchmod", "mkfifo", "O_NONBLOCK", "O_NOCTTY", "O_NOFOLLOW", "geteuid", "getuid", "fork"),
    select: ("poll", "epoll"),
    signal: ("SIGTSTP", "SIGHUP", "SIGWINCH", "SIGCONT"),
}


_load_site = site_file.load_site


def _site(path: Path | None = None, data_file: Path | None = None) -> Site:
    """Return the shipped site, which is read once for all tests, or the one of a file."""
    return kumagaya() if path is None else _load_site(path, data_file)


class Windows:
    """A Windows for the files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.waits = root, Waits()
        self.disk = Disk(root, self.waits)
        self.shares: set[str] = set()  # drives that are a share: "Z:\\"

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Make this process one on Windows until the test ends."""
        # Its code, because other files have imported the function itself.
        patch.setattr(patience.on_windows, "__code__", (lambda: True).__code__)
        for name in _ASK_THEMSELVES:
            module: Any = import_module(name)
            if hasattr(module, "sys"):
                patch.setattr(module, "sys", Sys())
        patch.setattr(ctypes, "windll", windll(self.shares), raising=False)
        for module, lacking in _LACKING.items():
            for name in lacking:
                patch.delattr(module, name, raising=False)
        patch.setitem(sys.modules, "fcntl", None)
        patch.setitem(sys.modules, "resource", None)
        SharedOpen(self.disk.shared).install(patch)
        patch.setattr(site_file, "load_site", _site)
        self.waits.install(patch)
        self.disk.install(patch)

    def say(self, *args: str | Path, **more: Any) -> consoles.Said:
        """Run one command as the manager gives it; see ``consoles.run``."""
        with self.disk.process():
            return consoles.run(*args, **more)
