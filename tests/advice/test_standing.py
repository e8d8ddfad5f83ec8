"""The advice that stands: kept for minutes, named by one terminal, held once it was declined; the same for whoever looks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from floorctl.advice.advise import Adviser, Verdict
from floorctl.advice.forecast import Forecaster
from floorctl.commands.fold import apply
from floorctl.intake.demand_table import demand_table
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.advice_constants import AdviceConstants, MoveConstants
from floorctl.rehearsal.simulated_feed import simulated_feed
from tests.advice.test_best_move import crowd, opened, swamped
from tests.story import MONDAY, Story, entries_of, instant, kumagaya

TABLE = demand_table()


def standing(story: Story, at: str, forecaster: Forecaster | None = None) -> Verdict:
    forecaster = forecaster or Forecaster(kumagaya(), MONDAY, TABLE)
    now, floor, register = instant(at), story.floor(at), Register()
    adviser = Adviser(floor, forecaster.times(floor, now), forecaster.demand(floor, register, now), now)
    return adviser.standing(forecaster.standing(floor, register, now))


def named(verdict: Verdict) -> str:
    return verdict.option.moves[0] if verdict.option is not None else ""


def test_an_advice_stands_by_the_terminal_that_was_named() -> None:
    """T1 is named first; that T2 is free sooner later on changes nothing, that T1 cannot go does."""
    story = swamped().issues("B900", "cert_renewal", "10:14")
    assert named(standing(story, "10:16")) == "T1"
    story.issues("A001", "card_issuance", "10:17").calls("A001", "T1", "10:17")
    assert named(standing(story, "10:20")) == "T1"
    story.tells("terminal.paused", "10:21", terminal="T1").tells("terminal.resumed", "10:25", terminal="T1")
    assert named(standing(story, "10:21")) == "T2", "at once: nobody can send T1"


def test_it_stands_once_the_queues_have_been_uneven_for_ten_minutes() -> None:
    """Twelve wait from ten o'clock on, thirty from 10:20 on: before that a loan is enough."""
    story = crowd(opened(), 12)
    for n in range(4, 9):
        story.calls(f"B{n - 3:03d}", f"T{n}", "10:01")
    for n in range(30):
        story.issues(f"B{500 + n}", "cert_renewal", f"10:2{n % 2}")
    assert [standing(story, at).keep for at in ("10:12", "10:20", "10:28", "10:30")] == [True, True, True, False]


def test_the_constants_of_the_site_file_decide() -> None:
    """Twenty minutes instead of ten, for what stands; ninety people a terminal, for the advice of the instant too."""
    story = swamped().issues("B900", "cert_renewal", "10:14").issues("B901", "cert_renewal", "10:24")
    for given, kept in (
        (MoveConstants(), [True, False, False]),
        (MoveConstants(lasts_s=1200), [True, True, False]),
        (MoveConstants(heads_more=90), [True, True, True]),
    ):
        site = replace(kumagaya(), advice=AdviceConstants(moves=given))
        forecaster = Forecaster(site, MONDAY, TABLE)
        found = []
        for at in ("10:08", "10:16", "10:28"):
            now, floor, register = instant(at), story.floor(at), Register()
            floor.site = site
            adviser = Adviser(floor, forecaster.times(floor, now), forecaster.demand(floor, register, now), now)
            found.append(adviser.standing(forecaster.standing(floor, register, now)).keep)
            assert adviser.verdict().keep == (given.heads_more == 90)
        assert found == kept


def test_it_falls_at_once_where_nobody_waits_any_more() -> None:
    story = (
        swamped().issues("B900", "cert_renewal", "10:14").tells("queue.counted", "10:17", lane="certificate", waiting=0)
    )
    assert [standing(story, at).keep for at in ("10:16", "10:18")] == [False, True]


def test_what_was_declined_is_held_for_ten_minutes() -> None:
    """Whatever it would save, and whichever terminal would be named (gain_s 0: a command that gives none)."""
    story = swamped().issues("B900", "cert_renewal", "10:12")
    story.tells("advice.declined", "10:07", "console", terminal="T2", lane="certificate", reason="もう少し様子を見る")
    held = [standing(story, at) for at in ("10:07", "10:12", "10:16")]
    assert all(v.text.startswith("見送り中（10:17まで）") and v.kept == "見送り中（10:17まで）" for v in held)
    assert not standing(story, "10:18").keep


def test_a_declined_move_that_has_not_grown_is_held_for_half_an_hour() -> None:
    story = swamped().issues("B900", "cert_renewal", "10:18")
    story.tells("advice.declined", "10:07", "console", terminal="T1", lane="certificate", reason="x", gain_s=90_000)
    assert standing(story, "10:20").kept == "見送り中（10:37まで）"


def test_whoever_looks_finds_the_same() -> None:
    """A console that has looked all along, and a command that looks once."""
    story, along = swamped(), Forecaster(kumagaya(), MONDAY, TABLE)
    for n in range(6):
        story.issues(f"B{900 + n}", "cert_renewal", f"10:{10 + 2 * n}")
    for minute in range(4, 22, 3):
        at = f"10:{minute:02d}"
        assert standing(story, at, along).option == standing(story, at).option


@pytest.mark.parametrize("seed", [2, 7])
def test_on_a_surge_that_nobody_answers_the_advice_changes_four_times_in_two_hours_at_most(seed: int) -> None:
    lines = simulated_feed(kumagaya(), MONDAY, seed, "surge").decode().splitlines()
    entries = sorted(entries_of([json.loads(x) for x in lines]), key=lambda e: (e.fact.at, e.seq))
    forecaster, floor, register = Forecaster(kumagaya(), MONDAY, TABLE), Floor(kumagaya(), MONDAY), Register()
    now, told = instant("08:30"), []
    while now < instant("16:30"):
        while entries and entries[0].fact.at <= now:
            apply(floor, entries.pop(0))
        told.append(forecaster.standing(floor, register, now))
        now += timedelta(minutes=2)
    changes = [a != b for a, b in pairwise(told)]
    assert max(sum(changes[n : n + 60]) for n in range(len(changes) - 60)) <= 4
    assert any(told)
