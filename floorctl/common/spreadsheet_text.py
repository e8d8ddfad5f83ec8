"""Text that no spreadsheet takes for a formula: for the cells of CSV files that are written, and of those that are read."""

from __future__ import annotations

import unicodedata

from floorctl.common.privacy import clean

_QUOTES = "'\"`´‘’‚‛“”„‟＇＂｀"


def is_risky(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula.

    So it is if its first character is ``= + - @`` or one of their full-width and small forms, which Japanese Excel
    folds (white space and quotes before it do not count), or if it begins with a tab or a carriage return.
    """
    first = next((c for c in clean(text) if not c.isspace() and c not in _QUOTES), "")
    return unicodedata.normalize("NFKC", first)[:1] in tuple("=+-@") or text[:1] in ("\t", "\r")


def guarded(text: str) -> str:
    """Text for a cell of a CSV file: one printable line, with an apostrophe before it if it ``is_risky``.

    That applies to texts, names and codes alike; counts are numbers and stay as they are, -3 too.
    """
    return f"'{clean(text)}" if is_risky(text) else clean(text)
