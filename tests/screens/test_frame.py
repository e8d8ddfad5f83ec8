"""Check what all screens share: messages that fade, the entrance line beside them, the head line, the keys at the foot."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import get_character_cell_size
from textual.widgets import Static

from floorctl.screens.drawing.canvas import Canvas, fit
from tests.screens.days import DAYS
from tests.screens.harness import VIEW_KEYS, Console, console, joined, open_day
from tests.story import Story

DAY = open_day(at="09:00")
ENTRANCE = "ただいまの待ち（いま来た人）  交付 待ちなし  電子証明書 待ちなし"


def message_line(c: Console) -> str:
    return c.rows()[-2].strip()


# ---- the entrance line


async def test_the_entrance_line_stands_at_the_right_and_gives_way(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05", size=(120, 36)) as c:
        assert message_line(c) == ENTRANCE
        assert c.rows()[-2].endswith(f"{ENTRANCE} ")
        await c.press("5")
        assert message_line(c).startswith("T5 電子証明書 空き   ") and message_line(c).endswith(ENTRANCE)
        await c.press("g")
        assert "決定待ちの案件がありません" in c.message and message_line(c).endswith(ENTRANCE)
        # No half of it: who reads it aloud must not read a cut number.
        c.state.line.say("長" * 40)
        c.app.redraw()
        assert message_line(c) == "長" * 40


async def test_the_entrance_line_stands_on_every_screen_but_not_in_the_past(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05", size=(120, 36)) as c:
        for key in ("f3", "f4", "f5", "f7", "b", "l", ";", "k", "j"):
            await c.press(key)
            assert message_line(c) == ENTRANCE, key
        await c.press("f2", "[")
        assert "ただいまの待ち" not in c.text()
        c.sees("過去の表示")


async def test_before_the_doors_open_nothing_is_read_aloud(tmp_path: Path) -> None:
    early = Story(prefix="e").tells("staff.changed", "08:31", staff="S01", status="present")
    async with console(tmp_path, early, at="08:35") as c:
        assert message_line(c) == ""
        await c.press("enter", "2")
        await c.at("08:36")
        assert message_line(c) == "ただいまの待ち（いま来た人）  電子証明書 待ちなし"


# ---- the head line


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (160, "開場 9:00 現場責任者 S01 会場 0人／椅子 40脚 9:05:00"),
        (120, "開場 9:00 現場責任者 S01 会場 0人／椅子 40脚 9:05:00"),
        (100, "開場 9:00 責任者 S01 会場 0人／椅子 40脚 9:05:00"),
        (80, "会場 0人／椅子 40脚 9:05:00"),
        (66, "会場0／40 9:05:00"),
    ],
)
async def test_the_head_line_leaves_out_what_finds_no_room(tmp_path: Path, width: int, shown: str) -> None:
    async with console(tmp_path, DAY, at="09:05:00", size=(width, 36)) as c:
        other = c.beside()
        other.act("charge.taken", {"staff": "S01"})
        other.close()
        await c.until(lambda: c.floor.holder() == "S01", "the charge")
        await c.settle()
        assert " ".join(c.rows()[0].split()) == f"熊谷市 交付特設会場 令和8年9月14日（月） {shown}"


async def test_the_head_line_says_how_far_the_day_is(tmp_path: Path) -> None:
    early = Story(prefix="e").tells("staff.changed", "08:15", staff="S01", status="present")
    async with console(tmp_path, early, at="08:20") as c:
        assert "（月）  開場前 " in c.rows()[0]
        await c.press("enter", "2")
        assert "（月）  開場 8:20 " in c.rows()[0]
        await c.at("17:00:00")
        assert "残務" not in c.rows()[0], "who comes at the closing minute is received"
        await c.at("17:00:01")
        assert "（月）  開場 8:20  残務 " in c.rows()[0]
        other = c.beside()
        other.act("day.closed", {})
        other.close()
        await c.until(lambda: c.floor.closed_at is not None, "the close")
        await c.settle()
        assert "（月）  閉場 17:00 " in c.rows()[0]


# ---- the foot


async def test_the_foot_never_overlaps_and_help_is_always_there(tmp_path: Path) -> None:
    act = Story(prefix="t").issues("B041", at="09:01").calls("B041", "T6", "09:02")
    async with console(tmp_path, joined(DAY, act), at="09:05") as c:
        await c.press("4", "right", "escape")  # something that the undo key names
        for width in (60, 80, 100, 120, 160):
            await c.pilot.resize_terminal(width, 30)
            await c.settle()
            await c.press("f2", "escape")
            await foot_is_whole(c, width)


async def foot_is_whole(c: Console, width: int) -> None:
    """On each screen the buttons of the foot stand apart, F1 at the right edge."""
    for keys in ("", "6", "tab", "f3", "f4", "f5", "f7", "b", "l", ";", "c", "k", "j"):
        await c.press(*([keys] if keys else []))
        foot = sorted(
            (r.x, r.right)
            for r, m in c.frame.picture.targets
            if m.startswith("action:") and r.y == c.app.size.height - 1
        )
        assert foot[-1][1] == width
        assert all(right <= x for (_, right), (x, _) in pairwise(foot)), (keys, foot)
        assert c.rows()[-1].rstrip().endswith("F1  操作一覧")
        c.clean()


# ---- every cell


class Careful(Canvas):
    """A canvas that notes what is written over other words, or half beyond the edge."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self.owner: dict[tuple[int, int], str] = {}
        self.faults: list[str] = []

    def put(
        self, x: int, y: int, text: str, role: str = "text", width: int | None = None, *, underline: bool = False
    ) -> int:
        at, text, mine = x, fit(text, width) if width is not None else text, {}
        for char in text if 0 <= y < self.height else "":
            size = get_character_cell_size(char)
            if char != " ":
                mine |= {(n, y): text.strip() for n in range(at, at + size)}
            at += size
        for other in dict.fromkeys(self.owner[cell] for cell in mine if cell in self.owner):
            self.faults.append(f"row {y}: {text} over {other}")
        if any(n >= self.width for n, _ in mine):
            self.faults.append(f"row {y}: {text} beyond the edge")
        self.owner |= mine
        return super().put(x, y, text, role, None, underline=underline)


@pytest.mark.parametrize("day", ["surge", "whole", "doubtful", "evening", "empty"])
async def test_no_words_stand_on_others_nor_are_cut_by_the_edge(tmp_path: Path, day: str) -> None:
    """Leave out what finds no room, or end it in two dots; never end it in half a number."""
    path = tmp_path / "floor.db"
    clock = DAYS[day]().write(path)
    async with console(tmp_path, at=f"{clock.at:%H:%M:%S}", day=clock.at.date()) as c:
        for size in ((80, 24), (100, 30), (120, 36), (160, 45)):
            await c.pilot.resize_terminal(*size)
            await c.settle()
            for key in ("f2", "4", "tab", *VIEW_KEYS):
                await c.press(key)
                canvas = Careful(*c.frame.picture.size)
                c.frame.draw(canvas)
                assert not canvas.faults, (size, key)
            await c.press("f2", "escape")


def test_what_the_careful_canvas_notices() -> None:
    canvas = Careful(10, 1)
    canvas.put(0, 0, "待ち 4人")
    canvas.put(8, 0, "30")
    assert canvas.faults == []
    canvas.put(7, 0, "12")
    assert canvas.faults == ["row 0: 12 over 待ち 4人", "row 0: 12 over 30"]
    canvas.put(9, 0, "人")
    assert canvas.faults[2:] == ["row 0: 人 over 30", "row 0: 人 beyond the edge"]


async def test_a_dialog_opened_in_a_window_that_was_small_for_a_moment_is_laid_anew(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05", size=(120, 36)) as c:
        await c.press("m")
        whole = [c.app.screen.query_one(f"#{place}", Static).content for place in ("prompt", "foot")]
        for size in ((8, 3), (120, 36)):
            await c.pilot.resize_terminal(*size)
            await c.settle()
            shown = [str(c.app.screen.query_one(f"#{place}", Static).content) for place in ("prompt", "foot")]
            assert (shown == [str(x) for x in whole]) is (size[0] == 120)
