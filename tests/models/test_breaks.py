"""Breaks (労働基準法34条, 仕様書 7(4)※): what is due, what was had, and an order of turns that leaves no lane alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.commands.fold import fold, fold_register
from floorctl.commands.last_desk import lanes_emptied
from floorctl.models.board.break_plan import plan_breaks
from floorctl.models.board.break_search import EMPTY, of_level
from floorctl.models.board.break_turn import Turn
from floorctl.models.board.breaks import (
    BreakState,
    break_states,
    entitlement_s,
    known_end,
    overdue,
)
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from tests.story import MONDAY, Story, a_day, instant, kumagaya

SITE = kumagaya()
LANE_OF = {t.code: t.lane for t in SITE.terminals}
MINUTE = timedelta(minutes=1)


class Team(Story):
    """A story of people beside their roster."""

    def __init__(self) -> None:
        super().__init__()
        self.roster = a_day(source="console", prefix="r")

    def knows(self, staff: str, shift: tuple[str, str] | None = None, **fields: Any) -> Self:
        """A line of the roster."""
        hours = {"shift_from": shift[0], "shift_to": shift[1]} if shift else {}
        self.roster.tells("staff.registered", "07:00", staff=staff, **hours, **fields)
        return self

    def says(self, staff: str, status: str, at: str | datetime, until: str | None = None) -> Self:
        return self.tells("staff.changed", at, staff=staff, status=status, until=until)

    def comes(self, staff: str, at: str | datetime = "08:30", terminal: str | None = None) -> Self:
        """Present, and at a terminal at once."""
        self.says(staff, "present", at)
        return self.tells("terminal.staffed", at, terminal=terminal, staff=staff) if terminal else self

    def rests(self, staff: str, start: str, end: str | None = None) -> Self:
        """A break; without ``end`` it goes on."""
        self.says(staff, "on_break", start)
        return self.says(staff, "present", end) if end else self

    @property
    def register(self) -> Register:
        return fold_register(self.roster.entries())

    def state(self, staff: str, at: str = "15:00") -> BreakState:
        return self.states(at)[staff]

    def states(self, at: str = "15:00") -> dict[str, BreakState]:
        return break_states(self.floor(at), self.register, instant(at))

    def turns(self, at: str = "10:00") -> dict[str, Turn]:
        """The proposal at that time by person; each has one turn at most."""
        found = order_of(self.floor(at), self.register, instant(at))
        assert len({t.staff for t in found}) == len(found)
        return {t.staff: t for t in found}

    def starts(self, at: str = "10:00") -> dict[str, str]:
        return {staff: f"{t.start:%H:%M}" for staff, t in self.turns(at).items()}

    def emptied(self, staff: str, at: str = "10:00") -> list[str]:
        return _emptied(self.floor(at), staff, instant(at))


def _emptied(floor: Floor, staff: str, at: datetime) -> list[str]:
    return lanes_emptied(floor, [("staff.changed", {"staff": staff, "status": "on_break"})], at)


def order_of(floor: Floor, register: Register, now: datetime) -> list[Turn]:
    return list(plan_breaks(floor, register, now).turns)


def team() -> Team:
    return Team()


def open_team() -> Team:
    return Team().opens("08:30")


# ---- a day that was closed early


def test_a_day_closed_early_owes_the_break_of_the_hours_that_were_worked() -> None:
    """労働基準法34条 counts work: a shift to 17:15 of a day that was closed at noon owes nothing, to three o'clock 45 minutes."""
    for closed, owed in (("12:00", 0), ("15:00", 45)):
        told = team().knows("S1", ("08:15", "17:15")).opens("08:30").comes("S1", "08:15")
        told.tells("day.closed", closed, source="console")
        assert told.state("S1", "18:00").owed_s == owed * 60
        states = break_states(told.floor("18:00"), told.register, instant("18:00"), whole_day=True)
        assert states["S1"].ends_at == instant(closed)


def test_who_stayed_after_an_early_close_worked_until_they_went() -> None:
    told = team().knows("S1", ("08:15", "17:15")).opens("08:30").comes("S1", "08:15")
    told.tells("day.closed", "13:00", source="feed").says("S1", "gone", "14:30")
    told.sources[-1] = "console"
    found = break_states(told.floor("18:00"), told.register, instant("18:00"), whole_day=True)
    assert (found["S1"].owed_s, found["S1"].ends_at) == (45 * 60, instant("14:30"))


def test_a_day_closed_as_usual_owes_the_break_of_the_whole_shift() -> None:
    told = team().knows("S1", ("08:45", "17:15")).opens("08:30").comes("S1", "08:45").tells("day.closed", "17:05")
    assert told.state("S1", "18:00").owed_s == 60 * 60


# ---- what is due


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [(0, 0), (6, 0), (6 + 1 / 3600, 45), (7.5, 45), (8, 45), (8 + 1 / 3600, 60), (8.5, 60), (9, 60), (12, 60)],
)
def test_the_law_gives_45_minutes_above_six_hours_and_60_above_eight(hours: float, minutes: int) -> None:
    assert entitlement_s(round(hours * 3600)) == minutes * 60


def test_eight_and_a_half_hours_with_45_minutes_are_15_short() -> None:
    """SPEC 58."""
    b = team().knows("S1", ("08:30", "17:00")).comes("S1").rests("S1", "12:00", "12:45").state("S1")
    assert (b.owed_s, b.taken_s, b.short_s) == (3600, 2700, 900)


def test_without_a_roster_the_stay_is_from_coming_until_the_hall_closes() -> None:
    told = (
        team().comes("S1", "08:30").comes("S2", "09:15").comes("S3", "09:16").comes("S4", "11:15").comes("S5", "14:00")
    )
    assert {s: b.owed_s // 60 for s, b in told.states().items()} == {"S1": 60, "S2": 45, "S3": 45, "S4": 0, "S5": 0}
    assert told.state("S1").ends_at == instant("17:15")


def test_the_shift_of_the_roster_counts_and_not_the_coming() -> None:
    told = team().knows("S1", ("10:00", "15:00")).comes("S1", "08:30")
    told.knows("S2", ("08:30", "17:15")).comes("S2", "09:20")  # the roll was called late
    told.knows("S3").comes("S3", "08:30")  # no hours in the roster
    assert [told.state(s).owed_s // 60 for s in ("S1", "S2", "S3")] == [0, 60, 60]
    assert [told.state(s).ends_at for s in ("S1", "S2")] == [instant("15:00"), instant("17:15")]


def test_who_comes_late_is_counted_from_the_coming() -> None:
    told = team()
    for staff in ("S1", "S2", "S3", "S4"):
        told.knows(staff, ("08:30", "17:15"))
    told.says("S1", "late", "08:35", until="09:30").comes("S1", "09:30")  # said so, then came
    told.says("S2", "late", "11:30")  # stands in the door
    told.says("S3", "absent", "08:30").comes("S3", "13:00")
    told.says("S4", "late", "08:10", until="08:20").comes("S4", "08:20")  # before the shift all the same
    found = told.states()
    assert {s: b.owed_s // 60 for s, b in found.items()} == {"S1": 45, "S2": 0, "S3": 0, "S4": 60}
    assert [found[s].came_at for s in ("S1", "S2")] == [instant("09:30"), instant("11:30")]


def test_who_is_only_late_until_has_not_come() -> None:
    told = (
        team().says("S1", "late", "08:30", until="10:00").says("S2", "expected", "08:00").says("S3", "absent", "08:00")
    )
    assert told.states("09:00") == {}


def test_who_stays_longer_is_owed_more() -> None:
    told = team().knows("S1", ("10:00", "15:00")).comes("S1", "10:00")
    assert told.state("S1", "16:00").owed_s == 0
    assert told.state("S1", "16:01").owed_s == 45 * 60


# ---- what was had


def test_the_minutes_of_several_breaks_are_summed() -> None:
    b = team().comes("S1").rests("S1", "10:00", "10:10").rests("S1", "12:00", "12:20:30").state("S1", "13:00")
    assert (b.taken_s, b.short_s) == (600 + 1230, 3600 - 1830)
    assert (b.without_s, b.on_break) == (39 * 60 + 30, False)


def test_a_break_that_goes_on_counts_so_far() -> None:
    told = team().comes("S1").rests("S1", "12:00")
    b = told.state("S1", "12:25")
    assert (b.taken_s, b.without_s, b.on_break) == (25 * 60, 0, True)
    told.says("S1", "on_break", "12:30", until="13:10")  # said again, with its end
    assert told.state("S1", "12:40").taken_s == 40 * 60


def test_a_break_ends_by_being_put_at_a_terminal() -> None:
    told = open_team().comes("S1", terminal="T3").staffs("T3", None, "12:00").rests("S1", "12:00")
    told.staffs("T5", "S1", "12:50")
    b = told.state("S1", "13:00")
    assert (b.taken_s, b.without_s, b.on_break) == (50 * 60, 600, False)
    assert told.floor("13:00").staff["S1"].status == "present"


def test_the_length_of_the_planned_break_holds_for_that_break_alone() -> None:
    told = team().comes("S1", "08:30", "T3").opens("08:40")
    told.tells("breaks.planned", "08:45", breaks=[{"staff": "S1", "start": "12:00", "minutes": 60}])
    told.says("S1", "on_break", "11:40")
    assert known_end(told.floor("11:50"), "S1") == instant("12:40")
    told.says("S1", "present", "12:40").says("S1", "on_break", "15:00")
    assert known_end(told.floor("15:05"), "S1") is None


def test_a_break_ends_by_going_away_or_home() -> None:
    told = team().comes("S1").rests("S1", "12:00").says("S1", "away", "12:45").says("S1", "present", "13:00")
    b = told.state("S1")
    assert (b.taken_s, b.without_s) == (45 * 60, 135 * 60)  # at work since 12:45: away is no break
    told.rests("S1", "15:10").says("S1", "gone", "15:30")
    assert "S1" not in told.states("16:00")


def test_who_has_gone_is_not_counted_and_counts_again_when_back() -> None:
    told = team().comes("S1").says("S1", "gone", "11:00").comes("S2").says("S2", "absent", "10:00")
    assert told.states("12:00") == {}
    told.comes("S1", "14:00")
    b = told.state("S1", "14:30")
    assert (b.came_at, b.without_s, b.taken_s) == (instant("08:30"), 30 * 60, 0)


def test_who_was_never_said_to_be_there_before_a_break_was() -> None:
    b = team().rests("S1", "12:00", "12:45").state("S1", "13:00")
    assert (b.came_at, b.taken_s) == (instant("12:00"), 45 * 60)


def test_less_than_a_minute_is_not_short() -> None:
    """Breaks are recorded by hand: who was away from 12:00:20 to 13:00:05 has had the hour."""
    told = team().comes("S1").rests("S1", "12:00:20", "13:00:05").comes("S2").rests("S2", "12:00:00", "12:58:59")
    assert {s: b.short_s for s, b in told.states().items()} == {"S1": 0, "S2": 61}
    assert set(told.turns("15:00")) == {"S2"}


def test_who_is_overdue() -> None:
    """After five hours without a break (SPEC 58); who had it, has it now or is owed none is not."""
    told = (
        team().comes("S1", "08:40").comes("S2", "08:30").comes("S3", "08:31").comes("S4", "08:30").comes("S5", "08:30")
    )
    told.knows("S5", ("08:30", "14:30")).rests("S3", "11:00", "12:00").rests("S4", "13:20")

    def late(at: str) -> list[str]:
        return [b.staff for b in overdue(told.floor(at), told.states(at))]

    assert late("13:29") == []
    assert late("13:30") == ["S2"]
    assert late("13:40") == ["S2", "S1"]  # the longest first
    assert late("16:10") == ["S2", "S5", "S1"]  # S3 has had the hour, S5 has stayed too long to be owed none


# ---- who cannot go


def test_the_last_of_a_lane_empties_it() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T1").comes("S3")
    assert told.emptied("S1") == ["certificate"]
    assert told.emptied("S2") == ["issuance"]
    assert told.emptied("S3") == told.emptied("S9") == []


def test_one_of_two_may_go() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5")
    assert told.emptied("S1") == told.emptied("S2") == []
    told.staffs("T5", None, "09:00").says("S2", "on_break", "09:00")
    assert told.emptied("S1") == ["certificate"]


@pytest.mark.parametrize("trouble", ["terminal.failed", "terminal.paused"])
def test_a_terminal_that_does_not_work_serves_nobody(trouble: str) -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").tells(trouble, "09:00", terminal="T5")
    assert told.emptied("S1") == ["certificate"]
    assert told.emptied("S2") == []  # nobody is served there anyway
    told.tells({"terminal.failed": "terminal.repaired", "terminal.paused": "terminal.resumed"}[trouble], terminal="T5")
    assert told.emptied("S1") == []


def test_who_serves_at_a_paused_terminal_takes_no_further_ticket() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5")
    told.issues("B001", at="08:40").calls("B001", "T5", "08:45").tells("terminal.paused", "09:00", terminal="T5")
    assert told.emptied("S1") == ["certificate"]


def test_who_stands_at_two_terminals_of_a_lane_is_one_person() -> None:
    told = open_team().comes("S1", terminal="T3").staffs("T5", "S1", "08:31")
    assert told.emptied("S1") == ["certificate"]


def test_who_went_and_was_left_at_the_terminal_by_a_feed_serves_nobody() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").says("S2", "on_break", "09:00")
    assert told.floor().terminals["T5"].staff == "S2"
    assert told.emptied("S1") == ["certificate"]


@pytest.mark.parametrize(
    ("at", "terminal", "emptied"),
    [
        ("08:59:59", "T1", []),  # 交付 begins at 9:00
        ("09:00", "T1", ["issuance"]),
        ("16:30", "T1", ["issuance"]),
        ("16:31", "T1", []),
        ("16:31", "T3", ["certificate"]),
        ("17:01", "T3", []),
        ("16:31", "A1", []),
        ("12:00", "P1", ["registration"]),
    ],
)
def test_outside_the_reception_hours_anybody_may_go(at: str, terminal: str, emptied: list[str]) -> None:
    assert open_team().comes("S1", terminal=terminal).emptied("S1", at) == emptied


def test_before_the_opening_and_after_the_closing_nothing_is_emptied() -> None:
    assert Team().tells("memo.written", "08:00", text="x").emptied("S1") == []
    assert open_team().comes("S1", terminal="T3").closes("09:30").emptied("S1") == []


def test_a_terminal_that_is_about_to_move_is_no_cover_for_the_lane_that_it_leaves() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5")
    told.issues("B001", at="08:40").calls("B001", "T3", "08:45").moves("T3", "issuance", "09:00")
    assert told.floor().terminals["T3"].next_lane == "issuance"
    assert told.emptied("S2") == ["certificate"]  # a break outlasts the present ticket
    assert told.emptied("S1") == ["issuance"]  # which has nobody else to come
    told.comes("S3", "09:30", terminal="T1").comes("S4", "09:30", terminal="T6")
    assert told.emptied("S1") == told.emptied("S2") == []


# ---- the order


def test_in_a_lane_one_goes_after_the_other_the_earliest_comer_first() -> None:
    told = open_team().comes("S1", "08:20", "T3").comes("S2", "08:10", "T5").comes("S3", "08:30", "T6")
    assert told.starts() == {"S2": "10:30", "S1": "11:30", "S3": "12:30"}
    assert all((t.minutes, t.lane, t.alone) == (60, "certificate", False) for t in told.turns().values())


def test_lanes_go_side_by_side_and_six_go_by_two() -> None:
    told = open_team()
    for n, terminal in enumerate(("T3", "T5", "T6", "T7", "T8", "T4"), 1):
        told.comes(f"S{n}", terminal=terminal)
    told.comes("S7", terminal="A1").comes("S8", terminal="A2").moves("T4", "certificate", "08:31", "混雑")
    starts = told.starts()
    assert sorted(starts[f"S{n}"] for n in range(1, 7)) == ["10:30"] * 2 + ["11:30"] * 2 + ["12:30"] * 2
    assert sorted((starts["S7"], starts["S8"])) == ["10:30", "11:30"]


def test_who_stands_alone_needs_a_stand_in_and_one_is_enough_for_all() -> None:
    told = open_team().comes("S1", terminal="A1").comes("S2", terminal="P1").comes("S3", terminal="T1").comes("S4")
    turns = told.turns()
    assert {s: t.alone for s, t in turns.items()} == {"S1": True, "S2": True, "S3": True, "S4": False}
    assert sorted(told.starts()[s] for s in ("S1", "S2", "S3")) == ["10:30", "11:30", "12:30"]
    assert (turns["S4"].lane, turns["S1"].lane) == ("", "application")


def test_only_what_is_missing_is_proposed() -> None:
    told = open_team().comes("S1", terminal="T3").rests("S1", "10:00", "10:20").comes("S2", terminal="T5")
    told.rests("S2", "10:30", "11:30").comes("S3", "13:00", terminal="T6").comes("S4", "08:30").says(
        "S4", "away", "11:00"
    )
    told.comes("S5").says("S5", "gone", "11:45")
    (turn,) = told.turns("13:30").values()
    assert (turn.staff, turn.minutes) == ("S1", 40)  # S2 has had it, S3 is owed none, the others are not here


def test_nothing_begins_in_the_past_or_between_two_marks() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5")
    assert told.starts("11:50:01") == {"S1": "11:55", "S2": "12:55"}
    assert told.starts("11:55") == {"S1": "11:55", "S2": "12:55"}
    told.comes("S3", terminal="T6").rests("S1", "11:55", "12:18").rests("S2", "12:20", "13:20")
    assert told.starts("13:21") == {"S1": "14:25", "S3": "13:25"}  # 37 minutes, when the other is back


def test_who_came_late_does_not_go_at_once() -> None:
    told = open_team().knows("S1", ("11:00", "20:00")).comes("S1", "11:00", "T3").comes("S2", "08:30", "T5")
    told.rests("S2", "10:00", "10:30")
    assert told.starts("11:05") == {"S1": "13:00", "S2": "12:30"}  # two hours after the coming, and after a part


def test_who_goes_home_first_goes_first() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").comes("S3", terminal="T6")
    told.knows("S1", ("08:00", "17:15")).knows("S2", ("08:15", "17:15")).knows("S3", ("07:00", "13:15"))
    assert told.starts() == {"S3": "10:30", "S1": "11:15", "S2": "12:15"}


def test_a_shift_that_ends_early_has_its_break_within_it() -> None:
    told = team().opens("05:00").comes("S1", "04:30", "T3").comes("S2", "08:30", "T5").knows("S1", ("04:30", "11:00"))
    told.knows("S2", ("08:30", "17:15"))
    # S1 is the only one who can be there while S2 is away, so both go earlier than people usually do.
    assert told.starts("08:45") == {"S1": "08:45", "S2": "10:00"}
    told.knows("S3", ("08:30", "17:15")).comes("S3", "08:40", "T6")
    assert told.starts("08:45") == {"S1": "10:10", "S2": "10:55", "S3": "11:55"}


def test_who_leaves_soon_covers_nobody_afterwards() -> None:
    """S2 goes home at 11:30: S1 goes while there is somebody, and so early that S2 can stand in for S3 for half an hour."""
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").comes("S3", terminal="T1")
    told.knows("S1", ("08:30", "17:15")).knows("S2", ("08:30", "11:30")).knows("S3", ("08:30", "17:15"))
    turns = told.turns()
    assert (f"{turns['S1'].start:%H:%M}", turns["S1"].alone) == ("10:00", False)
    late = told.turns("10:40")["S1"]
    assert late.alone  # too late for that: somebody has to stand in, and the proposal says so


def test_when_time_is_short_more_go_at_once_but_never_all() -> None:
    told = open_team()
    for n, terminal in enumerate(("T3", "T5", "T6"), 1):
        told.comes(f"S{n}", terminal=terminal).knows(f"S{n}", ("08:30", "16:30"))
    assert sorted(told.starts("14:50").values()) == ["14:50", "14:50", "15:35"]
    assert sorted(told.starts("12:00").values()) == ["12:00", "12:45", "13:30"]


def test_a_turn_waits_for_a_return_rather_than_be_covered_by_who_goes_home() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").comes("S3", terminal="T6")
    told.knows("S1", ("08:30", "17:15")).knows("S2", ("08:30", "11:30")).knows("S3", ("08:30", "14:00"))
    for n, terminal in enumerate(("T1", "T2", "T4"), 4):  # a crowded lane, in which two may be away at once
        told.comes(f"S{n}", terminal=terminal).rests(f"S{n}", "10:00", "11:00")
        told.moves(terminal, "certificate", "11:01", "混雑").says(f"S{n}", "away", "11:02")
    told.staffs("T6", None, "11:05").says("S3", "on_break", "11:05", until="12:00")
    turn = told.turns("11:10")["S1"]
    assert (turn.start, turn.alone) == (instant("12:00"), False)


def test_nobody_follows_before_a_break_that_runs_is_over() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").comes("S3", terminal="T6")
    told.rests("S1", "10:00", "10:20").staffs("T3", None, "12:00").says("S1", "on_break", "12:00")
    assert told.starts("12:10") == {"S2": "12:40", "S3": "13:40"}  # S1 still has 40 of 60 minutes
    told.says("S1", "on_break", "12:15", until="13:00")
    assert told.starts("12:20") == {"S2": "13:00", "S3": "14:00"}  # as was said
    assert told.starts("13:05") == {"S2": "13:05", "S3": "14:05"}  # should be back any moment


def test_the_only_one_left_waits_for_who_is_on_a_break() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5")
    told.staffs("T3", None, "11:00").says("S1", "on_break", "11:00", until="12:00")
    (turn,) = told.turns("11:10").values()
    assert (turn.staff, turn.start, turn.alone) == ("S2", instant("12:00"), False)


def test_a_break_that_is_owed_nothing_runs_for_the_usual_time() -> None:
    told = open_team().comes("S1", terminal="T3").knows("S1", ("09:00", "15:00")).comes("S2", terminal="T5").knows("S2")
    told.staffs("T3", None, "11:00").says("S1", "on_break", "11:00")
    assert told.starts("11:10") == {"S2": "11:45"}
    assert told.starts("11:52") == {"S2": "11:55"}


def test_a_break_from_a_terminal_that_has_moved_is_a_break_of_its_new_lane() -> None:
    told = open_team().comes("S1", terminal="T4").moves("T4", "certificate", "09:00", "混雑").comes("S2", terminal="T5")
    told.comes("S3", terminal="T1").staffs("T4", None, "11:00").says("S1", "on_break", "11:00", until="12:00")
    turns = told.turns("11:10")
    assert (turns["S2"].start, turns["S2"].alone) == (instant("12:00"), False)
    assert turns["S3"].alone  # nobody stands at 交付 any more


def test_who_is_left_at_the_terminal_by_a_feed_is_on_a_break_of_that_lane() -> None:
    told = (
        open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").says("S1", "on_break", "11:00", until="12:00")
    )
    assert told.starts("11:10") == {"S2": "12:00"}


@pytest.mark.parametrize("trouble", ["terminal.failed", "terminal.paused"])
def test_who_stands_where_nobody_is_served_is_no_cover(trouble: str) -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").tells(trouble, "09:00", terminal="T5")
    assert {s: t.alone for s, t in told.turns().items()} == {"S1": True, "S2": False}
    # Not together all the same: S2 is the stand-in at hand.
    assert abs(told.turns()["S1"].start - told.turns()["S2"].start) >= timedelta(hours=1)


def test_a_terminal_that_is_about_to_move_counts_where_it_goes() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").comes("S3", terminal="T1")
    told.issues("B001", at="08:40").calls("B001", "T3", "08:45").moves("T3", "issuance", "09:00")
    turns = told.turns()
    assert {s: (t.lane, t.alone) for s, t in turns.items()} == {
        "S1": ("issuance", False),
        "S2": ("certificate", True),
        "S3": ("issuance", False),
    }
    assert turns["S1"].start != turns["S3"].start


def test_the_holder_of_the_charge_and_the_only_deputy_are_never_away_together() -> None:
    """仕様書 5(1): in two lanes, where nothing else would keep them apart."""
    told = open_team().knows("S1", role="site_manager").knows("S2", deputy=True).knows("S3").knows("S4")
    told.comes("S1", terminal="T3").comes("S3", terminal="T5").comes("S2", terminal="T1").comes("S4", terminal="T2")
    told.tells("charge.taken", "08:31", "console", staff="S1")
    turns = told.turns()
    assert abs(turns["S1"].start - turns["S2"].start) >= timedelta(hours=1)
    told.staffs("T1", None, "10:30").says("S2", "on_break", "10:30", until="11:40")
    assert told.turns("10:35")["S1"].start == instant("11:40")
    assert told.turns("10:35")["S3"].start == instant("10:35")  # the others do not wait


def test_a_second_deputy_frees_the_first() -> None:
    told = open_team().knows("S1", role="site_manager").knows("S2", deputy=True).knows("S3", deputy=True)
    told.comes("S1", terminal="A1").comes("S4", terminal="A2").comes("S2", terminal="P1").comes("S5", terminal="P2")
    told.comes("S3", terminal="T1").knows("S4").knows("S5").comes("S6", terminal="T2").knows("S6")
    told.tells("charge.taken", "08:31", "console", staff="S1")
    starts = told.starts()
    assert sorted(starts[s] for s in ("S1", "S2", "S3")) == ["10:30", "10:30", "11:30"]


def test_without_a_roster_anybody_could_hold_the_charge() -> None:
    told = open_team().comes("S1", terminal="T3").comes("S2", terminal="T5").comes("S3", terminal="T1")
    told.comes("S4", terminal="T2").tells("charge.taken", "08:31", "console", staff="S1")
    assert sorted(told.starts().values()) == ["10:30", "10:30", "11:30", "11:30"]


# ---- any hall


@dataclass(frozen=True)
class Worker:
    """Somebody of a random hall. Minutes are minutes from 8:00; ``terminal`` is None for who guides. ``had``: a break
    of so many minutes at 10:00; ``runs``: a break since so many minutes, ``until`` so many minutes from now."""

    came: int
    terminal: str | None
    trouble: str | None
    had: int
    runs: int | None
    until: int | None
    shift: tuple[str, str] | None
    role: str
    deputy: bool

    def begun(self, now: datetime) -> datetime:
        """When the break that runs began."""
        assert self.runs is not None
        return max(instant("11:02"), now - self.runs * MINUTE)

    @property
    def lane(self) -> str:
        return LANE_OF[self.terminal] if self.terminal else ""


def hhmm(at: datetime) -> str:
    return f"{at:%H:%M:%S}"


@dataclass
class Hall:
    """A random hall at ``now``, with what it should come to, reckoned apart from the code under test."""

    workers: dict[str, Worker]
    now: datetime
    story: Team

    def __post_init__(self) -> None:
        self.floor = fold(SITE, MONDAY, self.story.entries())
        self.register = self.story.register
        self.states = break_states(self.floor, self.register, self.now)
        self.plan = plan_breaks(self.floor, self.register, self.now)
        self.turns = list(self.plan.turns)

    def back(self, code: str) -> datetime:
        """When a break that runs is over."""
        w, b = self.workers[code], self.states[code]
        if w.until is not None:
            return max(self.now, (self.now + w.until * MINUTE).replace(second=0, microsecond=0))
        if b.owed_s:
            return self.now + timedelta(seconds=b.short_s)
        return max(self.now, w.begun(self.now) + 45 * MINUTE)

    def away(self, at: datetime) -> set[str]:
        """Who is away at an instant, by the breaks that run and the turns that are proposed."""
        running = {c for c, w in self.workers.items() if w.runs is not None and at < self.back(c)}
        return running | {t.staff for t in self.turns if t.start <= at < t.start + t.minutes * MINUTE}

    def crews(self) -> dict[str, set[str]]:
        """Who keeps each lane working, now or after a break that runs."""
        found: dict[str, set[str]] = {}
        for code, w in self.workers.items():
            if w.lane and w.trouble is None:
                found.setdefault(w.lane, set()).add(code)
        return found

    def beginnings(self) -> list[datetime]:
        """Every instant at which somebody more is away."""
        return [self.now, *(t.start for t in self.turns)]


TERMINALS = tuple(LANE_OF)
TROUBLES = (None, None, None, "terminal.failed", "terminal.paused")


@st.composite
def halls(draw: st.DrawFn, plain: bool = False) -> Hall:
    """Up to eight people; ``plain``: all on the whole day's shift, at 10:00, nobody on a break."""
    places = draw(st.permutations([*TERMINALS, None, None, None]))
    now = instant("10:00") if plain else instant("11:10") + timedelta(seconds=20 * draw(st.integers(0, 1100)))
    rostered = draw(st.booleans())
    workers = {}
    for n in range(draw(st.integers(1, 8))):
        # Few lanes make crowded ones: every second person prefers a terminal of the certificates.
        terminal = places[n] if n % 2 else ("T3", "T5", "T6", "T7")[n // 2]
        if terminal in {w.terminal for w in workers.values() if w.terminal}:
            terminal = None
        runs = None if plain or draw(st.integers(0, 3)) else draw(st.integers(1, 70))
        whole = ("08:30", "17:15")
        shift = draw(st.sampled_from([whole, whole, ("08:00", "16:30"), ("09:00", "15:30"), ("12:00", "20:00")]))
        workers[f"S{n + 1}"] = Worker(
            draw(st.integers(0, 60) if plain else st.integers(0, 110)),
            terminal,
            None if plain or runs is not None else draw(st.sampled_from(TROUBLES)),
            0 if plain else draw(st.sampled_from([0, 0, 15, 20, 44, 60])),
            runs,
            draw(st.none() | st.integers(-10, 50)) if runs is not None else None,
            (whole if plain else shift) if rostered else None,
            draw(st.sampled_from(["worker", "worker", "worker", "site_manager"])),
            draw(st.integers(0, 5)) == 0,
        )
    return Hall(workers, now, told(workers, now, rostered))


def told(workers: dict[str, Worker], now: datetime, rostered: bool) -> Team:
    """The facts of a hall up to ``now``."""
    story = open_team()
    for code, w in workers.items():
        if rostered:
            story.knows(code, w.shift, role=w.role, deputy=w.deputy)
        story.comes(code, instant("08:00") + w.came * MINUTE, w.terminal)
        if w.had:
            story.rests(code, "10:00", hhmm(instant("10:00") + w.had * MINUTE))
        if w.terminal and w.trouble:
            story.tells(w.trouble, "11:01", terminal=w.terminal)
        if w.runs is not None:
            begun = w.begun(now)
            if w.terminal:
                story.staffs(w.terminal, None, hhmm(begun))
            until = None if w.until is None else f"{now + w.until * MINUTE:%H:%M}"
            story.says(code, "on_break", begun, until)
    holder = next((c for c, w in workers.items() if w.role == "site_manager" or w.deputy), None)
    if holder:
        story.tells("charge.taken", "08:30", "console", staff=holder)
    return story


@given(halls())
@settings(max_examples=150)
def test_in_any_hall_nobody_is_forgotten_and_nobody_goes_twice(hall: Hall) -> None:
    owed = {
        code: -(-b.short_s // 60)
        for code, b in hall.states.items()
        if b.short_s and hall.workers[code].runs is None
    }  # fmt: skip
    soonest = hall.now + (instant("08:00") - hall.now) % timedelta(minutes=5)
    # Who can no longer begin one before the end of the shift or of the day has no turn, but stands among the faults.
    over = {code for code in owed if soonest >= min(hall.states[code].ends_at, instant("17:15"))}
    assert sorted((t.staff, t.minutes) for t in hall.turns) == sorted((c, n) for c, n in owed.items() if c not in over)
    assert over <= {f.staff for f in hall.plan.faults if f.code == "shift"}
    assert all(t.start < min(hall.states[t.staff].ends_at, instant("17:15")) for t in hall.turns)
    assert all(t.start >= hall.now and t.start.minute % 5 == t.start.second == 0 for t in hall.turns)
    assert all(t.lane == hall.workers[t.staff].lane for t in hall.turns)
    assert hall.turns == sorted(hall.turns, key=lambda t: (t.start, t.staff))


@given(halls())
@settings(max_examples=80, deadline=None)
def test_in_any_hall_no_crew_of_two_or_more_is_away_at_once_but_for_the_law(hall: Hall) -> None:
    """仕様書 7(4)※, whatever breaks run: during the reception of the lane, unless that is proven to be impossible."""
    for lane, crew in hall.crews().items():
        here = {c for c in crew if hall.workers[c].runs is None}
        opens, closes = lane_hours(hall.floor, lane)
        for at in hall.beginnings():
            if len(crew) > 1 and here and not crew - hall.away(at) and opens <= at < closes:
                assert hall.plan.proven
                assert of_level(hall.plan.cost, EMPTY) > 0


@given(halls())
@settings(max_examples=150)
def test_in_any_hall_a_stand_in_is_asked_for_exactly_where_nobody_else_is_there(hall: Hall) -> None:
    crews = hall.crews()
    for t in hall.turns:
        others = crews.get(t.lane, set()) - {t.staff}
        if not t.lane or t.start >= hall.states[t.staff].ends_at:  # after the shift nobody is needed
            assert not t.alone
            continue
        if not others:
            assert t.alone
        end = t.start + t.minutes * MINUTE
        within = [at for at in hall.beginnings() if t.start <= at < end] or [t.start]
        deserted = any(not (others - hall.away(at)) for at in within)
        leaves = any(hall.states[c].ends_at < min(end, hall.states[t.staff].ends_at) for c in others)
        if t.lane and others:
            assert t.alone <= (deserted or leaves)
            assert t.alone >= deserted


@given(halls())
@settings(max_examples=80, deadline=None)
def test_in_any_hall_the_charge_of_the_site_manager_can_be_held_but_for_the_law(hall: Hall) -> None:
    """仕様書 5(1): of those who may hold it, one is there at every instant of the reception; else it is a fault."""
    able = {p.code for p in hall.register.people.values() if p.may_hold("site_manager")}
    here = {c for c in able if hall.workers[c].runs is None}
    for at in hall.beginnings():
        if len(able) > 1 and here and not able - hall.away(at) and instant("08:45") <= at < instant("16:30"):
            assert any(f.code == "charge" for f in hall.plan.faults), at


@given(halls(plain=True))
@settings(max_examples=60)
def test_on_a_usual_day_every_turn_is_within_the_shift_and_before_six_hours(hall: Hall) -> None:
    for t in hall.turns:
        b = hall.states[t.staff]
        assert t.start + t.minutes * MINUTE <= b.ends_at
        assert t.start <= b.came_at + timedelta(hours=6)
        assert t.start >= instant("10:00")


@given(halls())
@settings(max_examples=40)
def test_the_rule_takes_what_the_order_proposes(hall: Hall) -> None:
    """Played as proposed, each turn that asks for no stand-in is one that ``staff.changed`` would not refuse."""
    back = Team()
    back.prefix = "b"
    for code, w in hall.workers.items():
        if w.runs is not None:
            back.comes(code, hall.back(code), w.terminal)
    known = [*hall.story.entries(), *back.entries()]
    for n, t in enumerate(hall.turns):
        terminal = hall.workers[t.staff].terminal
        if not t.alone:
            floor = fold(SITE, MONDAY, [e for e in known if e.fact.at <= t.start])
            assert terminal is None or floor.terminals[terminal].staff == t.staff
            assert _emptied(floor, t.staff, t.start) == []
        played = Team()
        played.prefix = f"t{n}"
        if terminal:
            played.tells("terminal.staffed", t.start, terminal=terminal, staff=None)
        played.says(t.staff, "on_break", t.start)
        played.comes(t.staff, t.start + t.minutes * MINUTE, terminal)
        known += played.entries()
