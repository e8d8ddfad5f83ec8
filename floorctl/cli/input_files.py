"""Input files that are named on the command line: regular ones alone, and the refusal of one that cannot be opened."""

from __future__ import annotations

import stat
from pathlib import Path

from floorctl.common.errors import FloorctlError


def regular_file(path: Path) -> Path:
    """Return a path that is a regular file; a pipe could block for ever. Raise OSError or FloorctlError."""
    if not stat.S_ISREG(path.stat().st_mode):
        why = "フォルダーなど、ファイルではないものです"
        raise FloorctlError(f"{path.name} を読めません", why, "ファイルを指定してください")
    return path


def unreadable(path: Path, error: OSError) -> FloorctlError:
    """Return the sentence for a file that is missing or cannot be opened."""
    why = "ファイルがありません" if isinstance(error, FileNotFoundError) else "ファイルを開けません"
    return FloorctlError(f"{path.name} を読めません", why, "パスと権限を確かめてください")
