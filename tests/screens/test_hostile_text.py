"""Text that means to harm, in every field that takes free text: it is only ever text, and no row changes its width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from floorctl.common.clean_text import clean
from tests.screens.harness import VIEW_KEYS, Console, console, joined, open_day
from tests.story import Story, kumagaya

DAY = open_day()
HOSTILE = {
    "markup": "[/red] [bold [ ] \\[ [/] [@click=app.quit]押す[/]",
    "link": "[@click=app.quit]x",
    "escapes": "赤\x1b[31m字\x1b]0;題\x07 \x9b2J \x1b[?1049l 終",
    "controls": "a\tb\r\nc\x00\x07\x08\x7fd",
    "kanji": "㐂𠮷 髙﨑 𩸽 龘",
    "long": "長" * 400,
    "long ascii": "x" * 400,
    "bidi": "\u202eevil\u202c \u2066x\u2069 \u200bzero",
    "emoji": "👨‍👩‍👧 👍🏽 🇯🇵 ☺️ 1️⃣",
    "combining": "e\u0301\u0301\u0301 が ｶﾞ ก้ हिन्दी 각",
    "format": "{0} %s %(x)s ${y} {{z}} =cmd|' /C calc'!A0",
    "ambiguous": "①※○●→■▲…—×★│─「」",
}
ALL = list(HOSTILE.values())
SCREENS = (*VIEW_KEYS, "f2")


async def look_everywhere(c: Console) -> None:
    """Every screen, every panel, in three sizes."""
    for width, height in ((80, 24), (160, 45), (120, 36)):
        await c.pilot.resize_terminal(width, height)
        await c.settle()
        for key in SCREENS:
            await c.press(key)
            c.clean()
    for _ in range(5):
        await c.press("tab")
        for _ in range(min(12, c.state.length(c.state.chosen.panel))):
            await c.press("down")
        c.clean()


def feed_with(texts: list[str]) -> list[dict[str, Any]]:
    """A feed that has each of these texts in each kind of free-text field."""
    story = Story(prefix="h").issues("B041", at="09:00").calls("B041", "T3", "09:01")
    site = kumagaya()
    for n, text in enumerate(texts):
        one, two = site.terminals[n].code, site.terminals[n + 6].code
        lane = site.terminal_by_code[one].lanes[-1]
        story.tells("terminal.assigned", "09:02", terminal=one, lane=lane, reason=text)
        story.tells("terminal.paused", "09:03", terminal=one, reason=text)
        story.tells("terminal.failed", "09:04", terminal=two, fault=text)
        story.tells("terminal.repaired", "09:04", terminal=one, fault=text)
        story.tells("escalation.raised", "09:06", escalation=f"E-{n}", matter="fee", terminal=one, note=text)
        story.tells("reception.stopped", "09:07", service=site.services[n].code, reason=text)
        story.tells("staff.changed", "09:08", staff=f"S{n:02d}", status="late", reason=text, until="10:00")
        story.tells("inquiry.counted", "09:09", topic=text[:400])
    return joined(DAY, story)


@pytest.mark.parametrize("half", [ALL[::2], ALL[1::2]], ids=["even", "odd"])
async def test_in_every_field_of_a_feed(tmp_path: Path, half: list[str]) -> None:
    async with console(tmp_path, feed_with(half), at="09:10") as c:
        assert [t.reason for t in list(c.floor.terminals.values())[6:]] == [clean(text) for text in half]
        await look_everywhere(c)
        await c.press("escape", "shift+tab", "enter")  # the journal's entry in the box of its correction
        c.clean()
        await c.press("escape", "q")
        c.sees("問い合わせ")
        c.clean()
        assert not c.app._exit


async def test_in_incidents_and_memos(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:10") as c:
        other = c.beside()
        for n, text in enumerate(ALL, 1):
            other.act("incident.opened", {"category": "complaint", "summary": text[:400], "terminals": ["T7"]})
            other.act("incident.noted", {"incident": f"I-{n}", "text": text[:400]})
            other.act("memo.written", {"text": text[:400]})
            other.act("charge.taken", {"staff": f"S{n:02d}", "reason": text[:400]})
            other.act("vacancy.opened", {"staff": f"V{n:02d}", "reason": text[:400]})
            other.act("accommodation.given", {"means": text[:400]})
        await c.until(lambda: len(c.floor.entries) == len(DAY) + 6 * len(ALL), "the incidents")
        await look_everywhere(c)
        await c.press("f5")
        for _ in ALL:
            await c.press("enter", "escape", "down")
        for n, text in enumerate(ALL, 1):
            other.act("incident.reported", {"incident": f"I-{n}", "to": text})
            other.act("incident.closed", {"incident": f"I-{n}", "text": text})
        other.close()
        await c.until(lambda: not c.state.day.register.open_incidents(), "the close")
        c.clean()


# Where text is typed: the keys that open the field.
FIELDS: dict[str, tuple[str, ...]] = {
    "memo": ("m",),
    "inquiry": ("q", "+"),
    "reason of a move": ("3", "left"),
    "reason of a stop": ("r", "3", "enter"),
    "incident": ("i", "2"),
    "official": ("tab", "enter", "1", "0"),
    "staff": ("4", "p", "d"),
    "correction": ("shift+tab", "enter"),
    "help": ("f1",),
    "head count": ("w",),
    "officials": ("o",),
    "seats": ("v",),
    "clock": ("f12", "1"),
    "means": ("y", "6"),
    "desk": ("@", "7"),
    "absence": ("f4", "3", "4"),
    "arrival": ("f4", "2", "5"),
    "a number": ("b", "/"),
    "a record": ("l", "/"),
}
PASTED = "[/red] [@click=app.quit]x[/] \x1b[31m赤\x1b]0;題\x07 㐂𠮷 \u202e👩\u200d👧 " + "長" * 300


@pytest.mark.parametrize("fields", [list(FIELDS)[n::3] for n in range(3)], ids=" ".join)
async def test_in_every_field_of_the_console(tmp_path: Path, fields: list[str]) -> None:
    case = Story(prefix="e").tells("escalation.raised", "09:03", escalation="E-7", matter="fee")
    async with console(tmp_path, joined(DAY, case), at="09:10") as c:
        for field in fields:
            c.state.chosen.panel, c.state.chosen.terminal = "lanes", ""
            await c.press(*FIELDS[field])
            assert isinstance(c.app.focused, Input), field
            c.app.post_message(events.Paste(PASTED))  # the clipboard, or an IME
            await c.settle()
            await c.press("enter")
            while len(c.app.screen_stack) > 1 or c.state.pending.choice is not None:
                await c.press("escape")
            c.clean()
            await c.press("f2")
        assert "\x1b" not in c.message
        for e in c.facts():
            assert "\x1b" not in str(e.fact.everything()) and "\u202e" not in str(e.fact.everything())
        assert not c.app._exit


async def test_what_is_pasted_is_cleaned_before_it_is_shown(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:10") as c:
        for text in ALL:
            await c.press("m")
            c.app.post_message(events.Paste(text))
            await c.settle()
            c.clean()
            await c.press("escape")


async def test_typed_character_by_character(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:10") as c:
        await c.press("m")
        await c.type("[/red][@click=app.quit]x 㐂𠮷")
        c.sees("[/red][@click=app.quit]x 㐂𠮷")
        await c.press("enter")
        assert c.wrote() == [("memo.written", {"text": "[/red][@click=app.quit]x 㐂𠮷"})]
        c.sees("メモ [/red][@click=app.quit]x 㐂𠮷")
        await c.click_on("[@click=app.quit]")
        assert not c.app._exit


@pytest.mark.parametrize("n", [400, 500])
async def test_four_hundred_characters_are_kept_and_no_more(tmp_path: Path, n: int) -> None:
    async with console(tmp_path, DAY, at="09:10") as c:
        await c.press("m")
        c.app.post_message(events.Paste("長" * n))
        await c.settle()
        await c.press("enter")
        assert c.wrote() == [("memo.written", {"text": "長" * 400})]
        c.clean()
