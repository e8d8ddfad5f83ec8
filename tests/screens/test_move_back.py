"""A move that undoes one of the last hour says on the board what has changed since."""

from __future__ import annotations

import pytest

from floorctl.advice.advise import Adviser, Verdict
from floorctl.advice.best_move import Option
from floorctl.console.forecasts import Forecasts
from tests.halls import opened, queue
from tests.screens.test_board_words import drawn, hall, height


@pytest.mark.parametrize("width", [110, 120, 160])
def test_the_line_says_why_the_other_way_round_is_right_now(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    story = queue(opened(issuance=3, certificate=5), "B", 30, "09:20")
    for n in range(5):
        story.calls(f"B{n + 1:03d}", f"T{n + 4}", "10:02")
    state = hall(story.entries(), "10:05")
    adviser = state.forecasts._new_adviser()
    assert isinstance(adviser, Adviser)
    move = Option(("T1",), "issuance", "certificate", 9000.0, "10:00 T7 が故障")
    verdict: Verdict = adviser._verdict(move)
    monkeypatch.setattr(Forecasts, "advice", lambda self: verdict)
    monkeypatch.setattr(Forecasts, "proposal", lambda self: None)
    row = drawn(state, width, height(width)).text().split("\n")[3]
    assert "T1" in row and "（10:00 T7 が故障）" in row, row
