"""What is called by its name of Windows: the lock of ``msvcrt`` (bytes of a file are one handle's alone) and ``kernel32``."""

from __future__ import annotations

import ctypes
import errno
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from floorctl.database import file_lock
from tests.simulated_windows.winerrors import winerror


class FakeMsvcrt(ModuleType):
    """The part of ``msvcrt`` that locks. What a closed handle has held is free (``close``)."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self._held: list[tuple[int, int, range]] = []  # inode, handle, bytes

    def locking(self, handle: int, mode: int, length: int) -> None:
        assert mode == self.LK_NBLCK, "a lock that waits stops the console"
        inode, at = os.fstat(handle).st_ino, os.lseek(handle, 0, os.SEEK_CUR)
        wanted = range(at, at + length)
        if any(i == inode and x.start < wanted.stop and wanted.start < x.stop for i, _, x in self._held):
            raise OSError(errno.EACCES, "Permission denied")
        self._held.append((inode, handle, wanted))

    def close(self, handle: int) -> None:
        self._held = [x for x in self._held if x[1] != handle]
        os.close(handle)


class _Os:
    """``os`` of the module that locks: closing a handle gives up its locks."""

    def __init__(self, msvcrt: FakeMsvcrt) -> None:
        self.close = msvcrt.close

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


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
    sys.modules["msvcrt"] = msvcrt = FakeMsvcrt()
    try:
        sys.platform = "win32"
        try:
            spec.loader.exec_module(module)
        finally:
            sys.platform = platform
        module.sys, module.os = Sys(), _Os(msvcrt)  # type: ignore[attr-defined]
        yield module
    finally:
        if kept is None:
            del sys.modules["msvcrt"]
        else:
            sys.modules["msvcrt"] = kept


class SharedOpen:
    """``kernel32.CreateFileW`` and ``msvcrt.open_osfhandle``: handles with which a file may be renamed or removed."""

    def __init__(self, shared: set[int]) -> None:
        self.shared, self.last_error = shared, 0
        # A plain function: its caller sets argtypes and restype on it.
        self.CreateFileW = lambda *args: self._create(*args)

    def _create(self, name: str, access: int, share: int, *_: object) -> int:
        assert access == 0x8000_0000 and share == 7
        try:
            handle = os.open(name, os.O_RDONLY)
        except OSError as error:
            self.last_error = int(getattr(error, "winerror", 2))
            return int(wintypes.HANDLE(-1).value or 0)
        self.shared.add(handle)
        return handle

    def install(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(ctypes, "WinDLL", lambda *_, **__: self, raising=False)
        patch.setattr(ctypes, "get_last_error", lambda: self.last_error, raising=False)
        patch.setattr(ctypes, "WinError", lambda code: winerror(code), raising=False)
        patch.setitem(sys.modules, "msvcrt", SimpleNamespace(open_osfhandle=lambda handle, _: handle))


def windll(remote: set[str]) -> SimpleNamespace:
    """``ctypes.windll`` that knows which drives are a share ("Z:\\\\")."""
    return SimpleNamespace(kernel32=SimpleNamespace(GetDriveTypeW=lambda drive: 4 if drive in remote else 3))
