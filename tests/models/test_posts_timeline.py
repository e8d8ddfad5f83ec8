"""The day of each person in half hours: as it was, then as shifts, breaks and places are planned."""

from __future__ import annotations

from floorctl.commands.fold import fold_register
from floorctl.models.board.break_turn import Turn
from floorctl.models.board.flow import reception_half_hours
from floorctl.models.board.posts_ahead import stretches_ahead
from floorctl.models.board.posts_timeline import Cell, timeline
from floorctl.models.register.register import Register
from tests.story import Story, a_day, instant


def team() -> Register:
    story = Story(source="console", prefix="r")
    for code in ("S01", "S02", "S03"):
        story.tells("staff.registered", "07:00", staff=code, shift_from="08:15", shift_to="17:15")
    story.tells("staff.registered", "07:00", staff="S04", shift_from="12:00", shift_to="16:00")
    return fold_register(story.entries())


def a_morning() -> Story:
    story = a_day()
    for code in ("S01", "S02", "S03"):
        story.tells("staff.changed", "08:20", staff=code, status="present")
    story.opens("08:30").staffs("T1", "S01", "08:30").staffs("T2", "S02", "08:30")
    story.tells("staff.posted", "08:30", staff="S03", post="reception")
    plan = [{"staff": "S04", "place": "T2"}, {"staff": "S02", "place": "reception"}]
    story.tells("posts.planned", "08:31", starts="13:00", places=plan)
    return story.tells("breaks.planned", "08:32", breaks=[{"staff": "S01", "start": "11:30", "minutes": 60}])


def words(cells: list[Cell], story: Story) -> dict[str, str]:
    starts = reception_half_hours(story.floor())
    return {
        f"{at:%H:%M}": f"{c.place or c.doing}{'!' if c.differs else ''}" for at, c in zip(starts, cells, strict=True)
    }


def test_what_is_to_come_follows_shift_break_and_plan() -> None:
    story = a_morning()
    found = timeline(story.floor(), team(), instant("10:10"), ["S01", "S02", "S03", "S04"])
    one, two, four = (words(found[code], story) for code in ("S01", "S02", "S04"))
    assert [one[x] for x in ("09:00", "10:30", "11:00", "11:30", "12:00", "12:30")] == [
        "T1",
        "T1",
        "T1",
        "break",
        "break",
        "T1",
    ]
    assert [two[x] for x in ("12:30", "13:00", "16:30")] == ["T2", "reception", "reception"]
    assert [four[x] for x in ("11:30", "12:00", "12:30", "13:00", "15:30", "16:00")] == [
        "off",
        "free",
        "free",
        "T2",
        "T2",
        "off",
    ]
    assert not any(c.differs for cells in found.values() for c in cells)


def test_what_is_over_is_as_the_facts_have_it_and_says_where_the_plan_had_another_place() -> None:
    story = a_morning()
    story.tells("staff.changed", "10:31", staff="S01", status="on_break", until="11:15").staffs("T1", None, "10:31")
    story.tells("staff.changed", "11:20", staff="S01", status="present").staffs("T3", "S01", "11:20")
    story.tells("staff.changed", "12:00", staff="S04", status="present").staffs("T4", "S04", "12:01")
    found = timeline(story.floor(), team(), instant("13:40"), ["S01", "S02", "S04"])
    one, two, four = (words(found[code], story) for code in ("S01", "S02", "S04"))
    assert [one[x] for x in ("10:00", "10:30", "11:00", "11:30", "13:30")] == ["T1", "break", "break", "T3", "T3"]
    assert [two[x] for x in ("12:30", "13:00", "13:30")] == ["T2", "T2!", "T2!"]
    assert [four[x] for x in ("12:00", "13:00", "16:00")] == ["T4", "T4!", "off"]


def test_who_is_on_a_break_comes_back_to_the_place_that_was_left_unless_somebody_took_it() -> None:
    story = a_morning()
    story.tells("staff.changed", "10:31", staff="S01", status="on_break", until="11:00").staffs("T1", None, "10:31")
    back = stretches_ahead(story.floor(), team(), instant("10:40"), ["S01"])["S01"]
    assert [(s.doing, s.place) for s in back[:2]] == [("break", ""), ("place", "T1")]
    story.staffs("T1", "S03", "10:45")
    back = stretches_ahead(story.floor(), team(), instant("10:50"), ["S01"])["S01"]
    assert [(s.doing, s.place) for s in back[:2]] == [("break", ""), ("free", "")]


def test_who_is_absent_has_no_place_and_nothing_is_planned_after_the_close() -> None:
    story = a_morning().tells("staff.changed", "08:40", staff="S04", status="absent")
    floor = story.floor()
    assert [s.doing for s in stretches_ahead(floor, team(), instant("10:00"), ["S04"])["S04"]] == ["off"]
    assert [(c.doing, c.past) for c in timeline(floor, team(), instant("18:00"), ["S01"])["S01"]][-1] == ("place", True)
    assert stretches_ahead(floor, team(), instant("18:00"), ["S01"]) == {"S01": []}


def test_who_stands_in_now_hands_the_terminal_back() -> None:
    story = a_morning().tells("posts.planned", "08:33", starts="09:00", places=[{"staff": "S01", "place": "T1"}])
    story.tells("staff.changed", "10:31", staff="S01", status="on_break", until="11:30").staffs("T1", "S03", "10:31")
    found = stretches_ahead(story.floor(), team(), instant("10:40"), ["S01", "S03"])
    assert [(f"{s.start:%H:%M}", s.doing, s.place) for s in found["S01"][:2]] == [
        ("10:40", "break", ""),
        ("11:30", "place", "T1"),
    ]
    assert [(f"{s.start:%H:%M}", s.doing, s.place) for s in found["S03"][:2]] == [
        ("10:40", "place", "T1"),
        ("11:30", "free", ""),
    ]


def test_who_stands_in_for_a_break_is_at_that_terminal_meanwhile() -> None:
    story = a_morning()
    turn = Turn("S01", instant("11:30"), 60, "issuance", alone=True, relief="S03")
    found = stretches_ahead(story.floor(), team(), instant("10:10"), ["S01", "S03"], [turn])
    assert [(f"{s.start:%H:%M}", s.doing, s.place) for s in found["S03"][:3]] == [
        ("10:10", "place", "reception"),
        ("11:30", "place", "T1"),
        ("12:30", "place", "reception"),
    ]
