"""The last working terminal of a lane that receives (仕様書 7(4)※, contract 6): one rule for every verb that takes somebody
away, an alert that stands, and what is no matter."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.commands.last_desk import _TAKES
from floorctl.commands.people import leave_with_deputy, stays_away
from floorctl.common.errors import NeedsReason
from floorctl.models.board.alerts import alerts
from floorctl.models.board.lane_cover import lanes_alone
from floorctl.models.facts.kinds import KINDS
from tests.story import Desk, Story, a_day, instant

# Every way in which a command takes the last person of the certificates (S3 at T3) away.
VERBS: list[tuple[str, dict[str, Any]]] = [
    *(("staff.changed", {"staff": "S3", "status": x}) for x in ("on_break", "away", "absent", "gone", "expected")),
    ("staff.changed", {"staff": "S3", "status": "late", "until": "10:30"}),
    ("staff.posted", {"staff": "S3", "post": "reception"}),
    ("terminal.staffed", {"terminal": "T3", "staff": None}),
    ("terminal.staffed", {"terminal": "T2", "staff": "S3"}),  # to another lane
    ("terminal.paused", {"terminal": "T3"}),
    ("terminal.assigned", {"terminal": "T3", "lane": "issuance"}),
    ("terminal.lent", {"terminal": "T3", "lane": "issuance"}),
]
# The return of a lent terminal empties the lane that it helped: tests/commands/test_lending.py.
ELSEWHERE = {"terminal.returned"}
AFTER_ITS_TICKET = ("terminal.assigned", "terminal.lent")


@pytest.fixture
def hall(desk: Desk) -> Desk:
    """Ten o'clock: S1 hands cards over at T1, S3 is alone at the certificates and serves B001."""
    desk.opens(allocation={"T4": "certificate"}).at("09:00")
    for terminal, staff in {"T1": "S1", "T3": "S3"}.items():
        desk.does("terminal.staffed", terminal=terminal, staff=staff)
    desk.does("ticket.issued", service="cert_renewal", ticket="B001")
    desk.does("ticket.called", ticket="B001", terminal="T3")
    return desk.at("10:00")


def told(desk: Desk, code: str = "lane_unstaffed") -> list[str]:
    session = desk.session
    session.refresh()
    found = alerts(session.floor(), session.register(), session.info(desk.day), session.clock())
    return [a.text for a in found if a.code == code]


def test_every_kind_that_takes_somebody_away_is_tried() -> None:
    assert {kind for kind, _ in VERBS} | ELSEWHERE == set(_TAKES)
    assert all("reason" in KINDS[kind].names() for kind in _TAKES)


@pytest.mark.parametrize(("kind", "fields"), VERBS)
def test_no_verb_leaves_the_certificates_alone_without_a_reason(hall: Desk, kind: str, fields: dict[str, Any]) -> None:
    refusal = hall.refuses(kind, "電子証明書の窓口に誰もいなくなります", "--reason", **fields)
    assert isinstance(refusal, NeedsReason)
    assert told(hall) == []
    written = hall.does(kind, **fields, reason="急病の代わりがいない")
    assert any(getattr(e.fact, "reason", "") for e in written)
    assert any("理由とともに記録しました" in x for x in hall.session.warnings)
    if kind in AFTER_ITS_TICKET:  # it still serves B001, then it goes
        hall.does("ticket.finished", ticket="B001", terminal="T3")
    assert told(hall) == ["電子証明書 受付中・動いている端末なし"]
    hall.undoes()
    if kind in AFTER_ITS_TICKET:
        hall.undoes()
    assert told(hall) == []


@pytest.mark.parametrize(("kind", "fields"), VERBS)
def test_where_another_one_works_everybody_may_go(hall: Desk, kind: str, fields: dict[str, Any]) -> None:
    hall.does("terminal.staffed", terminal="T5", staff="S5")
    assert hall.does(kind, **fields)
    assert not any("誰もいなくなります" in x for x in hall.session.warnings)


@pytest.mark.parametrize("act", ["stays_away", "leave_with_deputy"])
def test_whole_acts_obey_the_same_rule_and_carry_the_reason(hall: Desk, act: str) -> None:
    hall.does("charge.taken", staff="S3")
    fields = {"staff": "S3", "status": "gone"}

    def decides(reason: str = "") -> Any:
        def decision(c: Any) -> Any:
            c.reason = reason
            return stays_away(c, "S3", "", "S1") if act == "stays_away" else leave_with_deputy(c, fields, "S1")

        return decision

    refusal = hall.refused(lambda: hall.runs(decides()), "誰もいなくなります")
    assert isinstance(refusal, NeedsReason)
    written = hall.runs(decides("代わりがいない"))
    assert [e.fact.reason for e in written if e.kind == "staff.changed"] == ["代わりがいない"]  # type: ignore[attr-defined]


def test_a_failure_is_recorded_and_told_before_somebody_waits(hall: Desk) -> None:
    hall.does("terminal.failed", terminal="T3", fault="画面が映らない")
    assert told(hall) == ["電子証明書 受付中・動いている端末なし"]
    hall.does("terminal.repaired", terminal="T3")
    assert told(hall) == []


def test_a_feed_is_believed_and_the_alert_stands(hall: Desk) -> None:
    hall.hears(a_day().tells("staff.changed", "10:00:30", staff="S3", status="on_break"))
    assert told(hall.at("10:01")) == ["電子証明書 受付中・動いている端末なし"]


def test_who_only_changes_the_terminal_within_the_lane_leaves_nobody_alone(hall: Desk) -> None:
    assert hall.does("terminal.staffed", terminal="T5", staff="S3")
    assert told(hall) == []


def test_the_reason_of_a_move_is_not_that_of_the_lane_which_the_person_leaves(hall: Desk) -> None:
    def decision(c: Any) -> Any:
        return [
            ("terminal.staffed", {"terminal": "T3", "staff": None}),
            ("terminal.staffed", {"terminal": "A1", "staff": "S3"}),
            ("terminal.assigned", {"terminal": "T2", "lane": "certificate", "reason": "提案"}),
        ]

    assert isinstance(hall.refused(lambda: hall.runs(decision), "S3 を A1 に置けません"), NeedsReason)


def test_a_lane_that_does_not_receive_is_no_matter(hall: Desk) -> None:
    for service in (s.code for s in hall.site.services if s.lane == "certificate"):
        hall.does("reception.stopped", service=service)
    assert hall.does("terminal.paused", terminal="T3")
    assert told(hall) == []
    hall.at("17:30")
    assert hall.does("staff.changed", staff="S1", status="gone")
    assert told(hall) == []


def test_a_lane_that_was_never_opened_today_is_no_matter(hall: Desk) -> None:
    """Nobody has been at the application support all day: there is no last one, and no alert without a visitor."""
    assert hall.does("terminal.paused", terminal="A1")
    assert told(hall) == []


def test_without_any_staffing_the_last_free_terminal_counts() -> None:
    story: Story = a_day().opens("08:30").tells("terminal.failed", "09:30", terminal="A1")
    assert lanes_alone(story.floor(), instant("10:00")) == []
    story.tells("terminal.paused", "09:40", terminal="A2")
    assert lanes_alone(story.floor(), instant("10:00")) == ["application"]
    assert lanes_alone(story.floor(), instant("16:31")) == []


def test_a_retraction_that_leaves_a_lane_alone_says_so(hall: Desk) -> None:
    hall.does("terminal.staffed", terminal="T5", staff="S5")
    hall.does("terminal.staffed", terminal="T3", staff=None, reason="交替")
    hall.undoes()
    assert hall.session.warnings == []
    hall.does("terminal.failed", terminal="T3")
    hall.takes_back(next(e for e in hall.facts() if getattr(e.fact, "staff", "") == "S5"))
    assert any("電子証明書の窓口に誰もいなくなりました" in x for x in hall.session.warnings)
    assert told(hall)


def test_a_loan_that_people_at_home_will_let_lapse_leaves_no_lane(hall: Desk) -> None:
    """T3 is lent for after B001; while somebody waits for certificates it will stay, and the alert is silent."""
    hall.does("terminal.lent", terminal="T3", lane="issuance", reason="交付が止まる")
    assert lanes_alone(hall.floor, instant("10:01")) == ["certificate"] and told(hall)
    hall.does("ticket.issued", service="cert_renewal", ticket="B002")
    assert lanes_alone(hall.floor, instant("10:01")) == [] and told(hall) == []
