"""The measure of a way of working: person-minutes, the gap closed, days made worse and orders, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from floorctl.advice.person_minutes import WORTH_MIN, Measured, days_worse, gap_closed, measured, total, worst_day_min
from floorctl.advice.study import Study, together
from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import Desk, Order, Outcome, Policy, ReplayHall
from tests.advice.test_study import At, hall, job, run
from tests.story import kumagaya

HOUR = 3600


def day(hours: float, **more: int) -> Measured:
    """A day on which all together waited so many hours."""
    return Measured(int(hours * HOUR), **more)


def test_who_leaves_counts_until_then_and_everybody_unserved_half_an_hour_more() -> None:
    """One is served at once, one after 600 s, one leaves after 300 s: 600 + 300 + 1800 s waited together."""
    jobs = [job(1, 0, 600), job(2, 0, 60), job(3, 100, 60, leaves=400)]
    found = measured(run(hall(jobs, ["certificate"])))
    assert (found.person_s, found.person_min) == (2700, 45)


class Lends(Policy):
    """T1 helps certificates at the 10th second and goes home at the 1,000th."""

    def decides_at(self, day: RecordedDay) -> list[int]:
        return [10, 1000]

    def lends(self, hall: ReplayHall) -> list[tuple[Desk, str]]:
        return [(hall.desks[0], "certificate")] if hall.now == 10 else []

    def returns(self, hall: ReplayHall) -> list[Desk]:
        return [d for d in hall.desks if d.home] if hall.now == 1000 else []


def test_a_loan_is_one_order_and_two_changes_of_lane() -> None:
    jobs = [job(1, 0, 60), job(2, 2000, 60, "issuance")]
    assert measured(run(hall(jobs, ["issuance", "certificate"]), Lends())) == Measured(0, 0, 1, 2)
    moved = measured(
        run(hall(jobs, ["issuance", "certificate"]), At((10, "T1", "certificate"), (1000, "T1", "issuance")))
    )
    assert moved == Measured(0, 2, 0, 2)
    assert (moved.orders, total([moved, moved]).orders, total([])) == (2, 4, Measured())


def test_a_loan_that_is_called_back_before_it_went_can_be_given_again() -> None:
    """T1 serves somebody while it is lent and returned: it never leaves, and is lent once more afterwards."""

    class Twice(Lends):
        def decides_at(self, day: RecordedDay) -> list[int]:
            return [10, 20, 1000]

        def lends(self, hall: ReplayHall) -> list[tuple[Desk, str]]:
            return [(hall.desks[0], "certificate")] if hall.now in (10, 1000) else []

        def returns(self, hall: ReplayHall) -> list[Desk]:
            return hall.desks if hall.now == 20 else []

    found = run(hall([job(1, 0, 100, "issuance")], ["issuance", "certificate"]), Twice())
    assert [x.at for x in found.orders] == [10, 1000]
    assert found.lane_changes == 1


# ---- the gap


def test_the_share_of_the_gap_that_is_closed() -> None:
    was, pooled = [day(10), day(6)], [day(4), day(2)]
    assert gap_closed(was, [day(7), day(4)], pooled) == 0.5
    assert gap_closed(was, was, pooled) == 0
    assert gap_closed(was, pooled, pooled) == 1
    assert gap_closed(was, [day(11), day(7)], pooled) == -0.2
    assert str(gap_closed(was, [day(10), day(6.001)], pooled)) == "0.0", "a few seconds more in sixteen hours"
    assert gap_closed(was, [day(3), day(1)], pooled) == 1.2, "pooled is no bound"


@pytest.mark.parametrize(("was", "pooled", "share"), [
    ([day(2)], [day(1)], 0.5),
    ([day(2)], [day(1.02)], None),  # a minute short of an hour
    ([day(2)], [day(3)], None),  # pooled is worse
    ([day(3), day(1)], [day(1.01), day(1)], None),  # an hour a day, over all days
    ([day(3), day(1)], [day(1), day(1)], 0.25),
])  # fmt: skip
def test_a_small_gap_has_no_share(was: list[Measured], pooled: list[Measured], share: float | None) -> None:
    """«Ratios on light days mean nothing and are not told»"""
    found = [Measured(was[0].person_s - HOUR // 2), *was[1:]]
    assert gap_closed(was, found, pooled) == share


def test_days_worse_and_the_worst() -> None:
    """A day is worse from more than an hour of all together on; the worst day counts by its minutes, however few."""
    was = [day(10), day(10), day(10)]
    found = [day(11), day(11.1), day(5)]
    assert (days_worse(was, found), worst_day_min(was, found)) == (1, 66)
    assert (days_worse(was, was), worst_day_min(was, was)) == (0, 0)
    assert (days_worse(was, [day(5)] * 3), worst_day_min(was, [day(5)] * 3)) == (0, 0), "a gain is no loss"
    assert WORTH_MIN == 60


# ---- the study


def outcome(person_s: int, *lends: bool, changes: int = 0) -> Outcome:
    orders = [Order(0, "T1", "issuance", "certificate", lend) for lend in lends]
    return Outcome({"certificate": [0]}, 1, orders, 0, person_s=person_s, lane_changes=changes)


def test_each_day_and_all_days_have_the_same_figures() -> None:
    """Two days: the advice gains three hours of six on the first and loses two on the second, which has no gap."""
    days = (date(2026, 9, 14), date(2026, 9, 15))
    found = Study(days, {
        "as_was": together(kumagaya(), [outcome(10 * HOUR, False, changes=1), outcome(2 * HOUR)]),
        "advice": together(kumagaya(), [outcome(7 * HOUR, True, False, changes=3), outcome(4 * HOUR + 59)]),
        "pooled": together(kumagaya(), [outcome(4 * HOUR), outcome(2 * HOUR)]),
    }).to_json()  # fmt: skip
    advice = found["policies"]["advice"]
    assert {k: advice[k] for k in advice if k not in ("mean_s", "p90_s", "max_s", "waiting_max", "lanes")} == {
        "moves_per_day": 0.5,
        "person_min": 660,
        "gap_closed": 0.164,
        "orders_per_day": 1.0,
        "lane_changes_per_day": 1.5,
        "days_worse": 1,
        "worst_day_min": 120,
        "by_day": [
            {"day": "2026-09-14", "person_min": 420, "gap_closed": 0.5, "orders_per_day": 2.0, "lane_changes_per_day": 3.0},
            {"day": "2026-09-15", "person_min": 240, "gap_closed": None, "orders_per_day": 0.0, "lane_changes_per_day": 0.0},
        ],
    }  # fmt: skip
    was, pooled = found["policies"]["as_was"], found["policies"]["pooled"]
    assert (was["gap_closed"], was["days_worse"], was["orders_per_day"]) == (0.0, 0, 0.5)
    assert (pooled["gap_closed"], pooled["person_min"]) == (1.0, 360)
