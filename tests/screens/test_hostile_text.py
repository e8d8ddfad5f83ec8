"""Text that means to harm, in every field that takes free text: it is only ever text, and no row changes its width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual import events

from floorctl.privacy import clean
from tests.screens.harness import Console, console, joined, open_day
from tests.story import Story

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
SCREENS = ("f3", "f4", "f5", "f7", "k", "f2")


async def look_everywhere(c: Console) -> None:
    """Every screen, every panel, in three sizes."""
    for width, height in ((80, 24), (120, 36), (160, 45)):
        await c.pilot.resize_terminal(width, height)
        await c.settle()
        for key in SCREENS:
            await c.press(key)
            c.clean()
    for _ in range(5):
        await c.press("tab", "down")
        c.clean()


def feed_with(text: str) -> list[dict[str, Any]]:
    """A feed that has ``text`` in each of its free-text fields."""
    story = (
        Story(prefix="h")
        .issues("B041", at="09:00")
        .calls("B041", "T3", "09:01")
        .tells("terminal.assigned", "09:02", terminal="T4", lane="certificate", reason=text)
        .tells("terminal.paused", "09:03", terminal="T5", reason=text)
        .tells("terminal.failed", "09:04", terminal="T6", fault=text)
        .tells("terminal.failed", "09:04", terminal="T7", fault=text)
        .tells("terminal.repaired", "09:05", terminal="T7", fault=text)
        .tells("escalation.raised", "09:06", escalation="E-7", matter="fee", terminal="T3", note=text)
        .tells("reception.stopped", "09:07", service="pin_reset", reason=text)
        .tells("staff.changed", "09:08", staff="S01", status="late", reason=text, until="10:00")
        .tells("inquiry.counted", "09:09", topic=text[:400])
    )
    return joined(DAY, story)


@pytest.mark.parametrize("name", list(HOSTILE))
async def test_in_every_field_of_a_feed(tmp_path: Path, name: str) -> None:
    async with console(tmp_path, feed_with(HOSTILE[name]), at="09:10") as c:
        assert c.floor.terminals["T6"].reason == clean(HOSTILE[name])
        await look_everywhere(c)
        await c.press("tab", "tab", "tab", "tab", "enter")  # the journal's last entry, in the box of its correction
        c.clean()
        await c.press("escape", "q")
        assert c.state.choice is not None
        assert not c.app._exit


# Where text is typed: the keys that open the field.
FIELDS: dict[str, tuple[str, ...]] = {
    "memo": ("m",),
    "inquiry": ("q",),
    "reason of a move": ("3", "left"),
    "reason of a stop": ("r", "3"),
    "incident": ("i", "2"),
    "official": ("tab", "enter", "1", "3"),
    "staff": ("4", "p", "d"),
    "correction": ("shift+tab", "enter"),
    "help": ("f1",),
    "head count": ("w",),
    "officials": ("o",),
}
TYPED = ("markup", "escapes", "kanji", "long", "emoji")


@pytest.mark.parametrize("field", list(FIELDS))
async def test_in_every_field_of_the_console(tmp_path: Path, field: str) -> None:
    case = Story(prefix="e").tells("escalation.raised", "09:03", escalation="E-7", matter="fee")
    async with console(tmp_path, joined(DAY, case), at="09:10") as c:
        for name in TYPED:
            await c.press("f2", "escape", *FIELDS[field])
            c.app.post_message(events.Paste(HOSTILE[name]))  # an IME or the clipboard
            await c.settle()
            await c.press("enter")
            while len(c.app.screen_stack) > 2 or c.state.choice is not None:
                await c.press("escape")
            c.clean()
        for e in c.facts():
            assert "\x1b" not in e.fact.model_dump_json() and "\\u001b" not in e.fact.model_dump_json()
        assert not c.app._exit


@pytest.mark.parametrize("name", list(HOSTILE))
async def test_what_is_pasted_is_cleaned_before_it_is_shown(tmp_path: Path, name: str) -> None:
    async with console(tmp_path, DAY, at="09:10") as c:
        await c.press("m")
        c.app.post_message(events.Paste(HOSTILE[name]))
        await c.settle()
        c.clean()


@pytest.mark.parametrize("name", list(HOSTILE))
async def test_in_an_incident_from_opening_to_closing(tmp_path: Path, name: str) -> None:
    text = HOSTILE[name]
    async with console(tmp_path, DAY, at="09:10") as c:
        other = c.beside()
        other.act("incident.opened", {"category": "personal_info", "summary": text[:400], "terminals": ["T7"]})
        other.act("incident.noted", {"incident": "I-1", "text": text[:400]})
        other.act("memo.written", {"text": text[:400]})
        await c.until(lambda: len(c.floor.entries) == len(DAY) + 3, "the incident")
        await look_everywhere(c)
        await c.press("f5", "enter")
        c.sees("市へ報告した")
        other.act("incident.reported", {"incident": "I-1", "to": text})
        other.act("incident.closed", {"incident": "I-1", "text": text})
        other.close()
        await c.press("escape", "f5")
        c.clean()


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
