"""シフト表 of a month or a week: from an open file to a folder (仕様書 10)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from floorctl.common.clock import month_end
from floorctl.common.errors import Refused
from floorctl.common.written_files import WrittenFiles
from floorctl.documents.period.shift_table import ShiftTable, shift_table
from floorctl.documents.period.shift_tables import shift_csv, shift_xlsx
from floorctl.usecases.last_day import last_known
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.common.output_file import Exported


def table_of_month(session: Session, day: date) -> ShiftTable:
    """Return the table of the month of a day."""
    return _table(session, day.replace(day=1), month_end(day), f"{day:%Y-%m}")


def table_of_week(session: Session, day: date) -> ShiftTable:
    """Return the table of the week of a day, from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return _table(session, monday, monday + timedelta(days=6), f"W{monday.isoformat()}")


def _table(session: Session, first: date, last: date, key: str) -> ShiftTable:
    register = session.register()
    as_of = last_known(session) or session.site.contract.start
    return shift_table(
        session.site, register, register.calendar(session.site), first, last, key=key, as_of=min(as_of, session.today)
    )


def shift_files(session: Session, table: ShiftTable) -> dict[str, bytes]:
    """Return the workbook and the CSV of a table by file name."""
    name = f"週間シフト表_{table.first}" if table.key.startswith("W") else f"シフト表_{table.key}"
    return {f"{name}.xlsx": shift_xlsx(table, session.site), f"{name}.csv": shift_csv(table)}


def export_shift_table(session: Session, table: ShiftTable, out: Path) -> Exported:
    """Write both files into ``out/YYYY-MM/``, or ``out/W`` and the Monday of a week. Raise FloorctlError.

    A month or a week without a day of the contract is refused.
    """
    from floorctl.common.output_file import write_files

    contract = session.site.contract
    if table.last < contract.start or contract.end < table.first:
        why = f"契約期間（{contract.start} から {contract.end}）の外です"
        raise Refused("シフト表を書き出せません", why, "月か週を確かめてください")
    return write_files(out / table.key, shift_files(session, table), WrittenFiles(session.path))
