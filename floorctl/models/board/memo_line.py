"""Read the line of a memo as it is typed: a time at its front, a code of the roster as a word of its own. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from floorctl.common.words import hm

_CLOCK = re.compile(
    r"\s*(?:([01]?\d|2[0-3])[:：]([0-5]\d)|([01]?\d|2[0-3])時(?:([0-5]?\d)分|(半))?)(?![-~〜～:\d間半])"
)
_LATER = re.compile(r"\s*(\d{1,3})分後")
_KEPT = ("まで", "から", "ごろ", "頃", "の")  # behind a time: the text is no sentence without it
_DROPPED = re.compile(r"に?[\s、,：:]*")


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


def read_memo(typed: str, now: datetime, codes: Collection[str]) -> MemoLine:
    """Return the memo that was typed at ``now``; ``codes``: of the roster.

    A time is 10:30, 10時半 or 20分後, full-width too. The owner is the first word behind it or the last one.
    """
    found = _time_of(unicodedata.normalize("NFKC", typed), now)
    if found is None:
        return MemoLine(typed.strip())
    due, end = found
    if due <= f"{now:%H:%M}":
        return MemoLine(typed.strip(), past=due)
    rest = _behind(typed, end)
    text = typed.strip() if rest.startswith(_KEPT) else _DROPPED.sub("", rest, count=1)
    owner = None
    words = text.split()
    for n in (0, len(words) - 1) if words else ():
        code = unicodedata.normalize("NFKC", words[n]).upper()
        if owner is None and code in codes:
            owner, text = code, " ".join(words[:n] + words[n + 1 :])
    return MemoLine(text.strip(), due, owner)


def _time_of(folded: str, now: datetime) -> tuple[str, int] | None:
    """Return the time at the front of a line ("HH:MM") and where it ends; None without one, or one of another day."""
    if (m := _LATER.match(folded)) is not None:
        at = now + timedelta(minutes=int(m[1]))
        return (f"{at:%H:%M}", m.end()) if at.date() == now.date() else None
    if (m := _CLOCK.match(folded)) is None:
        return None
    minute = m[2] or ("30" if m[5] else m[4] or "0")
    return f"{int(m[1] or m[3]):02d}:{int(minute):02d}", m.end()


def _behind(typed: str, end: int) -> str:
    """Return what was typed behind the first ``end`` characters of its folded form."""
    for n in range(len(typed) + 1):
        if len(unicodedata.normalize("NFKC", typed[:n])) >= end:
            return typed[n:]
    return ""
