"""Planned breaks of a day beside those that were taken (労働基準法34条). Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.clock import on_day, seconds_between
from floorctl.common.frozen import frozen
from floorctl.models.board.breaks import as_planned
from floorctl.models.day.floor import Floor


@frozen
class BreakKept:
    """Planned break of a person, ``fixed`` by the manager or not, and the one taken: None where none was; lengths in seconds."""

    staff: str
    planned_at: datetime
    planned_s: int
    fixed: bool
    began_at: datetime | None
    taken_s: int

    @property
    def late_s(self) -> int | None:
        """Return by how much it began after its planned time, negative before it."""
        return None if self.began_at is None else int((self.began_at - self.planned_at).total_seconds())


def breaks_kept(floor: Floor, until: datetime) -> tuple[BreakKept, ...]:
    """Return the breaks as they were planned last, by their start; one that is under way ends at ``until``."""
    found = []
    for p in sorted(floor.planned_breaks.values(), key=lambda p: (p.start, p.staff)):
        at = on_day(floor.day, p.start)
        taken = as_planned(floor, p, until)
        began = taken[0][0] if taken else None
        found.append(
            BreakKept(p.staff, at, p.minutes * 60, p.fixed, began, sum(seconds_between(a, b) for a, b in taken))
        )
    return tuple(found)
