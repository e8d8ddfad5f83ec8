"""Commands: each act of the console, its rule and its refusals, on a real file, with a clock that is moved by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.commands.calling import next_visitor
from floorctl.commands.decide import DECIDE
from floorctl.commands.fold import fold
from floorctl.common.errors import FloorctlError, NeedsReason, Refused, UsageError
from floorctl.models.facts.fields import act_of
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.site import Site
from floorctl.usecases.retraction import retract
from floorctl.usecases.session import Session
from tests.story import MONDAY, Desk, a_day, instant, kumagaya, plain

SUNDAY, SATURDAY_CLOSED, FIFTH_SATURDAY = date(2026, 9, 13), date(2026, 9, 5), date(2026, 8, 29)


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """The day is open since 8:30, nobody waits."""
    return desk.opens().at("09:00")


def serving(desk: Desk, ticket: str = "B001", terminal: str = "T3") -> Desk:
    """``ticket`` stands at ``terminal``."""
    desk.does("ticket.issued", ticket=ticket, service="cert_renewal")
    desk.does("ticket.called", ticket=ticket, terminal=terminal)
    return desk


def waiting(desk: Desk, lane: str = "certificate") -> int:
    return desk.floor.lanes[lane].waiting


# ---- every kind, every wish


def test_every_kind_has_a_rule_or_is_a_taking_back() -> None:
    assert set(DECIDE) == set(KINDS) - {"retracted", "paper.entered"}, "a marker comes with its paper only"


def test_an_unknown_kind_or_field_is_wrong_usage(open_desk: Desk) -> None:
    for kind, fields in (
        ("ticket.eaten", {}),
        ("retracted", {"target": "x"}),
        ("terminal.paused", {}),
        ("terminal.paused", {"terminal": "T3", "colour": "red"}),
    ):
        with pytest.raises(UsageError):
            open_desk.does(kind, **fields)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("terminal.paused", {"terminal": "T9"}),
        ("ticket.issued", {"service": "passport"}),
        ("queue.counted", {"lane": "vip", "waiting": 1}),
        ("queue.counted", {"lane": "issuance", "waiting": -1}),
        ("queue.counted", {"lane": "issuance", "waiting": 2.0}),
        ("work.counted", {"item": "coffee"}),
        ("escalation.raised", {"matter": "lunch"}),
        ("ticket.issued", {"service": "other", "cards": 0}),
        ("ticket.issued", {"service": "other", "appointment": "25:00"}),
        ("incident.opened", {"category": "quarrel", "summary": "x"}),
        ("incident.opened", {"category": "other", "summary": "x", "terminals": ("T3", "T77")}),
        ("staff.changed", {"staff": "山田", "status": "present"}),
        ("day.opened", {"allocation": {"T99": "issuance"}}),
    ],
)
def test_wrong_values_and_unknown_codes_are_refused(open_desk: Desk, kind: str, fields: dict[str, Any]) -> None:
    refusal = open_desk.refuses(kind, **fields)
    assert isinstance(refusal, Refused)
    assert refusal.exit_status == 1
    for value in fields.values():
        if isinstance(value, str) and len(value) > 1 and value not in ("other", "issuance"):
            assert value not in refusal.sentence, "the refusal repeats the value"


# ---- the day


def test_a_day_is_opened_once_by_the_sites_allocation_or_by_another_that_can_be(desk: Desk) -> None:
    desk.refuses("day.opened", "A1", allocation={"A1": "issuance"})
    desk.hears(a_day().tells("staff.changed", "08:00", staff="S1", status="expected"))  # stands in nobody's way
    (opened,) = desk.does("day.opened", officials=2)
    assert opened.fact.allocation == {t.code: t.lane for t in desk.site.terminals}  # type: ignore[attr-defined]
    assert desk.floor.is_open and desk.floor.opened_by_fact
    desk.refuses("day.opened", "8:30")


@pytest.mark.parametrize("day", [SUNDAY, SATURDAY_CLOSED, date(2026, 7, 1), date(2026, 12, 30), date(2029, 1, 9)])
def test_a_closed_day_cannot_be_opened(desk: Desk, day: date) -> None:
    desk.at("08:30", day).refuses("day.opened", officials=2)
    assert not desk.floor.is_open


NEEDS_OPEN: list[tuple[str, dict[str, Any]]] = [
    ("day.closed", {}),
    ("ticket.issued", {"service": "other"}),
    ("ticket.called", {"ticket": "B001", "terminal": "T3"}),
    ("ticket.finished", {"ticket": "B001", "terminal": "T3"}),
    ("ticket.no_show", {"ticket": "B001"}),
    ("ticket.left", {"ticket": "B001"}),
    ("ticket.requeued", {"ticket": "B001"}),
    ("ticket.transferred", {"ticket": "B001", "service": "other"}),
    ("queue.counted", {"lane": "issuance", "waiting": 3}),
    ("escalation.raised", {"matter": "fee"}),
    ("reception.stopped", {"service": "other"}),
    ("reception.resumed", {"service": "other"}),
]


@pytest.mark.parametrize(("kind", "fields"), NEEDS_OPEN)
def test_before_the_opening_and_after_the_closing_nothing_happens_in_the_hall(
    desk: Desk, kind: str, fields: dict[str, Any]
) -> None:
    desk.refuses(kind, "開場", **fields)
    desk.opens().at("17:20").does("day.closed")
    desk.refuses(kind, "閉場", **fields)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("terminal.paused", {"terminal": "T3"}),
        ("terminal.failed", {"terminal": "T3"}),
        ("terminal.staffed", {"terminal": "T3", "staff": "S1"}),
        ("terminal.assigned", {"terminal": "T4", "lane": "certificate"}),
        ("officials.changed", {"present": 0}),
        ("staff.changed", {"staff": "S1", "status": "gone"}),
        ("work.counted", {"item": "photo", "count": 3}),
        ("inquiry.counted", {"topic": "持ち物"}),
        ("visitors.counted", {"persons": 3}),
    ],
)
def test_an_act_after_the_closing_is_refused_or_takes_effect(
    open_desk: Desk, kind: str, fields: dict[str, Any]
) -> None:
    """Facts after the closing change nothing (contract 2): an act that would be lost so must not look done."""
    open_desk.at("17:20").does("day.closed")
    before = plain(open_desk.floor)["derived"], {k: v for k, v in plain(open_desk.floor)["shown"].items() if k in SHOWN}
    try:
        written = open_desk.does(kind, **fields)
    except Refused as e:
        assert "閉場" in e.sentence
        return
    after = plain(open_desk.floor)["derived"], {k: v for k, v in plain(open_desk.floor)["shown"].items() if k in SHOWN}
    assert not written or after != before, "accepted, written, and nowhere to be seen"


SHOWN = {"terminals", "officials", "staff", "work", "inquiries", "visitors"}


def test_a_closed_day_is_reopened_with_a_reason(open_desk: Desk) -> None:
    open_desk.refuses("day.reopened", "閉場していません", reason="間違い")
    open_desk.does("day.closed")
    open_desk.refuses("day.opened", "再開")
    open_desk.refuses("day.reopened", "理由")
    open_desk.does("day.reopened", reason="押し間違い")
    assert open_desk.floor.is_open
    open_desk.does("ticket.issued", service="other")


def test_a_correction_on_the_next_day_moves_no_closing_time(open_desk: Desk) -> None:
    open_desk.at("12:30").does("day.closed")
    session, day = open_desk.session, open_desk.day
    open_desk.at("09:00", day + timedelta(days=1))
    session.act("day.reopened", {"reason": "入力もれ"}, day=day)
    session.act("work.counted", {"item": "photo", "count": 2}, day=day)
    session.act("day.closed", {}, day=day)
    floor = session.floor(day)
    assert floor.closed_at is not None
    assert f"{floor.closed_at:%H:%M:%S}" == "12:30:01"
    assert floor.work_done()["photo"] == 2


def test_a_day_that_the_feed_closed_again_is_reopened(open_desk: Desk) -> None:
    open_desk.at("17:00").does("day.closed")
    open_desk.hears(a_day().closes("17:05"))
    open_desk.at("17:10").does("day.reopened", reason="まだ応対中")
    assert open_desk.floor.is_open


def test_reception_of_a_service_is_stopped_and_resumed(open_desk: Desk) -> None:
    open_desk.refuses("reception.resumed", service="pin_reset")
    open_desk.does("reception.stopped", service="pin_reset", reason="混雑")
    open_desk.refuses("reception.stopped", service="pin_reset")
    open_desk.refuses("ticket.issued", "打ち切", service="pin_reset")
    open_desk.does("ticket.issued", service="cert_renewal")  # the service alone
    open_desk.does("reception.resumed", service="pin_reset")
    open_desk.does("ticket.issued", service="pin_reset")


def test_the_number_of_officials_that_stands_already_is_no_fact(open_desk: Desk) -> None:
    assert open_desk.does("officials.changed", present=2) == []
    assert [e.kind for e in open_desk.does("officials.changed", present=0)] == ["officials.changed"]
    assert open_desk.floor.officials == 0


def test_tallies_are_corrected_but_never_below_nothing(open_desk: Desk) -> None:
    open_desk.does("work.counted", item="photo", count=5)
    open_desk.does("work.counted", item="photo", count=-2)
    open_desk.refuses("work.counted", "0件", item="photo", count=-4)
    open_desk.refuses("work.counted", item="pin_change", count=-1)
    assert open_desk.does("work.counted", item="photo", count=0) == []
    open_desk.does("inquiry.counted", topic="駐車場")
    open_desk.refuses("inquiry.counted", topic="駐車場", count=-2)
    assert open_desk.floor.work_done() == {"photo": 3}
    assert open_desk.floor.inquiries == {"駐車場": 1}


def test_persons_and_memos_may_be_written_at_any_hour(desk: Desk) -> None:
    desk.at("07:50").does("memo.written", text="鍵を受け取った")
    desk.does("visitors.counted", persons=12)
    assert desk.floor.persons == 12


# ---- numbers given by hand


def test_a_number_given_by_name_must_be_unused(open_desk: Desk) -> None:
    open_desk.does("ticket.issued", ticket="Z9", service="other")
    open_desk.refuses("ticket.issued", "Z9", ticket="Z9", service="other")


def test_a_number_that_was_taken_back_is_not_given_to_another_incident(open_desk: Desk) -> None:
    open_desk.does("incident.opened", category="other", summary="誤り")
    open_desk.undoes()
    assert open_desk.does("incident.opened", category="other", summary="本当")[0].fact.incident == "I-2"  # type: ignore[attr-defined]


def test_numbers_are_unused_in_the_file_though_the_clock_is_set_back(tmp_path: Path, site: Site) -> None:
    """--now shows the Floor as it was; a number that the file holds later is used all the same (contract 2)."""
    desk = Desk(tmp_path / "f.db", site).opens().at("11:00")
    for kind, fields in (
        ("ticket.issued", {"service": "other"}),
        ("escalation.raised", {"matter": "fee"}),
        ("incident.opened", {"category": "other", "summary": "雨漏り"}),
    ):
        desk.does(kind, **fields)
    then = Session(site, desk.path, frozen=instant("10:00"), create=True)
    numbers = [
        then.act("ticket.issued", {"service": "other"})[0].fact.ticket,  # type: ignore[attr-defined]
        then.act("escalation.raised", {"matter": "fee"})[0].fact.escalation,  # type: ignore[attr-defined]
        then.act("incident.opened", {"category": "other", "summary": "x"})[0].fact.incident,  # type: ignore[attr-defined]
    ]
    assert numbers == ["B002", "E-2", "I-2"]
    assert not desk.floor.anomalies


# ---- tickets


def test_calls_that_are_refused(open_desk: Desk) -> None:
    open_desk.refuses("ticket.called", "B001", ticket="B001", terminal="T3")
    serving(open_desk)
    open_desk.does("ticket.issued", service="cert_renewal")
    open_desk.refuses("ticket.called", "応対中", ticket="B001", terminal="T5")
    open_desk.refuses("ticket.called", "B001", ticket="B002", terminal="T3")  # busy
    open_desk.refuses("ticket.called", "電子証明書", ticket="B002", terminal="T1")  # another lane
    open_desk.does("terminal.paused", terminal="T5")
    open_desk.refuses("ticket.called", "休止", ticket="B002", terminal="T5")
    open_desk.does("terminal.failed", terminal="T6")
    open_desk.refuses("ticket.called", "故障", ticket="B002", terminal="T6")
    open_desk.does("terminal.staffed", terminal="T7", staff="S7")
    open_desk.refuses("ticket.called", "担当", ticket="B002", terminal="T8")
    open_desk.does("ticket.called", ticket="B002", terminal="T7")


def test_finishes_that_are_refused(open_desk: Desk) -> None:
    open_desk.refuses("ticket.finished", ticket="B001", terminal="T3")
    serving(open_desk).does("ticket.issued", service="other")
    open_desk.refuses("ticket.finished", "待ち", ticket="B002", terminal="T3")
    open_desk.refuses("ticket.finished", "T3", ticket="B001", terminal="T5")
    open_desk.does("ticket.finished", ticket="B001", terminal="T3")
    open_desk.refuses("ticket.finished", ticket="B001", terminal="T3")


def test_no_show_leave_requeue_and_transfer(open_desk: Desk) -> None:
    for kind, fields in (
        ("no_show", {}),
        ("left", {}),
        ("requeued", {}),
        ("transferred", {"service": "pin_reset"}),
    ):
        open_desk.refuses(f"ticket.{kind}", "B001", ticket="B001", **fields)
    serving(open_desk)
    open_desk.refuses("ticket.left", "応対中", ticket="B001")
    open_desk.does("ticket.no_show", ticket="B001")
    open_desk.refuses("ticket.no_show", ticket="B001")
    open_desk.refuses("ticket.transferred", ticket="B001", service="pin_reset")
    open_desk.does("ticket.requeued", ticket="B001")
    open_desk.refuses("ticket.requeued", "待ち", ticket="B001")
    assert open_desk.does("ticket.transferred", ticket="B001", service="cert_renewal") == []
    open_desk.does("ticket.transferred", ticket="B001", service="card_issuance")
    assert waiting(open_desk, "issuance") == 1
    open_desk.does("ticket.left", ticket="B001")
    assert open_desk.floor.waiting == 0
    assert not open_desk.floor.anomalies


# ---- one key: finish and call the next


def test_next_calls_who_waits_longest(open_desk: Desk) -> None:
    open_desk.refused(lambda: open_desk.runs(next_visitor, "T3"), "0人")
    for _ in range(2):
        open_desk.does("ticket.issued", service="other")
    assert [e.kind for e in open_desk.runs(next_visitor, "T3")] == ["ticket.called"]
    assert open_desk.floor.terminals["T3"].ticket == "B001"
    written = open_desk.runs(next_visitor, "T3")
    assert [e.kind for e in written] == ["ticket.finished", "ticket.called"]
    assert len({act_of(e.fact.id) for e in written}) == 1
    assert open_desk.floor.terminals["T3"].ticket == "B002"
    assert [e.kind for e in open_desk.runs(next_visitor, "T3")] == ["ticket.finished"]  # nobody else waits
    open_desk.refused(lambda: open_desk.runs(next_visitor, "T3"))
    assert not open_desk.floor.anomalies


def test_next_follows_a_terminal_that_moves_after_its_ticket(open_desk: Desk) -> None:
    serving(open_desk).does("ticket.issued", service="card_issuance")
    open_desk.does("ticket.issued", service="other")
    open_desk.does("terminal.assigned", terminal="T3", lane="issuance", reason="交付が混んでいる")
    open_desk.runs(next_visitor, "T3")
    assert open_desk.floor.terminals["T3"].ticket == "A001"
    assert not open_desk.floor.anomalies


@pytest.mark.parametrize(("trouble", "word"), [("terminal.paused", "休止"), ("terminal.failed", "故障")])
def test_next_at_a_terminal_that_does_not_work(open_desk: Desk, trouble: str, word: str) -> None:
    open_desk.does("ticket.issued", service="other")
    open_desk.does(trouble, terminal="T3")
    open_desk.refused(lambda: open_desk.runs(next_visitor, "T3"), word)


def test_next_at_a_terminal_that_is_told_to_pause_finishes_and_calls_nobody(open_desk: Desk) -> None:
    serving(open_desk).does("ticket.issued", service="other")
    open_desk.does("terminal.paused", terminal="T3")
    assert [e.kind for e in open_desk.runs(next_visitor, "T3")] == ["ticket.finished"]
    assert open_desk.floor.state("T3") == "paused"
    assert waiting(open_desk) == 1


def test_next_in_a_lane_that_only_head_counts_know(open_desk: Desk) -> None:
    open_desk.does("queue.counted", lane="certificate", waiting=2)
    written = open_desk.runs(next_visitor, "T3")
    assert {e.kind for e in written} == {"ticket.issued", "ticket.called", "queue.counted"}
    assert waiting(open_desk) == 1
    assert open_desk.floor.terminals["T3"].ticket == "B001"
    open_desk.runs(next_visitor, "T3")
    assert waiting(open_desk) == 0
    assert open_desk.floor.terminals["T3"].ticket == "B002"
    assert [e.kind for e in open_desk.runs(next_visitor, "T3")] == ["ticket.finished"]
    assert [t.outcome for t in open_desk.floor.tickets.values()] == ["done", "done"]
    assert not open_desk.floor.anomalies
    open_desk.undoes()  # the finish alone
    open_desk.undoes()  # finish, issue, call and count together
    assert waiting(open_desk) == 1
    assert open_desk.floor.terminals["T3"].ticket == "B001"


def test_next_prefers_tickets_to_persons_without_one(open_desk: Desk) -> None:
    open_desk.does("ticket.issued", service="other")
    open_desk.does("queue.counted", lane="certificate", waiting=3)
    open_desk.runs(next_visitor, "T3")
    assert open_desk.floor.terminals["T3"].ticket == "B001"
    assert waiting(open_desk) == 2


# ---- a feed whose clock is ahead


def ahead_t3(desk: Desk) -> bool:
    desk.runs(next_visitor, "T3")
    return (desk.floor.tickets["B001"].outcome, desk.floor.terminals["T3"].ticket) == ("done", "B002")


def ahead_counted(desk: Desk) -> bool:
    desk.does("queue.counted", lane="certificate", waiting=5)
    desk.runs(next_visitor, "T3")
    return (waiting(desk), desk.floor.terminals["T3"].ticket) == (4, "B001")


def ahead_moved(desk: Desk) -> bool:
    desk.does("terminal.assigned", terminal="T4", lane="issuance")
    desk.does("terminal.resumed", terminal="T5")
    return (desk.floor.terminals["T4"].lane, desk.floor.state("T5")) == ("issuance", "free")


def ahead_paused(desk: Desk) -> bool:
    desk.does("terminal.paused", terminal="T5")
    return desk.floor.state("T5") == "paused"


def ahead_staffed(desk: Desk) -> bool:
    """Same instant, same kind: the source decides the order, and "console" comes before "feed"."""
    desk.does("terminal.staffed", terminal="T5", staff="S2")
    return desk.floor.terminals["T5"].staff == "S2"


def ahead_undone(desk: Desk) -> bool:
    desk.does("ticket.finished", ticket="B001", terminal="T3")
    desk.undoes()
    return desk.floor.terminals["T3"].ticket == "B001"


AHEAD = {  # what the feed has said of a moment to come, and the act of 10:00 that must take effect all the same
    ahead_t3: a_day().issues("B001", at="09:50").issues("B002", at="09:51").calls("B001", "T3", at="10:01:30"),
    ahead_counted: a_day().issues("X1", at="09:50").calls("X1", at="09:55").finishes("X1", at="10:01:30"),
    ahead_moved: a_day().moves("T4", "certificate", "10:02").tells("terminal.paused", "10:02", terminal="T5"),
    ahead_paused: a_day().tells("terminal.paused", "10:01", terminal="T5").tells("terminal.resumed", "10:02", terminal="T5"),
    ahead_staffed: a_day().staffs("T5", "S1", "10:02"),
    ahead_undone: a_day().issues("B001", at="10:01").calls("B001", "T3", at="10:01:30"),
}  # fmt: skip


@pytest.mark.parametrize("act", AHEAD)
def test_an_act_takes_effect_where_the_feed_is_ahead(open_desk: Desk, act: Callable[[Desk], bool]) -> None:
    open_desk.at("10:00").hears(AHEAD[act])
    assert act(open_desk)
    assert not open_desk.floor.anomalies


# ---- terminals


def test_the_band_counts_terminals_that_will_move(open_desk: Desk) -> None:
    open_desk.does("ticket.issued", service="card_issuance")
    open_desk.does("ticket.called", ticket="A001", terminal="T4")
    open_desk.does("terminal.assigned", terminal="T4", lane="certificate")  # after its ticket: 2/6 then
    assert (open_desk.floor.terminals["T4"].lane, open_desk.floor.terminals["T4"].next_lane) == (
        "issuance",
        "certificate",
    )
    assert isinstance(open_desk.refuses("terminal.assigned", terminal="T2", lane="certificate"), NeedsReason)
    assert [e.kind for e in open_desk.does("terminal.assigned", terminal="T4", lane="issuance")] == [
        "terminal.assigned"
    ]
    assert open_desk.floor.terminals["T4"].next_lane is None


def test_to_its_present_lane_is_no_fact(open_desk: Desk) -> None:
    serving(open_desk)
    open_desk.does("terminal.assigned", terminal="T3", lane="issuance", reason="混雑")
    assert open_desk.does("terminal.assigned", terminal="T3", lane="issuance", reason="混雑") == []


def test_who_stands_at_a_terminal_leaves_the_other(open_desk: Desk) -> None:
    open_desk.does("terminal.staffed", terminal="T3", staff="S1")
    assert open_desk.does("terminal.staffed", terminal="T3", staff="S1") == []
    written = open_desk.does("terminal.staffed", terminal="T5", staff="S1")
    assert len(written) == 2  # of one lane: it stays at work
    assert (open_desk.floor.terminals["T3"].staff, open_desk.floor.terminals["T5"].staff) == (None, "S1")
    open_desk.does("terminal.staffed", terminal="T5", staff=None, reason="人がいない")
    assert open_desk.floor.state("T5") == "unstaffed"


def test_who_is_absent_is_put_nowhere_and_who_goes_leaves_the_terminal(open_desk: Desk) -> None:
    open_desk.does("staff.changed", staff="S1", status="absent", reason="発熱")
    open_desk.refuses("terminal.staffed", "欠勤", terminal="T3", staff="S1")
    open_desk.does("staff.changed", staff="S1", status="present")
    open_desk.does("terminal.staffed", terminal="T3", staff="S1")
    open_desk.does("terminal.staffed", terminal="T5", staff="S2")
    written = open_desk.does("staff.changed", staff="S1", status="on_break", until="13:00")
    assert [e.kind for e in written] == ["staff.changed", "terminal.staffed"]
    assert open_desk.floor.terminals["T3"].staff is None
    assert open_desk.does("staff.changed", staff="S1", status="on_break", until="13:00") == []


@pytest.mark.parametrize(("on", "off"), [("paused", "resumed"), ("failed", "repaired")])
def test_pausing_and_failing(open_desk: Desk, on: str, off: str) -> None:
    open_desk.refuses(f"terminal.{off}", "T3", terminal="T3")
    open_desk.does(f"terminal.{on}", terminal="T3")
    open_desk.refuses(f"terminal.{on}", "T3", terminal="T3")
    assert open_desk.floor.state("T3") == on
    open_desk.does(f"terminal.{off}", terminal="T3")
    assert open_desk.floor.state("T3") == "free"


# ---- the city


def test_a_case_is_handed_over_with_the_ticket_of_its_terminal(open_desk: Desk) -> None:
    (raised,) = serving(open_desk).does("escalation.raised", matter="identity", terminal="T3")
    assert raised.fact.ticket == "B001"  # type: ignore[attr-defined]
    open_desk.refuses("escalation.raised", "E-1", matter="identity", terminal="T3")
    open_desk.does("escalation.raised", matter="fee", terminal="T3")  # another matter is another case
    open_desk.does("escalation.taken", escalation="E-1", official="C1")
    open_desk.refuses("escalation.taken", escalation="E-1")
    open_desk.refuses("escalation.settled", "official", escalation="E-1", outcome="approved")
    open_desk.does("escalation.settled", escalation="E-1", outcome="approved", official="C1")
    assert open_desk.floor.escalations["E-1"].official == "C1"
    open_desk.refuses("escalation.settled", "可", escalation="E-1", outcome="declined", official="C1")
    open_desk.refuses("escalation.taken", escalation="E-1")


@pytest.mark.parametrize(
    ("official", "why"),
    [("S01", "名簿"), ("s01", "名簿"), ("C9", "名簿"), ("Tanaka", "形"), ("S77", "形"), ("C", "形")],
)
@pytest.mark.parametrize("kind", ["escalation.taken", "escalation.settled"])
def test_only_a_code_of_the_city_is_official(open_desk: Desk, kind: str, official: str, why: str) -> None:
    open_desk.does("staff.registered", staff="C9", role="worker")
    open_desk.does("staff.changed", staff="S01", status="present")
    open_desk.does("escalation.raised", matter="fee")
    outcome = {"outcome": "approved"} if kind == "escalation.settled" else {}
    open_desk.refuses(kind, why, escalation="E-1", official=official, **outcome)
    for good in ("K12", "cc-003"):
        open_desk.does("escalation.raised", matter="fee", escalation=good)
        open_desk.does(kind, escalation=good, official=good, **outcome)


def test_nobody_is_done_while_the_city_has_not_decided(open_desk: Desk) -> None:
    """By no door: the finish, the next call, paper (test_paper); 未了 and the city's desk end it."""
    serving(open_desk).does("escalation.raised", matter="pin_entry", terminal="T3")
    open_desk.does("escalation.raised", matter="inquiry", terminal="T3")
    open_desk.does("ticket.issued", ticket="B002", service="cert_renewal")
    end = {"ticket": "B001", "terminal": "T3"}
    open_desk.refuses("ticket.finished", "E-1 依頼書入力 の決定がまだです", "未了", **end)
    open_desk.refused(lambda: open_desk.runs(next_visitor, "T3"), "E-1")
    # A case without a number is of who stood at the terminal, also once the visitor is called elsewhere.
    open_desk.does("ticket.requeued", ticket="B001")
    open_desk.does("ticket.called", ticket="B001", terminal="T5")
    open_desk.refuses("ticket.finished", "E-1", ticket="B001", terminal="T5")
    open_desk.does("escalation.settled", escalation="E-1", outcome="declined", official="C1")
    open_desk.does("ticket.finished", ticket="B001", terminal="T5")
    for number, outcome in (("B002", "incomplete"), ("B003", "desk3")):
        if number == "B003":
            open_desk.does("ticket.issued", ticket=number, service="cert_renewal")
        open_desk.does("ticket.called", ticket=number, terminal="T3")
        open_desk.does("escalation.raised", matter="fee", ticket=number)
        open_desk.does("ticket.finished", ticket=number, terminal="T3", outcome=outcome)
    assert not open_desk.floor.anomalies


def test_after_the_close_a_case_is_settled_by_reopening(open_desk: Desk) -> None:
    open_desk.does("escalation.raised", matter="fee")
    open_desk.at("17:15").does("day.closed")
    open_desk.refuses("escalation.taken", "再開", escalation="E-1", official="C1")
    open_desk.refuses("escalation.settled", "再開", escalation="E-1", outcome="withdrawn")


def test_with_nobody_of_the_city_in_the_hall_a_decision_asks_for_its_desk(open_desk: Desk) -> None:
    open_desk.does("escalation.raised", matter="fee")
    open_desk.at("10:00").does("officials.changed", present=0)
    decision = {"escalation": "E-1", "outcome": "approved", "official": "C1"}
    open_desk.at("10:05").refuses("escalation.settled", "市民課3番窓口を案内", **decision)
    # What was decided before they went may still be recorded.
    open_desk.does("escalation.settled", at=instant("9:59"), **decision)
    open_desk.does("escalation.raised", matter="proxy")
    open_desk.does("escalation.settled", escalation="E-2", outcome="desk3")
    said = [e.fact.sentence(open_desk.session.site) for e in open_desk.floor.entries if e.kind == "escalation.settled"]
    assert said == ["市職員 決定 可 C1", "引継ぎ 3番窓口へ案内"]


@pytest.mark.parametrize("outcome", ["desk3", "withdrawn"])
def test_what_is_no_decision_needs_no_official(open_desk: Desk, outcome: str) -> None:
    open_desk.does("escalation.raised", matter="identity")
    open_desk.does("escalation.settled", escalation="E-1", outcome=outcome)
    assert open_desk.floor.open_escalations() == []
    assert open_desk.session.warnings == []


def test_unknown_cases_and_used_numbers(open_desk: Desk) -> None:
    open_desk.refuses("escalation.taken", "E-5", escalation="E-5")
    open_desk.refuses("escalation.settled", escalation="E-5", outcome="desk3")
    open_desk.does("escalation.raised", matter="fee")
    open_desk.refuses("escalation.raised", "E-1", escalation="E-1", matter="fee")


def test_without_officials_the_case_is_taken_with_a_warning(open_desk: Desk) -> None:
    open_desk.does("officials.changed", present=0)
    open_desk.does("escalation.raised", matter="identity")
    assert "3番窓口を案内" in open_desk.session.warnings[0]


def test_on_a_fifth_saturday_there_is_no_desk_3(desk: Desk) -> None:
    desk.at("08:30", FIFTH_SATURDAY).opens(officials=0)
    desk.does("escalation.raised", matter="identity")
    assert "閉庁" in desk.session.warnings[0]
    desk.does("escalation.settled", escalation="E-1", outcome="desk3")
    assert "閉庁" in desk.session.warnings[0]
    number = desk.does("ticket.issued", service="cert_renewal")[0].fact.ticket  # type: ignore[attr-defined]
    desk.does("ticket.called", ticket=number, terminal="T6")
    desk.does("ticket.finished", ticket=number, terminal="T6", outcome="desk3")
    assert "3番窓口は開いていないおそれ" in desk.session.warnings[0]


# ---- incidents


def test_an_incident_from_found_to_closed(desk: Desk) -> None:
    """On any day and hour: the day is not open."""
    desk.at("06:10", SUNDAY)
    (opened,) = desk.does(
        "incident.opened", category="equipment", summary="プリンタ故障", services=("other",), terminals=("T3",)
    )
    assert opened.fact.occurred_at == opened.fact.at  # type: ignore[attr-defined]
    desk.does("incident.noted", incident="I-1", text="業者に連絡した")
    desk.does("incident.reported", incident="I-1", to="監督員")
    desk.does("incident.closed", incident="I-1", text="修理済み")
    (i,) = desk.session.register().incidents.values()
    assert (i.state, i.services, i.terminals, i.reported_to) == ("closed", ("other",), ("T3",), "監督員")
    assert [text for _, text in i.notes] == ["業者に連絡した", "修理済み"]
    desk.refuses("incident.reported", "終結", incident="I-1")
    desk.refuses("incident.closed", incident="I-1")
    desk.does("incident.noted", incident="I-1", text="後日の追記")


# ---- back-dating


def test_an_act_may_be_dated_back(open_desk: Desk) -> None:
    open_desk.at("10:00")
    (paused,) = open_desk.does("terminal.paused", terminal="T3", at="09:50")
    assert (paused.fact.at, paused.recorded_at) == (instant("09:50"), instant("10:00:01"))
    assert open_desk.floor.terminals["T3"].since == instant("09:50")
    open_desk.refuses("terminal.failed", "別の日", terminal="T3", at=instant("09:00", SUNDAY))
    open_desk.refuses("terminal.failed", "まだ来ていない", terminal="T3", at="10:30")


def test_an_act_is_not_dated_before_the_last_fact_of_its_subject(open_desk: Desk) -> None:
    serving(open_desk.at("09:30"))
    open_desk.at("10:00")
    open_desk.refuses("terminal.paused", "9:30", terminal="T3", at="09:20")
    open_desk.refuses("ticket.finished", "9:30", ticket="B001", terminal="T3", at="09:20")
    open_desk.does("ticket.finished", ticket="B001", terminal="T3", at="09:40")
    open_desk.does("terminal.paused", terminal="T5", at="09:20")  # nothing stands on this one
    assert not open_desk.floor.anomalies


def test_a_whole_act_is_dated_back_together(open_desk: Desk) -> None:
    """All or nothing: where the second fact cannot be dated back so far, the first is not written either."""
    open_desk.does("terminal.staffed", terminal="T3", staff="S1")
    open_desk.does("terminal.staffed", terminal="T5", staff="S2")
    serving(open_desk.at("09:50"))
    open_desk.at("10:00").refuses("staff.changed", "9:50", staff="S1", status="gone", at="09:45")
    assert open_desk.floor.staff["S1"].status == "present"
    written = open_desk.does("staff.changed", staff="S2", status="gone", at="09:45")
    assert [e.fact.at for e in written] == [instant("09:45")] * 2


# ---- undo


def test_undo_takes_back_the_last_act(open_desk: Desk) -> None:
    open_desk.does("terminal.assigned", terminal="T4", lane="certificate")
    open_desk.does("memo.written", text="雨")
    (back,) = open_desk.undoes()
    assert back.kind == "retracted"
    open_desk.refused(lambda: open_desk.takes_back(back), "取消しは取り消せません")
    assert open_desk.floor.memos == {}
    open_desk.undoes()  # and the one before
    assert open_desk.floor.terminals["T4"].lane == "issuance"
    assert [e.kind for e in open_desk.floor.entries].count("retracted") == 2
    assert not open_desk.floor.anomalies


def test_there_is_nothing_to_undo(desk: Desk) -> None:
    desk.refused(desk.undoes, "取り消すもの")
    desk.opens()
    desk.at("09:00", date(2026, 9, 15)).refused(desk.undoes, "今日")  # only the acts of today


def test_undo_takes_back_an_act_as_a_whole_and_only_ones_own(open_desk: Desk) -> None:
    open_desk.does("terminal.staffed", terminal="T3", staff="S1")
    open_desk.does("staff.changed", staff="S1", status="gone", reason="早退")
    other = open_desk.beside("cli")
    other.does("memo.written", text="別の人")
    assert len(open_desk.undoes()) == 2
    assert (open_desk.floor.staff["S1"].status, open_desk.floor.terminals["T3"].staff) == ("present", "S1")
    other.undoes()
    assert other.floor.memos == {}
    other.close()


def test_undo_leaves_what_a_feed_said(open_desk: Desk) -> None:
    open_desk.undoes()
    open_desk.hears(a_day().issues("B001"))
    open_desk.refused(open_desk.undoes, "取り消すもの")


@pytest.mark.parametrize("by_feed", [True, False])
def test_undo_is_refused_when_a_later_fact_stands_on_it(open_desk: Desk, by_feed: bool) -> None:
    open_desk.does("ticket.issued", service="other")
    if by_feed:
        open_desk.hears(a_day().calls("B001", "T3", "09:30"))
    else:
        other = open_desk.beside()
        other.does("ticket.called", ticket="B001", terminal="T3")
        other.close()
    open_desk.at("10:00").refused(open_desk.undoes, "B001", "呼出し", "後の記録")
    assert open_desk.floor.terminals["T3"].ticket == "B001"


def test_undo_goes_on_when_the_later_fact_was_taken_back(open_desk: Desk) -> None:
    open_desk.does("ticket.issued", service="other")
    open_desk.does("ticket.called", ticket="B001", terminal="T3")
    open_desk.undoes()
    open_desk.undoes()
    assert open_desk.floor.tickets == {}


def test_an_earlier_fact_that_comes_late_does_not_stand_in_the_way(open_desk: Desk) -> None:
    open_desk.at("10:00").does("terminal.paused", terminal="T3")
    open_desk.hears(a_day().staffs("T3", "S1", "09:30"))
    open_desk.undoes()
    assert open_desk.floor.state("T3") == "free"


@pytest.mark.parametrize("by", ["closing", "oneself", "another"])
def test_what_the_city_has_been_told_is_not_undone(open_desk: Desk, by: str) -> None:
    teller = open_desk.beside() if by == "another" else open_desk
    open_desk.does("incident.opened", category="complaint", summary="待ち時間")
    teller.does(*(["day.closed"] if by == "closing" else ["incident.reported"]), **({} if by == "closing" else {"incident": "I-1"}))  # fmt: skip
    open_desk.refused(open_desk.undoes, "市に伝わった")


def test_undo_survives_a_refold(open_desk: Desk, site: Site) -> None:
    open_desk.does("ticket.issued", service="other")
    open_desk.does("terminal.paused", terminal="T5")
    open_desk.undoes()
    seen = plain(open_desk.floor)
    open_desk.hears(a_day().tells("officials.changed", "08:45", present=2))  # a late fact: one refold
    assert open_desk.floor.state("T5") == "free"
    again = Session(site, open_desk.path, clock=open_desk.clock)
    assert plain(again.floor()) == plain(open_desk.floor)
    assert plain(again.floor().terminals) == dict(seen["shown"])["terminals"]


# ---- correcting an older entry


def test_an_older_entry_is_taken_back_with_a_reason(open_desk: Desk) -> None:
    open_desk.hears(a_day().issues("B001", at="08:40").issues("B002", at="08:41"))
    wrong = next(e for e in open_desk.facts() if getattr(e.fact, "ticket", "") == "B001")
    open_desk.refused(lambda: open_desk.takes_back(wrong, reason=""), "理由")
    (back,) = open_desk.takes_back(wrong)
    assert back.fact.reason == "入力の誤り"  # type: ignore[attr-defined]
    assert waiting(open_desk) == 1
    open_desk.refused(lambda: open_desk.takes_back(wrong), "もう")


def test_an_entry_is_named_by_its_number_in_the_file(open_desk: Desk) -> None:
    (paused,) = open_desk.does("terminal.paused", terminal="T3")
    open_desk.refused(lambda: retract(open_desk.session, {"seq": 999, "reason": "誤り"}), "その記録はありません")
    retract(open_desk.session, {"seq": paused.seq, "reason": "誤り"})
    assert open_desk.floor.state("T3") == "free"


def test_entries_that_stay(open_desk: Desk) -> None:
    yesterday = a_day(date(2026, 9, 11)).issues("B001", at="09:00")
    open_desk.hears(yesterday)
    open_desk.does("day.closed")
    by_kind = {e.kind: e for e in open_desk.facts()}
    open_desk.refused(lambda: open_desk.takes_back(by_kind["ticket.issued"]), "別の日")
    open_desk.refused(lambda: open_desk.takes_back(by_kind["day.closed"]), "市に伝わった")


def test_an_incident_of_another_day_is_taken_back_today(open_desk: Desk) -> None:
    (wrong,) = open_desk.does("incident.opened", category="other", summary="誤り")
    open_desk.at("08:30", date(2026, 9, 15)).opens()
    open_desk.takes_back(wrong)
    assert open_desk.session.register().incidents == {}
    assert not open_desk.floor.anomalies, "what the rules allow is no anomaly"


# ---- never on a stale Floor, never half


def test_nobody_decides_on_a_stale_floor(open_desk: Desk) -> None:
    other = open_desk.beside()
    assert other.floor.is_open  # in hand
    open_desk.does("ticket.issued", service="other")
    other.does("ticket.called", ticket="B001", terminal="T3")
    open_desk.refuses("ticket.called", "応対中", ticket="B001", terminal="T5")
    assert other.does("ticket.issued", service="other")[0].fact.ticket == "B002"  # type: ignore[attr-defined]
    assert open_desk.does("ticket.issued", service="other")[0].fact.ticket == "B003"  # type: ignore[attr-defined]
    open_desk.does("incident.opened", category="other", summary="x")
    other.does("incident.reported", incident="I-1")
    other.does("day.closed")
    open_desk.refuses("ticket.issued", "閉場", service="other")
    other.close()


def test_a_decision_that_fails_leaves_the_file_as_it_was(open_desk: Desk) -> None:
    def breaks(_: Any) -> Any:
        raise ZeroDivisionError

    head = open_desk.session.head()
    with pytest.raises(ZeroDivisionError):
        open_desk.session.run(breaks)
    with pytest.raises(FloorctlError):
        open_desk.session.run(lambda c: [("memo.written", {"text": "雨"}), ("terminal.paused", {"terminal": "T99"})])
    assert open_desk.session.head() == head
    open_desk.does("memo.written", text="雨")


def test_nobody_decides_on_a_stale_register(desk: Desk) -> None:
    """Incidents of the two sessions, one act each in turn."""
    other = desk.beside()
    desk.does("incident.opened", category="personal_info", summary="書類の置き忘れ")
    other.does("incident.reported", incident="I-1")
    desk.does("incident.closed", incident="I-1")
    other.refuses("incident.reported", "終結", incident="I-1")
    other.does("incident.opened", category="other", summary="雨漏り")
    assert desk.does("incident.opened", category="other", summary="停電")[0].fact.incident == "I-3"  # type: ignore[attr-defined]
    assert list(other.session.register().incidents) == ["I-1", "I-2"]  # as it was when it looked last
    other.session.refresh()
    assert list(other.session.register().incidents) == ["I-1", "I-2", "I-3"]
    other.close()


# ---- any acts in any order


ACTS: list[tuple[str, dict[str, list[Any]]]] = [
    ("ticket.issued", {"service": ["cert_renewal", "card_issuance", "pin_reset"]}),
    ("ticket.called", {"ticket": ["B001", "B002", "A001"], "terminal": ["T1", "T3", "T5"]}),
    ("ticket.finished", {"ticket": ["B001", "B002", "A001"], "terminal": ["T1", "T3", "T5"]}),
    ("ticket.no_show", {"ticket": ["B001", "A001"]}),
    ("ticket.left", {"ticket": ["B001", "A001"]}),
    ("ticket.requeued", {"ticket": ["B001", "A001"]}),
    ("ticket.transferred", {"ticket": ["B001", "A001"], "service": ["cert_renewal", "card_issuance"]}),
    ("queue.counted", {"lane": ["certificate", "issuance"], "waiting": [0, 1, 3]}),
    ("terminal.assigned", {"terminal": ["T1", "T3"], "lane": ["issuance", "certificate"], "reason": ["混雑"]}),
    ("terminal.staffed", {"terminal": ["T1", "T3"], "staff": [None, "S1", "S2"]}),
    ("terminal.paused", {"terminal": ["T1", "T3"]}),
    ("terminal.resumed", {"terminal": ["T1", "T3"]}),
    ("terminal.failed", {"terminal": ["T1", "T3"]}),
    ("terminal.repaired", {"terminal": ["T1", "T3"]}),
    ("escalation.raised", {"matter": ["fee", "identity"], "terminal": ["T1", "T3"]}),
    ("escalation.taken", {"escalation": ["E-1", "E-2"]}),
    ("escalation.settled", {"escalation": ["E-1", "E-2"], "outcome": ["desk3", "withdrawn"]}),
    ("staff.changed", {"staff": ["S1", "S2"], "status": ["present", "gone", "on_break"]}),
    ("reception.stopped", {"service": ["pin_reset"]}),
    ("reception.resumed", {"service": ["pin_reset"]}),
    ("officials.changed", {"present": [0, 1]}),
    ("visitors.counted", {"persons": [0, 5]}),
    ("work.counted", {"item": ["photo"], "count": [1, -1]}),
    ("incident.opened", {"category": ["complaint"], "summary": ["x"]}),
    ("incident.reported", {"incident": ["I-1"]}),
    ("day.closed", {}),
    ("day.reopened", {"reason": ["まだ"]}),
    ("next", {"terminal": ["T1", "T3", "T5"]}),
    ("undo", {}),
]
WEIGHTS = [6, 8, 6, 2, 2, 3, 3, 2, *[2] * 6, *[2] * 7, 1, 1, 1, 1, 1, 2, 8, 6]
FRESH = iter(range(1_000_000))


def acts(chance: random.Random, n: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, choices in chance.choices(ACTS, WEIGHTS, k=n):
        yield kind, {name: chance.choice(values) for name, values in choices.items()}


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_what_the_rules_allow_is_never_an_anomaly(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any acts in any order: what is refused changes nothing, what is accepted fits, undo gives back what was."""
    chance = random.Random(seed)
    desk = Desk(tmp_path_factory.getbasetemp() / f"acts-{next(FRESH)}.db", kumagaya()).opens()
    done = []
    for kind, fields in acts(chance, 60):
        try:
            if kind == "next":
                desk.runs(next_visitor, **fields)
            elif kind == "undo":
                desk.undoes()
            else:
                before = plain(desk.floor.lanes), plain(desk.floor.terminals), len(desk.floor.entries)
                desk.does(kind, **fields)
                if (
                    chance.random() < 0.2
                    and len(desk.floor.entries) > before[2]
                    and not kind.startswith(("day", "inc"))
                ):
                    desk.undoes()
                    assert plain(desk.floor.terminals) == before[1], (kind, fields)
                    kind = f"{kind} and undo"
        except FloorctlError:
            continue
        done.append((kind, fields))
        assert not desk.floor.anomalies, done
    entries = list(desk.facts())
    assert plain(desk.floor) == plain(fold(desk.site, MONDAY, entries))
    assert desk.session.store.verify_chain() == []
    desk.close()


def test_a_code_is_read_in_full_width(open_desk: Desk) -> None:
    """As keys and ticket numbers are; whose code it is, is asked of the code as it is read."""
    serving(open_desk).does("escalation.raised", matter="proxy", terminal="Ｔ３")
    assert open_desk.floor.escalations["E-1"].terminal == "T3"
    open_desk.refuses("escalation.settled", "端末のコード", escalation="E-1", outcome="approved", official="Ｔ１")
    open_desk.refuses("escalation.settled", "形が違います", escalation="E-1", outcome="approved", official="山田")
    open_desk.does("escalation.settled", escalation="Ｅ－１", outcome="approved", official="Ｃ１")
    assert open_desk.floor.escalations["E-1"].official == "C1"
    (opened,) = open_desk.does("incident.opened", category="equipment", summary="x", terminals=["Ｔ３"])
    assert opened.fact.fields()["terminals"] == ("T3",)
