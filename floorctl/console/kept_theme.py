"""Keep the theme in the user's settings file (F10): its comments, its order and everything else stay as they were."""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from floorctl.common import durable
from floorctl.common.errors import FloorctlError
from floorctl.common.output_file import failed

_HEAD = "# floorctl の自分の設定です。書けることの見本は floorctl settings init で書き出せます。\n"
_BY_US = re.compile(re.escape(_HEAD) + r'theme = "([a-z]+)"\n')
_WHAT = "配色を自分の設定に残せませんでした"


def keep_theme(path: Path, theme: str) -> None:
    """Write the theme into the settings file, which need not exist; another program sees the old file or the new one.

    Raise FloorctlError, and leave the file as it was, if it is no TOML or cannot be written.
    """
    try:
        was = path.read_bytes() if path.exists() else b""
        text = was.decode("utf-8")
        if text.strip("\ufeff \r\n\t"):
            bom = "\ufeff" if text.startswith("\ufeff") else ""
            written = tomlkit.parse(text.removeprefix(bom))
            written["theme"] = theme
            data = (bom + tomlkit.dumps(written)).encode()
        else:
            data = f'{_HEAD}theme = "{theme}"\n'.encode()
        if data != was:
            put(path, data)
    except (TOMLKitError, UnicodeDecodeError) as error:
        do = "floorctl settings check で誤りを確かめて、直してください"
        raise FloorctlError(_WHAT, "自分の設定のファイルに誤りがあります", do) from error
    except (OSError, ValueError) as error:
        told = failed(path, error)
        raise FloorctlError(_WHAT, told.why, told.do) from error


def theme_alone(text: str) -> str:
    """Return the theme of a file that holds nothing but what ``keep_theme`` has written; "" for every other file."""
    found = _BY_US.fullmatch(text)
    return found[1] if found else ""


def put(path: Path, data: bytes) -> None:
    """Replace a file by one rename, or make it and its folder; a link stays one. Raise OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{secrets.token_hex(6)}.floorctl-tmp")
    try:
        durable.write_new(temporary, data)
        with suppress(OSError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    with suppress(OSError):
        durable.sync(target.parent)
