"""The encoding of what goes into a pipe or a file: UTF-8, or what ``FLOORCTL_ENCODING`` asks for.

A terminal says itself what it takes. Windows PowerShell 5 reads a pipe as cp932 unless it begins with a BOM.
"""

from __future__ import annotations

import codecs
import json
import os
from contextlib import suppress
from typing import Any

from floorctl.common.errors import UsageError

VARIABLE = "FLOORCTL_ENCODING"
_NAMES = {"": "utf-8", "utf8": "utf-8", "shift-jis": "cp932", **{x: x for x in ("utf-8", "utf-8-sig", "cp932")}}
_LACKING = "〓"  # what Japanese print shows for a character that it lacks; cp932 has it
_DASHES = {"—": "―", "–": "―"}  # cp932 has one dash; of signs with the same look (〜 −) Python knows the twin
_HANDLER = "floorctl.lacking"


class _Lacking:
    """Count of the characters that this command could not write."""

    count = 0


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = ""
    for c in error.object[error.start : error.end]:
        _Lacking.count += c not in _DASHES
        written += _DASHES.get(c, _LACKING)
    return written, error.end


codecs.register_error(_HANDLER, _replace)


def asked() -> str:
    """Return the encoding for pipes and files. Raise UsageError if ``FLOORCTL_ENCODING`` names none that is known."""
    name = _NAMES.get(os.environ.get(VARIABLE, "").strip().lower().replace("_", "-"))
    if name is None:
        raise UsageError(f"{VARIABLE} が正しくありません", "", "utf-8、utf-8-sig、cp932 のどれかにしてください")
    return name


def set_encoding(stream: Any, encoding: str) -> None:
    """Make a standard stream write ``encoding``, a terminal its own; what that lacks must not stop the command."""
    _Lacking.count = 0
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        errors = _HANDLER if encoding == "cp932" and not stream.isatty() else "replace"
        with suppress(OSError, ValueError):
            reconfigure(encoding=None if stream.isatty() else encoding, errors=errors)


def lacking() -> str:
    """Return what was not written as it is, as a sentence; "" if everything was."""
    if not _Lacking.count:
        return ""
    return (
        f"cp932 にない文字 {_Lacking.count}字を {_LACKING} と書きました。"
        f"そのまま要るときは {VARIABLE} を utf-8-sig にして、もう一度出してください。"
    )


def escaped(document: str) -> str:
    """Return JSON whose characters that cp932 lacks are escapes: a program then reads every one of them."""
    if _encodable(document):
        return document
    return "".join(c if _encodable(c) else json.dumps(c)[1:-1] for c in document)


def _encodable(text: str) -> bool:
    with suppress(UnicodeEncodeError):
        return text.encode("cp932").decode("cp932") == text
    return False


def encoded(data: bytes, encoding: str) -> bytes:
    """Return UTF-8 bytes in ``encoding``: a table or JSON Lines."""
    if encoding == "utf-8":
        return data
    if encoding == "utf-8-sig":
        return data if data.startswith(codecs.BOM_UTF8) else codecs.BOM_UTF8 + data
    text = data.decode("utf-8-sig")
    return (escaped(text) if text.startswith("{") else text).encode(encoding, _HANDLER)
