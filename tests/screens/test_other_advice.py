"""Other advice on the board: one at a time and calm, a to take it, x to leave it; the lane of a terminal as it is staffed."""

from __future__ import annotations

from pathlib import Path

from tests import halls
from tests.screens.harness import Console, console
from tests.story import Story


async def begun(c: Console) -> None:
    await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
    c.app.redraw()
    await c.settle()


async def test_a_paused_terminal_is_resumed_by_a_key(tmp_path: Path) -> None:
    async with console(tmp_path, halls.short_of_terminals().lines, at="10:55") as c:
        await begun(c)
        c.sees("提案", "休止中の T7 を再開", "電子証明書の最大待ち", "適用", "見送り")
        await c.press("a")
        assert c.wrote() == [("terminal.resumed", {"terminal": "T7", "reason": ""})]
        assert c.message.startswith("提案を適用 休止中の T7 を再開")
        await c.press("u")
        assert c.told()[0].state("T7") == "paused"


async def test_each_is_left_with_a_reason_and_the_next_one_shows(tmp_path: Path) -> None:
    """Who has to be fetched is no matter of a key: it says what is to be done."""
    async with console(tmp_path, halls.short_of_terminals().lines, at="10:55", size=(80, 24)) as c:
        await begun(c)
        await c.press("x", "1")
        ((kind, fields),) = c.wrote()
        assert (kind, fields["terminal"], fields["lane"]) == ("advice.declined", "T7", "certificate")
        c.sees("休憩中の S08 を T8 へ呼び戻す")
        await c.press("a")
        assert "戻ったら F4 で在席にし" in c.message
        assert len(c.wrote(2)) == 1
        await c.press("0")
        c.sees("法定の60分は済み", "来庁", "確かさ")
        await c.press("escape", "x", "3")
        c.sees("手の空いた S09 を T8 へ")
        await c.press("a")
        assert c.wrote() == [("terminal.staffed", {"terminal": "T8", "staff": "S09"})]


async def test_a_reception_is_stopped_by_a_key_and_undone_by_one(tmp_path: Path) -> None:
    async with console(tmp_path, halls.too_many_before_the_end().lines, at="15:45") as c:
        await begun(c)
        c.sees("交付の受付を打ち切る", "閉庁までに応対できない人")
        await c.press("x", "2")
        ((kind, fields),) = c.wrote()
        assert (kind, fields["terminal"], fields["lane"]) == ("advice.declined", None, "issuance")
        c.sees("電子証明書の受付を打ち切る")
        await c.press("a")
        services = {s.code for s in c.site.services if s.lane == "certificate"}
        assert {f["service"] for _, f in c.wrote(len(services))} == services == set(c.told()[0].stopped)
        await c.press("u")
        assert not c.told()[0].stopped


async def test_an_idle_terminal_is_lent_by_a_key(tmp_path: Path) -> None:
    story = halls.at_the_doors(24).moves("T1", "certificate", "08:31")
    async with console(tmp_path, story.lines, at="08:33") as c:
        await begun(c)
        c.sees("T2 を 8:44 まで電子証明書へ", "交付の受付は 9:00 から")
        await c.press("a")
        assert [kind for kind, _ in c.wrote(2)] == ["terminal.assigned", "advice.taken"]
        assert c.told()[0].terminals["T2"].lane == "certificate"


def empty_for_cards() -> Story:
    story = halls.opened(issuance=3, certificate=5).staffs("T3", None, "09:00")
    return halls.work(halls.queue(story, "B", 40, "10:00"), "B", [4, 5, 6, 7, 8], "10:01", 12, 1)


async def test_the_lane_at_staffing_is_one_key(tmp_path: Path) -> None:
    """The line says it as the terminal is chosen; the advised lane stands first as somebody is put there."""
    async with console(tmp_path, empty_for_cards().lines, at="10:15") as c:
        await begun(c)
        await c.press("3")
        c.sees("T3 に担当を置くなら電子証明書で", "交付なら")
        await c.press("p")
        await c.click_on("S03")
        c.sees("T3 をどちらの列で開けますか", "電子証明書で開ける（提案）", "交付のまま")
        await c.press("1")
        assert [kind for kind, _ in c.wrote(2)] == ["terminal.staffed", "terminal.assigned"]
        t = c.told()[0].terminals["T3"]
        assert (t.lane, t.staff) == ("certificate", c.wrote(2)[0][1]["staff"])
        await c.press("u")
        t = c.told()[0].terminals["T3"]
        assert (t.lane, t.staff) == ("issuance", None)


async def test_where_the_lane_is_right_nothing_is_asked(tmp_path: Path) -> None:
    story = halls.opened(issuance=3, certificate=5).staffs("T8", None, "09:00")
    async with console(tmp_path, story.lines, at="09:30") as c:
        await begun(c)
        await c.press("8", "p")
        await c.click_on("S08")
        assert c.wrote() == [("terminal.staffed", {"terminal": "T8", "staff": "S08"})]
        assert "電子証明書のまま" in c.message


async def test_everything_stands_on_f6(tmp_path: Path) -> None:
    for size in ((80, 24), (120, 36)):
        async with console(tmp_path, halls.short_of_terminals().lines, at="10:55", size=size, name=f"{size}.db") as c:
            await begun(c)
            await c.press("f6")
            c.sees("休止中の T7 を再開", "休憩中の S08 を T8 へ呼び戻す", "手の空いた S09 を T8 へ")
            c.clean()
