"""Writes a day as Parquet for a head office: ``TABLE/site=CODE/day=DAY/part-0.parquet``, all of its tables or none.

No renaming puts files into several folders at once. So a day counts only while its row of ``days`` is there: that is
taken away before the first of the others changes, and put back when the last one stands.

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
    """Writes the partitions of some days below ``out``; a partition that has its content already is not touched.

    Raises FloorctlError where pyarrow is missing, or where a file cannot be written.
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
    """pyarrow and its writer of Parquet; they have no types of their own. Raises FloorctlError where it is not there."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError:
        raise FloorctlError(
            "Parquet を書き出せません",
            "追加の部品 pyarrow が入っていません",
            'floorctl と同じ環境に pip install "pyarrow>=22,<27" で入れて、もう一度実行してください',
        ) from None


def _file(engine: Any, table: str, rows: Sequence[Row]) -> bytes:
    """The bytes of a table; the same rows give the same bytes with the same pyarrow."""
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
