"""F8 期限: what is due, submissions and approvals, meetings with their heads, rulings on the open questions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from floorctl.screens.duties.view import TABS, DutiesView
from tests.screens.harness import Console, console, open_day
from tests.story import Desk, kumagaya

DAY = open_day()


async def tab(c: Console, name: str) -> None:
    view = c.frame.view
    assert isinstance(view, DutiesView)
    while view.tab != name:
        await c.press("tab")


async def test_submitting_and_approving(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("f8")
        c.sees("今日まで", "日次報告書", "9/12（土）分", "翌営業日＝次の開場日（A1）", "既定の読み")
        await c.press("n")
        kind, fields = c.wrote()[0]
        assert (kind, fields["duty"], fields["key"]) == ("duty.submitted", "daily_report", "2026-09-12")
        assert fields["submitted_on"] == date(2026, 9, 14)
        assert "今日まで" not in c.text()
        await c.press("u")
        c.sees("今日まで")
        await tab(c, "open")
        await c.press("d")
        await c.enters("9/13")
        assert c.wrote()[0][1]["submitted_on"] == date(2026, 9, 13)
        await tab(c, "submitted")
        c.sees("提出済", "9/13(日)", "1回目")
        await c.press("enter", "3")
        assert c.wrote()[0][1]["approved_on"] == date(2026, 9, 14)
        c.sees("承認済")


async def test_tabs_go_round_and_the_whole_begins_today(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("f8")
        for name, words in TABS.items():
            c.sees(f"[{words}]")
            if name == "all":
                assert c.state.chosen.duty == "d daily_report 2026-09-12"
            await c.press("tab")
        c.sees("[7日以内]")
        await c.press("shift+tab")
        c.sees("[会議]", "業務運営会議", "未開催")


async def test_what_was_due_before_the_file_began_is_not_red(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("f8")
        assert "超過" not in c.text()
        await tab(c, "open")
        await c.press("end")
        c.sees("記録前", "超過")
        assert not [a for a in c.state.alerts() if a.code == "duty_overdue"]


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


async def test_the_monthly_meeting_with_its_heads(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("f8", "end")
        c.sees("9月の定例", "進捗報告", "翌月計画", "10月の開場 24日", "課題共有", "改善提案", "要員計画")
        await c.press("enter", "1", "2", "4")
        kind, fields = c.wrote()[0]
        assert kind == "meeting.held" and fields["supervisors"] == 2 and fields["held_on"] == date(2026, 9, 14)
        assert fields["heads"] == ("進捗報告", "翌月計画", "改善提案", "要員計画")
        assert "課題共有" in c.message and "9月の定例" not in c.text()
        c.sees("議事録", "9/17(木)")
        await tab(c, "meetings")
        c.sees("M-1", "監督員2")
        await c.press("n")
        assert c.wrote()[0][1]["duty"] == "minutes"


async def test_an_emergency_meeting_is_offered_first(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        session = c.beside()
        session.act("incident.opened", {"category": "complaint", "summary": "大声の苦情"})
        session.act("incident.amended", {"incident": "I-1", "serious": True})
        session.close()
        await c.until(lambda: c.state.day.register and "I-1" in c.state.day.register.incidents, "the incident")
        await c.press("f8", "home")
        c.sees("緊急会議", "I-1 重大な事案")
        await c.press("p", "1")
        kind, fields = c.wrote()[0]
        assert (kind, fields["form"], fields["incident"]) == ("meeting.held", "emergency", "I-1")
        assert "重大な事案" not in c.text()


async def test_a_ruling_by_digit(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("f8")
        await tab(c, "questions")
        c.sees("A1 ", "A15", "既定", "次の開場日")
        await c.press("enter", "2")
        c.sees("これより前の分の期限は変わりません")
        await c.press("2")
        await c.enters("9/18")
        kind, fields = c.wrote()[0]
        assert (kind, fields["question"], fields["reading"]) == ("ruling.made", "A1", "weekday")
        assert fields["from_on"] == date(2026, 9, 18)
        c.sees("次の開場日", "2026-09-18から")  # today the default still holds
        await c.press("end", "enter", "2", "1")
        assert c.wrote()[0][1]["reading"] == "other"
        assert "記録だけ" in c.message
        c.sees("2026-09-14", "別に定める")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_every_tab_fits(tmp_path: Path, size: tuple[int, int]) -> None:
    async with console(tmp_path, DAY, at="09:05", size=size) as c:
        await c.press("f8")
        for name in TABS:
            await tab(c, name)
            c.clean()
            await c.press("end", "home")
            for key in ("x", "enter"):
                await c.press(key)
                c.clean()
                if c.state.pending.choice is not None:
                    await c.press("escape")
        await tab(c, "questions")
        await c.press("n")
        assert "提出物が選ばれていません" in c.message
