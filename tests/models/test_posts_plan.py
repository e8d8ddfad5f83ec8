"""The plan of places without those who will not be there: they take no place from anybody."""

from __future__ import annotations

import pytest

from floorctl.models.board.break_team import members, places
from floorctl.models.board.flow import reception_half_hours
from floorctl.models.board.planned_windows import planned_windows
from floorctl.models.board.posts_ahead import stretches_ahead
from floorctl.models.board.posts_plan import places_to_take, planned_places
from floorctl.models.board.posts_timeline import timeline
from floorctl.models.register.register import Register
from tests.models.test_planned_shifts import shift, team
from tests.story import Story, a_day, instant

OFF = team(shift("S02", code="休"))


def handed_over(status: str = "") -> Story:
    """S01 is planned for T3 from the morning on, S02 from one o'clock."""
    story = a_day().opens("08:25", T3="certificate", T4="certificate")
    story.tells("posts.planned", "08:26", starts="08:30", places=[{"staff": "S01", "place": "T3"}])
    story.tells("posts.planned", "08:27", starts="13:00", places=[{"staff": "S02", "place": "T3"}])
    story.tells("staff.changed", "08:28", staff="S01", status="present").staffs("T3", "S01", "08:30")
    return story.tells("staff.changed", "08:40", staff="S02", status=status) if status else story


@pytest.mark.parametrize(("status", "register"), [("absent", team()), ("", OFF)], ids=["absent", "off"])
def test_who_will_not_come_takes_no_terminal_from_anybody(status: str, register: Register) -> None:
    story = handed_over(status)
    floor, now = story.floor("10:00"), instant("10:00")
    assert planned_places(floor, "13:30") == {"S01": None, "S02": "T3"}, "as it was recorded"
    assert planned_places(floor, "13:30", register) == places_to_take(floor, register, "13:30") == {"S01": "T3"}
    own = stretches_ahead(floor, register, now, ["S01", "S02"])
    assert [(s.doing, s.place) for s in own["S01"]] == [("place", "T3")]
    assert [s.doing for s in own["S02"]] == ["off"]
    assert {n for *_, n in planned_windows(floor, register, now)["certificate"]} == {1}, "T3 goes on to the end"
    later = story.floor("14:00")
    cells = timeline(later, register, instant("14:00"), ["S01"])["S01"]
    assert [c.place for c in cells if c.differs] == [], "staying is no departure from the plan"
    assert len(cells) == len(reception_half_hours(later))


def test_who_comes_takes_it() -> None:
    floor = handed_over().floor("10:00")
    assert planned_places(floor, "13:30", team()) == {"S01": None, "S02": "T3"}
    own = stretches_ahead(floor, team(), instant("10:00"), ["S01"])["S01"]
    assert [(f"{s.start:%H:%M}", s.doing) for s in own] == [("10:00", "place"), ("13:00", "free")]


def test_a_place_that_nobody_else_has_is_still_to_be_taken_by_somebody() -> None:
    story = (
        a_day().opens("08:25").tells("posts.planned", "08:26", starts="13:00", places=[{"staff": "S02", "place": "T3"}])
    )
    assert places_to_take(story.floor("13:00"), OFF, "13:00") == {"S02": "T3"}


def test_who_is_late_stands_in_the_plan_of_breaks_where_the_plan_of_places_puts_them() -> None:
    story = a_day().opens("08:25")
    story.tells(
        "posts.planned",
        "08:26",
        starts="08:30",
        places=[{"staff": "S01", "place": "T3"}, {"staff": "S02", "place": "T4"}],
    )
    story.tells("staff.changed", "08:31", staff="S01", status="late", until="11:00")
    story.tells("staff.changed", "08:31", staff="S02", status="absent")
    floor, now = story.floor("09:00"), instant("09:00")
    found = places(floor, team(), members(floor, team(), now), now)
    assert found.keepers["certificate"] == {"S01"} and "S02" not in found.lanes
