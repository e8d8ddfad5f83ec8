"""The demo's plan of places: everybody has one, the people of a change can do what they change to."""

from __future__ import annotations

from floorctl.models.board.posts_plan import planned_places
from floorctl.rehearsal.demo_places import demo_places
from floorctl.rehearsal.demo_roster import demo_roster
from floorctl.usecases.imports import import_roster
from tests.story import MONDAY, Desk, kumagaya


def test_the_plan_of_the_demo_is_possible_for_its_people(desk: Desk) -> None:
    import_roster(desk.session, [p.fields for p in demo_roster(kumagaya())], {})
    steps = demo_places(kumagaya(), MONDAY, desk.session.register().people)
    assert [x["starts"] for x in steps] == ["08:30", "14:30"]
    for step in steps:
        desk.does("posts.planned", **step)
        assert desk.session.warnings == []
    morning, afternoon = planned_places(desk.floor, "09:00"), planned_places(desk.floor, "15:00")
    assert (morning["S08"], morning["S11"]) == ("T8", "reception")
    assert (afternoon["S08"], afternoon["S11"]) == ("reception", "T8")
    assert len(morning) == 11
