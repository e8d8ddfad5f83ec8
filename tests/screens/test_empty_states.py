"""Screens with nothing on them say what they are for and what to do next, with its key; the first start asks nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.screens.harness import console, open_day

SUNDAY = date(2026, 9, 13)

# What each screen says of a file in which nothing stands: the words that name a key or a command.
TEACHES = {
    "f2": ("Enter", "開場する", "c", "端末を選び p で入れます", "floorctl roster import"),
    "f3": ("e と事項の数字で引き継ぎます",),
    "f4": ("floorctl roster import FILE.csv", "端末を選び p"),
    "f5": ("i で記録します",),
    "f7": ("t 発券・j 手受付・発券機", "k"),
    "b": ("t（発券）か j（手受付）", "floorctl console --feed"),
    "l": ("Enter（開場）", "メモは m"),
    ";": ("メモ（m）・事案（i）",),
    "c": ("未",),
}


async def test_a_new_file_asks_nothing_and_every_empty_screen_teaches(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:20", size=(100, 30)) as c:
        assert c.facts() == []
        assert c.message == "初めての記録です  Enter 開場  名簿があれば a 1人ずつ配置  練習は floorctl demo"
        assert c.state.pending.choice is None and len(c.app.screen_stack) == 1
        for key, words in TEACHES.items():
            await c.press(key)
            shown = c.text().replace("\n", "").replace(" ", "")
            for word in words:
                assert word.replace(" ", "") in shown, (key, word, c.text())
            c.clean()


async def test_a_closed_day_says_when_it_opens_and_what_can_be_done(tmp_path: Path) -> None:
    async with console(tmp_path, at="10:20", day=SUNDAY, size=(100, 30)) as c:
        c.sees("休み", "次の開場日は 9/14（月）", "F8", "i 事案", ". 暦")
        await c.press("f6")
        c.sees("今日は開場日ではない", ". 暦")
        assert "あと" not in c.text().split("閉庁までに間に合うか")[0].partition("来庁の見込み")[2].splitlines()[0]
        await c.press("f2", "j")
        assert "開場日ではありません" in c.message


async def test_only_a_file_with_nothing_in_it_is_greeted(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:00") as c:
        assert c.message == ""


async def test_the_reception_and_paper_say_how_they_begin(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:00", size=(80, 24)) as c:
        await c.press("j")
        c.sees("業務の数字を押すと")
        await c.press("p")
        c.sees("紙の始まり", "Enter 次の行")
        await c.press("enter")
        assert "紙の行がまだ空です" in c.message
