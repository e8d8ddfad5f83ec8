"""What people write by hand or in a table, and the one percentile."""

from __future__ import annotations

import pytest

from floorctl.common.percentile import p90, p90_of_counts
from floorctl.common.typed import hour_minute, time_of_day, year_of


def test_a_time_of_day_of_a_table_has_two_digits_of_minutes_and_a_colon() -> None:
    assert [hour_minute(x) for x in ("9:05", "09:05", "23:59", "0:00")] == ["09:05", "09:05", "23:59", "00:00"]
    assert [hour_minute(x) for x in ("", "905", "9:5", "24:00", "12:60", "９:05", "9:05 ")] == [None] * 7


def test_a_time_of_day_that_is_typed_may_be_shorter() -> None:
    assert {time_of_day(x) for x in ("9:05", "905", "0905", "９：０５", "9時05分", " 9:5 ")} == {"09:05"}
    assert [time_of_day(x) for x in ("", "24:00", "9:60", "x", "90500")] == [None] * 5


@pytest.mark.parametrize(
    ("text", "year"), [("2026", 2026), ("R8", 2026), ("令和 8", 2026), ("令8", 2026), ("R元", 2019)]
)
def test_a_year_of_either_era(text: str, year: int) -> None:
    assert year_of(text) == year


@pytest.mark.parametrize(("n", "rank"), [(1, 1), (9, 9), (10, 9), (11, 10), (70, 63), (100, 90)])
def test_the_percentile_is_the_nearest_rank(n: int, rank: int) -> None:
    assert p90(range(1, n + 1)) == rank
    assert p90_of_counts([(value, 1) for value in range(1, n + 1)]) == rank


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(IndexError):
        p90([])
    with pytest.raises(IndexError):
        p90_of_counts([])
