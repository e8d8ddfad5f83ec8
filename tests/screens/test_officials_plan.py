"""F3 shows how many of the city's staff are planned now, and the next change."""

from __future__ import annotations

from pathlib import Path

from tests.screens.harness import console
from tests.story import a_day


async def test_the_plan_stands_beside_the_number_that_is_there(tmp_path: Path) -> None:
    async with console(tmp_path, a_day().opens("08:30", officials=1), at="09:00") as c:
        session = c.beside("cli")
        steps = [{"starts": "08:30", "present": 2}, {"starts": "12:00", "present": 1}]
        session.act("officials.planned", {"date": "2026-09-14", "steps": steps})
        session.close()
        await c.until(lambda: bool(c.state.day.register.officials_plan), "the plan")
        await c.settle()
        await c.press("f3")
        c.sees("予定 2名  12:00 から 1名")
        await c.press("o")
        c.sees("いま 1名 予定 2名")


async def test_the_day_opens_with_the_number_that_is_planned(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:25") as c:
        session = c.beside("cli")
        session.act("officials.planned", {"date": "2026-09-14", "steps": [{"starts": "08:30", "present": 3}]})
        session.close()
        await c.until(lambda: bool(c.state.day.register.officials_plan), "the plan")
        await c.settle()
        await c.press("enter")
        c.sees("3名　予定")
        await c.press("enter")
        await c.until(lambda: c.state.day.floor.opened_at is not None, "the doors")
        assert c.state.day.floor.officials == 3
