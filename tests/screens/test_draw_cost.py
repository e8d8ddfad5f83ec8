"""Count what the board draws anew each second: nothing that only a minute or a fact can change."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from floorctl.console import loaded_day
from floorctl.models.board import break_plan
from floorctl.screens.board import advice_line, day_flow, lanes
from floorctl.screens.board.picture import draw_board
from floorctl.screens.drawing.canvas import Canvas
from tests.screens.test_board_words import LARGE, hall, surge

MODULES = (
    (day_flow, "half_hours"), (lanes, "waiting_series"), (loaded_day, "flows"), (break_plan, "plan_breaks"),
    (advice_line, "_told"),
)  # fmt: skip


def test_what_changes_by_the_minute_is_computed_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[str] = Counter()

    def counted(name: str, real: Any) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            asked[name] += 1
            return real(*args, **more)

        return call

    for module, name in MODULES:
        monkeypatch.setattr(module, name, counted(name, getattr(module, name)))
    state = hall(surge(), "10:20")
    begun, draws = state.settings.clock(), 5
    for n in range(draws):
        state.settings.clock = lambda now=begun + timedelta(seconds=n): now  # type: ignore[misc]
        draw_board(Canvas(*LARGE), state)
    lanes_drawn = len(state.day.floor.lanes)
    assert asked == {"half_hours": 1, "waiting_series": lanes_drawn, "flows": 1, "plan_breaks": 1, "_told": draws}
