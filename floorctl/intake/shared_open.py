"""Open a file that a machine is writing without keeping it from renaming or removing it.

On Windows a file that Python has open keeps its name: a ticket machine that begins a new file every night could not put
the old one aside while a console follows it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_READ, _SHARE_ALL, _EXISTING, _PLAIN = 0x8000_0000, 7, 3, 0x80


def open_shared(path: Path) -> int:
    """Return a handle to read ``path``, opened without blocking even if a pipe has its name. Raise OSError."""
    if sys.platform == "win32":
        import ctypes
        import msvcrt
        from ctypes import wintypes

        create = ctypes.WinDLL("kernel32", use_last_error=True).CreateFileW
        create.restype, word = wintypes.HANDLE, wintypes.DWORD
        create.argtypes = [wintypes.LPCWSTR, word, word, wintypes.LPVOID, word, word, wintypes.HANDLE]
        handle = create(str(path), _READ, _SHARE_ALL, None, _EXISTING, _PLAIN, None)
        if handle in (None, wintypes.HANDLE(-1).value):
            raise ctypes.WinError(ctypes.get_last_error())
        return msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY)
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
