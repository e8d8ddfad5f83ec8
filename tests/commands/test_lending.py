"""Loans (応援) by command: what is refused and why, what needs a reason, the return that belongs to another act, undo.

T1, T2 and T4 hand cards over, T3 and T5 to T8 certificates; S1 stands at T1, and so on.
"""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.cli.text import status_text
from floorctl.commands.calling import next_visitor
from floorctl.commands.undo import stays
from floorctl.common.errors import NeedsReason
from floorctl.models.board.alerts import alerts
from floorctl.models.board.status import status
from floorctl.models.day.last_act import last_act
from floorctl.models.facts.entry import Head
from tests.story import Desk, a_day

LENT = {"terminal": "T1", "lane": "certificate"}


@pytest.fixture
def hall(desk: Desk) -> Desk:
    """Ten o'clock: two at the cards, two at the certificates, nobody waits."""
    desk.opens().at("09:00")
    for terminal in ("T1", "T2", "T3", "T5"):
        desk.does("terminal.staffed", terminal=terminal, staff=f"S{terminal[1]}")
    return desk.at("10:00")


def serving(desk: Desk, terminal: str = "T1", ticket: str = "A001", service: str = "card_issuance") -> Desk:
    desk.does("ticket.issued", ticket=ticket, service=service)
    desk.does("ticket.called", ticket=ticket, terminal=terminal)
    return desk


def lane_of(desk: Desk, terminal: str = "T1") -> tuple[str, str | None, str | None]:
    t = desk.floor.terminals[terminal]
    return (t.lane, t.next_lane, t.home)


def kinds(written: list[Any]) -> list[str]:
    return [e.kind for e in written]


AWAY, HOME = ("certificate", None, "issuance"), ("issuance", None, None)


def test_lent_and_returned(hall: Desk) -> None:
    assert kinds(hall.does("terminal.lent", **LENT, reason="更新が多い")) == ["terminal.lent"]
    assert lane_of(hall) == AWAY
    assert kinds(hall.does("terminal.returned", terminal="T1")) == ["terminal.returned"]
    assert lane_of(hall) == HOME and not hall.floor.anomalies


def test_a_busy_terminal_is_lent_for_after_its_ticket_although_somebody_waits(hall: Desk) -> None:
    serving(hall).does("ticket.issued", service="card_issuance", ticket="A002")
    hall.does("terminal.lent", **LENT)
    assert lane_of(hall) == ("issuance", "certificate", "issuance")


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("terminal.lent", {"terminal": "A1", "lane": "certificate"}, "申請サポートだけの端末です"),
        ("terminal.lent", {"terminal": "T1", "lane": "application"}, "交付・電子証明書だけの端末です"),
        ("terminal.lent", {"terminal": "T1", "lane": "issuance"}, "交付が本来の窓口です"),
        ("terminal.lent", {"terminal": "T4", "lane": "certificate"}, "担当のいない端末です"),
        ("terminal.returned", {"terminal": "T1"}, "応援に出していません"),
        ("lending.permitted", {"terminals": ["T2", "A1"]}, "A1 の応援は許可できません"),
    ],
)
def test_what_can_not_be_is_refused(hall: Desk, kind: str, fields: dict[str, Any], words: str) -> None:
    hall.refuses(kind, words, **fields)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (("terminal.paused", {"terminal": "T1"}), "休止の端末です"),
        (("terminal.failed", {"terminal": "T1"}), "故障の端末です"),
        (("ticket.issued", {"ticket": "A001", "service": "card_issuance"}), "交付で1人が待っています"),
        (("queue.counted", {"lane": "issuance", "waiting": 2}), "交付で2人が待っています"),
        (("terminal.lent", LENT), "もう電子証明書の応援に出しています"),
        (("day.closed", {}), "もう閉場しています"),
    ],
)
def test_a_loan_is_refused_where(hall: Desk, trouble: tuple[str, dict[str, Any]], words: str) -> None:
    hall.does(trouble[0], **trouble[1])
    hall.refuses("terminal.lent", words, **LENT)


def test_on_its_way_home_it_is_lent_again_by_taking_the_return_back(hall: Desk) -> None:
    hall.does("terminal.lent", **LENT)
    serving(hall, "T1", "B001", "cert_renewal").does("terminal.returned", terminal="T1")
    hall.refuses("terminal.lent", "B001 のあと交付に戻るところです", **LENT)
    hall.refuses("terminal.returned", "もう戻すことになっています（B001 のあと）", terminal="T1")
    hall.undoes()
    assert lane_of(hall) == AWAY


def test_somebody_who_is_away_lends_nothing(hall: Desk) -> None:
    hall.hears(a_day().tells("staff.changed", "10:00:10", staff="S1", status="away"))
    hall.at("10:01").refuses("terminal.lent", "在席していません", **LENT)


def test_before_the_opening_nothing_is_lent(desk: Desk) -> None:
    desk.refuses("terminal.lent", "まだ開場していません", **LENT)


@pytest.mark.parametrize("who", ["paused", "lent", "of the other lane"])
def test_the_only_one_at_home_is_lent_with_a_reason_alone(hall: Desk, who: str) -> None:
    """Count a terminal that helps from the other lane as none of this lane's own: it goes home again."""
    match who:
        case "paused":
            hall.does("terminal.paused", terminal="T2")
        case "lent":
            hall.does("terminal.lent", terminal="T2", lane="certificate")
        case _:
            hall.does("terminal.paused", terminal="T2")
            hall.does("terminal.lent", terminal="T3", lane="issuance")
    assert isinstance(hall.refuses("terminal.lent", "交付の窓口に誰もいなくなります", **LENT), NeedsReason)
    assert kinds(hall.does("terminal.lent", **LENT, reason="更新が50人")) == ["terminal.lent"]
    assert hall.session.warnings == ["交付の窓口に誰もいなくなります。理由とともに記録しました。"]


def test_after_the_cards_have_closed_no_reason_is_asked(hall: Desk) -> None:
    hall.does("terminal.paused", terminal="T2")
    hall.at("16:40").does("terminal.lent", **LENT)
    assert lane_of(hall) == AWAY


def booked(desk: Desk, time: str, count: int = 1) -> Desk:
    slots = [{"time": time, "cards": 1, "count": count}]
    desk.does("appointments.imported", date=desk.day.isoformat(), slots=slots)
    return desk


def test_an_appointment_that_would_wait_for_it(hall: Desk) -> None:
    """A renewal takes 12 minutes, each way 2: what falls due by 10:16 needs somebody free at home."""
    serving(booked(hall, "10:15"), "T2", "A009")
    refusal = hall.refuses("terminal.lent", "10:15 の予約の人が来るまでに戻れません", **LENT)
    assert isinstance(refusal, NeedsReason)
    assert kinds(hall.does("terminal.lent", **LENT, reason="来ないと電話があった")) == ["terminal.lent"]
    assert "10:15" in hall.session.warnings[0]


@pytest.mark.parametrize("why", ["later", "another is free", "here already", "no appointments there"])
def test_an_appointment_that_does_not_wait_for_it(hall: Desk, why: str) -> None:
    match why:
        case "later":
            serving(booked(hall, "10:30"), "T2", "A009")
        case "another is free":
            booked(hall, "10:15")
        case "here already":
            booked(hall, "10:15").does("ticket.issued", ticket="A008", service="card_issuance", appointment="10:15")
            hall.does("ticket.called", ticket="A008", terminal="T2")
        case _:
            serving(booked(hall, "10:15"), "T5", "B009", "cert_renewal")
            hall.does("terminal.lent", terminal="T3", lane="issuance")
            return
    hall.does("terminal.lent", **LENT)
    assert lane_of(hall) == AWAY


def test_two_appointments_and_one_free_terminal(hall: Desk) -> None:
    booked(hall, "10:15", 2).refuses("terminal.lent", "10:15 の予約の人", **LENT)


def test_a_busy_terminal_is_back_later(hall: Desk) -> None:
    """A card takes 15 minutes: until 10:15 at home, then 16 away."""
    serving(serving(booked(hall, "10:30")), "T2", "A009").refuses("terminal.lent", "10:30 の予約の人", **LENT)


# ---- the permission


def test_the_permission_is_a_list_in_the_order_of_the_site(desk: Desk) -> None:
    (written,) = desk.does("lending.permitted", terminals=["T3", "T2", "T3"])
    assert written.fact.fields() == {"terminals": ("T2", "T3")}
    assert desk.floor.opened_at is None, "given in the morning, it opens no day"
    assert desk.does("lending.permitted", terminals=["T2", "T3"]) == []
    desk.does("lending.permitted", terminals=[])
    assert desk.floor.lend_permit == frozenset()
    desk.undoes()
    assert desk.floor.lend_permit == frozenset({"T2", "T3"})


# ---- other acts


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("terminal.paused", {"terminal": "T2"}),
        ("staff.changed", {"staff": "S2", "status": "on_break", "until": "10:45"}),
        ("terminal.staffed", {"terminal": "T2", "staff": None}),
        ("terminal.assigned", {"terminal": "T2", "lane": "certificate", "reason": "更新が多い"}),
    ],
)
@pytest.mark.parametrize("busy", [False, True])
def test_the_last_one_at_home_brings_the_lent_one_back(
    hall: Desk, kind: str, fields: dict[str, Any], busy: bool
) -> None:
    hall.does("terminal.lent", **LENT)
    if busy:
        serving(hall, "T1", "B001", "cert_renewal")
    written = hall.does(kind, **fields)
    assert written[0].kind == kind and written[-1].kind == "terminal.returned"
    assert getattr(written[-1].fact, "reason", "") == "交付に人がいなくなるため"
    assert lane_of(hall) == (("certificate", "issuance", "issuance") if busy else HOME)
    assert hall.session.warnings == ["T1 が応援から戻ります（交付に人がいなくなるため）。"]
    hall.undoes()
    assert lane_of(hall) == AWAY and hall.floor.terminals["T2"].own_lane == "issuance"


def test_one_that_has_not_gone_stays(hall: Desk) -> None:
    serving(hall).does("terminal.lent", **LENT)
    assert kinds(hall.does("terminal.paused", terminal="T2")) == ["terminal.paused", "terminal.returned"]
    assert lane_of(hall) == HOME


def test_where_its_return_leaves_the_other_lane_alone_a_reason_is_asked(hall: Desk) -> None:
    hall.does("terminal.lent", **LENT)
    hall.does("terminal.paused", terminal="T3")
    hall.does("terminal.paused", terminal="T5")  # T1 alone keeps the certificates
    assert isinstance(hall.refuses("terminal.paused", "交付の窓口に誰もいなくなります", terminal="T2"), NeedsReason)
    assert kinds(hall.does("terminal.paused", terminal="T2", reason="急病")) == ["terminal.paused"]
    hall.refuses("terminal.returned", "T1 を応援から戻せません", "電子証明書の窓口に誰もいなくなります", terminal="T1")
    hall.does("terminal.returned", terminal="T1", reason="交付で待つ人")
    assert lane_of(hall) == HOME


def test_a_break_of_whoever_stands_at_it_brings_it_home(hall: Desk) -> None:
    hall.does("terminal.lent", **LENT)
    hall.does("staff.changed", staff="S1", status="on_break", until="10:45")
    assert lane_of(hall) == HOME and hall.floor.loans[-1].ended == "unstaffed"


def test_the_next_visitor_is_of_the_lane_where_it_will_be(hall: Desk) -> None:
    serving(hall).does("ticket.issued", ticket="B001", service="cert_renewal")
    hall.does("terminal.lent", **LENT)
    hall.runs(next_visitor, "T1")
    assert (lane_of(hall), hall.floor.terminals["T1"].ticket) == (AWAY, "B001")
    assert not hall.floor.anomalies


def test_the_next_visitor_is_of_home_where_somebody_waits_there(hall: Desk) -> None:
    serving(hall).does("ticket.issued", ticket="B001", service="cert_renewal")
    hall.does("terminal.lent", **LENT)
    hall.does("ticket.issued", ticket="A002", service="card_issuance")
    hall.runs(next_visitor, "T1")
    assert (lane_of(hall), hall.floor.terminals["T1"].ticket) == (HOME, "A002")
    assert not hall.floor.anomalies


def test_it_calls_by_command_from_both_lanes(hall: Desk) -> None:
    hall.does("terminal.lent", **LENT)
    serving(hall).does("ticket.finished", ticket="A001", outcome="incomplete")
    serving(hall, "T1", "B001", "cert_renewal")
    assert not hall.floor.anomalies


def test_a_move_of_a_lent_terminal(hall: Desk) -> None:
    """To the lane that it helps the loan becomes lasting, to its own one it ends; the split counts it at home."""
    hall.does("terminal.lent", **LENT)
    hall.does("terminal.lent", terminal="T3", lane="issuance")
    assert kinds(hall.does("terminal.assigned", **LENT)) == ["terminal.assigned"]
    assert (lane_of(hall), len(hall.floor.moves)) == (("certificate", None, None), 1)
    assert isinstance(hall.refuses("terminal.assigned", "交付が1台", terminal="T2", lane="certificate"), NeedsReason)
    assert kinds(hall.does("terminal.assigned", terminal="T3", lane="certificate")) == ["terminal.assigned"]
    assert (lane_of(hall, "T3"), len(hall.floor.moves)) == (("certificate", None, None), 1)


def test_undo_takes_one_act_back(hall: Desk) -> None:
    hall.does("terminal.lent", **LENT)
    hall.does("terminal.returned", terminal="T1")
    hall.undoes()
    assert lane_of(hall) == AWAY
    hall.undoes()
    assert (lane_of(hall), hall.floor.loans) == (HOME, [])


def test_what_was_moved_and_used_meanwhile_is_moved_back_by_undo(hall: Desk) -> None:
    """A visitor whom the feed called at T1 since stays where it was; the undo is then a move of its own, and is done."""
    hall.does("memo.written", text="机を動かした")
    hall.does("terminal.assigned", **LENT)
    serving(hall.beside(), ticket="B001", service="cert_renewal")
    [back] = hall.undoes()
    assert (back.kind, back.fact.fields()) == (
        "terminal.assigned",
        {"terminal": "T1", "lane": "issuance", "reason": "取消し"},
    )
    assert lane_of(hall) == ("certificate", "issuance", None) and not hall.floor.anomalies
    assert kinds(hall.undoes()) == ["retracted"] and not hall.floor.memos, "the act before the move, not the way back"


def test_a_loan_that_was_used_meanwhile_is_ended_by_undo_and_an_ended_one_begun_again(hall: Desk) -> None:
    hall.does("terminal.lent", **LENT)
    hall.beside().does("terminal.paused", terminal="T1")
    assert kinds(hall.undoes()) == ["terminal.returned"] and lane_of(hall) == HOME
    hall.beside().does("terminal.resumed", terminal="T1")
    hall.does("terminal.lent", **LENT)
    hall.does("terminal.returned", terminal="T1")
    serving(hall.beside())
    hall.beside().does("ticket.finished", ticket="A001", terminal="T1")
    assert kinds(hall.undoes()) == ["terminal.lent"] and lane_of(hall) == AWAY
    assert kinds(hall.undoes()) == ["terminal.returned"], "the loan before, which goes on again"


def test_what_somebody_else_has_moved_since_is_left_alone_by_undo(hall: Desk) -> None:
    hall.does("terminal.assigned", **LENT)
    hall.beside().does("terminal.assigned", terminal="T1", lane="issuance")
    hall.refused(hall.undoes, "配分変更 は取り消せません", "後の記録")


def used(desk: Desk, terminal: str = "T1", ticket: str = "B001", service: str = "cert_renewal") -> None:
    """Somebody is called to a terminal and served, so that what moved it cannot be taken back."""
    serving(desk, terminal, ticket, service).does("ticket.finished", ticket=ticket, terminal=terminal)


def test_a_loan_and_a_return_of_somebody_else_are_left_alone_by_undo(hall: Desk) -> None:
    """Somebody has ended the loan and made the same one again, or the other way round: it is theirs now."""
    other = hall.beside()
    hall.does("terminal.lent", **LENT)
    used(other)
    other.does("terminal.returned", terminal="T1")
    other.does("terminal.lent", **LENT)
    hall.refused(hall.undoes, "応援 は取り消せません", "後の記録")
    hall.does("terminal.returned", terminal="T1")
    used(other, ticket="A001", service="card_issuance")
    other.does("terminal.lent", **LENT)
    other.does("terminal.returned", terminal="T1")
    hall.refused(hall.undoes, "応援から戻る は取り消せません", "後の記録")


def test_a_move_away_and_back_by_somebody_else_is_theirs_and_one_told_again_is_none(hall: Desk) -> None:
    hall.does("terminal.assigned", **LENT)
    used(hall.beside())
    hall.hears(a_day().moves("T1", "certificate", "10:01"))
    assert not possible_undo(hall)
    hall.beside().does("terminal.assigned", terminal="T1", lane="issuance")
    hall.beside().does("terminal.assigned", **LENT)
    assert "後の記録" in possible_undo(hall)


def possible_undo(desk: Desk) -> str:
    """Why the undo key would be refused; '' where it would not."""
    desk.session.refresh()
    refused = stays(desk.floor, desk.session.register(), last_act(desk.floor, "console"))
    return refused.sentence if refused else ""


def test_a_move_that_ended_a_loan_is_not_undone_to_a_lane_where_the_terminal_was_not(hall: Desk) -> None:
    hall.does("terminal.lent", **LENT)
    hall.does("terminal.assigned", **LENT)
    used(hall.beside())
    hall.refused(hall.undoes, "配分変更 は取り消せません", "後の記録")
    hall.does("terminal.lent", terminal="T1", lane="issuance")
    used(hall.beside(), ticket="A001", service="card_issuance")
    assert kinds(hall.undoes()) == ["terminal.returned"]
    hall.refused(hall.undoes, "配分変更 は取り消せません", "後の記録")
    assert lane_of(hall) == ("certificate", None, None)


def test_undo_after_undo_goes_on_to_the_act_before_through_moves_and_loans(hall: Desk) -> None:
    """Each act is used before the next, so that each undo is the opposite move: none is met twice."""
    other = hall.beside()
    hall.does("memo.written", text="机を動かした")
    hall.does("terminal.lent", **LENT)
    used(other)
    hall.does("terminal.returned", terminal="T1")
    used(other, ticket="A001", service="card_issuance")
    hall.does("terminal.assigned", **LENT)
    used(other, ticket="B002")
    told = [(e.kind, getattr(e.fact, "lane", None)) for _ in range(4) for e in hall.undoes()]
    assert told == [
        ("terminal.assigned", "issuance"),
        ("terminal.lent", "certificate"),
        ("terminal.returned", None),
        ("retracted", None),
    ]
    assert lane_of(hall) == HOME and not hall.floor.memos and not hall.floor.anomalies


def test_an_undo_that_brings_a_loan_home_with_it_is_not_undone_itself(hall: Desk) -> None:
    """T1 was the only one left at the certificates: without it what T3 and T5 help in ends, as one act with the move back."""
    for terminal in ("T3", "T5"):
        hall.does("terminal.lent", terminal=terminal, lane="issuance", reason="混雑")
    hall.does("memo.written", text="机を動かした")
    hall.does("terminal.assigned", **LENT)
    used(hall.beside())
    told = hall.undoes()
    assert kinds(told) == ["terminal.assigned", "terminal.returned"]
    assert kinds(hall.undoes()) == ["retracted"] and not hall.floor.memos, kinds(told)


def test_at_home_at_the_close(hall: Desk) -> None:
    hall.does("terminal.lent", **LENT)
    hall.at("17:10").does("day.closed")
    assert lane_of(hall) == HOME and hall.floor.loans[-1].ended == "closed"
    hall.refuses("terminal.returned", "もう閉場しています", terminal="T1")


def test_a_feed_lends_returns_and_permits(desk: Desk) -> None:
    story = a_day().opens("08:30").tells("lending.permitted", "08:40", terminals=["T2", "T4"])
    story.lends("T1", "certificate", "09:00", "混雑").lends("T2", "certificate", "09:01").returns("T2", "09:05")
    assert desk.hears(story).accepted == 5
    session = desk.at("09:10").session
    said = status(desk.floor, session.register(), session.info(desk.day), session.clock(), Head(0, ""))
    terminals = {t["terminal"]: (t["lane"], t["next_lane"], t["home"]) for t in said["terminals"]}
    assert (terminals["T1"], terminals["T2"]) == (AWAY, HOME)
    assert said["lend_permit"] == ["T2", "T4"]
    assert "T1" in next(x["terminals"] for x in said["lanes"] if x["lane"] == "certificate")


def test_the_board_in_words_names_the_home_of_a_lent_terminal(hall: Desk) -> None:
    serving(hall, "T2", "A001").does("terminal.lent", terminal="T2", lane="certificate")
    hall.does("terminal.lent", terminal="T1", lane="certificate", reason="更新が多い")
    serving(hall, "T3", "B001", "cert_renewal").does("terminal.lent", terminal="T5", lane="issuance")
    serving(hall, "T5", "A002").does("terminal.returned", terminal="T5", reason="更新で待つ人")
    session = hall.session
    said = status(hall.floor, session.register(), session.info(hall.day), session.clock(), Head(0, ""))
    rows = {line.split()[0]: line.split()[1] for line in status_text(said, hall.site).splitlines() if line[:1] == "T"}
    assert rows["T1"] == "電子証明書（応援・本来は交付）"
    assert rows["T2"] == "交付（次"
    assert "交付（次 電子証明書（応援））" in status_text(said, hall.site)
    assert "交付（応援・本来は電子証明書、次 電子証明書）" in status_text(said, hall.site)
    assert rows["T3"] == "電子証明書"


def test_a_permission_is_withdrawn_though_the_clock_has_been_put_back(hall: Desk) -> None:
    hall.at("10:30").does("lending.permitted", terminals=["T2"])
    hall.at("10:00").does("lending.permitted", terminals=[])
    assert hall.floor.lend_permit == frozenset()
    hall.refuses("lending.permitted", "後の記録があります", terminals=["T2"], at="10:00:30")


def test_a_reason_that_nobody_gave_leaves_no_lane_alone(hall: Desk) -> None:
    hall.does("lending.permitted", terminals=["T1"])
    hall.does("terminal.paused", terminal="T2")
    words = {"reason": "電子証明書に6人", "unasked": True}
    assert isinstance(hall.refuses("terminal.lent", "交付の窓口に誰もいなくなります", **LENT, **words), NeedsReason)
    hall.does("terminal.resumed", terminal="T2")
    hall.does("terminal.lent", **LENT)
    for terminal in ("T3", "T5"):
        hall.does("terminal.failed", terminal=terminal, fault="停止")
    e = hall.refuses("terminal.returned", "電子証明書の窓口に誰もいなくなります", terminal="T1", **words)
    assert isinstance(e, NeedsReason)


def test_a_loan_leaves_the_split_as_it_was(hall: Desk) -> None:
    """Three to five by the allocation; with T3 helping at the cards four work for each, which is no other split."""
    hall.does("terminal.lent", terminal="T3", lane="issuance")
    found = alerts(hall.floor, hall.session.register(), hall.session.info(hall.day), hall.clock())
    assert [a.text for a in found if a.code == "outside_band"] == []
    hall.does("terminal.assigned", terminal="T3", lane="issuance", reason="交付が続く")
    found = alerts(hall.floor, hall.session.register(), hall.session.info(hall.day), hall.clock())
    assert len([a.text for a in found if a.code == "outside_band"]) == 2
