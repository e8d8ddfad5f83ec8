"""The morning by few keys: opening, city staff, roll call, charge, and everybody at the place of the last open day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from floorctl.models.board.posts_plan import places_now, planned_places
from floorctl.usecases.session import Session
from tests.screens.harness import console, ingest
from tests.screens.team import write_team
from tests.story import HandClock, Story, instant, kumagaya

FRIDAY = date(2026, 9, 11)
PLACES = {f"S{n:02d}": f"T{n}" for n in range(1, 9)} | {"S09": "A1", "S10": "P1"}
MOST_KEYS = 12


def write_friday(folder: Path) -> None:
    """Friday of last week: everybody at their terminal, S11 at the reception, and a ticket."""
    story = Story(FRIDAY, prefix="y").opens("08:30")
    for staff, terminal in PLACES.items():
        story.staffs(terminal, staff, "08:31")
    story.tells("staff.changed", "08:32", staff="S11", status="present")
    story.issues("B001", at="08:40").staffs("T1", "S12", "11:00")
    clock = HandClock(instant("17:00", FRIDAY))
    ingest(folder / "floor.db", kumagaya(), story.lines, clock)
    clock.at = instant("08:50", FRIDAY)
    session = Session(kumagaya(), folder / "floor.db", clock=clock, actor="console")
    session.act("staff.posted", {"staff": "S11", "post": "reception"})
    session.close()


async def test_a_morning_is_staffed_in_twelve_keys(tmp_path: Path) -> None:
    write_team(tmp_path)
    write_friday(tmp_path)
    async with console(tmp_path, at="08:40") as c:
        await c.press("enter", "2")  # the day opens, two of the city are here
        await c.press("f4", "a", "enter")  # the roll is taken: all are here, the manager has the charge
        await c.press("=")
        c.sees("前の開場日 9/11", "このとおりに置く（11か所）", "T1", "佐藤", "受付案内", "斎藤", "持ち場なし 松本")
        await c.press("enter")
        assert c.pressed <= MOST_KEYS
        floor, _ = c.told()
        assert floor.opened_by_fact
        assert floor.officials == 2
        assert floor.holder() == "S00"
        assert places_now(floor) == PLACES | {"S11": "reception"}
        assert planned_places(floor, "08:40") == places_now(floor)
        assert "配置 11か所" in c.message
        await c.press("=")
        assert "そのとおりになっています" in c.message
        await c.press("u")
        assert places_now(c.told()[0]) == {}, "one act, one undo"


async def test_the_places_may_be_taken_before_the_doors_open(tmp_path: Path) -> None:
    write_team(tmp_path)
    write_friday(tmp_path)
    async with console(tmp_path, at="08:25") as c:
        await c.press("f4", "a", "enter", "=")
        c.sees("このとおりに置く（11か所）")
        await c.press("enter", "f2", "enter", "2")
        assert c.pressed <= MOST_KEYS
        floor, _ = c.told()
        assert floor.opened_by_fact
        assert not floor.anomalies
        assert places_now(floor) == PLACES | {"S11": "reception"}
        assert floor.holder() == "S00"


async def test_who_is_absent_is_replaced_and_a_line_is_changed_and_another_left_out(tmp_path: Path) -> None:
    write_team(tmp_path)
    write_friday(tmp_path)
    async with console(tmp_path, at="08:40") as c:
        await c.press("enter", "2", "f4", "a", "2", "1", "1", "enter")  # S01 is absent, and has said so
        await c.press("=")
        c.sees("T1", "松本", "佐藤 は欠勤")
        await c.press("2")  # the line of T2
        c.sees("T2 に立つのは", "この行は置かない", "S10", "操作者権限・静脈登録なし", "T3 の行", "欠勤")
        await c.press("escape")
        assert not places_now(c.floor), "Esc takes nothing"
        await c.press("=", "3", "1", "2", "enter")  # nobody at T3; the cursor of the line of T2 stands on its person
        await c.press("a")
        floor, _ = c.told()
        assert {t: floor.terminals[t].staff for t in ("T1", "T2", "T3")} == {"T1": "S12", "T2": "S02", "T3": None}
        await c.press("=")
        assert "そのとおりになっています" in c.message, "what was left out is not asked for again"


async def test_the_plan_of_today_goes_before_the_last_morning_and_a_change_is_taken_at_its_time(tmp_path: Path) -> None:
    write_team(tmp_path)
    write_friday(tmp_path)
    async with console(tmp_path, at="08:40") as c:
        await c.press("enter", "2", "f4", "a", "enter", "=", "enter")
        session = c.beside("cli")
        plan = [{"staff": "S01", "place": "writing"}, {"staff": "S12", "place": "T1"}]
        session.act("posts.planned", {"starts": "13:00", "places": plan})
        session.close()
        await c.until(lambda: "13:00" in c.floor.posts_plan, "the plan")
        await c.at("13:01")
        await c.press("f2")
        c.sees("松本 T1へ・佐藤 記入案内へ")
        c.state.put("alerts", next(n for n, a in enumerate(c.state.alerts()) if a.code == "post_change"))
        await c.press("enter")
        c.sees("今日の配置の予定 13:00 から", "このとおりに置く（2か所）")
        await c.press("enter")
        floor, _ = c.told()
        assert (floor.terminals["T1"].staff, floor.posts["S01"]) == ("S12", "writing")
        assert "13:01" not in floor.posts_plan, "what is done as planned is no new plan"


async def test_without_an_earlier_day_or_before_the_roll_call_the_key_says_what_to_do(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at="08:40") as c:
        await c.press("=")
        assert "前の開場日の配置が記録にありません。先に点呼をとってください" in c.message
    write_friday(tmp_path)
    async with console(tmp_path, at="08:40") as c:
        await c.press("=")
        assert "先に点呼をとってください" in c.message


async def test_the_very_first_morning_is_proposed_by_lanes_and_skills_in_as_few_keys(tmp_path: Path) -> None:
    write_team(tmp_path)
    async with console(tmp_path, at="08:40") as c:
        await c.press("enter", "2", "f4", "a", "enter", "=")
        c.sees("端末の列とできる業務からの配置", "このとおりに置く（12か所）")
        await c.press("enter")
        assert c.pressed <= MOST_KEYS
        floor, _ = c.told()
        stands = places_now(floor)
        assert {t.own_lane for t in floor.terminals.values() if t.staff} == {x.code for x in c.site.lanes}
        assert {"reception", *(f"T{n}" for n in range(1, 9))} <= set(stands.values())
        assert not {"S00"} & set(stands)
        await c.press("=")
        assert "そのとおりになっています" in c.message


async def test_a_place_is_planned_from_a_time_on(tmp_path: Path) -> None:
    write_team(tmp_path)
    write_friday(tmp_path)
    async with console(tmp_path, at="08:40") as c:
        await c.press("enter", "2", "f4", "a", "enter", "=", "enter")
        await c.at("12:10")
        await c.press("\\", "home", "down", "p")  # S01, who stands at T1
        c.sees("佐藤 の場所（予定）", "受付案内", "持ち場なし", "いま 高橋")
        await c.press("3")
        c.sees("12:30 から", "16:00 から")
        await c.press("2")
        assert "予定 13:00から 佐藤 T3（高橋 は持ち場なし）" in c.message
        assert c.told()[0].posts_plan["13:00"] == {"S01": "T3"}
        await c.press("u")
        assert "13:00" not in c.told()[0].posts_plan
