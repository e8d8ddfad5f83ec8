"""Count what the board draws anew each second: nothing that only a minute or a fact can change."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from floorctl.advice.forecast import Forecaster
from floorctl.console import loaded_day
from floorctl.console.forecasts import CALIBRATION
from floorctl.console.messages import Answered, Arrived
from floorctl.models.board import break_plan
from floorctl.screens.board import advice_line, day_flow, lanes
from floorctl.screens.board.picture import draw_board
from floorctl.screens.drawing.canvas import Canvas
from tests.screens.test_board_words import LARGE, SMALL, hall, surge
from tests.story import a_day, entries_of

MODULES = (
    (day_flow, "half_hours"), (lanes, "waiting_series"), (loaded_day, "flows"), (break_plan, "plan_breaks"),
    (advice_line, "_told"),
)  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each of MODULES is asked."""
    found: Counter[str] = Counter()

    def counted(name: str, real: Any) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            found[name] += 1
            return real(*args, **more)

        return call

    for module, name in MODULES:
        monkeypatch.setattr(module, name, counted(name, getattr(module, name)))
    return found


def test_what_changes_by_the_minute_is_computed_once_a_minute(asked: Counter[str]) -> None:
    state = hall(surge(), "10:20")
    begun, draws = state.settings.clock(), 5
    for n in range(draws):
        state.settings.clock = lambda now=begun + timedelta(seconds=n): now  # type: ignore[misc]
        draw_board(Canvas(*LARGE), state)
    lanes_drawn = len(state.day.floor.lanes)
    assert asked == {"half_hours": 1, "waiting_series": lanes_drawn, "flows": 1, "plan_breaks": 1, "_told": draws}


def test_breaks_are_planned_once_for_the_first_board_and_not_where_they_find_no_room(asked: Counter[str]) -> None:
    """The plan rests on the forecasts: a board before them planned everything twice, and a small one for nobody."""
    state = hall(surge(), "10:20")
    state.forecasts.forecaster, known = None, state.forecasts.forecaster
    draw_board(Canvas(*LARGE), state)
    state.forecasts.forecaster = known
    draw_board(Canvas(*SMALL), state)
    assert asked["plan_breaks"] == 0
    draw_board(Canvas(*LARGE), state)
    assert asked["plan_breaks"] == 1


def test_a_late_fact_is_learned_by_the_engine_and_no_key_waits_for_it() -> None:
    """A day of 5,000 tickets takes a second or two; until the answer the board goes on with what it knew."""
    state = hall(surge(), "10:20")
    day, forecasts = state.day, state.forecasts
    known = forecasts.waits()
    assert forecasts.forecaster is not None and known
    watch = forecasts.forecaster.watch
    folded = watch._floor
    assert forecasts.ask_calibration() is None
    late = entries_of(a_day(prefix="late").issues("B990", at="09:01").lines)
    state.take(Arrived(late, []))
    ask = forecasts.ask_calibration()
    assert ask is not None
    assert forecasts.ask_calibration() is None, "once for the same facts"
    state.changed()
    assert forecasts.waits().keys() == known.keys()
    assert (forecasts.forecaster.watch, watch._floor) == (watch, folded)
    engine: Any = SimpleNamespace(site=day.site, floor=lambda _: day.floor, register=lambda: day.register)
    state.answer(Answered(CALIBRATION, ask(engine)))
    fresh = Forecaster(day.site, day.floor.day).waits(day.floor, day.register, day.now)
    assert {lane: w.last for lane, w in forecasts.waits().items()} == {lane: w.last for lane, w in fresh.items()}
    assert forecasts.forecaster.watch is not watch
    assert forecasts.ask_calibration() is None
