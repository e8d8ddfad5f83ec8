"""Places of a first morning: every lane and the guidance first, each place by somebody who can."""

from __future__ import annotations

from collections.abc import Iterable

from floorctl.models.board.first_places import first_places
from floorctl.models.register.register import Register
from tests.models.test_places_proposal import here, team
from tests.story import Story, instant

ISSUANCE, CERTIFICATE = {"skills": ["issuance"]}, {"skills": ["certificate"]}


def places(story: Story, register: Register) -> dict[str, str]:
    return {place: staff for staff, place in first_places(story.floor(), register, instant("08:40")).items()}


def everybody(codes: Iterable[str] = ("S00", "S01", "S02", "S03", "S04", "S05", "S06")) -> Story:
    return here(*codes)


def test_each_lane_and_the_guidance_come_before_a_second_window() -> None:
    found = places(everybody(), team())
    assert set(found) == {"T1", "T3", "A1", "P1", "reception", "T2"}
    assert "S00" not in found.values(), "the holder of the charge is kept free"


def test_who_can_do_little_is_placed_where_they_can_and_others_make_room() -> None:
    able = {"S02": ISSUANCE, "S03": CERTIFICATE, "S04": {"skills": ["guidance"]}}
    low = {"skills": ["application"], "authority_on": None}
    found = places(everybody(("S00", "S01", "S02", "S03", "S04", "S06")), team(**able, S06=low))
    assert found == {"T1": "S02", "T3": "S03", "A1": "S06", "P1": "S01", "reception": "S04"}


def test_a_newcomer_is_not_the_first_of_a_lane() -> None:
    new = {**CERTIFICATE, "newcomer": True}
    found = places(everybody(("S00", "S01", "S02")), team(S01=new, S02=CERTIFICATE))
    assert found == {"T3": "S02", "T5": "S01"}
    assert places(everybody(("S00", "S01")), team(S01=new)).get("T3") is None


def test_a_place_that_is_taken_or_out_of_order_is_left() -> None:
    story = everybody(("S00", "S01", "S02")).staffs("T1", "S01", "08:31")
    assert places(story, team(S02=ISSUANCE)) == {"T2": "S02"}
    story.tells("terminal.failed", "08:32", terminal="T2")
    assert places(story, team(S02=ISSUANCE)) == {"T4": "S02"}
