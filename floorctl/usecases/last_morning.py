"""The morning of the last open day: who stood where, found in the facts of that day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.commands.fold import DayFold
from floorctl.models.board.morning import Morning, morning_at, morning_of

if TYPE_CHECKING:
    from floorctl.usecases.session import Session

_DAYS = 5  # so many open days are looked at: one without a record of places tells nothing


def last_morning(session: Session) -> Morning | None:
    """Return the places of the morning of the last day, within a fortnight, whose facts tell any; None without one."""
    day = session.today
    for _ in range(_DAYS):
        before = session.store.day_of_issues_before(day)
        if before is None:
            return None
        fold = DayFold(session.site, before, session.store.day_facts(before))
        at = morning_at(fold.floor)
        found = morning_of(fold.until(at), at)
        if found.places:
            return found
        day = before
    return None
