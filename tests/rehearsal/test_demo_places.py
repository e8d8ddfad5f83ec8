"""The demo's plan of places: everybody has one, the people of a change can do what they change to."""

from __future__ import annotations

from floorctl.models.board.posts_plan import planned_places
from floorctl.rehearsal.demo_places import demo_places
from floorctl.rehearsal.demo_roster import demo_roster
from floorctl.rehearsal.demo_rota import demo_rota, guide_is_relieved
from floorctl.usecases.imports import import_roster
from tests.story import MONDAY, Desk, kumagaya


def test_the_plan_of_the_demo_is_possible_for_its_people(desk: Desk) -> None:
    import_roster(desk.session, [p.fields for p in demo_roster(kumagaya())], {})
    rota = demo_rota(kumagaya(), MONDAY, 1)
    steps = demo_places(kumagaya(), MONDAY, desk.session.register().people, rota)
    assert [x["starts"] for x in steps] == ["08:30", "11:00", "12:15", "14:30"]
    for step in steps:
        desk.does("posts.planned", **step)
        assert desk.session.warnings == []
    morning, afternoon = planned_places(desk.floor, "09:00"), planned_places(desk.floor, "15:00")
    assert (morning["S08"], morning["S11"]) == ("T8", "reception")
    assert (afternoon["S08"], afternoon["S11"]) == ("reception", "T8")
    assert len(morning) == 11
    assert planned_places(desk.floor, "11:30")["S12"] == "reception", "while the guide has the break"
    [rest] = [b for b in rota.breaks if b.staff == rota.guide]
    assert (rest.start, rest.length_s) == (11 * 3600 + 600, 3600)


def test_the_guide_of_a_demo_relieves_nobody_on_any_day() -> None:
    for seed in range(40):
        rota = demo_rota(kumagaya(), MONDAY, seed)
        assert rota.absent is None and rota.late is None and guide_is_relieved(rota)
        assert {b.staff for b in rota.breaks} == {*rota.all_day}
        relieved = sorted(b.start for b in rota.breaks if b.relief)
        assert [b.relief for b in rota.breaks if b.relief] == [rota.short_time] * 2
        assert relieved[1] - relieved[0] >= 70 * 60, "one after the other, with time to hand over"
        paused = [b for b in rota.breaks if b.relief is None and b.staff != rota.guide]
        assert max(sum(abs(a.start - b.start) < 3600 for b in paused) for a in paused) <= 3
