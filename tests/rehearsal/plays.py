"""Rehearsals without a console, for tests of what comes after the play."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.cli import rehearsal
from floorctl.rehearsal.drill import Drill


def played_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on a rehearsal needs no terminal: somebody was at the console and did nothing."""

    def play(drill: Drill, **_: Any) -> None:
        drill.prepare()
        drill.play_out()

    monkeypatch.setattr(rehearsal, "need_terminal", lambda: None)
    monkeypatch.setattr(rehearsal, "_play", play)
