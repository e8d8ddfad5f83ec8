"""Read dates and times of day as spreadsheets and office systems write them, from a cell in NFKC. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from floorctl.common.typed import ENGLISH_MONTH, YEAR, month_of, year_of
from floorctl.common.words import WEEKDAYS
from floorctl.intake.sources.times import NOT_IN_CALENDAR, BadTime, parse_day, parse_time


class When(NamedTuple):
    """Date and time of day ("HH:MM") of a cell; None where the cell does not have it."""

    day: date | None
    time: str | None


class NotInCalendar(ValueError):
    """Date that is written as one and that no calendar has, or whose weekday is another."""


# Pattern of a time of day among other words (``time_in`` reads it): 8:15, 8時, 8時15分, 8時半.
TIME_OF_DAY = r"[0-9]{1,2}(?::[0-9]{2}|時(?:[0-9]{1,2}分|半)?)"

_WEEKDAY = "[月火水木金土日]"
# 2026/9/14(月), 9月14日(月・祝), 2026年9月14日 月曜日, 2026/9/14 月
_OF_WEEK = re.compile(
    r"(.*?(?:[-/.]\s*[0-9]{1,2}\s*[-/.]\s*[0-9]{1,2}|日|[0-9]{8}))"
    rf"(?:\s*[(\[]\s*({_WEEKDAY})(?:曜日?)?(?:[・,、/ ]?祝日?)?\s*[)\]]|\s*({_WEEKDAY})曜日?|\s+({_WEEKDAY})(?=\s|$))(.*)"
)
_PADDED = re.compile(r"\s*([/.年月])\s*|\s+(?=日)")  # 令和 8年 9月 5日
_HALF_PAST = re.compile("時半$")
# 26-07-01, 8.9.14: the year may be of the era or of the century, or the day stand first.
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?![0-9]).*", re.S)
_LONGEST = 80  # characters of a cell that is a date or a time, however it is written
_LENGTHS = (3, 4, 5, 8)  # of bare digits: 900, 0900, a serial number, 20260914; any other may be a person's number


def _parsed(text: str) -> When | None:
    if not text or (text.isdigit() and len(text) not in _LENGTHS) or _SHORT_YEAR.fullmatch(text):
        return None
    try:
        if not text.isdigit() or len(text) < 5:
            at = parse_time(text)
            return When(at.date(), f"{at:%H:%M}") if isinstance(at, datetime) else When(None, f"{at:%H:%M}")
    except BadTime as e:
        if str(e) == NOT_IN_CALENDAR:
            raise NotInCalendar(str(e)) from None
    try:
        return When(parse_day(text), None)
    except BadTime as e:
        if str(e) == NOT_IN_CALENDAR:
            raise NotInCalendar(str(e)) from None
        return None


def when(text: str) -> When | None:
    """Return the date, the time of day, or both, of a cell; None if all of it is neither. Seconds are floored.

    ``text``: in NFKC, trimmed. Raise NotInCalendar for a date that does not exist, or that has another weekday.
    """
    if len(text) > _LONGEST:
        return None
    weekday = ""
    if found := _OF_WEEK.fullmatch(text):
        weekday, text = found[2] or found[3] or found[4], found[1] + found[5]
    plain = _PADDED.sub(r"\1", text)
    plain = "12:00" if plain == "正午" else _HALF_PAST.sub("時30分", plain)
    read = _parsed(plain)
    if read is None or read.day is None:
        return read
    if read.day.year >= 2100:
        return None
    if weekday and WEEKDAYS[read.day.weekday()] != weekday:
        raise NotInCalendar("曜日が日付と合いません")
    return read


def time_in(text: str) -> str | None:
    """Return the time of day that all of ``text`` is, as "HH:MM"; None if it is none."""
    try:
        read = when(text)
    except NotInCalendar:
        return None
    return read.time if read is not None and read.day is None else None


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
_ENGLISH = re.compile(f"({ENGLISH_MONTH})-([0-9]{{2}})", re.IGNORECASE)


def month_in(text: str) -> tuple[int, int] | None:
    """Return the year and the month that all of ``text`` is, also as the first day of the month; None if it is none."""
    if found := _ENGLISH.fullmatch(text):
        return 2000 + int(found[2]), month_of(found[1])
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
_IN_TITLE = re.compile(YEAR + r"\s*[-/.年]\s*([0-9]{1,2})(?![0-9])\s*月?")


# 令和8年9月14日, 2026/9/14: a day stands after the month.
_DAY_NEXT = re.compile(r"\s*[-/.]?\s*[0-9]{1,2}(?:\s*日|(?![0-9:]))|\s*[0-9]{1,2}\s*日")
_LONGEST_TITLE = 1_000  # characters of a line in which the month is looked for
_ENGLISH_IN_TITLE = re.compile(rf"(?<![\w-])(?:{_ENGLISH.pattern})(?![\w-])", re.IGNORECASE)
_MADE = "(?:作成|更新|現在|印刷|出力|発行|改訂|改定|改正|修正|配布|提出|登録|確定)"
_MADE_BEFORE = re.compile(rf"(?:^|[^0-9日\s])\s*{_MADE}(?:年月日|日時|日|時点)?\s*[:()]?\s*$")
_MADE_AFTER = re.compile(rf"(?:\s*[0-9]{{1,2}}:[0-9:]{{2,5}})?\s*[()]?(?:に|時点|付)?\s*{_MADE}")
_MONTH_MADE = re.compile(r"\s*(?:に|時点)?\s*(?:作成|現在)")


def month_named(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the year and the month that the titles of a table name (令和8年9月 勤務表); None if they name none.

    The first month alone counts before the first day (令和8年9月1日から). The day on which a table was made (作成, 現在,
    印刷 …) is none of it.
    """
    days: list[tuple[int, int]] = []
    for line in lines:
        text = " ".join(line.split())[:_LONGEST_TITLE]
        if found := _ENGLISH_IN_TITLE.search(text):
            return 2000 + int(found[2]), month_of(found[1])
        for pattern in (_OF_FISCAL_YEAR, _IN_TITLE):
            for found in pattern.finditer(text):
                year, nth = year_of(found[1]), int(found[2])
                if pattern is _OF_FISCAL_YEAR:  # 令和8年度 1月 is in 2027
                    year += nth < 4
                if not 1 <= nth <= 12 or year >= 2100:
                    continue
                before, after = text[max(0, found.start() - 20) : found.start()], text[found.end() :]
                day = _DAY_NEXT.match(after)
                if day is None and not _MONTH_MADE.match(after):
                    return year, nth
                if day and not _MADE_BEFORE.search(before) and not _MADE_AFTER.match(after, day.end()):
                    days.append((year, nth))
    return days[0] if days else None


_YEAR_ALONE = re.compile(YEAR + r"\s*年(?!\s*度)(?!\s*[0-9])")
_MONTH_ALONE = re.compile(r"(?<![0-9年/.-])(?<!年 )([0-9]{1,2})\s*月(?:度|分)?(?!\s*[0-9]{1,2}(?!\s*[0-9月]))")


def year_and_month_apart(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the year and the month of titles that name them apart (2026年 | 9月 シフト表); None if they do not.

    The year must be one alone; of several months the first counts (9月 | 10月 over the days of a period).
    """
    texts = [" ".join(line.split())[:_LONGEST_TITLE] for line in lines]
    years = {year_of(found[1]) for text in texts for found in _YEAR_ALONE.finditer(text)}
    months = [int(found[1]) for text in texts for found in _MONTH_ALONE.finditer(text)]
    return (years.pop(), months[0]) if len(years) == 1 and months and 1 <= months[0] <= 12 else None
