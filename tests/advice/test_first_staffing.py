"""The first hour of a day without a plan of places: one key staffs one free person, the next key the next."""

from __future__ import annotations

from floorctl.advice.first_staffing import first_staffing
from floorctl.advice.proposal import Proposal
from floorctl.models.board.first_places import first_places
from floorctl.models.board.posts_plan import places_now
from floorctl.rehearsal.demo_roster import demo_roster
from floorctl.usecases.imports import import_roster
from tests.story import Desk, kumagaya

TEAM = [p.fields["staff"] for p in demo_roster(kumagaya())]


def first_day(desk: Desk, *present: str) -> Desk:
    """A day that is open, with these people of the roster in the hall; the first of them has the charge."""
    import_roster(desk.session, [p.fields for p in demo_roster(kumagaya())], {})
    for staff in present:
        desk.does("staff.changed", staff=staff, status="present")
    desk.does("charge.taken", staff=present[0])
    return desk.opens()


def proposed(desk: Desk) -> Proposal | None:
    return first_staffing(desk.floor, desk.session.register(), desk.session.clock())


def test_each_key_staffs_one_free_person_until_all_have_the_places_that_one_list_would_give(desk: Desk) -> None:
    first_day(desk, *TEAM)
    wanted = first_places(desk.floor, desk.session.register(), desk.session.clock())
    said = []
    while (p := proposed(desk)) is not None:
        said.append(p.text())
        [step] = p.takes
        desk.does(step.kind, **step.fields)
    assert len(said) == len(wanted) == 12
    assert said[:2] == [
        "S07 を T1 へ  場所のない人 12名から11名（= で全員をまとめて）",
        "S01 を T3 へ  場所のない人 11名から10名（= で全員をまとめて）",
    ]
    assert said[-1].endswith("場所のない人 1名から0名")
    places = set(places_now(desk.floor).values())
    assert places == set(wanted.values()) and "reception" in places
    assert not desk.floor.anomalies


def test_nobody_is_proposed_where_the_places_are_somebodys_plan_or_the_hour_has_passed(desk: Desk) -> None:
    first_day(desk, "S00", "S01", "S03")
    assert proposed(desk) is not None
    desk.does(
        "advice.declined", terminal="T1", lane="issuance", text="S01 を T1 へ", gain_s=0, about="staff", reason="-"
    )
    declined = proposed(desk)
    assert declined is None or declined.lane != "issuance", "what was declined is left alone, and its lane for a while"
    desk.at("09:31")
    assert proposed(desk) is None, "who has no place an hour after the opening is kept free on purpose"
    desk.at("09:00").does("posts.planned", starts="08:30", places=[{"staff": "S01", "place": "T1"}])
    assert proposed(desk) is None


def test_without_a_roster_nobody_is_known_to_be_free(desk: Desk) -> None:
    desk.opens()
    assert proposed(desk) is None
