"""Text that is refused while it is typed: the dialog says why and keeps waiting, and nothing goes on from there."""

from __future__ import annotations

from pathlib import Path

from floorctl.screens.dialogs import TextDialog
from tests.house.test_personal_data_leaks import SPELLINGS, found_in
from tests.screens.harness import console, open_day


async def test_a_dialog_hands_nothing_on(tmp_path: Path) -> None:
    def traced() -> set[str]:
        return {text for text in SPELLINGS.values() if found_in(tmp_path, text)}

    async with console(tmp_path, open_day()) as c:
        by_chance = traced()  # four digits may stand in a hash
        for text in SPELLINGS.values():
            answers = c.asks(lambda ask: ask.text("理由"))
            await c.settle()
            await c.enters(text)
            assert isinstance(c.app.screen, TextDialog), text
            c.sees("含まれています", "仕様書 12")
            await c.press("enter")
            assert isinstance(c.app.screen, TextDialog), "a second Enter is no consent"
            await c.press("escape")
            assert answers == []
            assert not isinstance(c.app.screen, TextDialog)
    assert traced() <= by_chance


async def test_what_is_put_right_goes_on(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        answers = c.asks(lambda ask: ask.text("理由"))
        await c.settle()
        await c.enters("T3 1234 5678")
        await c.press(*["backspace"] * 10)
        await c.press("enter")
        assert answers == ["T3"]
