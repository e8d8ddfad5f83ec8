"""Days whose report was issued again: a few look-ups for a list of what is owed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from floorctl.common.clock import business_day
from floorctl.database.store import Store
from floorctl.models.day.editions import Filed, day_editions
from floorctl.models.register.register import ReportChange

# Days whose derived rows say so, and those with facts after their rows were made.
_DAYS = """
    SELECT day, revision, report_closed_at, built_to FROM main.days AS d
    WHERE revision > 1 OR (report_closed_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM event AS e WHERE e.day = d.day AND e.seq > d.built_to))
    ORDER BY day"""
# With each fact, whether it takes back another one of its day.
_FACTS = """
    SELECT seq, source, kind, at, recorded_at, kind = 'retracted' AND EXISTS (
        SELECT 1 FROM event AS t WHERE t.source = coalesce(json_extract(e.data, '$.target_source'), 'console')
            AND t.id = json_extract(e.data, '$.target') AND t.day = e.day)
    FROM event AS e WHERE day = ? AND seq > ?"""
_FIRST = "SELECT min(seq) FROM event WHERE day = ? AND kind IN ('day.closed', 'day.reopened')"


def reissued_days(store: Store, until: datetime | None = None) -> dict[date, ReportChange]:
    """Return each day whose report has a second edition, with the last fact that its report is of.

    ``until``: the frozen clock, after which nothing has happened.
    """
    found: dict[date, ReportChange] = {}
    for day, revision, closed_at, built_to in store.query(_DAYS):
        if revision == 1:
            close = Filed(built_to, "console", "day.closed", _when(closed_at), date.fromisoformat(day))
            told = [close, *_filed(store.query(_FACTS, day, built_to))]
        else:
            ((first,),) = store.query(_FIRST, day)
            told = _filed(store.query(_FACTS, day, (first or 0) - 1))
        told = [f for f in told if until is None or f.at <= until]
        if len(made := day_editions(told)) > 1:
            on = next(f.on for f in told if f.seq == made[-1].end)
            found[date.fromisoformat(day)] = ReportChange(made[-1].end, on, len(made))
    return found


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _filed(rows: list[tuple[Any, ...]]) -> list[Filed]:
    return [
        Filed(seq, source, kind, _when(at), business_day(_when(recorded_at)), bool(back))
        for seq, source, kind, at, recorded_at, back in rows
    ]
