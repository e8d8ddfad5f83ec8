"""The replay and the study: exact on days that can be worked out by hand, right against theory and against ciw."""

from __future__ import annotations

from datetime import date
from math import factorial
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floorctl.advice.policies import AsWas, Pooled, Static
from floorctl.advice.study import study, together
from floorctl.intake.demand_table import demand_table
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.simulation.recorded_day import ALWAYS, Job, Post, RecordedDay, record
from floorctl.simulation.replay import Desk, Figures, Outcome, Policy, ReplayHall, figures
from floorctl.usecases.backtest import read_day
from floorctl.usecases.study_days import days_of_feed, ready
from tests.bench.flexible import Flex
from tests.story import MONDAY, Story, a_day, feed_of, instant, kumagaya

LANES = ("issuance", "certificate")


def job(n: int, at: int, takes: int, lane: str = "certificate", **more: object) -> Job:
    fields: dict[str, object] = {"leaves": None, "stays": ((at, lane),), "start": at} | more
    service = "cert_renewal" if lane == "certificate" else "card_issuance"
    return Job(f"{lane[0]}{n:05d}", service, 1, lane, at, service_s=takes, **fields)  # type: ignore[arg-type]


def hall(jobs: list[Job], lanes: list[str], *, switch: int = 120, both: bool = True) -> RecordedDay:
    """Terminals at work from the first second on, each in its lane."""
    posts = tuple(
        Post(f"T{n}", LANES if both else (lane,), ((0, ALWAYS, True),), ((0, lane),)) for n, lane in enumerate(lanes, 1)
    )
    return RecordedDay(
        MONDAY, LANES, LANES, LANES[:1], tuple(sorted(jobs, key=lambda j: (j.issued, j.number))), posts, switch
    )


def run(day: RecordedDay, policy: Policy | None = None) -> Outcome:
    return ReplayHall(day, policy or AsWas()).run()


def recorded(story: Story) -> RecordedDay:
    return record(kumagaya(), story.day, story.entries())


# ---- a day from its facts


def told() -> Story:
    return (
        a_day()
        .opens("08:25", T1="issuance", T3="certificate")
        .staffs("T1", "S1", "08:30")
        .staffs("T3", "S3", "08:30")
        .issues("B001", at="09:00")
        .calls("B001", at="09:01")
        .issues("B002", at="09:02")
        .issues("B003", at="09:03")
        .finishes("B001", at="09:11")
        .leaves("B003", "09:30")
        .calls("B002", at="09:40")
        .finishes("B002", at="09:45")
    )


def test_what_is_kept_of_a_day() -> None:
    """«Arrivals, services, service times and the number of staffed terminals are those of the feed»"""
    day = recorded(told())
    assert [(j.number, j.issued, j.service_s, j.leaves) for j in day.jobs] == [
        ("B001", 9 * 3600, 600, None),
        ("B002", 9 * 3600 + 120, 300, None),
        ("B003", 9 * 3600 + 180, 450, 9 * 3600 + 1800),  # never served: as long as the others on average
    ]
    spans = {p.terminal: p.spans for p in day.posts}
    assert spans["T3"] == ((8 * 3600 + 1800, ALWAYS, True),)
    assert spans["T5"] == ()


def test_the_replay_of_a_small_day() -> None:
    """B001 at once, B002 when it is done; who left in the feed is served where the turn comes before."""
    found = run(recorded(told()))
    assert found.called == {"B001": 32400, "B002": 33000, "B003": 33300}
    assert found.waits["certificate"] == [0, 480, 720]
    assert found.left == 0
    assert found.waiting_max == 2


def test_who_still_waits_leaves_when_they_left() -> None:
    day = hall([job(1, 0, 4000), job(2, 10, 100, leaves=1800)], ["certificate"])
    found = run(day)
    assert (found.left, found.waits["certificate"]) == (1, [0])


def test_an_appointment_waits_from_its_time() -> None:
    """«call − issue (or appointment if later)», and who has none and came before goes first."""
    early = job(1, 0, 60, start=900, appointment=True)
    found = run(hall([job(9, 5, 600), early, job(2, 100, 60)], ["certificate"]))
    assert found.called["c00001"] == 0  # nobody else was there
    assert sorted(found.waits["certificate"]) == [0, 55, 560]


def test_a_transfer_waits_in_the_other_lane() -> None:
    moved = job(1, 0, 60, "certificate", stays=((0, "issuance"), (300, "certificate")))
    found = run(hall([moved], ["certificate"]))
    assert found.waits["certificate"] == [300]


def test_breaks_and_failures_are_kept() -> None:
    story = told()
    story.tells("terminal.paused", "10:00", terminal="T3").tells("terminal.resumed", "10:45", terminal="T3")
    story.issues("B004", at="10:10").calls("B004", at="10:46").finishes("B004", at="10:50")
    day = recorded(story)
    (post,) = [p for p in day.posts if p.terminal == "T3"]
    assert post.spans == ((30600, 36000, True), (38700, ALWAYS, False))
    assert run(day).called["B004"] == 38700


def test_loans_are_kept_by_their_orders() -> None:
    """A lane changes where a loan was ordered that began, and where its return was; one that lapsed changes nothing."""
    story = a_day().opens("08:30").issues("A001", "card_issuance", "09:00").calls("A001", "T1", "09:01")
    story.lends("T1", "certificate", "09:02").lends("T2", "certificate", "09:03")
    story.issues("A002", "card_issuance", "09:04").finishes("A001", "T1", "09:10")  # A002 waits: T1 stays
    story.issues("B001", at="09:20").calls("B001", "T2", "09:21").returns("T2", "09:25").finishes("B001", "T2", "09:30")
    story.calls("A002", "T1", "09:31").lends("T1", "certificate", "09:32").finishes("A002", "T1", "09:40")
    story.closes("17:10")
    lanes = {p.terminal: p.lanes_then for p in recorded(story).posts}

    def at(minute: int) -> int:
        return 9 * 3600 + 60 * minute

    assert lanes["T2"] == ((0, "issuance"), (at(3), "certificate"), (at(25), "issuance"))
    assert lanes["T1"] == ((0, "issuance"), (at(32), "certificate"))


def test_who_is_about_to_go_on_a_break_takes_nobody_any_more() -> None:
    """B002 waits beside a terminal that stops half a minute after its last customer: it is called when it is back."""

    def paused(at: str) -> Story:
        story = a_day().opens("08:25", T3="certificate").staffs("T3", "S3", "08:30")
        story.issues("B001", at="09:00").calls("B001", at="09:00").issues("B002", at="09:05").finishes(
            "B001", at="09:10"
        )
        story.tells("terminal.paused", at, terminal="T3").tells("terminal.resumed", "10:00", terminal="T3")
        return story.calls("B002", at="10:00").finishes("B002", at="10:10")

    assert run(recorded(paused("09:10:30"))).called["B002"] == 10 * 3600
    # Free for longer beside somebody who waits, it was at work: its call was lost, or it did something else.
    assert run(recorded(paused("09:12"))).called["B002"] == 9 * 3600 + 600


def test_a_recorded_loan_is_one_order_and_its_return_none() -> None:
    """T1 helps certificates from 9:02 to 9:12 and goes home; later it is moved for good, and the replay orders as recorded."""
    story = told()
    story.lends("T1", "certificate", "09:02").returns("T1", "09:12").moves("T1", "certificate", "10:00")
    found = run(recorded(story))
    assert [(x.at, x.terminal, x.origin, x.to, x.lend) for x in found.orders] == [
        (32520, "T1", "issuance", "certificate", True),
        (36000, "T1", "issuance", "certificate", False),
    ]
    assert found.lane_changes == 3, "there, home, and over for good"
    assert found.called["B002"] == 32640, "with the switch at T1, not after B001 at T3"
    assert found.called["B003"] == 32940


def test_a_loan_that_a_move_made_lasting_is_two_orders_and_one_change() -> None:
    """Lent, kept there by a move, and moved back: a loan and two moves, as the day's record has it; over and back alone cost the way."""
    story = told()
    story.lends("T1", "certificate", "09:02").moves("T1", "certificate", "09:12").moves("T1", "issuance", "10:00")
    found = run(recorded(story))
    assert [(x.at, x.origin, x.to, x.lend) for x in found.orders] == [
        (32520, "issuance", "certificate", True),
        (33120, "issuance", "certificate", False),
        (36000, "certificate", "issuance", False),
    ]
    assert found.lane_changes == 2


def test_a_lent_terminal_that_is_moved_to_its_own_lane_comes_home() -> None:
    """It is no move of the day's record, and no order of the replay."""
    story = told().lends("T1", "certificate", "09:02").moves("T1", "issuance", "09:12")
    assert story.floor().moves == []
    found = run(recorded(story))
    assert ([x.lend for x in found.orders], found.lane_changes) == ([True], 2)


def test_what_is_ordered_when_nobody_is_at_the_terminal_any_more_is_no_order() -> None:
    """The lanes of the next day are set after the last person has left; who waits longer in the replay meets none of it."""
    story = told().staffs("T3", None, "17:05").moves("T3", "issuance", "17:08").closes("17:10")
    found = run(recorded(story))
    assert (found.orders, found.lane_changes) == ([], 0)


def test_the_close_sends_a_lent_terminal_home_without_an_order() -> None:
    story = told().lends("T1", "certificate", "09:02").closes("17:10")
    found = run(recorded(story))
    assert [x.lend for x in found.orders] == [True]
    assert found.lane_changes == 1, "nobody is at it when it is home again"
    story = told().lends("T1", "certificate", "09:02").staffs("T1", None, "09:50").closes("17:10")
    assert [x.lend for x in run(recorded(story)).orders] == [True]


# ---- what a move costs


class At(Policy):
    """Moves terminals at given seconds."""

    def __init__(self, *moves: tuple[int, str, str]) -> None:
        self.told = moves

    def decides_at(self, day: RecordedDay) -> list[int]:
        return [at for at, _, _ in self.told]

    def moves(self, hall: ReplayHall) -> list[tuple[Desk, str]]:
        desks = {d.code: d for d in hall.desks}
        return [(desks[code], lane) for at, code, lane in self.told if at == hall.now]


def test_a_move_costs_the_switch_time() -> None:
    found = run(hall([job(1, 100, 60)], ["issuance"]), At((100, "T1", "certificate")))
    assert found.waits["certificate"] == [120]
    assert [(m.at, m.terminal, m.origin, m.to) for m in found.orders] == [(100, "T1", "issuance", "certificate")]


def test_the_present_customer_is_finished_first() -> None:
    jobs = [job(1, 0, 600, "issuance"), job(2, 10, 60)]
    found = run(hall(jobs, ["issuance"]), At((20, "T1", "certificate")))
    assert found.waits["certificate"] == [600 + 120 - 10]


def test_the_lane_of_a_terminal_as_it_is_staffed_is_no_move() -> None:
    day = hall([job(1, 0, 60), job(2, 0, 60, "issuance")], ["issuance", "issuance"])
    found = run(day, Static(2, 6))
    assert (found.orders, found.waits) == ([], {"certificate": [0], "issuance": [0]})


@pytest.mark.parametrize(
    ("staffed", "two_six", "three_five"),
    [(1, (0, 1), (0, 1)), (2, (1, 1), (1, 1)), (4, (1, 3), (2, 2)), (6, (2, 4), (2, 4)), (8, (2, 6), (3, 5))],
)
def test_static_splits(staffed: int, two_six: tuple[int, int], three_five: tuple[int, int]) -> None:
    """«the staffed terminals split in that proportion, at least one each»"""
    any_hall = ReplayHall(hall([], ["issuance"]), AsWas())
    for shares, wanted in (((2, 6), two_six), ((3, 5), three_five)):
        found = Static(*shares).wanted(any_hall, staffed)
        assert tuple(found[x] for x in LANES) == wanted


def test_pooled_serves_whoever_waits_longest() -> None:
    jobs = [job(1, 0, 100, "issuance"), job(2, 10, 100), job(3, 20, 100, "issuance")]
    found = run(hall(jobs, ["certificate"]), Pooled())
    assert found.called == {"i00001": 0, "c00002": 100, "i00003": 200}
    alone = run(hall(jobs, ["certificate"], both=False), Pooled())
    assert list(alone.called) == ["c00002"], "a terminal of one lane keeps to it"


def test_a_flexible_terminal_pays_for_each_switch() -> None:
    jobs = [job(1, 0, 100), job(2, 10, 100, "issuance")]
    found = run(hall(jobs, ["certificate"]), Flex(1, sticky_s=0))
    assert found.called == {"c00001": 0, "i00002": 220}


# ---- Little's law, common random numbers


@st.composite
def days(draw: st.DrawFn) -> RecordedDay:
    jobs = [
        job(
            n,
            at,
            draw(st.integers(1, 900)),
            draw(st.sampled_from(LANES)),
            leaves=draw(st.none() | st.just(at + draw(st.integers(0, 900)))),
        )
        for n, at in enumerate(draw(st.lists(st.integers(0, 7200), min_size=1, max_size=40)))
    ]
    return hall(jobs, draw(st.lists(st.sampled_from(LANES), min_size=1, max_size=4)))


@settings(max_examples=60, deadline=None)
@given(days())
def test_littles_law_holds_whatever_the_day(day: RecordedDay) -> None:
    """``run`` raises where the area under the number waiting is not the sum of the waits."""
    for policy in (AsWas(), Static(2, 6), Static(3, 5), Pooled(), Flex(2)):
        found = run(day, policy)
        assert sum(len(w) for w in found.waits.values()) + found.left <= len(day.jobs)
        assert all(w >= 0 for w in found.all_waits)


def test_little_is_really_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReplayHall, "_waited", lambda self, job: setattr(self, "_waiting", self._waiting - 1))
    with pytest.raises(ArithmeticError):
        run(hall([job(1, 0, 100), job(2, 0, 100)], ["certificate"]))


# ---- against theory and another simulator


def erlang_c(c: int, load: float) -> float:
    """Probability of waiting in M/M/c with ``load`` = λ/μ (Erlang 1917; Gross & Harris, Fundamentals, 2.3)."""
    last = load**c / factorial(c) * c / (c - load)
    return last / (sum(load**k / factorial(k) for k in range(c)) + last)


def markov(c: int, rho: float, n: int, mean: int = 600, seed: int = 1) -> RecordedDay:
    rng = Random(seed)
    at, jobs = 0.0, []
    for k in range(n):
        at += rng.expovariate(rho * c / mean)
        jobs.append(job(k, int(at), max(1, round(rng.expovariate(1 / mean)))))
    return hall(jobs, ["certificate"] * c)


# P(wait) as published: tables of the Erlang C formula (e.g. Cooper, Introduction to Queueing Theory, 2nd ed., app. A).
@pytest.mark.parametrize(
    ("c", "rho", "published"), [(1, 0.7, 0.7), (2, 0.8, 0.7111), (5, 0.8, 0.5541), (8, 0.7, 0.2706)]
)
def test_waits_are_those_of_mmc(c: int, rho: float, published: float) -> None:
    assert erlang_c(c, c * rho) == pytest.approx(published, abs=2e-4)
    waits = [w for seed in (1, 2, 3) for w in run(markov(c, rho, 30_000, seed=seed)).all_waits]
    assert sum(w > 0 for w in waits) / len(waits) == pytest.approx(published, abs=0.02)
    expected = published * 600 / (c * (1 - rho))
    assert sum(waits) / len(waits) == pytest.approx(expected, rel=0.1)


def test_waits_are_those_of_ciw() -> None:
    """The same arrivals and service times through Ciw, an independent simulator: the same wait, person by person."""
    ciw = pytest.importorskip("ciw")

    class Given(ciw.dists.Sequential):  # type: ignore[misc, name-defined]
        """The same numbers in a row. Ciw copies them with their iterator, which Python 3.14 does not do any more."""

        def __deepcopy__(self, _: object) -> Given:
            return Given(self.sequence)

    day = markov(3, 0.85, 400, seed=5)
    at = [j.issued for j in day.jobs]
    gaps = [float(b - a) for a, b in zip([0, *at], at, strict=False)]
    network = ciw.create_network(
        arrival_distributions=[Given([*gaps, float("inf")])],
        service_distributions=[Given([float(j.service_s) for j in day.jobs])],
        number_of_servers=[3],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(at[-1] + 100_000)
    theirs = [r.waiting_time for r in sorted(simulation.get_all_records(), key=lambda r: r.id_number)]
    ours = run(day).called
    assert [ours[j.number] - j.issued for j in day.jobs] == pytest.approx(theirs, abs=0.01)


# ---- the study


def test_figures() -> None:
    """p90 by nearest rank; nothing where nobody was called."""
    assert figures([]) == Figures()
    assert figures(range(10, 0, -1)) == Figures(10, 5.5, 9, 10)
    assert figures([7]) == Figures(1, 7.0, 7, 7)


def test_together_counts_every_ticket_once() -> None:
    a = Outcome({"certificate": [10, 20]}, 2, [], 0)
    b = Outcome({"certificate": [30], "issuance": [0]}, 5, [], 1)
    found = together(kumagaya(), [a, b])
    assert (found.all.n, found.all.mean_s, found.waiting_max, found.days) == (4, 15.0, 5, 2)
    assert found.lanes["certificate"].mean_s == 20


@pytest.fixture(scope="module")
def surge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "surge.jsonl"
    path.write_bytes(simulated_feed(kumagaya(), date(2027, 5, 25), 8, "surge"))
    return path


def test_a_surge_under_every_policy(surge: Path) -> None:
    """The advice comes near the bound with few moves, and beats the splits that nobody moves.

    Single days lie further from the bound than their mean does (docs/advice.md has the figures).
    """
    site = kumagaya()
    days = days_of_feed(site, surge, lambda text: pytest.fail(text))
    found = study(site, days, demand_table())
    assert list(found.policies) == ["as_was", "static_2_6", "static_3_5", "advice", "pooled"]
    mean = {name: f.all.mean_s for name, f in found.policies.items()}
    assert all(m is not None for m in mean.values())
    assert mean["advice"] < min(mean["static_2_6"], mean["static_3_5"]) * 0.95  # type: ignore[type-var,operator]
    assert mean["advice"] <= 1.3 * mean["pooled"]  # type: ignore[operator]
    assert found.policies["advice"].total.orders <= 10
    assert found.policies["static_2_6"].total.orders == found.policies["pooled"].total.orders == 0
    again = study(site, days, demand_table())
    assert again.to_json() == found.to_json(), "the same day, the same figures"


def test_the_replay_as_it_was_is_near_what_was(surge: Path) -> None:
    """Without the seconds between two customers the replay is a little quicker than the day itself, never slower."""
    site = kumagaya()
    (day,) = days_of_feed(site, surge, lambda text: None)
    found = run(day)
    assert {x.terminal for x in found.orders} <= {p.terminal for p in day.posts}
    assert found.waiting_max > 20


def test_a_day_without_tickets_is_left_out() -> None:
    story = a_day().opens("08:25")
    assert ready(kumagaya(), [(story.day, story.entries())]) == []


def test_lines_that_a_feed_tells_twice_change_nothing(tmp_path: Path) -> None:
    """As when it is taken in: the second line of an id is no fact, whatever it tells."""
    story = told().requeues("B001", "09:50").calls("B001", at="09:55").finishes("B001", at="10:00")
    once, twice = tmp_path / "once.jsonl", tmp_path / "twice.jsonl"
    once.write_bytes(story.feed())
    later = [x | {"at": instant("11:00").isoformat()} for x in story.lines if x["kind"] == "ticket.requeued"]
    twice.write_bytes(story.feed() + story.feed() + feed_of(later))
    site = kumagaya()
    assert days_of_feed(site, twice, print) == days_of_feed(site, once, print)
    assert read_day(twice, site) == read_day(once, site)
