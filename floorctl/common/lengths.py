"""Measured lengths of time in text: the one rule by which they are rounded.

Means are whole seconds, without their fraction, in every table and JSON (`mean_s`). What is written of seconds in a larger
unit is rounded half up, as spreadsheets show it: 46 seconds are 0.8 minutes, 3,599 seconds one hour.
"""

from __future__ import annotations


def mean_s(total: int, n: int) -> int | None:
    """Return the mean of ``n`` lengths in whole seconds, without the fraction; None of nothing."""
    return total // n if n else None


def tenths(seconds: int) -> float:
    """Return seconds as minutes with one decimal, rounded half up; a negative length like its positive one."""
    size = (abs(seconds) * 10 + 30) // 60 / 10
    return size if seconds >= 0 else -size


def span(seconds: int | None) -> str:
    """Return a length of time: 12分05秒, from an hour on in minutes (rounded): 1時間02分; - for None."""
    if seconds is None:
        return "-"
    if seconds < 3600:
        return f"{seconds // 60}分{seconds % 60:02d}秒"
    hours, minutes = divmod((seconds + 30) // 60, 60)
    return f"{hours}時間{minutes:02d}分"


def length(seconds: int | None) -> str:
    """Return a length of time in running text: as `span`, without empty parts (40分, 0秒, 2時間)."""
    if seconds is not None and seconds < 60:
        return f"{seconds}秒"
    return span(seconds).removesuffix("00秒").removesuffix("00分")


def signed_span(seconds: int | None) -> str:
    """Return a difference of two lengths with its sign: +13分57秒, -1分27秒, ±0; - for None."""
    if seconds is None or not seconds:
        return "-" if seconds is None else "±0"
    return f"{'+' if seconds > 0 else '-'}{span(abs(seconds))}"
