"""Lengths of cases: what the site file says, moved by what is seen, unmoved by what is odd."""

from __future__ import annotations

from math import exp, inf
from random import Random
from statistics import NormalDist

import pytest

from floorctl.advice.service_times import Observation, Spread, from_observations, learn, observations
from tests.story import Story, a_day, instant, kumagaya


def seen(minutes: float, n: int, service: str = "cert_renewal", cards: int = 1) -> list[Observation]:
    return [Observation(service, cards, 60 * minutes)] * n


def test_before_anything_is_seen_the_site_file_speaks() -> None:
    times = from_observations(kumagaya(), [])
    assert times.of("cert_renewal").mean_s == pytest.approx(12 * 60)
    assert times.of("card_issuance").mean_s == pytest.approx(15 * 60)
    assert times.of("card_issuance", 3).mean_s == pytest.approx(25 * 60), "five minutes for each further card"
    assert times.factor("pin_reset") == 1.0


def test_few_odd_cases_move_little_and_many_move_all() -> None:
    def mean(n: int) -> float:
        return from_observations(kumagaya(), seen(24, n)).of("cert_renewal").mean_s / 60

    assert 12 < mean(1) < mean(3) < mean(40) < 25
    assert mean(1) < 18, "one case of twice the length: less than half of it"
    assert mean(60) == pytest.approx(24, rel=0.05)


def test_a_service_learns_from_its_lane_and_a_lane_not_from_another() -> None:
    times = from_observations(kumagaya(), seen(24, 30))
    assert 1.3 < times.factor("cert_issue") < 2.1, "the same people at the same desks"
    assert times.factor("card_issuance") == 1.0


def test_cards_are_taken_out_of_what_is_learned() -> None:
    """Families that take 25 minutes for three cards say nothing else than that all is as expected."""
    times = from_observations(kumagaya(), seen(25, 30, "card_issuance", 3))
    assert times.factor("card_issuance") == pytest.approx(1.0, abs=0.05)


def test_a_ticket_left_open_over_lunch_moves_little() -> None:
    plain = from_observations(kumagaya(), seen(12, 20)).of("cert_renewal").mean_s
    lunch = from_observations(kumagaya(), [*seen(12, 20), *seen(90, 1)]).of("cert_renewal").mean_s
    assert lunch < plain * 1.12
    open_yet = from_observations(kumagaya(), [*seen(12, 20), Observation("cert_renewal", 1, 5400, "at_least")])
    assert open_yet.of("cert_renewal").mean_s < plain * 1.12


def test_what_is_still_open_counts_only_where_it_is_long() -> None:
    base = from_observations(kumagaya(), seen(12, 10)).of("cert_renewal").mean_s
    short = from_observations(kumagaya(), [*seen(12, 10), *[Observation("cert_renewal", 1, 60, "at_least")] * 5])
    long = from_observations(kumagaya(), [*seen(12, 10), *[Observation("cert_renewal", 1, 1800, "at_least")] * 5])
    assert short.of("cert_renewal").mean_s == pytest.approx(base)
    assert long.of("cert_renewal").mean_s > base * 1.1


def test_an_upper_bound_lengthens_nothing() -> None:
    base = from_observations(kumagaya(), seen(10, 20)).of("cert_renewal").mean_s
    bounded = from_observations(kumagaya(), [*seen(10, 20), *[Observation("cert_renewal", 1, 1200, "at_most")] * 20])
    assert bounded.of("cert_renewal").mean_s <= base * 1.03


def test_a_true_lognormal_is_found() -> None:
    rng, truth = Random(3), Spread(6.3, 0.45)
    cases = [Observation("cert_renewal", 1, rng.lognormvariate(truth.mu, truth.sigma)) for _ in range(300)]
    found = from_observations(kumagaya(), cases).of("cert_renewal")
    assert found.mean_s == pytest.approx(truth.mean_s, rel=0.07)
    assert found.sigma == pytest.approx(truth.sigma, abs=0.06)


# ---- what a day says


def day() -> Story:
    return a_day().opens("08:30").staffs("T3", "S3", "08:30").staffs("T4", "S4", "08:30")


def how(story: Story, at: str) -> list[tuple[str, float]]:
    return sorted((o.how, o.seconds) for o in observations(story.floor(at), instant(at)))


def test_a_case_is_exact_open_or_unknown() -> None:
    story = day().issues("B001", at="09:00").calls("B001", "T3", "09:01").finishes("B001", "T3", "09:09")
    story.issues("B002", at="09:02").calls("B002", "T4", "09:03")
    assert how(story, "09:10") == [("at_least", 420.0), ("exact", 480.0)]
    assert how(story, "09:05") == [("at_least", 120.0), ("at_least", 240.0)], "nothing of what comes later"


def test_a_case_ended_by_the_call_of_somebody_who_had_just_come_is_a_bound() -> None:
    story = day().issues("B001", at="09:00").calls("B001", "T3", "09:01")
    story.issues("B002", at="09:20").finishes("B001", "T3", "09:20:02").calls("B002", "T3", "09:20:04")
    assert ("at_most", 1142.0) in how(story, "09:21")
    waited = day().issues("B001", at="09:00").calls("B001", "T3", "09:01").issues("B002", at="09:05")
    waited.finishes("B001", "T3", "09:20:02").calls("B002", "T3", "09:20:04")
    assert ("exact", 1142.0) in how(waited, "09:21"), "somebody waited: the desk was busy to the end"


def test_the_limit_of_a_machine_is_no_length() -> None:
    story = day()
    for n in range(1, 5):
        story.issues(f"B00{n}", at=f"{8 + n:02d}:35").calls(f"B00{n}", "T3", f"{8 + n:02d}:36").finishes(
            f"B00{n}", "T3", f"{8 + n:02d}:56"
        )
    assert {x for x, _ in how(story, "13:00")} == {"at_most"}


def turns(story: Story, at: str) -> list[tuple[str, float]]:
    return sorted((o.how, o.seconds) for o in observations(story.floor(at), instant(at), turns=True))


def test_a_turn_lasts_until_the_desk_calls_who_waited_for_it() -> None:
    """A case of eight minutes, another queue's for twelve while B002 waits: the turn is of twenty."""
    story = day().issues("B001", at="09:00").calls("B001", "T3", "09:01").issues("B002", at="09:05")
    story.finishes("B001", "T3", "09:09").calls("B002", "T3", "09:21").finishes("B002", "T3", "09:29")
    story.issues("B003", at="09:40").calls("B003", "T3", "09:40:30")
    assert how(story, "09:40:30") == [("at_least", 0.0), ("exact", 480.0), ("exact", 480.0)]
    assert turns(story, "09:40:30") == [("at_least", 0.0), ("exact", 480.0), ("exact", 1200.0)], (
        "nobody waited for B003"
    )


def test_a_desk_that_was_away_in_another_lane_took_no_longer_turn() -> None:
    story = day().issues("B001", at="09:00").calls("B001", "T3", "09:01").finishes("B001", "T3", "09:09")
    story.issues("A001", "card_issuance", "09:02").tells("terminal.assigned", "09:25", terminal="T3", lane="issuance")
    story.calls("A001", "T3", "09:26")
    assert ("exact", 480.0) in turns(story, "09:30")


def test_the_limit_of_a_machine_is_no_turn_while_nobody_waits_and_one_while_somebody_does() -> None:
    story = day()
    for n in range(1, 6):
        story.issues(f"B00{n}", at=f"{8 + n:02d}:30" if n < 5 else "12:40")
        story.calls(f"B00{n}", "T3", f"{8 + n:02d}:31").finishes(f"B00{n}", "T3", f"{8 + n:02d}:51")
    assert turns(story, "14:00").count(("at_most", 1200.0)) == 4
    assert ("exact", 1200.0 + 40 * 60.0) in turns(story, "14:00"), (
        "B005 waited from 12:51 on, for 40 minutes at the most"
    )


def test_a_turn_of_the_morning_says_little_of_the_afternoon() -> None:
    found = observations(
        day().issues("B001", at="09:00").calls("B001", "T3", "09:01").finishes("B001", "T3", "09:09").floor("12:09"),
        instant("12:09"),
        turns=True,
    )
    assert [o.weight for o in found] == [pytest.approx(0.25)], "half after an hour and a half"


def test_a_day_is_learned_as_it_was_known_then() -> None:
    story = day().issues("B001", at="09:00").calls("B001", "T3", "09:01").finishes("B001", "T3", "09:31")
    whole = story.floor()
    assert learn(whole, instant("09:10")).of("cert_renewal") == learn(story.floor("09:10"), instant("09:10")).of(
        "cert_renewal"
    )
    assert learn(whole, instant("09:40")).cases["certificate"] == 1.0


# ---- lengths


def quantile_s(spread: Spread, p: float) -> float:
    """The length that a share ``p`` of cases does not exceed, by the definition of a lognormal."""
    return exp(spread.mu + spread.sigma * NormalDist().inv_cdf(p))


def test_quantiles_and_the_rest_of_a_case() -> None:
    spread = Spread(6.5, 0.5)
    assert quantile_s(spread, 0.5) == pytest.approx(665.1, abs=0.1)
    assert quantile_s(spread, 0.1) < quantile_s(spread, 0.5) < spread.mean_s < quantile_s(spread, 0.9)
    assert spread.left_quantile_s(0, 0.5) == pytest.approx(quantile_s(spread, 0.5))
    assert spread.left_mean_s(0) == pytest.approx(spread.mean_s)
    rests = [spread.left_quantile_s(e, 0.5) for e in (0, 300, 600, 900)]
    assert rests == sorted(rests, reverse=True), "who has been served for longer is done sooner"
    assert rests[-1] > 60


@pytest.mark.parametrize("elapsed", [0.0, 19.0, 20.0, 600.0, 5400.0, 86_400.0, 1e9])
def test_the_rest_is_never_longer_than_a_case(elapsed: float) -> None:
    spread = Spread(6.5, 0.5)
    for p in (0.01, 0.5, 0.99):
        assert 0 <= spread.left_quantile_s(elapsed, p) <= quantile_s(spread, p) < inf
    assert 0 <= spread.left_mean_s(elapsed) <= spread.mean_s
    quantiles = [spread.left_quantile_s(elapsed, p / 10) for p in range(1, 10)]
    assert quantiles == sorted(quantiles)


# ---- however many there are


def test_of_a_lane_only_so_many_cases_are_learned_from_the_latest_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    story = day()
    for n in range(12):
        at = f"{9 + n // 4:02d}:{n % 4 * 15:02d}"
        story.issues(f"B{n:03d}", at=at).calls(f"B{n:03d}", "T3", at).finishes(f"B{n:03d}", "T3", minutes_on(at, n + 1))
    story.issues("A001", "card_issuance", at="09:00").calls("A001", "T1", "09:01").finishes("A001", "T1", "09:09")
    floor, now = story.floor("12:30"), instant("12:30")
    every = [o.seconds for o in observations(floor, now) if o.service == "cert_renewal"]
    assert every == [60.0 * n for n in range(1, 13)]
    monkeypatch.setattr("floorctl.advice.service_times.MOST_CASES", 5)
    found = observations(floor, now)
    assert [o.seconds for o in found if o.service == "cert_renewal"] == every[-5:]
    assert [o.seconds for o in found if o.service == "card_issuance"] == [480.0], "the other lane has its own"


def minutes_on(at: str, minutes: int) -> str:
    hour, minute = map(int, at.split(":"))
    return f"{hour:02d}:{minute + minutes:02d}"
