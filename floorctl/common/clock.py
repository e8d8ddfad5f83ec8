"""Read the system clock (nowhere else), and convert instants in the one time zone of business days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

# Japan has had no daylight saving since 1951, so a fixed offset is exact and needs no zone files on Windows.
JST = timezone(timedelta(hours=9), "Asia/Tokyo")

HALF_HOUR = timedelta(minutes=30)

Clock = Callable[[], datetime]

# Range of an option: far from the ends of time, where adjacent days cannot be computed.
FIRST_YEAR, LAST_YEAR = 1900, 2999


def system_clock() -> datetime:
    """Return the present instant, aware, in Asia/Tokyo."""
    return datetime.now(JST)


def frozen_clock(at: datetime) -> Clock:
    """Return a clock that always returns ``at``."""
    return lambda: at


def business_day(at: datetime) -> date:
    """Return the business day of an instant: its date in Asia/Tokyo, for ``at`` in any zone."""
    return at.astimezone(JST).date()


def day_seconds(at: time) -> int:
    """Return a time of day as seconds since midnight."""
    return at.hour * 3600 + at.minute * 60 + at.second


def half_hour_of(at: datetime) -> datetime:
    """Return the begin of the half hour of an instant."""
    return at.replace(minute=30 * (at.minute // 30), second=0, microsecond=0)


def fiscal_year(day: date) -> int:
    """Return the fiscal year of a day: the year in whose April it began."""
    return day.year - (day.month < 4)


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def on_day(day: date, text: str) -> datetime:
    """Return the instant of "HH:MM" on a business day."""
    return datetime.combine(day, time.fromisoformat(text), JST)


def iso(at: datetime) -> str:
    """Return an instant in the contract's notation: ISO 8601, whole seconds (rounded down), offset of Asia/Tokyo."""
    return at.astimezone(JST).isoformat(timespec="seconds")


def parse_time(text: str) -> datetime:
    """Parse the instant of an option; without an offset it is Asia/Tokyo.

    Raise ValueError if it is no ISO 8601 date and time or outside FIRST_YEAR to LAST_YEAR, OverflowError at the very
    ends of time.
    """
    at = datetime.fromisoformat(text.strip())
    if "T" not in text.upper() and " " not in text.strip():
        raise ValueError("no time of day")
    at = at.replace(tzinfo=JST) if at.tzinfo is None else at.astimezone(JST)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError("far from any business day")
    return at


def seconds_between(start: datetime, end: datetime) -> int:
    """Return whole seconds from ``start`` to ``end``, rounded down, at least 0."""
    return max(0, int((end - start).total_seconds() // 1))
