"""A rehearsal in the console: what people say stands in a box in every view, Esc takes it away, and keys count as acts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from floorctl.console.state_parts import NOTICE_S, Notice
from floorctl.rehearsal.drill import Drill
from floorctl.rehearsal.scenario_files import load_scenario
from floorctl.screens.app import FloorApp
from floorctl.screens.drawing.canvas import Canvas
from tests.screens.harness import console, open_day
from tests.story import kumagaya

WORDS = "停電です。発券機も呼出しの表示も、統合端末もすべて消えました。けが人はいません。"


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_what_somebody_says_stands_in_every_view_until_esc(tmp_path: Path, size: tuple[int, int]) -> None:
    async with console(tmp_path, open_day(), size=size) as c:
        c.app.tell(Notice("S11（会場案内）", (WORDS,)))
        await c.until(lambda: c.state.line.notice, "the notice")
        await c.settle()
        for key in ("f2", "f5", "j", "f2"):
            await c.press(key)
            c.sees("伝言", "S11（会場案内）", "停電です。", "Esc 消す")
            c.clean()
        await c.press("4")
        assert c.state.chosen.terminal == "T4", "other keys do what they do"
        await c.press("escape")
        assert c.state.line.notice is None and c.state.chosen.terminal == "T4"
        await c.press("escape")
        assert c.state.chosen.terminal == ""


async def test_a_notice_goes_by_itself(tmp_path: Path) -> None:
    async with console(tmp_path, open_day()) as c:
        c.state.line.notify(Notice("市職員 C1", ("戻りました。",)))
        for _ in range(NOTICE_S):
            assert "戻りました" in c.picture()
            c.app.tick()
        assert "戻りました" not in c.picture()


def test_a_notice_never_covers_the_whole_screen(tmp_path: Path) -> None:
    from floorctl.screens.drawing.head_line import draw_notice

    canvas = Canvas(80, 24)
    draw_notice(canvas, Notice("長い伝言" * 30, tuple(f"{n}. {WORDS}" for n in range(20))))
    rows = canvas.text().split("\n")
    assert [row for row in rows[:10] if row.strip()] == []
    assert "伝言" in "".join(rows[10:])


async def test_a_rehearsal_is_played_and_its_end_is_said(tmp_path: Path) -> None:
    """The real console over the temporary file: messages come, a key is an act, and what comes after the end is none."""
    name, scenario = load_scenario("quiet", kumagaya())
    drill = Drill(tmp_path / "drill.db", None, name, scenario, speed=120, ends=time(8, 24))
    told: list[Notice] = []
    await asyncio.to_thread(drill.prepare)
    app = FloorApp(
        drill.open_session, clock=drill.clock, on_ready=drill.start, on_facts=drill.react, theme_name="dark", bell=False
    )

    def tell(notice: Notice) -> None:
        told.append(notice)
        app.tell(notice)

    drill.tell = tell

    async def until(holds: Callable[[], object]) -> None:
        for _ in range(2000):
            if holds():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("never came")

    async with app.run_test(size=(120, 36)) as pilot:
        await until(lambda: told and app.state.line.notice)
        assert scenario.purpose in told[0].lines
        await pilot.press("m")
        await until(lambda: isinstance(app.focused, Input))
        await pilot.press(*"note", "enter")
        await until(lambda: any(n.title == "時間です" for n in told))
        await pilot.press("m")
        await until(lambda: isinstance(app.focused, Input))
        await pilot.press(*"late", "enter")
        await until(lambda: "メモ" in app.state.line.text)
        assert app.state.day.now == drill.ends
    await asyncio.to_thread(drill.stop)
    assert app._exception is None
    assert "開場をお願いします" in "".join(line for n in told for line in n.lines)
    review = drill.review("S05", date(2026, 11, 24))
    assert review.until - review.since == timedelta(minutes=4)
    assert review.acts == {"memo.written": 1}
    assert review.courses["played"].all == review.courses["no_action"].all
