"""Tell from the look of a cell what it may be: a day, a time, both, two times, a number on a ticket, a count.

Looks alone are judged here, for the proposal of a description; the reader decides what a cell says.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from floorctl.common.clean_text import clean
from floorctl.common.personal_words import words_in
from floorctl.common.privacy import find
from floorctl.intake.sources.columns import plain
from floorctl.intake.sources.missing_year import with_year
from floorctl.intake.sources.times import MOST_CHARS, BadTime, Dates, parse_day, parse_time

_YEAR = r"(?:19|20)\d\d"
_WEEKDAY = r"(?: ?\([月火水木金土日]\))?"
_DATE = (
    rf"(?:(?P<y>{_YEAR})[-/.年] ?(?P<m>\d{{1,2}})[-/.月] ?(?P<d>\d{{1,2}})日?{_WEEKDAY}"
    rf"|(?:令和|R) ?(?P<r>\d{{1,2}}|元)[-/.年] ?(?P<rm>\d{{1,2}})[-/.月] ?(?P<rd>\d{{1,2}})日?{_WEEKDAY}"
    rf"|(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<ay>{_YEAR}))"
)
_CLOCK = (
    r"(?:(?P<half>午前|午後|AM|PM) ?)?(?P<H>\d{1,2})(?::(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,]\d+)?)?"
    r"|時(?P<M2>\d{1,2})分(?:(?P<S2>\d{1,2})秒)?)(?: ?(?P<half2>AM|PM))?"
)
_BOTH = re.compile(rf"{_DATE}(?:T| ?)(?:{_CLOCK})(?:Z| ?[-+]\d\d:?\d\d)?", re.I)
_DAY = re.compile(_DATE, re.I)
_TIME = re.compile(_CLOCK, re.I)
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_DIGITS = re.compile(r"\d+")
_SERIAL = re.compile(r"[45]\d{4}\.\d{1,12}")  # days since 1899-12-30
_TICKET = re.compile(r"[A-Za-z]{0,3}-?\d{1,5}")
_COUNT = re.compile(r"-?\d{1,3}(?:,?\d{3})*(?: ?[人件枚名番分秒組])")
_TWO = re.compile(r"(?P<first>.{1,25}?) ?(?P<mark>→|⇒|~|〜|->|;|/| - |\|) ?(?P<second>.{0,25})")
_ORDERS: tuple[Dates, ...] = ("ymd", "dmy", "mdy")
_PIECES = re.compile(r"\d\D+\d|\d ?[AP]M", re.I)  # digits alone, or one number, are looked at above
_EPOCH = range(1_577_836_800, 2_208_988_800)  # 2020 to 2039
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()


class Moment(NamedTuple):
    """Day (ordinal) and seconds of the day of a cell; None for what it does not say."""

    day: int | None
    second: int | None


@lru_cache(maxsize=65_536)
def plain_cell(text: str) -> str:
    """Return a cell as cells are compared, without what a terminal would obey."""
    return plain(clean(text))


def _ordinal(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def _day_of(found: re.Match[str]) -> int | None:
    if found["y"]:
        return _ordinal(int(found["y"]), int(found["m"]), int(found["d"]))
    if found["r"]:
        year = 1 if found["r"] == "元" else int(found["r"])
        return _ordinal(2018 + year, int(found["rm"]), int(found["rd"]))
    a, b, year = int(found["a"]), int(found["b"]), int(found["ay"])
    return _ordinal(year, a, b) or _ordinal(year, b, a)


def _second_of(found: re.Match[str]) -> int | None:
    hour, minute = int(found["H"]), int(found["M"] or found["M2"])
    second = int(found["S"] or found["S2"] or 0)
    half = (found["half"] or found["half2"] or "").upper()
    if half in ("午後", "PM") and hour < 12:
        hour += 12
    elif half in ("午前", "AM") and hour == 12:
        hour = 0
    return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 and second < 60 else None


@lru_cache(maxsize=65_536)
def moment(cell: str) -> Moment:
    """Return day and time that a cell shows beyond doubt; digits alone only as 20260914 with or without a time."""
    if found := _BOTH.fullmatch(cell):
        day, second = _day_of(found), _second_of(found)
        return Moment(day, second) if day and second is not None else Moment(None, None)
    if found := _DAY.fullmatch(cell):
        return Moment(_day_of(found), None)
    if found := _TIME.fullmatch(cell):
        return Moment(None, _second_of(found))
    if found := _COMPACT.fullmatch(cell):
        day = _ordinal(int(found[1]), int(found[2]), int(found[3]))
        second = digits_time(cell[8:]) if found[4] else None
        return Moment(day, second) if day and (second is not None or not found[4]) else Moment(None, None)
    if _SERIAL.fullmatch(cell):
        whole, _, part = cell.partition(".")
        return Moment(_EXCEL_EPOCH + int(whole), round(float(f"0.{part}") * 86_400) % 86_400)
    if _DIGITS.fullmatch(cell) and len(cell) in (10, 13):
        at = int(cell[:10])
        if at in _EPOCH:
            day, second = divmod(at + 9 * 3600, 86_400)
            return Moment(date(1970, 1, 1).toordinal() + day, second)
    return _as_read(cell)


_SOME_DAY = date(2020, 7, 1)  # near it are the days without a year; which year it is does not matter here


def _as_read(cell: str) -> Moment:
    """Return what the reader makes of a cell that is written less usually: 14.09.2026, Sep 14, 2026 9:03 AM."""
    if len(cell) > MOST_CHARS or not _PIECES.search(cell):
        return Moment(None, None)
    dated = with_year(cell, _SOME_DAY) or cell
    for dates in _ORDERS:
        try:
            found = parse_time(dated, "Asia/Tokyo", dates)
        except BadTime:
            continue
        at = found.timetz() if isinstance(found, datetime) else found
        day = found.toordinal() if isinstance(found, datetime) else None
        return Moment(day, at.hour * 3600 + at.minute * 60 + at.second)
    alone = dated if "-" not in cell else cell  # 3-12 is rather a number
    for dates in _ORDERS:
        try:
            return Moment(parse_day(alone, dates).toordinal(), None)
        except BadTime:
            continue
    return Moment(None, None)


@lru_cache(maxsize=65_536)
def digits_time(cell: str) -> int | None:
    """Return the seconds of a time written as digits alone: 903, 0903, 83512, 083512; None where it can be none."""
    if not _DIGITS.fullmatch(cell) or not 3 <= len(cell) <= 6:
        return None
    with_seconds = len(cell) > 4
    padded = cell.zfill(6 if with_seconds else 4)
    hour, minute, second = int(padded[:2]), int(padded[2:4]), int(padded[4:] or 0)
    return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 and second < 60 else None


def looks_like_ticket(cell: str) -> bool:
    """Return whether a cell may be the number on a ticket: A019, B-041, 198."""
    return _TICKET.fullmatch(cell.replace(" ", "")) is not None


def looks_like_count(cell: str) -> bool:
    """Return whether a cell is a whole number, with a unit or without."""
    return _COUNT.fullmatch(cell) is not None or (_DIGITS.fullmatch(cell) is not None and len(cell) <= 5)


def has_unit(cell: str) -> bool:
    """Return whether a cell is a number with its unit: 4人, 13分; 1番 is a number of its own."""
    return _COUNT.fullmatch(cell) is not None and not cell.endswith("番")


def personal(text: str) -> bool:
    """Return whether the guard finds something of a person in a heading, a key or a cell; the digits of a time are nobody's."""
    if find(text) is not None:
        return moment(text) == (None, None)
    return not text.isascii() and words_in(text) is not None


def two_times(cell: str) -> tuple[str, str, str] | None:
    """Return (first, mark between them, second) of a cell with two values, of which the first is a time."""
    if moment(cell) != (None, None):
        return None
    found = _TWO.fullmatch(cell)
    if not found or moment(found["first"]).second is None:
        return None
    return found["first"], found["mark"].strip(), found["second"]
