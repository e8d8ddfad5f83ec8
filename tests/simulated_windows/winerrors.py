"""Errors as Python raises them on Windows: its own number, and the one of Windows beside it."""

from __future__ import annotations

import errno
import os

# Number of Windows: that of Python, as Python's table has it.
ERRNO = {
    1: errno.EINVAL,  # a function that this disk does not have: hard links on FAT
    2: errno.ENOENT,
    3: errno.ENOENT,  # a part of the path is not there, or the path is too long
    5: errno.EACCES,  # access denied: a target that is open, a folder with an open file, a name that is being deleted
    32: errno.EACCES,  # somebody else has the file open
    33: errno.EACCES,  # somebody else has locked a part of it
    87: errno.EINVAL,
    112: errno.ENOSPC,
    123: errno.EINVAL,  # no name
    145: errno.ENOTEMPTY,
    183: errno.EEXIST,
    206: errno.ENOENT,  # a name or path that is too long
}


def winerror(code: int, *names: str) -> OSError:
    """Return the error of Windows with this number; OSError makes it one of its kinds (PermissionError, …)."""
    number = ERRNO[code]
    error = OSError(number, os.strerror(number), *names[:1])
    error.winerror = code  # type: ignore[attr-defined]
    return error
