"""F4 shows the shift planned for the day: who is off, who comes later, and until when."""

from __future__ import annotations

from pathlib import Path

from tests.screens.harness import console
from tests.screens.team import write_team
from tests.story import a_day


async def test_the_list_shows_who_is_off_and_who_comes_later(tmp_path: Path) -> None:
    write_team(tmp_path, ("S00", "S01", "S02"))
    story = a_day().tells("staff.changed", "08:20", staff="S00", status="present").opens("08:30")
    async with console(tmp_path, story, at="09:00") as c:
        session = c.beside("cli")
        planned = [
            {"staff": "S00", "code": "", "starts": "08:15", "ends": "12:30"},
            {"staff": "S01", "code": "有"},
            {"staff": "S02", "code": "", "starts": "12:00", "ends": "17:15"},
        ]
        session.act("shifts.planned", {"date": "2026-09-14", "shifts": planned})
        session.close()
        await c.until(lambda: bool(c.state.day.register.shifts), "the plan")
        await c.settle()
        await c.press("f4")
        lines = {code: next(x for x in c.text().splitlines() if f"{code} " in x) for code in ("S00", "S01", "S02")}
        assert "12:30" in lines["S00"]
        assert "休み" in lines["S01"]
        assert "有給休暇" in lines["S01"]
        assert "8:15" not in lines["S01"]
        assert "12:00" in lines["S02"]
        c.sees("在席 1", "予定 1", "休み 1")
        assert "未点呼" not in c.text()
