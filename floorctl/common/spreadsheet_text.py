"""Guard text in CSV cells against being read as a formula by a spreadsheet."""

from __future__ import annotations

import unicodedata

from floorctl.common.clean_text import clean

_QUOTES = "'\"`´‘’‚‛“”„‟＇＂｀"


def is_risky(text: str) -> bool:
    """Return whether a spreadsheet might read a text as a formula.

    That is, if its first character is ``= + - @`` or one of their full-width and small forms, which Japanese Excel
    folds (white space and quotes before it are ignored), or if it begins with a tab or a carriage return.
    """
    first = next((c for c in clean(text) if not c.isspace() and c not in _QUOTES), "")
    return unicodedata.normalize("NFKC", first)[:1] in tuple("=+-@") or text[:1] in ("\t", "\r")


def guarded(text: str) -> str:
    """Return text for a CSV cell: one printable line, with an apostrophe before it if it ``is_risky``.

    For texts, names and codes alike; numbers, -3 included, are written as they are.
    """
    return f"'{clean(text)}" if is_risky(text) else clean(text)
