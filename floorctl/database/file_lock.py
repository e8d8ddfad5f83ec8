"""Who has the data file open for long (a console, a feed that comes in): a lock of the operating system beside it.

SQLite's own locks last no longer than a transaction, so that they say nothing of a console that waits for its next key.
The lock is the system's, not the file's: a process that is killed lets go of it, and what it leaves behind blocks nobody.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from floorctl.common.errors import Refused, StoreError

if sys.platform == "win32":
    import msvcrt

    _SLOTS = 64  # Windows knows no shared lock of this kind: each holder takes a byte, who wants all is alone

    def _lock(handle: int, alone: bool) -> bool:
        for at, length in [(0, _SLOTS)] if alone else [(n, 1) for n in range(_SLOTS)]:
            os.lseek(handle, at, os.SEEK_SET)
            with suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_NBLCK, length)
                return True
        return False

else:
    import fcntl

    def _lock(handle: int, alone: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class Hold:
    """A lock that is held until ``close`` or the end of the process."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle

    def close(self) -> None:
        """Lets go, and removes the lock's file where nobody else holds it."""
        if self._handle < 0:
            return
        handle, self._handle = self._handle, -1
        last = sys.platform != "win32" and _lock(handle, alone=True)
        if last:
            with suppress(OSError):
                self._path.unlink()
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):  # refused while another one has it open
                self._path.unlink()


def lock_file(path: Path) -> Path:
    """Where the lock of a data file lies: beside it, wherever a link to it may lie."""
    path = path.resolve()
    return path.with_name(f".{path.name}.lock")


def share(path: Path) -> Hold | None:
    """Held together with others; None where no lock can be made, as in a folder that may only be read.

    Raises StoreError while the file is being replaced by a backup.
    """
    return _take(path, alone=False)


def alone(path: Path) -> Hold | None:
    """Held by nobody else; None where no lock can be made. Raises Refused where somebody holds the file."""
    return _take(path, alone=True)


def _take(path: Path, *, alone: bool) -> Hold | None:
    place = lock_file(path)
    for _ in range(20):
        try:
            handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        if not _lock(handle, alone):
            os.close(handle)
            break
        if _is(handle, place):
            return Hold(place, handle)
        os.close(handle)  # whoever held it last has removed it meanwhile
    if alone:
        raise Refused(
            f"{path.name} は使われています",
            "盤面か ingest が開いています",
            "どの画面でも floorctl を終えてから、もう一度実行してください",
        )
    raise StoreError(f"{path.name} は使えません", "控えから戻しているところです", "少し待って開き直してください")


def _is(handle: int, place: Path) -> bool:
    try:
        there = place.stat()
    except OSError:
        return False
    held = os.fstat(handle)
    return sys.platform == "win32" or (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)
