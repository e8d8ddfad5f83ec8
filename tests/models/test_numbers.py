"""Numbers (contract 6): their one spelling, issued again, called again, times of whole minutes, taken off by a count."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.commands.calling import uncall
from floorctl.models.board.status import lane_counts
from floorctl.models.day.floor import Floor
from tests.story import Desk, Story, a_day, instant

LANE = "certificate"


def opened() -> Story:
    return a_day().opens("08:30", T4=LANE)


def rows(floor: Floor) -> list[tuple[str, int, str]]:
    """Every ticket: number, which of its number, state."""
    return [(t.number, t.nth, t.state) for t in sorted(floor.tickets.values(), key=lambda t: (t.number, t.nth))]


# ---- one spelling


@pytest.mark.parametrize("spelled", ["Ｂ０４１", "b041", "B 041", "Ｂ　０４１", "ｂ０４１"])
def test_a_number_is_compared_in_one_spelling(spelled: str) -> None:
    story = opened().issues(spelled).calls("B041", "T3")
    story.tells("escalation.raised", escalation="E-1", matter="inquiry", ticket=spelled)
    floor = story.finishes(spelled).floor()
    assert not floor.anomalies
    assert rows(floor) == [("B041", 1, "finished")]
    assert floor.escalations["E-1"].ticket == "B041"


def test_commands_and_what_is_known_to_the_file_meet_in_one_spelling(desk: Desk) -> None:
    desk.opens().hears(a_day().issues("Ｂ０４１", at="08:31"))
    desk.refuses("ticket.issued", "すでに使われた", ticket="b041", service="cert_renewal")
    desk.does("ticket.called", ticket="ｂ ０４１", terminal="T3")
    assert desk.floor.terminals["T3"].ticket == "B041"
    assert desk.hears(a_day().issues("B041", at="08:31")).duplicate == 1  # and nothing is said


# ---- issued again


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (lambda s: s.calls("B101", "T3", "08:35").finishes("B101", "T3", "08:45"), "finished"),
        (lambda s: s.leaves("B101", "08:45"), "left"),
        (lambda s: s.calls("B101", "T3", "08:35").misses("B101", "08:45"), "no_show"),
        (lambda s: s.counts(LANE, 0, "08:45"), "counted_out"),
    ],
)
def test_a_number_issued_again_after_its_end_is_a_new_ticket(end: object, state: str) -> None:
    story = opened().issues("B101", at="08:31")
    end(story)  # type: ignore[operator]
    story.issues("B101", "pin_reset", "13:31").issues("B102", at="13:32")
    floor = story.floor()
    assert rows(floor) == [("B101", 1, state), ("B101", 2, "waiting"), ("B102", 1, "waiting")]
    assert list(floor.anomalies.values()) == ["repeated_ticket"]
    floor = story.calls("B101", "T3", "13:50").finishes("B101", "T3", "14:00").floor()
    first, second = floor.tickets["B101 1"], floor.tickets["B101"]
    assert (first.service, first.state, first.ended_at) == ("cert_renewal", state, instant("08:45"))
    assert (second.service, second.state, second.wait_from) == ("pin_reset", "finished", instant("13:31"))
    assert lane_counts(floor)[LANE].served == 1 + (state == "finished")
    assert len(floor.anomalies) == 1


def test_a_number_that_has_not_ended_is_no_new_ticket() -> None:
    for story in (opened().issues("B101"), opened().issues("B101").calls("B101")):
        floor = story.issues("B101", "other").floor()
        assert [t.service for t in floor.tickets.values()] == ["cert_renewal"]
        assert list(floor.anomalies.values()) == ["repeated_ticket"]


def test_a_late_fact_goes_to_the_ticket_of_its_time() -> None:
    story = opened().issues("B101", at="08:31").calls("B101", "T3", "08:35").finishes("B101", "T3", "08:45")
    story.issues("B101", at="13:31").transfers("B101", "pin_reset", "08:40")
    floor = story.floor()
    assert [floor.tickets[n].service for n in ("B101 1", "B101")] == ["pin_reset", "cert_renewal"]
    # The end taken back: one ticket goes on, and is only named twice.
    back = story.takes_back("f-00004", "15:00").floor()
    assert rows(back) == [("B101", 1, "serving")]


def test_a_call_just_before_the_second_issue_is_that_of_the_second_ticket() -> None:
    """Contract 2: a call or finish up to 5 minutes before its issue fits."""
    story = opened().issues("B101", at="08:31").calls("B101", "T3", "08:35")
    story.finishes("B101", "T3", "08:45", work={"photo": 1}).calls("B101", "T4", "13:29")
    assert list(story.anomalies().values()) == ["impossible"]
    story.issues("B101", at="13:31")
    assert list(story.anomalies().values()) == ["repeated_ticket"]
    floor = story.finishes("B101", "T4", "13:40", outcome="desk3", work={"photo": 2}).floor()
    assert rows(floor) == [("B101", 1, "finished"), ("B101", 2, "finished")]
    first, second = floor.tickets["B101 1"], floor.tickets["B101"]
    assert (first.outcome, first.terminal, first.work) == ("done", "T3", {"photo": 1})
    assert (second.outcome, second.terminal, second.work, second.called_at) == ("desk3", "T4", {"photo": 2}, instant("13:29"))  # fmt: skip
    assert floor.work_done()["photo"] == 3


def test_the_oldest_of_a_lane_is_by_the_last_issue_of_its_number() -> None:
    floor = opened().issues("B1").leaves("B1").issues("B2").issues("B1").counts(LANE, 1).floor()
    assert [t.number for t in floor.lanes[LANE].tickets.values()] == ["B1"]


def test_a_case_belongs_to_one_ticket_of_the_number() -> None:
    story = opened().issues("B1").calls("B1", "T3").tells("escalation.raised", escalation="E-1", matter="fee", ticket="B1")  # fmt: skip
    floor = story.finishes("B1", "T3").issues("B1").calls("B1", "T4").floor()
    assert (floor.escalations["E-1"].nth, floor.at_city("T4")) == (1, None)


# ---- called again


def test_a_second_call_at_the_same_terminal_is_a_recall() -> None:
    story = opened().issues("B001", at="08:31").issues("B002", at="08:32")
    for at in ("08:40", "08:41", "08:42:30"):
        story.calls("B001", "T3", at)
    floor = story.floor()
    t = floor.tickets["B001"]
    assert (floor.anomalies, t.recalls, t.called_at, t.serving_since) == ({}, 2, instant("08:40"), instant("08:40"))
    assert floor.terminals["T3"].since == instant("08:40")
    assert lane_counts(floor)[LANE].recalls == 2
    # In the minute of its end, too; elsewhere or afterwards it is none.
    story.finishes("B001", "T3", "08:55").calls("B001", "T3", "08:55")
    assert (story.anomalies(), story.floor().state("T3")) == ({}, "free")
    assert list(story.calls("B001", "T3", "08:56").anomalies().values()) == ["impossible"]


def test_a_recall_by_hand(desk: Desk) -> None:
    desk.opens().hears(a_day().issues("B001", at="08:31").calls("B001", "T3", "08:32"))
    desk.does("ticket.called", ticket="b001", terminal="T3")
    assert (desk.floor.tickets["B001"].recalls, desk.floor.anomalies) == (1, {})
    desk.refuses("ticket.called", "応対中", ticket="B001", terminal="T5")


def test_a_mistaken_call_is_taken_back_with_its_recalls(desk: Desk) -> None:
    desk.opens()
    desk.hears(a_day().issues("B001", at="08:31").calls("B001", "T3", "08:32").calls("B001", "T3", "08:33"))
    desk.at("08:35").runs(uncall, "B001")
    assert rows(desk.floor) == [("B001", 1, "waiting")]


# ---- whole minutes


def test_called_and_absent_in_one_minute() -> None:
    story = opened().issues("B001", at="09:00").calls("B001", "T3", "09:10").misses("B001", "09:10")
    floor = story.issues("B002", at="09:11").floor()
    t = floor.tickets["B001"]
    assert (floor.anomalies, floor.state("T3"), lane_counts(floor)[LANE].no_show) == ({}, "free", 1)
    assert (t.state, t.called_at, t.terminal, t.ended_at) == ("no_show", instant("09:10"), "T3", instant("09:10"))
    # Issued, called and absent in one minute, and called again as he came back.
    again = opened().issues("B001", at="09:10").calls("B001", "T3", "09:10").misses("B001", "09:10")
    again.requeues("B001", "09:20").calls("B001", "T4", "09:21")
    assert (again.anomalies(), again.floor().terminals["T4"].ticket) == ({}, "B001")


def test_called_absent_and_back_in_the_queue_in_one_minute() -> None:
    story = opened().issues("B001", at="09:00").calls("B001", "T3", "09:10").misses("B001", "09:10")
    floor = story.requeues("B001", "09:10").floor()
    t = floor.tickets["B001"]
    assert (floor.anomalies, floor.state("T3"), t.state, t.called_at) == ({}, "free", "waiting", instant("09:10"))


def test_recalled_and_absent_in_one_minute() -> None:
    story = opened().issues("B001", at="09:00").calls("B001", "T3", "09:10").calls("B001", "T3", "09:12")
    floor = story.misses("B001", "09:12").floor()
    assert (floor.anomalies, floor.state("T3"), floor.tickets["B001"].recalls) == ({}, "free", 1)


def test_the_call_of_somebody_absent_ends_what_its_terminal_had() -> None:
    story = opened().issues("B001", at="09:00").issues("B002", at="09:01").calls("B001", "T3", "09:05")
    floor = story.calls("B002", "T3", "09:10").misses("B002", "09:10").floor()
    assert list(floor.anomalies.values()) == ["busy_terminal"]
    assert (rows(floor), floor.state("T3")) == ([("B001", 1, "finished"), ("B002", 1, "no_show")], "free")


@pytest.mark.parametrize("ids", [("a1", "a2", "a3"), ("a3", "a2", "a1"), ("a2", "a3", "a1")])
def test_an_absence_and_the_next_call_in_one_minute_in_any_order_of_the_file(ids: tuple[str, str, str]) -> None:
    story = opened().issues("B001", at="09:00").issues("B002", at="09:01")
    story.calls("B001", "T3", "09:10").misses("B001", "09:10").calls("B002", "T3", "09:10")
    for line, name in zip(story.lines[-3:], ids, strict=True):
        line["id"] = name
    floor = story.floor()
    assert (floor.anomalies, floor.terminals["T3"].ticket) == ({}, "B002")
    assert rows(floor) == [("B001", 1, "no_show"), ("B002", 1, "serving")]


@pytest.mark.parametrize(
    ("before", "odd"),
    [
        (
            lambda s: s.calls("B001", "T3", "09:05").misses("B001", "09:06"),
            ["impossible"],
        ),  # called again without a return
        (lambda s: s.calls("B001", "T4", "09:05").finishes("B001", "T4", "09:06"), ["impossible"]),
        (lambda s: s.calls("B001", "T4", "09:05"), ["impossible"]),  # still at another terminal
        (lambda s: s.counts(LANE, 0, "09:05"), []),
        (lambda s: s.takes_back("f-00002", "09:05"), ["unknown_ticket"]),  # never issued
    ],
)
def test_whatever_a_number_was_an_absence_in_the_minute_of_its_call_ends_the_call(before: Any, odd: list[str]) -> None:
    story = opened().issues("B001", at="09:00")
    before(story)
    floor = story.calls("B001", "T3", "09:10").misses("B001", "09:10").floor()
    assert list(floor.anomalies.values()) == odd
    assert (rows(floor), floor.state("T3"), floor.state("T4")) == ([("B001", 1, "no_show")], "free", "free")


def test_issued_again_in_the_minute_of_its_end() -> None:
    story = opened().issues("B001", at="09:00").calls("B001", "T3", "09:10").finishes("B001", "T3", "09:15")
    story.issues("B001", "pin_reset", "09:15").calls("B001", "T4", "09:20")
    assert (rows(story.floor()), list(story.anomalies().values())) == (
        [("B001", 1, "finished"), ("B001", 2, "serving")],
        ["repeated_ticket"],
    )
    assert rows(opened().issues("B001", at="09:00").leaves("B001", "09:15").issues("B001", at="09:15").floor()) == [
        ("B001", 1, "left"),
        ("B001", 2, "waiting"),
    ]


@pytest.mark.parametrize(("issued", "told"), [("09:10", [1]), ("09:11", [1, 2]), ("13:00", [1, 2])])
def test_a_number_that_ended_before_its_first_known_issue_was_another_visitors(issued: str, told: list[int]) -> None:
    story = opened().calls("B001", "T3", "09:03").finishes("B001", "T3", "09:05").issues("B001", at=issued)
    assert [nth for _, nth, _ in rows(story.floor())] == told


# ---- taken off by a count


def test_what_a_head_count_takes_off_is_neither_left_nor_done() -> None:
    story = opened().issues("B001").issues("B002").issues("B003").counts(LANE, 1)
    counts = lane_counts(story.floor())[LANE]
    assert (counts.counted_out, counts.left, counts.served) == (2, 0, 0)
    # Each of them may still be seen: called, gone home, back in the queue.
    assert not story.calls("B001", "T3").leaves("B002").anomalies()
    assert rows(story.floor()) == [("B001", 1, "serving"), ("B002", 1, "left"), ("B003", 1, "counted_out")]


def test_somebody_counted_out_can_be_called_by_hand(desk: Desk) -> None:
    desk.opens().hears(a_day().issues("B001", at="08:31").counts(LANE, 0, "08:32"))
    desk.does("ticket.called", ticket="B001", terminal="T3")
    assert (desk.floor.terminals["T3"].ticket, desk.floor.anomalies) == ("B001", {})


def test_a_number_back_in_its_queue_that_is_issued_anew_waits_in_the_new_lane() -> None:
    """The call after its end was the first of the new ticket, which has been returned to its queue since."""
    story = a_day().issues("B005", "registration_support", "09:18").calls("B005", "T1", "09:20").finishes("B005", "T1")
    story.calls("B005", "T1", "09:24").requeues("B005", "09:26").issues("B005", "cert_issue", "09:28")
    floor = story.floor()
    assert {lane: [*q.tickets] for lane, q in floor.lanes.items() if q.tickets} == {"certificate": ["B005"]}
    assert story.counts("registration", 0, "09:37").floor().lanes["certificate"].waiting == 1
