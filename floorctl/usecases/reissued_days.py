"""Days whose report was issued again, by their derived rows: one step for a list of what is owed."""

from __future__ import annotations

from datetime import date, datetime

from floorctl.common.clock import business_day
from floorctl.database.store import Store
from floorctl.models.facts.kinds import REGISTER_KINDS
from floorctl.models.register.register import ReportChange


def reissued_days(store: Store) -> dict[date, ReportChange]:
    """Return each day whose report has a second edition, with the last fact that its report is of."""
    found = {}
    other = ", ".join("?" * len(REGISTER_KINDS))
    for (day,) in store.query("SELECT day FROM main.days WHERE revision > 1 ORDER BY day"):
        for seq, recorded_at in store.query(
            f"SELECT seq, recorded_at FROM event WHERE day = ? AND kind NOT IN ({other}) ORDER BY seq DESC LIMIT 1",
            day,
            *sorted(REGISTER_KINDS),
        ):
            on = business_day(datetime.fromisoformat(recorded_at))
            found[date.fromisoformat(day)] = ReportChange(int(seq), on)
    return found
