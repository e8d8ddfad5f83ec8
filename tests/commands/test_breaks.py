"""Planned breaks as facts: set, changed, taken out, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.models.facts.breaks import PlannedBreak
from tests.story import Desk, kumagaya


def at(staff: str, start: str, minutes: int = 60, **more: Any) -> dict[str, Any]:
    return {"staff": staff, "start": start, "minutes": minutes, **more}


@pytest.fixture
def team(desk: Desk) -> Desk:
    for n in range(1, 4):
        desk.does("staff.registered", staff=f"S0{n}", shift_from="08:30", shift_to="17:15")
    return desk


def test_a_plan_names_people_and_the_others_stay(team: Desk) -> None:
    (entry,) = team.does("breaks.planned", breaks=[at("S02", "12:00"), at("S01", "11:00", 45, fixed=True)])
    assert entry.fact.sentence(kumagaya()) == "休憩の計画 2名"
    (moved,) = team.does("breaks.planned", breaks=[at("S02", "13:00"), at("S01", "11:00", 45, fixed=True)])
    assert moved.fact.sentence(kumagaya()) == "休憩の計画 S02 13:00から60分", "what stands so already is left out"
    assert team.floor.planned_breaks == {
        "S01": PlannedBreak(staff="S01", start="11:00", minutes=45, fixed=True),
        "S02": PlannedBreak(staff="S02", start="13:00", minutes=60),
    }
    assert not team.floor.opened_at, "a plan opens no day"


def test_a_break_is_taken_out_once_and_undo_brings_it_back(team: Desk) -> None:
    team.does("breaks.planned", breaks=[at("S01", "11:00")])
    (gone,) = team.does("breaks.planned", removed=["S01", "S03"])
    assert gone.fact.sentence(kumagaya()) == "休憩の計画 外す S01"
    assert team.floor.planned_breaks == {}
    assert team.does("breaks.planned", removed=["S01"]) == []
    team.undoes()
    assert set(team.floor.planned_breaks) == {"S01"}


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        ([at("S01", "11:00"), at("S01", "12:00")], "2度"),
        ([at("S77", "11:00")], "名簿にない"),
        ([at("S01", "08:30")], "途中ではありません"),
        ([at("S01", "16:15")], "途中ではありません"),
        ([at("S01", "23:30")], "途中ではありません"),
        ([at("S01", "11:00", 3)], "小さすぎます"),
    ],
)
def test_breaks_that_are_refused(team: Desk, breaks: list[dict[str, Any]], words: str) -> None:
    team.refuses("breaks.planned", words, breaks=breaks)


def test_who_is_off_has_no_break(team: Desk) -> None:
    team.does("shifts.planned", date=f"{team.floor.day}", shifts=[{"staff": "S03", "code": ""}])
    team.refuses("breaks.planned", "休みの人", breaks=[at("S03", "12:00")])


def test_a_break_is_not_planned_for_a_time_that_is_over_but_one_that_stands_may_stay(team: Desk) -> None:
    team.at("10:00")
    team.does("breaks.planned", breaks=[at("S01", "10:05")])
    team.at("11:00")
    team.refuses("breaks.planned", "10:30 は過ぎています", breaks=[at("S02", "10:30")])
    team.does("breaks.planned", breaks=[at("S01", "10:05", fixed=True), at("S02", "10:55")])
    assert team.floor.planned_breaks["S01"].fixed
