"""F4: a day away that is known ahead is entered by a key and taken back by the same; the week of a person is in sight."""

from __future__ import annotations

from pathlib import Path

from tests.screens.harness import console
from tests.screens.team import write_team
from tests.story import a_day


async def test_a_day_away_is_entered_for_tomorrow_and_taken_back(tmp_path: Path) -> None:
    write_team(tmp_path, ("S00", "S01"))
    async with console(tmp_path, a_day().opens("08:30"), at="09:00") as c:
        await c.press("f4")
        await c.press("down", "x")
        c.sees("休むと分かっている日", "2026-09-15")
        await c.press("enter")
        await c.until(lambda: bool(c.state.day.register.absences), "the absence")
        await c.settle()
        c.sees("9/15（火） 欠勤の予定を入れました")
        c.sees("14月 8:15〜17:15", "15火 欠勤の予定")
        await c.press("x", "enter")
        await c.until(lambda: not any(c.state.day.register.absences.values()), "no absence")
        await c.settle()
        c.sees("欠勤の予定を取りやめました")


async def test_who_is_known_to_be_away_today_is_marked_in_the_list(tmp_path: Path) -> None:
    write_team(tmp_path, ("S00", "S01"))
    async with console(tmp_path, a_day().opens("08:30"), at="08:31") as c:
        session = c.beside("cli")
        session.act("absence.planned", {"staff": "S01", "date": "2026-09-14"})
        session.close()
        await c.until(lambda: bool(c.state.day.register.absences), "the absence")
        await c.settle()
        await c.press("f4")
        line = next(x for x in c.text().splitlines() if "S01 " in x)
        assert "欠勤" in line
        assert "欠勤の予定" in line
        c.sees("休み 1")
