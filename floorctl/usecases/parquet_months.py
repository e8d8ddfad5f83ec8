"""Write a month of a site as one file a table: ``TABLE/site=CODE/month=MONTH/part-0.parquet``.

The manifest is the seal of all its files. Files of its days that were written while it went on are removed once the
month is sealed, and before the seal is broken again: so a day never counts twice, and a month is whole or not there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from floorctl.common.output_file import remove_files, write_set
from floorctl.usecases.parquet_files import batch, file_bytes
from floorctl.usecases.parquet_manifest import FILE, Manifest, rows_of
from floorctl.usecases.parquet_rows import day_rows
from floorctl.usecases.parquet_tables import TABLES
from floorctl.usecases.session import Session


def days_with_records(session: Session, first: date, last: date) -> list[date]:
    """Return the days of a period that have facts, without those that a frozen clock hides."""
    last = min(last, session.today) if session.frozen else last
    return [date.fromisoformat(day) for day, _ in session.store.last_seqs(first, last)]


def write_month(
    session: Session, month: str, out: Path, manifest: Manifest, notes: list[str], tell: Callable[[date], None]
) -> list[Path]:
    """Write a month with facts and note it in the manifest; return its files.

    ``notes``: gets what the user should know. ``tell``: called with each day before it is read.
    Raise FloorctlError; then the month in the lake is as it was, or not there until it is written again.
    """
    first = date.fromisoformat(f"{month}-01")
    days = days_with_records(session, first, first + relativedelta(months=1) - timedelta(days=1))
    parts: dict[str, list[Any]] = {table: [] for table in TABLES}
    open_days = 0
    for day in days:
        tell(day)
        for table, rows in day_rows(session, day).items():
            parts[table].append(batch(table, [(day, *row) for row in rows], month=True))
        floor = session.floor(day)
        open_days += floor.opened_at is not None and floor.report_closed_at is None
        if day != session.today:
            session.forget(day)
    files = {table: (sum(p.num_rows for p in held), file_bytes(table, held)) for table, held in parts.items()}
    place = Path(f"site={session.site.code}") / f"month={month}" / FILE
    rows = rows_of(month, days, open_days, files)
    if month in manifest:
        _remove_days(out, session.site.code, month)  # they would count while the seal is broken
    write_set({out / table / place: data for table, (_, data) in files.items()}, manifest.seal_of(month, rows))
    manifest.put(month, rows)
    if _remove_days(out, session.site.code, month):
        notes.append(
            f"{month} の日ごとのファイルに、使われていて消せないものがあります。数には入りません。次に書き出すときに消します。"
        )
    return [out / table / place for table in TABLES]


def _remove_days(out: Path, site: str, month: str) -> list[Path]:
    """Remove the files of a month's days, ``days`` first; return those that stay."""
    found = [p for table in TABLES for p in sorted((out / table / f"site={site}").glob(f"day={month}-*/{FILE}"))]
    return remove_files(found, b"PAR1")
