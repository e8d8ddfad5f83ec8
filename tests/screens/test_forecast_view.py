"""F6 見込み: arrivals by half hour against what came, the last call; and the predicted waits on the board and in the queue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screens.harness import Console, Lines, console, joined, open_day
from tests.story import Story, busy_day, instant

DAY = open_day()
SIZES = [(80, 24), (120, 36), (160, 45)]


def busy(until: str) -> Lines:
    """A busy day as far as it has gone; some wait."""
    return [x for x in busy_day() if x["at"] <= instant(until).isoformat()]


def line(c: Console, words: str) -> str:
    """The first line of the screen with these words, single spaced."""
    return next(" ".join(row.split()) for row in c.rows() if words in row)


@pytest.mark.parametrize("size", SIZES)
async def test_half_hours_with_what_came_and_what_is_expected(tmp_path: Path, size: tuple[int, int]) -> None:
    async with console(tmp_path, busy("11:10"), at="11:10", size=size) as c:
        await c.press("f6")
        c.sees("来庁の見込み", "11:00〜11:30", "閉庁までに間に合うか", "間に合う")
        assert re.search(r"あと\d+人（\d+〜\d+）", c.text())
        # Over: how many came and how many were expected; under way and ahead: how many it will be, from and to.
        assert re.match(r"10:00〜10:30 \d+ \d+ \d+ \d+", line(c, "10:00〜10:30"))
        assert re.match(r"11:00〜11:30 \d+ \d+ \d+〜\d+ \d+ \d+ \d+〜\d+", line(c, "11:00〜11:30"))
        assert re.match(r"14:00〜14:30 \d+ \d+〜\d+ \d+ \d+〜\d+", line(c, "14:00〜14:30"))
        assert ("#" in line(c, "10:00〜10:30")) == (size[0] == 160), "a bar where there is room"
        c.clean()


async def test_the_cursor_begins_at_now_and_the_view_changes_nothing(tmp_path: Path) -> None:
    async with console(tmp_path, busy("11:10"), at="11:10") as c:
        await c.press("f6", "down", "enter")
        assert "見るだけ" in c.message
        assert c.frame.view.key == "11:30"  # type: ignore[attr-defined]
        await c.press("escape")
        c.sees("市職員待ち")
        assert c.kinds() == []


async def test_an_empty_and_a_closed_day(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:20") as c:
        await c.press("f6")
        c.sees("来庁の見込み", "開場している間の見込みです")
        c.clean()


async def test_who_cannot_be_served_is_told_with_the_time_to_stop(tmp_path: Path) -> None:
    story = Story(prefix="q")
    for n in range(59):
        story.issues(f"B{n:03d}", at=f"15:{n:02d}")
    async with console(tmp_path, joined(DAY, story), at="16:10") as c:
        await c.press("f6")
        assert re.search(r"約\d+人 間に合わない +打切りの目安 16:10", c.text())


async def test_a_lane_without_anybody_is_told_so(tmp_path: Path) -> None:
    async with console(tmp_path, busy("11:10"), at="11:10") as c:
        await c.press("f6")
        c.sees("申請サポート", "担当のいる端末がありません")


async def test_it_goes_on_with_the_day_and_back_in_time(tmp_path: Path) -> None:
    async with console(tmp_path, busy("11:10"), at="11:10") as c:
        await c.press("f6")
        before = line(c, "11:00〜11:30")
        await c.hears(Story(prefix="y").issues("B900", at="11:10:30"))
        await c.at("11:11")
        assert line(c, "11:00〜11:30") != before
        await c.press("[")
        c.sees("過去の表示", "11:00〜11:30")
        assert line(c, "11:00〜11:30").split()[1] == before.split()[1], "as many had come"


# ---- predicted waits


@pytest.mark.parametrize("size", SIZES)
async def test_the_board_says_what_the_last_person_still_waits(tmp_path: Path, size: tuple[int, int]) -> None:
    async with console(tmp_path, busy("12:00"), at="12:00", size=size) as c:
        assert re.search(r"見込み *約?(\d時間)?\d+分", c.text())
        if size[0] >= 120:
            assert re.search(r"9割 (\d時間)?\d+分", c.text())
        c.clean()


async def test_the_board_says_where_it_is_going(tmp_path: Path) -> None:
    story = Story(prefix="q").issues("B001", at="09:30")
    for n in range(30):
        story.issues(f"B1{n:02d}", at=f"09:40:{n:02d}")
    async with console(tmp_path, joined(DAY, story), at="09:50") as c:
        assert re.search(r"\+\d+分／15分", c.text())


async def test_an_idle_lane_says_what_who_comes_now_would_wait(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:30") as c:
        c.sees("今来た人 まもなく")
        assert "見込み 約" not in c.text()


async def test_nothing_is_told_before_the_doors_open(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:20") as c:
        assert "今来た人" not in c.text()
        assert c.state.forecasts.waits() == {}


async def test_each_number_of_the_queue_is_told(tmp_path: Path) -> None:
    async with console(tmp_path, busy("12:00"), at="12:00") as c:
        await c.press("b", "tab")
        c.sees("9割")
        waiting = [n for q in c.floor.lanes.values() for n in q.tickets]
        assert len(waiting) > 3
        for number in waiting:
            assert re.search(r"(約\d\d?分|\d{3}分) \d+分 -", line(c, f" {number} ")), number
