"""A barcode reader at the console: on every screen and at every question its burst finds a number and records nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, Static

from floorctl.models.board.ticket_search import code_of, read_as
from floorctl.screens.dialogs import Dialog
from floorctl.screens.tickets.view import QueueView
from tests.screens.halls import HALLS
from tests.screens.harness import VIEW_KEYS, Console, console
from tests.story import Story

CODES = [
    "A003",
    "a003",
    "003",
    "b041",
    "Ａ００３",
    "あ００３",
    "1n2d3",
    "nzsdf",
    "]C1A003",
    "adxgo",
    "u1u2u",
    "z9z9",
    "p1p2",
]


async def home(c: Console) -> None:
    """Back to the board, every box closed."""
    while isinstance(c.app.screen, Dialog) or c.state.pending.choice is not None or c.state.pending.typing_backdate:
        await c.press("escape")
    await c.press("escape", "escape", "f2")


async def test_no_burst_records_anything_on_any_screen_or_at_any_question(tmp_path: Path) -> None:
    r = random.Random(7)
    async with console(tmp_path, HALLS["queue"](), at="10:00") as c:
        for n, key in enumerate((*VIEW_KEYS, "f2")):
            for opener in (("", "3")[n % 2], r.choice("enpsdzfuagtroiyq@c-x")):
                await home(c)
                await c.press(key)
                if opener:
                    await c.press(opener)
                known = len(c.facts())  # the opener by hand may have recorded
                if isinstance(c.app.screen, Dialog) and c.app.screen.takes_words:
                    continue  # text of its field
                for code in r.sample(CODES, 2):
                    asked = c.state.pending.choice
                    await c.scan(code, end=r.choice(("enter", "tab", "")), gap_s=r.choice((0, 0.004, 0.012)))
                    assert len(c.facts()) == known, (key, opener, code, c.facts()[known:])
                    assert c.state.pending.choice is asked, "no question is answered, none is opened"
                    assert c.message
                    assert not c.app.engine.owed and bool(c.app.running) == bool(asked)


@pytest.mark.parametrize("gap_s", [0, 0.004, 0.012])
@pytest.mark.parametrize("end", ["enter", "tab"])
async def test_in_a_text_field_a_burst_is_text_and_its_enter_decides_nothing(
    tmp_path: Path, gap_s: float, end: str
) -> None:
    async with console(tmp_path, HALLS["queue"](), at="10:00") as c:
        await c.press("1", "-")  # something by hand that can be taken back
        await c.press("l", "enter")
        box, known = c.app.screen, len(c.facts())
        assert isinstance(box, Dialog) and box.takes_words
        await c.scan("B041", end=end, gap_s=gap_s)
        assert c.app.screen is box and len(c.facts()) == known
        assert box.query_one(Input).value == "B041"
        assert str(box.query_one("#foot", Static).content).startswith("Enter 決める")
        await c.press("enter")
        assert c.facts()[known:] and c.facts()[-1].kind == "retracted"


async def test_what_the_first_character_opened_is_gone(tmp_path: Path) -> None:
    async with console(tmp_path, HALLS["queue"](), at="10:00") as c:
        before = c.picture()
        for code in ("t99x9", "m99x9", "w99x9", "l99x9", "-99x9", "[99x9", "?99x9", "/99x9", "k99x9"):
            await c.scan(code)
            assert c.app.screen is c.frame, code
            assert not c.app.running
            c.state.line.say("")
            assert c.picture() == before, code


async def test_of_keys_by_hand_the_first_acts_at_once_and_all_act_in_order(tmp_path: Path) -> None:
    """``1`` and ``n`` within 3 ms: two fingers. The screen shows the first before the second has been decided."""
    async with console(tmp_path, HALLS["queue"](), at="10:00") as c:
        await c.scan("3", end="")
        assert c.state.chosen.terminal == "T3"
        await c.scan("4n", end="")
        assert c.state.chosen.terminal == "T4"
        assert c.kinds() == ["ticket.called"]
        assert c.wrote()[0][1]["terminal"] == "T4"
        await c.scan("mx", end="")
        assert isinstance(c.app.screen, Dialog)
        await c.scan("A003")  # text, without its Enter
        await c.press("enter")
        assert c.wrote()[0][1]["text"] == "xA003"


async def test_what_is_said_of_a_number_stays_true_as_facts_arrive(tmp_path: Path) -> None:
    async with console(tmp_path, HALLS["queue"](), at="10:00") as c:
        await c.scan("A003")
        assert c.message.startswith("A003 待ち 2番目（交付）   n 呼ぶ")
        await c.hears(Story(prefix="y").calls("A001", "T1", "10:00"))
        assert c.message.startswith("A003 待ち 1番目（交付）   n 呼ぶ")
        await c.hears(Story(prefix="z").calls("A003", "T2", "10:00"))
        assert c.message.startswith("A003 T2で応対中") and "n 呼ぶ" not in c.message
        await c.press("f2")
        await c.hears(Story(prefix="x").finishes("A003", "T2", "10:00"))
        assert not c.message


async def test_a_paste_is_a_word(tmp_path: Path) -> None:
    async with console(tmp_path, HALLS["queue"](), at="10:00") as c:
        known = len(c.facts())
        c.app.post_message(events.Paste(" a003\n"))
        await c.settle()
        assert isinstance(c.frame.view, QueueView) and c.state.chosen.ticket == "A003"
        c.app.post_message(events.Paste("n\nn\nd\n1"))
        await c.settle()
        assert len(c.facts()) == known
        assert c.message == "NND1 は今日の番号にありません"


@pytest.mark.parametrize("code", ["123456789018", "09012345678", "048-521-1111", "AB12345678CD", "1234567890128"])
async def test_a_persons_number_is_neither_shown_nor_kept(tmp_path: Path, code: str) -> None:
    async with console(tmp_path, HALLS["queue"](), at="10:00") as c:
        await c.scan(code)
        assert c.message.startswith("人の番号らしい文字を読み取りました"), c.message
        shown = c.text().replace(" ", "")
        assert code not in shown and code[-6:] not in shown
        for path in tmp_path.rglob("*"):
            assert path.is_dir() or code.encode() not in path.read_bytes()


def test_codes_and_the_numbers_that_they_mean() -> None:
    numbers = ["A019", "B019", "B041", "C-7", "12"]
    for text, meant in {
        "A019": ["A019"], " ａ０１９ ": ["A019"], "あ019": ["A019"], "A19": ["A019"], "a0019": ["A019"], "41": ["B041"],
        "019": ["A019", "B019"], "C7": ["C-7"], "12": ["12"], "0012": ["12"], "]C1A019": ["A019"], "TKT:B041": ["B041"],
        "20260914B041": ["B041"], "X12": ["12"], "X112": [], "A0190": [], "": [], "Z9": [], "HELLO": [],
    }.items():  # fmt: skip
        assert read_as(code_of(text), numbers) == meant, text
