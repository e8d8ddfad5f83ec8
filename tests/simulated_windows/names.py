"""Which names there are on Windows, and which of them name the same file."""

from __future__ import annotations

import re
from typing import Any

from tests.simulated_windows.winerrors import winerror

_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{x}{n}" for x in ("COM", "LPT") for n in range(1, 10))})
LONGEST, LONGEST_WITH_LONG_PATHS, LONGEST_NAME = 259, 32_766, 255


def device(name: str) -> str:
    """Return the device that a name stands for, with whatever ending ("aux.txt"); "" for a plain name."""
    stem = name.split(".", 1)[0].rstrip().upper()
    return stem if stem in _DEVICES else ""


def need_names(names: list[str], path: str) -> None:
    """Raise the OSError of a name that cannot be one."""
    for name in names:
        if _FORBIDDEN.search(name) or len(name.encode("utf-16-le")) // 2 > LONGEST_NAME:
            raise winerror(123, path)


def as_written(name: str) -> str:
    """Return a name as Windows takes it: without the dots and blanks at its end."""
    return name if name in (".", "..") else name.rstrip(". ")


def spelled(folder: str, name: str, real: Any) -> str:
    """Return the name under which a folder holds a file, whose case is ignored; the name as asked if there is none.

    ``real``: the functions of the real system.
    """
    try:
        real.lstat(f"{folder}/{name}")
    except OSError:
        try:
            return next((x for x in real.listdir(folder) if x.casefold() == name.casefold()), name)
        except OSError:
            pass
    return name
