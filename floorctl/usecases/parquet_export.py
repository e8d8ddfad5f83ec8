"""Write a day as Parquet for a head office: ``TABLE/site=CODE/day=DAY/part-0.parquet``, all of its tables or none.

Files in several folders cannot be renamed at once. A day counts only while its file of ``days`` exists: that is removed
before the first other file changes and written last.

pyarrow is an optional extra (``parquet`` in pyproject.toml) and is imported only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from floorctl.common.output_file import Exported, write_set
from floorctl.usecases.parquet_files import pyarrow, table_bytes
from floorctl.usecases.parquet_rows import day_rows
from floorctl.usecases.session import Session

FILE = "part-0.parquet"
SEAL = "days"


def export_partitions(session: Session, days: Sequence[date], out: Path) -> Exported:
    """Write the partitions of days below ``out``; a file with the same content is not touched.

    Raise FloorctlError if pyarrow is missing or a file cannot be written.
    """
    pyarrow()  # missing, it is said before anything is read
    done = Exported([], [])
    for day in days:
        place = Path(f"site={session.site.code}") / f"day={day}" / FILE
        files = {
            out / table / place: table_bytes(table, rows, month=False) for table, rows in day_rows(session, day).items()
        }
        done.paths.extend(write_set(files, out / SEAL / place))
        if day != session.today:
            session.forget(day)
    return done
