"""Codes of a site that would be misread where they stand in a path: ``site=CODE`` of a head office's lake. Pure.

Each word was tried with the engines (docs/head_office.md); case makes no difference.
"""

from __future__ import annotations

import re

_READ_AS = {
    "値がないもの": ("null", "none"),
    "数": ("nan", "inf", "infinity"),
    "はい・いいえ": ("true", "false"),
    "日付": ("epoch", "now", "today", "yesterday", "tomorrow"),
}
_DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")  # Windows has no file of these names
# ClickHouse takes the begin of a word that it knows for the whole, and then misses the number.
_HALF_A_WORD = re.compile(r"(t|tr|tru|f|fa|fal|fals|n|na|nu|nul)[0-9]+")


def misread(code: str) -> str:
    """Return why a code cannot name a site, as a Japanese sentence, or ""."""
    word = code.casefold()
    if _DEVICES.fullmatch(word):
        return f"{code} は Windows では装置の名前で、ファイルやフォルダーの名前になりません"
    for kind, words in _READ_AS.items():
        if word in words:
            return f"{code} は、本部で会場をまとめて読む道具が、コードではなく{kind}として読みます"
    return ""


def stops_a_reader(code: str) -> bool:
    """Return whether a code stops ClickHouse until the type of ``site`` is given."""
    return _HALF_A_WORD.fullmatch(code.casefold()) is not None
