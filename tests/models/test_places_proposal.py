"""The places of another morning for the people of today: who is away is replaced by somebody who can, or it is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from floorctl.commands.fold import fold_register
from floorctl.models.board.places_proposal import UNSEEN, PlacesProposal, propose_places
from floorctl.models.register.register import Register
from tests.story import Story, a_day, instant

ABLE = {"pledge_on": "2026-06-15", "authority_on": "2026-06-22", "vein_on": "2026-06-24"}
WANTED = {"S01": "T1", "S02": "T3", "S03": "reception"}
LANES = {"T1": "issuance", "T3": "certificate"}


def team(**more: Mapping[str, Any]) -> Register:
    """S00 is the manager, S01 to S06 work; ``more`` by code."""
    story = Story(source="console", prefix="r")
    story.tells("staff.registered", "07:00", staff="S00", role="site_manager", **ABLE)
    for n in range(1, 7):
        story.tells("staff.registered", "07:00", staff=f"S0{n}", **{**ABLE, **more.get(f"S0{n}", {})})
    return fold_register(story.entries())


def here(*codes: str) -> Story:
    story = a_day().tells("charge.taken", "08:15", staff="S00")
    for code in codes:
        story.tells("staff.changed", "08:20", staff=code, status="present")
    return story.opens("08:30")


def proposed(
    story: Story, register: Register, wanted: Mapping[str, str | None] = WANTED, lanes: Mapping[str, str] = LANES
) -> tuple[list[tuple[str | None, str | None, str]], PlacesProposal]:
    found = propose_places(story.floor(), register, instant("08:40"), wanted, lanes)
    return [(x.place, x.staff, x.why) for x in found.lines], found


def test_everybody_is_there_and_takes_the_same_place() -> None:
    lines, found = proposed(here("S00", "S01", "S02", "S03", "S04"), team())
    assert lines == [("T1", "S01", ""), ("T3", "S02", ""), ("reception", "S03", "")]
    assert found.free == ("S04",), "the holder of the charge is kept free"


def test_who_is_absent_or_off_is_replaced_by_whose_skills_are_recorded_first() -> None:
    story = here("S00", "S02", "S03", "S04", "S05", "S06").tells("staff.changed", "08:31", staff="S01", status="absent")
    lines, found = proposed(story, team())
    assert lines[0] == ("T1", "S04", "欠勤")
    lines, _ = proposed(story, team(S05={"skills": ["certificate"]}, S06={"skills": ["issuance"]}))
    assert lines[0] == ("T1", "S06", "欠勤"), "S05 has not learnt it"
    assert found.free == ("S05", "S06")


def test_who_may_not_or_cannot_work_there_is_replaced_and_what_nobody_can_do_is_said() -> None:
    everybody = here("S00", "S01", "S02", "S03", "S04")
    lines, _ = proposed(everybody, team(S02={"authority_on": None}, S04={"authority_on": None}))
    assert lines[1] == ("T3", None, "操作者権限なし")
    lines, _ = proposed(everybody, team(S01={"skills": ["guidance"]}))
    assert lines[0] == ("T1", "S04", "交付の技能なし")


def test_who_has_not_been_seen_is_waited_for() -> None:
    lines, found = proposed(here("S00", "S02", "S03", "S04"), team())
    assert lines[0] == ("T1", None, UNSEEN)
    assert [x.waits for x in found.lines] == [True, False, False]
    assert found.free == ("S04",)


def test_whose_place_nobody_can_take_may_still_come_or_not() -> None:
    for status, waits in (("late", True), ("absent", False)):
        story = here("S00", "S02", "S03").tells("staff.changed", "08:31", staff="S01", status=status, until="09:30")
        _, found = proposed(story, team())
        assert next((x.staff, x.waits) for x in found.lines) == (None, waits), status


def test_what_is_so_already_is_no_line_and_lanes_follow_once_the_day_is_open() -> None:
    story = here("S00", "S01", "S02", "S03").staffs("T1", "S01", "08:31").staffs("T4", "S02", "08:31")
    lanes = {"T1": "certificate", "T4": "issuance"}
    lines, found = proposed(story, team(), lanes=lanes)
    assert lines == [("T1", "S01", ""), ("T3", "S02", ""), ("reception", "S03", "")]
    assert [x.lane for x in found.lines] == ["certificate", None, None]
    morning = a_day().tells("staff.changed", "08:20", staff="S01", status="present").staffs("T1", "S01", "08:21")
    _, found = proposed(morning, team(), lanes=lanes)
    assert (found.later, {x.lane for x in found.lines}) == (("T1",), {None})


def test_who_leaves_a_place_by_the_plan_leaves_it() -> None:
    story = here("S00", "S01", "S02").staffs("T1", "S01", "08:31")
    lines, _ = proposed(story, team(), {"S01": None, "S02": None})
    assert lines == [(None, "S01", "")]


def test_a_place_where_somebody_stands_in_already_is_left_alone() -> None:
    story = here("S00", "S02", "S03", "S04", "S05").tells("staff.changed", "08:31", staff="S01", status="absent")
    lines, _ = proposed(story.staffs("T1", "S05", "08:32"), team())
    assert lines == [("T3", "S02", ""), ("reception", "S03", "")]
