"""Copied text names people by code: surnames are drawn as marks of the same width, which are then read back as codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

# Characters that no text of the hall holds: one for each person, then the rest of the surname by its width in cells.
_FIRST, _LAST = 0xA000, 0xA48B
_WIDE, _NARROW = "\ua48c", "\u16eb"
_MARK = re.compile(rf"(?:(\S+) )?([{chr(_FIRST)}-{chr(_LAST)}])[{_WIDE}{_NARROW}]*")


def marks(names: Mapping[str, str]) -> dict[str, str]:
    """Return a mark as wide as the surname for each code."""
    return {code: _mark(n, name) for n, (code, name) in enumerate(names.items())}


def _mark(n: int, name: str) -> str:
    width = sum(1 + (unicodedata.east_asian_width(ch) in "WF") for ch in name)
    return chr(_FIRST + n % (_LAST - _FIRST + 1)) + _WIDE * (width // 2 - 1) + _NARROW * (width % 2)


def codes_for_marks(text: str, codes: Sequence[str]) -> str:
    """Return ``text`` with each mark, also one that was cut, as its code; a code is not repeated after itself."""

    def code(found: re.Match[str]) -> str:
        before, person = found[1], codes[ord(found[2]) - _FIRST]
        return person if before in (None, person) else f"{before} {person}"

    return _MARK.sub(code, text)
