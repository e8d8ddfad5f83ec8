"""The whole console on sites with other lanes, terminals, hours and words: every key acts or says why, none fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.keys import ACTIONS
from tests.other_sites import DAY, KUMAGAYA_WORDS, OTHERS, lines, site_of
from tests.screens.harness import VIEW_KEYS, console
from tests.screens.test_every_action import leave, seen

MOMENTS = {"minami": "15:10", "mitsuba": "11:10", "hitotsu": "15:10"}


@pytest.mark.parametrize("name", OTHERS)
async def test_every_key_on_another_site_acts_or_says_why(tmp_path: Path, name: str) -> None:
    site, at = site_of(name), MOMENTS[name]
    async with console(tmp_path, lines(name, at), at=at, day=DAY, site=site, size=(80, 24)) as c:
        serving = next(t.code for t in c.floor.terminals.values() if t.ticket)
        silent = []
        for action in ACTIONS:
            for key in action.keys:
                if action.id == "quit" or key in ("escape", *"234567"):
                    continue
                await leave(c, serving)
                before = seen(c)
                await c.press(key)
                c.clean()
                if seen(c) == before and not c.message:
                    silent.append((action.id, key))
        assert silent == []


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("name", OTHERS)
async def test_no_screen_of_another_site_speaks_of_kumagaya(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    site, at = site_of(name), MOMENTS[name]
    async with console(tmp_path, lines(name, at), at=at, day=DAY, site=site, size=size) as c:
        shown = [c.text()]
        for terminal in site.terminals:
            await leave(c, terminal.code)
            await c.settle()
            shown.append(c.text())
        await leave(c, "")
        for key in VIEW_KEYS:
            await c.press(key)
            c.clean()
            shown.append(c.text())
            await c.press("f2")
        for words in KUMAGAYA_WORDS:
            assert not [text for text in shown if words in text], words
