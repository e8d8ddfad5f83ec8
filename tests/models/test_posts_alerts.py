"""A change of place is told before its time, at it, and louder when it is late; an absent person's place is pointed out."""

from __future__ import annotations

from typing import Any

from floorctl.models.board.posts_alerts import changes_due, posts_alerts
from floorctl.models.register.register import Register
from tests.models.test_planned_shifts import shift, team
from tests.story import Story, a_day, instant


def told(story: Story, at: str, register: Register | None = None) -> list[tuple[str, str, str]]:
    return [
        (a.code, a.severity, a.text) for a in posts_alerts(story.floor(at), register or Register(), instant(at), str)
    ]


def a_plan(*places: tuple[str, str | None], starts: str = "13:00") -> dict[str, Any]:
    return {"starts": starts, "places": [{"staff": code, "place": place} for code, place in places]}


def a_morning() -> Story:
    story = a_day().opens("08:30")
    for n in (1, 2, 3):
        story.tells("staff.changed", "08:31", staff=f"S0{n}", status="present").staffs(f"T{n}", f"S0{n}", "08:32")
    return story


def test_a_change_is_told_five_minutes_ahead_at_its_time_and_as_a_warning_when_it_is_late() -> None:
    story = a_morning().tells("posts.planned", "09:00", **a_plan(("S01", "reception"), ("S02", "T1"), ("S03", None)))
    assert told(story, "12:54") == []
    assert told(story, "12:56") == [("post_change", "info", "まもなく 13:00 S02 T1へ・S01 受付案内へ ほか1名")]
    assert told(story, "13:00") == [("post_change", "info", "13:00から S02 T1へ・S01 受付案内へ ほか1名")]
    assert [x[1] for x in told(story, "13:10")] == ["warning"]
    done = story.staffs("T1", "S02", "13:02").staffs("T2", None, "13:02").staffs("T3", None, "13:02")
    done.tells("staff.posted", "13:03", staff="S01", post="reception")
    assert told(done, "13:10") == []


def test_who_was_put_elsewhere_by_hand_since_then_stays_there() -> None:
    story = a_morning().tells("posts.planned", "09:00", **a_plan(("S01", "T5")))
    story.staffs("T1", None, "13:04").staffs("T6", "S01", "13:04")
    assert changes_due(story.floor("13:03"), instant("13:03")).keys() == {"S01"}
    assert told(story, "13:10") == []


def test_who_is_displaced_is_not_told_and_who_comes_back_from_a_break_is_told_the_place() -> None:
    story = a_morning().tells("posts.planned", "09:00", **a_plan(("S01", "T2")))
    assert told(story, "13:00") == [("post_change", "info", "13:00から S01 T2へ")]
    story.tells("staff.changed", "12:50", staff="S01", status="on_break").staffs("T1", None, "12:50")
    assert told(story, "13:05") == [], "who rests is not asked for"
    story.tells("staff.changed", "13:35", staff="S01", status="present")
    assert told(story, "13:36") == [("post_change", "info", "S01 T2へ")], (
        "the time of the plan is long over, the return is not"
    )
    assert told(story, "13:45") == [("post_change", "warning", "S01 T2へ")]


def test_who_stood_in_for_somebody_is_asked_for_from_the_hand_over_on() -> None:
    story = a_morning().tells("posts.planned", "09:00", **a_plan(("S03", "reception"), starts="09:30"))
    story.staffs("T3", None, "09:31").tells("staff.posted", "09:31", staff="S03", post="reception")
    story.tells("staff.changed", "12:00", staff="S01", status="on_break").staffs("T1", "S03", "12:00")
    story.tells("staff.changed", "13:00", staff="S01", status="present").staffs("T1", "S01", "13:02")
    assert told(story, "13:03") == [("post_change", "info", "S03 受付案内へ")]
    assert told(story, "13:12") == [("post_change", "warning", "S03 受付案内へ")]


def test_the_place_of_who_is_absent_is_pointed_out_while_nobody_stands_there() -> None:
    story = (
        a_day()
        .opens("08:30")
        .tells("posts.planned", "08:31", **a_plan(("S01", "T1"), ("S02", "writing"), starts="09:00"))
    )
    story.tells("staff.changed", "08:40", staff="S01", status="late", until="10:00")
    assert told(story, "08:50") == []
    assert told(story, "09:01") == [("post_uncovered", "warning", "T1 予定のS01が遅刻 誰もいません")]
    assert told(story.staffs("T1", "S05", "09:02"), "09:03") == []
    story.tells("staff.changed", "09:04", staff="S02", status="absent").tells("vacancy.opened", "09:04", staff="S02")
    assert told(story, "09:05") == [], "the vacancy says it"
    story.tells("vacancy.filled", "09:06", staff="S02", substitute="S06")
    assert told(story, "09:07") == [("post_uncovered", "warning", "記入案内 予定のS02が欠勤 誰もいません")]


def test_who_will_not_be_there_is_told_no_change_and_leaves_the_place_open() -> None:
    """S01 is absent, S02 comes at two, S03 is off: of the three only the holes are told."""
    story = (
        a_day().opens("08:30").tells("posts.planned", "08:31", **a_plan(("S01", "T1"), ("S02", "T2"), ("S03", "T3")))
    )
    story.tells("staff.changed", "08:40", staff="S01", status="absent")
    story.tells("staff.changed", "08:40", staff="S02", status="late", until="14:00")
    register = team(shift("S03", code="休"))
    assert told(story, "12:57", register) == []
    assert told(story, "13:01", register) == [
        ("post_uncovered", "warning", "T1 予定のS01が欠勤 誰もいません"),
        ("post_uncovered", "warning", "T2 予定のS02が遅刻 誰もいません"),
        ("post_uncovered", "warning", "T3 予定のS03が休み 誰もいません"),
    ]
