"""The shift planned for the day goes before the roster's: presence, alerts, breaks, the roll call, F4 and the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from floorctl.commands.fold import fold_register
from floorctl.commands.people import roll_call
from floorctl.documents.day.people import staff
from floorctl.documents.day.record import day_record
from floorctl.models.board.alerts import alerts
from floorctl.models.board.breaks import break_states
from floorctl.models.board.checklist import checklist
from floorctl.models.board.presence import presence
from floorctl.models.day.staff import Shift
from floorctl.models.register.register import Register
from tests.story import MONDAY, Desk, Story, a_day, instant, kumagaya

SITE = kumagaya()
WHOLE = {"shift_from": "08:15", "shift_to": "17:15"}


def shift(staff: str, hours: str = "", code: str = "", **more: Any) -> dict[str, Any]:
    starts, _, ends = hours.partition("-")
    return {"staff": staff, "code": code, "starts": starts or None, "ends": ends or None, **more}


def team(*shifts: dict[str, Any], day: str = "2026-09-14") -> Register:
    """S01 to S03 from 8:15 to 17:15 by the roster, S04 without hours, and what is planned for the day."""
    story = Story(source="console", prefix="r")
    for code in ("S01", "S02", "S03"):
        story.tells("staff.registered", "07:00", staff=code, **WHOLE)
    story.tells("staff.registered", "07:00", staff="S04")
    return fold_register(story.tells("shifts.planned", "07:01", date=day, shifts=list(shifts)).entries())


def told(story: Story, at: str, register: Register) -> dict[str, str]:
    info = register.calendar(SITE).day_info(MONDAY)
    return {a.code: a.text for a in alerts(story.floor(at), register, info, instant(at))}


def test_the_plan_of_the_day_goes_before_the_roster() -> None:
    register = team(shift("S01", "10:00-19:00", "遅"), shift("S02", code="休"))
    assert register.shift("S01", MONDAY) == Shift("10:00", "19:00", False, "遅")
    assert register.shift("S02", MONDAY) == Shift(None, None, True, "休")
    assert register.shift("S03", MONDAY) == Shift("08:15", "17:15")
    assert register.shift("S04", MONDAY) == register.shift("S99", MONDAY) == Shift()
    other = team(shift("S02", code="休"), day="2026-09-15")
    assert other.shift("S02", MONDAY) == Shift("08:15", "17:15"), "of another day"


def test_who_is_off_is_not_expected_and_who_comes_later_comes_later() -> None:
    register = team(shift("S01", "10:00-19:00"), shift("S02", code="休"))
    here = presence(a_day().opens("08:30").floor(), register, instant("08:40"))
    assert (here.unseen, here.later, here.off) == (["S03", "S04"], ("S01",), ("S02",))
    found = told(a_day().opens("08:30"), "08:40", register)
    assert found["shift_missing"] == "S03 勤務 8:15から 在席の記録がありません"
    assert told(a_day().opens("08:30"), "10:10", register)["shift_missing"].startswith("S03・S01")
    came = a_day().opens("08:30").tells("staff.changed", "09:00", staff="S02", status="present")
    assert presence(came.floor(), register, instant("09:10")).off == (), "who comes all the same is here"


def test_who_stays_beyond_the_planned_end() -> None:
    register = team(shift("S01", "08:15-12:15"))
    story = a_day().opens("08:30").tells("staff.changed", "08:10", staff="S01", status="present")
    assert told(story, "12:20", register)["shift_over"] == "S01 勤務は 12:15まで まだ在席です"


def test_the_break_that_the_law_gives_is_that_of_the_planned_shift() -> None:
    story = a_day().opens("08:30").tells("staff.changed", "08:10", staff="S01", status="present")
    floor, now = story.floor(), instant("11:00")
    owed = {
        hours: break_states(floor, team(shift("S01", hours)), now)["S01"].owed_s // 60
        for hours in ("08:15-12:15", "08:15-15:15", "08:15-17:15")
    }
    assert owed == {"08:15-12:15": 0, "08:15-15:15": 45, "08:15-17:15": 60}


def test_the_opening_checklist_counts_who_ought_to_be_here() -> None:
    register = team(shift("S01", "12:00-17:15"), shift("S02", code="休"))
    story = a_day()
    for code in ("S03", "S04"):
        story.tells("staff.changed", "08:10", staff=code, status="present")
    (roll,) = [
        x for x in checklist(story.floor(), register, "opening", instant("08:20")) if x.item.shown_by == "roll_call"
    ]
    assert (roll.done, roll.note) == (True, "2名（あとから 1名）")


def test_the_roll_call_takes_nobody_who_is_off(desk: Desk) -> None:
    able = {"pledge_on": "2026-06-15", "authority_on": "2026-06-22", "vein_on": "2026-06-24"}
    for code in ("S01", "S02", "S03"):
        desk.does("staff.registered", staff=code, **WHOLE, **able)
    desk.does("shifts.planned", date="2026-09-14", shifts=[shift("S02", code="休"), shift("S03", "12:00-17:15")])
    desk.runs(roll_call)
    assert [s.code for s in desk.floor.staff.values() if s.at_work] == ["S01"]


def test_the_report_of_the_day_has_the_planned_shift() -> None:
    story = a_day().opens("08:30")
    for code in ("S01", "S03"):
        story.tells("staff.changed", "08:31", staff=code, status="present")
    story.tells("staff.changed", "08:32", staff="S02", status="absent")
    register = team(shift("S01", "10:00-19:00", "遅"), shift("S02", code="休"))
    found = {r["staff"]: r["planned"] for r in staff(day_record(story.floor(), register, None, revision=1), SITE)}
    assert found == {"S01": "遅 10:00〜19:00", "S02": "休", "S03": ""}


# ---- the rule


def test_a_plan_is_replaced_as_a_whole_taken_back_and_never_written_twice(desk: Desk) -> None:
    desk.does("staff.registered", staff="S01", **WHOLE)
    one = [shift("S01", "10:00-19:00", break_minutes=60)]
    (entry,) = desk.does("shifts.planned", date="2026-09-14", shifts=one)
    assert entry.fact.sentence(SITE) == "勤務予定の取込み 9/14 1名"
    assert desk.does("shifts.planned", date="2026-09-14", shifts=one) == []
    assert desk.does("shifts.planned", date="2026-09-15", shifts=[]) == [], "nothing was planned and nothing is"
    desk.takes_back(entry)
    assert desk.session.register().shift("S01", MONDAY) == Shift("08:15", "17:15")


@pytest.mark.parametrize(
    ("shifts", "words"),
    [
        ([shift("S01", "10:00-19:00"), shift("S01", code="休")], "2度"),
        ([shift("S09", "10:00-19:00")], "名簿にない"),
        ([shift("S01", "19:00-10:00")], "終わりが始まりより後"),
        ([shift("S01") | {"starts": "10:00"}], "終わりが始まりより後"),
        ([shift("S01", code="夜")], "shift_codes"),
    ],
)
def test_plans_that_are_refused(desk: Desk, shifts: list[dict[str, Any]], words: str) -> None:
    desk.does("staff.registered", staff="S01")
    desk.refuses("shifts.planned", words, date="2026-09-14", shifts=shifts)


def test_a_plan_is_read_back_from_the_file_as_it_was_written(desk: Desk, tmp_path: Path) -> None:
    desk.does("staff.registered", staff="S01")
    desk.does("shifts.planned", date="2026-09-14", shifts=[shift("S01", code="休")])
    beside = desk.beside()
    assert beside.session.register().shifts == desk.session.register().shifts
    assert desk.session.register().shift("S01", MONDAY).off
    beside.close()


# ---- absences known ahead


def test_an_absence_known_ahead_stands_whatever_is_imported_later(desk: Desk) -> None:
    desk.does("staff.registered", staff="S01", **WHOLE)
    (entry,) = desk.does("absence.planned", staff="S01", date="2026-09-14", reason="前からの予定")
    assert entry.fact.sentence(SITE) == "欠勤の予定 9/14 前からの予定"
    desk.does("shifts.planned", date="2026-09-14", shifts=[shift("S01", "10:00-19:00", "")])
    register = desk.session.register()
    assert register.shift("S01", MONDAY) == Shift(off=True, absent=True)
    assert presence(desk.floor, register, instant("10:30")).off == ("S01",)
    assert desk.does("absence.planned", staff="S01", date="2026-09-14", reason="前からの予定") == []
    desk.does("absence.planned", staff="S01", date="2026-09-14", absent=False)
    assert desk.session.register().shift("S01", MONDAY) == Shift("10:00", "19:00")
    assert desk.does("absence.planned", staff="S01", date="2026-09-14", absent=False) == [], "none is planned"


@pytest.mark.parametrize(
    ("staff", "day", "words"),
    [("S09", "2026-09-15", "名簿にない"), ("S01", "2026-09-11", "過ぎた日"), ("S02", "2026-09-15", "退職日")],
)
def test_absences_that_are_refused(desk: Desk, staff: str, day: str, words: str) -> None:
    desk.does("staff.registered", staff="S01")
    desk.does("staff.registered", staff="S02", left_on="2026-09-14")
    desk.refuses("absence.planned", words, staff=staff, date=day)


def test_an_absence_tells_who_is_left_in_charge(desk: Desk) -> None:
    desk.does("staff.registered", staff="S01", role="site_manager")
    desk.does("staff.registered", staff="S02", deputy=True)
    desk.does("staff.registered", staff="S03")
    told = []
    for code in ("S03", "S01", "S02"):
        desk.session.warnings.clear()
        desk.does("absence.planned", staff=code, date="2026-09-15")
        told.append(list(desk.session.warnings))
    assert told == [
        [],
        ["9/15 は現場責任者が休みです。代行者は S02 です。"],
        ["9/15 は現場責任者も代行者も来ません（仕様書 5(1)）。代わりの人を決めてください。"],
    ]


def test_who_is_here_is_not_absent_today(desk: Desk) -> None:
    desk.does("staff.registered", staff="S01", pledge_on="2026-06-15")
    desk.does("staff.changed", staff="S01", status="present")
    desk.refuses("absence.planned", "もう来ています", staff="S01", date="2026-09-14")


def test_the_report_counts_who_is_absent_as_planned() -> None:
    story = Story(source="console", prefix="r").tells("staff.registered", "07:00", staff="S02", **WHOLE)
    story.tells("absence.planned", "07:01", staff="S02", date="2026-09-14", reason="前からの予定")
    record = day_record(a_day().opens("08:30").floor(), fold_register(story.entries()), None, revision=1)
    assert [(r["staff"], r["planned"], r["remark"], r["reason"]) for r in staff(record, SITE)] == [
        ("S02", "欠勤", "欠勤（予定）", "前からの予定")
    ]
    came = a_day().opens("08:30").tells("staff.changed", "09:00", staff="S02", status="present")
    record = day_record(came.floor(), fold_register(story.entries()), None, revision=1)
    assert [(x.planned, x.absent) for x in record.staff_days] == [(Shift(off=True, absent=True), False)], "who comes"
