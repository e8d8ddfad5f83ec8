"""Planned numbers of the city's staff: those of the day before the usual ones, by weekday; and the next change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from floorctl.commands.fold import fold
from floorctl.documents.day.record import day_record
from floorctl.documents.day.sentences import city_staff
from floorctl.models.board.officials_plan import next_change, planned_at, planned_officials
from floorctl.models.register.register import Register
from floorctl.models.site.hall import CityHours
from tests.story import MONDAY, Desk, a_day, kumagaya

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
