"""Refuse a data file on a network share, where SQLite's locks are unreliable.

Two PCs, or one whose connection drops for a moment, could both believe that they hold the file and overwrite each other
(https://sqlite.org/howtocorrupt.html, 2.1).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from floorctl.common.cloud_folder import OWN_DISK
from floorctl.common.errors import StoreError

_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "davfs", "fuse.sshfs", "fuse.davfs2", "fuse.rclone"}
)
_MOUNTS = Path("/proc/self/mounts")
_DRIVE_REMOTE = 4  # GetDriveTypeW


def refuse_share(path: Path) -> None:
    """Raise StoreError if ``path`` lies on a network share: a UNC path, a mapped drive, a mounted share."""
    if is_share(path):
        raise StoreError(
            f"{path.name} は使えません",
            "ネットワークの共有フォルダーでは記録を守れません",
            rf"このPCのディスク（Windows なら {OWN_DISK} など）に置き、--db で指定してください",
        )


def is_share(path: Path) -> bool:
    """Return whether ``path`` lies on a network share."""
    return is_unc(str(path)) or _is_remote(path)


def is_unc(text: str) -> bool:
    r"""Return whether a path is ``\\server\share`` or ``//server/share``, also as ``\\?\UNC\…`` (not ``\\?\C:\…``)."""
    text = text.replace("/", "\\")
    if text.startswith(("\\\\?\\", "\\\\.\\")):
        return text[4:].upper().startswith("UNC\\")
    return text.startswith("\\\\") and not text.startswith("\\\\\\")


def _is_remote(path: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(f"{path.resolve().drive}\\")) == _DRIVE_REMOTE
    return file_system(path) in _REMOTE


def file_system(path: Path) -> str:
    """Return the type of the file system of ``path`` as Linux names it; '' if unknown."""
    try:
        lines = _MOUNTS.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    place = os.path.realpath(path)
    found, longest = "", 0
    for line in lines:
        _, point, kind, *_ = [*line.split(" "), "", ""]
        # The kernel escapes a space as octal; the last mount at a point is the visible one.
        point = point.replace("\\040", " ").rstrip("/")
        if (place == point or place.startswith(f"{point}/")) and len(point) >= longest:
            found, longest = kind, len(point)
    return found
