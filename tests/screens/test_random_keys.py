"""A few hundred random keys, and every accident of a terminal: the console stands, answers, and gives its terminal back.

(Thousands of them: ``python -m tests.random_keys``.)
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from floorctl.screens.asking import ACTS
from floorctl.screens.cases.view import CityView
from floorctl.screens.terminal_input import UNREADABLE, Letters, Parser
from tests.screens.harness import console, ingest, joined, open_day
from tests.story import HandClock, Story, instant, kumagaya

MORNING = joined(
    open_day(),
    *(Story(prefix=f"t{n}").issues(f"B{n:03d}", at=f"09:{n:02d}") for n in range(1, 40)),
    Story(prefix="c").calls("B001", "T3", "09:50").calls("B002", "T4", "09:51"),
    Story(prefix="e").tells("escalation.raised", "09:53", escalation="E-7", matter="fee", terminal="T3"),
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@pytest.fixture
def stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of actions can end the console too: here it does not."""
    nothing: Callable[[object], None] = lambda app: None  # noqa: E731
    monkeypatch.setitem(ACTS, "quit", nothing)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.usefixtures("stays")
async def test_random_keys(tmp_path: Path, seed: int) -> None:
    from tests.random_keys import key

    r = random.Random(seed)
    async with console(tmp_path, MORNING, at="10:30") as c:
        letters, parser = Letters(lambda words: None), Parser(lambda words: None)
        for i in range(120):
            for message in parser.feed(letters.text(key(r))):
                c.app.post_message(message)
            if r.random() < 0.15:  # the others come while the one before is still being answered
                for message in parser.tick():
                    c.app.post_message(message)
                await c.settle()
            if i % 40 == 39:
                await c.pilot.resize_terminal(r.choice((40, 80, 120)), r.choice((10, 24, 36)))
        await c.settle()
        for _ in range(8):
            await c.press("escape")
        assert c.app.screen is c.frame
        await c.press("f3")
        assert isinstance(c.frame.view, CityView), c.text()


def test_no_bytes_end_it(tmp_path: Path) -> None:
    from tests.random_keys import NOW, WILD, Hand

    ingest(tmp_path / "floor.db", kumagaya(), MORNING, HandClock(instant("10:30")))
    hand = Hand(tmp_path / "floor.db", NOW)
    try:
        hand.send(b"\xff\xfe" * 5000 + b"\x1b[48;36;120;0;0t\x1b[<35;5;7M")
        hand.console.until(UNREADABLE[:12])
        for wild in WILD[:-1]:  # the last one begins a paste
            hand.send(wild)
            hand.console.read(0.01)
        hand.send(b"\x1b[200~" + b"x" * 300_000)  # it never ends
        hand.leave(within_s=2.2)
    finally:
        hand.close()
