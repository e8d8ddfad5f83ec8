"""Every effect compares its alternatives over the same span and the same people, and no wait is told beyond the closing."""

from __future__ import annotations

from random import Random

import pytest

from floorctl.advice.best_move import RULES, waiting_s
from floorctl.advice.forecast import Forecaster
from floorctl.advice.futures import SOON_S, Futures
from floorctl.advice.hall_view import View
from floorctl.advice.service_times import Spread
from floorctl.advice.waits import LaneWaits, Wait
from floorctl.models.register.register import Register
from tests.advice.test_best_move import adviser, crowd, opened, swamped
from tests.story import MONDAY, Story, instant, kumagaya


def any_hall(seed: int) -> View:
    """A hall at 10:00 or at 16:40: one to four terminals a lane, queues, arrivals, breaks, open cases of any age."""
    rng = Random(seed)
    at = rng.choice(("10:00", "16:40"))
    story = opened(issuance=rng.randint(1, 3), certificate=rng.randint(1, 4))
    v = adviser(crowd(story, rng.randint(0, 30), "09:00").floor(at), at).view
    for s in v.stations:
        if rng.random() < 0.5:
            s.case, s.serves, s.elapsed = Spread(rng.uniform(5.5, 8.5), 0.6), s.lane, rng.uniform(0, 9000)
        elif rng.random() < 0.4:
            s.free_in, s.at_work = rng.choice((600.0, 1800.0, 5400.0)), False
    for lane in v.lanes:
        v.coming[lane].spells = [(0.0, 3600.0, rng.uniform(0.0, 30.0))]
    return v


@pytest.mark.parametrize("seed", range(40))
def test_a_terminal_less_never_shortens_and_one_more_never_lengthens_a_wait(seed: int) -> None:
    """Also the last one: neither the longest wait nor the sum of its lane falls, in no future."""
    v = any_hall(seed)
    futures = Futures(v)
    stay = futures.longest((), "", SOON_S)
    for origin, to in (v.lanes, v.lanes[::-1]):
        codes = tuple(s.code for s in v.of(origin))
        for moves in {codes[:1], codes}:
            after = futures.longest(moves, to, SOON_S)
            assert after[origin] >= stay[origin]
            assert after[to] <= stay[to]
        more = futures.longest((), "", SOON_S, more=to)
        assert more[to] <= stay[to] and more[origin] == stay[origin]
        for code in (s.code for s in v.of(to)):
            opened_now = futures.longest((), "", SOON_S, more=to, opened=code)
            assert more[to] <= opened_now[to] <= stay[to], "the terminal itself, not one more beside it"


@pytest.mark.parametrize("seed", range(20))
def test_the_fluid_model_agrees(seed: int) -> None:
    rng = Random(seed)
    rates = [rng.uniform(0, 0.02) for _ in range(9)]
    free = [rng.choice((0.0, rng.uniform(0, 4000))) for _ in range(rng.randint(1, 4))]
    costs = [waiting_s(12, rates, free[:n], 700.0, RULES) for n in range(len(free) + 1)]
    assert costs == sorted(costs, reverse=True)


def test_the_preview_of_taking_the_last_terminal_says_that_nobody_is_left() -> None:
    """Thirty wait before a single terminal: until the closing some of them are called, without it nobody is."""
    verdict = adviser(swamped(issuance=7, certificate=1).floor("10:06"), "10:06").of_move("T8", "issuance")
    assert verdict is not None
    effect = verdict.effect["certificate"]
    assert effect.nobody and effect.after_s > effect.before_s
    assert "から受けられません" in verdict.text


# ---- bounded by the closing


def waits_of(story: Story, at: str) -> LaneWaits:
    found = Forecaster(kumagaya(), MONDAY).waits(story.floor(at), Register(), instant(at))
    return found["certificate"]


def lost_call() -> Story:
    """One has waited since 08:32 beside six terminals at work, of which five never called: a call that is lost."""
    story = (
        opened(issuance=2, certificate=6)
        .issues("B001", "cert_renewal", "08:31")
        .issues("B002", "cert_renewal", "08:32")
    )
    return story.calls("B001", "T3", "08:40").finishes("B001", "T3", "08:55")


@pytest.mark.parametrize("at", ["09:05", "12:05", "14:00", "16:30"])
def test_nobody_waits_for_hours_beside_a_free_terminal(at: str) -> None:
    told = waits_of(lost_call().tells("visitors.counted", at, persons=2), at).last  # the feed is alive
    assert told is not None and told.p50_s <= 1800
    assert told.p90_s is None or told.p90_s <= (instant("17:15") - instant(at)).total_seconds()


def test_nothing_is_told_beyond_the_closing() -> None:
    many = crowd(opened(issuance=7, certificate=1), 60, "16:00")
    late = waits_of(many, "16:10")
    assert late.last is None and late.late and late.coming is None
    assert late.each and all(w.p50_s <= 3900 and (w.p90_s or 0) <= 3900 for w in late.each.values())
    assert waits_of(many, "17:16").last is None


def test_a_ninetieth_percentile_beyond_the_closing_is_left_out() -> None:
    told = LaneWaits("x", Wait(600, 4000), Wait(700, 800), {"A": Wait(600, 4000), "B": Wait(5000, 6000)}).until(3600)
    assert told == LaneWaits("x", Wait(600, None), Wait(700, 800), {"A": Wait(600, None)}, late=True)
    assert not LaneWaits("x", Wait(600, 900), None, {}).until(3600).late


def test_near_the_closing_no_effect_goes_beyond_it() -> None:
    """At 16:45 whoever waits since 16:00 has waited for 75 minutes at the closing, and nobody for longer."""
    found = adviser(
        crowd(opened(issuance=2, certificate=6), 60, "16:00").counts("certificate", 60, "16:44").floor(), "16:45"
    )
    oldest = max(-w.since for w in found.view.waiting["certificate"])
    assert found.futures is not None and found.futures.until_s == 1800
    for verdict in (found.verdict(), found.of_move("T1", "certificate")):
        assert verdict is not None
        e = verdict.effect["certificate"]
        assert oldest < e.after_s <= e.before_s <= oldest + 1800
