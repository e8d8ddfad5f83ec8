"""Dates, instants and lengths of time as the documents write them, and the width of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

from floorctl.common.clock import business_day
from floorctl.common.lengths import span
from floorctl.common.words import WEEKDAYS, clock_ja_short, day_ja, more_word

NOTHING_RECORDED = "記録なし"
NONE_RECORDED = "該当なし（記録 0件）"  # of facts that somebody has to record


def short_date(day: date) -> str:
    """Return a date as tables write it: R8.9.14; before Reiwa in the common era."""
    year = f"R{day.year - 2018}" if day >= date(2019, 5, 1) else str(day.year)
    return f"{year}.{day.month}.{day.day}"


def md(day: date) -> str:
    """Return a day for running text: 9月24日（木）."""
    return f"{day_ja(day)}（{WEEKDAYS[day.weekday()]}）"


def listed(days: Iterable[date], most: int = 8, *, years: bool = False) -> str:
    """Return days in a row; those beyond ``most`` are counted. ``years``: the first one of each year with its year."""
    days = sorted(set(days))
    named = [
        f"{era(f'{day.year}年')}{md(day)}" if years and (n == 0 or days[n - 1].year != day.year) else md(day)
        for n, day in enumerate(days[:most])
    ]
    return "、".join(named) + more_word(len(days) - most, "日")


def month_ja(month: str) -> str:
    """Return a month ("2026-09") as documents write it: 令和8年9月."""
    return era(f"{int(month[:4])}年{int(month[5:7])}月")


def month_short(month: str) -> str:
    """Return a month ("2026-09") for a narrow column: R8.9."""
    return short_date(date.fromisoformat(f"{month}-01")).removesuffix(".1")


def era(text: str) -> str:
    """Return a text in which years of the common era followed by 年 (2019 on) are in Reiwa."""
    return re.sub(r"(20[0-9]{2})年", lambda found: _reiwa(int(found[1])), text)


def _reiwa(year: int) -> str:
    return f"令和{year - 2018 if year > 2019 else '元'}年" if year >= 2019 else f"{year}年"


def when(at: datetime | None, day: date, *, short: bool = False) -> str:
    """Return an instant for a table of ``day``: the time of day, after its date if that is another day; - for None.

    With ``short``, an instant of another day is its date alone.
    """
    if at is None:
        return "-"
    on = business_day(at)
    if on == day:
        return clock_ja_short(at)
    return short_date(on) if short else when_dated(at)


def when_dated(at: datetime) -> str:
    """Return an instant for a table of several days: its date, then the time of day."""
    return f"{short_date(business_day(at))} {clock_ja_short(at)}"


def recorded_span(seconds: int | None) -> str:
    """Return a sum of lengths of time: なし for 0, 記録なし for None (never recorded)."""
    return NOTHING_RECORDED if seconds is None else "なし" if seconds == 0 else span(seconds)


def cells(text: str) -> int:
    """Return the width of a text in half-width cells, as a fixed-pitch Japanese font sets it."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
