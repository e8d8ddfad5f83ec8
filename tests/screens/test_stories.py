"""The stories of ``stories/``: each paragraph is one test (the language: ``stories.py``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.halls import HALLS
from tests.screens.stories import FOLDER, KeyStory, stories_of

STORIES = [story for path in sorted(FOLDER.glob("*.txt")) for story in stories_of(path)]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_story(tmp_path: Path, story: KeyStory) -> None:
    await story.play(tmp_path, HALLS)
