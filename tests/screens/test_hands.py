"""Take keys and the mouse as they arrive: IME, mouse, panels by Tab and arrows, and a window that changes its size."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from floorctl.console.keys import BY_ID
from floorctl.console.state import PANELS
from floorctl.screens.drawing.canvas import Canvas
from tests.screens.halls import work
from tests.screens.harness import VIEW_KEYS, Console, console, cut

# ---- the mouse


async def test_a_click_on_a_key_of_the_foot_acts(tmp_path: Path) -> None:
    async with console(tmp_path, work(), at="09:05") as c:
        await c.click_on("発券", skip=sum("発券" in row for row in c.rows()[:-1]))
        c.sees("番号を出す業務")
        await c.click_on("電子証明書更新")
        assert c.wrote()[0][1]["service"] == "cert_renewal"
        await c.click_on("操作一覧")
        c.sees("探す言葉")
        await c.press("escape", "4")
        await c.click_on("休止/再開")
        assert c.told()[0].state("T4") == "paused"


async def test_every_key_of_the_foot_is_a_button(tmp_path: Path) -> None:
    async with console(tmp_path, work(), at="09:05", size=(160, 45)) as c:
        for chosen in ("", "T6"):
            c.state.chosen.terminal = chosen
            await c.press("tab", *["tab"] * (len(PANELS) - 1))
            c.state.chosen.terminal = chosen
            c.app.redraw()
            meanings = [m for _, m in c.frame.picture.targets if m.startswith("action:")]
            shown = [a.id for a in c.frame.view.foot_actions()]
            assert [m.partition(":")[2] for m in meanings] == ["help", *shown]
            assert len(shown) == 10
            for region, meaning in c.frame.picture.targets:
                kind, _, action = meaning.partition(":")
                if kind == "action":
                    button = cut(c.rows()[region.y], region.x, region.right).strip()
                    assert button.startswith(f"{BY_ID[action].cap}  {c.frame.view.label(BY_ID[action])}")


async def test_a_click_on_an_alert_chooses_its_terminal(tmp_path: Path) -> None:
    async with console(tmp_path, work(), at="09:05") as c:
        await c.click_on("T8 カードR/W 1分", skip=1)
        assert c.state.chosen.terminal == "T8"


# ---- panels


@pytest.mark.parametrize("panel", PANELS)
async def test_arrows_stay_within_a_panel_and_enter_opens_or_says(tmp_path: Path, panel: str) -> None:
    for name, lines in (("work", work()), ("empty", [])):
        async with console(tmp_path, lines, at="09:05", name=f"{name}.db") as c:
            await c.press(*["tab"] * PANELS.index(panel))
            for key in ("up", "down", "down", "down", "up"):
                await c.press(key)
                row, length = c.state.row(panel), c.state.length(panel)
                assert (row is None) if not length else (row is not None and 0 <= row < length)
            c.state.line.text = ""
            await c.press("enter")
            assert c.message or c.state.pending.choice is not None or len(c.app.screen_stack) > 1
            c.sees("熊谷市")


# ---- the window


async def shown_at(c: Console, width: int, height: int) -> None:
    await c.pilot.resize_terminal(width, height)
    await c.settle()
    assert c.app.size == (width, height)


@pytest.mark.parametrize("opened", [("", "t", "w"), VIEW_KEYS[::2], VIEW_KEYS[1::2]], ids=" ".join)
async def test_the_window_may_become_tiny_and_come_back(tmp_path: Path, opened: tuple[str, ...]) -> None:
    async with console(tmp_path, work(), at="09:05") as c:
        for keys in opened:
            await tiny_and_back(c, keys)
        await c.press("5", "s")
        assert c.kinds() == ["terminal.paused"]


async def tiny_and_back(c: Console, keys: str) -> None:
    """The window shrinks over what ``keys`` opens, and grows again."""
    if keys:
        await c.press(keys)
    before = c.text()
    for width, height in ((20, 5), (1, 1), (200, 60), (80, 10)):
        await shown_at(c, width, height)
        c.text()
        await c.press("down", "up")
    await shown_at(c, 120, 36)
    after = c.text()
    assert len(after.splitlines()) == len(before.splitlines())
    c.sees("熊谷市 交付特設会場")
    await c.press("escape", "escape", "f2", "escape")


async def test_every_row_is_as_wide_as_the_window(tmp_path: Path) -> None:
    async with console(tmp_path, work(), at="09:05") as c:
        for size in ((80, 24), (100, 30), (120, 36), (140, 40), (160, 45), (240, 70), (60, 20)):
            await shown_at(c, *size)
            for key in ("f2", "4", *VIEW_KEYS):
                await c.press(key)
                c.clean()
            await c.press("f2", "escape")


def test_writing_over_half_a_character_takes_all_of_it() -> None:
    for x, shown in ((1, " xい"), (0, "x い"), (2, "あx ")):
        canvas = Canvas(6, 1)
        canvas.put(0, 0, "あい")
        canvas.put(x, 0, "x")
        assert canvas.text() == shown.rstrip()
        assert sum(cell_len(char) for char in canvas.rows()[0][0]) == 6


async def test_a_question_shows_its_cursor_without_colour(tmp_path: Path) -> None:
    """今日を締めますか: where the cursor stands must be seen by more than bold letters."""
    async with console(tmp_path, work(), at="17:15", theme="mono") as c:
        await c.press("f9", "z")
        found = [(r.y, m) for r, m in c.frame.picture.targets if m.startswith("choice:")]
        looks = {m: {(s.style.reverse, s.style.underline) for s in c.strips()[y] if s.style} for y, m in found}
        assert looks["choice:0"] != looks["choice:1"]
