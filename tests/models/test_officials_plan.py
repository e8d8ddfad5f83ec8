"""Planned numbers of the city's staff: those of the day before the usual ones, by weekday; and the next change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from floorctl.commands.fold import fold, fold_register
from floorctl.documents.day.problems_draft import draft_problems
from floorctl.documents.day.record import day_record
from floorctl.documents.day.sentences import city_staff
from floorctl.models.board.city_alerts import city_alerts
from floorctl.models.board.officials_plan import next_change, planned_at, planned_officials
from floorctl.models.register.register import Register
from floorctl.models.site.hall import CityHours
from tests.story import MONDAY, Desk, Story, a_day, instant, kumagaya

USUAL = (
    CityHours(starts=time(12), present=1),
    CityHours(starts=time(8, 30), present=2),
    CityHours(starts=time(8, 30), present=1, weekdays=("土",)),
)
SITE = replace(kumagaya(), city_hours=USUAL)


def numbers(register: Register, day: date) -> list[tuple[str, int]]:
    return [(f"{x.starts:%H:%M}", x.present) for x in planned_officials(SITE, register, day)]


def test_the_plan_of_the_day_goes_before_the_usual_hours(desk: Desk) -> None:
    register = Register()
    assert numbers(register, MONDAY) == [("08:30", 2), ("12:00", 1)]
    assert numbers(register, date(2026, 9, 12)) == [("08:30", 1)], "a Saturday has hours of its own"
    assert planned_officials(kumagaya(), register, MONDAY) == (), "nothing is known of a site that tells none"
    later, early = {"starts": "13:00", "present": 0}, {"starts": "09:00", "present": 3}
    (entry,) = desk.does("officials.planned", date="2026-09-14", steps=[later, early])
    assert entry.fact.sentence(SITE) == "市職員の予定 9/14 9:00 3名 13:00 0名"
    assert numbers(desk.session.register(), MONDAY) == [("09:00", 3), ("13:00", 0)]
    assert desk.does("officials.planned", date="2026-09-14", steps=[early, later]) == []
    desk.does("officials.planned", date="2026-09-14")
    assert numbers(desk.session.register(), MONDAY) == [("08:30", 2), ("12:00", 1)]


def test_the_number_of_a_time_and_its_next_change() -> None:
    plan = planned_officials(SITE, Register(), MONDAY)
    assert [planned_at(plan, time(h)) for h in (8, 9, 12, 16)] == [None, 2, 1, 1]
    assert next_change(plan, time(9)) == (time(12), 1)
    assert next_change(plan, time(12)) is None


def test_plans_that_are_refused(desk: Desk) -> None:
    twice = [{"starts": "09:00", "present": 1}, {"starts": "09:00", "present": 2}]
    desk.refuses("officials.planned", "2度", date="2026-09-14", steps=twice)
    desk.refuses("officials.planned", "過ぎた日", date="2026-09-11", steps=twice[:1])


def test_the_report_has_the_planned_numbers_beside_the_recorded_ones() -> None:
    story = a_day().opens("08:30", officials=2).tells("officials.changed", "12:00", present=1)
    record = day_record(fold(SITE, MONDAY, story.entries()), Register(), None, revision=1)
    assert city_staff(record).endswith("（予定 8:30 2人、12:00 1人）")


def told(present: str, at: str) -> dict[str, str]:
    """Alerts of the city at a time; ``present``: the numbers recorded (08:30 2 12:05 1)."""
    story = a_day().opens("08:20", officials=0)
    for x in present.split("  "):
        since, n = x.split()
        story.tells("officials.changed", since, present=int(n))
    floor = fold(SITE, MONDAY, [e for e in story.entries() if e.fact.at <= instant(at)])
    info = Register().calendar(SITE).day_info(MONDAY)
    return {a.code: a.text for a in city_alerts(floor, Register(), info, instant(at))}


def test_fewer_than_planned_and_a_change_before_and_after_it_are_told() -> None:
    assert told("08:30 2", "10:00") == {}
    assert told("08:30 1", "10:00") == {"officials_below": "市職員 1名 予定は 8:30から2名"}
    assert told("08:30 2", "11:44") == {}
    assert told("08:30 2", "11:45") == {"officials_change": "12:00から1名になる予定"}
    assert told("08:30 2", "12:10") == {"officials_change": "12:00から1名の予定 記録は2名"}
    assert told("08:30 2", "12:31") == {}, "who stays longer is no alarm"
    assert told("08:30 2  12:02 1", "12:10") == {}
    assert told("08:30 1", "17:05") == {}, "reception is over"


def test_nobody_there_says_when_somebody_is_planned_again() -> None:
    steps = [{"starts": "08:30", "present": 1}, {"starts": "12:00", "present": 0}, {"starts": "13:00", "present": 1}]
    plan = Story(source="console", prefix="r").tells("officials.planned", "07:00", date="2026-09-14", steps=steps)
    register = fold_register(plan.entries())
    story = a_day().opens("08:20", officials=1).tells("officials.changed", "12:00", present=0)
    info = register.calendar(SITE).day_info(MONDAY)
    (alert,) = city_alerts(fold(SITE, MONDAY, story.entries()), register, info, instant("12:10"))
    assert alert.text == "不在 13:00から1名の予定 決定待ち 0件 市民課3番窓口へ"


def test_a_case_for_nobody_says_when_somebody_comes(desk: Desk) -> None:
    steps = [{"starts": "08:00", "present": 0}, {"starts": "23:00", "present": 1}]
    desk.does("officials.planned", date="2026-09-14", steps=steps)
    desk.opens(officials=1)
    desk.does("officials.changed", present=0)
    desk.does("escalation.raised", matter="identity")
    assert any("会場に市職員がいません（23:00から1名の予定）" in x for x in desk.session.warnings)


def test_the_draft_of_the_problems_has_the_time_with_fewer_than_planned() -> None:
    steps = [{"starts": "08:30", "present": 2}, {"starts": "12:00", "present": 1}]
    plan = Story(source="console", prefix="r").tells("officials.planned", "07:00", date="2026-09-14", steps=steps)
    story = a_day().opens("08:20", officials=2).tells("officials.changed", "11:00", present=1)
    story.tells("officials.changed", "14:00", present=0).tells("officials.changed", "14:10", present=1)
    floor = fold(SITE, MONDAY, story.closes("17:10").entries())
    record = day_record(floor, fold_register(plan.entries()), None, revision=1)
    assert record.officials_below_s == 3600, "11:00 to 12:00; nobody at all is told by itself"
    register = fold_register(plan.entries())
    assert "市職員が予定の人数より少ない時間が、受付時間のうち計1時間ありました。" in draft_problems(
        record, floor, register
    )
