"""What stands against choosing a person: one answer for every list, plan and proposal."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.commands.fold import fold_register
from floorctl.models.board.assignable import barred_lanes, newcomers_alone, objections, rank, said
from floorctl.models.register.register import Register
from tests.story import Story, a_day, instant

ABLE: dict[str, Any] = {"pledge_on": "2026-06-01", "authority_on": "2026-07-01", "vein_on": "2026-07-01"}
TEAM: dict[str, dict[str, Any]] = {
    "S1": {},
    "S2": {"skills": ["certificate", "guidance"]},
    "S3": {"skills": ["issuance"], "newcomer": True},
    "S4": {"authority_on": None, "skills": ["issuance", "certificate"]},
    "S5": {"shift_from": "13:00", "shift_to": "17:00"},
    "S6": {"shift_from": "08:00", "shift_to": "09:00"},
}


def team() -> Register:
    story = Story(source="console", prefix="r")
    for code, fields in TEAM.items():
        story.tells("staff.registered", "07:00", staff=code, **(ABLE | fields))
    story.tells("shifts.planned", "07:00", date="2026-09-14", shifts=[{"staff": "S4", "code": "休"}])
    return fold_register(story.entries())


def stands(code: str, story: Story | None = None, at: str = "10:00", **place: str) -> list[tuple[str, str]]:
    floor = (story or a_day().opens("08:30")).floor(at)
    return [(x.code, x.word) for x in objections(floor, team(), instant(at), code, **place)]


def test_who_has_no_skills_recorded_may_stand_anywhere() -> None:
    for place in ({"terminal": "T1"}, {"terminal": "A1"}, {"post": "reception"}, {"lane": "registration"}):
        assert stands("S1", **place) == []


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ({"terminal": "T1"}, "交付の技能なし"),
        ({"terminal": "T1", "lane": "certificate"}, ""),
        ({"terminal": "T8"}, ""),
        ({"lane": "application"}, "申請サポートの技能なし"),
        ({"post": "reception"}, ""),
    ],
)
def test_a_skill_is_that_of_the_lane_where_the_terminal_goes(place: dict[str, str], word: str) -> None:
    assert stands("S2", **place) == ([("unskilled", word)] if word else [])
    if place == {"terminal": "T8"}:
        moved = a_day().opens("08:30").moves("T8", "issuance", "09:00")
        assert stands("S2", moved, **place) == [("unskilled", "交付の技能なし")]
        lent = a_day().opens("08:30").lends("T8", "issuance", "09:00")
        assert stands("S2", lent, **place) == [("unskilled", "交付の技能なし")]
        assert stands("S3", lent, **place)[0] == ("unskilled", "電子証明書の技能なし")


def test_what_blocks_comes_before_what_is_only_to_be_known() -> None:
    here = a_day().opens("08:30").staffs("T8", "S3", "08:40")
    assert stands("S3", here, terminal="T3") == [
        ("unskilled", "電子証明書の技能なし"),
        ("elsewhere", "いま T8"),
        ("newcomer_alone", "新人だけになる"),
    ]
    assert stands("S4", terminal="T1") == [("off", "休み"), ("no_authority", "操作者権限なし")]
    assert stands("S99", terminal="A1") == [("not_eligible", "名簿になし")]


@pytest.mark.parametrize(
    ("status", "until", "word"),
    [
        ("absent", None, "欠勤"),
        ("on_break", "12:45", "休憩 12:45まで"),
        ("late", "10:30", "遅刻 10:30まで"),
        ("gone", None, "退勤"),
    ],
)
def test_who_is_not_in_the_hall_is_marked_by_their_status(status: str, until: str | None, word: str) -> None:
    story = a_day().opens("08:30").tells("staff.changed", "09:00", staff="S1", status=status, until=until)
    assert stands("S1", story, lane="issuance") == [(status, word)]
    back = story.tells("staff.changed", "09:50", staff="S1", status="present")
    assert stands("S1", back, lane="issuance") == []


def test_who_has_not_been_seen_is_judged_by_the_shift() -> None:
    assert stands("S5", at="12:29") == [("not_begun", "勤務 13:00から")]
    assert stands("S5", at="12:30") == []
    assert stands("S6", at="09:00:01") == [("shift_over", "勤務 9:00まで")]
    floor, register = a_day().opens("08:30").floor("10:00"), team()
    assert [rank(objections(floor, register, instant("10:00"), x, terminal="T1")) for x in ("S1", "S6", "S5")] == [
        0,
        1,
        2,
    ]
    assert said(objections(floor, register, instant("10:00"), "S2", terminal="T1")) == "交付の技能なし"


def test_the_holder_of_the_charge_comes_after_the_others() -> None:
    held = a_day().tells("charge.taken", "08:20", "console", staff="S1").opens("08:30")
    assert stands("S1", held, terminal="T1") == [("in_charge", "責任者（兼務になる）")]
    assert stands("S1", held, lane="issuance") == []


def test_a_newcomer_is_alone_until_somebody_of_experience_stands_in_the_lane() -> None:
    story = a_day().opens("08:30").staffs("T1", "S3", "08:40")
    assert newcomers_alone(story.floor("08:50"), team(), "issuance") == ["S3"]
    story.staffs("T2", "S1", "08:51")
    assert newcomers_alone(story.floor("08:52"), team(), "issuance") == []
    story.tells("staff.changed", "08:53", staff="S1", status="on_break")
    assert newcomers_alone(story.floor("08:54"), team(), "issuance") == ["S3"]


def test_the_lanes_that_a_terminal_is_not_to_go_to() -> None:
    story = a_day().opens("08:30").staffs("T1", "S2", "08:40").staffs("T3", "S3", "08:41").staffs("T4", "S1", "08:42")
    assert barred_lanes(story.floor(), team()) == {"T1": frozenset({"issuance"}), "T3": frozenset({"certificate"})}
    assert barred_lanes(story.floor(), Register()) == {}
