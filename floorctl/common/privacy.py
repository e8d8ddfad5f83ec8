"""Keep personal data out of free text (仕様書 12): clean the text, and refuse it if it contains a person's number.

Every entrance for free text calls ``check`` or ``check_all``, which refuse; ``warn`` reports what digits cannot reveal.
Persons' numbers are defined in ``personal_numbers``; names, addresses and birthdays in ``personal_words``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from floorctl.common.clean_text import clean
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
_LIKELY = {"name": "氏名", "address": "住所", "birth": "生年月日"}


class PersonalData(Refused):
    """Free text that must not be stored: keeps the field's label and the kind found (of ``FOUND``), not the text."""

    def __init__(self, field: str, found: str) -> None:
        self.field, self.found = field, found
        super().__init__(
            f"{field}に{FOUND[found]}が含まれています",
            "個人情報は記録できません 仕様書 12",
            "番号などを除いて書き直してください",
        )


# Short texts in which nothing was found and nothing doubted: the numbers of a day's tickets come again and again.
_SHORT, _MOST_HARMLESS = 24, 4096
_harmless: set[str] = set()
# Numbers of tickets as they mostly are: too few digits for anybody's number, and no birthday behind a letter (S500101).
_OF_A_TICKET = re.compile("(?:[A-Za-z]-?)?[0-9]{1,5}|(?:[A-Za-z]-)?[0-9]{6}", re.ASCII)


def check(text: str, field: str) -> str:
    """Return ``text`` cleaned for storage; ``field``: Japanese label for the refusal.

    Raise PersonalData, which contains nothing of the text; nor does this function's frame in its traceback.
    """
    if _OF_A_TICKET.fullmatch(text) or text in _harmless:
        return text
    cleaned = clean(text)
    found = find(cleaned)
    if found is None:
        return cleaned
    del text, cleaned  # a crash dump with local variables must not show them
    raise PersonalData(field, found)


def check_all(texts: Sequence[str], field: str) -> tuple[str, ...]:
    """Return the lines of one text, each as ``check`` returns it; refuse a number continued in the next line, too.

    Adjacent lines are joined if one of the two has no letter: a sentence ends at a line, a number need not.
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


# --- find and warn ---------------------------------------------------------------------------------------------------


def find(text: str) -> str | None:
    """Return the first kind of personal data (a key of ``FOUND``) in ``text``, or None. Never raise; linear time.

    The text is cleaned first, because only that is stored: the payload of an escape sequence is gone by then.
    """
    return kind_in(clean(text))


def warn(text: str) -> str | None:
    """Return a Japanese sentence on what looks like a name, an address or a birthday in ``text``, or None."""
    found = likely(text)
    return f"{found}らしい語があります。{found}は書かないでください。" if found else None


def likely(text: str) -> str | None:
    """Return 氏名, 住所 or 生年月日 if something in ``text`` looks like one, else None."""
    if _OF_A_TICKET.fullmatch(text) or text in _harmless:
        return None
    found = words_in(clean(text))
    if found is None and len(text) <= _SHORT and clean(text) == text and find(text) is None:
        if len(_harmless) >= _MOST_HARMLESS:
            _harmless.clear()
        _harmless.add(text)
    return _LIKELY[found] if found else None
