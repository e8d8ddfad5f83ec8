"""Data table of the day's breaks: as they were planned and as they were taken (労働基準法34条)."""

from __future__ import annotations

from collections.abc import Iterator

from floorctl.documents.day.people import signed
from floorctl.documents.day.record import DayRecord
from floorctl.documents.layout.material import Row, Tables
from floorctl.models.site.site import Site

BREAKS: Tables[DayRecord] = Tables()
FIXED = "固定"


@BREAKS.table(
    "planned_breaks",
    staff="従事者の符号",
    planned_at="計画の時刻",
    planned="計画の休憩",
    fixed="固定した計画",
    began_at="休憩に入った時刻",
    taken="とった休憩",
    late="計画との差（分、後なら＋）",
)
def planned_breaks(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the planned breaks beside those taken; lengths in seconds."""
    for b in record.breaks_kept:
        yield {
            "staff": b.staff,
            "planned_at": b.planned_at,
            "planned": b.planned_s,
            "fixed": FIXED if b.fixed else "",
            "began_at": b.began_at,
            "taken": b.taken_s or None,
            "late": signed(b.late_s),
        }
