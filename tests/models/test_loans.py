"""Loans (応援): a terminal helps another lane and comes home. T1, T2 and T4 hand cards over, T3 and T5 to T8 certificates."""

from __future__ import annotations

from dataclasses import astuple
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.commands.fold import DayFold, fold
from floorctl.models.board.loans import permit_before
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.facts.entry import Entry, order
from tests.story import MONDAY, Story, a_day, fact, instant, kumagaya, plain


def opened() -> Story:
    return a_day().opens("08:30")


def at_t1(at: str = "10:00") -> Story:
    """T1 hands a card over to A001."""
    return opened().issues("A001", "card_issuance", "09:50").calls("A001", "T1", at)


def helping() -> Story:
    """T1 has helped the certificates since 10:00, and serves B001 since 10:05."""
    story = opened().lends("T1", "certificate", "10:00", "更新の待ちが長い")
    return story.issues("B001", at="10:01").calls("B001", "T1", "10:05")


def lane_of(floor: Floor, terminal: str = "T1") -> tuple[str, str | None, str | None]:
    t = floor.terminals[terminal]
    return (t.lane, t.next_lane, t.home)


def loan(floor: Floor, n: int = -1) -> tuple[Any, ...]:
    """Return when it began, when it ended, and how."""
    found = floor.loans[n]
    return (
        found.went.strftime("%H:%M") if found.went else None,
        found.back.strftime("%H:%M") if found.back else None,
        found.ended,
    )


HOME = ("issuance", None, None)
AWAY = ("certificate", None, "issuance")


def test_a_free_terminal_goes_at_once_and_comes_home_at_once() -> None:
    floor = opened().lends("T1", "certificate", "10:00", "更新の待ちが長い").floor()
    t = floor.terminals["T1"]
    assert (lane_of(floor), t.moved_at, t.own_lane) == (AWAY, instant("10:00"), "issuance")
    assert (loan(floor), floor.loans[0].reason, floor.moves) == (("10:00", None, ""), "更新の待ちが長い", [])
    floor = opened().lends("T1", "certificate", "10:00").returns("T1", "10:20", "交付で待つ人").floor()
    assert (lane_of(floor), floor.terminals["T1"].moved_at) == (HOME, instant("10:20"))
    assert (loan(floor), floor.loans[0].returned_reason) == (("10:00", "10:20", "returned"), "交付で待つ人")
    assert not floor.anomalies and floor.moves == []


def test_a_feed_lends_a_free_terminal_whoever_waits_at_home() -> None:
    floor = opened().issues("A001", "card_issuance").lends("T1", "certificate").floor()
    assert (lane_of(floor), floor.anomalies) == (AWAY, {})


@pytest.mark.parametrize("end", ["finish", "absent", "gone", "elsewhere"])
def test_a_busy_terminal_goes_after_its_ticket(end: str) -> None:
    story = at_t1().lends("T1", "certificate", "10:03")
    assert lane_of(story.floor()) == ("issuance", "certificate", "issuance")
    assert loan(story.floor()) == (None, None, "")
    match end:
        case "finish":
            story.finishes("A001", "T1", "10:10")
        case "absent":
            story.misses("A001", "10:10")
        case "gone":
            story.leaves("A001", "10:10")
        case _:
            story.calls("A001", "T2", "10:10")
    floor = story.floor()
    assert (lane_of(floor), loan(floor)) == (AWAY, ("10:10", None, ""))
    assert floor.terminals["T1"].moved_at == instant("10:10")


@pytest.mark.parametrize("who", ["one who came meanwhile", "the one who was served"])
def test_a_loan_lapses_where_somebody_waits_at_home_when_it_would_begin(who: str) -> None:
    story = at_t1().lends("T1", "certificate", "10:03")
    if who == "the one who was served":
        story.requeues("A001", "10:10")
    else:
        story.issues("A002", "card_issuance", "10:05").finishes("A001", "T1", "10:10")
    floor = story.floor()
    assert (lane_of(floor), loan(floor)) == (HOME, (None, None, "lapsed"))
    assert floor.terminals["T1"].moved_at is None


def test_who_waits_for_certificates_does_not_let_it_lapse() -> None:
    floor = at_t1().lends("T1", "certificate", "10:03").issues("B001").finishes("A001", "T1", "10:10").floor()
    assert lane_of(floor) == AWAY


def test_a_busy_terminal_comes_home_after_its_ticket() -> None:
    story = helping().returns("T1", "10:08")
    floor = story.floor()
    assert (lane_of(floor), loan(floor)) == (("certificate", "issuance", "issuance"), ("10:00", None, "returned"))
    floor = story.finishes("B001", "T1", "10:15").floor()
    assert (lane_of(floor), loan(floor)) == (HOME, ("10:00", "10:15", "returned"))


def test_a_return_before_it_has_gone_lets_the_loan_lapse() -> None:
    story = at_t1().lends("T1", "certificate", "10:03").returns("T1", "10:04", "やめる")
    floor = story.floor()
    assert (lane_of(floor), loan(floor), floor.loans[0].returned_reason) == (HOME, (None, None, "lapsed"), "やめる")
    assert lane_of(story.finishes("A001", "T1").floor()) == HOME


def test_lent_anew_on_its_way_home_it_stays() -> None:
    floor = helping().returns("T1", "10:08").lends("T1", "certificate", "10:09").floor()
    assert (lane_of(floor), loan(floor), len(floor.loans)) == (AWAY, ("10:00", None, ""), 1)
    assert not floor.anomalies


@pytest.mark.parametrize(
    "story",
    [
        opened().lends("A1", "certificate"),
        opened().lends("T1", "issuance"),
        opened().lends("T1", "certificate").lends("T1", "certificate"),
        opened().returns("T1"),
        helping().returns("T1").returns("T1"),
        opened().staffs("T2", "S2").lends("T1", "certificate"),
        opened().tells("lending.permitted", terminals=["T1", "A1"]),
    ],
)
def test_what_does_not_fit_is_an_anomaly(story: Story) -> None:
    assert list(story.anomalies().values()) == ["impossible"]


def test_a_terminal_that_helps_calls_from_both_lanes() -> None:
    story = opened().issues("A001", "card_issuance").issues("B001").lends("T1", "certificate")
    story.calls("B001", "T1").finishes("B001", "T1").calls("A001", "T1").finishes("A001", "T1")
    story.calls("X1", "T1").issues("X1", "card_issuance").finishes("X1", "T1")  # told before its issue
    assert story.anomalies() == {}
    home = opened().issues("B001").lends("T1", "certificate").returns("T1").calls("B001", "T1")
    assert list(home.anomalies().values()) == ["other_lane"]


@pytest.mark.parametrize("to", ["issuance", "certificate"])
@pytest.mark.parametrize("busy", [False, True])
def test_a_move_ends_a_loan(to: str, busy: bool) -> None:
    story = (helping() if busy else opened().lends("T1", "certificate", "10:00")).moves("T1", to, "10:20")
    floor = story.floor()
    assert floor.terminals["T1"].home is None and floor.terminals["T1"].own_lane == to
    assert loan(floor) == ("10:00", "10:20", "moved")
    # To its own lane nothing of the allocation has changed.
    assert [(m.origin, m.to) for m in floor.moves] == ([] if to == "issuance" else [("issuance", "certificate")])
    assert lane_of(story.finishes("B001", "T1", "10:30").floor() if busy else floor) == (to, None, None)


def test_a_move_before_it_has_gone() -> None:
    floor = at_t1().lends("T1", "certificate", "10:03").moves("T1", "certificate", "10:04").floor()
    assert (lane_of(floor), loan(floor)) == (("issuance", "certificate", None), (None, None, "moved"))
    assert [(m.origin, m.to) for m in floor.moves] == [("issuance", "certificate")]


def test_a_terminal_that_moves_after_its_ticket_helps_the_lane_that_it_would_leave() -> None:
    story = at_t1().moves("T1", "certificate", "10:02").lends("T1", "issuance", "10:03").finishes("A001", "T1")
    assert lane_of(story.floor()) == ("issuance", None, "certificate")
    assert lane_of(story.returns("T1").floor()) == ("certificate", None, None)


@pytest.mark.parametrize("busy", [False, True])
def test_an_unstaffed_terminal_is_at_home(busy: bool) -> None:
    story = opened().staffs("T1", "S1", "08:31").lends("T1", "certificate", "10:00")
    if busy:
        story.issues("B001").calls("B001", "T1")
    floor = story.staffs("T1", None, "10:20").floor()
    assert (lane_of(floor), loan(floor)) == (HOME, ("10:00", "10:20", "unstaffed"))
    assert floor.last_lane["S1"] == "issuance"


def test_where_staffing_becomes_known_a_terminal_without_anybody_is_at_home() -> None:
    floor = opened().lends("T1", "certificate", "10:00").staffs("T5", "S5", "10:20").floor()
    assert (lane_of(floor), loan(floor)) == (HOME, ("10:00", "10:20", "unstaffed"))


@pytest.mark.parametrize("kind", ["terminal.paused", "terminal.failed"])
def test_a_pause_and_a_failure_leave_it_where_it_is(kind: str) -> None:
    assert lane_of(opened().lends("T1", "certificate").tells(kind, terminal="T1").floor()) == AWAY


def test_the_close_brings_it_home_and_reopening_takes_that_back() -> None:
    story = helping().closes("17:10")
    floor = story.floor()
    assert (lane_of(floor), loan(floor)) == (HOME, ("10:00", "17:10", "closed"))
    story.returns("T1", "17:12").finishes("B001", "T1", "17:15")  # kept, and without effect
    assert loan(story.floor()) == ("10:00", "17:10", "closed")
    floor = story.reopens("17:20").floor()  # what happened meanwhile counts as if it had never been closed
    assert (lane_of(floor), loan(floor)) == (HOME, ("10:00", "17:15", "returned"))
    assert lane_of(helping().closes("17:10").reopens("17:20").floor()) == AWAY


def test_a_loan_that_has_not_begun_lapses_at_the_close() -> None:
    story = at_t1().lends("T1", "certificate", "10:03").closes("17:10")
    assert (lane_of(story.floor()), loan(story.floor())) == (HOME, (None, None, "lapsed"))
    assert lane_of(story.reopens("17:20").floor()) == ("issuance", "certificate", "issuance")


def test_an_opening_told_late_gives_it_its_lane() -> None:
    floor = a_day().lends("T1", "certificate", "08:20").opens("08:30", T1="issuance").floor()
    assert (lane_of(floor), loan(floor)) == (HOME, ("08:20", "08:30", "moved"))


def test_the_call_of_the_same_minute_was_for_the_lane_where_it_went() -> None:
    """Of one instant a call sorts first; whole minutes put both in one."""
    story = at_t1().issues("B001", at="10:05").finishes("A001", "T1", "10:10").calls("B001", "T1", "10:10")
    floor = story.lends("T1", "certificate", "10:10").floor()
    assert (lane_of(floor), loan(floor), floor.anomalies) == (AWAY, ("10:10", None, ""), {})
    back = helping().issues("A001", "card_issuance", "10:06").finishes("B001", "T1", "10:10")
    floor = back.calls("A001", "T1", "10:10").returns("T1", "10:10").floor()
    assert (lane_of(floor), loan(floor), floor.anomalies) == (HOME, ("10:00", "10:10", "returned"), {})


@pytest.mark.parametrize(("ticket", "lane"), [("B001", AWAY), ("A002", HOME)])
def test_a_source_without_ends_tells_by_its_next_call_whether_it_went(ticket: str, lane: tuple[Any, ...]) -> None:
    story = opened().issues("A001", "card_issuance", "09:50").issues("A002", "card_issuance", "09:55")
    story.tells("ticket.called", "10:00", ticket="A001", terminal="T1", ends="next_call").issues("B001", at="10:02")
    story.lends("T1", "certificate", "10:03")
    floor = story.tells("ticket.called", "10:10", ticket=ticket, terminal="T1", ends="next_call").floor()
    assert (lane_of(floor), floor.anomalies) == (lane, {})


def test_a_retracted_loan_has_not_been() -> None:
    story = opened().lends("T1", "certificate", "10:00")
    floor = story.takes_back(story.last_id).floor()
    assert (lane_of(floor), floor.loans) == (HOME, [])


def test_a_late_fact_changes_what_a_loan_came_to() -> None:
    story = at_t1().lends("T1", "certificate", "10:03").finishes("A001", "T1", "10:10")
    day = DayFold(kumagaya(), MONDAY, story.entries())
    assert lane_of(day.floor) == AWAY
    day.add(story.issues("A002", "card_issuance", "10:04").entries())
    assert (lane_of(day.floor), loan(day.floor)) == (HOME, (None, None, "lapsed"))


def test_the_permission_of_the_day_is_the_last_list_and_opens_no_day() -> None:
    story = a_day().tells("lending.permitted", "08:10", "console", terminals=["T2", "T3"])
    assert (story.floor().lend_permit, story.floor().opened_at) == (frozenset({"T2", "T3"}), None)
    story.opens("08:30").tells("lending.permitted", "12:00", "console", terminals=[])
    assert story.floor().lend_permit == frozenset()
    assert story.floor("11:00").lend_permit == frozenset({"T2", "T3"})


# ---- any day, in any order


TERMINALS = ["T1", "T2", "T3"]
NUMBERS = {"A001": "card_issuance", "A002": "card_issuance", "B001": "cert_renewal", "B002": "cert_renewal"}
terminal, number = st.sampled_from(TERMINALS), st.sampled_from([*NUMBERS])
lane = st.sampled_from(["issuance", "certificate"])
KINDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "terminal.lent": {"terminal": terminal, "lane": lane},
    "terminal.returned": {"terminal": terminal},
    "terminal.assigned": {"terminal": terminal, "lane": lane},
    "terminal.staffed": {"terminal": terminal, "staff": st.sampled_from([None, "S1", "S2"])},
    "terminal.paused": {"terminal": terminal},
    "terminal.resumed": {"terminal": terminal},
    "terminal.failed": {"terminal": terminal},
    "ticket.issued": {"ticket": number},
    "ticket.called": {"ticket": number, "terminal": terminal, "ends": st.sampled_from(["", "", "next_call"])},
    "ticket.finished": {"ticket": number, "terminal": terminal},
    "ticket.no_show": {"ticket": number},
    "ticket.requeued": {"ticket": number},
    "queue.counted": {"lane": lane, "waiting": st.integers(0, 2)},
    "day.opened": {"allocation": st.dictionaries(terminal, lane, max_size=3), "officials": st.just(1)},
    "day.closed": {},
    "day.reopened": {"reason": st.just("閉め忘れ")},
}
OFTEN = ["terminal.lent"] * 4 + ["terminal.returned", "ticket.called", "ticket.finished"] * 3 + [*KINDS]


@st.composite
def days(draw: st.DrawFn) -> list[Entry]:
    """A day of few terminals and few instants, so that many facts share one."""
    found = []
    for n in range(draw(st.integers(1, 30))):
        kind = draw(st.sampled_from(OFTEN))
        at = instant("10:00") + timedelta(seconds=30 * draw(st.integers(0, 20)))
        line = {"id": f"{n:03d}", "at": at.isoformat(), "kind": kind}
        line |= {name: draw(value) for name, value in KINDS[kind].items()}
        if kind == "ticket.issued":
            line["service"] = NUMBERS[line["ticket"]]
        source = "console" if kind == "day.reopened" else draw(st.sampled_from(["feed", "console"]))
        found.append(Entry(n + 1, source, at, source, fact(line)))
    return found


def holds_together(floor: Floor, t: TerminalState) -> None:
    open_loans = [x for x in floor.loans if x.terminal == t.code and x.back is None and not _never(x)]
    if t.home is None:
        assert (t.loan, t.to_be_lent, t.coming_home, open_loans) == (None, False, False, [])
        return
    assert t.loan is not None and open_loans == [floor.loans[t.loan]]
    one = open_loans[0]
    assert one.home == t.home == t.own_lane and one.to != t.home
    assert floor.state(t.code) != "unstaffed" and floor.closed_at is None
    assert t.home != t.lane or t.next_lane is not None
    assert (one.went is None) == t.to_be_lent
    if one.went is None:
        assert (t.next_lane, one.ended) == (one.to, "") and t.ticket is not None
    else:
        assert t.lane == one.to and (one.ended == "returned") == t.coming_home
        assert t.next_lane in (None, t.home) and (t.ticket is not None or t.next_lane is None)


def _never(one: Any) -> bool:
    return one.went is None and one.ended != ""


@given(days())
@settings(max_examples=300)
def test_a_loan_and_its_terminal_agree_at_every_instant(facts: list[Entry]) -> None:
    day = DayFold(kumagaya(), MONDAY)
    for entry in sorted(facts, key=order):
        day.add([entry])
        floor = day.floor
        for t in floor.terminals.values():
            holds_together(floor, t)
        for one in floor.loans:
            assert one.ended in ("", "lapsed", "returned", "moved", "unstaffed", "closed")
            assert one.back is None or (one.went is not None and one.at <= one.went <= one.back and one.ended)
            assert one.to in kumagaya().terminal_by_code[one.terminal].lanes
        assert all(m.origin != m.to for m in floor.moves)


@given(days(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_same_facts_in_any_order_give_the_same_loans(facts: list[Entry], chance: Any) -> None:
    day = DayFold(kumagaya(), MONDAY)
    for entry in chance.sample(facts, len(facts)):
        day.add([entry])
    whole = fold(kumagaya(), MONDAY, facts)
    assert plain(day.floor) == plain(whole)
    assert [astuple(x) for x in day.floor.loans] == [astuple(x) for x in whole.loans]


def test_who_might_be_lent_on_the_day_before_and_can_be_still() -> None:
    """A terminal that has been taken from its other lane since, or from the hall, is not proposed."""
    story = a_day().tells("lending.permitted", "08:40", terminals=["T2", "A1"])
    assert permit_before(story.entries(), [], kumagaya()) == (MONDAY, ("T2",))
    assert permit_before(a_day().tells("lending.permitted", terminals=["A1"]).entries(), [], kumagaya()) is None
    assert permit_before(story.tells("lending.permitted", terminals=[]).entries(), [], kumagaya()) is None
