"""Constants chosen on past days: single steps, judged on the days left out; what is worth no change changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from floorctl.advice.best_move import RULES, move_rules
from floorctl.advice.fit import CHOICES, SHIPPED, Constants, Trial, closed, differing, objective, search
from floorctl.advice.fit_days import Fit, Replayable, fit
from floorctl.advice.lending import LEND_RULES, lend_rules
from floorctl.advice.obedient_manager import Advice
from floorctl.advice.person_minutes import Measured
from floorctl.advice.study import ADVICE, study
from floorctl.intake.demand_table import demand_table
from floorctl.models.site.advice_constants import AdviceConstants, LendingConstants, MoveConstants
from floorctl.models.site.site import Site
from floorctl.simulation.recorded_day import RecordedDay, of_floor
from floorctl.simulation.replay import ReplayHall
from tests.advice.test_study import hall, job, told
from tests.story import kumagaya

TABLE = demand_table()
HOUR = 3600
ONE_HEAD = AdviceConstants(lending=LendingConstants(heads=1))


def with_constants(given: AdviceConstants) -> Site:
    site = kumagaya()
    return replace(site, advice=given)


def pairs(seed: int) -> RecordedDay:
    """Renewals of a quarter of an hour come two by two to one terminal, beside two idle ones for cards.

    The second of each pair waits alone: the shipped constants lend only where two wait.
    """
    rng = Random(seed)
    jobs = [
        job(2 * n + k, 9 * HOUR + 2000 * n + rng.randrange(60), 900 + rng.randrange(20))
        for n in range(6)
        for k in range(2)
    ]
    return hall(jobs, ["issuance", "issuance", "certificate"])


def trial(was: float, found: float, pooled: float, loans: int = 0) -> Trial:
    """A day by the hours that all waited."""
    return Trial(*(Measured(int(hours * HOUR), 0, n) for hours, n in ((was, 0), (found, loans), (pooled, 0))))


def test_what_is_chosen_lets_one_who_waits_alone_be_helped_and_the_day_left_out_confirms_it() -> None:
    found = fit(kumagaya(), [pairs(1), pairs(2), pairs(3)], TABLE)
    assert [(choice.table, choice.key, value) for choice, value in differing(found.chosen)] == [("lending", "heads", 1)]
    assert closed(found.shipped) == 0.0 and found.present is None
    assert (closed(found.left_out) or 0) > 0.9, "each day by constants that have not seen it"
    assert found.better
    assert fit(kumagaya(), [pairs(1), pairs(2), pairs(3)], TABLE) == found, "the same days, the same constants"


def test_a_site_with_constants_of_its_own_is_told_beside_them() -> None:
    found = fit(with_constants(ONE_HEAD), [pairs(1), pairs(2)], TABLE)
    assert closed(found.shipped) == 0.0 and (closed(found.present or ()) or 0) > 0.9
    assert not found.better, "it has them already"


def chosen_of(left_out: Sequence[Trial], shipped: Sequence[Trial]) -> Fit:
    return Fit((), tuple(shipped), None, tuple(left_out), SHIPPED)


@pytest.mark.parametrize(
    ("left_out", "why"),
    [
        ([trial(10, 6.95, 5), trial(10, 7, 5)], "as good as the shipped ones"),
        ([trial(10, 5, 5), trial(10, 11.1, 1)], "one day is made worse"),
        ([trial(10, 5, 5, loans=9), trial(10, 5, 5, loans=9)], "more than eight orders a day"),
    ],
)
def test_no_better(left_out: list[Trial], why: str) -> None:
    assert not chosen_of(left_out, [trial(10, 7, 5), trial(10, 7, 5)]).better, why
    assert chosen_of([trial(10, 5, 5), trial(10, 5, 5)], [trial(10, 7, 5), trial(10, 7, 5)]).better


def test_nothing_is_better_on_days_on_which_nothing_is_at_stake() -> None:
    assert not chosen_of([trial(1, 0.5, 0.5)], [trial(1, 1, 0.5)]).better


# ---- the objective and the search


def test_each_set_counts_the_same_and_a_light_one_only_by_the_days_it_makes_worse() -> None:
    many, few = [trial(10, 5, 0)] * 9, [trial(10, 0, 0)]
    assert objective([many, few]) == pytest.approx(0.75)
    light = [trial(0.5, 0.4, 0.3), trial(0.5, 1.6, 0.3)]
    assert closed(light) is None
    assert objective([many, light]) == pytest.approx(0.5 - 0.5 * 0.25)


def test_orders_beyond_eight_cost() -> None:
    assert objective([[trial(10, 0, 0, loans=8)]]) == pytest.approx(1.0)
    assert objective([[trial(10, 0, 0, loans=10)]]) == pytest.approx(0.9)


def test_the_search_takes_the_best_of_single_steps_and_leaves_what_is_worth_less() -> None:
    def worth(tried: Sequence[Constants]) -> Iterator[float]:
        for c in tried:
            yield (c.lending.rest_s == 300) * 0.3 + (c.lending.rest_s == 60) * 0.2 + (c.moves.lasts_s == 360) * 0.01

    def judge(tried: Sequence[Constants]) -> list[float]:
        return [*worth(tried)]

    assert search(SHIPPED, judge, least=0.02) == Constants(replace(LEND_RULES, rest_s=300), RULES)
    assert search(SHIPPED, judge, least=0.01).moves.lasts_s == 360


def test_the_shipped_constants_are_among_those_to_choose_from() -> None:
    assert {choice.key for choice in CHOICES if choice.of(SHIPPED) not in choice.values} == set()


# ---- days that count, and the constants of a site


def test_a_day_of_three_people_does_not_count() -> None:
    replayable, floor = Replayable(), told().floor()
    day = of_floor(floor)
    assert replayable.of(day, floor) is day
    assert (replayable.days, replayable.left_out) == ([], [(day.day, "few")])


def test_a_site_file_has_exactly_the_constants_that_are_chosen() -> None:
    for table, part in (("lending", LendingConstants), ("moves", MoveConstants)):
        assert {*part.__dataclass_fields__} == {choice.key for choice in CHOICES if choice.table == table}


def test_what_a_site_leaves_out_is_as_shipped() -> None:
    assert (lend_rules(kumagaya()), move_rules(kumagaya())) == (LEND_RULES, RULES)
    given = AdviceConstants(lending=LendingConstants(times=1.5), moves=MoveConstants(lasts_s=1200))
    assert lend_rules(with_constants(given)) == replace(LEND_RULES, times=1.5)
    assert move_rules(with_constants(given)) == replace(RULES, lasts_s=1200)


def test_the_study_uses_the_constants_of_the_site() -> None:
    orders = [
        study(site, [pairs(1)], TABLE).policies[ADVICE].total.orders for site in (kumagaya(), with_constants(ONE_HEAD))
    ]
    assert orders == [0, 1]
    by_hand = Advice(kumagaya(), pairs(1), TABLE, lending=replace(LEND_RULES, heads=1))
    assert len(ReplayHall(pairs(1), by_hand).run().orders) == 1
