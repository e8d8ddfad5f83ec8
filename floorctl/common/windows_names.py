"""Tell why Windows has no such name: a device, a character, a path that is too long; it says only that there is none.

It counts what the user cannot see, too: the name under which a file is written before it gets its own.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from floorctl.common.patience import on_windows

# Without LongPathsEnabled a path has 259 characters at the most, that of a folder 247.
_LONGEST_FOLDER = 247
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)

FORBIDDEN = 'Windows の名前に使えない文字（< > : " | ? * など）があります'
DEVICE = "Windows では装置の名前です（CON、AUX、NUL、COM1 など）"


def why_no_name(name: str) -> str:
    """Return why Windows has no file of this name, without its folder; "" if it has, and on every other system."""
    if not on_windows():
        return ""
    if _DEVICE.fullmatch(name):
        return DEVICE
    return FORBIDDEN if _FORBIDDEN.search(name) else ""


def is_too_long(path: str | os.PathLike[str], hidden: int = 0) -> bool:
    """Return whether a path may be too long for Windows, with ``hidden`` more characters for a temporary name.

    Asked only after Windows has said that there is no such path: it may have been told to take longer ones.
    """
    try:
        return on_windows() and len(str(Path(path).absolute())) + hidden > _LONGEST_FOLDER
    except (OSError, ValueError):
        return False
