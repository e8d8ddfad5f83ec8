"""Read a row of the facts' table as an entry; what is stored there may have been damaged or changed since."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.errors import StoreError
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.stored_fact import stored_fact


def entry_of(row: tuple[object, ...]) -> Entry:
    """Build an Entry from a row of FACT_COLUMNS; raise StoreError if it is malformed."""
    seq, fact_id, source, at, recorded_at, actor, kind, data = map(str, row)
    try:
        fact = stored_fact(fact_id, at, kind, data)
        return Entry(int(seq), source, datetime.fromisoformat(recorded_at), actor, fact)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
        raise StoreError(
            f"通し番号 {seq} の記録が読めません",
            "ファイルが壊れているか、後から変えられています",
            "floorctl doctor で調べてください",
        ) from None
