"""Give a day without a year the year that is nearest to the day of its file: 9/14 8:31, 9月14日, Sep 14."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from floorctl.common.typed import ENGLISH_MONTH, month_of

_ENGLISH = rf"(?P<word>{ENGLISH_MONTH})\.?"
_ENDS = r"(?=$|[\sT,(])"
_DAY = (
    re.compile(r"(?P<a>\d{1,2})(?P<by>[-/])(?P<b>\d{1,2})" + _ENDS, re.A),
    re.compile(r"(?P<a>\d{1,2})\s?月\s?(?P<b>\d{1,2})\s?日", re.A),
    re.compile(_ENGLISH + r"\s+(?P<d>\d{1,2})" + _ENDS, re.A | re.I),
    re.compile(r"(?P<d>\d{1,2})[-\s]" + _ENGLISH + _ENDS, re.A | re.I),
)
_DIGITS = re.compile(r"(?P<a>\d\d)(?P<b>\d\d)", re.A)


def with_year(
    text: str, near: date, dates: Literal["ymd", "mdy", "dmy"] = "ymd", *, digits: bool = False
) -> str | None:
    """Return a text that begins with a day without a year, with its year; None where it does not, or there is no such day.

    ``digits``: 0914 is a day, too. ``dates`` tells whether the day or the month stands first.
    """
    found = next((m for p in _DAY if (m := p.match(text))), None) or (_DIGITS.fullmatch(text) if digits else None)
    if found is None:
        return None
    said = found.groupdict()
    if word := said.get("word"):
        month, day = month_of(word), int(said["d"])
    else:
        month, day = int(said["a"]), int(said["b"])
        if dates == "dmy" and said.get("by"):
            month, day = day, month
    nearest = nearest_year(month, day, near)
    return None if nearest is None else f"{nearest}{text[found.end() :]}"


def nearest_year(month: int, day: int, near: date) -> date | None:
    """Return the day of that month and number that is nearest to another day; None where the calendar has none."""
    there = [x for year in (near.year - 1, near.year, near.year + 1) if (x := _day(year, month, day)) is not None]
    return min(there, key=lambda x: abs(x - near), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
