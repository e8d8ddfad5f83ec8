"""Open memos of the day: what somebody is to do, when, and who. Pure."""

from __future__ import annotations

from collections.abc import Callable

from floorctl.common.words import hm
from floorctl.models.day.floor import Floor
from floorctl.models.day.memo import Memo, MemoKey

_DAY_END = "99:99"  # a memo without a time comes after those that have one


def open_memos(floor: Floor) -> list[Memo]:
    """Return the open memos of the day, the first to be due first."""
    return sorted((m for m in floor.memos.values() if m.open), key=lambda m: (m.due or _DAY_END, m.at, m.key))


def owner_of(floor: Floor, memo: Memo) -> str | None:
    """Return who is to do it: its owner, else whoever holds the charge of 現場責任者 now; None if nobody does."""
    return memo.owner or floor.holder()


def memo_word(floor: Floor, memo: Memo, who: Callable[[str], str] = str) -> str:
    """Return a memo in one line: its time, its owner where one is named, its text."""
    owner = who(memo.owner) if memo.owner else ""
    return " ".join(x for x in (hm(memo.due) if memo.due else "", owner, memo.text) if x)


def about_memo(key: MemoKey) -> str:
    """Return the key of a memo as one text, for an alert or a row; neither part has a blank."""
    return " ".join(key)
