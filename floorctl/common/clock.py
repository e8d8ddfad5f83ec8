"""The only caller of the system clock, and the one zone in which a business day is a date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

# Japan has had no daylight saving since 1951, so a fixed offset is exact and needs no zone files on Windows.
JST = timezone(timedelta(hours=9), "Asia/Tokyo")

Clock = Callable[[], datetime]

# What an option may name: far from the ends of time, where a day before or after cannot be computed.
FIRST_YEAR, LAST_YEAR = 1900, 2999


def system_clock() -> datetime:
    """The present instant, aware, in Asia/Tokyo."""
    return datetime.now(JST)


def frozen_clock(at: datetime) -> Clock:
    """A clock that always says ``at``."""
    return lambda: at


def business_day(at: datetime) -> date:
    """The business day of an instant: its date in Asia/Tokyo, whatever the zone of ``at``."""
    return at.astimezone(JST).date()


def iso(at: datetime) -> str:
    """An instant as the contract writes it: ISO 8601, whole seconds (floored), offset of Asia/Tokyo."""
    return at.astimezone(JST).isoformat(timespec="seconds")


def parse_time(text: str) -> datetime:
    """An instant from an option; without an offset it is Asia/Tokyo.

    Raises ValueError when ``text`` is not an ISO 8601 date and time, or not of the years of an option; OverflowError
    at the very ends of time.
    """
    at = datetime.fromisoformat(text.strip())
    if "T" not in text.upper() and " " not in text.strip():
        raise ValueError("no time of day")
    at = at.replace(tzinfo=JST) if at.tzinfo is None else at.astimezone(JST)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError("far from any business day")
    return at


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds from ``start`` to ``end``, floored, never below 0."""
    return max(0, int((end - start).total_seconds() // 1))
