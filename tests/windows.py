"""Windows of a lane at an instant, read from the plain half hours of `models.board.needed`."""

from __future__ import annotations

from datetime import datetime

from floorctl.models.board.needed import Needed


def windows_at(halves: Needed, lane: str, at: datetime) -> int | None:
    """The windows of a lane in the half hour of ``at``; None where nothing is known of it."""
    return next((n for start, end, n in halves.get(lane, ()) if start <= at < end), None)
