"""Load a lake into Delta or Iceberg tables, month by month (docs/head_office.md).

    python load.py delta LAKE TARGET            # pip install duckdb pyarrow deltalake
    python load.py iceberg LAKE TARGET          # pip install duckdb pyarrow "pyiceberg[sql-sqlite,pyarrow]"

One table each, with ``month`` (YYYY-MM), by which it is partitioned; each month is replaced in one commit. A month whose rows are those
that the table has is left alone, so a second run changes nothing. Months that are no longer in the lake stay. Run it at night, after
the copies have come.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import views

DIGEST, MONTH = "floorctl.digest", "floorctl.month"
Known = dict[str, str]  # month: digest of the rows that a table has
Put = Callable[[str, Any, str], None]  # month, its rows, their digest


def load(root: Path, target: Callable[[str], tuple[Known, Put]]) -> int:
    """Bring the tables up to date; return the number of commits."""
    import duckdb

    commits = 0
    with duckdb.connect() as lake:
        lake.execute(views.duckdb_sql(root))
        for table in views.Lake(root).tables:
            known, put = target(table)
            rows = f"(SELECT *, strftime(day, '%Y-%m') AS month FROM {table})"
            sums = lake.execute(
                f"SELECT month, count(*) || '-' || sum(hash(t)) FROM {rows} AS t GROUP BY month ORDER BY month"
            )
            for month, digest in sums.fetchall():
                if known.get(month) != digest:
                    found = lake.sql(f"SELECT * FROM {rows} WHERE month = ? ORDER BY site, day", params=[month])
                    put(month, found.to_arrow_table(), digest)
                    commits += 1
    return commits


def delta(folder: Path) -> Callable[[str], tuple[Known, Put]]:
    """Return the Delta tables below a folder."""
    from deltalake import CommitProperties, DeltaTable, write_deltalake

    def target(table: str) -> tuple[Known, Put]:
        where = str(folder / table)
        there = DeltaTable.is_deltatable(where)
        history = DeltaTable(where).history() if there else []  # newest first
        known = {h[MONTH]: h[DIGEST] for h in reversed(history) if MONTH in h}

        def put(month: str, rows: Any, digest: str) -> None:
            own: dict[str, Any] = {"predicate": f"month = '{month}'"} if DeltaTable.is_deltatable(where) else {}
            told = CommitProperties(custom_metadata={MONTH: month, DIGEST: digest})
            write_deltalake(where, rows, mode="overwrite", partition_by=["month"], commit_properties=told, **own)

        return known, put

    return target


def iceberg(folder: Path) -> Callable[[str], tuple[Known, Put]]:
    """Return the Iceberg tables of a catalog in a folder (SQLite)."""
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.expressions import EqualTo
    from pyiceberg.transforms import IdentityTransform

    folder.mkdir(parents=True, exist_ok=True)
    place = folder.absolute()
    catalog = SqlCatalog("floorctl", uri=f"sqlite:///{place.as_posix()}/catalog.db", warehouse=place.as_uri())
    catalog.create_namespace_if_not_exists("floorctl")

    def target(table: str) -> tuple[Known, Put]:
        name = f"floorctl.{table}"
        snapshots = catalog.load_table(name).snapshots() if catalog.table_exists(name) else []
        told = [s.summary.additional_properties for s in snapshots if s.summary is not None]
        known = {own[MONTH]: own[DIGEST] for own in told if MONTH in own}

        def put(month: str, rows: Any, digest: str) -> None:
            if not catalog.table_exists(name):
                made = catalog.create_table(name, schema=rows.schema)
                with made.update_spec() as spec:
                    spec.add_field("month", IdentityTransform(), "month")
            properties = {MONTH: month, DIGEST: digest}
            catalog.load_table(name).overwrite(rows, EqualTo("month", month), snapshot_properties=properties)

        return known, put

    return target


def _does(kind: str, lake: str, folder: str) -> str:
    return f"{load(Path(lake), {'delta': delta, 'iceberg': iceberg}[kind](Path(folder)))} commits\n"


if __name__ == "__main__":
    sys.exit(views.command("load.py delta|iceberg LAKE TARGET", {"delta": range(1, 2), "iceberg": range(1, 2)}, _does))
