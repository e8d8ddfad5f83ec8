"""The windows of the rest of the day follow the places that are planned, the planned breaks and the shifts."""

from __future__ import annotations

from floorctl.models.board.planned_windows import planned_windows
from tests.models.test_posts_timeline import a_morning, team
from tests.story import Story, a_day, instant
from tests.windows import windows_at


def issuance(story: Story, now: str, *ats: str) -> list[int | None]:
    halves = planned_windows(story.floor(now), team(), instant(now))
    return [windows_at(halves, "issuance", instant(at)) for at in ats]


def test_a_planned_break_and_a_change_of_place_are_windows_less_and_more() -> None:
    story = a_morning()
    assert issuance(story, "10:10", "10:30", "11:30", "12:30", "13:00", "16:00") == [2, 1, 2, 2, 1]
    story.tells("posts.planned", "10:00", starts="15:00", places=[{"staff": "S03", "place": "T4"}])
    assert issuance(story, "10:10", "14:30", "15:30", "16:00") == [2, 3, 2], "S04, who stands at T2 then, goes at 16:00"


def test_a_terminal_that_its_person_leaves_is_none_and_who_is_absent_stands_nowhere() -> None:
    story = a_morning().tells("posts.planned", "10:00", starts="14:00", places=[{"staff": "S04", "place": None}])
    assert issuance(story, "10:10", "13:30", "14:00") == [2, 1]
    story.tells("staff.changed", "10:05", staff="S04", status="absent")
    assert issuance(story, "10:10", "13:00") == [1]


def test_a_paused_terminal_counts_again_only_for_another_person_or_after_a_break() -> None:
    story = a_morning().tells("terminal.paused", "10:00", terminal="T2", reason="")
    assert issuance(story, "10:10", "12:30", "13:00") == [1, 2]
    resting = a_morning().tells("terminal.paused", "10:31", terminal="T2", reason="昼休憩")
    resting.tells("staff.changed", "10:31", staff="S02", status="on_break", until="11:00")
    assert issuance(resting, "10:40", "10:40", "11:00") == [1, 2]


def test_before_anybody_stands_anywhere_the_plan_alone_tells_the_windows() -> None:
    plan = [{"staff": "S01", "place": "T1"}, {"staff": "S02", "place": "T2"}, {"staff": "S03", "place": "T3"}]
    story = a_day().opens("08:25").tells("posts.planned", "08:26", starts="08:30", places=plan)
    assert issuance(story, "08:30", "09:00", "16:00") == [2, 2]


def test_a_terminal_is_one_window_whoever_stands_in() -> None:
    story = a_morning().tells("posts.planned", "08:33", starts="09:00", places=[{"staff": "S01", "place": "T1"}])
    story.tells("staff.changed", "10:31", staff="S01", status="on_break", until="11:30").staffs("T1", "S03", "10:31")
    assert issuance(story, "10:40", "11:00", "11:30", "12:30") == [2, 2, 2]
