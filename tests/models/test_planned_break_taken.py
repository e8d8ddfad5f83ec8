"""When a planned break is over is one rule: the plan, its alerts, the half hours, the windows and the report go by it."""

from __future__ import annotations

from typing import Any

from floorctl.models.board.break_alerts import stage
from floorctl.models.board.break_plan import plan_breaks
from floorctl.models.board.break_progress import changes, departures
from floorctl.models.board.breaks import has_taken, known_end
from floorctl.models.board.breaks_kept import breaks_kept
from floorctl.models.board.posts_ahead import stretches_ahead
from tests.models.test_breaks import Team, team
from tests.story import instant

SHORT, LONG = ("09:00", "15:00"), ("08:30", "17:15")  # nothing is owed by law, an hour is


def planned(shift: tuple[str, str], start: str, minutes: int) -> Team:
    told = team().opens("08:30").knows("S1", shift).comes("S1", shift[0], "T3")
    return told.tells("breaks.planned", "08:50", breaks=[{"staff": "S1", "start": start, "minutes": minutes}])


def said(told: Team, at: str) -> dict[str, Any]:
    """Return what each part says of the planned break at a time; breaks from then on as (begin, end)."""
    floor, now = told.floor(at), instant(at)
    b, p = told.states(at).get("S1"), floor.planned_breaks["S1"]
    turns = plan_breaks(floor, told.register, now, keep=True).turns
    ahead = stretches_ahead(floor, told.register, now, ["S1"])["S1"]
    return {
        "taken": has_taken(floor, b, p),
        "stage": stage(floor, b, p, now),
        "turn": [(f"{t.start:%H:%M}", t.minutes, t.planned) for t in turns if t.staff == "S1"],
        "ahead": [(f"{s.start:%H:%M}", f"{s.end:%H:%M}") for s in ahead if s.doing == "break"],
    }


def test_a_pause_long_before_its_time_is_another_break() -> None:
    told = planned(SHORT, "12:00", 15).rests("S1", "09:30", "09:40")
    still_to_come = {"taken": False, "stage": "planned", "turn": [("12:00", 15, True)], "ahead": [("12:00", "12:15")]}
    assert said(told, "10:00") == still_to_come
    told.rests("S1", "12:01", "12:12")
    assert said(told, "12:13") == {"taken": True, "stage": "taken", "turn": [], "ahead": []}
    (kept,) = breaks_kept(told.floor(), instant("15:00"))
    assert (kept.began_at, kept.taken_s) == (instant("12:01"), 660)


def test_ten_minutes_of_an_hour_that_is_owed_are_a_part_of_it() -> None:
    told = planned(LONG, "12:00", 60).rests("S1", "12:00", "12:10")
    part = said(told, "12:20")
    assert (part["taken"], part["stage"], part["ahead"]) == (False, "late", [("12:20", "13:00")])
    assert [(minutes, planned) for _, minutes, planned in part["turn"]] == [(50, False)]
    told.rests("S1", "12:30")
    assert known_end(told.floor("12:40"), "S1") == instant("13:20"), "what is left of it"
    assert said(told, "12:40")["stage"] == "resting"
    told.says("S1", "present", "13:20")
    assert said(told, "13:30") == {"taken": True, "stage": "taken", "turn": [], "ahead": []}
    (kept,) = breaks_kept(told.floor(), instant("17:00"))
    assert (kept.began_at, kept.taken_s) == (instant("12:00"), 3600)


def test_who_has_had_the_whole_lawful_break_before_its_time_has_had_it() -> None:
    told = planned(LONG, "13:00", 60).rests("S1", "10:30", "11:30")
    assert said(told, "11:40") == {"taken": True, "stage": "taken", "turn": [], "ahead": []}


def test_a_break_long_before_its_time_takes_its_place_if_it_brings_all_that_the_law_gives() -> None:
    """While it runs the half hours do not show the planned one a second time, and the plan has no turn for it."""
    whole = planned(LONG, "13:00", 60).tells("staff.changed", "10:30", staff="S1", status="on_break", until="11:30")
    assert (said(whole, "10:40")["ahead"], said(whole, "10:40")["turn"]) == ([("10:40", "11:30")], [])
    untold = planned(LONG, "13:00", 60).rests("S1", "10:30")
    assert said(untold, "10:40")["ahead"] == [("10:40", "11:30")]
    part = planned(LONG, "13:00", 60).tells("staff.changed", "10:30", staff="S1", status="on_break", until="10:45")
    assert said(part, "10:40")["ahead"] == [("10:40", "10:45"), ("13:00", "14:00")]
    assert said(part, "10:40")["turn"] == [("13:00", 60, True)]


def test_the_planned_break_to_come_stays_in_the_plan_while_a_short_early_one_runs() -> None:
    """It is planned again by nobody, moved by nobody, and its window and the running one are both counted."""
    told = planned(LONG, "13:00", 45).tells("staff.changed", "10:30", staff="S1", status="on_break", until="10:45")
    floor, now = told.floor("10:40"), instant("10:40")
    for keep in (True, False):
        needs = {floor.terminals["T3"].own_lane: [(instant("10:30"), instant("14:00"), 1)]}
        plan = plan_breaks(floor, told.register, now, needs, keep=keep)
        assert [(t.staff, f"{t.start:%H:%M}", t.minutes, t.planned) for t in plan.turns] == [("S1", "13:00", 45, True)]
        assert [f.text for f in plan.faults if f.code in ("minutes", "late", "shift")] == [], "15 and 45 are the hour"
        assert [(f"{x.start:%H:%M}", f"{x.end:%H:%M}") for x in plan.shortages] == [("10:30", "14:00")]
        assert changes(floor, plan) == []
    standing = plan_breaks(floor, told.register, now, keep=True)
    assert departures(floor, told.states("10:40"), standing, standing, now, str) == []


def test_a_planned_length_below_the_law_leaves_the_rest_to_be_planned() -> None:
    told = planned(LONG, "12:00", 30).rests("S1", "11:30", "12:00")
    found = said(told, "12:05")
    assert (found["taken"], found["stage"], found["ahead"]) == (True, "taken", [])
    assert [(minutes, planned) for _, minutes, planned in found["turn"]] == [(30, False)]


def test_who_has_gone_home_after_it_is_not_missed_and_keeps_it_in_the_report() -> None:
    told = planned(LONG, "12:00", 60).rests("S1", "12:00", "13:00").says("S1", "gone", "14:00")
    floor, now = told.floor("14:30"), instant("14:30")
    standing = plan_breaks(floor, told.register, now, keep=True)
    assert departures(floor, told.states("14:30"), standing, standing, now, str) == []
    assert changes(floor, standing) == []
    away = planned(LONG, "12:00", 60).says("S1", "gone", "11:00")
    floor = away.floor("11:30")
    standing = plan_breaks(floor, away.register, instant("11:30"), keep=True)
    assert departures(floor, away.states("11:30"), standing, standing, instant("11:30"), str) == ["S1 がいません"]
    assert [x.words() for x in changes(floor, standing)] == ["12:00 → 外す"]


def test_who_has_not_come_by_the_time_of_the_planned_break_is_late_for_it_not_without_one() -> None:
    """The plan has a break for them: it was said to have none."""
    told = team().opens("08:30").knows("S1", LONG)
    told.tells("breaks.planned", "08:50", breaks=[{"staff": "S1", "start": "12:00", "minutes": 60}])
    floor, now = told.floor("12:20"), instant("12:20")
    standing = plan_breaks(floor, told.register, now, keep=True)
    said = departures(floor, told.states("12:20"), standing, standing, now, str)
    assert said == ["S1 が計画の時刻に入っていません"]
