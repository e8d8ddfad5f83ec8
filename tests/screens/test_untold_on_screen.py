"""A machine that tells half on the screens: what is not known is not shown as known, and the keys still work."""

from __future__ import annotations

from pathlib import Path

from tests.screens.harness import console
from tests.story import Story, a_day


def without_desk() -> Story:
    story = a_day().opens("08:30").issues("B001", at="08:40").issues("B002", at="08:41")
    return story.tells("ticket.called", "09:00", ticket="B001", ends="call")


async def test_a_call_without_a_terminal_names_none_and_no_desk_looks_free(tmp_path: Path) -> None:
    async with console(tmp_path, without_desk(), at="09:05") as c:
        c.sees("端末の記録なし")
        await c.press("j")
        c.sees("9:00 呼びました（端末不明）", "T3 不明")
        assert "None" not in c.text()
        await c.press("b")
        row = next(r for r in c.rows() if r.lstrip().startswith("B001"))
        assert "完了" in row and row.count("9:00") == 1, "its end is not known"


async def test_a_number_that_counts_as_done_can_be_absent_after_all(tmp_path: Path) -> None:
    async with console(tmp_path, without_desk(), at="09:05") as c:
        await c.press("b", "down", "z")
        assert c.floor.tickets["B001"].state == "no_show"
        await c.press("u")
        assert c.floor.tickets["B001"].outcome == "done"


async def test_a_visit_that_may_be_over_is_called_and_no_more(tmp_path: Path) -> None:
    story = a_day().opens("08:30").issues("B001", at="08:40")
    story.tells("ticket.called", "08:45", ticket="B001", terminal="T3", ends="next_call")
    async with console(tmp_path, story, at="09:30") as c:
        c.sees("呼出済 45分", "次で終了")
        assert "応対中 45分" not in c.text()
        await c.press("b")
        c.sees("呼出済")


async def test_calls_alone_promise_nobody_a_short_wait(tmp_path: Path) -> None:
    story = a_day().opens("08:30")
    for n, at in enumerate(("09:00", "09:05", "09:12"), 1):
        story.tells("ticket.issued", at, ticket=f"B{n:03d}", service="cert_renewal", no_arrival=True)
        story.tells("ticket.called", at, ticket=f"B{n:03d}", terminal="T3", ends="next_call")
    async with console(tmp_path, story, at="09:20", size=(160, 45)) as c:
        assert "電子証明書 待ちなし" not in c.text()
        c.sees("電子証明書 待ちの記録なし")
        await c.press("j")
        row = next(r for r in c.rows() if "電子証明書更新 " in r)
        assert "待ち -" in row and "発券 -" in row
        await c.press("f7")
        c.sees("電子証明書 待ち人数の記録なし", "電子証明書 待ち時間の記録なし")


async def test_heads_alone_are_no_half_hours_in_which_nobody_came(tmp_path: Path) -> None:
    story = a_day(source="kiosk").opens("08:30")
    for n in range(12):
        story.tells("queue.counted", f"08:{32 + n}", lane="certificate", waiting=3 + n % 3)
    async with console(tmp_path, story, at="10:05") as c:
        await c.press("f6")
        row = next(r for r in c.rows() if r.strip().startswith("8:30 "))
        assert " 0 " not in row and "-" in row


async def test_who_waits_is_written_nowhere_where_nobody_tells(tmp_path: Path) -> None:
    story = a_day().opens("08:30")
    story.tells("ticket.issued", "09:00", ticket="B001", service="cert_renewal", no_arrival=True)
    story.tells("ticket.called", "09:00", ticket="B001", terminal="T3", ends="next_call")
    async with console(tmp_path, story, at="09:20", size=(160, 45)) as c:
        c.sees("会場 -人／椅子")
        row = next(r for r in c.rows() if r[100:].lstrip().startswith("9:00 ") and "呼出し" not in r[100:])
        assert row[100:].split()[3:5] == ["1", "-"], "the flow of the day: who came, who waited"
        await c.press(";")
        row = next(r for r in c.rows() if "電子証明書" in r and "端末 " in r)
        assert "待ち -（" in row


async def test_after_the_reception_who_may_be_gone_is_not_said_to_be_served(tmp_path: Path) -> None:
    story = a_day().opens("08:30").issues("B001", at="16:30")
    story.tells("ticket.called", "16:31", ticket="B001", terminal="T3", ends="next_call")
    async with console(tmp_path, story, at="17:05") as c:
        c.sees("応対中 0件", "呼出済 1件")
