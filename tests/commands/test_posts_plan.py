"""The plan of places: steps that replace each other, what is refused, and everybody's place taken as one act."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.commands.posts import plan_places, take_places
from floorctl.models.board.posts_plan import places_now, planned_places
from tests.story import Desk, kumagaya

ABLE = {"pledge_on": "2026-06-15", "authority_on": "2026-06-22", "vein_on": "2026-06-24"}


def at(staff: str, place: str | None) -> dict[str, Any]:
    return {"staff": staff, "place": place}


@pytest.fixture
def team(desk: Desk) -> Desk:
    for n in range(1, 6):
        desk.does("staff.registered", staff=f"S0{n}", **ABLE)
    return desk


def test_a_step_holds_until_another_names_the_person_or_gives_the_terminal_away(team: Desk) -> None:
    (entry,) = team.does(
        "posts.planned", starts="09:00", places=[at("S01", "T1"), at("S02", "T2"), at("S03", "reception")]
    )
    assert entry.fact.sentence(kumagaya()) == "配置の予定 9:00から S01 T1・S02 T2・S03 受付案内"
    team.does("posts.planned", starts="13:00", places=[at("S03", "T1"), at("S02", None)])
    assert planned_places(team.floor, "08:59") == {}
    assert planned_places(team.floor, "12:59") == {"S01": "T1", "S02": "T2", "S03": "reception"}
    assert planned_places(team.floor, "13:00") == {"S01": None, "S02": None, "S03": "T1"}
    assert not team.floor.opened_at, "a plan opens no day"


def test_a_later_fact_of_the_same_time_replaces_the_step_and_an_empty_one_removes_it(team: Desk) -> None:
    team.does("posts.planned", starts="13:00", places=[at("S01", "T1")])
    assert team.does("posts.planned", starts="13:00", places=[at("S01", "T1")]) == []
    team.does("posts.planned", starts="13:00", places=[at("S02", "T2")])
    assert planned_places(team.floor, "13:00") == {"S02": "T2"}
    (gone,) = team.does("posts.planned", starts="13:00", places=[])
    assert team.floor.posts_plan == {}
    assert gone.fact.sentence(kumagaya()) == "配置の予定 13:00から 変更なし"
    team.undoes()
    assert planned_places(team.floor, "13:00") == {"S02": "T2"}


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ([at("S01", "T1"), at("S01", "T2")], "2度"),
        ([at("S01", "T1"), at("S02", "T1")], "2人"),
        ([at("S01", "T99")], "会場設定にない"),
        ([at("S77", "T1")], "名簿にない"),
    ],
)
def test_steps_that_are_refused(team: Desk, places: list[dict[str, Any]], words: str) -> None:
    team.refuses("posts.planned", words, starts="09:00", places=places)


def test_one_person_changes_and_the_rest_of_the_step_stays(team: Desk) -> None:
    team.does("posts.planned", starts="13:00", places=[at("S01", "T1"), at("S02", "T2")])
    team.runs(plan_places, "13:00", {"S03": "T2"})
    assert planned_places(team.floor, "13:00") == {"S01": "T1", "S03": "T2"}


def test_people_who_change_places_with_each_other_leave_no_terminal_empty(team: Desk) -> None:
    team.opens()
    for n in (1, 2, 3):
        team.does("terminal.staffed", terminal=f"T{n}", staff=f"S0{n}")
    wanted = {"S01": "T2", "S02": "T3", "S03": "T1", "S04": "reception"}
    entries = team.runs(take_places, wanted, {"T4": "certificate"}, "09:00")
    assert places_now(team.floor) == wanted
    assert team.floor.terminals["T4"].lane == "certificate"
    assert planned_places(team.floor, "09:00") == wanted
    assert len({e.fact.id.rsplit(".", 1)[0] for e in entries}) == 1
    team.undoes()
    assert places_now(team.floor) == {"S01": "T1", "S02": "T2", "S03": "T3"}
    assert team.floor.posts_plan == {}


def test_a_terminal_whose_person_goes_elsewhere_is_empty_and_a_lane_left_alone_needs_a_reason(team: Desk) -> None:
    team.at("10:00").opens()
    for n in (1, 3):
        team.does("terminal.staffed", terminal=f"T{n}", staff=f"S0{n}")
    team.refused(lambda: team.runs(take_places, {"S01": "T5"}, {}), "誰もいなくなります")
    team.runs(take_places, {"S01": "T5", "S02": "T1"}, {})
    assert places_now(team.floor) == {"S01": "T5", "S02": "T1", "S03": "T3"}


def test_who_comes_later_has_the_place_in_the_plan_only(team: Desk) -> None:
    team.opens()
    team.runs(take_places, {"S01": "T1"}, {}, "08:30", {"S02": "T3"})
    assert places_now(team.floor) == {"S01": "T1"}
    assert planned_places(team.floor, "09:00") == {"S01": "T1", "S02": "T3"}
