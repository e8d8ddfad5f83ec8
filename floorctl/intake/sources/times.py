"""Read days and times as machines, spreadsheets and offices write them (docs/sources.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from floorctl.common.clock import JST
from floorctl.common.typed import ENGLISH_MONTH, YEAR, month_of, year_of
from floorctl.common.zones import zone as zone_named
from floorctl.intake.sources.missing_year import nearest_year, with_year

Dates = Literal["ymd", "mdy", "dmy"]
FIRST_YEAR, END_YEAR = 2000, 2200  # as of facts
MOST_CHARS = 64
NO_TIME, NO_DAY = "時刻として読めません", "日付として読めません"
NOT_IN_CALENDAR, OUT_OF_RANGE = "暦にない日付です", "2000年から2199年までの日時ではありません"
NO_SUCH_TIME = "夏時間の切替えで、その日にない時刻です"

_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+|\s*\((?:[月火水木金土日](?:曜日?)?|祝|mon|tue|wed|thu|fri|sat|sun)\)",
    re.I,
)
_YMD = re.compile(
    r"(?:" + YEAR + r"(?P<by>[-/.])(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})"
    r"|" + YEAR.replace("(20", "(?P<y2>20") + r"\s?年\s?(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?日"
    r"|(?P<y3>(?:19|2[01])\d\d)(?P<m3>\d\d)(?P<d3>\d\d)(?!\d))",
    re.A | re.I,
)
_CENTURY = re.compile(r"(?P<y>2[01]\d\d)(?P<by>[-/.])(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})", re.A)
_LAST_YEAR = re.compile(r"(?P<a>\d{1,2})(?P<by>[-/.])(?P<b>\d{1,2})(?P=by)(?P<y>2[01]\d\d)", re.A)
# Two digits of the year, in the order that is described; no machine of today writes those of the years before 2020.
_SHORT = re.compile(r"(?P<a>\d{1,2})(?P<by>[-/.])(?P<b>\d{1,2})(?P=by)(?P<c>\d{2})(?!\d)", re.A)
_SHORT_YEARS = range(20, 80)
_RUN_TOGETHER = re.compile(r"([2-7]\d[01]\d[0-3]\d)(?=[ T_-]|$)", re.A)  # 260914
# Seconds of the epoch are below that until 2042; ten digits beyond are a day and a time: 2609140831.
_MOST_SECONDS = 2_300_000_000
_IN_WORDS = re.compile(
    rf"(?:(?P<d>\d{{1,2}})[-\s](?P<word>{ENGLISH_MONTH})\.?[-\s,]\s?(?P<y>2[01]\d\d)"
    rf"|(?P<word2>{ENGLISH_MONTH})\.?\s(?P<d2>\d{{1,2}}),?\s(?P<y2>2[01]\d\d))",
    re.A | re.I,
)
_CLOCK = re.compile(
    r"(?P<ap>午前|午後|AM|PM)?\s?"
    r"(?:(?P<h>\d{1,2}):(?P<m>\d{1,2})(?::(?P<s>\d{1,2})(?:[.,]\d{1,9})?)?"
    r"|(?P<h2>\d{1,2})\s?時\s?(?:(?P<m2>\d{1,2})\s?分\s?(?:(?P<s2>\d{1,2})\s?秒)?)?)"
    r"\s?(?P<pa>AM|PM)?"
    r"\s?(?P<zone>Z|UTC|GMT|JST|[+-]\d\d(?::?\d\d)?)?",
    re.A | re.I,
)
_DIGITS_CLOCK = re.compile(r"(?P<h>\d{1,2})(?P<m>\d\d)(?P<s>\d\d)?(?:\.\d{1,9})?(?P<zone>Z|[+-]\d\d:?\d\d)?", re.A)
_SERIAL = re.compile(r"\d{5}(\.\d{1,17})?", re.A)
_FRACTION = re.compile(r"0\.\d{1,17}", re.A)
# A spreadsheet's time without a day, written out as its day 0.
_DAY_ZERO = re.compile(r"(?:1899[-/]12[-/]3[01]|1900[-/]0?1[-/]0?[01])[T ]", re.A)
_DAY_ONE = date(1899, 12, 30).toordinal()  # day 0 of a spreadsheet's serial numbers since 1900-03-01


class BadTime(ValueError):
    """Text that is no time or day; the reason in Japanese, without the text."""


class BadDay(BadTime):
    """Text that is no day where the day stands in a column of its own."""


def _day_of(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise BadTime(NOT_IN_CALENDAR) from None
    if not FIRST_YEAR <= year < END_YEAR:
        raise BadTime(OUT_OF_RANGE)
    return found


def _year(text: str) -> int:
    year = year_of(text)
    if year < 2019 and not text.isdigit():  # before the first year of Reiwa
        raise BadTime(NOT_IN_CALENDAR)
    return year


def _short_day(text: str) -> date:
    if int(text[:2]) not in _SHORT_YEARS:
        raise BadTime(NO_TIME)
    return _day_of(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))


def _serial_day(text: str) -> date:
    ordinal = _DAY_ONE + int(text[:5])
    if not date(FIRST_YEAR, 1, 1).toordinal() <= ordinal < date(END_YEAR, 1, 1).toordinal():
        raise BadTime(NO_DAY)
    return date.fromordinal(ordinal)


def _leading_day(text: str, dates: Dates) -> tuple[date, str] | None:
    """Return the day with which a text begins, and the rest; None where it begins with none."""
    for pattern in (_YMD, _CENTURY):
        if found := pattern.match(text):
            said = found.groupdict()
            year = said.get("y") or said.get("y2") or said.get("y3") or found[1]
            month, day = (said.get(k) or said.get(f"{k}2") or said.get(f"{k}3") for k in "md")
            return _day_of(_year(year), int(month or 0), int(day or 0)), text[found.end() :]
    if dates != "ymd" and (found := _LAST_YEAR.match(text)):
        first, second = int(found["a"]), int(found["b"])
        month_n, day_n = (first, second) if dates == "mdy" else (second, first)
        return _day_of(int(found["y"]), month_n, day_n), text[found.end() :]
    if found := _RUN_TOGETHER.match(text):
        return _short_day(found[1]), text[found.end() :]
    if found := _SHORT.match(text):
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        year_n, month_n, day_n = {"ymd": (a, b, c), "mdy": (c, a, b), "dmy": (c, b, a)}[dates]
        if year_n in _SHORT_YEARS:
            return _day_of(2000 + year_n, month_n, day_n), text[found.end() :]
    if found := _IN_WORDS.match(text):
        word, n, year = (found["word"], found["d"], found["y"]) if found["word"] else found.group("word2", "d2", "y2")
        return _day_of(int(year), month_of(word), int(n)), text[found.end() :]
    return None


def _clock(hour: str, minute: str | None, second: str | None, half: str = "") -> time:
    h, m, s = int(hour), int(minute or 0), int(second or 0)
    if half:
        if not 0 <= h <= 12:
            raise BadTime(NO_TIME)
        # 午後0時 and 12 PM are noon, 午前12時 and 12 AM midnight.
        h = h % 12 + (12 if half in ("午後", "PM") else 0)
    if h > 23 or m > 59 or s > 59:
        raise BadTime(NO_TIME)
    return time(h, m, s)


def _zone_of(text: str | None) -> tzinfo | None:
    if not text:
        return None
    word = text.upper()
    if word in ("Z", "UTC", "GMT"):
        return UTC
    if word == "JST":
        return JST
    digits = word[1:].replace(":", "").ljust(4, "0")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if length >= timedelta(hours=24) or int(digits[2:]) > 59:
        raise BadTime(NO_TIME)
    return timezone(length if word[0] == "+" else -length)


def _time_of(text: str, *, digits: bool) -> tuple[time, tzinfo | None]:
    """Return the time of day, and its zone if it tells one; ``digits``: without colons, too."""
    found = _CLOCK.fullmatch(text)
    if found is not None:
        half = (found["ap"] or found["pa"] or "").upper()
        at = _clock(found["h"] or found["h2"], found["m"] or found["m2"], found["s"] or found["s2"], half)
        return at, _zone_of(found["zone"])
    if digits and (found := _DIGITS_CLOCK.fullmatch(text)):
        return _clock(found["h"], found["m"], found["s"]), _zone_of(found["zone"])
    raise BadTime(NO_TIME)


def local(day: date, at: time, tz: tzinfo) -> datetime:
    """Return the instant of a local time in Asia/Tokyo. Raise BadTime for one that a change of clocks leaves out."""
    if tz is JST:
        return datetime(day.year, day.month, day.day, at.hour, at.minute, at.second, tzinfo=JST)
    there = datetime.combine(day, at, tz)
    found = there.astimezone(JST)
    if found.astimezone(tz).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise BadTime(NO_SUCH_TIME)
    return _bounded(found)


def _bounded(at: datetime) -> datetime:
    if not FIRST_YEAR <= at.year < END_YEAR:
        raise BadTime(OUT_OF_RANGE)
    return at


def _zone(name: str) -> tzinfo:
    found = zone_named(name)
    if found is None:
        raise BadTime("zone の時間帯がありません")
    return found


@lru_cache(maxsize=8192)
def parse_day(text: str, dates: Dates = "ymd") -> date:
    """Return the day of a cell, whose time of day does not count. Raise BadTime.

    ``text``: in NFKC, trimmed. ``dates``: order of day and month where the year stands last.
    """
    if len(text) > MOST_CHARS:
        raise BadTime(NO_DAY)
    plain = _WEEKDAY.sub("", text)
    if _SERIAL.fullmatch(plain):
        return _serial_day(plain)
    try:
        found = _leading_day(plain, dates)
        if found is not None and not found[1]:
            return found[0]
        at = parse_time(text, "Asia/Tokyo", dates)
    except BadTime as e:
        raise BadTime(NO_DAY if str(e) == NO_TIME else str(e)) from None
    if isinstance(at, time):
        raise BadTime(NO_DAY)
    return at.date() if found is None else found[0]


@lru_cache(maxsize=65_536)
def parse_time(text: str, zone: str = "Asia/Tokyo", dates: Dates = "ymd") -> datetime | time:
    """Return the instant of a cell in Asia/Tokyo, or its time of day where it tells no day. Raise BadTime.

    ``text``: in NFKC, trimmed. ``zone``: of times that tell none. Fractions of a second are cut off; those of a
    spreadsheet's serial number are rounded, since no such number is exact.
    """
    if not text or len(text) > MOST_CHARS:
        raise BadTime(NO_TIME)
    plain = _WEEKDAY.sub("", text)
    if text.isascii() and plain.replace(".", "", 1).isdigit() and (number := _of_number(plain, zone)) is not None:
        return number
    if found := _DAY_ZERO.match(plain):
        return _time_of(plain[found.end() :].strip(), digits=False)[0]
    day = _leading_day(plain, dates)
    if day is None:
        at, tz = _time_of(plain, digits=True)
        if tz is not None:
            raise BadTime("時差の付いた時刻に日付がありません")
        return at
    rest = day[1]
    rest = rest[1:] if rest[:1] in ("T", "t", ",", "_", "-") else rest
    rest = rest.strip()
    if not rest:
        raise BadTime("日付だけで、時刻がありません")
    at, tz = _time_of(rest, digits=True)
    try:
        return _bounded(local(day[0], at, tz if tz is not None else _zone(zone)))
    except OverflowError:
        raise BadTime(OUT_OF_RANGE) from None


def _of_number(text: str, zone: str) -> datetime | time | None:
    """Return the time of a text of digits: run together, seconds of the epoch, a spreadsheet's serial number."""
    whole, point, _ = text.partition(".")
    if len(whole) == 12 and not point and not whole.startswith("20"):
        return local(_short_day(whole), _clock(whole[6:8], whole[8:10], whole[10:12]), _zone(zone))
    if (len(whole) == 12 and not point) or len(whole) == 14:
        day = _day_of(int(whole[:4]), int(whole[4:6]), int(whole[6:8]))
        return local(day, _clock(whole[8:10], whole[10:12], whole[12:14] or None), _zone(zone))
    if not point and (len(whole) == 10 and int(whole) >= _MOST_SECONDS):
        return local(_short_day(whole), _clock(whole[6:8], whole[8:10], None), _zone(zone))
    if len(whole) in (10, 13):
        seconds = int(whole) // (1000 if len(whole) == 13 else 1)
        return _bounded(datetime.fromtimestamp(seconds, UTC).astimezone(JST))
    if _FRACTION.fullmatch(text) or (point and _SERIAL.fullmatch(text)):
        seconds = round(float(f"0.{text.partition('.')[2]}") * 86_400)
        if _FRACTION.fullmatch(text):
            return time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
        at = datetime.combine(_serial_day(text), time()) + timedelta(seconds=seconds)
        return local(at.date(), at.time(), _zone(zone))
    if whole.isdigit() and len(whole) == 8 and not point:
        raise BadTime("日付だけで、時刻がありません")
    return None


def instant_reader(zone: str, dates: Dates) -> Callable[[str, str, date | None, date], datetime]:
    """Return the function from the cells of time and day ("": none) and the file's day to an instant.

    The day comes from the time's own cell, else from the cell of the day, else from the file. A day without a year is the
    one nearest to that of the file, else to its last change, the function's fourth argument. The function raises BadTime,
    or BadDay where the cell of the day is at fault.
    """
    tz = _zone(zone)

    def time_of(text: str, near: date) -> datetime | time:
        try:
            return parse_time(text, zone, dates)
        except BadTime:
            dated = with_year(_WEEKDAY.sub("", text[:MOST_CHARS]), near, dates)
            if dated is None:
                raise
            return parse_time(dated, zone, dates)

    def day_of(text: str, near: date) -> date:
        try:
            return parse_day(text, dates)
        except BadTime:
            dated = with_year(_WEEKDAY.sub("", text[:MOST_CHARS]), near, dates, digits=True)
            if dated is None:
                raise
            return parse_day(dated, dates)

    def read(text: str, day: str, of_file: date | None, changed: date) -> datetime:
        at = time_of(text, of_file or changed)
        if isinstance(at, datetime):
            return at
        try:
            on = day_of(day, of_file or changed) if day else of_file
        except BadTime as e:
            raise BadDay(str(e)) from None
        if on is None:
            raise BadTime("日付が分かりません（day の列も、ファイルの名前や見出しの上の日付もありません）")
        return local(on, at, tz)

    return read


_IN_TEXT = re.compile(
    r"(?<!\d)" + YEAR + r"\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)|(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)", re.A
)


_NO_YEAR_IN_TEXT = re.compile(r"(?<!\d)(\d{1,2})\s?月\s?(\d{1,2})\s?日", re.A)


def day_in(text: str, near: date | None = None) -> date | None:
    """Return the one day that stands in a text such as a title line; None without any, or where there are several.

    A day without a year (9月14日) means the one nearest to ``near``, as in a cell.
    """
    found = set()
    for said in _IN_TEXT.finditer(text):
        year, month, day = said.group(1, 2, 3) if said[1] else said.group(4, 5, 6)
        try:
            found.add(_day_of(_year(year), int(month), int(day)))
        except BadTime:
            continue
    if not found and near is not None:
        days = (nearest_year(int(month), int(day), near) for month, day in _NO_YEAR_IN_TEXT.findall(text))
        found = {day for day in days if day is not None}
    return found.pop() if len(found) == 1 else None
