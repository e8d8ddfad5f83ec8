"""Keeps personal data out of free text (仕様書 12): text is cleaned, then refused if it holds a number of a person.

Every door for free text goes through these functions: ``check`` or ``check_all`` refuse, ``warn`` speaks of what cannot
be told by digits. What is a number of a person stands in ``personal_numbers``, what is a name, an address or a birthday
in ``personal_words``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from floorctl.common.errors import Refused
from floorctl.common.personal_numbers import kind_in, lettered
from floorctl.common.personal_words import words_in

FOUND = {
    "email": "メールアドレスらしい文字列",
    "account": "SNSのIDらしい文字列",
    "residence_card": "在留カード番号らしい番号",
    "passport": "旅券番号らしい番号",
    "pin": "暗証番号・パスワードらしい文字列",
    "digits": "7桁以上の番号",
    "number": "保険証・口座など人の番号らしい番号",
}
WARNINGS = {
    "name": "氏名らしい語があります。氏名は書かないでください。",
    "address": "住所らしい語があります。住所は書かないでください。",
    "birth": "生年月日らしい語があります。生年月日は書かないでください。",
}


class PersonalData(Refused):
    """Free text that may not be kept: knows the field's label and the kind found (a key of ``FOUND``), not the text."""

    def __init__(self, field: str, found: str) -> None:
        self.field, self.found = field, found
        super().__init__(
            f"{field}に{FOUND[found]}が含まれています",
            "個人情報は記録できません 仕様書 12",
            "番号などを除いて書き直してください",
        )


def check(text: str, field: str) -> str:
    """``text`` cleaned, ready to be kept; ``field`` is the Japanese label that a refusal names.

    Raises PersonalData, which holds nothing of the text, and neither does this function's frame in its traceback.
    """
    cleaned = clean(text)
    found = find(cleaned)
    if found is None:
        return cleaned
    del text, cleaned  # a crash dump with local variables must not show them
    raise PersonalData(field, found)


def check_all(texts: Sequence[str], field: str) -> tuple[str, ...]:
    """The lines of one text, each as ``check`` leaves it; a number that goes on in the next line is refused, too.

    Lines are read on into each other where one of the two has no letter: a sentence ends, a number does not.
    """
    lines = tuple(check(text, field) for text in texts)
    bare = [not lettered(line) for line in lines]
    joined = "".join(
        f"{line}{' ' if here or there else '、'}"
        for line, here, there in zip(lines, bare, [*bare[1:], False], strict=True)
    )
    found = find(joined) if any(bare) and len(lines) > 1 else None
    if found is None:
        return lines
    del texts, lines, joined
    raise PersonalData(field, found)


# --- clean -----------------------------------------------------------------------------------------------------------

# Whole CSI sequences; OSC, DCS, SOS, PM and APC with their payload up to the terminator. No class spans a next starter.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*+(?:\x07|\x1b\\|\x9c)"
)
_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]+")


class _Visible(dict[int, str]):
    """Code point to itself, or to nothing: control, format (bidi, zero width, tags), surrogate, noncharacter."""

    def __missing__(self, point: int) -> str:
        gone = unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs") or point & 0xFFFE == 0xFFFE
        self[point] = out = "" if gone else chr(point)
        return out


_VISIBLE = _Visible()


def clean(text: str) -> str:
    """``text`` in NFC, on one line, with nothing in it that a terminal would obey; idempotent.

    Escape sequences go whole; control, bidi, zero-width and surrogate characters alone; line breaks become one space.
    """
    if not text.isprintable():
        text = _BREAKS.sub(" ", _ESCAPES.sub("", text)).translate(_VISIBLE)
    return unicodedata.normalize("NFC", text).strip()


# --- find and warn ---------------------------------------------------------------------------------------------------


def find(text: str) -> str | None:
    """The code (a key of ``FOUND``) of the first kind of personal data in ``text``, or None. Never raises; linear.

    Judges what ``clean`` leaves, which alone may be kept: the payload of an escape sequence is gone by then.
    """
    return kind_in(clean(text))


def warn(text: str) -> str | None:
    """A Japanese sentence on what looks like a name, an address or a birthday in ``text``, or None; never a refusal."""
    found = words_in(clean(text))
    return WARNINGS[found] if found else None
