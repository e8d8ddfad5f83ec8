"""Find out the encoding of a file that nobody has described."""

from __future__ import annotations

import re

from floorctl.common.errors import FloorctlError

_KANA_HALF = re.compile("[｡-ﾟ]")
_USUAL = re.compile("[ぁ-んァ-ヶー一-龠々、。（）]")


def decoded(data: bytes, cut: bool) -> tuple[str, str]:
    """Return the text of bytes, and its encoding.

    ``cut``: the bytes end where reading did, maybe within a character. Raise FloorctlError where no encoding fits.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _tolerant(data, "utf-16", cut) or "", "bom"
    zeros = data[:4000].count(0)
    if zeros * 5 > len(data[:4000]):
        for name in ("utf-16-le", "utf-16-be"):
            text = _tolerant(data, name, cut)
            if text is not None and text[:2000].count("\0") == 0:
                return text, "utf-16"
    text = _tolerant(data, "utf-8-sig", cut)
    if text is not None and "\0" not in text:
        return text, "utf-8"
    found = [(x, name) for name in ("cp932", "euc-jp") if (x := _tolerant(data, name, cut)) is not None]
    found = [(text, name) for text, name in found if "\0" not in text]
    if not found:
        do = "UTF-8 か Shift_JIS で書き出した表か、JSON にしてください"
        raise FloorctlError("ファイルを読めません", "文字の表ではないか、文字コードが分かりません", do)
    return max(found, key=lambda x: _natural(x[0]))


def to_name(encoding: str) -> str:
    """Return the encoding as a description has to name it: "" where ``auto`` (BOM, UTF-8, cp932) finds it."""
    return encoding if encoding in ("utf-16", "euc-jp") else ""


def _tolerant(data: bytes, encoding: str, cut: bool) -> str | None:
    for less in range(4 if cut else 1):
        try:
            return data[: len(data) - less].decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _natural(text: str) -> int:
    """Return how much a text looks like Japanese: read in the wrong encoding it is half-width kana and rare kanji."""
    part = text[:20_000]
    return (
        len(_USUAL.findall(part)) - 2 * len(_KANA_HALF.findall(part)) - 3 * sum("\ue000" <= c < "\uf900" for c in part)
    )
