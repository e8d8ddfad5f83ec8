"""Alerts of memos: those whose time has come or comes up soon, and those that the day before has left open. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from floorctl.common.lengths import minutes_word
from floorctl.models.board.alert import Alert
from floorctl.models.board.memos import about_memo, memo_word, open_memos
from floorctl.models.day.floor import Floor
from floorctl.models.day.memo import Memo


def memo_alerts(floor: Floor, now: datetime, who: Callable[[str], str]) -> Iterator[Alert]:
    """Yield the memos whose time has come, and before it those that come up soon, until the day is closed."""
    if floor.closed_at is not None:
        return
    soon = now + timedelta(seconds=floor.site.thresholds.memo_ahead_s)
    for m in open_memos(floor):
        due = m.due_at()
        if due is None or due > soon:
            continue
        late = int((now - due).total_seconds())
        after = f"（{minutes_word(late)}過ぎ）" if late >= 60 else ""
        severity = "warning" if late >= 0 else "info"
        text = f"{memo_word(floor, m, who)}{after}"
        yield Alert("memo_due", severity, "メモ", text, "Enter", None, "brief", about=about_memo(m.key))


def left_alerts(floor: Floor, left: Sequence[Memo]) -> Iterator[Alert]:
    """Yield the open memos of the day before, until they are done or the day is closed."""
    if left and floor.closed_at is None:
        text = f"前の日の済んでいないメモ {len(left)}件 {left[0].text}{'ほか' if len(left) > 1 else ''}"
        brief = f"前の日のメモ {len(left)}件"
        yield Alert("memo_left", "info", "メモ", text, ";", None, "brief", short=brief)
