"""The plan of the day shows each person's half hours: the next ones on a small screen, the whole day on a wide one."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.screens.day_plan.timeline import shown_halves
from tests.screens.harness import Console, console
from tests.screens.team import at_work, write_team

PLAN = [{"staff": "S11", "place": "writing"}, {"staff": "S03", "place": "T5"}]


def line(c: Console, code: str) -> list[str]:
    return next(x for x in c.text().splitlines() if f" {code} " in x).split()


async def opened(c: Console, at: str) -> None:
    session = c.beside("cli")
    session.act("posts.planned", {"starts": "13:00", "places": PLAN})
    session.act("breaks.planned", {"breaks": [{"staff": "S01", "start": "11:30", "minutes": 60}]})
    session.close()
    await c.until(lambda: c.floor.posts_plan and c.floor.planned_breaks, "the plan")
    await c.at(at)
    await c.press("\\")


async def test_a_wide_screen_has_the_whole_day(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="10:10", size=(160, 45)) as c:
        await opened(c, "10:10")
        c.sees("8半", "16時 :30")
        assert line(c, "S01")[-17:] == [*["T1"] * 6, "休憩", "休憩", *["T1"] * 9]
        assert line(c, "S03")[-9:] == ["T3", *["T5"] * 8]
        assert line(c, "S11")[-9:] == ["在席", *["案内"] * 8]
        await c.at("13:40")
        assert line(c, "S03")[-9:][:3] == ["T3", "T3!", "T3!"], "the plan has another place since 13:00"
        assert line(c, "S11")[-9:][:3] == ["在席", "在!", "在!"]
        c.clean()


@pytest.mark.parametrize(
    ("at", "room", "first"), [("10:10", 24, "10:00"), ("16:40", 24, "15:00"), ("08:40", 200, "08:30")]
)
async def test_where_there_is_little_room_the_next_half_hours_are_shown(
    tmp_path: Path, at: str, room: int, first: str
) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(at="08:20"), at=at, size=(80, 24)) as c:
        starts = shown_halves(c.state, room)
        assert len(starts) == min(17, room // 5)
        assert f"{starts[0]:%H:%M}" == first
        await c.press("\\")
        titles = next(x for x in c.text().splitlines() if "勤務" in x and "休憩" in x).split()
        assert len(titles[titles.index("注意") + 1 :]) >= 3
        c.clean()
