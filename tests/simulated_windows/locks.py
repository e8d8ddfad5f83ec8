"""``msvcrt.locking``: bytes of a file are one handle's alone; a second handle gets an error, never a shared lock."""

from __future__ import annotations

import errno
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

from floorctl.database import file_lock


class FakeMsvcrt(ModuleType):
    """The part of ``msvcrt`` that locks. What a closed handle has held is free."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self._held: dict[tuple[int, int], tuple[int, range]] = {}

    def locking(self, handle: int, mode: int, length: int) -> None:
        assert mode == self.LK_NBLCK, "a lock that waits stops the console"
        found = os.fstat(handle)
        at = os.lseek(handle, 0, os.SEEK_CUR)
        wanted = range(at, at + length)
        for (inode, owner), (_, held) in list(self._held.items()):
            if not _is_open(owner, inode):
                del self._held[inode, owner]
            elif inode == found.st_ino and held.start < wanted.stop and wanted.start < held.stop:
                raise OSError(errno.EACCES, "Permission denied")
        self._held[found.st_ino, handle] = (handle, wanted)


def _is_open(handle: int, inode: int) -> bool:
    try:
        return os.fstat(handle).st_ino == inode
    except OSError:
        return False


class Sys:
    """``sys`` of one module: everything is as it is, but the system is Windows."""

    platform = "win32"

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@contextmanager
def lock_of_windows() -> Iterator[Any]:
    """Yield ``file_lock`` as it is loaded on Windows, with a lock of ``msvcrt``."""
    spec = importlib.util.spec_from_file_location("file_lock_of_windows", str(file_lock.__file__))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    platform, kept = sys.platform, sys.modules.get("msvcrt")
    sys.modules["msvcrt"] = FakeMsvcrt()
    try:
        sys.platform = "win32"
        try:
            spec.loader.exec_module(module)
        finally:
            sys.platform = platform
        module.sys = Sys()  # type: ignore[attr-defined]
        yield module
    finally:
        if kept is None:
            del sys.modules["msvcrt"]
        else:
            sys.modules["msvcrt"] = kept


def windll(remote: set[str]) -> SimpleNamespace:
    """``ctypes.windll`` that knows which drives are a share ("Z:\\\\")."""
    return SimpleNamespace(kernel32=SimpleNamespace(GetDriveTypeW=lambda drive: 4 if drive in remote else 3))
