"""Windows needed: the fewest that keep the target half hour by half hour, given what still waits."""

from __future__ import annotations

from itertools import pairwise
from math import log
from random import Random

import pytest

import floorctl.advice.windows_needed as windows_needed_module
from floorctl.advice.arrivals import forecast
from floorctl.advice.futures import _waits
from floorctl.advice.hall_view import Waiting
from floorctl.advice.known_ahead import look_ahead
from floorctl.advice.service_times import BETWEEN_S, Spread, between_s, learn
from floorctl.advice.window_runs import RUNS, WITHIN, HalfAhead, LaneAhead, LaneRuns, fewest, kept_of
from floorctl.advice.windows_needed import windows_needed
from floorctl.models.register.register import Register
from floorctl.usecases.forecasting import new_forecaster
from tests.story import Desk, a_day, instant
from tests.windows import windows_at

USUAL = Spread(log(720) - 0.125, 0.5)
TARGET_S = 1200.0


def lane(*persons: float, most: int = 8, waiting: int = 0, spread: float = 0.3, takes: Spread = USUAL) -> LaneAhead:
    """A lane to which so many come in each half hour, and for which some wait already."""
    halves = tuple(HalfAhead(1800.0 * k, 1800.0 * (k + 1), n, spread) for k, n in enumerate(persons))
    return LaneAhead(halves, ((1.0, takes),), TARGET_S, most, (Waiting(-60.0, takes),) * waiting)


def some_lane(seed: int) -> LaneAhead:
    rng = Random(seed)
    return lane(*(rng.uniform(1, 20) for _ in range(8)), waiting=rng.choice((0, 0, 5, 15)))


def kept(drawn: LaneRuns, windows: list[int]) -> list[float]:
    return [kept_of([half], TARGET_S).within for half in drawn.played(windows)]


@pytest.mark.parametrize("seed", range(8))
def test_the_windows_keep_the_target_and_one_less_from_any_half_hour_on_does_not(seed: int) -> None:
    drawn = LaneRuns(some_lane(seed))
    found = fewest(drawn, level=False)
    windows = [n for n, _ in found]
    shares = kept(drawn, windows)
    assert all(short or share >= WITHIN - 0.005 for share, (_, short) in zip(shares, found, strict=True))
    for k, (n, _) in enumerate(found):
        if n > 1 and not any(short for _, short in found[: k + 1]):
            less = [*windows[:k], *[n - 1] * (len(windows) - k)]
            assert min(kept(drawn, less)[: k + 1]) < WITHIN, (k, windows)


@pytest.mark.parametrize("seed", range(8))
def test_a_level_sequence_keeps_the_target_too_and_has_no_higher_peaks(seed: int) -> None:
    drawn = LaneRuns(some_lane(seed))
    plain, level = fewest(drawn, level=False), fewest(LaneRuns(some_lane(seed)))
    shares = kept(drawn, [n for n, _ in level])
    assert all(short or share >= WITHIN - 0.005 for share, (_, short) in zip(shares, level, strict=True))
    assert sum(short for _, short in level) <= sum(short for _, short in plain)
    assert sum(n * n for n, _ in level) <= sum(n * n for n, _ in plain)


def test_a_peak_is_prepared_where_that_needs_fewer_at_once() -> None:
    """Alone the third half hour needs eight; with one more before it, seven."""
    peaks = [max(n for n, _ in fewest(lane(6, 14, 16, 10, 6, 6), level=level)) for level in (False, True)]
    assert peaks[1] <= peaks[0]


def test_what_waits_is_the_next_half_hours_work() -> None:
    alone, behind = (fewest(lane(6, 6, 6, waiting=n))[0][0] for n in (0, 15))
    assert behind > alone


def test_all_terminals_are_too_few() -> None:
    found = fewest(lane(6, 60, 60, 6, most=4))
    assert found[1] == found[2] == (4, True)
    assert not found[0][1]


def test_whom_nobody_can_call_in_time_counts_as_if_they_came_now() -> None:
    """Twelve have waited for an hour, and nobody comes any more: they are called within the target from now."""
    late = LaneAhead((HalfAhead(0.0, 1800.0, 0.0),), ((1.0, USUAL),), TARGET_S, 8, (Waiting(-3600.0, USUAL),) * 12)
    (n, short), *_ = fewest(late)
    assert (n, short) == (5, False)
    assert fewest(LaneAhead((HalfAhead(0.0, 1800.0, 0.0),), ((1.0, USUAL),), TARGET_S, 8))[0] == (0, False)


def test_few_and_many_arrivals_enclose_what_is_expected() -> None:
    ahead = lane(8, 12, 10)
    persons = [sum(h.persons for h in x.halves) for x in (ahead.at_quantile(0.1), ahead, ahead.at_quantile(0.9))]
    assert persons == sorted(persons) and persons[0] > 0
    # The median of a gamma is below its mean; about as many as of a level with an sd of 0.3.
    assert persons[2] / persons[1] == pytest.approx(1.4, abs=0.03)
    assert persons[0] / persons[1] == pytest.approx(0.63, abs=0.03)
    slow = ahead.replace(pace=0.2).at_quantile(0.9)
    assert slow.cases[0][1].mu > USUAL.mu and slow.halves[0].persons < ahead.at_quantile(0.9).halves[0].persons


def test_with_as_many_windows_all_day_the_waits_are_those_of_the_futures() -> None:
    """The same recursion as in the futures, whose long run is Erlang's (test_models_agree)."""
    drawn = LaneRuns(lane(8, 12, 10, 4))
    waits = sorted(w for half in drawn.played([3] * 4) for w in half)
    expected = []
    for r in drawn._runs:
        people = [(can, can, takes) for can, _, takes, _ in r.people]
        sums = [_waits(people[:n], [0.0] * 3, (1e12, 1e12))[1] for n in range(len(people) + 1)]
        expected += [b - a for a, b in pairwise(sums)]
    assert waits == pytest.approx(sorted(expected), abs=1e-3)


def test_the_draws_have_the_mean_that_is_asked_for() -> None:
    drawn = LaneRuns(lane(*[8.0] * 16))
    assert sum(drawn.people) / RUNS == pytest.approx(128, rel=0.01)
    takes = [takes for r in drawn._runs for _, _, takes, _ in r.people]
    assert sum(takes) / len(takes) == pytest.approx(USUAL.mean_s, rel=0.02)


def test_appointments_come_one_after_the_other_as_the_slots_do() -> None:
    """As many as are booked in every run, and fewer windows for them than for as many who come when they like."""
    walked = lane(*[6.0] * 8)
    booked = walked.replace(halves=tuple(h.replace(booked=6.0) for h in walked.halves))
    drawn = LaneRuns(booked)
    assert {len(r.people) for r in drawn._runs} == {48}
    assert sum(n for n, _ in fewest(drawn)) < sum(n for n, _ in fewest(walked))
    days = {len(r.people) for r in LaneRuns(booked.replace(slots_sd=0.15))._runs}
    assert min(days) < 40 < 56 < max(days), "where the slots are not known the days differ"


def test_the_time_between_two_cases_takes_a_window_too() -> None:
    quick, slow = (lane(*[12.0] * 6).replace(between_s=s) for s in (0.0, 120.0))
    assert sum(n for n, _ in fewest(slow)) > sum(n for n, _ in fewest(quick))


def test_the_time_between_two_cases_is_learned_where_somebody_waits() -> None:
    story = a_day().opens("08:30").staffs("T3", "S1")
    for n in range(21):
        story.issues(f"B{n:03d}", at="09:00")
    for n in range(21):
        at = f"{9 + n // 6}:{n % 6 * 10:02d}"
        story.calls(f"B{n:03d}", "T3", f"{at}:40").finishes(f"B{n:03d}", "T3", f"{9 + n // 6}:{n % 6 * 10 + 9:02d}:50")
    floor, now = story.floor(), instant("13:00")
    assert between_s(floor, "certificate", now) == pytest.approx((10 * BETWEEN_S + 20 * 50) / 30)
    assert between_s(floor, "issuance", now) == BETWEEN_S


# ---- of a day told in facts


def test_a_lane_whose_figures_are_withheld_has_no_needs() -> None:
    story = a_day().opens("08:30").staffs("T3", "S1", "08:31").issues("B001", at="09:00")
    register = Register()
    found = {}
    for at in ("09:02", "12:00"):
        floor, now = story.floor(at), instant(at)
        ahead = look_ahead(floor, register, now)
        found[at] = windows_needed(floor, learn(floor, now), forecast(floor, register, (), now), ahead, now)
    assert "certificate" in found["09:02"]
    assert "certificate" not in found["12:00"], "its source has been silent for hours"


def test_the_half_hours_of_the_day_are_those_of_the_forecast(desk: Desk) -> None:
    desk.opens()
    session, floor, now = desk.session, desk.session.floor(desk.day), instant("09:10")
    forecaster = new_forecaster(session, desk.day)
    demand = forecaster.demand(floor, session.register(), now)
    need = forecaster.needed(floor, session.register(), now)["certificate"]
    assert [h.start for h in need.halves] == [h.start for h in demand.lanes["certificate"].halves if h.end > now]
    spans = [need.span(h) for h in need.halves]
    assert all(1 <= low <= h.needed <= high <= 8 for h, (low, high) in zip(need.halves, spans, strict=True))
    assert any(low < high for low, high in spans)
    plain = {"certificate": need.plain()}
    assert windows_at(plain, "certificate", instant("10:15")) == need.halves[2].needed
    assert windows_at(plain, "certificate", instant("18:00")) is None


def test_the_windows_of_few_and_of_many_arrivals_are_looked_for_once_and_only_where_they_are_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.opens()
    asked: list[float] = []

    def counted(lane: LaneAhead, *, level: bool = True) -> list[tuple[int, bool]]:
        asked.append(sum(h.persons for h in lane.halves))
        return fewest(lane, level=level)

    monkeypatch.setattr(windows_needed_module, "fewest", counted)
    needs = new_forecaster(desk.session, desk.day).needed(
        desk.session.floor(desk.day), desk.session.register(), instant("09:10")
    )
    assert len(asked) == len(needs), "a plan of breaks asks for no more"
    need = needs["certificate"]
    del asked[:]
    for h in need.halves:
        need.span(h)
    few, many = asked
    assert few < sum(h.persons for h in need.ahead.halves) < many


def test_the_runs_of_a_lane_to_which_few_come_are_more() -> None:
    few, many = LaneRuns(lane(*[0.2] * 10)), LaneRuns(lane(*[10.0] * 10))
    assert len(few._runs) > len(many._runs) == RUNS
    assert [n for n, _ in fewest(few)] == [1] * 10


@pytest.mark.parametrize(
    "persons", [(11,) * 16, (4, 8, 14, 16, 14, 16, 14, 6, 6, 12, 10, 12, 12, 8, 8, 6), (16, 4, 4, 16) * 4]
)
def test_the_windows_keep_the_target_on_other_days_than_those_they_were_looked_for_in(persons: tuple[int, ...]) -> None:
    """Also late in a full day of which every window less is felt."""
    windows = [n for n, _ in fewest(lane(*persons))]
    shares = kept(LaneRuns(lane(*persons), 4 * RUNS, others=True), windows)
    assert min(shares) > 0.85 and sum(shares) / len(shares) > 0.92, (windows, shares)


def test_of_windows_too_many_neither_the_first_nor_the_last_free_go() -> None:
    """Were it those that are free last, they would do some of the work of those that stay before they go."""
    run, other = LaneRuns(lane(5))._runs[:2]
    run.free = other.free = [0.0, 100.0, 200.0, 300.0]
    assert run.windows(3, 0.0) == [0.0, 100.0, 300.0] and other.windows(3, 0.0) == [0.0, 200.0, 300.0]
    assert run.windows(2, 0.0) == [0.0, 300.0]
