"""今日の計画: breaks are planned, moved, fixed, swapped, ticked and made anew by keys, and the foot says what is proven."""

from __future__ import annotations

from pathlib import Path

from floorctl.models.facts.breaks import PlannedBreak
from tests.screens.harness import Console, console
from tests.screens.team import at_work, write_team


def line(c: Console, code: str) -> str:
    return next(x for x in c.text().splitlines() if f" {code} " in x)


async def chosen(c: Console, code: str) -> None:
    await c.press("home", *["down"] * c.state.day.staff_codes().index(code))
    assert c.state.chosen.person == code


def held(c: Console, code: str) -> PlannedBreak:
    return c.floor.planned_breaks[code]


async def test_a_plan_is_made_by_two_keys_and_its_breaks_are_moved_fixed_and_swapped(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="09:00", size=(120, 36)) as c:
        await c.press("f4", "d")
        c.sees("今日の計画", "全員、法定の休憩をとれます（確かめ済み）", "まだ案です")
        assert "案" in line(c, "S01")
        await c.press("a")
        c.sees("この計画にする（13名）")
        await c.press("enter")
        assert len(c.floor.planned_breaks) == 13
        assert not any(b.fixed for b in c.floor.planned_breaks.values())
        assert "案" not in line(c, "S01")
        c.clean()
        await chosen(c, "S03")
        before = held(c, "S03").start
        await c.press("right")
        after = held(c, "S03")
        assert (int(after.start[3:]) - int(before[3:])) % 60 == 5
        assert after.fixed
        assert "固定" in line(c, "S03")
        await c.press("left", "f")
        assert (held(c, "S03").start, held(c, "S03").fixed) == (before, False)
        mine, other = held(c, "S03"), min(b.staff for b in c.floor.planned_breaks.values() if b.start != before)
        theirs = held(c, other).start
        await c.press("x", *["down"] * _place(c, other, "S03"), "enter")
        assert (held(c, "S03").start, held(c, other).start) == (theirs, mine.start)
        await c.press("d")
        assert "S03" not in c.floor.planned_breaks
        await c.press("u")
        assert held(c, "S03").start == theirs
        c.clean()


def _place(c: Console, code: str, but: str) -> int:
    """Where a person stands in the list of breaks."""
    codes = [b.staff for b in sorted(c.floor.planned_breaks.values(), key=lambda b: (b.start, b.staff))]
    return [x for x in codes if x != but].index(code)


async def test_a_break_is_ticked_by_one_key_and_a_plan_that_was_left_is_made_anew(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="09:00", size=(120, 36)) as c:
        await c.press("\\", "a", "enter")
        first = min(c.floor.planned_breaks.values(), key=lambda b: (b.start, b.staff))
        await chosen(c, first.staff)
        await c.at(first.start)
        assert "まもなく" in line(c, first.staff)
        await c.press("n")
        state = c.floor.staff[first.staff]
        assert state.status == "on_break"
        assert state.until == f"{int(first.start[:2]) + 1:02}:{first.start[3:]}"
        assert "休憩中" in line(c, first.staff)
        await c.at(state.until)
        await c.press("n")
        assert c.floor.staff[first.staff].status == "present"
        assert "済 60分" in line(c, first.staff)
        await c.press("right")
        assert "休憩は済んでいます" in c.message
        await c.press("n")
        c.sees(
            f"{c.state.day.who(first.staff)} の休憩", "あと 0分"
        )  # a second break is asked for: it is none of the plan
        await c.press("escape")
        await c.at("12:40")
        late = [x for x in c.floor.planned_breaks if "過ぎた" in line(c, x)]
        assert late
        c.sees("計画と違っています", "a で作り直す")
        await c.press("a")
        c.sees("休憩の計画の変更")
        await c.press("down", "enter")  # one person's break alone
        assert sum("過ぎた" in line(c, x) for x in c.floor.planned_breaks) == len(late) - 1
        c.clean()


async def test_nothing_moves_what_is_fixed(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="09:00", size=(80, 24)) as c:
        session = c.beside("cli")
        session.act("breaks.planned", {"breaks": [{"staff": "S07", "start": "13:40", "minutes": 60, "fixed": True}]})
        session.close()
        await c.until(lambda: c.floor.planned_breaks, "the plan")
        await c.press("\\", "a", "enter")
        assert (held(c, "S07").start, held(c, "S07").fixed) == ("13:40", True)
        assert len(c.floor.planned_breaks) == 13
        c.clean()


async def test_who_stands_alone_goes_on_the_planned_break_and_who_stands_in_takes_the_place_as_one_act(
    tmp_path: Path,
) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at_work(), at="09:00", size=(120, 36)) as c:
        await c.press("\\", "a", "enter")
        start = held(c, "S09").start
        await c.at(start)
        await chosen(c, "S09")
        relief = next(t.relief for t in c.state.forecasts.break_plan().turns if t.staff == "S09")
        before = c.floor.terminals["A1"].staff, {t.code for t in c.floor.terminals.values() if t.staff == relief}
        await c.press("n")
        c.sees("加藤 の休憩  A1  の交替", "A1 に入る", "交替を置かない")
        await c.press("enter")
        assert (c.floor.terminals["A1"].staff, c.floor.staff["S09"].status) == (relief, "on_break")
        assert "A1 は" in c.message
        await c.press("u")
        after = c.floor.terminals["A1"].staff, {t.code for t in c.floor.terminals.values() if t.staff == relief}
        assert after == before
        assert c.floor.staff["S09"].status == "present"
