"""Nobody stands before a lane, or at a post, that they have not learnt without a word; a feed is believed."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.common.errors import NeedsReason
from floorctl.screens.asking import by_rule
from tests.story import Desk, a_day

ABLE = {"pledge_on": "2026-06-01", "authority_on": "2026-07-01", "vein_on": "2026-07-01"}


@pytest.fixture
def hall(desk: Desk) -> Desk:
    """S1 can do everything, S2 電子証明書 alone; S2 stands at T8 (電子証明書), S1 at T3."""
    desk.does("staff.registered", staff="S1", **ABLE)
    desk.does("staff.registered", staff="S2", **ABLE, skills=["certificate"], newcomer=True)
    two_and_six = {f"T{n}": "issuance" if n < 3 else "certificate" for n in range(1, 9)}
    desk.opens(allocation=two_and_six).does("terminal.staffed", terminal="T3", staff="S1")
    desk.does("terminal.staffed", terminal="T8", staff="S2")
    return desk.at("09:00")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("terminal.staffed", {"terminal": "T1", "staff": "S2"}),
        ("terminal.staffed", {"terminal": "A1", "staff": "S2"}),
        ("terminal.assigned", {"terminal": "T8", "lane": "issuance"}),
        ("terminal.lent", {"terminal": "T8", "lane": "issuance"}),
        ("staff.posted", {"staff": "S2", "post": "reception"}),
    ],
)
def test_a_place_without_the_skill_needs_a_reason(hall: Desk, kind: str, fields: dict[str, Any]) -> None:
    assert isinstance(hall.refuses(kind, "技能がありません", "--reason", **fields), NeedsReason)
    assert hall.does(kind, **fields, reason="ほかに人がいないため")
    assert any("技能がありません" in x for x in hall.session.warnings)


def test_a_place_that_the_person_can_serve_needs_none(hall: Desk) -> None:
    assert hall.does("terminal.staffed", terminal="T7", staff="S2")
    assert hall.does("terminal.assigned", terminal="T3", lane="issuance", reason="配分の変更")
    assert hall.session.warnings == []


def test_an_opening_that_puts_a_lane_before_who_has_not_learnt_it_is_warned_of(desk: Desk) -> None:
    desk.does("staff.registered", staff="S2", **ABLE, skills=["certificate"])
    desk.does("terminal.staffed", terminal="T8", staff="S2")
    two_and_six = {f"T{n}": "issuance" if n in (1, 8) else "certificate" for n in range(1, 9)}
    desk.opens(allocation=two_and_six)
    assert "S2 T8 交付の技能がありません。" in desk.session.warnings


def test_of_a_person_and_a_lane_chosen_together_only_the_end_counts(hall: Desk) -> None:
    person = {"terminal": "T1", "staff": "S2"}
    lane = {"terminal": "T1", "lane": "certificate", "reason": "最大待ち 42分から31分"}
    assert hall.runs(by_rule([("terminal.staffed", person), ("terminal.assigned", lane)]))
    wrong = [
        ("terminal.staffed", {"terminal": "T7", "staff": "S2"}),
        ("terminal.assigned", {**lane, "terminal": "T7", "lane": "issuance"}),
    ]
    with pytest.raises(NeedsReason, match="交付の技能がありません"):
        hall.runs(by_rule(wrong))


def test_who_takes_over_a_lent_terminal_serves_the_lane_that_it_helps(hall: Desk) -> None:
    hall.does("terminal.staffed", terminal="T4", staff="S1")
    hall.does("terminal.staffed", terminal="T5", staff="S2")
    hall.does("terminal.staffed", terminal="T8", staff="S1")
    hall.does("terminal.lent", terminal="T8", lane="issuance")
    hall.refuses("terminal.staffed", "交付の技能がありません", terminal="T8", staff="S2")


def test_a_feed_is_believed(hall: Desk) -> None:
    hall.hears(a_day().staffs("T1", "S2", "09:01"))
    assert hall.floor.terminals["T1"].staff == "S2"
    assert hall.floor.anomalies == {}


def test_a_skill_that_the_site_does_not_have_is_refused_and_none_is_no_record(hall: Desk) -> None:
    hall.refuses("staff.registered", "skills", staff="S3", skills=["welding"])
    hall.does("staff.registered", staff="S2", **ABLE, skills=[])
    assert hall.session.register().people["S2"].skills is None
    assert hall.does("terminal.staffed", terminal="T1", staff="S2")
