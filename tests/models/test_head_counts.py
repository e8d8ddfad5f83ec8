"""A lane known by head counts alone: its people have an age, its alerts are those of numbers, they are called in turn."""

from __future__ import annotations

import pytest

from floorctl.advice.forecast import Forecaster
from floorctl.advice.foresight import foresee
from floorctl.commands.calling import next_visitor
from floorctl.models.board.alerts import alerts
from floorctl.models.board.grounds import NONE
from floorctl.models.board.longest import longest_known
from floorctl.models.board.status import status
from floorctl.models.day.floor import Floor, Heads
from floorctl.models.facts.entry import Head
from floorctl.models.register.register import Register
from tests.story import MONDAY, Desk, Story, a_day, instant, kumagaya

LANE = "certificate"
SITE = kumagaya()
EVERY = dict.fromkeys(("T3", "T4", "T5", "T6", "T7", "T8"), LANE)


def opened(**allocation: str) -> Story:
    return a_day().opens("08:30", **(allocation or EVERY))


def heads(floor: Floor) -> list[tuple[str, int]]:
    return [(f"{h.since:%H:%M}", h.n) for h in floor.lanes[LANE].heads]


def codes(floor: Floor, at: str) -> dict[str, str]:
    info = Register().calendar(SITE).day_info(MONDAY)
    return {a.code: a.text for a in alerts(floor, Register(), info, instant(at))}


# ---- since when they are known


def test_who_is_still_there_at_the_next_count_is_known_since_the_first() -> None:
    story = opened().counts(LANE, 5, "10:15").calls("X1", "T3", "10:16").counts(LANE, 6, "10:20")
    assert heads(story.floor()) == [("10:15", 4), ("10:20", 2)]
    # Calls take the longest known first; so does a count that finds fewer.
    for n in range(2, 5):
        story.calls(f"X{n}", f"T{n + 2}", "10:25")
    assert heads(story.floor()) == [("10:15", 1), ("10:20", 2)]
    assert heads(story.counts(LANE, 2, "10:30").floor()) == [("10:20", 2)]


def test_where_no_call_is_recorded_a_count_keeps_whom_the_terminals_cannot_have_called() -> None:
    """Six terminals, 8 minutes at the least for each: 15 minutes are 12 people at the most."""
    story = opened().counts(LANE, 30, "10:00").counts(LANE, 30, "10:15")
    assert heads(story.floor()) == [("10:00", 18), ("10:15", 12)]
    assert heads(story.counts(LANE, 30, "10:30").floor()) == [("10:00", 6), ("10:15", 12), ("10:30", 12)]
    # Hours later none of them is still there; without a terminal all are.
    assert heads(story.counts(LANE, 12, "14:00").floor()) == [("14:00", 12)]
    # One call in the morning records no others.
    once = opened().calls("X1", "T3", "09:00").counts(LANE, 12, "10:30").counts(LANE, 12, "14:00")
    assert heads(once.floor()) == [("14:00", 12)]
    nobody = opened(**dict.fromkeys(EVERY, "issuance")).counts(LANE, 3, "10:15").counts(LANE, 4, "14:00")
    assert heads(nobody.floor()) == [("10:15", 3), ("14:00", 1)]


def test_a_number_called_before_its_issue_gives_the_person_back() -> None:
    story = (
        opened().counts(LANE, 2, "10:00").counts(LANE, 3, "10:01").calls("B1", "T3", "10:03").issues("B1", at="10:04")
    )
    assert sum(n for _, n in heads(story.floor())) == 3
    assert longest_known(story.floor(), LANE, instant("10:10"), NONE).since == instant("10:00")  # type: ignore[union-attr]


# ---- what the board says of them


def test_the_age_of_a_count_raises_the_alarms_of_numbers() -> None:
    floor = opened().counts(LANE, 12, "10:00").counts("issuance", 30, "10:00").floor()
    assert "wait_over_target" not in codes(floor, "10:20")
    told = codes(floor, "10:25")
    assert told["wait_over_target"] == "電子証明書 最長 25分以上（10:00から・目標 20分・超過 12人）"
    assert told["seats_over"] == "会場 42人・椅子 40脚（10:00 の記録）"  # silent beyond the threshold
    assert codes(floor, "10:10")["seats_over"] == "会場 42人・椅子 40脚"
    known = opened().counts(LANE, 12, "10:00").counts(LANE, 12, "10:10").floor()
    assert codes(known, "10:40")["wait_over_target"] == "電子証明書 最長 40分以上（10:00から・超過 12人・10:10 の記録）"


def test_the_document_of_the_board_tells_the_lower_bound_apart() -> None:
    floor = opened().counts(LANE, 3, "10:15").issues("B1", at="10:30").floor()
    info = Register().calendar(SITE).day_info(MONDAY)
    lane = status(floor, Register(), info, instant("10:40"), Head(0, ""))["lanes"][1]
    assert (lane["waiting"], lane["uncounted"], lane["longest_wait_s"], lane["longest_wait_at_least_s"]) == (
        4,
        3,
        600,
        1500,
    )
    known = longest_known(floor, LANE, instant("10:40"), NONE)
    assert known is not None and (known.word, known.whose) == ("25分以上", "番号なし 10:15から")


def test_a_forecast_crosses_the_target_before_anybody_has_waited_so_long() -> None:
    floor = opened().counts(LANE, 25, "10:00").floor()
    now = instant("10:05")
    forecaster = Forecaster(SITE, MONDAY, lambda: ())
    waits = forecaster.waits(floor, Register(), now)
    assert waits[LANE].last is not None and len(waits[LANE].counted) == 25
    seen = foresee(floor, waits, (), now)[LANE]
    assert (seen.over > 5, seen.over_at) == (True, instant("10:20"))


# ---- who is called


@pytest.mark.parametrize(
    ("story", "number"),
    [
        (opened().counts(LANE, 1, "09:00").issues("B050", at="09:10"), "B051"),
        (opened().issues("B050", at="09:00").counts(LANE, 2, "09:10"), "B050"),
        (opened().issues("B050", at="09:10").counts(LANE, 2, "09:10"), "B050"),  # the count has found the number, too
        (opened().counts(LANE, 1, "09:00").issues("B050", at="09:01", appointment="09:05"), "B050"),
        (opened().counts(LANE, 1, "09:00").issues("B050", at="09:01", appointment="11:00"), "B051"),
    ],
)
def test_counted_and_numbered_people_are_called_in_the_order_in_which_they_came(
    desk: Desk, story: Story, number: str
) -> None:
    desk.at("09:15").hears(story)
    before = desk.floor.waiting
    written = desk.runs(next_visitor, "T3")
    assert desk.floor.terminals["T3"].ticket == number
    assert (desk.floor.waiting, desk.floor.anomalies) == (before - 1, {})
    assert written[-1].kind == ("ticket.called" if number == "B050" else "queue.counted")


def test_the_order_of_calling_is_that_of_the_forecast() -> None:
    floor = (
        opened(T3=LANE, **dict.fromkeys(list(EVERY)[1:], "issuance"))
        .counts(LANE, 2, "09:00")
        .issues("B1", at="09:10")
        .calls("X1", "T3", "08:59")
        .counts(LANE, 4, "09:20")
        .issues("B2", at="09:30")
        .floor()
    )
    turns = [
        "/".join(map(str, x)) if isinstance(x, Heads) else x.number
        for x in floor.in_turn(LANE, instant("09:40"), floor.lanes[LANE].tickets.values())
    ]
    assert [x[-2:] for x in turns] == ["/2", "B1", "/1", "B2"]


def test_the_trend_of_a_counted_lane_is_against_its_own_forecast() -> None:
    floor = opened().counts(LANE, 25, "10:00").floor()
    forecaster = Forecaster(SITE, MONDAY)
    forecaster.waits(floor, Register(), instant("10:25"))
    before = forecaster.before_s(LANE, instant("10:25"))
    assert before is not None and before > 600
