"""Lock a data file against replacement while a console or a feed has it open, by an OS lock on a file beside it.

SQLite's locks last only for a transaction and reveal nothing about an idle console. The OS releases this lock when its
process is killed; a left-over lock file blocks nobody.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from floorctl.common.errors import Refused, StoreError

if sys.platform == "win32":
    import msvcrt

    _SLOTS = 64  # Windows has no shared lock of this kind: a shared lock is one byte, the exclusive one all of them

    def _lock(handle: int, exclusive: bool) -> bool:
        for at, length in [(0, _SLOTS)] if exclusive else [(n, 1) for n in range(_SLOTS)]:
            os.lseek(handle, at, os.SEEK_SET)
            with suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_NBLCK, length)
                return True
        return False

else:
    import fcntl

    def _lock(handle: int, exclusive: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class Hold:
    """Lock held until ``close`` or the end of the process."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle

    def close(self) -> None:
        """Release the lock and remove its file if nobody else holds it."""
        if self._handle < 0:
            return
        handle, self._handle = self._handle, -1
        last = sys.platform != "win32" and _lock(handle, exclusive=True)
        if last:
            with suppress(OSError):
                self._path.unlink()
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):  # refused while another process has it open
                self._path.unlink()


def lock_file(path: Path) -> Path:
    """Return the path of a data file's lock: beside the file itself, not beside a link to it."""
    path = path.resolve()
    return path.with_name(f".{path.name}.lock")


def shared(path: Path) -> Hold | None:
    """Take a shared lock; return None if no lock can be made, as in a read-only folder.

    Raise StoreError while the file is being restored from a backup.
    """
    return _take(path, exclusive=False)


def exclusive(path: Path) -> Hold | None:
    """Take the exclusive lock; return None if no lock can be made. Raise Refused if the file is in use."""
    return _take(path, exclusive=True)


class Busy(Exception):
    """Another process has the lock."""


def _take(path: Path, *, exclusive: bool) -> Hold | None:
    try:
        return hold(lock_file(path), exclusive=exclusive)
    except Busy:
        if exclusive:
            raise Refused(
                f"{path.name} は使われています",
                "盤面か ingest が開いています",
                "どの画面でも floorctl を終えてから、もう一度実行してください",
            ) from None
        raise StoreError(
            f"{path.name} は使えません", "控えから戻しているところです", "少し待って開き直してください"
        ) from None


def hold(place: Path, *, exclusive: bool = True) -> Hold | None:
    """Take the lock of a lock file; return None if no lock can be made. Raise Busy if another process has it."""
    for _ in range(20):
        try:
            handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        if not _lock(handle, exclusive):
            os.close(handle)
            break
        if _is(handle, place):
            return Hold(place, handle)
        os.close(handle)  # removed meanwhile by its last holder
    raise Busy


def _is(handle: int, place: Path) -> bool:
    """Return whether the open lock file is still the one at ``place``."""
    try:
        there = place.stat()
    except OSError:
        return False
    held = os.fstat(handle)
    return sys.platform == "win32" or (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)
