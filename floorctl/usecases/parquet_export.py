"""Write a day as Parquet for a head office: ``TABLE/site=CODE/day=DAY/part-0.parquet``, all of its tables or none.

Files in several folders cannot be renamed at once. A day counts only while its file of ``days`` exists: that is removed
before the first other file changes and written last.

pyarrow is an optional extra (``parquet`` in pyproject.toml) and is imported only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from floorctl.common.derived_tables import Column
from floorctl.common.errors import FloorctlError
from floorctl.common.output_file import Exported, write_set
from floorctl.usecases.parquet_rows import Row, day_rows
from floorctl.usecases.parquet_tables import TABLES, VERSION
from floorctl.usecases.session import Session

FILE = "part-0.parquet"
SEAL = "days"
ZONE = "Asia/Tokyo"


def export_partitions(session: Session, days: Sequence[date], out: Path) -> Exported:
    """Write the partitions of days below ``out``; a file with the same content is not touched.

    Raise FloorctlError if pyarrow is missing or a file cannot be written.
    """
    engine = _pyarrow()
    done = Exported([], [])
    for day in days:
        place = Path(f"site={session.site.code}") / f"day={day}" / FILE
        files = {out / table / place: _file(engine, table, rows) for table, rows in day_rows(session, day).items()}
        done.paths.extend(write_set(files, out / SEAL / place))
        if day != session.today:
            session.forget(day)
    return done


def _pyarrow() -> Any:
    """Import pyarrow, which has no types, and its Parquet writer. Raise FloorctlError if it is missing."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError:
        do = 'floorctl と同じ環境に pip install "pyarrow>=22,<27" で入れて、もう一度実行してください'
        raise FloorctlError("Parquet を書き出せません", "追加の部品 pyarrow が入っていません", do) from None


def _file(engine: Any, table: str, rows: Sequence[Row]) -> bytes:
    """Return a table as Parquet; equal rows give equal bytes with the same pyarrow."""
    columns = TABLES[table]
    schema = engine.schema(
        [engine.field(c.name, _type(engine, c), nullable=c.optional) for c in columns],
        metadata={"floorctl.table": table, "floorctl.schema": str(VERSION)},
    )
    arrays = [engine.array([row[n] for row in rows], schema.field(n).type) for n in range(len(columns))]
    held = BytesIO()
    engine.parquet.write_table(
        engine.Table.from_arrays(arrays, schema=schema), held, version="2.6", compression="snappy", store_schema=True
    )
    return held.getvalue()


def _type(engine: Any, column: Column) -> Any:
    match column.kind:
        case "text":
            return engine.string()
        case "texts":
            return engine.list_(engine.string())
        case "int":
            return engine.int32()
        case "real":
            return engine.float64()
        case "bool":
            return engine.bool_()
        case "time":
            return engine.timestamp("us", tz=ZONE)
        case "date":
            return engine.date32()
