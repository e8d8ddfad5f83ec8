"""Test loans that the console makes of itself, as the manager sees them: told in one line, taken back by u; and its offers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.halls import opened, queue
from tests.screens.harness import Console, console, joined, open_day
from tests.screens.test_board_words import drawn, hall, height
from tests.story import Story


async def until_home(c: Console, terminal: str) -> None:
    """Wait until the console has brought a terminal home of itself, and has told it."""
    await c.until(lambda: c.floor.terminals[terminal].home is None, f"{terminal} at home")
    await c.settle()


def waiting_for_cards(n: int, at: str) -> Story:
    story = Story(prefix=f"w{n}")
    for k in range(n):
        story.issues(f"A9{k}", "card_issuance", at)
    return story


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_a_return_is_done_and_told_with_who_and_why_and_u_takes_it_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with console(tmp_path, open_day(), at="10:00", size=size) as c:
        await c.press("1", ":", "escape")
        await c.at("10:03")
        await c.hears(waiting_for_cards(1, "10:02"))
        await until_home(c, "T1")
        assert c.message == "T1 が応援から戻りました（交付の列に1人、電子証明書に待つ人なし）   u 取消"
        c.sees("T1 が応援から戻りました", "取消 T1 応援から自動で戻る")
        c.clean()
        await c.press("u")
        assert c.floor.terminals["T1"].home == "issuance" and c.floor.terminals["T1"].lane == "certificate"
        await c.press("l")
        c.sees("応援から自動で戻る")


async def test_a_return_does_not_hide_a_refusal_that_is_being_read(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="10:00") as c:
        await c.press("1", ":", "s", "d")
        assert "終了" in c.message
        refused = c.message
        await c.press("s")
        await c.at("10:03")
        await c.press("d")
        await c.hears(waiting_for_cards(1, "10:02"))
        await until_home(c, "T1")
        assert c.message.startswith(refused) and "T1 が応援から戻りました" in c.message


async def test_no_question_is_closed_by_a_return(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="10:00") as c:
        await c.press("1", ":", "escape", "e")
        choice = c.state.pending.choice
        assert choice is not None
        await c.at("10:03")
        await c.hears(waiting_for_cards(1, "10:02"))
        await until_home(c, "T1")
        assert c.state.pending.choice is choice
        await c.press("escape")
        c.sees("T1 が応援から戻りました")


async def test_a_permitted_terminal_goes_by_itself_and_says_so(tmp_path: Path) -> None:
    story = queue(opened(issuance=3, certificate=5), "B", 30, "09:20")
    for n in range(5):
        story.calls(f"B{n + 1:03d}", f"T{n + 4}", "10:02")
    async with console(tmp_path, story, at="10:05") as c:
        await c.press(":", "2", "enter")
        await c.until(lambda: c.floor.terminals["T2"].home, "T2 away")
        await c.settle()
        assert c.message.startswith("許可により T2 を電子証明書の応援に出しました（")
        assert c.message.endswith("u 取消")
        c.sees("応援の許可 T2", "うち応援1台", "本来は交付")
        await c.press("f7")
        c.sees("応援 1回", "うち許可で 1回")


async def test_a_loan_is_offered_before_the_terminal_is_free_and_taken_by_one_key(tmp_path: Path) -> None:
    story = queue(opened(issuance=3, certificate=5), "B", 30, "09:20")
    for n in range(5):
        story.calls(f"B{n + 1:03d}", f"T{n + 4}", "10:02")
    for n, terminal in enumerate(("T1", "T2", "T3"), 1):
        story.issues(f"A{n:03d}", "card_issuance", "09:50").calls(f"A{n:03d}", terminal, "09:55")
    async with console(tmp_path, story, at="10:12") as c:
        await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
        c.app.redraw()
        await c.settle()
        c.sees("T1 を電子証明書の応援に（この方のあと）", "適用", "見送り")
        await c.press("a")
        [(kind, fields)] = c.wrote()
        assert kind == "terminal.lent" and fields["lane"] == "certificate"
        assert "応援へ" in c.text() and c.floor.terminals[fields["terminal"]].to_be_lent


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_the_effect_of_lending_stands_on_the_line_before_the_key(tmp_path: Path, size: tuple[int, int]) -> None:
    story = queue(opened(issuance=3, certificate=5), "B", 30, "09:20")
    for n in range(5):
        story.calls(f"B{n + 1:03d}", f"T{n + 4}", "10:02")
    async with console(tmp_path, joined(story), at="10:05", size=size) as c:
        await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
        await c.press("1")
        row = c.rows()[3]
        found = c.state.forecasts.of_loan("T1")
        assert found is not None and found[0] == "certificate" and "T1" in row and "応援" in row
        assert found[1]["certificate"].after_s < found[1]["certificate"].before_s
        await c.press(":")
        assert "応援なら" not in c.rows()[3] and "戻す" in c.text()


@pytest.mark.parametrize("width", range(72, 161, 4))
def test_an_offered_loan_keeps_its_figures_at_every_width(width: int) -> None:
    story = queue(opened(issuance=3, certificate=5), "B", 30, "09:20")
    for n in range(5):
        story.calls(f"B{n + 1:03d}", f"T{n + 4}", "10:02")
    for n, terminal in enumerate(("T1", "T2", "T3"), 1):
        story.issues(f"A{n:03d}", "card_issuance", "09:50").calls(f"A{n:03d}", terminal, "09:55")
    row = drawn(hall(story.entries(), "10:12"), width, height(width)).text().split("\n")[3]
    assert "T1" in row and "応援に" in row and "この方のあと" in row, row
    assert re.search("1時間[0-9]+分から1時間[0-9]+分", row), row
