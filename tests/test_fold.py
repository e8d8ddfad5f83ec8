"""The fold: what each kind of fact does to the Floor, every anomaly, and that order of arrival changes nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.commands.fold import DayFold, fold, fold_register
from floorctl.common.clock import JST
from floorctl.common.words import ANOMALIES
from floorctl.models.board.flow import waiting_series
from floorctl.models.board.status import lane_counts
from floorctl.models.day.floor import Floor
from floorctl.models.facts import day_facts as ev
from floorctl.models.facts.day_facts import MODELS, Entry
from tests.story import MONDAY, a_day, busy_day, entries_of, fact, instant, kumagaya, plain

SITE = kumagaya()


def waiting(floor: Floor, lane: str = "certificate") -> int:
    return floor.lanes[lane].waiting


# ---- the day


def test_nothing_has_happened() -> None:
    floor = a_day().floor()
    assert not floor.is_open
    assert (floor.opened_at, floor.closed_at, floor.last_fact_at, floor.waiting, floor.persons) == (None,) * 3 + (0, 0)
    assert {t: floor.state(t) for t in floor.terminals} == dict.fromkeys(floor.terminals, "free")
    assert {t.code: t.lane for t in floor.terminals.values()} == {t.code: t.lane for t in SITE.terminals}


def test_opening_sets_the_allocation_and_the_officials() -> None:
    floor = a_day().opens("08:30", officials=3, T1="certificate", T3="issuance").floor()
    assert floor.is_open
    assert floor.opened_at == instant("08:30")
    assert floor.officials == 3
    assert (floor.terminals["T1"].lane, floor.terminals["T3"].lane) == ("certificate", "issuance")
    assert floor.terminals["T2"].lane == "issuance"  # not named: as the site says


def test_a_first_fact_opens_a_day_that_nobody_opened() -> None:
    floor = a_day().issues("B001", at="08:41").floor()
    assert floor.is_open
    assert floor.opened_at == instant("08:41")
    assert not floor.anomalies


@pytest.mark.parametrize("kind", ["memo.written", "day.closed"])
def test_a_memo_or_a_closing_opens_no_day(kind: str) -> None:
    fields = {"text": "鍵を受け取った"} if kind == "memo.written" else {}
    assert not a_day().tells(kind, "08:00", **fields).floor().is_open


def test_opening_twice_is_an_anomaly() -> None:
    assert list(a_day().opens("08:30").opens("08:40").anomalies().values()) == ["impossible"]


def test_an_allocation_to_a_lane_that_the_terminal_cannot_serve_is_an_anomaly() -> None:
    story = a_day().opens("08:30", A1="issuance", T4="certificate")
    assert list(story.anomalies().values()) == ["impossible"]
    assert story.floor().terminals["A1"].lane == "application"
    assert story.floor().terminals["T4"].lane == "certificate"  # the rest takes effect


def test_facts_after_the_closing_are_kept_and_change_no_count() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001").finishes("B001", at="17:00").closes("17:15")
    before = lane_counts(story.floor())
    story.issues("B002", at="17:20").calls("B002", "T4", at="17:21").tells("officials.changed", "17:22", present=9)
    floor = story.floor()
    assert not floor.is_open
    assert lane_counts(floor) == before
    assert (waiting(floor), floor.officials) == (0, 2)
    assert len(floor.entries) == 8
    assert floor.last_fact_at == instant("17:22")
    assert not floor.anomalies


def test_an_earlier_fact_that_comes_after_the_closing_counts_and_raises_the_revision() -> None:
    story = a_day().opens("08:30").issues("B001", at="09:00").calls("B001", at="09:05")
    story.tells("day.closed", "17:15", "console")
    assert story.floor().revision == 1
    late = story.finishes("B001", at="09:20").floor()
    assert lane_counts(late)["certificate"].served == 1
    assert late.revision == 2


def test_a_later_fact_after_the_closing_raises_no_revision() -> None:
    story = a_day().opens("08:30").issues("B001", at="09:00").tells("day.closed", "17:15", "console")
    assert story.issues("B002", at="17:20").floor().revision == 1


def test_a_closing_from_a_feed_ends_the_reception_only() -> None:
    story = a_day().opens("08:30").issues("B001", at="09:00").closes("17:00")
    assert not story.floor().is_open
    assert story.finishes("B001", at="09:20").floor().revision == 1  # there was no report yet that it could revise


def test_a_reopened_day_goes_on_as_if_it_had_not_been_closed() -> None:
    story = a_day().opens("08:30").issues("B001", at="16:50").closes("17:00").calls("B001", at="17:02")
    assert waiting(story.floor()) == 1
    floor = story.reopens("17:05").floor()
    assert floor.is_open
    assert waiting(floor) == 0
    assert floor.terminals["T3"].ticket == "B001"
    assert floor.reopened == 1
    assert not floor.anomalies


def test_a_day_that_two_have_closed_is_open_after_reopening() -> None:
    story = a_day().opens("08:30").closes("17:00").tells("day.closed", "17:01", "console").reopens("17:10")
    assert story.floor().is_open


def test_reopening_an_open_day_is_an_anomaly() -> None:
    assert list(a_day().opens("08:30").reopens("09:00").anomalies().values()) == ["impossible"]


# ---- tickets


def test_a_ticket_from_issue_to_finish() -> None:
    story = a_day().opens("08:30").issues("B001", "cert_renewal", "09:00", cards=2, assist=True)
    assert waiting(story.floor()) == 1
    floor = story.calls("B001", "T3", "09:10").floor()
    assert waiting(floor) == 0
    assert (floor.state("T3"), floor.terminals["T3"].ticket) == ("serving", "B001")
    floor = story.finishes("B001", "T3", "09:20", work={"cert_signature_renewal": 2}).floor()
    t = floor.tickets["B001"]
    assert (t.state, t.outcome, t.cards, t.assist) == ("finished", "done", 2, True)
    assert (t.issued_at, t.called_at, t.ended_at) == (instant("09:00"), instant("09:10"), instant("09:20"))
    assert floor.state("T3") == "free"
    assert floor.work_done() == {"cert_signature_renewal": 2}
    assert lane_counts(floor)["certificate"].served == 1
    assert not floor.anomalies


@pytest.mark.parametrize("outcome", ["incomplete", "desk3"])
def test_what_is_not_done_is_counted_by_its_outcome(outcome: str) -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001").finishes("B001", outcome=outcome)
    counts = lane_counts(story.floor())["certificate"]
    assert (counts.served, getattr(counts, outcome)) == (0, 1)


def test_an_appointment_that_is_later_begins_the_wait() -> None:
    floor = a_day().opens("08:30").issues("A001", "card_issuance", "09:00", appointment="10:00").floor()
    assert floor.tickets["A001"].wait_from == instant("10:00")
    late = a_day().opens("08:30").issues("A001", "card_issuance", "10:20", appointment="10:00").floor()
    assert late.tickets["A001"].wait_from == instant("10:20")


def test_a_no_show_is_counted_and_a_requeue_takes_it_back() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001").misses("B001")
    floor = story.floor()
    assert (waiting(floor), floor.state("T3")) == (0, "free")
    assert lane_counts(floor)["certificate"].no_show == 1
    floor = story.requeues("B001").floor()
    assert waiting(floor) == 1
    assert lane_counts(floor)["certificate"].no_show == 0
    assert not floor.anomalies


def test_a_ticket_that_leaves_waits_no_more() -> None:
    floor = a_day().opens("08:30").issues("B001").leaves("B001").floor()
    assert waiting(floor) == 0
    assert lane_counts(floor)["certificate"].left == 1
    assert not floor.anomalies


def test_a_requeue_from_the_terminal_frees_it_and_waits_since_the_issue() -> None:
    floor = (
        a_day().opens("08:30").issues("B001", at="09:00").calls("B001", at="09:10").requeues("B001", "09:15").floor()
    )
    assert (waiting(floor), floor.state("T3")) == (1, "free")
    assert floor.tickets["B001"].wait_from == instant("09:00")
    assert not floor.anomalies


def test_a_transfer_changes_the_lane_and_keeps_the_wait() -> None:
    story = a_day().opens("08:30").issues("B001", "cert_renewal", "09:00").transfers("B001", "card_issuance", "09:10")
    floor = story.floor()
    assert (waiting(floor, "certificate"), waiting(floor, "issuance")) == (0, 1)
    assert floor.tickets["B001"].wait_from == instant("09:00")
    served = story.calls("B001", "T1").finishes("B001", "T1").floor()
    assert lane_counts(served)["issuance"].served == 1  # by the lane of the service at the finish
    assert not served.anomalies


def test_a_transfer_while_serving_counts_where_it_ends() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001").transfers("B001", "card_issuance")
    floor = story.finishes("B001").floor()
    assert (lane_counts(floor)["issuance"].served, lane_counts(floor)["certificate"].served) == (1, 0)


@pytest.mark.parametrize("kind", ["no_show", "left", "requeued"])
def test_an_unknown_ticket_is_an_anomaly(kind: str) -> None:
    assert list(a_day().opens("08:30").tells(f"ticket.{kind}", ticket="B777").anomalies().values()) == [
        "unknown_ticket"
    ]


def test_a_transfer_of_an_unknown_ticket_is_an_anomaly() -> None:
    assert list(a_day().opens().transfers("B777", "pin_reset").anomalies().values()) == ["unknown_ticket"]


def test_a_call_of_an_unknown_ticket_is_served() -> None:
    story = a_day().opens("08:30").calls("B777", "T3")
    assert list(story.anomalies().values()) == ["unknown_ticket"]
    assert story.floor().terminals["T3"].ticket == "B777"
    assert lane_counts(story.finishes("B777", "T3").floor())["certificate"].served == 1


def test_a_finish_of_an_unknown_ticket_counts() -> None:
    story = a_day().opens("08:30").finishes("B777", "T1")
    assert list(story.anomalies().values()) == ["unknown_ticket"]
    assert lane_counts(story.floor())["issuance"].served == 1


def test_a_repeated_ticket_number_is_an_anomaly_over_all_sources() -> None:
    story = a_day().opens("08:30").issues("B001", "cert_renewal", "09:00")
    story.tells("ticket.issued", "09:05", "second", ticket="B001", service="card_issuance")
    assert list(story.anomalies().values()) == ["repeated_ticket"]
    assert story.floor().tickets["B001"].service == "cert_renewal"
    assert story.floor().waiting == 1


def test_a_call_ends_the_wait_whatever_the_terminals_state() -> None:
    for trouble in ("terminal.failed", "terminal.paused"):
        story = a_day().opens("08:30").issues("B001").tells(trouble, terminal="T3").calls("B001", "T3")
        assert list(story.anomalies().values()) == ["impossible"]
        assert waiting(story.floor()) == 0


def test_a_call_at_an_unstaffed_terminal_is_an_anomaly_once_staffing_is_known() -> None:
    assert not a_day().opens("08:30").issues("B001").calls("B001", "T3").anomalies()
    story = a_day().opens("08:30").staffs("T1", "S1").issues("B001").calls("B001", "T3")
    assert list(story.anomalies().values()) == ["unstaffed"]
    assert waiting(story.floor()) == 0


def test_a_call_at_a_terminal_of_another_lane_is_an_anomaly() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001", "T1")
    assert list(story.anomalies().values()) == ["other_lane"]
    assert waiting(story.floor()) == 0


def test_a_call_at_a_busy_terminal_ends_the_ticket_there_as_incomplete() -> None:
    story = a_day().opens("08:30").issues("B001").issues("B002").calls("B001", "T3").calls("B002", "T3")
    assert list(story.anomalies().values()) == ["busy_terminal"]
    floor = story.floor()
    assert (floor.tickets["B001"].state, floor.tickets["B001"].outcome) == ("finished", "incomplete")
    assert floor.terminals["T3"].ticket == "B002"
    assert lane_counts(floor)["certificate"].incomplete == 1


def test_a_finish_that_comes_after_all_replaces_the_assumed_end() -> None:
    story = a_day().opens("08:30").issues("B001", at="09:00").issues("B002", at="09:01")
    story.calls("B001", "T3", "09:05").calls("B002", "T3", "09:10").finishes("B001", "T3", "09:10:30")
    floor = story.floor()
    assert floor.tickets["B001"].outcome == "done"
    assert floor.terminals["T3"].ticket == "B002"


@pytest.mark.parametrize(
    "again",
    [
        lambda s: s.calls("B001", "T3"),
        lambda s: s.finishes("B001", "T3").finishes("B001", "T3"),
        lambda s: s.finishes("B001", "T3").misses("B001"),
        lambda s: s.finishes("B001", "T3").leaves("B001"),
        lambda s: s.finishes("B001", "T3").requeues("B001"),
        lambda s: s.finishes("B001", "T3").transfers("B001", "pin_reset"),
        lambda s: s.finishes("B001", "T3").calls("B001", "T3"),
        lambda s: s.finishes("B001", "T4"),
        lambda s: s.leaves("B001"),
        lambda s: s.calls("B001", "T4"),
    ],
)
def test_an_event_that_is_impossible_in_its_state_is_an_anomaly(again: Any) -> None:
    story = again(a_day().opens("08:30").issues("B001").calls("B001", "T3"))
    assert list(story.anomalies().values()) == ["impossible"]
    assert story.floor().anomalies.keys() == {("feed", story.last_id)}


def test_a_requeue_of_a_waiting_ticket_is_an_anomaly() -> None:
    assert list(a_day().opens("08:30").issues("B001").requeues("B001").anomalies().values()) == ["impossible"]


def test_a_finish_without_a_call_ends_the_wait() -> None:
    story = a_day().opens("08:30").issues("B001").finishes("B001", "T3")
    assert list(story.anomalies().values()) == ["impossible"]
    assert (waiting(story.floor()), lane_counts(story.floor())["certificate"].served) == (0, 1)


# ---- clocks differ


@pytest.mark.parametrize(("early_s", "fits"), [(1, True), (90, True), (300, True), (301, False), (3600, False)])
def test_a_call_up_to_five_minutes_before_its_issue_fits(early_s: int, fits: bool) -> None:
    issue = instant("10:00")
    story = (
        a_day().opens("08:30").tells("ticket.called", issue - timedelta(seconds=early_s), ticket="B1", terminal="T3")
    )
    story.tells("ticket.issued", issue, ticket="B1", service="cert_renewal")
    assert list(story.anomalies().values()) == ([] if fits else ["unknown_ticket"])
    floor = story.floor()
    assert waiting(floor) == 0  # whatever the clocks say, it has been called
    assert floor.terminals["T3"].ticket == "B1"


def test_a_call_and_a_finish_before_the_issue_fit() -> None:
    story = (
        a_day().opens("08:30").calls("B001", "T3", "09:58").finishes("B001", "T3", "09:59").issues("B001", at="10:00")
    )
    assert not story.anomalies()
    assert lane_counts(story.floor())["certificate"].served == 1
    assert waiting(story.floor()) == 0


def test_a_call_and_a_finish_in_one_instant_before_the_issue_fit() -> None:
    story = (
        a_day().opens("08:30").calls("B001", "T3", "09:59").finishes("B001", "T3", "09:59").issues("B001", at="10:00")
    )
    assert not story.anomalies()


def test_a_call_and_a_finish_in_one_instant_fit() -> None:
    story = (
        a_day().opens("08:30").issues("B001", at="09:00").calls("B001", "T3", "09:10").finishes("B001", "T3", "09:10")
    )
    assert not story.anomalies()
    assert lane_counts(story.floor())["certificate"].served == 1
    assert story.floor().state("T3") == "free"


def test_an_early_call_at_a_terminal_of_another_lane_is_still_an_anomaly() -> None:
    story = a_day().opens("08:30").calls("B001", "T1", "09:59").issues("B001", "cert_renewal", "10:00")
    assert list(story.anomalies().values()) == ["other_lane"]


def test_issue_call_and_finish_at_one_instant_keep_their_order() -> None:
    story = a_day().opens("09:00")
    story.finishes("B001", "T3", "09:00").calls("B002", "T3", "09:00").issues("B002", at="09:00").issues(
        "B001", at="08:59"
    )
    story.calls("B001", "T3", "08:59")
    floor = story.floor()
    assert not floor.anomalies
    assert floor.terminals["T3"].ticket == "B002"


# ---- head counts


def test_a_head_count_that_finds_fewer_lets_the_oldest_go() -> None:
    story = a_day().opens("08:30").issues("B001").issues("B002").issues("B003").counts("certificate", 1)
    floor = story.floor()
    assert waiting(floor) == 1
    assert list(floor.lanes["certificate"].tickets) == ["B003"]
    assert lane_counts(floor)["certificate"].left == 2
    assert not floor.anomalies


def test_a_head_count_that_finds_more_counts_persons_without_a_ticket() -> None:
    story = a_day().opens("08:30").issues("B001").counts("certificate", 4)
    floor = story.floor()
    assert (waiting(floor), floor.lanes["certificate"].uncounted) == (4, 3)
    assert waiting(story.issues("B002").floor()) == 5
    assert waiting(story.calls("B001").floor()) == 4


def test_a_call_of_somebody_unknown_takes_one_from_the_head_count() -> None:
    story = a_day().opens("08:30").counts("certificate", 3).calls("X1", "T3").finishes("X1", "T3").calls("X2", "T3")
    assert waiting(story.floor()) == 1


def test_a_call_of_one_that_the_count_took_for_gone_lowers_the_count() -> None:
    story = a_day().opens("08:30").issues("B001").issues("B002").counts("certificate", 1).calls("B001", "T3")
    floor = story.floor()
    assert waiting(floor) == 0
    assert floor.tickets["B001"].state == "serving"
    assert not floor.anomalies  # the count was a guess of who went; the call shows that it was somebody else


def test_the_second_count_stands_alone() -> None:
    assert waiting(a_day().opens("08:30").counts("certificate", 9).counts("certificate", 2).floor()) == 2


OPS = st.lists(st.sampled_from(["issue", "call", "call_unknown", "early", "count"]), max_size=25)


@given(before=st.integers(0, 8), count=st.integers(0, 8), ops=OPS, chance=st.randoms(use_true_random=False))
def test_from_a_count_on_waiting_is_count_plus_issues_minus_calls(
    before: int, count: int, ops: list[str], chance: random.Random
) -> None:
    story = a_day().opens("08:30")
    uncalled = [f"B{n:03d}" for n in range(before)]
    for number in uncalled:
        story.issues(number)
    story.counts("certificate", count)
    expected, n = count, before
    for op in ops:
        if op == "issue":
            n += 1
            uncalled.append(f"B{n:03d}")
            story.issues(uncalled[-1])
            expected += 1
        elif op == "call" and uncalled:
            number = uncalled.pop(chance.randrange(len(uncalled)))
            story.calls(number, "T3").finishes(number, "T3")
            expected = max(0, expected - 1)
        elif op == "call_unknown":
            n += 1
            story.calls(f"X{n}", "T6").finishes(f"X{n}", "T6")
            expected = max(0, expected - 1)
        elif op == "early":
            n += 1
            story.calls(f"Y{n}", "T5").issues(f"Y{n}").finishes(f"Y{n}", "T5")
        elif op == "count":
            expected = chance.randint(0, 8)
            story.counts("certificate", expected)
        assert waiting(story.floor()) == expected


# ---- terminals


def test_a_free_terminal_moves_at_once_and_a_busy_one_after_its_ticket() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001", "T3").moves("T4", "issuance").moves("T3", "issuance")
    floor = story.floor()
    assert (floor.terminals["T4"].lane, floor.terminals["T4"].next_lane) == ("issuance", None)
    assert (floor.terminals["T3"].lane, floor.terminals["T3"].next_lane) == ("certificate", "issuance")
    floor = story.finishes("B001", "T3").floor()
    assert (floor.terminals["T3"].lane, floor.terminals["T3"].next_lane) == ("issuance", None)
    assert [(m.terminal, m.origin, m.to) for m in floor.moves] == [("T3", "certificate", "issuance")]
    assert not floor.anomalies


def test_a_move_that_is_called_off_before_the_ticket_ends_stays() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001", "T3").moves("T3", "issuance").moves("T3", "certificate")
    floor = story.finishes("B001", "T3").floor()
    assert floor.terminals["T3"].lane == "certificate"


def test_a_move_to_a_lane_that_the_terminal_cannot_serve_is_an_anomaly() -> None:
    story = a_day().opens("08:30").moves("A1", "issuance")
    assert list(story.anomalies().values()) == ["impossible"]
    assert story.floor().terminals["A1"].lane == "application"


def test_the_states_of_a_terminal_the_first_that_holds() -> None:
    story = a_day().opens("08:30")
    states = [story.floor().state("T3")]
    for tell in (
        lambda: story.staffs("T1", "S1", "09:00"),
        lambda: story.staffs("T3", "S3", "09:01"),
        lambda: story.tells("terminal.paused", "09:02", terminal="T3", reason="昼休み"),
        lambda: story.issues("B001", at="09:03").calls("B001", "T3", "09:04"),
        lambda: story.tells("terminal.failed", "09:05", terminal="T3", fault="カード読取り"),
        lambda: story.tells("terminal.repaired", "09:06", terminal="T3"),
        lambda: story.finishes("B001", "T3", "09:07"),
        lambda: story.tells("terminal.resumed", "09:08", terminal="T3"),
        lambda: story.staffs("T3", None, "09:09"),
    ):
        tell()
        states.append(story.floor().state("T3"))
    assert states == [
        "free", "unstaffed", "free", "paused", "serving", "failed", "serving", "paused", "free", "unstaffed",
    ]  # fmt: skip
    assert story.floor("09:08").terminals["T3"].since == instant("09:08")
    assert story.floor("09:05").terminals["T3"].reason == "カード読取り"


def test_since_is_the_start_of_the_state() -> None:
    story = (
        a_day().opens("08:30").issues("B001", at="09:00").calls("B001", "T3", "09:10").moves("T3", "issuance", "09:20")
    )
    assert story.floor().terminals["T3"].since == instant("09:10")
    assert story.finishes("B001", "T3", "09:25").floor().terminals["T3"].since == instant("09:25")


@pytest.mark.parametrize("kind", ["paused", "failed"])
def test_pausing_or_failing_twice_is_an_anomaly(kind: str) -> None:
    story = a_day().opens("08:30").tells(f"terminal.{kind}", terminal="T3").tells(f"terminal.{kind}", terminal="T3")
    assert list(story.anomalies().values()) == ["impossible"]
    assert story.floor().state("T3") == kind


@pytest.mark.parametrize("kind", ["resumed", "repaired"])
def test_resuming_or_repairing_what_runs_is_an_anomaly(kind: str) -> None:
    assert list(a_day().opens("08:30").tells(f"terminal.{kind}", terminal="T3").anomalies().values()) == ["impossible"]


# ---- city staff, reception, presence, counts


def test_a_case_for_the_city_from_raised_to_settled() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001", "T3")
    story.tells("escalation.raised", "09:00", escalation="E-1", matter="identity", terminal="T3", ticket="B001")
    assert [e.code for e in story.floor().open_escalations()] == ["E-1"]
    assert story.floor().at_city("T3").code == "E-1"  # type: ignore[union-attr]
    story.tells("escalation.taken", "09:02", escalation="E-1", official="C1")
    assert story.floor().escalations["E-1"].state == "taken"
    story.tells("escalation.settled", "09:06", escalation="E-1", outcome="approved", official="C1")
    e = story.floor().escalations["E-1"]
    assert (e.state, e.outcome, e.official) == ("settled", "approved", "C1")
    assert (e.raised_at, e.taken_at, e.settled_at) == (instant("09:00"), instant("09:02"), instant("09:06"))
    assert story.floor().open_escalations() == []
    assert not story.anomalies()


def test_taken_and_settled_in_one_instant_fit() -> None:
    story = a_day().opens("08:30").tells("escalation.raised", "09:00", escalation="E-1", matter="fee")
    story.tells("escalation.taken", "09:00", escalation="E-1")
    story.tells("escalation.settled", "09:00", escalation="E-1", outcome="desk3")
    assert not story.anomalies()
    assert story.floor().escalations["E-1"].state == "settled"


@pytest.mark.parametrize(
    ("tell", "code"),
    [
        (lambda s: s.tells("escalation.raised", escalation="E-1", matter="fee"), "repeated_escalation"),
        (lambda s: s.tells("escalation.taken", escalation="E-9"), "unknown_escalation"),
        (lambda s: s.tells("escalation.settled", escalation="E-9", outcome="withdrawn"), "unknown_escalation"),
        (
            lambda s: s.tells("escalation.taken", escalation="E-1").tells("escalation.taken", escalation="E-1"),
            "impossible",
        ),
        (
            lambda s: s.tells("escalation.settled", escalation="E-1", outcome="desk3").tells(
                "escalation.settled", escalation="E-1", outcome="withdrawn"
            ),
            "impossible",
        ),
        (
            lambda s: s.tells("escalation.settled", escalation="E-1", outcome="desk3").tells(
                "escalation.taken", escalation="E-1"
            ),
            "impossible",
        ),
    ],
)
def test_cases_that_do_not_fit(tell: Any, code: str) -> None:
    story = tell(a_day().opens("08:30").tells("escalation.raised", escalation="E-1", matter="identity"))
    assert list(story.anomalies().values()) == [code]


def test_the_number_of_officials_is_the_last_said() -> None:
    story = a_day().opens("08:30", officials=2).tells("officials.changed", "10:00", present=0)
    assert story.floor().officials == 0
    assert story.floor().officials_history == [(instant("08:30"), 2), (instant("10:00"), 0)]


def test_reception_of_one_service_stops_alone() -> None:
    story = a_day().opens("08:30").tells("reception.stopped", "16:00", service="pin_reset", reason="混雑")
    assert story.floor().stopped == {"pin_reset": (instant("16:00"), "混雑")}
    assert story.tells("reception.resumed", service="pin_reset").floor().stopped == {}
    assert not story.anomalies()
    assert list(story.tells("reception.resumed", service="pin_reset").anomalies().values()) == ["impossible"]
    twice = a_day().tells("reception.stopped", service="other").tells("reception.stopped", service="other")
    assert list(twice.anomalies().values()) == ["impossible"]


def test_a_ticket_of_a_stopped_service_or_outside_its_hours_is_no_anomaly() -> None:
    story = a_day().opens("08:30").issues("B001", at="20:00").issues("A001", "card_issuance", "08:31")
    assert not story.anomalies()


def test_presence_of_the_staff() -> None:
    story = a_day().tells("staff.changed", "08:00", staff="S1", status="expected").staffs("T3", "S2", "08:35")
    story.tells("staff.changed", "12:00", staff="S1", status="on_break", reason="昼", until="13:00")
    floor = story.floor()
    assert (floor.staff["S1"].status, floor.staff["S1"].until, floor.staff["S1"].since) == (
        "on_break",
        "13:00",
        instant("12:00"),
    )
    assert floor.staff["S2"].status == "present"  # who stands at a terminal is there
    assert not floor.anomalies  # staff not on the roster are none
    assert [c.status for c in floor.staff_changes] == ["expected", "on_break"]


def test_counts_of_inquiries_work_and_memos() -> None:
    story = (
        a_day()
        .opens("08:30")
        .tells("inquiry.counted", topic="持ち物", count=2)
        .tells("inquiry.counted", topic="持ち物")
    )
    story.tells("work.counted", item="photo", count=5).tells("work.counted", item="photo", count=-2)
    story.tells("memo.written", "10:00", "console", text="雨")
    floor = story.floor()
    assert floor.inquiries == {"持ち物": 3}
    assert floor.work_done()["photo"] == 3
    assert floor.memos == [(instant("10:00"), "雨")]
    assert not floor.anomalies


def test_persons_in_the_hall_move_with_arrivals_and_departures() -> None:
    story = a_day().opens("08:30").issues("B001").issues("B002")
    assert story.floor().persons == 2  # nothing counted: all who wait
    story.tells("visitors.counted", persons=10)
    assert story.floor().persons == 10
    assert story.issues("B003").floor().persons == 11
    assert story.calls("B001").floor().persons == 11  # still in the hall
    assert story.finishes("B001").floor().persons == 10
    assert story.leaves("B002").floor().persons == 9
    assert story.tells("visitors.counted", persons=0).leaves("B003").floor().persons == 0


def test_every_kind_is_folded_and_every_anomaly_has_its_word() -> None:
    """A kind that is added must be given an effect here."""
    told = {line["kind"] for line in EVERY_KIND.lines}
    assert told == set(MODELS)
    assert set(EVERY_KIND.floor().anomalies.values()) <= set(ANOMALIES)
    assert len(EVERY_KIND.floor().entries) == len(EVERY_KIND.lines)


EVERY_KIND = (
    a_day()
    .opens("08:30")
    .staffs("T3", "S3")
    .issues("B001")
    .calls("B001")
    .finishes("B001")
    .issues("B002")
    .misses("B002")
    .requeues("B002")
    .transfers("B002", "card_issuance")
    .leaves("B002")
    .counts("certificate", 3)
    .moves("T4", "issuance")
    .tells("terminal.paused", terminal="T5")
    .tells("terminal.resumed", terminal="T5")
    .tells("terminal.failed", terminal="T5")
    .tells("terminal.repaired", terminal="T5")
    .tells("escalation.raised", escalation="E-1", matter="fee")
    .tells("escalation.taken", escalation="E-1")
    .tells("escalation.settled", escalation="E-1", outcome="withdrawn")
    .tells("reception.stopped", service="other")
    .tells("reception.resumed", service="other")
    .tells("staff.posted", staff="S4", post="reception")
    .tells("charge.taken", staff="S1")
    .tells("vacancy.opened", staff="S5")
    .tells("vacancy.filled", staff="S5", substitute="S6")
    .tells("checklist.checked", item="name_tags")
    .tells("accommodation.given", means="筆談")
    .tells("staff.registered", staff="S1", role="site_manager")
    .tells("appointments.imported", date="2026-09-14", slots=[{"time": "09:00", "cards": 1, "count": 2}])
    .tells("clock.set", ahead_s=90)
    .tells("cards.counted", received=3, issued=2, returned=0, left=1)
    .tells("incident.amended", incident="I-9", serious=True)
    .tells("incident.restored", incident="I-9")
    .tells("equipment.changed", equipment="furigana_printer", state="failed")
    .tells("calendar.extra", date="2026-09-19", reason="繁忙", agreed_on="2026-09-01")
    .tells("calendar.closed", date="2026-09-18", reason="台風", agreed_on="2026-09-17")
    .tells(
        "calendar.outage",
        services=["cert_renewal"],
        from_at="2026-09-20T09:00:00+09:00",
        until_at="2026-09-20T12:00:00+09:00",
        reason="国の保守",
    )
    .tells("ruling.made", question="A1", reading="weekday", from_on="2026-10-01")
    .tells("duty.submitted", duty="daily_report", key="2026-09-11")
    .tells("meeting.held", meeting="M-1", form="operations", held_on="2026-09-14")
    .tells("training.recorded", staff="S1", item="privacy", done_on="2026-07-01")
    .tells("device.permitted", device="PC-1", purpose="盤面", permitted_on="2026-06-20")
    .tells("officials.changed", present=1)
    .tells("staff.changed", staff="S3", status="present")
    .tells("inquiry.counted", topic="駐車場")
    .tells("work.counted", item="photo")
    .tells("visitors.counted", persons=4)
    .tells("incident.opened", source="console", incident="I-1", category="other", summary="停電")
    .tells("incident.reported", source="console", incident="I-1")
    .tells("incident.noted", source="console", incident="I-1", text="復旧した")
    .tells("incident.closed", source="console", incident="I-1")
    .tells("total.read", "16:58", "console", item="photo", count=3, note="")
    .tells("report.written", "16:58", "console", head="remarks", lines=["掲示を貼り替えた"])
    .tells("period.written", "16:58", "console", of="2026-09", head="plan", none=True)
    .tells(
        "demand.imported",
        "16:58",
        "console",
        months=[{"month": "2026-09", "cert_renewals": 1388, "card_renewals": 498, "new_and_reissued": 250}],
    )
    .tells("advice.taken", source="console", terminal="T4", lane="issuance")
    .tells("advice.declined", source="console", terminal="T4", lane="issuance", reason="予約に備える")
    .tells("paper.entered", source="console", from_at="2026-09-14T10:00:00+09:00", until_at="2026-09-14T11:00:00+09:00")
    .tells("memo.written", source="console", text="雨")
    .takes_back("f-00026")
    .closes()
    .reopens()
)


def test_a_day_of_every_kind_has_no_anomaly() -> None:
    assert EVERY_KIND.anomalies() == {}


# ---- taking back


def test_a_retracted_fact_has_not_happened_but_stays_in_the_journal() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001")
    wrong = story.last_id
    floor = story.takes_back(wrong).floor()
    assert (waiting(floor), floor.state("T3")) == (1, "free")
    assert ("feed", wrong) in floor.retracted
    assert [e.kind for e in floor.entries] == ["day.opened", "ticket.issued", "ticket.called", "retracted"]
    assert not floor.anomalies


def test_a_retraction_of_what_is_taken_back_already_is_an_anomaly() -> None:
    story = a_day().opens("08:30").issues("B001").takes_back("f-00002").takes_back("f-00002")
    assert list(story.anomalies().values()) == ["not_retractable"]
    assert story.floor().waiting == 0


def test_a_retraction_of_a_fact_that_is_not_of_this_day_changes_nothing() -> None:
    """It may take back an incident of another day, or a fact that has yet to come."""
    story = a_day().opens("08:30").issues("B001")
    before = plain(story.floor().tickets)
    story.takes_back("nowhere")
    assert not story.anomalies()
    assert plain(story.floor().tickets) == before


def test_a_retraction_cannot_be_retracted() -> None:
    story = a_day().opens("08:30").issues("B001").takes_back("f-00002")
    story.takes_back(story.last_id, source="console")
    assert list(story.anomalies().values()) == ["not_retractable"]
    assert story.floor().waiting == 0


def test_a_retraction_that_is_there_before_its_fact_takes_it_back_when_it_comes() -> None:
    story = a_day().opens("08:30").issues("B001", at="09:00").takes_back("f-00002", "09:30")
    opened, issued, retraction = story.entries()
    day = DayFold(SITE, MONDAY, [opened, retraction])
    assert len(day.floor.tickets) == 0
    day.add([issued])
    assert (day.floor.waiting, day.floor.anomalies) == (0, {})


def test_an_incident_of_another_day_that_is_taken_back_today_is_no_anomaly() -> None:
    yesterday = a_day(date(2026, 9, 11)).tells("incident.opened", incident="I-1", category="other", summary="誤り")
    today = a_day().opens("08:30").takes_back("f-00001")
    assert fold_register([*yesterday.entries(), *today.entries()]).incidents == {}
    assert not today.anomalies()


# ---- looking at the day


def test_who_is_next() -> None:
    story = a_day().opens("08:30").issues("A001", "card_issuance", "09:00", appointment="11:00")
    story.issues("A002", "card_issuance", "09:05").issues("A003", "card_issuance", "09:10", appointment="09:02")
    floor = story.floor()

    def following(now: str) -> str:
        found = floor.next_ticket("issuance", instant(now))
        assert found is not None
        return found.number

    assert following("09:30") == "A002"  # it has waited longest of those who are due
    later = story.calls("A002", "T1").finishes("A002", "T1").calls("A003", "T1").floor()
    assert later.next_ticket("issuance", instant("09:30")).number == "A001"  # type: ignore[union-attr]  # early, alone
    assert later.next_ticket("certificate", instant("09:30")) is None


def test_a_ticket_that_enough_later_ones_have_overtaken_is_named() -> None:
    story = a_day().opens("08:30")
    for n in range(1, 8):
        story.issues(f"B{n:03d}")
    for n in range(2, 6):
        story.calls(f"B{n:03d}").finishes(f"B{n:03d}")
    assert story.floor().overtaken("certificate") == []
    story.calls("B006").finishes("B006")
    assert [t.number for t in story.floor().overtaken("certificate")] == ["B001"]


def test_the_series_of_the_number_waiting() -> None:
    story = a_day().opens("08:30").issues("B001", at="09:00").issues("B002", at="09:10").calls("B001", at="09:20")
    queue = story.floor().lanes["certificate"]
    # 8:58, 9:06, 9:14, 9:22, 9:30
    assert waiting_series(queue, instant("09:30"), 40, 5) == [0, 1, 2, 1, 1]
    assert waiting_series(queue, instant("08:00"), 10, 3) == [0, 0, 0]


# ---- any day, in any order


TICKETS = ["B001", "B002", "B003", "A001", "A002", "X9"]
TERMINALS = ["T1", "T3", "T4", "A1"]
ESCALATIONS = ["E-1", "E-2"]
START = instant("09:00")
ticket, terminal = st.sampled_from(TICKETS), st.sampled_from(TERMINALS)
lane = st.sampled_from(["issuance", "certificate", "application"])
service = st.sampled_from(["card_issuance", "cert_renewal", "pin_reset", "application_support"])
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "day.opened": {"allocation": st.dictionaries(terminal, lane, max_size=3), "officials": st.integers(0, 3)},
    "day.closed": {},
    "day.reopened": {"reason": st.just("閉め忘れ")},
    "ticket.issued": {
        "ticket": ticket,
        "service": service,
        "appointment": st.sampled_from([None, None, "09:05", "23:59"]),
    },
    "ticket.called": {"ticket": ticket, "terminal": terminal},
    "ticket.finished": {
        "ticket": ticket,
        "terminal": terminal,
        "outcome": st.sampled_from(["done", "incomplete", "desk3"]),
        "work": st.dictionaries(st.sampled_from(["photo", "pin_reset"]), st.integers(0, 3), max_size=2),
    },
    "ticket.no_show": {"ticket": ticket},
    "ticket.left": {"ticket": ticket},
    "ticket.requeued": {"ticket": ticket},
    "ticket.transferred": {"ticket": ticket, "service": service},
    "queue.counted": {"lane": lane, "waiting": st.integers(0, 4)},
    "terminal.assigned": {"terminal": terminal, "lane": lane},
    "terminal.staffed": {"terminal": terminal, "staff": st.sampled_from([None, "S1", "S2"])},
    "terminal.paused": {"terminal": terminal},
    "terminal.resumed": {"terminal": terminal},
    "terminal.failed": {"terminal": terminal, "fault": st.sampled_from(["", "紙詰まり"])},
    "terminal.repaired": {"terminal": terminal},
    "escalation.raised": {
        "escalation": st.sampled_from(ESCALATIONS),
        "matter": st.sampled_from(["identity", "fee"]),
        "terminal": st.none() | terminal,
        "ticket": st.none() | ticket,
    },
    "escalation.taken": {"escalation": st.sampled_from(ESCALATIONS)},
    "escalation.settled": {
        "escalation": st.sampled_from(ESCALATIONS),
        "outcome": st.just("approved"),
        "official": st.just("C1"),
    },
    "reception.stopped": {"service": service},
    "reception.resumed": {"service": service},
    "officials.changed": {"present": st.integers(0, 3)},
    "staff.changed": {"staff": st.sampled_from(["S1", "S2"]), "status": st.sampled_from(["present", "gone", "late"])},
    "staff.posted": {"staff": st.sampled_from(["S1", "S2"]), "post": st.sampled_from(["reception", None])},
    "charge.taken": {"staff": st.sampled_from(["S1", "S2", None])},
    "vacancy.opened": {"staff": st.sampled_from(["S1", "S2"])},
    "vacancy.filled": {"staff": st.sampled_from(["S1", "S2"])},
    "checklist.checked": {"item": st.sampled_from(["name_tags", "papers"]), "done": st.booleans()},
    "accommodation.given": {"means": st.just("筆談"), "count": st.integers(-2, 3)},
    "staff.registered": {"staff": st.sampled_from(["S1", "S2"])},
    "appointments.imported": {"date": st.just("2026-09-14")},
    "clock.set": {"ahead_s": st.integers(-90, 90)},
    "cards.counted": dict.fromkeys(("received", "issued", "returned", "left"), st.integers(0, 9)),
    "incident.amended": {"incident": st.sampled_from(["I-1", "I-2"]), "serious": st.booleans()},
    "incident.restored": {"incident": st.sampled_from(["I-1", "I-2"])},
    "equipment.changed": {"equipment": st.just("furigana_printer"), "state": st.sampled_from(["ok", "failed"])},
    "calendar.extra": {"date": st.just("2026-09-19"), "reason": st.just("x"), "agreed_on": st.just("2026-09-01")},
    "calendar.closed": {"date": st.just("2026-09-18"), "reason": st.just("x"), "agreed_on": st.just("2026-09-01")},
    "calendar.outage": {
        "services": st.just(["cert_renewal"]),
        "from_at": st.just("2026-09-20T09:00:00+09:00"),
        "until_at": st.just("2026-09-20T12:00:00+09:00"),
        "reason": st.just("x"),
    },
    "ruling.made": {"question": st.just("A1"), "reading": st.just("weekday"), "from_on": st.just("2026-10-01")},
    "duty.submitted": {"duty": st.just("daily_report"), "key": st.just("2026-09-11")},
    "meeting.held": {
        "meeting": st.sampled_from(["M-1", "M-2"]),
        "form": st.just("operations"),
        "held_on": st.just("2026-09-14"),
    },
    "training.recorded": {"staff": st.just("S1"), "item": st.just("privacy"), "done_on": st.just("2026-07-01")},
    "device.permitted": {"device": st.just("PC-1"), "purpose": st.just("x"), "permitted_on": st.just("2026-06-20")},
    "inquiry.counted": {"topic": st.sampled_from(["駐車場", "持ち物"]), "count": st.integers(-2, 3)},
    "work.counted": {"item": st.just("photo"), "count": st.integers(-2, 3)},
    "visitors.counted": {"persons": st.integers(0, 5)},
    "incident.opened": {
        "incident": st.sampled_from(["I-1", "I-2"]),
        "category": st.just("other"),
        "summary": st.just("x"),
    },
    "incident.noted": {"incident": st.sampled_from(["I-1", "I-2"]), "text": st.just("続き")},
    "incident.reported": {"incident": st.sampled_from(["I-1", "I-2"])},
    "incident.closed": {"incident": st.sampled_from(["I-1", "I-2"])},
    "advice.taken": {"terminal": terminal, "lane": lane},
    "advice.declined": {"terminal": terminal, "lane": lane, "reason": st.just("予約に備える")},
    "paper.entered": {"from_at": st.just(START.isoformat()), "until_at": st.just(START.isoformat())},
    "memo.written": {"text": st.sampled_from(["雨", "晴れ"])},
    "total.read": {"item": st.just("photo"), "count": st.none() | st.integers(0, 9)},
    "report.written": {"head": st.sampled_from(["problems", "remarks"]), "none": st.booleans()},
    "demand.imported": {
        "months": st.just([{"month": "2026-09", "cert_renewals": 900, "card_renewals": 300, "new_and_reissued": 200}])
    },
    "period.written": {"of": st.just("2026-09"), "head": st.just("plan"), "none": st.booleans()},
    "retracted": {"target": st.integers(0, 40).map(lambda n: f"{n:03d}"), "target_source": st.just("feed")},
}
# Most facts of a day are about tickets; the rarer kinds still come in most examples.
KINDS = [k for k in FIELDS if k.startswith("ticket.")] * 4 + [k for k in FIELDS if k != "day.closed"] + ["day.closed"]
assert set(FIELDS) == set(MODELS)


@st.composite
def days(draw: st.DrawFn) -> list[Entry]:
    """The facts of a plausible and implausible day: a short span of time, so that many instants are shared."""
    found = []
    for n in range(draw(st.integers(1, 40))):
        kind = draw(st.sampled_from(KINDS))
        at = START + timedelta(seconds=30 * draw(st.integers(0, 40)))
        source = draw(st.sampled_from(["feed", "feed", "console"]))
        line = {"id": f"{n:03d}", "at": at.isoformat(), "kind": kind}
        line |= {name: draw(value) for name, value in FIELDS[kind].items()}
        if kind == "retracted":
            line["target_source"] = draw(st.sampled_from(["feed", "feed", "console"]))
        found.append(Entry(n + 1, source, at, source, fact(line)))
    return found


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[Entry], list[list[Entry]]]:
    """A day, and its facts shuffled, some repeated, in batches."""
    facts = draw(days())
    arrived = draw(st.permutations(facts + draw(st.lists(st.sampled_from(facts), max_size=8))))
    batches, rest = [], list(arrived)
    while rest:
        n = draw(st.integers(1, len(rest)))
        batches.append(rest[:n])
        rest = rest[n:]
    return facts, batches


@given(arrivals())
@settings(max_examples=200)
def test_however_the_facts_arrive_the_floor_is_the_same(case: tuple[list[Entry], list[list[Entry]]]) -> None:
    facts, batches = case
    day = DayFold(SITE, MONDAY)
    for batch in batches:
        day.add(batch)
    assert len(day) == len(facts)
    assert plain(day.floor) == plain(fold(SITE, MONDAY, sorted(facts, key=ev.order)))


@given(arrivals())
def test_facts_that_come_in_order_are_applied_in_place(case: tuple[list[Entry], list[list[Entry]]]) -> None:
    """One by one, in order: the cheap way gives what the refold gives."""
    facts, _ = case
    day = DayFold(SITE, MONDAY)
    for entry in sorted(facts, key=ev.order):
        day.add([entry])
    assert plain(day.floor) == plain(fold(SITE, MONDAY, facts))


@given(days(), st.integers(0, 42))
def test_until_an_instant_is_the_fold_of_what_was_by_then(facts: list[Entry], step: int) -> None:
    at = START + timedelta(seconds=30 * step)
    day = DayFold(SITE, MONDAY)
    for entry in reversed(facts):
        day.add([entry])
    assert plain(day.until(at)) == plain(fold(SITE, MONDAY, [e for e in facts if e.fact.at <= at]))


@given(days())
@settings(max_examples=200)
def test_the_floor_holds_together_at_every_instant(facts: list[Entry]) -> None:
    """Waiting is never negative, who waits stands in one lane, who is served stands at one terminal."""
    day = DayFold(SITE, MONDAY)
    for entry in sorted(facts, key=ev.order):
        day.add([entry])
        floor = day.floor
        assert floor.persons >= 0
        queued = [n for q in floor.lanes.values() for n in q.tickets]
        for q in floor.lanes.values():
            assert q.waiting >= 0 <= q.uncounted
            assert all(n >= 0 for _, n in q.history)
            assert all(floor.lane_of(t) == q.code for t in q.tickets.values())
        assert sorted(queued) == sorted(n for n, t in floor.tickets.items() if t.state == "waiting")
        at_terminals = {t.ticket: t.code for t in floor.terminals.values() if t.ticket}
        assert at_terminals == {n: t.terminal for n, t in floor.tickets.items() if t.state == "serving"}
        assert all(t.lane in SITE.terminal_by_code[t.code].lanes for t in floor.terminals.values())
        counts = lane_counts(floor).values()
        ended = sum(c.served + c.incomplete + c.desk3 + c.no_show + c.left for c in counts)
        assert ended >= sum(t.state in ("no_show", "left") for t in floor.tickets.values())
        assert set(floor.anomalies) <= {e.key for e in floor.entries}


@given(days(), st.randoms(use_true_random=False))
def test_the_order_of_recording_changes_nothing_but_the_revision(facts: list[Entry], chance: random.Random) -> None:
    """The same facts written into the file in another order: other seq, the same Floor."""
    again = chance.sample(facts, len(facts))
    again = [e._replace(seq=n) for n, e in enumerate(again, 1)]

    def shown(entries: list[Entry]) -> Any:
        dump = plain(fold(SITE, MONDAY, [e._replace(seq=0) for e in entries]))
        del dump["derived"]["revision"]
        return dump

    assert shown(facts) == shown(again)


def test_a_whole_busy_day_in_place_late_and_shuffled() -> None:
    entries = entries_of(busy_day())
    whole = plain(fold(SITE, MONDAY, entries))
    chance = random.Random(7)
    for _ in range(3):
        shuffled = chance.sample(entries, len(entries))
        day = DayFold(SITE, MONDAY)
        while shuffled:
            n = chance.choice([1, 10, 200, 500])
            day.add(shuffled[:n] + shuffled[:2])
            shuffled = shuffled[n:]
        assert plain(day.floor) == whole
    assert not fold(SITE, MONDAY, entries).anomalies


def test_the_order_of_the_contract() -> None:
    """Instant first, whatever its offset; then kind; then source; then id."""
    first = [
        "day.opened", "terminal.staffed", "terminal.assigned", "ticket.issued", "ticket.transferred", "ticket.left",
        "ticket.no_show", "ticket.requeued", "ticket.finished", "ticket.called",
    ]  # fmt: skip
    others = sorted(set(MODELS) - {*first, "day.closed"})
    by_kind = {line["kind"]: fact({**line, "at": "2026-09-14T10:00:00+09:00"}) for line in EVERY_KIND.lines}
    entries = [Entry(1, "feed", START, "feed", f) for f in by_kind.values()]
    assert [e.kind for e in sorted(entries, key=ev.order)] == [*first, *others, "day.closed"]

    def entry(at: str, source: str, fact_id: str) -> Entry:
        made = fact({"id": fact_id, "at": at, "kind": "memo.written", "text": "x"})
        return Entry(1, source, START, source, made)

    told = [
        entry("2026-09-14T00:59:59Z", "z", "9"),
        entry("2026-09-14T10:00:00+09:00", "a", "2"),
        entry("2026-09-13T20:00:00-05:00", "b", "1"),
        entry("2026-09-14T02:00:00+01:00", "b", "2"),
    ]
    assert sorted(random.Random(3).sample(told, 4), key=ev.order) == told
    assert [e.fact.at.tzinfo for e in told] == [JST] * 4
