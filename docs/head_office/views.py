"""Tables of the lake for an engine: only what is complete, months and days together (docs/head_office.md).

    python views.py duckdb LAKE > views.sql     # also: clickhouse
    views.polars_context(LAKE).execute(SQL)     # and datafusion_context, daft_tables, spark_views

A month of a site counts while ``manifest`` has it; a day while its file of ``days`` is there and its month does not count.
Nothing is inferred: columns and types are those of ``LAKE/schema.json``, partitions are text but for ``day``. Only the standard
library is needed, and the engine. Run it again when the first month, or the first day, of a table has come.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SEAL, MANIFEST = "days", "manifest"
PATHS = {"month": "site=*/month=*/part-0.parquet", "day": "site=*/day=*/*.parquet"}
# text, texts … of schema.json in each engine.
KINDS = ("text", "texts", "int", "long", "real", "bool", "time", "date")
DUCKDB = dict(zip(KINDS, "VARCHAR VARCHAR[] INTEGER BIGINT DOUBLE BOOLEAN TIMESTAMPTZ DATE".split(), strict=True))
SPARK = dict(zip(KINDS, "string array<string> int bigint double boolean timestamp date".split(), strict=True))
CLICKHOUSE = dict(
    zip(KINDS, "String Array(String) Int32 Int64 Float64 Bool DateTime64(6,'UTC') Date32".split(), strict=True)
)


class Lake:
    """A lake's folder with its schema. ``schema``: table: (column, kind, field id, nullable), the day first."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).absolute()
        told = json.loads((self.root / "schema.json").read_text(encoding="utf-8"))
        self.schema = {
            table: [(c["name"], c["type"], c["field_id"], c["nullable"]) for c in held["columns"]]
            for table, held in told["tables"].items()
        }
        self.tables = [t for t in self.schema if t != MANIFEST]

    def has(self, table: str, part: str) -> bool:
        """Return whether a table has a month's file or a day's: engines refuse a pattern without any file."""
        return next((self.root / table).glob(PATHS[part]), None) is not None

    def parts(self, table: str) -> list[str]:
        """Return what a table is read from; a table without any file is one without rows."""
        found = [part for part in PATHS if self.has(table, part)]
        sealed = {"month": any((self.root / MANIFEST).glob("site=*/part-0.parquet")), "day": self.has(SEAL, "day")}
        return [part for part in found if sealed[part]]

    def columns(self, table: str, part: str) -> list[tuple[str, str, int, bool]]:
        """Return the columns in a file: a day's has no ``day``, and the manifest has none."""
        return [c for c in self.schema[table] if part == "month" or c[0] != "day"]

    def pattern(self, table: str, part: str) -> str:
        """Return the pattern of a table's files."""
        tail = PATHS.get(part, "site=*/part-0.parquet")
        return f"{self.root.as_posix()}/{table}/{tail}"

    def view(self, table: str, month_of_day: str) -> str:
        """Return the SELECT of a table over ``TABLE_month``, ``TABLE_day`` and ``manifest``: standard SQL.

        ``month_of_day``: the day ``d.day`` as YYYY-MM, in which engines differ.
        """
        names = ["site", "day", *(c[0] for c in self.columns(table, "day"))]
        own = {part: ", ".join(f"{part[0]}.{n} AS {n}" for n in names) for part in PATHS}
        parts = self.parts(table)
        found = []
        if "month" in parts:
            found.append(
                f"SELECT {own['month']} FROM {table}_month AS m"
                f" JOIN {MANIFEST} AS s ON s.site = m.site AND s.month = m.month WHERE s.name = '{table}'"
            )
        if "day" in parts:
            seal = "" if table == SEAL else f" JOIN {SEAL}_seals AS t ON t.site = d.site AND t.day = d.day"
            left = f" LEFT JOIN {MANIFEST}_months AS s ON s.site = d.site AND s.month = {month_of_day}"
            found.append(f"SELECT {own['day']} FROM {table}_day AS d{seal}{left} WHERE s.site IS NULL")
        return " UNION ALL ".join(found)

    def sources(self) -> list[tuple[str, str, str]]:
        """Return what has to be read: (name, table, part); the manifest has one part without a name."""
        found = [(f"{t}_{part}", t, part) for t in self.tables for part in self.parts(t)]
        return (
            [*found, (MANIFEST, MANIFEST, "")] if any((self.root / MANIFEST).glob("site=*/part-0.parquet")) else found
        )

    def views(self, month_of_day: str, kinds: dict[str, str]) -> list[tuple[str, str]]:
        """Return (name, SELECT) of every view over the sources, in the order in which they are to be made."""
        found = []
        if (MANIFEST, MANIFEST, "") not in self.sources():
            found.append((MANIFEST, self._nothing(MANIFEST, {"site": "text"}, kinds)))
        found.append((f"{MANIFEST}_months", f"SELECT DISTINCT site, month FROM {MANIFEST}"))
        if "day" in self.parts(SEAL):
            found.append((f"{SEAL}_seals", f"SELECT site, day FROM {SEAL}_day"))
        for table in self.tables:
            nothing = self._nothing(table, {"site": "text", "day": "date"}, kinds)
            found.append((table, self.view(table, month_of_day) or nothing))
        return found

    def _nothing(self, table: str, first: dict[str, str], kinds: dict[str, str]) -> str:
        """Return a SELECT of no row with a table's columns and types."""
        types = first | {c[0]: c[1] for c in self.columns(table, "day")}
        return f"SELECT {', '.join(f'CAST(NULL AS {kinds[k]}) AS {n}' for n, k in types.items())} WHERE 1 = 0"


def duckdb_sql(root: str | Path) -> str:
    """Return the views for DuckDB, which reads columns by their field id."""
    lake, found = Lake(root), []
    for name, table, part in lake.sources():
        fields = ", ".join(
            f"{i}: {{name: '{n}', type: '{DUCKDB[k]}', default_value: NULL}}"
            for n, k, i, _ in lake.columns(table, part)
        )
        types = "{'site': VARCHAR" + {"": "}", "month": ", 'month': VARCHAR}", "day": ", 'day': DATE}"}[part]
        how = f"hive_partitioning = true, hive_types = {types}, schema = MAP {{{fields}}}"
        found.append((name, f"SELECT * FROM read_parquet('{_quoted(lake.pattern(table, part))}', {how})"))
    found += lake.views("strftime(d.day, '%Y-%m')", DUCKDB)
    return "".join(f"CREATE OR REPLACE VIEW {name} AS {select};\n" for name, select in found)


def clickhouse_sql(root: str | Path) -> str:
    """Return the views for ClickHouse (clickhouse-local, chdb), with the settings by which it follows the SQL standard."""
    lake, found = Lake(root), []
    for name, table, part in lake.sources():
        columns = [
            (n, CLICKHOUSE[k] if k == "texts" or not null else f"Nullable({CLICKHOUSE[k]})")
            for n, k, _, null in lake.columns(table, part)
        ]
        columns += {"": [], "month": [("month", "String")], "day": [("day", "Date32")]}[part]
        structure = ", ".join(f"{n} {k}" for n, k in [*columns, ("site", "String")])
        where = _quoted(lake.pattern(table, part))
        found.append((name, f"SELECT * FROM file('{where}', Parquet, '{_quoted(structure)}')"))
    nullable = {k: v if k == "texts" else f"Nullable({v})" for k, v in CLICKHOUSE.items()}
    found += lake.views("formatDateTime(d.day, '%Y-%m')", nullable)
    return "SET join_use_nulls = 1, cast_keep_nullable = 1, use_hive_partitioning = 1;\n" + "".join(
        f"CREATE OR REPLACE VIEW {name} AS {select};\n" for name, select in found
    )


def polars_context(root: str | Path) -> Any:
    """Return a SQLContext of Polars with the views."""
    import polars as pl

    kinds: dict[str, Any] = dict(
        zip(
            KINDS,
            (
                pl.String,
                pl.List(pl.String),
                pl.Int32,
                pl.Int64,
                pl.Float64,
                pl.Boolean,
                pl.Datetime("us", "UTC"),
                pl.Date,
            ),
            strict=True,
        )
    )
    lake, context = Lake(root), pl.SQLContext()
    for name, table, part in lake.sources():
        hive = {"site": pl.String} | {"": {}, "month": {"month": pl.String}, "day": {"day": pl.Date}}[part]
        schema = {n: kinds[k] for n, k, *_ in lake.columns(table, part)}
        frame = pl.scan_parquet(
            lake.pattern(table, part),
            hive_partitioning=True,
            hive_schema=hive,
            schema=schema,
            missing_columns="insert",
            extra_columns="ignore",
        )
        context.register(name, frame)
    sources = {name for name, *_ in lake.sources()}
    for name, select in lake.views("substr(CAST(d.day AS VARCHAR), 1, 7)", dict.fromkeys(KINDS, "")):
        if "CAST(NULL" in select and name not in sources:
            first = {"site": pl.String} if name == MANIFEST else {"site": pl.String, "day": pl.Date}
            context.register(name, pl.LazyFrame(schema=first | {n: kinds[k] for n, k, *_ in lake.columns(name, "day")}))
        else:
            context.register(name, context.execute(select))
    return context


def datafusion_context(root: str | Path) -> Any:
    """Return a SessionContext of DataFusion with the views."""
    import datafusion
    import pyarrow as pa

    utc = pa.timestamp("us", tz="UTC")
    types = (pa.string(), pa.list_(pa.string()), pa.int32(), pa.int64(), pa.float64(), pa.bool_(), utc, pa.date32())
    kinds, names = dict(zip(KINDS, types, strict=True)), "VARCHAR VARCHAR INT BIGINT DOUBLE BOOLEAN TIMESTAMP DATE"
    lake, context = Lake(root), datafusion.SessionContext()
    for name, table, part in lake.sources():
        hive = [("site", pa.string())] + {"": [], "month": [("month", pa.string())], "day": [("day", pa.date32())]}[
            part
        ]
        schema = pa.schema([pa.field(n, kinds[k]) for n, k, *_ in lake.columns(table, part)])
        where = f"{lake.root.as_posix()}/{table}/"
        context.register_listing_table(name, where, hive, file_extension="/part-0.parquet", schema=schema)
    for name, select in lake.views("to_char(d.day, '%Y-%m')", dict(zip(KINDS, names.split(), strict=True))):
        context.sql(f"CREATE OR REPLACE VIEW {name} AS {select}")
    return context


def daft_tables(root: str | Path) -> dict[str, Any]:
    """Return the views as DataFrames of Daft: ``daft.sql(SQL, **tables)``."""
    import daft
    from daft import DataType as T

    types = (
        T.string(),
        T.list(T.string()),
        T.int32(),
        T.int64(),
        T.float64(),
        T.bool(),
        T.timestamp("us", "UTC"),
        T.date(),
    )
    kinds = dict(zip(KINDS, types, strict=True))
    lake, found = Lake(root), {}
    for name, table, part in lake.sources():
        hive = {"site": T.string()} | {"": {}, "month": {"month": T.string()}, "day": {"day": T.date()}}[part]
        schema = {n: kinds[k] for n, k, *_ in lake.columns(table, part)} | hive
        found[name] = daft.read_parquet(
            lake.pattern(table, part), hive_partitioning=True, infer_schema=False, schema=schema
        )
    for name, select in lake.views("strftime(d.day, '%Y-%m')", {k: DUCKDB[k] for k in KINDS}):
        if "CAST(NULL" in select:
            first = {"site": T.string()} if name == MANIFEST else {"site": T.string(), "day": T.date()}
            columns = first | {n: kinds[k] for n, k, *_ in lake.columns(name, "day")}
            found[name] = daft.from_pydict({n: daft.Series.from_pylist([]).cast(k) for n, k in columns.items()})
        else:
            found[name] = daft.sql(select, **found)
    return found


def spark_views(spark: Any, root: str | Path) -> None:
    """Make the views in a SparkSession; the folder must be seen from every worker under the same path."""
    spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
    lake = Lake(root)
    for name, table, part in lake.sources():
        columns = [(n, SPARK[k]) for n, k, *_ in lake.columns(table, part)]
        columns += [("site", "string"), *{"": [], "month": [("month", "string")], "day": [("day", "date")]}[part]]
        schema = ", ".join(f"{n} {k}" for n, k in columns)
        base = (lake.root / table).as_uri()
        where = base + lake.pattern(table, part)[len(f"{lake.root.as_posix()}/{table}") :]
        spark.read.schema(schema).option("basePath", base).parquet(where).createOrReplaceTempView(name)
    for name, select in lake.views("date_format(d.day, 'yyyy-MM')", SPARK):
        spark.sql(select).createOrReplaceTempView(name)


def _quoted(text: str) -> str:
    return text.replace("'", "''")


if __name__ == "__main__":
    print({"duckdb": duckdb_sql, "clickhouse": clickhouse_sql}[sys.argv[1]](sys.argv[2]), end="")
