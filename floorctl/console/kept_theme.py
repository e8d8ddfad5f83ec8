"""Keep the theme in the user's settings file (F10): its comments, its order and everything else stay as they were."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from floorctl.common import durable, patience
from floorctl.common.errors import FloorctlError
from floorctl.common.output_file import failed
from floorctl.console.own_settings import MOST_BYTES, file_bytes

_HEAD = "# floorctl の自分の設定です。書けることの見本は floorctl settings init で書き出せます。\n"
_BY_US = re.compile(re.escape(_HEAD) + r'theme = "([a-z]+)"\n')
_TABLE, _SHOWN = re.compile(r"^\s*\[", re.M), re.compile(r'^# theme = "[a-z]+"$', re.M)
_ANYBODY_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_WHAT = "配色を自分の設定に残せませんでした"


def keep_theme(path: Path, theme: str) -> None:
    """Write the theme into the settings file, which need not exist; another program sees the old file or the new one.

    Raise FloorctlError, and leave the file as it was, if it is no settings file or cannot be written.
    """
    try:
        with patience.together(patience.BRIEF_S):  # the screen's thread waits
            _keep(path, theme)
    except (TOMLKitError, UnicodeDecodeError, RecursionError) as error:
        raise _no_settings() from error
    except (OSError, ValueError) as error:
        told = failed(path, error)
        raise FloorctlError(_WHAT, told.why, told.do) from error


def _keep(path: Path, theme: str) -> None:
    was = file_bytes(path) or b""
    if len(was) > MOST_BYTES:
        raise _no_settings()
    text = was.decode("utf-8")
    if text.strip("\ufeff \r\n\t"):
        bom = "\ufeff" if text.startswith("\ufeff") else ""
        ends = "\r\n" if 0 < text.count("\n") == text.count("\r\n") else "\n"
        data = (bom + _with_theme(text.removeprefix(bom).replace(ends, "\n"), theme).replace("\n", ends)).encode()
    else:
        data = f'{_HEAD}theme = "{theme}"\n'.encode()
    if data != was:
        put(path, data)


def _no_settings() -> FloorctlError:
    do = "floorctl settings check で誤りを確かめて、直してください"
    return FloorctlError(_WHAT, "自分の設定のファイルに誤りがあります", do)


def _with_theme(text: str, theme: str) -> str:
    """Return a TOML text with this theme: in place of the one that it has, or of the example's, else before the tables."""
    written = tomlkit.parse(text)
    if "theme" not in written:
        root = _TABLE.search(text)
        shown = _SHOWN.search(text, 0, root.start() if root else len(text))
        if shown:
            put_in = f'{text[: shown.start()]}theme = "{theme}"{text[shown.end() :]}'
            if tomlkit.parse(put_in).get("theme") == theme:  # else the remark is a line of a longer text
                return put_in
    written["theme"] = theme
    return tomlkit.dumps(written)


def theme_alone(text: str) -> str:
    """Return the theme of a file that holds nothing but what ``keep_theme`` has written; "" for every other file."""
    found = _BY_US.fullmatch(text)
    return found[1] if found else ""


def put(path: Path, data: bytes) -> None:
    """Replace a file by one rename, or make it and its folder; a link stays one. Raise OSError.

    A file that its owner has made read-only is left: the folder alone would decide about a rename.
    """
    patience.make_folder(path.parent)
    target = Path(os.path.realpath(path))
    if target.exists() and not target.stat().st_mode & _ANYBODY_WRITES:
        raise PermissionError(errno.EACCES, "read-only", str(path))
    temporary = target.with_name(f".{secrets.token_hex(6)}.floorctl-tmp")
    try:
        durable.write_new(temporary, data)
        with suppress(OSError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        patience.replace(temporary, target)
    finally:
        with suppress(OSError):
            patience.unlink(temporary, missing_ok=True)
    with suppress(OSError):
        durable.sync(target.parent)
