"""Windows needed by half hour and lane, so that nine of ten wait at most the target. Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.frozen import frozen


@frozen
class HalfNeed:
    """Windows needed in a half hour of a lane: the fewest with which nine of ten of its ``persons`` wait at most the target.

    ``persons``: who still comes in it, expected. ``low`` to ``high``: with few and with many arrivals (80 %).
    ``short``: not even all terminals of the lane, ``needed`` then, are enough.
    """

    start: datetime
    end: datetime
    persons: float
    needed: int
    low: int
    high: int
    short: bool = False


@frozen
class LaneNeed:
    """Windows needed of a lane, by half hour from now on."""

    lane: str
    halves: tuple[HalfNeed, ...]

    def plain(self) -> tuple[tuple[datetime, datetime, int], ...]:
        """Return (begin, end, windows) of each half hour, as `models.board.needed` has them."""
        return tuple((h.start, h.end, h.needed) for h in self.halves)
