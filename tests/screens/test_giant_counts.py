"""A file in which somebody has counted 99,999 heads, and a hall of 300: drawn like any other, no figure is cut."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.house.test_number_bounds import put
from tests.screens.halls import three_hundred
from tests.screens.harness import VIEW_KEYS, console, joined
from tests.story import Desk, a_day, kumagaya


async def test_the_board_is_drawn_and_a_recount_puts_it_right(tmp_path: Path) -> None:
    with closing(Desk(tmp_path / "floor.db", kumagaya())) as desk:
        put(desk, "queue.counted", "09:50", lane="certificate", waiting=99_999)
        put(desk, "visitors.counted", "09:50", persons=99_999)
    others = joined(a_day(prefix="o").opens("08:30"), a_day(prefix="t").issues("B001", at="09:55"))
    async with console(tmp_path, others, at="10:00") as c:
        c.sees("電子証明書")
        assert c.floor.lanes["certificate"].waiting == 100_000
        for key in ("f6", "b", "f2", "f7", "f2"):
            await c.press(key)
        await c.press("w", "enter", "3", "0", "1", "enter")
        assert "300人まで" in c.message and c.floor.lanes["certificate"].waiting == 100_000
        await c.press("w", "enter", "3", "enter")
        assert c.floor.lanes["certificate"].waiting == 3


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)], ids=str)
async def test_no_screen_cuts_a_figure_of_three_hundred(tmp_path: Path, size: tuple[int, int]) -> None:
    async with console(tmp_path, three_hundred(), at="14:05", size=size) as c:
        for key in VIEW_KEYS:
            await c.press("f2", key)
            assert not re.search(r"[0-9],?\.\.", c.picture()), f"{key}\n{c.picture()}"
            assert key != "j" or "待ち 300人" in c.picture()
