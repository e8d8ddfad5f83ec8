"""The plan of the day's breaks: what it proves, what stands, who stands in, and what it says of faults."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from floorctl.commands.fold import fold_register
from floorctl.models.board.break_alerts import break_alerts
from floorctl.models.board.break_plan import BreakPlan, made_of, plan_breaks
from floorctl.models.board.break_progress import changes, departures, verdict
from floorctl.models.board.break_search import EMPTY, POST, SHORT, of_level
from floorctl.models.board.breaks import break_states
from floorctl.models.board.needed import Needed
from floorctl.models.board.people_alerts import people_alerts
from floorctl.models.board.posts_plan import planned_places
from tests.models.test_breaks import Team, team
from tests.story import instant

ABLE = {"pledge_on": "2026-06-15", "authority_on": "2026-06-22", "vein_on": "2026-06-24"}
SHIFT = ("08:30", "17:15")


def plan(told: Team, at: str, needed: Needed | None = None, peak: tuple[str, str] | None = None, *, keep: bool = False) -> BreakPlan:  # fmt: skip
    span = (instant(peak[0]), instant(peak[1])) if peak else None
    return plan_breaks(told.floor(at), fold_register(told.roster.entries()), instant(at), needed, span, keep=keep)


def starts(p: BreakPlan) -> dict[str, str]:
    return {t.staff: f"{t.start:%H:%M}" for t in p.turns}


def crew(*terminals: str | None) -> Team:
    """Rostered people S1, S2, … who came at half past eight."""
    told = team().opens("08:30")
    for n, terminal in enumerate(terminals, 1):
        told.knows(f"S{n}", SHIFT, **ABLE).comes(f"S{n}", "08:30", terminal)
    return told


def half_hours(*numbers: int, first: int = 10) -> list[tuple[datetime, datetime, int]]:
    marks = [instant(f"{first + n // 2}:{'30' if n % 2 else '00'}") for n in range(len(numbers) + 1)]
    return [(marks[n], marks[n + 1], x) for n, x in enumerate(numbers)]


def test_another_place_in_a_step_of_the_plan_makes_a_new_plan() -> None:
    found = []
    told = crew("T3", "T4")
    for at, place in (("08:40", "T5"), ("08:41", "T6")):
        told.tells("posts.planned", at, starts="13:00", places=[{"staff": "S1", "place": place}])
        found.append(made_of(told.floor("09:00"), instant("09:00")))
    assert found[0] != found[1]


# ---- what is proven


def test_before_anything_happens_the_day_is_proven_by_its_shifts() -> None:
    told = team()
    for n in range(1, 15):
        told.knows(f"S{n:02d}", [("08:15", "17:00"), SHIFT][n % 2], deputy=n < 3)
    p = plan(told, "07:30")
    assert p.sentence == "全員、法定の休憩をとれます（確かめ済み）"
    assert (len(p.turns), p.proven, p.faults) == (14, True, ())
    assert all(instant("10:30") <= t.start <= instant("14:30") for t in p.turns)


def test_who_cannot_have_the_lawful_break_whatever_the_order_is_named_with_the_reason() -> None:
    told = team().knows("S1", SHIFT).comes("S1", "08:30", "T3").knows("S2", SHIFT).comes("S2", "08:30", "T5")
    told.opens("08:40").rests("S2", "11:00", "12:00")
    p = plan(told, "16:30")
    assert [(f.code, f.staff) for f in p.grave] == [("shift", "S1"), ("late", "S1")]
    assert p.grave[0].text == "勤務の終わり 17:15 までに60分の休憩をとれません"
    assert (p.proven, p.sentence) == (
        True,
        "守れない点が2件あります（どの順でも、合わせた時間は減りません。確かめ済み）",
    )


@pytest.mark.parametrize(
    ("shift", "at", "proposed"),
    [
        (SHIFT, "17:09", ["17:10"]),
        (SHIFT, "17:12", []),  # the next five minutes are the end
        (SHIFT, "17:16", []),
        (("08:30", "16:00"), "16:20", []),  # stays on after the shift
        (("08:30", "18:30"), "17:11", []),  # the hall's day ends before
    ],
)
def test_no_proposal_begins_when_the_shift_or_the_day_is_over_and_what_is_owed_stays_said(
    shift: tuple[str, str], at: str, proposed: list[str]
) -> None:
    told = team().knows("S1", shift).comes("S1", "08:30", "T3").opens("08:40")
    p = plan(told, at)
    assert [f"{t.start:%H:%M}" for t in p.turns] == proposed
    assert ("shift", "S1") in [(f.code, f.staff) for f in p.grave]
    assert "守れない点が" in p.sentence
    if not proposed:
        owed = 45 if shift[1] == "16:00" else 60
        (fault,) = p.grave
        assert fault.text == f"法定の休憩が{owed}分足りないまま、勤務の時間が終わりました（労働基準法34条）"


def test_a_break_that_no_longer_fits_begins_within_the_shift_all_the_same() -> None:
    told = crew("T3", "T5", "T6", "T4")
    assert all(t.start < instant("17:15") for t in plan(told, "16:50").turns)
    assert len(plan(told, "16:50").turns) == 4


def test_the_law_goes_before_a_lane() -> None:
    """Both must begin by half past two, so the lane has nobody for a while: that is proven, and said."""
    p = plan(crew("T3", "T5"), "14:00")
    assert max(starts(p).values()) <= "14:30"
    assert p.proven
    assert [f.text for f in p.faults] == ["電子証明書の窓口が空きます（交替できる人がいません）"] * 2


# ---- the peak and the windows needed


def test_nobody_goes_in_the_peak_and_the_windows_needed_stay() -> None:
    told = crew("T3", "T5", "T6", "T7")
    assert set(starts(plan(told, "10:00")).values()) == {"10:30", "11:30", "12:30", "13:30"}
    p = plan(told, "10:00", peak=("11:00", "12:00"))
    assert all(t.end <= instant("11:00") or t.start >= instant("12:00") for t in p.turns)
    assert p.peak == (instant("11:00"), instant("12:00")) and plan(told, "10:00").peak is None
    needed = {"certificate": half_hours(3, 4, 4, 4, 2, 2, 2, 2, 4)}  # from noon two may go at once
    p = plan(told, "10:00", needed)
    assert sorted(starts(p).values()) == ["12:00", "12:00", "13:00", "13:00"]
    assert (p.shortages, p.least_short) == ((), True)
    everywhere = {"certificate": half_hours(*[4] * 14)}
    (short,) = plan(told, "10:00", everywhere).shortages
    assert (f"{short.start:%H:%M}", f"{short.end:%H:%M}", short.windows) == ("10:30", "14:30", 1)


# ---- what stands


def test_what_is_not_proven_is_looked_for_from_a_second_start() -> None:
    """From the first start alone the windows of this team stay short for 290 minutes, weighed, and nothing nearby is better."""
    told = team().opens("08:30")
    here = [("08:15", "17:30", "T4"), ("08:30", "15:00", "T7"), ("08:30", "17:30", "T3"), ("08:30", "15:00", "A1")]
    here += [("08:30", "15:00", "P1"), ("08:30", "15:00", None)]
    for n, (since, until, terminal) in enumerate(here):
        told.knows(f"H{n}", (since, until)).comes(f"H{n}", since, terminal)
    for n, shift in enumerate(
        (("10:00", "17:15"), ("12:00", "17:30"), ("10:00", "17:15"), ("12:00", "17:15"), ("10:00", "17:15"))
    ):
        told.knows(f"L{n}", shift)
    needed = {
        "issuance": half_hours(3, 0, 1, 1, 0, 0, 3, 2, 0, 1, 1, 3, 3, 0),
        "certificate": half_hours(4, 3, 2, 4, 4, 1, 0, 0, 1, 4, 3, 1, 5, 3),
    }
    found = plan(told, "12:10", needed)
    assert [of_level(found.cost, x) for x in (EMPTY, POST, SHORT)] == [535, 85, 120]
    assert not found.proven


def test_fixed_breaks_stand_and_the_others_go_around_them() -> None:
    told = crew("T3", "T5")
    told.tells("breaks.planned", "08:50", "console", breaks=[{"staff": "S2", "start": "10:45", "minutes": 60, "fixed": True}, {"staff": "S1", "start": "13:00", "minutes": 60}])  # fmt: skip
    assert starts(plan(told, "10:00", keep=True)) == {"S1": "13:00", "S2": "10:45"}
    anew = plan(told, "10:00")
    assert starts(anew) == {"S1": "13:00", "S2": "10:45"}, "who needs not move does not"
    told.tells("breaks.planned", "09:00", "console", breaks=[{"staff": "S1", "start": "11:00", "minutes": 60}])
    kept, anew = plan(told, "10:00", keep=True), plan(told, "10:00")
    assert {f.code for f in kept.faults} == {"lane"}
    assert (starts(anew), anew.faults) == ({"S1": "11:45", "S2": "10:45"}, ())
    assert verdict(kept, anew) == "この計画には守れない点が2件あります（作り直すと 0）"
    (change,) = changes(told.floor(), anew)
    assert (change.staff, change.words()) == ("S1", "11:00 → 11:45 60分")
    states = break_states(told.floor(), told.register, instant("10:00"))
    assert departures(told.floor(), states, kept, anew, instant("10:00"), str) == [
        "窓口が空く時間が合わせて45分減らせます"
    ]


def test_a_break_whose_time_has_come_stands_until_it_is_late() -> None:
    """At 11:00:01 it was dropped from the plan, and with it who stands in for the person."""
    told = crew("T3", "A1", None)
    told.tells("breaks.planned", "08:50", "console", breaks=[{"staff": "S2", "start": "11:00", "minutes": 60}])

    def turn(at: str) -> tuple[str, bool]:
        return next((f"{t.start:%H:%M}", t.planned) for t in plan(told, at, keep=True).turns if t.staff == "S2")

    assert turn("11:00") == ("11:00", True)
    assert turn("11:00:01") == turn("11:04:59") == ("11:05", True)
    assert not turn("11:05")[1]
    told.tells("breaks.planned", "08:51", "console", breaks=[{"staff": "S2", "start": "11:00", "minutes": 60, "fixed": True}])  # fmt: skip
    assert "S2" not in [x.staff for x in changes(told.floor("11:03"), plan(told, "11:03"))], (
        "what is fixed never changes"
    )


def test_a_break_that_is_too_short_is_a_fault() -> None:
    told = crew("T3", "T5").tells("breaks.planned", "08:50", "console", breaks=[{"staff": "S1", "start": "12:00", "minutes": 45, "fixed": True}])  # fmt: skip
    assert [f.text for f in plan(told, "10:00").faults] == ["計画の休憩が15分足りません（労働基準法34条）"]


def test_a_planned_break_that_a_later_coming_has_overtaken_is_a_fault() -> None:
    """It was within the shift as it was planned; nothing was said of it, and the plan was called lawful."""
    told = crew("T3", "T5").knows("S3", SHIFT, **ABLE)
    told.tells("breaks.planned", "08:50", "console", breaks=[{"staff": "S3", "start": "12:00", "minutes": 60}])
    told.says("S3", "late", "08:55", until="12:00")
    assert [f.text for f in plan(told, "09:00", keep=True).grave] == [
        "休憩が出勤（12:00）と同時です（途中ではありません）"
    ]
    told.says("S3", "late", "09:00", until="13:00")
    kept, anew = plan(told, "09:30", keep=True), plan(told, "09:30")
    assert [(f.staff, f.text) for f in kept.grave] == [("S3", "休憩が出勤（13:00）より前です")]
    assert (anew.grave, starts(anew).get("S3")) == ((), None), "four hours and a quarter owe no break"


# ---- who stands in


def test_who_is_alone_is_relieved_by_a_guide_beside_whom_another_guides() -> None:
    told = crew("P1", None, None)
    told.tells("staff.posted", "08:40", "console", staff="S2", post="reception")
    told.tells("staff.posted", "08:40", "console", staff="S3", post="writing")
    p = plan(told, "10:00")
    turn = next(t for t in p.turns if t.staff == "S1")
    assert (turn.alone, turn.relief, p.faults) == (True, "S2", ())
    guides = [t for t in p.turns if t.staff != "S1"]
    assert all(t.end <= turn.start or turn.end <= t.start for t in guides), "both are there meanwhile"


def test_the_only_guide_is_relieved_by_who_has_no_terminal_and_else_it_is_said_that_nobody_guides() -> None:
    def relieved(told: Team) -> tuple[str, list[tuple[str, bool]]]:
        told.tells("staff.posted", "08:40", "console", staff="S3", post="reception")
        p = plan(told, "10:00")
        assert not p.grave
        return next(t.relief for t in p.turns if t.staff == "S3"), [(f.text[12:], f.grave) for f in p.faults]

    assert relieved(crew("T3", "T5", None, None)) == ("S4", [])
    nobody = [("会場案内に誰もいません（交替できる人がいません）", False)]
    assert relieved(crew("T3", "T5", None)) == ("", nobody)
    unable = crew("T3", "T5", None, None).knows("S4", SHIFT, skills=["issuance"], **ABLE)
    assert relieved(unable) == ("", nobody)


def test_who_serves_beside_others_stands_in_where_one_person_is_alone() -> None:
    """Three people in two lanes: one after the other, so that no lane is empty; it was said that no order could do that."""
    p = plan(crew("T1", "T2", "T3"), "09:00")
    turns = sorted(p.turns, key=lambda t: t.start)
    assert all(a.end <= b.start for a, b in pairwise(turns))
    assert next(t.relief for t in p.turns if t.staff == "S3") in ("S1", "S2")
    assert (p.proven, p.faults) == (True, ())


def test_where_nobody_can_stand_in_that_is_proven() -> None:
    told = crew("T1", "T2", "T3")
    for staff in ("S1", "S2"):
        told.knows(staff, SHIFT, skills=["issuance"], **ABLE)
    p = plan(told, "09:00")
    assert [(f.code, f.staff) for f in p.faults] == [("lane", "S3")]
    assert p.proven
    assert plan(crew("T1"), "09:00").faults != ()
    assert plan(crew("T1"), "09:00").proven


def test_nobody_without_the_skill_stands_in() -> None:
    told = crew("P1", None, None).knows("S2", SHIFT, skills=["guidance"], **ABLE)
    for staff, post in (("S2", "reception"), ("S3", "writing")):
        told.tells("staff.posted", "08:40", "console", staff=staff, post=post)
    assert next(t.relief for t in plan(told, "10:00").turns if t.staff == "S1") == "S3"


def test_before_people_come_they_stand_where_the_plan_of_places_puts_them() -> None:
    told = team().knows("S1", SHIFT).knows("S2", SHIFT)
    told.tells("posts.planned", "07:00", "console", starts="08:30", places=[{"staff": "S1", "place": "T3"}, {"staff": "S2", "place": "T5"}])  # fmt: skip
    assert planned_places(told.floor(), "09:00") == {"S1": "T3", "S2": "T5"}
    assert starts(plan(told, "07:30")) == {"S1": "10:30", "S2": "11:30"}
    assert {t.lane for t in plan(told, "07:30").turns} == {"certificate"}


# ---- as the day goes


def test_a_break_is_told_before_and_after_its_time() -> None:
    told = crew("T3", "T5").tells("breaks.planned", "08:50", "console", breaks=[{"staff": "S1", "start": "12:00", "minutes": 60}])  # fmt: skip

    def said(at: str) -> list[tuple[str, str]]:
        floor = told.floor(at)
        states = break_states(floor, told.register, instant(at))
        return [(a.code, a.text) for a in break_alerts(floor, states, instant(at), str)]

    assert said("11:54") == []
    assert said("11:56") == [("break_plan_soon", "S1 12:00から休憩")]
    assert said("12:05") == [("break_plan_late", "S1 12:00からの休憩に入っていません")]
    told.says("S1", "on_break", "12:06", until="13:06")
    assert said("12:10") == []
    told.says("S1", "present", "13:06")
    assert said("13:10") == []


def test_breaks_of_different_times_are_told_with_their_own_times() -> None:
    told = crew("T3", "T5", "T6", "T7")
    breaks = [("S1", "12:00"), ("S2", "12:05"), ("S3", "12:15"), ("S4", "12:20")]
    told.tells("breaks.planned", "08:50", "console", breaks=[{"staff": s, "start": at, "minutes": 60} for s, at in breaks])  # fmt: skip

    def said(at: str) -> list[str]:
        floor = told.floor(at)
        return [a.text for a in break_alerts(floor, break_states(floor, told.register, instant(at)), instant(at), str)]

    assert said("12:02") == ["まもなく S1 12:00・S2 12:05"]
    assert said("12:15") == ["休憩に入っていません S1 12:00・S2 12:05", "まもなく S3 12:15・S4 12:20"]
    assert said("12:30") == ["休憩に入っていません S1 12:00・S2 12:05 ほか2名"]


def test_one_break_is_told_by_its_plan_or_by_the_law_and_never_by_both() -> None:
    told = crew("T3", "T5").tells("breaks.planned", "08:50", "console", breaks=[{"staff": "S1", "start": "13:45", "minutes": 60}])  # fmt: skip

    def said(at: str) -> list[tuple[str, tuple[str, ...]]]:
        floor, now = told.floor(at), instant(at)
        states = break_states(floor, told.register, now)
        found = [*people_alerts(floor, told.register, now, str), *break_alerts(floor, states, now, str)]
        return [(a.code, a.people) for a in found if a.code.startswith("break")]

    assert said("13:31") == [("break_overdue", ("S2",))], "five hours are over, and the break of S1 comes in time"
    assert said("13:50") == [("break_overdue", ("S2",)), ("break_plan_late", ("S1",))]
    assert said("14:00") == [("break_overdue", ("S1", "S2"))], "half an hour before six hours the law presses"
