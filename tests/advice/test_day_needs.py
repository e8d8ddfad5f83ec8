"""What a day ahead needs: windows by half hour, people with posts and breaks, one more and one less."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from floorctl.advice.day_needs import LaneDay, LaneVisitors, _ahead, day_need, people_needed, shipped_shares
from floorctl.advice.window_runs import RUNS, LaneRuns, kept_of
from floorctl.common.clock import day_seconds
from floorctl.models.site.site import Site
from tests.story import kumagaya

SITE = kumagaya()
MONDAY = 0


def visitors(persons: float, lane: str = "certificate") -> LaneVisitors:
    return LaneVisitors(lane, persons, 0.3, shipped_shares(SITE, lane, MONDAY), 720.0, 500)


def test_more_visitors_need_no_fewer_windows_and_people() -> None:
    days = [day_need(SITE, MONDAY, [visitors(n), visitors(n / 3, "issuance")]) for n in (0, 6, 60, 120, 240)]
    windows = [sum(h.needed for x in d.lanes for h in x.halves) for d in days]
    assert windows == sorted(windows) and windows[0] == 0
    assert [d.people for d in days] == sorted(d.people for d in days)
    for d in days:
        assert d.low <= d.people <= d.high
        assert d.persons == pytest.approx(sum(h.persons for x in d.lanes for h in x.halves))


def test_one_more_window_keeps_more_and_one_less_fewer() -> None:
    (lane,) = day_need(SITE, MONDAY, [visitors(120)]).lanes
    assert lane.with_less is not None
    assert lane.with_less.within < 0.8 < 0.9 <= lane.with_needed.within <= lane.with_more.within
    assert lane.with_less.p90_s > SITE.wait_target_s("certificate") >= lane.with_needed.p90_s > lane.with_more.p90_s


def test_what_the_windows_come_to_is_told_of_other_days_than_those_they_were_looked_for_in() -> None:
    """The windows are fitted to the latter, and look better there than any day will be."""
    (found,) = day_need(SITE, MONDAY, [visitors(190)]).lanes
    ahead, windows = _ahead(SITE, MONDAY, visitors(190)), [h.needed for h in found.halves]
    looked_at, much = (
        kept_of(runs.played(windows), ahead.target_s)
        for runs in (LaneRuns(ahead, RUNS), LaneRuns(ahead, 8 * RUNS, others=True))
    )
    assert looked_at.within > found.with_needed.within
    assert found.with_needed.within == pytest.approx(much.within, abs=0.025)
    assert found.with_needed.p90_s == pytest.approx(much.p90_s, rel=0.15)


def test_a_lane_of_the_same_visitors_and_hours_is_worked_out_once() -> None:
    known: dict[object, LaneDay] = {}
    tuesday, saturday = 1, 5
    one, two = (day_need(SITE, day, [visitors(40)], known) for day in (MONDAY, tuesday))
    assert one.lanes[0] is two.lanes[0] and len(known) == 1
    assert one == day_need(SITE, tuesday, [visitors(40)])
    day_need(SITE, MONDAY, [visitors(41)], known)
    short = replace(SITE, services=[replace(s, closes=time(12)) for s in SITE.services])
    day_need(short, saturday, [visitors(40)], known)
    assert len(known) == 3, "other visitors, other hours"


def test_a_handful_of_visitors_needs_one_window_at_any_time() -> None:
    (lane,) = day_need(SITE, MONDAY, [visitors(4)]).lanes
    assert {h.needed for h in lane.halves} == {1}
    assert lane.with_less is None, "less than one would leave nobody"


def test_slots_are_even_but_for_noon_and_walk_ins_follow_the_day() -> None:
    cards = dict(shipped_shares(SITE, "issuance", MONDAY))
    assert cards[10 * 3600] == pytest.approx(cards[15 * 3600], rel=0.1) and cards[12 * 3600] < 0.5 * cards[10 * 3600]
    certificates = dict(shipped_shares(SITE, "certificate", MONDAY))
    assert certificates[10 * 3600] > 1.5 * certificates[15 * 3600 + 1800]


def halves(**windows: int) -> dict[int, int]:
    """Windows from these times on, in each half hour from 8:30 to 17:00."""
    found, n = {}, 0
    for at in range(day_seconds(SITE.hall.opens), 17 * 3600, 1800):
        n = windows.get(f"h{at // 3600:02d}{at // 60 % 60:02d}", n)
        found[at] = n
    return found


def alone(**changes: object) -> Site:
    return replace(SITE, posts=(), **changes)  # type: ignore[arg-type]


def test_the_people_are_those_of_the_peak_where_everybody_finds_a_break_beside_it() -> None:
    """Five at the peak of the morning, four later: one at a time is away, from 10:30 to 15:30 five hours."""
    assert people_needed(alone(), MONDAY, [halves(h0830=5, h1030=4)]) == 5


def test_where_the_peak_lasts_somebody_more_stands_in() -> None:
    """Four are needed all day: the fifth stands in for each of the others, an hour each, and has one too."""
    assert people_needed(alone(), MONDAY, [halves(h0830=4)]) == 5


def test_posts_and_every_lane_count() -> None:
    lanes = [halves(h0830=5, h1030=4), halves(h0830=1)]
    assert people_needed(SITE, MONDAY, lanes) == people_needed(
        alone(), MONDAY, [halves(h0830=6 + len(SITE.posts), h1030=5 + len(SITE.posts))]
    )
    assert people_needed(SITE, MONDAY, []) == 0


def test_a_peak_at_noon_leaves_few_places_for_breaks() -> None:
    """Six from 10:30 to 13:30, two around it: from 13:30 on four may go at once."""
    assert people_needed(alone(), MONDAY, [halves(h0830=2, h1030=6, h1330=2)]) == 6
    assert people_needed(alone(), MONDAY, [halves(h0830=2, h1030=6, h1430=5, h1530=2)]) == 8
