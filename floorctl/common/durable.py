"""Write so that it survives a power cut: wait until bytes, and the names in a folder, are on the disk."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from floorctl.common import patience
from floorctl.common.clock import system_clock

LEFT_S = 60


def is_left(temporary: Path, seconds: float = LEFT_S) -> bool:
    """Return whether a temporary file is older than this, and so left by a killed process. Raise OSError."""
    return system_clock().timestamp() - temporary.stat().st_mtime > seconds


def write_new(path: Path, data: bytes) -> None:
    """Write a new file; raise FileExistsError if there is one."""
    with patience.patiently(lambda: path.open("xb"), patience.NEW_S) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def make_empty(path: Path) -> None:
    """Make a new empty file for its owner alone (mode 0600); raise FileExistsError if there is one."""
    os.close(patience.patiently(lambda: os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), patience.NEW_S))


def append(path: Path, lines: bytes) -> None:
    """Append whole lines (mode 0600 for a new file), after ending a line that a kill has torn. Raise OSError."""
    new = not path.exists()
    if not new and not path.is_file():
        raise IsADirectoryError(path)
    how = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    handle = patience.patiently(lambda: os.open(path, how, 0o600), patience.NEW_S if new else patience.SECONDS)
    try:
        if size := os.lseek(handle, 0, os.SEEK_END):
            os.lseek(handle, size - 1, os.SEEK_SET)
            if os.read(handle, 1) != b"\n":
                lines = b"\n" + lines
        if os.write(handle, lines) != len(lines):
            raise OSError("no space left")
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        sync(path.parent)


def sync(place: Path) -> None:
    """Wait until a file's bytes, or the names in a folder, are on the disk; raise OSError.

    A folder that cannot be opened is skipped: Windows opens none, and one may accept files without listing them.
    """
    if place.is_dir():
        if not patience.on_windows():
            with suppress(PermissionError):
                _sync(os.open(place, os.O_RDONLY))
    else:
        _sync(patience.patiently(lambda: os.open(place, os.O_RDWR)))


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
