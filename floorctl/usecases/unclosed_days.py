"""Earlier days whose report is still open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from floorctl.usecases.session import Session


# For each day: the number of its last fact, and whether its report was open then.
Known = dict[date, tuple[int, bool]]


def unclosed_days(session: Session, most: int = 10, known: Known | None = None) -> list[date]:
    """Return the latest days before today that had visitors and whose report is open, since the first console fact.

    A day that is closed by its derived rows and has no fact since costs a step of an index; of the others at most
    ``most`` are folded, and not those of which ``known`` tells that no fact has come since; it learns the others.
    """
    known = {} if known is None else known
    began, yesterday = session.began(), session.today - timedelta(days=1)
    if began is None or began > yesterday:
        return []
    rows = session.store.query(
        "SELECT day, built_to FROM main.days WHERE report_closed_at IS NOT NULL AND day >= ?", str(began)
    )
    closed = {str(day): int(n) for day, n in rows}
    facts = session.store.last_seqs(began, yesterday)
    doubtful = [(date.fromisoformat(day), seq) for day, seq in facts if closed.get(day, -1) < seq][-most:]
    found = []
    for day, seq in doubtful:
        if day not in known or known[day][0] != seq:
            floor = session.floor(day)
            known[day] = seq, floor.opened_at is not None and floor.report_closed_at is None
            session.forget(day)
        if known[day][1]:
            found.append(day)
    return found
