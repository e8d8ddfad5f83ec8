"""F8 期限: what is due, submissions and approvals, meetings with their heads, rulings on the open questions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from floorctl.screens.duties.view import DutiesView
from floorctl.usecases.day_tables import Derived
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


async def test_what_was_handed_in_of_an_older_edition_comes_first(tmp_path: Path) -> None:
    """The day was closed, its report handed in, and the day issued again with other figures."""
    desk = Desk(tmp_path / "floor.db", kumagaya()).opens()
    desk.at("17:30").does("day.closed")
    desk.does("duty.submitted", duty="daily_report", key="2026-09-14")
    desk.does("day.reopened", reason="数え忘れ")
    desk.does("inquiry.counted", topic="駐車場")
    desk.at("17:40").does("day.closed")
    Derived(desk.session, date(2026, 9, 14), date(2026, 9, 14))
    desk.at("09:00", date(2026, 9, 15)).does("memo.written", text="朝礼")
    desk.does("memo.written", text="点検")
    desk.close()
    async with console(tmp_path, DAY, at="09:05", day=date(2026, 9, 15)) as c:
        await c.press("[")
        assert c.state.looking_back and any(d.outdated for d in c.state.day.duties()), "so it was then"
        await c.press("escape", "f8")
        c.sees("再提出", "9/14（月）の日次報告書が、提出の後に改められています", "floorctl export --date 2026-09-14")
        await c.press("a")
        assert "先に再提出を記録してください（n " in c.message
        assert any(d.outdated for d in c.state.day.duties())
        await c.press("n")
        assert not any(d.outdated for d in c.state.day.duties())
