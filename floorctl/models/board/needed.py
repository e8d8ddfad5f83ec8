"""Windows needed, as plain data: what `advice.windows_needed` finds, in a shape that models may take. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

# By lane, half hours in their order: begin, end (exclusive), windows.
Needed = Mapping[str, Sequence[tuple[datetime, datetime, int]]]


def windows_at(halves: Needed, lane: str, at: datetime) -> int | None:
    """Return the windows of a lane in the half hour of ``at``; None where nothing is known of it."""
    return next((n for start, end, n in halves.get(lane, ()) if start <= at < end), None)


def most_between(halves: Needed, lane: str, start: datetime, end: datetime) -> int | None:
    """Return the most windows of a lane at any time from ``start`` to ``end``; None where nothing is known of it."""
    return max((n for begins, ends, n in halves.get(lane, ()) if begins < end and start < ends), default=None)
