"""The share of the day expected within the target: what is decided stands, more windows never lower it, silence has none."""

from __future__ import annotations

import pytest

from floorctl.advice.forecast import Forecaster
from floorctl.advice.target_expected import Expected, less_breaks
from floorctl.intake.demand_table import demand_table
from floorctl.models.board.breaks import break_states
from floorctl.models.board.needed import Needed
from floorctl.models.board.planned_windows import planned_windows
from floorctl.models.board.target_kept import by_lane, kept_by_hour, together
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from tests.story import MONDAY, a_day, busy_day, entries_of, instant, kumagaya

TABLE, REGISTER = demand_table(), Register()


def busy(until: str) -> Floor:
    from floorctl.commands.fold import fold

    entries = [e for e in entries_of(busy_day(3)) if e.fact.at <= instant(until)]
    return fold(kumagaya(), MONDAY, entries)


def expects(floor: Floor, at: str, windows: Needed | None = None) -> Expected | None:
    return Forecaster(kumagaya(), MONDAY, TABLE).target(floor, REGISTER, instant(at), windows=windows)


def with_windows(floor: Floor, at: str, n: int) -> Needed:
    return {
        lane: tuple((a, b, n) for a, b, _ in halves)
        for lane, halves in planned_windows(floor, REGISTER, instant(at)).items()
    }


def test_more_windows_never_lower_the_share_and_none_serve_nobody() -> None:
    floor = busy("11:00")
    shares = [found.share for n in (1, 2, 4, 8) if (found := expects(floor, "11:00", with_windows(floor, "11:00", n)))]
    assert len(shares) == 4 and shares == sorted(shares) and shares[0] < shares[-1]


def test_the_expected_share_lies_in_its_interval_and_goes_on_from_what_is_decided() -> None:
    floor = busy("16:00")
    so_far = together(by_lane(kept_by_hour(floor, instant("16:00"))).values())
    found = expects(floor, "16:00")
    assert found is not None and so_far.share is not None
    assert found.low <= found.share <= found.high and found.people >= so_far.of
    assert found.share == pytest.approx(so_far.share, abs=0.05), "hardly anybody is to come any more"
    assert found.high - found.low < 0.1


def test_where_a_lane_is_withheld_nothing_is_expected() -> None:
    story = a_day().opens("08:30").issues("B001", at="09:00").calls("B001", "T3", "09:10")
    assert expects(story.floor(), "11:30") is None, "its source has been silent for two hours"


def test_where_nothing_tells_who_stands_where_nothing_is_expected() -> None:
    """Without windows nobody would be served: next to nobody within the target was foretold."""
    story = a_day().opens("08:30")
    for n in range(20):
        story.issues(f"B{n:03d}", at=f"09:{n:02d}")
    assert planned_windows(story.floor(), REGISTER, instant("09:25")) == {}
    assert expects(story.floor(), "09:25") is None
    guide = [{"staff": "S09", "place": "reception"}]
    story.tells("posts.planned", "09:22", "console", starts="09:30", places=guide)
    assert expects(story.floor(), "09:25") is None, "a plan of posts alone tells of no window"
    story.staffs("T3", "S01", "09:23").staffs("T1", "S02", "09:23")
    assert expects(story.floor(), "09:25") is not None


def test_breaks_outside_the_reception_cost_no_window() -> None:
    """Of the hours of breaks the first lane has one in its reception: a quarter of what is owed falls into it."""
    story = a_day()
    for n in range(1, 5):
        story.tells("staff.changed", "08:20", staff=f"S{n:02d}", status="present")
    story.opens("08:30")
    for n, terminal in enumerate(("T3", "T4", "T5", "T6"), 1):
        story.staffs(terminal, f"S{n:02d}", "08:31")
    floor, now = story.floor(), instant("09:30")
    whole = planned_windows(floor, REGISTER, now)["certificate"]
    noon = tuple(x for x in whole if x[1] <= instant("12:00"))

    def lost(halves: Needed) -> int:
        after = less_breaks(floor, REGISTER, now, halves)["certificate"]
        return sum(n for *_, n in halves["certificate"]) - sum(n for *_, n in after)

    assert whole[0][2] == 3 and lost({"certificate": whole}) == 6, "an hour each is two windows of half an hour"
    assert lost({"certificate": noon}) == 2, "not all of them"


def test_breaks_that_nobody_has_planned_cost_windows_and_leave_each_lane_one() -> None:
    story = a_day()
    for n in range(1, 9):
        story.tells("staff.changed", "08:20", staff=f"S{n:02d}", status="present")
    story.opens("08:30")
    for n in range(1, 9):
        story.staffs(f"T{n}", f"S{n:02d}", "08:31")
    floor, now = story.floor(), instant("09:30")
    before = planned_windows(floor, REGISTER, now)
    after = less_breaks(floor, REGISTER, now, before)
    lost = {lane: sum(n for *_, n in before[lane]) - sum(n for *_, n in after[lane]) for lane in before}
    people = {lane: len(floor.terminals_of(lane)) for lane in before}
    assert lost == {lane: 2 * n for lane, n in people.items()}, "an hour each is two windows of half an hour"
    assert all(n >= 1 for halves in after.values() for *_, n in halves)
    assert all(a == b for lane in before for a, b in zip(before[lane], after[lane], strict=True) if a[0].hour < 11)


@pytest.mark.parametrize("relieved", [True, False])
def test_a_break_that_runs_is_in_the_plan_and_who_stands_in_for_it_leaves_no_window(relieved: bool) -> None:
    story = a_day()
    for n in range(1, 5):
        story.tells("staff.changed", "08:20", staff=f"S{n:02d}", status="present")
    story.opens("08:30").staffs("T3", "S01", "08:31").staffs("T5", "S02", "08:31").staffs("T1", "S03", "08:31")
    story.tells("staff.changed", "12:30", staff="S01", status="on_break", until="13:30")
    if relieved:
        story.staffs("T3", "S04", "12:31")
    else:
        story.tells("terminal.paused", "12:31", terminal="T3", reason="lunch")
    floor, now = story.floor(), instant("13:00")
    states = break_states(floor, REGISTER, now)
    assert states["S01"].on_break and states["S01"].short_s
    own = [t.staff for t in floor.terminals_of("certificate") if t.staff not in ("S01", "S04")]
    before = planned_windows(floor, REGISTER, now)["certificate"]
    after = less_breaks(floor, REGISTER, now, {"certificate": before})["certificate"]
    lost = sum(n for *_, n in before) - sum(n for *_, n in after)
    assert lost == sum(states[x].short_s for x in own if x) // 1800 > 0


def test_what_is_owed_beside_a_planned_break_that_is_over_costs_windows_too() -> None:
    story = a_day().tells("staff.changed", "08:20", staff="S01", status="present").opens("08:30")
    story.staffs("T3", "S01", "08:31").staffs("T5", "S02", "08:31")
    story.tells("breaks.planned", "08:40", breaks=[{"staff": "S01", "start": "10:30", "minutes": 30}])
    story.tells("staff.changed", "10:30", staff="S01", status="on_break")
    story.tells("staff.changed", "11:00", staff="S01", status="present")
    for at, lost in (("10:00", 2), ("11:05", 3)):  # an hour of S02, then half an hour of S01 beside it
        floor, now = story.floor(at), instant(at)
        before = planned_windows(floor, REGISTER, now)["certificate"]
        after = less_breaks(floor, REGISTER, now, {"certificate": before})["certificate"]
        assert sum(n for *_, n in before) - sum(n for *_, n in after) == lost, at
