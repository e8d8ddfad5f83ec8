"""Read dates and times of day as spreadsheets and office systems write them, from a cell in NFKC. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from floorctl.common.typed import YEAR, year_of
from floorctl.common.words import WEEKDAYS


class When(NamedTuple):
    """Date and time of day ("HH:MM") of a cell; None where the cell does not have it."""

    day: date | None
    time: str | None


class NotInCalendar(ValueError):
    """Date that is written as one and that no calendar has, or whose weekday is another."""


_WEEKDAY = "[月火水木金土日]"
# 2026/9/14(月), 9月14日(月・祝), 2026年9月14日 月曜日, 2026/9/14 月
_OF_WEEK = re.compile(
    rf"\s*[(\[]\s*({_WEEKDAY})(?:曜日?)?(?:[・,、/ ]?祝日?)?\s*[)\]]|\s*({_WEEKDAY})曜日?|\s+({_WEEKDAY})(?=\s|$)"
)
_DATES = (
    re.compile(YEAR + r"\s*([-/.])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})(?![0-9])"),
    re.compile(YEAR + r"\s*(年)\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日"),
    re.compile(r"(20[0-9]{2})()([0-9]{2})([0-9]{2})(?![0-9])"),
)
# Where a spreadsheet shows a time of day alone as an instant, its day is the first of its calendar.
_NO_DAY = re.compile(r"(?:1899[-/]12[-/]3[01]|1900[-/]0?1[-/]0?[01])(?=[ T])")
_HALF = r"(午前|午後|[AaPp]\.?[Mm]\.?)"
_TIME = re.compile(
    rf"{_HALF}?\s*(?:([0-9]{{1,2}})\s*時\s*(?:([0-9]{{1,2}})\s*分?|(半))?(?:\s*[0-9]{{1,2}}\s*秒)?"
    rf"|([0-9]{{1,2}}):([0-5][0-9])(?::[0-5][0-9](?:\.[0-9]+)?)?)\s*{_HALF}?(?:\+09:?00)?"
)
_BARE = re.compile("([01]?[0-9]|2[0-3])([0-5][0-9])")
# Days since the beginning of 1900 as Excel counts them, of the years 2000 to 2099; the fraction is the time of day.
_SERIAL = re.compile(r"(3[6-9][0-9]{3}|[4-6][0-9]{4}|7[0-3][0-9]{3})(?:\.([0-9]{1,17}))?")
_FRACTION = re.compile(r"0?\.([0-9]{1,17})")
_EPOCH = date(1899, 12, 30)


def _clock(fraction: str) -> str:
    """Return the time of day of the decimals of a serial number, to the second, floored to the minute."""
    minutes = round(float(f"0.{fraction}") * 86_400) // 60 % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def time_in(text: str) -> str | None:
    """Return the time of day that all of ``text`` is, as "HH:MM"; None if it is none. Seconds are floored."""
    if text == "正午":
        return "12:00"
    if found := _FRACTION.fullmatch(text):
        return _clock(found[1])
    if found := _BARE.fullmatch(text):
        return f"{int(found[1]):02d}:{found[2]}"
    found = _TIME.fullmatch(text)
    if found is None or (found[1] and found[7]):
        return None
    hour, minute = int(found[2] or found[5]), 30 if found[4] else int(found[3] or found[6] or 0)
    half = (found[1] or found[7] or "").replace(".", "").upper()
    if half:
        if hour > 12:
            return None
        hour = hour % 12 + (12 if half in ("午後", "PM") else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def when(text: str) -> When | None:
    """Return the date, the time of day, or both, of a cell; None if all of it is neither.

    Raise NotInCalendar for a date that does not exist, or that has another weekday.
    """
    if found := _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(days=int(found[1]))
        return When(day, _clock(found[2]) if found[2] and int(found[2]) else None) if 2000 <= day.year < 2100 else None
    for pattern in _DATES:
        if found := pattern.match(text):
            return _dated(found, text[found.end() :])
    if found := _NO_DAY.match(text):
        text = text[found.end() + 1 :].strip()
    at = time_in(text)
    return When(None, at) if at else None


def _dated(found: re.Match[str], rest: str) -> When | None:
    """Return a date with what follows it: a weekday in words, a time of day."""
    weekday = ""
    if of_week := _OF_WEEK.match(rest):
        weekday, rest = of_week[1] or of_week[2] or of_week[3], rest[of_week.end() :]
    at = time_in(re.sub(r"^\s*T|^\s*,", "", rest).strip()) if rest.strip() else None
    if rest.strip() and at is None:
        return None
    try:
        day = date(year_of(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        raise NotInCalendar("暦にない日付です") from None
    if day.year >= 2100:
        return None
    if weekday and WEEKDAYS[day.weekday()] != weekday:
        raise NotInCalendar("曜日が日付と合いません")
    return When(day, at)


_NO_YEAR = re.compile(r"[0-9]{1,2}\s*[/月-]\s*[0-9]{1,2}\s*日?(?![0-9/-]).*")


def lacks_year(text: str) -> bool:
    """Return whether a cell begins with a day and a month alone (9/14, 9月14日), as a spreadsheet shows a date."""
    return _NO_YEAR.fullmatch(text) is not None


def is_written(text: str) -> bool:
    """Return whether a cell is written as a date or a time of day, in the calendar or not."""
    try:
        return when(text) is not None
    except NotInCalendar:
        return True


# A month as people and spreadsheets write it; Japanese Excel shows 2026/9 as Sep-26.
_MONTH = re.compile(YEAR + r"\s*[-/.年]\s*([0-9]{1,2})\s*(?:月(?:度|分)?)?")
_ENGLISH = re.compile("(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*-([0-9]{2})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def month_in(text: str) -> tuple[int, int] | None:
    """Return the year and the month that all of ``text`` is, also as the first day of the month; None if it is none."""
    if found := _ENGLISH.fullmatch(text):
        return 2000 + int(found[2]), _MONTHS.index(found[1].lower()) + 1
    if found := _MONTH.fullmatch(text):
        year, nth = year_of(found[1]), int(found[2])
        return (year, nth) if 1 <= nth <= 12 and year < 2100 else None
    try:
        read = when(text)
    except NotInCalendar:
        return None
    return (read.day.year, read.day.month) if read is not None and read.day is not None and read.day.day == 1 else None


# 令和8年度 1月 is in 2027: a fiscal year begins in April.
_OF_FISCAL_YEAR = re.compile(YEAR + r"\s*年度\D{0,8}?([0-9]{1,2})\s*月")
_IN_TITLE = re.compile(YEAR + r"\s*[-/.年]\s*([0-9]{1,2})(?![0-9])\s*(?:月|(?=[-/.\s)]|$))")


def month_named(text: str) -> tuple[int, int] | None:
    """Return the first year and month that a title names (令和8年9月 勤務表); None if it names none."""
    for found in _OF_FISCAL_YEAR.finditer(text):
        year, nth = year_of(found[1]), int(found[2])
        if 1 <= nth <= 12 and year < 2099:
            return year + (nth < 4), nth
    for found in _IN_TITLE.finditer(text):
        year, nth = year_of(found[1]), int(found[2])
        if 1 <= nth <= 12 and year < 2100:
            return year, nth
    return None
