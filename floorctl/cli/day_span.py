"""Days that a list is asked for: one day, or a month in its place."""

from __future__ import annotations

from datetime import date

from floorctl.common.clock import month_end
from floorctl.common.errors import UsageError


def day_span(what: str, day: date | None, month: date | None, today: date) -> tuple[date, date]:
    """Return the first and last day of ``--date`` or ``--month``, today without both. Raise UsageError if both are given."""
    if day is not None and month is not None:
        raise UsageError(what, "--date と --month の両方があります", "どちらか一方にしてください")
    return (month, month_end(month)) if month is not None else (day or today, day or today)
