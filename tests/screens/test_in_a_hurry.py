"""Keys that come faster than they are answered: each means what it meant when it was pressed, and none means it twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from floorctl.screens.dialogs import NumbersDialog, TextDialog
from floorctl.screens.help import HelpDialog
from tests.screens.harness import Console, console, joined, open_day
from tests.story import Story


def at_once(c: Console, *keys: str) -> None:
    for key in keys:
        c.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_a_dialog_is_answered_once(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        for times in (2, 3, 8):
            answers = c.asks(lambda ask: ask.digits("人数"))
            await c.settle()
            at_once(c, "5", *["enter"] * times)
            await c.settle()
            assert answers == [5]
            assert c.app.screen is c.frame
            await c.press("escape")


@pytest.mark.parametrize("opens", ["0", "?", "f1"])
@pytest.mark.parametrize("waits", [True, False], ids=["open", "opening"])
async def test_escape_four_times(tmp_path: Path, opens: str, waits: bool) -> None:
    async with console(tmp_path, open_day()) as c:
        at_once(c, opens)
        if waits:
            await c.settle()
            at_once(c, *["escape"] * 4)
        else:
            at_once(c, *["escape"] * 4)
        await c.settle()
        assert c.app.screen is c.frame
        await c.press("f3")
        c.sees("市職員")


async def test_a_dialog_under_another_closes_neither(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        lower, upper = (c.asks(lambda ask, title=title: ask.text(title)) for title in "下上")  # type: ignore[misc]
        await c.settle()
        _, under, over = c.app.screen_stack
        for field in under.query(Input):  # an Enter that was on its way when the other one was opened
            field.post_message(events.Key("enter", None))
        under.dismiss("x")
        await c.settle()
        assert c.app.screen is over
        await c.type("い")
        at_once(c, "enter", "enter")
        await c.settle()
        assert (c.app.screen, upper, lower) == (under, ["い"], [])
        await c.press("escape")
        assert (c.app.screen, lower) == (c.frame, [])


async def test_a_dialog_that_has_gone_hears_nothing(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        dialog = NumbersDialog("数", [("a", "あ", 1), ("b", "い", 2)])
        c.app.push_screen(dialog)
        await c.settle()
        field = dialog.query(Input).first()
        dialog.dismiss(None)
        dialog.post_message(Input.Submitted(field, "5"))
        dialog.post_message(Input.Changed(field, "5"))
        dialog.post_message(events.Key("enter", None))
        await c.settle()
        dialog.dismiss({"a": 1})
        await c.settle()
        assert c.app.screen is c.frame


async def test_what_is_typed_before_a_dialog_stands_is_typed_into_it(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        at_once(c, "?", "1", "1", "enter", "enter")
        await c.settle()
        assert c.kinds() == []
        assert c.state.chosen.terminal == "", "the digits chose no terminal of the board"
        while c.app.screen is not c.frame:
            await c.press("escape")
        at_once(c, "?", *"端末1")
        await c.settle()
        assert isinstance(c.app.screen, HelpDialog)
        assert c.app.screen.query_one(Input).value == "端末1"


async def test_the_action_that_is_run_is_the_one_that_was_typed(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        at_once(c, "?", *"機器", "enter")
        await c.settle()
        assert c.app.screen is c.frame
        assert type(c.frame.view).__name__ == "EquipmentView"


async def test_letters_and_other_keys_keep_their_order(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        answers = c.asks(lambda ask: ask.text("人数", value="99"))
        at_once(c, *"123", "backspace", "4", "left", "0", "enter", "7")
        await c.settle()
        assert answers == ["1204"]


async def test_a_count_in_one_go(tmp_path: Path) -> None:
    """The digits of the second field were pressed after the Enter of the first one."""
    async with console(tmp_path, open_day()) as c:
        lanes = c.site.movable_lanes
        at_once(c, "w", "1", "2", "enter", "3", "4", "enter", *["5", "enter"] * (len(lanes) - 2))
        await c.settle()
        counted = {f["lane"]: f["waiting"] for kind, f in c.wrote(len(lanes)) if kind == "queue.counted"}
        assert counted == dict(zip(lanes, (12, 34, 5, 5, 5), strict=False))


async def test_a_wrong_answer_says_so_however_fast_it_was_typed(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        c.asks(lambda ask: ask.digits("人数"))
        at_once(c, "x", "enter")
        await c.settle()
        assert isinstance(c.app.screen, TextDialog)
        c.sees("数字で入れてください")


async def test_a_click_on_the_board_that_comes_after_a_dialog_does_nothing(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        before = c.state.line.text
        c.asks(lambda ask: ask.text("理由"))
        for x in range(0, 120, 4):
            c.frame.post_message(events.Click(c.frame.picture, x, 35, 0, 0, 1, False, False, False, x, 35))
        await c.settle()
        assert len(c.app.screen_stack) == 2
        assert (c.kinds(), c.state.line.text, c.state.pending.choice) == ([], before, None)


async def test_keys_where_the_window_is_too_small_to_draw(tmp_path: Path) -> None:
    keys = ("right", "down", "left", "up", "end", "home", "enter", "escape", "escape", "tab", "right", "1")
    async with console(tmp_path, open_day(), size=(40, 10)) as c:
        for opens in ("f3", "f4", "f5", "f6", "f7", "f8", "f9", "b", "l", "w", "c", ".", ",", ";", "n"):
            at_once(c, opens, *keys)
            await c.settle()
            assert c.app._exception is None, opens
            await c.press("escape", "escape", "f2")


OUTAGE = (".", "s", "1", *"9/24", "enter", *"0900", "enter", *"1030", "enter", *"maintenance", "enter")


async def test_keys_typed_ahead_over_several_questions_are_answers_in_their_order(tmp_path: Path) -> None:
    """The whole of an act in one go, and on the board what was typed after it."""
    async with console(tmp_path, open_day()) as c:
        at_once(c, *OUTAGE, "f2", "3")
        await c.settle()
        [(kind, fields)] = c.wrote()
        assert (kind, fields["reason"]) == ("calendar.outage", "maintenance")
        assert (f"{fields['from_at']:%m/%d %H:%M}", f"{fields['until_at']:%H:%M}") == ("09/24 09:00", "10:30")
        assert c.state.chosen.terminal == "T3"


@pytest.mark.parametrize("answered", range(5))
async def test_escape_at_each_question_of_a_long_act_ends_it(tmp_path: Path, answered: int) -> None:
    ends = [3, *(n + 1 for n, key in enumerate(OUTAGE) if key == "enter")]
    async with console(tmp_path, open_day()) as c:
        at_once(c, *OUTAGE[: [2, *ends][answered]], "escape", "f2", "3")
        await c.settle()
        assert (c.kinds(), c.app.running, c.state.pending.choice, c.app.screen) == ([], set(), None, c.frame)
        assert c.state.chosen.terminal == "T3"


async def test_lines_of_the_closing_are_settled_one_after_the_other(tmp_path: Path) -> None:
    """The second Enter of the burst is not for the line that the first one is settling."""
    waiting = Story(prefix="w").issues("B041", at="09:01").issues("B042", at="09:02")
    async with console(tmp_path, joined(open_day(), waiting), at="17:10") as c:
        await c.press("f9")
        at_once(c, "enter", "1", "enter", "1")
        await c.settle()
        assert c.kinds()[:2] == ["ticket.left", "ticket.left"]
        assert "できません" not in c.message
