"""Check the words of refusals on the console: whole, in its own keys and words, and a key that is refused is not offered."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.commands.fact_checks import make_fact
from floorctl.common.errors import Refused
from floorctl.screens.dialogs import NumbersDialog, in_groups
from tests.screens.harness import console, open_day
from tests.story import instant, kumagaya


def test_a_value_out_of_bounds_is_refused_in_the_words_of_the_door() -> None:
    with pytest.raises(Refused) as refused:
        make_fact("officials.changed", {"present": 9999}, "x", instant("09:00"), kumagaya())
    assert refused.value.on_screen == "市職員の人数を記録できません（入れた値が大きすぎます）。入れ直してください。"
    assert "officials.changed" in refused.value.sentence and "present が大きすぎます" in refused.value.sentence


def test_the_keys_of_a_dialog_are_parted_between_each_other() -> None:
    said = "Enter 次の欄へ（残で決める）   Tab ほかの欄   ないものは 0   Esc やめる"
    assert in_groups(said, 66) == "Enter 次の欄へ（残で決める）   Tab ほかの欄   ないものは 0\nEsc やめる"
    assert in_groups("番号を出しません。待っている人はそのままです", 42).splitlines()[1] == "人はそのままです"


async def test_undo_is_not_offered_for_what_the_city_was_told(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:05", size=(80, 24)) as c:
        await c.press("i", "2")
        await c.enters("待ち時間への苦情")
        assert "u  取消" in c.rows()[-1]
        await c.press("f5", "1")
        await c.enters("監督員")
        assert c.kinds()[-1] == "incident.reported"
        await c.press("f2")
        assert "取消" not in c.rows()[-1]
        written = len(c.facts())
        await c.press("u")
        c.sees("市へ報告 は取り消せません（市に伝わったことです）。訂正は")
        assert len(c.facts()) == written


async def test_a_count_beyond_the_hall_names_no_setting_on_the_console(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:05") as c:
        await c.press("v")
        await c.enters("9999")
        assert c.message.endswith("人数を確かめて入れ直してください。")


async def test_the_question_behind_a_date_is_whole_on_a_small_screen(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:05", size=(80, 24)) as c:
        await c.press("f8", "tab", "tab", "tab")
        c.frame.view.choose("d plan 2026-07-01")  # type: ignore[attr-defined]
        c.app.redraw()
        await c.settle()
        c.sees("（計画書・マニュアル・誓約書・研修計画の期限）", "既定の扱い（協議が調うまで）  x で決める")


async def test_a_long_refusal_is_whole_on_a_small_screen(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:05", size=(80, 24)) as c:
        text = "この操作は記録できません、先に確かめてください。" * 8
        c.state.line.say(text, "bad")
        c.app.redraw()
        await c.settle()
        assert "".join(row.strip() for row in c.rows()[-8:-1]).endswith(text)


async def test_a_fifth_digit_of_a_tally_says_so_and_enter_takes_the_four(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:05") as c:
        await c.press("k", "1", "2", "3", "4", "5")
        c.sees("1回に足せるのは4桁まで")
        await c.press("enter")
        assert c.wrote()[-1][1]["count"] == 1234


async def test_the_hint_of_a_dialog_stands_on_lines_of_whole_words(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:05", size=(80, 24)) as c:
        c.asks(lambda ask: ask.dialog(NumbersDialog("枚数", [("a", "受領した枚数", 0)], needed=True)))
        await c.settle()
        c.sees("ないものは 0", "Esc やめる")


async def test_after_the_close_no_key_offers_to_take_the_closing_back(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="17:40", size=(80, 24)) as c:
        await c.press("f9", "z", "2")
        await c.until(lambda: "締めて、控えを取り" in c.text(), "the closing")
        assert "取消 閉場" not in c.text()
        c.sees("台帳との照合", "21項目、天候")
