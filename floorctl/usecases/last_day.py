"""Last day with facts, by which documents of a period are dated."""

from __future__ import annotations

from datetime import date

from floorctl.usecases.session import Session


def last_known(session: Session) -> date | None:
    """Return the last day with facts, not after a frozen clock.

    Documents judge lateness by it: by the clock, equal facts would give a different document every day.
    """
    limit = session.today if session.frozen else date.max
    rows = session.store.query("SELECT max(day) FROM event WHERE day <= ?", limit.isoformat())
    return date.fromisoformat(rows[0][0]) if rows and rows[0][0] else None
