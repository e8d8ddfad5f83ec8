"""The stories of ``stories/``: each paragraph is one test (the language: ``stories.py``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.halls import HALLS
from tests.screens.harness import console
from tests.screens.steps import LOOKS
from tests.screens.stories import FOLDER, KeyStory, stories_of

STORIES = [story for path in sorted(FOLDER.glob("*.txt")) for story in stories_of(path)]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_story(tmp_path: Path, story: KeyStory) -> None:
    await story.play(tmp_path, HALLS)


WRONG = {
    "sees": "休憩 T5",
    "not": "T5 休止",
    "says": "T6",
    "message": "T5 休止",
    "row": "休止 | T5 休止 | T5",
    "wrote": "terminal.paused terminal=T6",
    "kinds": "",
    "last": "09:04",
    "file": "state(T5) = free",
    "floor": "terminals lacks T5",
    "state": "chosen.terminal != T5",
    "view": "not BoardView",
    "asks": "something",
    "dialogs": "1",
    "unwritten": "",
    "keys": "1",
    "alert": "seats_over",
    "matches": "T5 +空き +次",
}


async def test_a_look_that_is_not_so_fails(tmp_path: Path) -> None:
    async with console(tmp_path, HALLS["open"](), at="09:05") as c:
        await c.press("5", "s")
        for word, text in WRONG.items():
            try:
                LOOKS[word](c, text)
            except AssertionError:
                continue
            pytest.fail(f"{word} {text} is taken for true")
        LOOKS["wrote"](c, "terminal.paused terminal=T5")
        with pytest.raises(AssertionError):
            LOOKS["wrote"](c, "terminal.paused")
