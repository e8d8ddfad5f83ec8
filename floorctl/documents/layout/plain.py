"""Words and text as the documents write them: short dates and lengths of time."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from floorctl.common.clock import business_day
from floorctl.common.words import clock_ja_short


def short_date(day: date) -> str:
    """A date as tables write it: R8.9.14. Dates before Reiwa are written in the common era."""
    year = f"R{day.year - 2018}" if day >= date(2019, 5, 1) else str(day.year)
    return f"{year}.{day.month}.{day.day}"


def month_ja(month: str) -> str:
    """A month ("2026-09") as documents write it: 令和8年9月."""
    return era(f"{int(month[:4])}年{int(month[5:7])}月")


def month_short(month: str) -> str:
    """A month in a narrow column: R8.9."""
    return short_date(date.fromisoformat(f"{month}-01")).removesuffix(".1")


def era(text: str) -> str:
    """A text with years of the common era (2019 on) in that of Reiwa, where 年 follows them."""
    return re.sub(r"(20[0-9]{2})年", lambda found: _reiwa(int(found[1])), text)


def _reiwa(year: int) -> str:
    return f"令和{year - 2018 if year > 2019 else '元'}年" if year >= 2019 else f"{year}年"


def when(at: datetime | None, day: date, *, short: bool = False) -> str:
    """An instant in a table of ``day``: the time of day, with the date where it is another day; a hyphen for none.

    ``short``: of another day the date alone.
    """
    if at is None:
        return "-"
    on = business_day(at)
    if on == day:
        return clock_ja_short(at)
    return short_date(on) if short else f"{short_date(on)} {clock_ja_short(at)}"


def span(seconds: int | None) -> str:
    """A length of time in a table: 12分05秒, 1時間02分; a hyphen for none."""
    if seconds is None:
        return "-"
    minutes, s = divmod(seconds, 60)
    hours, m = divmod(minutes, 60)
    return f"{hours}時間{m:02d}分" if hours else f"{m}分{s:02d}秒"


def recorded_span(seconds: int | None) -> str:
    """Return a sum of lengths of time: なし for 0, 記録なし for None (never recorded)."""
    return "記録なし" if seconds is None else "なし" if seconds == 0 else span(seconds)


def cells(text: str) -> int:
    """Width of a text in half-width cells, as a fixed-pitch Japanese font sets it."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
