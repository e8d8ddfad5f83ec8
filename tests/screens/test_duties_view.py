"""F8 期限: what is due, submissions and approvals, meetings with their heads, rulings on the open questions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from floorctl.screens.duties.view import DutiesView
from tests.screens.harness import Console, console, open_day
from tests.story import Desk, kumagaya

DAY = open_day()


async def tab(c: Console, name: str) -> None:
    view = c.frame.view
    assert isinstance(view, DutiesView)
    while view.tab != name:
        await c.press("tab")


async def test_overdue_is_said_on_the_board(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "floor.db", kumagaya())
    desk.does("memo.written", text="初日")
    desk.close()
    async with console(tmp_path, DAY, at="09:05", day=date(2026, 9, 17)) as c:
        found = next(a for a in c.state.alerts() if a.code == "duty_overdue")
        assert (found.severity, found.word, found.key, found.red) == ("warning", "期限", "F8", True)
        c.sees("日次報告書 9/14（月）分 期限 9/15 超過")
        await c.press("f8")
        c.sees("期限切れ", "2日超過", "期限切れ 2件")
