"""F6 見込み: arrivals by half hour against what came, the last call; and the predicted waits on the board and in the queue."""

from __future__ import annotations

from pathlib import Path

from floorctl.screens.drawing.canvas import clause
from tests.halls import opened, queue
from tests.screens.harness import Console, Lines, console
from tests.story import Story, busy_day, instant
from tests.windows import windows_at


def busy(until: str) -> Lines:
    """A busy day as far as it has gone; some wait."""
    return [x for x in busy_day() if x["at"] <= instant(until).isoformat()]


def line(c: Console, words: str) -> str:
    """The first line of the screen with these words, single spaced."""
    return next(" ".join(row.split()) for row in c.rows() if words in row)


def half(c: Console, begins: str) -> str:
    """The row of a half hour, single spaced."""
    return next(" ".join(row.split()) for row in c.rows() if row.strip().startswith(f"{begins} "))


async def test_it_goes_on_with_the_day_and_back_in_time(tmp_path: Path) -> None:
    async with console(tmp_path, busy("11:10"), at="11:10") as c:
        await c.press("f6")
        before = half(c, "11:00")
        await c.hears(Story(prefix="y").issues("B900", at="11:10:30"))
        await c.at("11:11")
        assert half(c, "11:00") != before
        await c.press("[")
        c.sees("過去の表示", " 11:00 ")
        assert half(c, "11:00").split()[1] == before.split()[1], "as many had come"


# ---- windows needed and there


async def test_needed_windows_stand_beside_those_that_are_planned(tmp_path: Path) -> None:
    """Forty wait for certificates at six terminals: what lacks is said in a word; past half hours have what was there."""
    async with console(tmp_path, queue(opened(), "B", 40, "10:00").lines, at="10:10") as c:
        await c.press("f6")
        c.sees("必要", "窓口")
        need = c.state.forecasts.needed()["certificate"].halves[0]
        there = windows_at(c.state.forecasts.windows(), "certificate", instant("10:10"))
        assert (need.needed, there) == (8, 6)
        assert half(c, "10:00").split()[-2:] == ["6", "不足2"]
        assert " 6 " in f"{half(c, '9:00')} ", "what was there"


async def test_what_is_withheld_needs_no_windows(tmp_path: Path) -> None:
    async with console(tmp_path, busy("10:20"), at="13:00") as c:
        await c.press("f6")
        assert "certificate" not in c.state.forecasts.needed()
        assert "不足" not in half(c, "15:00")


async def test_a_narrow_screen_has_the_windows_too(tmp_path: Path) -> None:
    async with console(tmp_path, queue(opened(), "B", 40, "10:00").lines, at="10:10", size=(80, 24)) as c:
        await c.press("f6")
        c.sees("必要", "不足")


# ---- predicted waits


async def test_what_came_since_a_source_fell_silent_is_unknown(tmp_path: Path) -> None:
    """No arrivals are told, come or expected, of the time after the last record; nor those of the last hour on the board."""
    async with console(tmp_path, busy("10:20"), at="13:00") as c:
        c.sees("来庁 -")
        await c.press("f6")
        c.sees("電子証明書 10:19から記録なし")
        assert half(c, "11:00").split()[1] == "-"
        assert half(c, "15:00").split()[1:3] == ["-", "-"]
        await c.press("f2", "0")
        c.sees("10:19から記録なし")


async def test_where_heads_are_counted_no_finish_is_known(tmp_path: Path) -> None:
    story = queue(opened(), "B", 6, "10:00").tells("queue.counted", "10:05", lane="certificate", waiting=2)
    async with console(tmp_path, story.lines, at="10:10") as c:
        c.sees("完了 -")


def test_a_sentence_with_little_room_keeps_whole_clauses() -> None:
    assert clause("今日の記録を順に見る。古い記録を取り消す", 30) == "今日の記録を順に見る"
    assert clause("見込みと実際（30分ごと）、受付終了まで", 30) == "見込みと実際（30分ごと）"
    assert clause("番号", 10) == "番号"
