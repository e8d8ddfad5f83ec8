"""Net service times: the idle time of a desk without a queue is in no case, on days worked out by hand."""

from __future__ import annotations

import pytest

from floorctl.advice.net_lengths import Lengths, net
from floorctl.simulation.recorded_day import of_floor
from tests.story import Story, a_day

MINUTE = 60


def queued() -> Story:
    """Six people come at nine to the one desk: five cases of ten minutes end by the call of somebody who waited."""
    story = a_day().opens("08:25", T3="certificate", T4="certificate").staffs("T3", "S3", "08:30")
    for n in range(1, 7):
        story.issues(f"B{n:03d}", at=f"09:00:0{n}")
    story.calls("B001", "T3", "09:01")
    for n in range(1, 6):
        story.finishes(f"B{n:03d}", "T3", f"09:{10 * n:02d}:58")
        story.calls(f"B{n + 1:03d}", "T3", f"09:{10 * n + 1:02d}")
    return story


def lengths(story: Story) -> dict[str, int]:
    floor = story.floor()
    return {j.number: j.service_s for j in net(of_floor(floor), floor).jobs}


def plain(story: Story) -> dict[str, int]:
    return {j.number: j.service_s for j in of_floor(story.floor()).jobs}


def met(story: Story, number: str, at: str, before: str, end: str) -> Story:
    """Somebody comes to a free desk, and their call ends the case before."""
    return story.issues(number, at=end).finishes(before, "T3", end).calls(number, "T3", at)


def test_a_case_that_the_next_call_ended_lasts_as_long_as_those_with_a_queue() -> None:
    """B006 was done nobody knows when before B007 came 39 minutes later: ten minutes, as the others on the average."""
    story = met(queued(), "B007", "10:30", "B006", "10:30")
    assert plain(story)["B006"] == 39 * MINUTE
    assert lengths(story) == plain(story) | {"B006": 598}, "the mean of 598 s, five times"


def test_a_number_that_is_given_out_again_is_a_case_of_its_own() -> None:
    """The machine begins again at B006 after it was served: the earlier one loses its idle time, the later one lasts as told."""
    story = met(queued(), "B007", "10:30", "B006", "10:30").finishes("B007", "T3", "10:40")
    story.issues("B006", at="11:00").calls("B006", "T3", "11:00").finishes("B006", "T3", "11:07")
    found = lengths(story)
    assert found == plain(story) | {"B006": 573}, "the mean of five times 598 s, ten minutes and seven"
    assert found["B006 2"] == 7 * MINUTE


def test_it_lasts_no_longer_than_recorded() -> None:
    story = met(queued(), "B007", "09:56", "B006", "09:56")
    assert lengths(story)["B006"] == plain(story)["B006"] == 5 * MINUTE


def test_where_somebody_waited_at_its_end_the_desk_was_busy() -> None:
    """B007 had come three minutes before; B008, who came as it was called at T4, does not make it idle."""
    story = queued().issues("B007", at="10:27").finishes("B006", "T3", "10:30").calls("B007", "T3", "10:30")
    assert lengths(story) == plain(story)
    beside = queued().issues("B900", at="10:20").issues("B007", at="10:30")
    beside.finishes("B006", "T3", "10:30").calls("B007", "T3", "10:30").calls("B900", "T4", "10:45")
    assert lengths(beside)["B006"] == plain(beside)["B006"] == 39 * MINUTE, "B900 waited on for another desk"


def test_an_end_that_was_told_is_kept() -> None:
    """B006 is finished by hand ten minutes before the next call: as long as it was."""
    story = queued().finishes("B006", "T3", "10:20").issues("B007", at="10:30").calls("B007", "T3", "10:30")
    assert lengths(story) == plain(story)
    assert lengths(story)["B006"] == 29 * MINUTE


def limited() -> Story:
    """The machine ends three cases after twenty minutes: one while people wait, two on an empty afternoon."""
    story = queued().finishes("B006", "T3", "10:00:58")
    story.staffs("T4", "S4", "08:31").issues("B101", at="08:50").calls("B101", "T4", "09:00").finishes(
        "B101", "T4", "09:20"
    )
    for n, hour in ((102, 13), (103, 15)):
        story.issues(f"B{n}", at=f"{hour}:00").calls(f"B{n}", "T4", f"{hour}:00").finishes(f"B{n}", "T4", f"{hour}:20")
    return story


def test_the_limit_of_the_machine_holds_idle_time_only_where_nobody_waited() -> None:
    """Six of 598 s and one of 1,200 s ended in time: the two on the empty afternoon take their mean, 684 s."""
    found = lengths(limited())
    assert (found["B101"], found["B102"], found["B103"]) == (1200, 684, 684)
    assert plain(limited())["B102"] == 1200


def test_where_few_tell_their_length_the_record_stands() -> None:
    """One case with a queue says nothing about another."""
    story = a_day().opens("08:25", T3="certificate").staffs("T3", "S3", "08:30")
    story.issues("B001", at="09:00").issues("B002", at="09:01").calls("B001", "T3", "09:02")
    story.finishes("B001", "T3", "09:12").calls("B002", "T3", "09:12")
    met(story, "B003", "10:30", "B002", "10:30")
    assert lengths(story) == plain(story)


def test_another_service_of_the_lane_stands_in() -> None:
    """No PIN reset ended with a queue; the renewals of the lane tell how long a case lasts there."""
    story = met(queued(), "B007", "10:30", "B006", "10:30")
    story.lines[-3]["service"] = "pin_reset"
    story.issues("B008", at="11:30").finishes("B007", "T3", "11:30").calls("B008", "T3", "11:30")
    assert plain(story)["B007"] == 60 * MINUTE
    assert lengths(story)["B007"] == 598


def test_an_earlier_visit_keeps_its_time() -> None:
    """B006 is sent to wait again after five minutes, called at 10:00, and ended by the next call half an hour later."""
    story = queued().requeues("B006", "09:56").calls("B006", "T3", "10:00")
    met(story, "B007", "10:30", "B006", "10:30")
    assert plain(story)["B006"] == 35 * MINUTE
    assert lengths(story)["B006"] == 5 * MINUTE + 598


def test_ends_that_a_source_does_not_tell_are_bounded_by_the_next_call() -> None:
    """Without a word of any end the replay takes the mean of the day; three minutes until the next call are the most."""
    story = a_day().opens("08:25", T3="certificate").staffs("T3", "S3", "08:30")
    for n in range(1, 8):
        story.issues(f"B{n:03d}", at=f"09:00:0{n}")
    for n in range(1, 8):
        story.tells(
            "ticket.called", f"{9 + n // 6}:{10 * (n % 6):02d}", ticket=f"B{n:03d}", terminal="T3", ends="next_call"
        )
    for number, at in (("B008", "10:13"), ("B009", "11:13")):
        story.issues(number, at=at).tells("ticket.called", at, ticket=number, terminal="T3", ends="next_call")
    assert (plain(story)["B007"], plain(story)["B008"]) == (600, 600)
    assert (lengths(story)["B007"], lengths(story)["B008"]) == (3 * MINUTE, 600)


@pytest.mark.parametrize("by_choice", [False, True])
def test_what_a_study_says_of_its_lengths(by_choice: bool) -> None:
    """Two of the nine cases of the day hold idle time; with the choice they lose it, without it they are counted alone."""
    told = Lengths(net=by_choice)
    assert told.share == 0
    floor = limited().floor()
    day = told.of(of_floor(floor), floor)
    assert (told.idle, told.cases) == (2, 9)
    assert {j.number: j.service_s for j in day.jobs} == (lengths if by_choice else plain)(limited())
