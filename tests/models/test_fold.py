"""The fold beyond what the contract states: the code of every anomaly, corners, and that order of arrival changes nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.commands.fold import DayFold, fold, fold_register
from floorctl.common.clock import JST
from floorctl.common.errors import StoreError
from floorctl.common.words import ANOMALIES
from floorctl.models.board.flow import waiting_series
from floorctl.models.board.passed_over import overtaken
from floorctl.models.board.status import lane_counts
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry, order
from floorctl.models.facts.kinds import KINDS
from tests.story import MONDAY, Story, a_day, busy_day, entries_of, fact, instant, kumagaya, plain
from tests.work import lines

SITE = kumagaya()


def waiting(floor: Floor, lane: str = "certificate") -> int:
    return floor.lanes[lane].waiting


# ---- what does not fit


def opened() -> Story:
    return a_day().opens("08:30")


def at_t3() -> Story:
    """B001 stands at T3."""
    return opened().issues("B001").calls("B001", "T3")


def ended() -> Story:
    return at_t3().finishes("B001", "T3")


def raised() -> Story:
    return opened().tells("escalation.raised", escalation="E-1", matter="identity")


def settled() -> Story:
    return raised().tells("escalation.settled", escalation="E-1", outcome="desk3")


DOES_NOT_FIT: dict[str, list[Story]] = {
    "unknown_ticket": [
        *(opened().tells(f"ticket.{kind}", ticket="B777") for kind in ("no_show", "left", "requeued", "recalled")),
        opened().transfers("B777", "pin_reset"),
        opened().calls("B777", "T3"),
        opened().finishes("B777", "T1"),
        opened().tells("ticket.called", instant("09:54:59"), ticket="B1", terminal="T3").issues("B1", at="10:00"),
    ],
    "repeated_ticket": [opened().issues("B001").tells("ticket.issued", None, "second", ticket="B001", service="other")],
    "wrapped": [opened().issues("B001").tells("ticket.issued", ticket="B001", service="other", wraps=True)],
    "unstaffed": [opened().staffs("T1", "S1").issues("B001").calls("B001", "T3")],
    "other_lane": [opened().issues("B001").calls("B001", "T1"), opened().calls("B001", "T1", "9:59").issues("B001", at="10:00")],
    "busy_terminal": [at_t3().issues("B002").calls("B002", "T3")],
    "unknown_escalation": [
        opened().tells("escalation.taken", escalation="E-9"),
        opened().tells("escalation.settled", escalation="E-9", outcome="withdrawn"),
    ],
    "repeated_escalation": [raised().tells("escalation.raised", escalation="E-1", matter="fee")],
    "undecided_case": [
        at_t3().tells("escalation.raised", escalation="E-1", matter="fee", ticket="B001").finishes("B001"),
        at_t3().tells("escalation.raised", escalation="E-1", matter="proxy", terminal="T3").finishes("B001"),
    ],
    "not_retractable": [opened().issues("B001").takes_back("f-00002").takes_back("f-00002")],
    "impossible": [
        opened().opens("08:40"),
        opened().reopens("09:00"),
        a_day().opens("08:30", A1="issuance", T4="certificate"),
        at_t3().calls("B001", "T4"),
        at_t3().finishes("B001", "T4"),
        at_t3().leaves("B001"),
        ended().finishes("B001", "T3"),
        ended().misses("B001"),
        ended().leaves("B001"),
        ended().requeues("B001"),
        ended().transfers("B001", "pin_reset"),
        ended().calls("B001", "T3"),
        opened().issues("B001").requeues("B001"),
        opened().issues("B001").tells("ticket.recalled", ticket="B001", terminal="T3"),
        ended().tells("ticket.recalled", ticket="B001", terminal="T3"),
        opened().issues("B001").finishes("B001", "T3"),
        opened().issues("B001").tells("terminal.failed", terminal="T3").calls("B001", "T3"),
        opened().issues("B001").tells("terminal.paused", terminal="T3").calls("B001", "T3"),
        opened().moves("A1", "issuance"),
        opened().tells("terminal.paused", terminal="T3").tells("terminal.paused", terminal="T3"),
        opened().tells("terminal.failed", terminal="T3").tells("terminal.failed", terminal="T3"),
        opened().tells("terminal.resumed", terminal="T3"),
        opened().tells("terminal.repaired", terminal="T3"),
        raised().tells("escalation.taken", escalation="E-1").tells("escalation.taken", escalation="E-1"),
        settled().tells("escalation.settled", escalation="E-1", outcome="withdrawn"),
        settled().tells("escalation.taken", escalation="E-1"),
        opened().tells("reception.resumed", service="pin_reset"),
        opened().issues("B001").tells("ticket.remarked", ticket="B001", remark="companion", removed=True),
        opened().tells("reception.stopped", service="other").tells("reception.stopped", service="other"),
    ],
}  # fmt: skip


def test_a_finish_that_waits_for_no_decision_is_not_odd() -> None:
    """The decision may have the minute of the finish; the sixth matter is none of the five; 未了 and the desk go."""
    raised = {"escalation": "E-1", "ticket": "B001"}
    decision = {"escalation": "E-1", "outcome": "approved", "official": "C1"}
    same = at_t3().tells("escalation.raised", "09:05", matter="fee", **raised).finishes("B001", at="09:10")
    asked = at_t3().tells("escalation.raised", matter="inquiry", **raised).finishes("B001")
    begun = at_t3().tells("escalation.raised", matter="fee", **raised)
    for story in (
        same.tells("escalation.settled", "09:10", **decision),
        asked,
        begun.finishes("B001", outcome="desk3"),
    ):
        assert story.anomalies() == {}


def test_a_case_goes_with_its_visitor_and_not_with_the_terminal() -> None:
    story = at_t3().tells("escalation.raised", escalation="E-1", matter="fee", terminal="T3")
    assert (case := story.floor().at_city("T3")) is not None and case.customer == "B001"
    story.finishes("B001", outcome="incomplete").issues("B002").calls("B002", "T3")
    assert story.floor().at_city("T3") is None


def test_after_the_close_no_case_ticks_on() -> None:
    floor = at_t3().tells("escalation.raised", "16:50", escalation="E-1", matter="fee").closes("17:15").floor()
    assert floor.moment(instant("17:10")) == instant("17:10")
    assert floor.moment(instant("23:00")) == instant("17:15")


@pytest.mark.parametrize(("code", "story"), [(code, story) for code, told in DOES_NOT_FIT.items() for story in told])
def test_what_does_not_fit_has_its_code(code: str, story: Story) -> None:
    assert list(story.anomalies().values()) == [code]
    assert set(DOES_NOT_FIT) == set(ANOMALIES)


def test_of_an_allocation_what_can_be_takes_effect() -> None:
    terminals = a_day().opens("08:30", A1="issuance", T4="certificate").floor().terminals
    assert (terminals["A1"].lane, terminals["T4"].lane, terminals["T2"].lane) == ("application", "certificate", "issuance")  # fmt: skip


def test_somebody_unknown_is_served_and_counts() -> None:
    story = opened().calls("B777", "T3")
    assert story.floor().terminals["T3"].ticket == "B777"
    assert lane_counts(story.finishes("B777", "T3").floor())["certificate"].served == 1
    assert lane_counts(opened().finishes("B777", "T1").floor())["issuance"].served == 1


def test_a_finish_that_comes_after_all_replaces_the_assumed_end() -> None:
    story = opened().issues("B001", at="09:00").issues("B002", at="09:01")
    story.calls("B001", "T3", "09:05").calls("B002", "T3", "09:10").finishes("B001", "T3", "09:10:30")
    floor = story.floor()
    assert floor.tickets["B001"].outcome == "done"
    assert floor.terminals["T3"].ticket == "B002"


def test_a_finish_without_a_call_ends_the_wait() -> None:
    floor = opened().issues("B001").finishes("B001", "T3").floor()
    assert (waiting(floor), lane_counts(floor)["certificate"].served) == (0, 1)


# ---- what fits


@pytest.mark.parametrize("kind", ["memo.written", "day.closed"])
def test_a_memo_or_a_closing_opens_no_day(kind: str) -> None:
    fields = {"text": "鍵を受け取った"} if kind == "memo.written" else {}
    assert not a_day().tells(kind, "08:00", **fields).floor().is_open


def test_a_reopened_day_goes_on_as_if_it_had_not_been_closed() -> None:
    story = opened().issues("B001", at="16:50").closes("17:00").calls("B001", at="17:02")
    assert waiting(story.floor()) == 1
    floor = story.tells("day.closed", "17:04", "console").reopens("17:05").floor()  # two have closed it
    assert floor.is_open
    assert waiting(floor) == 0
    assert floor.terminals["T3"].ticket == "B001"
    assert floor.reopened == 1
    assert not floor.anomalies


def test_a_requeue_from_the_terminal_frees_it_and_waits_since_the_issue() -> None:
    floor = opened().issues("B001", at="09:00").calls("B001", at="09:10").requeues("B001", "09:15").floor()
    assert (waiting(floor), floor.state("T3")) == (1, "free")
    assert floor.tickets["B001"].wait_from == instant("09:00")
    assert not floor.anomalies


def test_a_transfer_while_serving_counts_where_it_ends() -> None:
    floor = at_t3().transfers("B001", "card_issuance").finishes("B001").floor()
    assert (lane_counts(floor)["issuance"].served, lane_counts(floor)["certificate"].served) == (1, 0)


@pytest.mark.parametrize("issued", ["09:00", "10:00"], ids=["after the issue", "before it, by another clock"])
def test_a_call_and_a_finish_in_one_instant_fit(issued: str) -> None:
    story = opened().calls("B001", "T3", "09:59").finishes("B001", "T3", "09:59").issues("B001", at=issued)
    assert not story.anomalies()
    assert (lane_counts(story.floor())["certificate"].served, story.floor().state("T3")) == (1, "free")


def test_a_move_that_is_called_off_before_the_ticket_ends_stays() -> None:
    floor = at_t3().moves("T3", "issuance").moves("T3", "certificate").finishes("B001", "T3").floor()
    assert floor.terminals["T3"].lane == "certificate"


def test_a_case_stands_at_its_terminal_and_may_end_in_the_instant_in_which_it_is_taken() -> None:
    story = at_t3().tells("escalation.raised", "09:00", escalation="E-1", matter="identity", terminal="T3")
    assert story.floor().at_city("T3").code == "E-1"  # type: ignore[union-attr]
    story.tells("escalation.taken", "09:02", escalation="E-1")
    story.tells("escalation.settled", "09:02", escalation="E-1", outcome="desk3")
    assert not story.anomalies()
    assert (story.floor().escalations["E-1"].state, story.floor().at_city("T3")) == ("settled", None)


def test_who_stands_at_a_terminal_is_there() -> None:
    story = a_day().tells("staff.changed", "08:00", staff="S1", status="expected").staffs("T3", "S2", "08:35")
    floor = story.tells("staff.changed", "12:00", staff="S1", status="on_break", until="13:00").floor()
    assert (floor.staff["S1"].until, floor.staff["S1"].since) == ("13:00", instant("12:00"))
    assert floor.staff["S2"].status == "present"
    assert [c.status for c in floor.staff_changes] == ["expected", "on_break"]


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


# ---- every kind


def test_every_kind_is_folded() -> None:
    """A kind that is added must be given an effect here."""
    told = {line["kind"] for line in EVERY_KIND.lines}
    assert told == set(KINDS)
    assert EVERY_KIND.anomalies() == {}
    assert len(EVERY_KIND.floor().entries) == len(EVERY_KIND.lines)


EVERY_KIND = (
    a_day()
    .opens("08:30")
    .staffs("T3", "S3")
    .issues("B001")
    .calls("B001")
    .tells("ticket.recalled", ticket="B001")
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
    .tells("breaks.planned", breaks=[{"staff": "S1", "start": "12:00", "minutes": 60, "fixed": True}], removed=["S2"])
    .tells("vacancy.filled", staff="S5", substitute="S6")
    .tells("checklist.checked", item="name_tags")
    .tells("accommodation.given", means="筆談")
    .tells("referral.given", desk="税")
    .tells("custody.counted", taken=3)
    .tells("staff.registered", staff="S1", role="site_manager")
    .tells("appointments.imported", date="2026-09-14", slots=[{"time": "09:00", "cards": 1, "count": 2}])
    .tells(
        "shifts.planned",
        date="2026-09-14",
        shifts=[{"staff": "S1", "starts": "10:00", "ends": "19:00", "break_minutes": 60}],
    )
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
    .tells("lending.permitted", source="console", terminals=["T3"])
    .tells("posts.planned", source="console", starts="13:00", places=[{"staff": "S1", "place": "T3"}])
    .lends("T3", "issuance")
    .returns("T3")
    .takes_back("f-00026")
    .tells("memo.written", source="console", text="雨")
    .tells("memo.written", "16:59", source="console", text="折り返し", due="17:00")
    .tells("memo.moved", "16:59", source="console", memo="f-00068", due="17:05")
    .tells("memo.done", "16:59", source="console", memo="f-00068")
    .tells("ticket.remarked", "16:59", ticket="B001", remark="companion")
    .tells("absence.planned", "16:59", source="console", staff="S2", date="2026-09-15")
    .tells("officials.planned", "16:59", source="console", date="2026-09-15", steps=[{"starts": "08:30", "present": 2}])
    .closes()
    .reopens()
)


# ---- taking back


def test_a_retracted_fact_has_not_happened_but_stays_in_the_journal() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001")
    wrong = story.last_id
    floor = story.takes_back(wrong).floor()
    assert (waiting(floor), floor.state("T3")) == (1, "free")
    assert ("feed", wrong) in floor.retracted
    assert [e.kind for e in floor.entries] == ["day.opened", "ticket.issued", "ticket.called", "retracted"]
    assert not floor.anomalies


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
    assert overtaken(story.floor())["certificate"] == []
    story.calls("B006").finishes("B006")
    assert [t.number for t in overtaken(story.floor())["certificate"]] == ["B001"]


@pytest.mark.parametrize("how", ["back in the queue", "of another lane", "called by mistake"])
def test_who_joins_a_queue_again_has_been_overtaken_by_nobody_yet(how: str) -> None:
    story = a_day().opens("08:30").issues("B001", "card_issuance" if how == "of another lane" else "cert_renewal")
    if how != "of another lane":
        story.calls("B001", "T4")
        call = story.last_id
    if how == "back in the queue":
        story.misses("B001")
    for n in range(2, 15):
        story.issues(f"B{n:03d}")
    for n in range(2, 8):
        story.calls(f"B{n:03d}").finishes(f"B{n:03d}")
    if how == "back in the queue":
        story.requeues("B001")
    elif how == "of another lane":
        story.transfers("B001", "cert_renewal")
    else:
        story.takes_back(call)
    assert overtaken(story.floor())["certificate"] == []
    for n in range(8, 13):
        story.calls(f"B{n:03d}").finishes(f"B{n:03d}")
    assert [t.number for t in overtaken(story.floor())["certificate"]] == ["B001"]


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
        "wraps": st.sampled_from([False, False, True]),
        "no_arrival": st.sampled_from([False, False, True]),
    },
    "ticket.called": {
        "ticket": ticket,
        "terminal": st.none() | terminal,
        "ends": st.sampled_from(["", "", "next_call", "call"]),
    },
    "ticket.recalled": {"ticket": ticket, "terminal": st.none() | terminal},
    "ticket.finished": {
        "ticket": ticket,
        "terminal": st.none() | terminal,
        "outcome": st.sampled_from(["done", "incomplete", "desk3"]),
        "work": st.dictionaries(st.sampled_from(["photo", "pin_reset"]), st.integers(0, 3), max_size=2),
    },
    "ticket.no_show": {"ticket": ticket},
    "ticket.left": {"ticket": ticket, "mistaken": st.booleans()},
    "ticket.requeued": {"ticket": ticket},
    "ticket.transferred": {"ticket": ticket, "service": service},
    "queue.counted": {"lane": lane, "waiting": st.integers(0, 4)},
    "terminal.assigned": {"terminal": terminal, "lane": lane},
    "terminal.lent": {"terminal": terminal, "lane": lane},
    "terminal.returned": {"terminal": terminal},
    "lending.permitted": {"terminals": st.lists(terminal, max_size=2)},
    "absence.planned": {"staff": st.just("S1"), "date": st.just("2026-09-14"), "absent": st.booleans()},
    "officials.planned": {"date": st.just("2026-09-14"), "steps": st.just([{"starts": "08:30", "present": 2}])},
    "posts.planned": {
        "starts": st.sampled_from(["09:00", "13:00"]),
        "places": st.lists(st.sampled_from(["T1", "T3", "reception", None]), max_size=2).map(
            lambda places: [{"staff": f"S{n}", "place": place} for n, place in enumerate(places, 1)]
        ),
    },
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
    "breaks.planned": {
        "breaks": st.lists(st.sampled_from(["S1", "S2"]), max_size=1).map(
            lambda codes: [{"staff": code, "start": "12:00", "minutes": 60} for code in codes]
        ),
        "removed": st.lists(st.sampled_from(["S1", "S2"]), max_size=1),
    },
    "vacancy.opened": {"staff": st.sampled_from(["S1", "S2"])},
    "vacancy.filled": {"staff": st.sampled_from(["S1", "S2"])},
    "checklist.checked": {"item": st.sampled_from(["name_tags", "papers"]), "done": st.booleans()},
    "referral.given": {"desk": st.just("税"), "count": st.integers(-2, 3)},
    "accommodation.given": {"means": st.just("筆談"), "count": st.integers(-2, 3)},
    "custody.counted": {"taken": st.integers(0, 3), "returned": st.integers(0, 3)},
    "staff.registered": {"staff": st.sampled_from(["S1", "S2"])},
    "appointments.imported": {"date": st.just("2026-09-14")},
    "shifts.planned": {"date": st.just("2026-09-14"), "shifts": st.just([{"staff": "S1", "code": "休"}])},
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
    "memo.written": {"text": st.sampled_from(["雨", "晴れ"]), "due": st.none() | st.just("11:00")},
    "memo.moved": {
        "memo": st.integers(0, 40).map(lambda n: f"{n:03d}"),
        "memo_source": st.just("feed"),
        "due": st.just("12:00"),
    },
    "memo.done": {"memo": st.integers(0, 40).map(lambda n: f"{n:03d}"), "memo_source": st.just("feed")},
    "ticket.remarked": {"ticket": ticket, "remark": st.just("companion"), "removed": st.booleans()},
    "total.read": {"item": st.just("photo"), "count": st.none() | st.integers(0, 9)},
    "report.written": {"head": st.sampled_from(["problems", "remarks"]), "none": st.booleans()},
    "demand.imported": {
        "months": st.just([{"month": "2026-09", "cert_renewals": 900, "card_renewals": 300, "new_and_reissued": 200}])
    },
    "period.written": {"of": st.just("2026-09"), "head": st.just("plan"), "none": st.booleans()},
    "retracted": {"target": st.integers(0, 40).map(lambda n: f"{n:03d}"), "target_source": st.just("feed")},
}
# Most facts of a day are about tickets; the rarer kinds still come in most examples.
DRAWN = [k for k in FIELDS if k.startswith("ticket.")] * 4 + [k for k in FIELDS if k != "day.closed"] + ["day.closed"]
assert set(FIELDS) == set(KINDS)


@st.composite
def days(draw: st.DrawFn) -> list[Entry]:
    """The facts of a plausible and implausible day: a short span of time, so that many instants are shared."""
    found = []
    for n in range(draw(st.integers(1, 40))):
        kind = draw(st.sampled_from(DRAWN))
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
    assert plain(day.floor) == plain(fold(SITE, MONDAY, sorted(facts, key=order)))


@given(arrivals())
def test_facts_that_come_in_order_are_applied_in_place(case: tuple[list[Entry], list[list[Entry]]]) -> None:
    """One by one, in order: the cheap way gives what the refold gives."""
    facts, _ = case
    day = DayFold(SITE, MONDAY)
    for entry in sorted(facts, key=order):
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
    for entry in sorted(facts, key=order):
        day.add([entry])
        floor = day.floor
        assert floor.persons >= 0
        queued = [n for q in floor.lanes.values() for n in q.tickets]
        for q in floor.lanes.values():
            assert q.waiting >= 0 <= q.uncounted
            assert all(n >= 0 for _, n in q.history)
            assert all(floor.lane_of(t) == q.code for t in q.tickets.values())
        # One that is issued as it is called stands in no queue, and one called nobody knows where at no terminal.
        waiting = {n: t for n, t in floor.tickets.items() if t.state == "waiting"}
        assert sorted(queued) == sorted(n for n, t in waiting.items() if t.issued_at is not None)
        at_terminals = {t.ticket: t.code for t in floor.terminals.values() if t.ticket}
        serving = {n: t.terminal for n, t in floor.tickets.items() if t.state == "serving"}
        assert at_terminals == {n: terminal for n, terminal in serving.items() if terminal is not None}
        assert all(t.state == "finished" and t.ended_at is not None for t in floor.tickets.values() if t.by_rule)
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
    others = sorted(set(KINDS) - {*first, "day.closed"})
    by_kind = {line["kind"]: fact({**line, "at": "2026-09-14T10:00:00+09:00"}) for line in EVERY_KIND.lines}
    entries = [Entry(1, "feed", START, "feed", f) for f in by_kind.values()]
    assert [e.kind for e in sorted(entries, key=order)] == [*first, *others, "day.closed"]

    def entry(at: str, source: str, fact_id: str) -> Entry:
        made = fact({"id": fact_id, "at": at, "kind": "memo.written", "text": "x"})
        return Entry(1, source, START, source, made)

    told = [
        entry("2026-09-14T00:59:59Z", "z", "9"),
        entry("2026-09-14T10:00:00+09:00", "a", "2"),
        entry("2026-09-13T20:00:00-05:00", "b", "1"),
        entry("2026-09-14T02:00:00+01:00", "b", "2"),
    ]
    assert sorted(random.Random(3).sample(told, 4), key=order) == told
    assert [e.fact.at.tzinfo for e in told] == [JST] * 4


def test_late_facts_cost_one_refold_however_many_arrivals_there_are() -> None:
    """A machine whose rows are out of order is read in batches: the day is folded again when it is looked at, not at each."""
    entries = entries_of(busy_day())
    day = DayFold(SITE, MONDAY, entries[100:])
    again = lines(lambda: fold(SITE, MONDAY, entries))

    def arrive() -> None:
        for n in range(99, -1, -1):
            day.add([entries[n]])

    assert lines(arrive) < again
    assert lines(lambda: day.floor) < 1.1 * again
    assert lines(lambda: day.floor) < 10
    assert plain(day.floor) == plain(fold(SITE, MONDAY, entries))


def test_a_late_fact_that_cannot_be_folded_is_refused_as_it_comes() -> None:
    facts = entries_of(a_day().opens("08:30").issues("B001", at="09:00").lines)
    foreign = fact(
        {"id": "x1", "at": "2026-09-14T08:45:00+09:00", "kind": "ticket.called", "ticket": "B001", "terminal": "T99"}
    )
    day = DayFold(SITE, MONDAY, facts)
    with pytest.raises(StoreError, match="会場設定にないコード"):
        day.add([Entry(9, "feed", START, "feed", foreign)])
