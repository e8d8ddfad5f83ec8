"""One rounding rule: what is written of a measured length agrees between tables, sentences and charts."""

from __future__ import annotations

import pytest

from floorctl.common.lengths import (
    about,
    length,
    mean_s,
    minutes,
    minutes_span,
    minutes_word,
    signed,
    span,
    tenths,
    whole_minutes,
)


@pytest.mark.parametrize(
    ("seconds", "decimal", "table", "text", "whole"),
    [
        (0, 0.0, "0秒", "0秒", "0分"),
        (15, 0.3, "15秒", "15秒", "0分"),
        (46, 0.8, "46秒", "46秒", "1分"),
        (1200, 20.0, "20分00秒", "20分", "20分"),
        (1238, 20.6, "20分38秒", "20分38秒", "21分"),
        (3600, 60.0, "1時間00分", "1時間", "1時間00分"),
        (4180, 69.7, "1時間10分", "1時間10分", "1時間10分"),
    ],
)
def test_a_length_is_rounded_half_up(seconds: int, decimal: float, table: str, text: str, whole: str) -> None:
    assert (tenths(seconds), span(seconds), length(seconds), minutes_span(seconds)) == (decimal, table, text, whole)
    assert minutes(seconds) == f"{decimal:.1f}分"


def test_means_differences_and_running_times() -> None:
    assert (mean_s(139, 3), mean_s(0, 0)) == (46, None)
    assert [signed(x) for x in (None, 0, 837, -87, -7)] == ["-", "±0", "+13分57秒", "-1分27秒", "-7秒"]
    assert [about(x) for x in (None, 46, 1_541, 5_460)] == ["-", "46秒", "26分", "1時間31分"]
    assert (tenths(-87), whole_minutes(90)) == (-1.5, 2)
    # What is over of a running time, from two days on in days.
    assert [minutes_word(x) for x in (59, 119, 3725, 2176 * 3600 + 2700)] == ["1分未満", "1分", "1時間02分", "90日"]
