"""The hall's page that a console keeps: the board's figures, the present also in a past view, no number once it is stale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from floorctl.console.hall_page import HallPageKeeper, page_now
from floorctl.console.own_settings import OwnSettings
from floorctl.console.state import ConsoleState
from floorctl.console.state_parts import Settings
from floorctl.screens import launch
from floorctl.usecases import hall_page_writer
from floorctl.usecases.hall_page_writer import HallPageWriter
from tests.screens.harness import Console, console, open_day
from tests.story import HandClock, Story, instant

DAY = [
    *open_day(),
    *Story(prefix="w").issues("B041", at="09:00").issues("B042", at="09:01").issues("B043", at="09:02").lines,
    *Story(prefix="x").calls("B041", "T3", at="09:03").lines,
]


async def test_a_console_keeps_the_page_with_the_figures_of_its_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HallPageWriter, "due", lambda _: True)
    monkeypatch.setattr(hall_page_writer, "LATEST_S", 0.0)
    target = tmp_path / "hall.html"

    def page() -> str:
        return target.read_text(encoding="utf-8") if target.exists() else ""

    async def ticks(c: Console, until: Callable[[], object], what: str) -> None:
        def looked() -> object:
            c.app.tick()
            return until()

        await c.until(looked, what)

    async def shows(c: Console, text: str) -> None:
        await ticks(c, lambda: text in page(), f"{text} on the hall's page")

    async with console(tmp_path, DAY, at="09:04", size=(160, 45)) as c:
        c.app.hall_page = HallPageKeeper(target)
        try:
            await shows(c, ">B041<")
            c.sees("会場のページ")
            waits = c.state.forecasts.waits()
            page_of_now = page_now(c.state)
            assert [x.number for x in page_of_now.calls] == ["B041"]
            told = {x.code: x.waits[0] for x in page_of_now.lanes}["certificate"]
            assert waits["certificate"].arrivals.walk_in_s is not None and told.kind in ("minutes", "soon")
            # A call of this console is on the page, also while the board shows the past.
            await c.press("5", "n")
            await c.press("[")
            assert c.state.looking_back
            await shows(c, ">B042<")
            assert c.state.looking_back
            # What cannot be written is an alert, and written again when it can.

            def taken() -> object:
                if not c.state.file.hall_page_trouble:  # again: a write under way replaces it
                    target.write_text("mine", encoding="utf-8")
                return c.state.file.hall_page_trouble

            await ticks(c, taken, "the trouble")
            assert [a.code for a in c.state.alerts() if a.code == "hall_page"] == ["hall_page"]
            assert "会場のページ" in "".join(a.text + a.word for a in c.state.alerts() if a.code == "hall_page")
            target.unlink()
            await shows(c, ">B042<")
            await ticks(c, lambda: not c.state.file.hall_page_trouble, "the end of it")
            # Once nothing new reaches the board no number stands there.
            c.state.file.trouble = "floor.db が削除または移動されました"
            await ticks(c, lambda: "B042" not in page(), "no number")
            c.state.file.trouble = ""
            await shows(c, ">B042<")
            # A screen of the least size says it, too: the page goes before the time of the opening.
            await c.press("escape")
            await c.pilot.resize_terminal(80, 24)
            await ticks(c, lambda: "会場のページ" in c.rows()[0], "the page on the head line")
        finally:
            c.app.hall_page.stop()
        assert "B042" not in page() and "has not been updated since" in page()


def test_a_fault_of_the_page_ends_no_console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self, *_: object, **__: object) -> None:
            raise ZeroDivisionError("B041")

    monkeypatch.setattr(hall_page_writer, "HallPageWriter", Broken)
    keeper, state = HallPageKeeper(tmp_path / "hall.html"), ConsoleState(Settings(HandClock(instant("9:00"))))
    keeper.look(state)
    keeper.stop()
    keeper.look(state)
    assert state.file.hall_page_trouble == "予期しない不具合です（ZeroDivisionError）。盤面を開き直してください。"


def test_a_console_of_another_time_or_file_leaves_the_page_of_the_settings_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[bool] = []
    own = OwnSettings(hall_page=tmp_path / "hall.html")
    monkeypatch.setattr("floorctl.console.own_settings.own_settings", lambda: own)
    monkeypatch.setattr(launch, "_run", lambda app, _: kept.append(app.hall_page is not None))
    monkeypatch.setattr(launch, "_hold_garbage", lambda: None)
    for frozen, read_only in ((None, False), (None, True), (instant("10:00"), False)):
        launch.run_console(tmp_path / "floor.db", None, frozen, (), read_only=read_only)
    launch.run_console(tmp_path / "copy.db", None, None, (), own_page=False)
    assert kept == [True, False, False, False]
