"""Read the line of a memo as it is typed: a time at its front, a code of the roster as a word of its own. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from floorctl.common.words import hm

_CLOCK = re.compile(
    r"\s*(?:(午前|午後)\s*)?(?:(\d{1,2})[:：]([0-5]\d)|(\d{1,2})時(?:([0-5]?\d)分(前)?|(半))?|(正午))(?![-~〜～:\d間半])"
)
_LATER = re.compile(r"\s*(?:(\d{1,2})時間(半)?)?(?:(\d{1,3})分)?後")
_KEPT = ("まで", "から", "ごろ", "頃", "の", "前")  # behind a time: the text is no sentence without it
_DROPPED = re.compile(r"に?[\s、,：:]*")
_FIRST = re.compile(
    r"([^\s、,：:]+)[\s、,：:]+(?![へにとをがはのもで](?![ぁ-ん]))"
)  # a word by itself, no part of a sentence
_LAST = re.compile(r"[\s、,：:]+([^\s、,：:]+)$")


class MemoLine(NamedTuple):
    """Memo as it will be recorded. ``past``: a time at its front that is over: the memo is none that comes up."""

    text: str
    due: str | None = None
    owner: str | None = None
    past: str = ""

    def preview(self) -> str:
        """Return what was understood, for the line under the field; "" of a memo that is a text alone."""
        if self.past:
            return f"{hm(self.past)} は過ぎています。知らせないメモとして残します"
        if self.due is None:
            return ""
        who = f"担当 {self.owner}" if self.owner else "担当 現場責任者"
        return f"{hm(self.due)} に知らせます   {who}   {self.text or '（何をするかを続けて書いてください）'}"


def read_memo(typed: str, now: datetime, codes: Collection[str], names: Mapping[str, str] | None = None) -> MemoLine:
    """Return the memo that was typed at ``now``; ``codes``: of the roster; ``names``: their surnames, which no fact keeps.

    A time is 10:30, 10時半, 午後1時, 正午, 20分後 or 1時間後, full-width too. The owner is the word before it, the first one
    behind it or the last one.
    """
    known = _words_of(codes, names or {})
    first = _FIRST.match(typed.strip())
    owner = known.get(_folded(first[1])) if first is not None else None
    text = typed.strip()[first.end() :] if first is not None and owner is not None else typed
    found = _time_of(unicodedata.normalize("NFKC", text), now)
    if found is None:
        return MemoLine(typed.strip())
    due, end = found
    if due <= f"{now:%H:%M}":
        return MemoLine(typed.strip(), past=due)
    rest = _behind(text, end)
    text = text.strip() if rest.startswith(_KEPT) else _DROPPED.sub("", rest, count=1).strip()
    if owner is None:
        owner, text = _owner_of(text, known)
    return MemoLine(text, due, owner)


def _words_of(codes: Collection[str], names: Mapping[str, str]) -> dict[str, str]:
    """Return by the word that names somebody (code, surname, surname with さん) the code; of two of one surname neither."""
    surnames = Counter(names[code] for code in codes if code in names)
    known = {}
    for code in codes:
        known[_folded(code)] = code
        if (name := names.get(code, "")) and surnames[name] == 1:
            known |= {_folded(name): code, f"{_folded(name)}さん": code}
    return known


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def _owner_of(text: str, known: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the owner that a text names with its first word or its last one, and the text without it."""
    first, last = _FIRST.match(text), _LAST.search(text)
    if first is not None and (code := known.get(_folded(first[1]))) is not None:
        return code, text[first.end() :]
    if last is not None and (code := known.get(_folded(last[1]))) is not None:
        return code, text[: last.start()]
    code = known.get(_folded(text))
    return (None, text) if code is None else (code, "")


def _time_of(folded: str, now: datetime) -> tuple[str, int] | None:
    """Return the time at the front of a line ("HH:MM") and where it ends; None without one, or one of another day."""
    if (m := _LATER.match(folded)) is not None and (m[1] or m[3]):
        at = now + timedelta(hours=int(m[1] or 0), minutes=int(m[3] or 0) + (30 if m[2] else 0))
        return (f"{at:%H:%M}", m.end()) if at.date() == now.date() else None
    if (m := _CLOCK.match(folded)) is None:
        return None
    half, minutes = m[1], int(m[3] or m[5] or (30 if m[7] else 0))
    hour = 12 if m[8] else int(m[2] or m[4])
    if half and hour > 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "午後" else 0)
    minute = hour * 60 + (-minutes if m[6] else minutes)  # 15時10分前
    return (f"{minute // 60:02d}:{minute % 60:02d}", m.end()) if 0 <= minute < 24 * 60 else None


def _behind(typed: str, end: int) -> str:
    """Return what was typed behind the first ``end`` characters of its folded form."""
    for n in range(len(typed) + 1):
        if len(unicodedata.normalize("NFKC", typed[:n])) >= end:
            return typed[n:]
    return ""
