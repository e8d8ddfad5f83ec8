r"""Tell a folder that a service keeps in step with a cloud: OneDrive, Dropbox, Google Drive and the like.

Windows moves ドキュメント and デスクトップ into OneDrive without asking. There a service opens files while they are written
and sends them away from this PC (仕様書 12(4)イ). The folder is told by the environment, by its name, and on Windows by the
system itself, which knows libraries of SharePoint under any name. docs/install/install.py, which must do without
floorctl, has the same rule; a test holds the two together.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from floorctl.common.clean_text import clean

OWN_DISK = r"C:\floorctl"  # the example of a folder that no service moves
_ROOTS = ("OneDriveCommercial", "OneDriveConsumer", "OneDrive")  # the environment of a user with OneDrive
_NAMES = {
    "OneDrive": r"onedrive( - .+)?",
    "Dropbox": r"dropbox( \(.+\))?",
    "Google ドライブ": r"google ?drive|my drive|shared drives|マイドライブ|共有ドライブ",
    "Box": r"box sync",
    "iCloud": r"icloud ?drive|mobile documents",
    "クラウド": r"nextcloud|owncloud|cloudstorage",
}


def cloud_service(folder: Path) -> str:
    """Return the name of the service that keeps ``folder`` in step with a cloud; "" if none is known to."""
    parts = _parts(os.path.realpath(folder))
    for name in _ROOTS:
        root = _parts(os.environ.get(name, ""))
        if root and parts[: len(root)] == root:
            return "OneDrive"
    for service, names in _NAMES.items():
        if any(re.fullmatch(names, part) for part in parts):
            return service
    home = _parts(os.path.realpath(Path.home()))
    if parts[: len(home) + 1] == [*home, "box"]:
        return "Box"
    return "クラウド" if _is_sync_root(folder) else ""


def service_of_file(path: Path) -> str:
    """Return the service that keeps a file's folder in step; "" if none is known to."""
    return cloud_service(Path(os.path.realpath(path)).parent)


def data_file_note(service: str) -> str:
    """Return what to say of a data file that a service keeps in step, and what to do."""
    return (
        f"データファイルのフォルダーは {service} と同期されます。同期はファイルをつかみ、中身をこのPCの外へ送ります。"
        rf"このPCのディスク（Windows なら {OWN_DISK} など）へ移してください（floorctl help files）"
    )


def console_note(service: str) -> str:
    """Return the same for the line of the console, which has 80 columns."""
    return f"データファイルは {service} と同期される所にあります  floorctl doctor"


def output_note(folder: Path) -> str:
    """Return what to say of documents that were written into such a folder; "" if it is none."""
    service = cloud_service(folder)
    if not service:
        return ""
    return (
        f"書き出した先 {clean(str(folder))} は {service} と同期されます。市と決めた場所でなければ、"
        "このPCのディスクに書き出し直し、ここのものは消してください。"
    )


def _parts(text: str) -> list[str]:
    r"""Return the names of a path of any system, without case: Windows has both ``\`` and ``/``."""
    return [part.casefold() for part in re.split(r"[\\/]+", text) if part]


def _is_sync_root(folder: Path) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    there = next((p for p in (folder, *folder.parents) if p.exists()), folder)
    found, size = ctypes.create_string_buffer(64), ctypes.c_ulong()
    try:
        ask = ctypes.windll.cldapi.CfGetSyncRootInfoByPath
        return int(ask(str(there), 0, found, len(found), ctypes.byref(size))) == 0
    except (AttributeError, OSError):
        return False  # a Windows without this interface
