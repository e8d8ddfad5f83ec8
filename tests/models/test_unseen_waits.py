"""Days of machines that tell half: what nobody told is shown nowhere as sure, and a person may still say what they know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from floorctl.advice.month_study import too_little
from floorctl.commands.context import Context, Wish
from floorctl.commands.decide import decide
from floorctl.documents.day.counts import waits as waits_table
from floorctl.documents.day.course import moves as moves_table
from floorctl.documents.day.record import day_record, no_waits_word
from floorctl.models.board.grounds import grounds
from floorctl.models.board.status import status
from floorctl.models.board.told import arrivals_untold, heads_alone
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Head
from floorctl.models.register.register import Register
from tests.story import MONDAY, Desk, Story, a_day, instant, kumagaya

SITE = kumagaya()


def call_alone(story: Story, ticket: str, at: str, terminal: str | None = "T3") -> Story:
    """A call that is also the arrival; the next one at the desk ends it, or it counts as done where no desk is told."""
    story.tells("ticket.issued", at, ticket=ticket, service="cert_renewal", no_arrival=True)
    return story.tells("ticket.called", at, ticket=ticket, terminal=terminal, ends="next_call" if terminal else "call")


def calls_at_desks() -> Story:
    story = a_day().opens("08:30")
    for n, at in enumerate(("09:00", "09:05", "09:12", "09:20"), 1):
        call_alone(story, f"B{n:03d}", at, "T3" if n % 2 else "T5")
    return story


def withheld(floor: Floor, now: str) -> str:
    found = grounds(floor, Register(), instant(now)).withheld.get("certificate")
    return found.word if found else ""


def terminals(floor: Floor, now: str) -> dict[str, dict[str, object]]:
    info = Register().calendar(SITE).day_info(MONDAY)
    return {x["terminal"]: x for x in status(floor, Register(), info, instant(now), Head(1, ""))["terminals"]}


def test_where_nobody_tells_who_waits_no_wait_is_predicted_though_the_desks_are_known() -> None:
    assert withheld(calls_at_desks().floor(), "09:22") == "待ちの記録なし"


def test_a_head_count_holds_for_half_an_hour_of_calls_alone() -> None:
    floor = call_alone(calls_at_desks().counts("certificate", 6, "09:22"), "B005", "09:25").floor()
    q = floor.lanes["certificate"]
    assert q.waiting == 5 and not arrivals_untold(q, instant("09:30"))
    assert arrivals_untold(q, instant("09:53")), "who has come since then nobody told"
    assert withheld(floor, "09:30") == ""
    later = call_alone(calls_at_desks().counts("certificate", 6, "09:22"), "B005", "09:52").floor()
    assert withheld(later, "09:53") == "待ちの記録なし"


def test_one_number_given_by_hand_is_not_all_who_wait() -> None:
    floor = calls_at_desks().issues("B900", at="09:24", source="console").floor()
    assert arrivals_untold(floor.lanes["certificate"], instant("09:25"))
    later = calls_at_desks().issues("B900", at="09:55", source="console").floor()
    assert not arrivals_untold(later.lanes["certificate"], instant("09:56")), "the machine has been silent since"


def test_the_report_of_calls_alone_says_nothing_of_queues() -> None:
    story = calls_at_desks().moves("T4", "certificate", at="09:10").closes("17:10")
    record = day_record(story.floor(), Register(), None, revision=1)
    assert record.unseen == {"certificate"} and no_waits_word(record, "certificate") == "待ち時間の記録なし"
    row = next(r for r in waits_table(record, SITE) if r["lane"] == "certificate")
    assert (row["n"], row["mean"], row["peak"]) == (None, None, None)
    move = next(iter(moves_table(record, SITE)))
    assert (move["to_effect"], move["from_effect"], move["to_before"]) == ("-", "-", None)
    assert no_waits_word(record, "registration") == "呼出しなし"


def test_a_desk_that_may_be_free_is_said_so_and_one_whose_calls_leave_it_out() -> None:
    story = a_day().opens("08:30").issues("B001", at="08:40")
    story.tells("ticket.called", "08:45", ticket="B001", terminal="T3", ends="next_call")
    assert not terminals(story.floor(), "08:50")["T3"]["untold"]
    found = terminals(story.floor(), "09:30")["T3"]
    assert (found["state"], found["untold"]) == ("serving", True), "nobody waits: it may be over"
    waiting = terminals(story.issues("B002", at="08:55").floor(), "09:30")["T3"]
    assert not waiting["untold"], "somebody waits: it would have called"
    nowhere = a_day().opens("08:30").issues("B001", at="08:40").tells("ticket.called", "08:45", ticket="B001")
    found = terminals(nowhere.floor(), "08:50")["T3"]
    assert (found["state"], found["untold"]) == ("free", True)
    assert not terminals(nowhere.floor(), "08:50")["T1"]["untold"], "another lane"


def test_a_terminal_that_the_close_frees_is_free_since_the_close_and_serves_on_when_it_was_a_mistake() -> None:
    story = calls_at_desks().closes("17:10")
    since = terminals(story.floor(), "17:20")["T3"]["since"]
    assert since == instant("17:10").isoformat()
    again = terminals(story.reopens("17:15").floor(), "17:20")["T3"]
    assert (again["state"], again["since"]) == ("serving", instant("09:12").isoformat())


# ---- a person knows more than the rule


@pytest.fixture
def counted_done(desk: Desk) -> Desk:
    """A number that was called nobody tells where, and counts as done."""
    story = a_day().opens("08:30").issues("B001", at="08:40")
    desk.hears(story.tells("ticket.called", "08:45", ticket="B001", ends="call"))
    desk.at("08:50")
    return desk


def of_b001(desk: Desk) -> tuple[str, str | None]:
    t = desk.floor.tickets["B001"]
    assert not desk.floor.anomalies
    return t.state, t.outcome


def test_who_did_not_come_is_absent_and_may_wait_again(counted_done: Desk) -> None:
    assert of_b001(counted_done) == ("finished", "done")
    counted_done.does("ticket.no_show", ticket="B001")
    assert of_b001(counted_done) == ("no_show", None)
    counted_done.undoes()
    assert of_b001(counted_done) == ("finished", "done")
    counted_done.does("ticket.requeued", ticket="B001")
    assert of_b001(counted_done) == ("waiting", None)
    counted_done.does("ticket.called", ticket="B001", terminal="T3")
    assert of_b001(counted_done) == ("serving", None)


def test_another_service_and_another_end_can_be_told(counted_done: Desk) -> None:
    counted_done.does("ticket.transferred", ticket="B001", service="pin_reset")
    assert counted_done.floor.tickets["B001"].service == "pin_reset"
    counted_done.does("ticket.finished", ticket="B001", outcome="desk3")
    assert of_b001(counted_done) == ("finished", "desk3")
    line = day_record(counted_done.floor, Register(), None, revision=1).tickets[0]
    assert (line.service_s, line.fate) == (None, "desk3"), "what it came to, not how long it took"
    assert counted_done.refuses("ticket.no_show", "終了の番号", ticket="B001"), "now it is told"


def test_what_a_visit_came_to_is_told_after_the_next_call_without_moving_its_end(desk: Desk) -> None:
    story = a_day().opens("08:30").issues("B001", at="08:40").issues("B002", at="08:41")
    for ticket, at in (("B001", "08:45"), ("B002", "09:00")):
        story.tells("ticket.called", at, ticket=ticket, terminal="T3", ends="next_call")
    desk.hears(story)
    desk.at("11:00").does("ticket.finished", ticket="B001", outcome="incomplete")
    t = desk.floor.tickets["B001"]
    assert (t.outcome, t.ended_at) == ("incomplete", instant("09:00"))
    line = next(x for x in day_record(desk.floor, Register(), None, revision=1).tickets if x.ticket == "B001")
    assert line.service_s == timedelta(minutes=15).total_seconds()
    assert desk.floor.terminals["T3"].ticket == "B002"


def test_a_day_whose_lengths_nobody_told_is_not_played_again() -> None:
    def of(**more: object) -> Story:
        story = a_day().opens("08:30")
        for n in range(24):
            at = instant("08:40") + timedelta(minutes=10 * n)
            story.issues(f"B{n:03d}", at=at - timedelta(minutes=3))
            story.tells("ticket.called", at, ticket=f"B{n:03d}", terminal="T3", **more)
        return story

    assert too_little(of(ends="call").floor()) == "no_lengths", "the minutes of the site file are no record"
    assert too_little(of(ends="next_call").floor()) == ""


def test_a_call_told_by_the_minute_fits_a_terminal_made_ready_in_that_minute() -> None:
    def of(resumed: str, called: str = "12:08") -> Floor:
        story = a_day().opens("08:30").issues("B001", at="11:50").tells("terminal.paused", "11:08", terminal="T3")
        return story.calls("B001", at=called).tells("terminal.resumed", resumed, "console", terminal="T3").floor()

    assert not of("12:08:24").anomalies
    assert of("12:09:01").anomalies and of("12:08:24", "12:08:10").anomalies, "another minute, a time with seconds"
    assert of("12:08:24").terminals["T3"].ticket == "B001"


def test_who_is_called_to_another_desk_was_done_at_the_first_where_no_end_is_told() -> None:
    story = a_day().opens("08:30").issues("B001", at="08:40")
    for terminal, at in (("T3", "08:45"), ("T5", "09:00")):
        story.tells("ticket.called", at, ticket="B001", terminal=terminal, ends="next_call")
    floor = story.floor()
    assert (floor.terminals["T3"].ticket, floor.terminals["T5"].ticket, floor.anomalies) == (None, "B001", {})


def test_numbers_that_the_desk_calls_by_another_letter_hold_up_no_forecast() -> None:
    def uncalled(calls: int) -> frozenset[str]:
        story = a_day().opens("08:30")
        for n in range(6):
            story.issues(f"B11{n}", at=f"08:3{n}")
        for n in range(calls):
            story.calls(f"A11{n}", terminal=f"T{3 if n == 0 else 4 + n}", at=f"08:5{n}")
        return grounds(story.floor(), Register(), instant("09:00")).never_called("certificate")

    assert uncalled(3) == {"B110", "B111", "B112"}, "they wait as written, but nobody will call them"
    assert uncalled(2) == frozenset(), "two may be chance"


def test_one_number_by_hand_makes_a_lane_of_head_counts_no_lane_of_numbers() -> None:
    story = a_day(source="kiosk").opens("08:30")
    for n in range(12):
        story.tells("queue.counted", f"08:{32 + n}", lane="certificate", waiting=3)
    story.issues("B900", at="08:50", source="console").tells(
        "ticket.called", "08:51", "console", ticket="B900", terminal="T3"
    )
    floor = story.floor()
    assert heads_alone(floor.lanes["certificate"])
    doubts = day_record(floor, Register(), None, revision=1).doubts
    assert any("手で出した番号のほかは、受付" in x for x in doubts)
    for n in range(12):
        story.issues(f"B9{n + 10}", at=f"09:{10 + n}", source="console")
    assert not heads_alone(story.floor().lanes["certificate"]), "the lane is run by hand"


def test_numbers_ended_together_at_the_close_have_no_length(desk: Desk) -> None:
    story = a_day().opens("08:30").issues("B001", at="08:40").issues("B002", at="08:41").issues("B003", at="08:42")
    for ticket in ("B001", "B002", "B003"):
        story.tells("ticket.called", "09:00", ticket=ticket)
    desk.hears(story.finishes("B003", "T5", at="09:10"))

    def all_of_them(c: Context) -> list[Wish]:
        return [w for x in ("B001", "B002") for w in decide(c, "ticket.finished", {"ticket": x})]

    desk.at("17:10").runs(all_of_them)
    lines = {x.ticket: x for x in day_record(desk.floor, Register(), None, revision=1).tickets}
    assert {n: x.fate for n, x in lines.items()} == {"B001": "done", "B002": "done", "B003": "done"}
    assert (lines["B001"].service_s, lines["B002"].service_s, lines["B003"].service_s) == (None, None, 600)
