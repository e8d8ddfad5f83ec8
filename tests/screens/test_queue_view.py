"""The screens of numbers (b), records (l) and the reception by hand (j): what a full hall needs within three keys."""

from __future__ import annotations

from pathlib import Path

from floorctl.models.board.ticket_search import found_by
from floorctl.screens.tickets.view import minutes_cell
from floorctl.usecases.retraction import retract
from tests.screens.halls import queue
from tests.screens.harness import console
from tests.story import Story

# ---- finding


def test_what_a_person_says_is_the_number_that_is_meant() -> None:
    numbers = ["A041", "B004", "B041", "B141", "C-7", "b12"]
    for said in ("41", "041", "0041"):
        assert found_by(said, numbers) == ["A041", "B041"]
    for said in ("B041", "b041", "B41", "b 41", "B-41"):
        assert found_by(said, numbers) == ["B041"]
    assert found_by("4", numbers) == ["B004"]
    assert found_by("14", numbers) == ["B141"], "as far as it has been typed"
    assert found_by("C7", numbers) == found_by("7", numbers) == ["C-7"]
    assert found_by("12", numbers) == ["b12"]
    assert found_by("9", numbers) == found_by("Z41", numbers) == []


async def test_while_the_digits_name_no_number_none_is_acted_on(tmp_path: Path) -> None:
    async with console(tmp_path, queue(), at="10:00") as c:
        await c.press("b", "4", "1")
        for digits in ("77", "417", "00"):
            await c.press(*digits, "f")
            assert "番号が選ばれていません" in c.message
            assert c.kinds() == []
            await c.press("b", "4", "1", "escape")
            assert c.state.chosen.ticket == "B041"
        await c.press("7", "7", "backspace", "backspace", "f")
        assert c.wrote() == [("ticket.left", {"ticket": "B041"})]


# ---- the cursor stays


async def test_the_menu_acts_on_the_number_in_its_title(tmp_path: Path) -> None:
    """Somebody takes the issue back while the menu is open: the cursor moves on, the answer does not."""
    async with console(tmp_path, queue(), at="10:00") as c:
        await c.press("b", "4", "1", "enter")
        c.sees("B041 の操作")
        other = c.beside()
        issue = next(e for e in c.floor.entries if e.kind == "ticket.issued" and e.fact.ticket == "B041")  # type: ignore[attr-defined]
        retract(other, {"target": issue.fact.id, "target_source": issue.source, "reason": "二重発券"})
        other.close()
        await c.until(lambda: "B041" not in c.floor.tickets, "the retraction")
        await c.settle()
        options = [code for code, _ in c.state.pending.choice.options]
        await c.press("123456789"[options.index("ticket_left")])
        assert "番号が選ばれていません" in c.message
        assert [e.kind for e in c.facts() if e.source == "console"] == ["retracted"]


async def test_the_lists_of_the_board_keep_their_row_too(tmp_path: Path) -> None:
    async with console(tmp_path, queue(), at="10:00") as c:
        await c.press("shift+tab", "down", "down")
        assert c.state.chosen.panel == "journal"
        chosen = c.state.day.journal()[c.state.row("journal")]
        await c.hears(Story(prefix="y").issues("B050", at="09:50").issues("B051", at="09:51"))
        assert c.state.day.journal()[c.state.row("journal")].key == chosen.key
        await c.press("up")
        assert c.state.row("journal") == c.state.day.journal().index(chosen) - 1


# ---- the journal


async def test_the_journal_keeps_its_row_while_facts_come_in(tmp_path: Path) -> None:
    async with console(tmp_path, queue(), at="10:00", size=(80, 24)) as c:
        await c.press("l", "down", "down", "down", "down")
        chosen = c.frame.view.key  # type: ignore[attr-defined]
        await c.hears(Story(prefix="y").issues("B050", at="09:59").issues("B051", at="09:03"))
        assert c.frame.view.key == chosen  # type: ignore[attr-defined]
        await c.press("enter")
        c.sees("9:31 B004 帰宅")


def test_a_long_wait_is_said_in_hours_as_everywhere() -> None:
    said = [minutes_cell(s) for s in (30, 35 * 60, 59 * 60, 60 * 60, 135 * 60)]
    assert said == ["1分後", "35分後", "59分後", "1時間00分後", "2時間15分後"]


async def test_the_chosen_number_stands_in_full_on_a_tall_screen(tmp_path: Path) -> None:
    async with console(tmp_path, queue(), at="10:00", size=(160, 45)) as c:
        await c.press("b", "0", "0", "2", "down")
        c.sees("この番号の今日の記録 3件", "9:11  T5", "9:21  T5")
