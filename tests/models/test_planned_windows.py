"""Windows that the plan of the day staffs: terminals staffed now, ends of shifts, breaks, loans, stops."""

from __future__ import annotations

from floorctl.advice.windows_there import windows_there
from floorctl.models.board.planned_windows import planned_windows
from floorctl.models.register.register import Register
from tests.models.test_planned_shifts import shift, team
from tests.story import Story, a_day, instant

LANES = {"T1": "issuance", "T2": "issuance", "T3": "certificate", "T4": "certificate", "T5": "certificate"}


def staffed() -> Story:
    """T3 to T5 serve certificates from 8:30 on, T1 cards from 9:00 on."""
    story = a_day().opens("08:25", **LANES)
    for n in (3, 4, 5):
        story.staffs(f"T{n}", f"S0{n - 2}", "08:30")
    return story.staffs("T1", "S09", "09:00")


def windows(story: Story, at: str, register: Register | None = None, lane: str = "certificate") -> dict[str, int]:
    planned = planned_windows(story.floor(at), register or Register(), instant(at))
    return {f"{start:%H:%M}": n for start, _, n in planned[lane]}


def test_who_stands_there_stays_until_the_end_of_the_reception() -> None:
    found = windows(staffed(), "10:10")
    assert (min(found), max(found)) == ("10:00", "16:30")
    assert set(found.values()) == {3}
    cards = windows(staffed(), "10:10", lane="issuance")
    assert max(cards) == "16:00" and set(cards.values()) == {1}


def test_before_the_doors_open_the_plan_begins_with_the_reception() -> None:
    assert planned_windows(staffed().floor("08:26"), Register(), instant("08:26")) == {}, (
        "nobody tells who stands where"
    )
    found = windows(staffed(), "08:40", lane="issuance") | windows(staffed(), "09:00", lane="issuance")
    assert min(found) == "09:00" and set(found.values()) == {1}


def test_a_shift_ends_within_a_half_hour() -> None:
    """S01 leaves at 12:15, half of that half hour; S02 at 12:45."""
    found = windows(staffed(), "10:10", team(shift("S01", "08:15-12:15"), shift("S02", "08:15-12:45")))
    assert [found[at] for at in ("11:30", "12:00", "12:30", "13:00")] == [3, 2, 1, 1]


def test_a_running_break_ends_as_recorded() -> None:
    story = staffed().tells("terminal.paused", "11:00", terminal="T3")
    story.tells("staff.changed", "11:00", staff="S01", status="on_break", until="12:00")
    found = windows(story, "11:05")
    assert [found[at] for at in ("11:00", "11:30", "12:00")] == [2, 2, 3]


def test_what_is_paused_failed_or_left_staffs_nothing() -> None:
    story = staffed().tells("terminal.paused", "09:10", terminal="T3")
    story.tells("terminal.failed", "09:11", terminal="T4", fault="R/W").staffs("T5", None, "09:12")
    assert set(windows(story, "09:15").values()) == {0}


def test_a_lent_terminal_is_home_in_the_next_half_hour() -> None:
    found = windows(staffed().lends("T1", "certificate", "10:05"), "10:10")
    assert [found[at] for at in ("10:00", "10:30")] == [4, 3]
    home = windows(staffed().lends("T1", "certificate", "10:05"), "10:10", lane="issuance")
    assert [home[at] for at in ("10:00", "10:30")] == [0, 1]


# ---- what was there


def there(story: Story, at: str, lane: str = "certificate") -> dict[str, int]:
    return {f"{start:%H:%M}": n for start, _, n in windows_there(story.floor(at), instant(at)).get(lane, ())}


def test_past_half_hours_have_the_windows_that_were_there() -> None:
    story = staffed().staffs("T5", None, "09:30").moves("T1", "certificate", "10:00")
    story.tells("terminal.paused", "10:15", terminal="T3").tells("terminal.resumed", "10:25", terminal="T3")
    assert there(story, "11:00") == {"08:30": 3, "09:00": 3, "09:30": 2, "10:00": 2, "10:30": 3}
    assert there(story, "11:00", "issuance") == {"09:00": 1, "09:30": 1, "10:00": 0, "10:30": 0}


def test_where_no_fact_tells_who_stands_where_nothing_is_said() -> None:
    assert windows_there(a_day().opens("08:30").issues("B001", at="09:00").floor(), instant("10:00")) == {}
