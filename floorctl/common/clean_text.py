"""Clean text for storage and for a terminal: one line, in NFC, with nothing in it that a terminal would obey."""

from __future__ import annotations

import re
import unicodedata

# Whole CSI sequences; OSC, DCS, SOS, PM and APC with their payload up to the terminator. No class spans a next starter.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*+(?:\x07|\x1b\\|\x9c)"
)
_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]+")


class _Visible(dict[int, str]):
    """Map a code point to itself, or to nothing: control, format (bidi, zero width, tags), surrogate, noncharacter."""

    def __missing__(self, point: int) -> str:
        gone = unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs") or point & 0xFFFE == 0xFFFE
        self[point] = out = "" if gone else chr(point)
        return out


_VISIBLE = _Visible()


def clean(text: str) -> str:
    """Return ``text`` in NFC, on one line, without anything that a terminal would obey; idempotent.

    Escape sequences are removed whole; control, bidi, zero-width and surrogate characters singly; line breaks become a
    space.
    """
    if not text.isprintable():
        text = _BREAKS.sub(" ", _ESCAPES.sub("", text)).translate(_VISIBLE)
    return unicodedata.normalize("NFC", text).strip()
