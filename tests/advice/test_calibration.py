"""The calibration of predicted waits: what a terminal takes for each person of a queue, and a median that is neither short nor long."""

from __future__ import annotations

from datetime import timedelta
from math import log
from random import Random

import pytest

from floorctl.advice.calibration import Watch
from floorctl.advice.forecast import Forecaster
from floorctl.advice.known_ahead import look_ahead
from floorctl.advice.service_times import learn, learn_with_turns
from floorctl.advice.waits import Trust, calibrated, waits
from floorctl.commands.fold import DayFold
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.usecases.backtest import predicted, summary, truth_of
from tests.bench.counter_days import as_written
from tests.bench.waits import office
from tests.story import MONDAY, a_day, entries_of, instant, kumagaya


def shared_desks(at: str) -> Floor:
    """Two desks that take eight minutes for a case and then serve another queue for twelve; somebody comes every nine minutes."""
    story = a_day().opens("08:30", T4="certificate").staffs("T3", "S3", "08:31").staffs("T4", "S4", "08:31")
    for n in range(45):
        came, called = instant("08:50") + timedelta(minutes=9 * n), instant("09:00") + timedelta(minutes=10 * n)
        ticket, desk = f"B{n:03d}", ("T3", "T4")[n % 2]
        story.issues(ticket, at=came).calls(ticket, desk, called).finishes(ticket, desk, called + timedelta(minutes=8))
    return DayFold(kumagaya(), MONDAY, entries_of(sorted(story.lines, key=lambda x: x["at"]))).until(instant(at))


def test_desks_that_serve_another_queue_too_are_known_within_the_hour() -> None:
    """Two wait at 10:05, the last for thirteen minutes more and, had they been told by the cases, for a few."""
    floor, now = shared_desks("10:05"), instant("10:05")
    case = learn(floor, now).unknown("certificate").mean_s
    turn = learn_with_turns(floor, now)[1].unknown("certificate").mean_s
    assert case < 700 < 900 < turn < 1300, "cases of eight minutes, turns of twenty, site file thirteen"
    trust = Watch(kumagaya(), MONDAY).trust(floor, Register(), now)["certificate"]
    assert 0.5 < trust.longer / log(turn / case) < 1.1, "more than at the beginning of the day, a third"
    by_case = waits(floor, learn(floor, now), now, look_ahead(floor, Register(), now), {})["certificate"].last
    last = Forecaster(kumagaya(), MONDAY).waits(floor, Register(), now)["certificate"].last
    assert last is not None and by_case is not None
    assert by_case.p50_s * 1.3 < last.p50_s < 1200


def test_a_median_that_is_always_short_moves_up_and_one_that_is_right_stays() -> None:
    """Seconds of a median of 600 with p90 at 1,200, that is of a deviation of a little more than a half of the log."""
    plain, moved = calibrated(600, 1200, Trust()), calibrated(600, 1200, Trust(centre=0.5))
    assert plain[0] == 600
    assert moved[0] == pytest.approx(600 * 2 ** (0.5 / 1.2816), abs=1)
    assert moved[1] / moved[0] == pytest.approx(plain[1] / plain[0], rel=0.01), "p90 goes with it"


def test_the_median_learns_on_the_day_itself() -> None:
    """Each wait that is longer than was told lifts the median by 0.03 deviations, any other lowers it by as much."""
    floor, now = shared_desks("10:30"), instant("10:30")
    watch = Watch(kumagaya(), MONDAY)
    assert all(t.centre == 0.0 for t in watch.trust(floor, Register(), instant("08:48")).values()), "nobody came yet"
    learned = watch.trust(floor, Register(), now)
    told = [(m, m.ticket) for m in watch.predictions if m.centred and m.ticket is not None]
    beyond = sum((t.called_at or now) - m.at > timedelta(seconds=m.p50_s) for m, t in told)
    assert len(told) > 10 and beyond > len(told) / 2
    assert learned["certificate"].centre == pytest.approx(0.03 * (2 * beyond - len(told)))
    assert learned["issuance"].centre == pytest.approx(0.2 * learned["certificate"].centre), (
        "the other lane, by a fifth"
    )


def test_the_median_of_days_told_too_short_before_is_no_longer_short() -> None:
    """Three days whose desks serve other queues for half of the time: by the cases alone 9 % lay at or under p50, 86 % under p90."""
    results = []
    for seed in (1, 2, 3):
        rng = Random(seed)
        entries = as_written(office(rng, elsewhere=0.5, minutes=8.0), rng)
        results.append(predicted(f"shared-{seed}", entries, truth_of(entries, kumagaya()), kumagaya()))
    found = summary(results)
    assert found["n"] > 300
    assert 0.35 <= found["under_p50"] <= 0.55
    assert found["told_long"]["under_p50"] >= 0.4
    assert 0.87 <= found["covered"] <= 0.94


def test_what_is_undone_at_once_does_not_calibrate_the_day_again() -> None:
    """A mistaken act is taken back within the minute: of the steps judged so far it changes nothing, a late fact does."""
    story, now = a_day().opens("08:30").staffs("T3", "S3", "08:31"), instant("10:07")
    for n in range(20):
        came = instant("08:40") + timedelta(minutes=4 * n)
        story.issues(f"B{n:03d}", at=came).calls(f"B{n:03d}", "T3", instant("08:45") + timedelta(minutes=6 * n))
    until = [x for x in story.lines if x["at"] <= now.isoformat()]
    day = DayFold(kumagaya(), MONDAY, entries_of(sorted(until, key=lambda x: x["at"])))
    watch = Watch(kumagaya(), MONDAY)
    watch.trust(day.floor, Register(), now)
    steps, folded = len(watch.predictions), watch._floor
    assert steps > 8
    more = a_day(prefix="m").issues("B900", at="10:06").takes_back("m-00001", "10:07")
    day.add(entries_of([*until, *more.lines])[len(until) :])
    assert len(day.floor.retracted) == 1
    told = watch.trust(day.floor, Register(), now + timedelta(minutes=10))
    assert watch._floor is folded, "the same Floor went on"
    assert len(watch.predictions) > steps
    assert told == Watch(kumagaya(), MONDAY).trust(day.floor, Register(), now + timedelta(minutes=10))
    late = a_day(prefix="l").issues("B901", at="09:01")
    day.add(entries_of([*until, *more.lines, *late.lines])[-1:])
    watch.deferred = True
    assert watch.overtaken(day.floor)
    assert watch.trust(day.floor, Register(), now + timedelta(minutes=10)) == told, (
        "who shows it goes on with what it knew"
    )
    assert watch._floor is folded
    watch.deferred = False
    watch.trust(day.floor, Register(), now + timedelta(minutes=10))
    assert watch._floor is not folded
    assert not watch.overtaken(day.floor)
