"""The plan of places against the facts: what was taken late or never, with what was instead."""

from __future__ import annotations

from floorctl.documents.day.places import places
from floorctl.documents.day.record import day_record
from floorctl.models.board.places_missed import places_missed
from floorctl.models.register.register import Register
from tests.story import Story, a_day, instant, kumagaya


def a_morning() -> Story:
    story = a_day().opens("08:30")
    for n in (1, 2, 3, 4):
        story.tells("staff.changed", "08:31", staff=f"S0{n}", status="present").staffs(f"T{n}", f"S0{n}", "08:32")
    step = [
        {"staff": code, "place": place}
        for code, place in (("S01", "reception"), ("S02", "T1"), ("S03", "T5"), ("S04", None), ("S09", "writing"))
    ]
    return story.tells("posts.planned", "09:00", starts="13:00", places=step)


def test_only_what_came_late_or_never_is_listed() -> None:
    story = a_morning().tells("staff.posted", "12:58", staff="S01", post="reception").staffs("T1", "S02", "13:14")
    story.staffs("T3", None, "13:25").staffs("T5", "S03", "13:25")
    record = day_record(story.floor(), Register(), None, revision=1)
    assert [(r["starts"], r["staff"], r["planned"], r["actual"]) for r in places(record, kumagaya())] == [
        ("13:00", "S03", "T5", "T3"),
        ("13:00", "S04", "持ち場なし", "T4"),
        ("13:00", "S09", "記入案内", "会場にいない"),
    ]
    found = {x.staff: (x.doing, x.actual, x.came) for x in places_missed(story.floor(), instant("15:00"))}
    assert found == {
        "S03": ("place", "T3", instant("13:25")),
        "S04": ("place", "T4", None),
        "S09": ("off", "", None),
    }


def test_a_step_that_held_no_quarter_of_an_hour_asks_for_nothing() -> None:
    story = a_morning().tells("posts.planned", "09:01", starts="13:05", places=[{"staff": "S03", "place": "T3"}])
    assert "S03" not in {x.staff for x in places_missed(story.floor(), instant("14:00"))}
    assert places_missed(story.floor(), instant("13:10")) == ()
