"""Lengths of time in text, and the one rule by which they are rounded.

Means are whole seconds, without their fraction, in every table and JSON (`mean_s`). What is written of a measured length in
a larger unit is rounded half up, as spreadsheets show it: 46 seconds are 0.8 minutes, 3,599 seconds one hour. `span` is for
tables, `length` for running text; `minutes_span` and `minutes_length` are the same in whole minutes. Of a length that still
runs (`minutes_word`) the minutes that are over count.
"""

from __future__ import annotations


def mean_s(total: int, n: int) -> int | None:
    """Return the mean of ``n`` lengths in whole seconds, without the fraction; None of nothing."""
    return total // n if n else None


def tenths(seconds: int) -> float:
    """Return seconds as minutes with one decimal, rounded half up; a negative length like its positive one."""
    size = (abs(seconds) * 10 + 30) // 60 / 10
    return size if seconds >= 0 else -size


def whole_minutes(seconds: float) -> int:
    """Return seconds as whole minutes, rounded half up."""
    return int((seconds + 30) // 60)


def minutes_span(seconds: int) -> str:
    """Return a length of time in whole minutes: 8分, 1時間05分."""
    hours, minutes = divmod(whole_minutes(seconds), 60)
    return f"{hours}時間{minutes:02d}分" if hours else f"{minutes}分"


def minutes_length(seconds: int) -> str:
    """Return a length of time in whole minutes for running text: 8分, 1時間05分, 2時間."""
    return minutes_span(seconds).removesuffix("00分")


def about(seconds: int | None) -> str:
    """Return a length of time where there is little room: 46秒, 12分, 1時間05分; - for None."""
    if seconds is None:
        return "-"
    return f"{seconds}秒" if seconds < 60 else minutes_span(seconds)


def span(seconds: int | None) -> str:
    """Return a length of time: 5秒, 12分05秒, from an hour on in minutes (rounded): 1時間02分; - for None."""
    if seconds is None:
        return "-"
    if seconds < 60:
        return f"{seconds}秒"
    if seconds < 3600:
        return f"{seconds // 60}分{seconds % 60:02d}秒"
    return minutes_span(seconds)


def length(seconds: int | None) -> str:
    """Return a length of time in running text: as `span`, without empty parts (40分, 0秒, 2時間)."""
    text = span(seconds)
    return text.removesuffix("00秒").removesuffix("00分") if "分" in text else text


def length_word(minutes: int) -> str:
    """Return whole minutes in words: 12分, 1時間05分, from two days on in days: 90日. Screens write minutes so."""
    return f"{minutes // 1440}日" if minutes >= 2 * 1440 else minutes_span(60 * minutes)


def minutes_word(seconds: int | None) -> str:
    """Return a running time in the whole minutes that are over (`length_word`), 1分未満; - for None."""
    if seconds is None:
        return "-"
    return length_word(seconds // 60) if seconds >= 60 else "1分未満"


def minutes(seconds: float | None) -> str:
    """Return minutes with one decimal: 20.6分; -- for None."""
    return "--" if seconds is None else f"{tenths(round(seconds)):.1f}分"


def signed(seconds: int | None) -> str:
    """Return a difference of two lengths with its sign: +13分57秒, -7秒, ±0; - for None."""
    if seconds is None or not seconds:
        return "-" if seconds is None else "±0"
    return f"{'+' if seconds > 0 else '-'}{length(abs(seconds))}"
