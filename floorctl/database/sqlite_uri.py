r"""Name a file for SQLite, which takes the server of ``\\server\share`` for the host of an address and refuses it.

``Path.as_uri`` writes that server as a host; a copy on a share, or the table of a machine, could then never be opened.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from urllib.parse import quote_from_bytes


def sqlite_uri(path: Path, mode: str) -> str:
    """Return the address by which SQLite opens an existing file. ``mode``: its parameters, such as ``mode=ro``."""
    return as_address(path.resolve(), mode)


def as_address(path: PurePath, mode: str) -> str:
    """Return the address of an absolute path, of this system or of Windows."""
    text = path.as_posix()
    start = "" if text.startswith("/") else "/"  # C:/floorctl
    return f"file://{start}{quote_from_bytes(os.fsencode(text), safe='/:')}?{mode}"
