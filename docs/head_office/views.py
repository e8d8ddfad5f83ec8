"""Tables of the lake for an engine: only what is complete, months and days together (docs/head_office.md).

    python views.py ask LAKE 01-waits-by-hour.sql   # DuckDB answers, tabs between the columns
    python views.py check LAKE                      # files that are not those of the manifest; exit status 1
    python views.py duckdb LAKE > views.sql         # also: clickhouse
    views.polars_context(LAKE).execute(SQL)         # and datafusion_context, daft_tables, spark_views

A month of a site counts while ``manifest`` has it; a day while its file of ``days`` is there and its month does not count.
Nothing is inferred: columns and types are those of ``LAKE/schema.json``, partitions are text but for ``day``. Only the standard
library is needed, and the engine. Run it again when the first month, or the first day, of a table has come.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SEAL, MANIFEST = "days", "manifest"
FILE = "part-0.parquet"
PATHS = {"": f"site=*/{FILE}", "month": f"site=*/month=*/{FILE}", "day": f"site=*/day=*/{FILE}"}
# The types of schema.json in each engine.
KINDS = ("string", "list<string>", "int32", "int64", "double", "boolean", "timestamp[us, UTC]", "date")
STRING, LIST, DATE = "string", "list<string>", "date"


def _kinds(*types: Any) -> dict[str, Any]:
    return dict(zip(KINDS, types, strict=True))


DUCKDB = _kinds("VARCHAR", "VARCHAR[]", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMPTZ", "DATE")
SPARK = _kinds("string", "array<string>", "int", "bigint", "double", "boolean", "timestamp", "date")
CLICKHOUSE = _kinds("String", "Array(String)", "Int32", "Int64", "Float64", "Bool", "DateTime64(6, 'UTC')", "Date32")
DATAFUSION = _kinds("VARCHAR", "VARCHAR", "INT", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP", "DATE")


class Lake:
    """A lake's folder with its schema. ``schema``: table: (column, kind, field id, nullable), the day first."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).absolute()
        if found := set("*?[]{}") & set(
            str(self.root)
        ):  # patterns would find nothing there, and engines answer with no row
            raise SystemExit(
                f"{self.root} は読めません（名前に {' '.join(sorted(found))} があります）。別の名前のフォルダーに写してください。"
            )
        if not (self.root / "schema.json").is_file():
            raise SystemExit(
                f"{self.root} に schema.json がありません。floorctl export --format parquet で書き出したフォルダーを指定してください。"
            )
        told = json.loads((self.root / "schema.json").read_text(encoding="utf-8"))
        self.schema = {
            t["name"]: [(c["name"], c["type"], c["id"], c["nullable"]) for c in t["columns"]] for t in told["tables"]
        }
        day = told["month_column"]
        for table, columns in self.schema.items():
            if table != MANIFEST:
                columns.insert(0, (day["name"], day["type"], day["id"], day["nullable"]))
        self.tables = [t for t in self.schema if t != MANIFEST]

    def has(self, table: str, part: str) -> bool:
        """Return whether a table has a month's file or a day's: engines refuse a pattern without any file."""
        return next((self.root / table).glob(PATHS[part]), None) is not None

    def parts(self, table: str) -> list[str]:
        """Return what a table is read from: files that nothing can seal are none."""
        return [
            part
            for part, seal in (("month", self.has(MANIFEST, "")), ("day", self.has(SEAL, "day")))
            if seal and self.has(table, part)
        ]

    def columns(self, table: str, part: str) -> list[tuple[str, str, int, bool]]:
        """Return the columns in a file: a month's alone has the day."""
        return [c for c in self.schema[table] if part == "month" or c[0] != "day"]

    def in_path(self, part: str) -> dict[str, str]:
        """Return the columns that are in the path."""
        return {"site": STRING} | {"": {}, "month": {"month": STRING}, "day": {"day": DATE}}[part]

    def types(self, view: str) -> dict[str, str]:
        """Return the columns of a view."""
        return {"site": STRING} | {c[0]: c[1] for c in self.schema[view]}

    def pattern(self, table: str, part: str) -> str:
        """Return the pattern of a table's files."""
        return f"{self.root.as_posix()}/{table}/{PATHS[part]}"

    def sources(self) -> list[tuple[str, str, str]]:
        """Return what is to be read as it is: (name, table, part)."""
        found = [(f"{t}_{part}", t, part) for t in self.tables for part in self.parts(t)]
        return [*found, (MANIFEST, MANIFEST, "")] if self.has(MANIFEST, "") else found

    def views(self, month_of_day: str, kinds: dict[str, str] | None = None, quote: str = '"') -> list[tuple[str, str]]:
        """Return (name, SELECT) of every view over the sources, in the order in which they are to be made.

        ``month_of_day``: the day ``d.day`` as YYYY-MM, in which engines differ. ``kinds``: the engine's types, for
        views without a file; without them their SELECT is "". ``quote``: around names of columns, of which some
        are words of SQL (``at``).
        """
        found = [] if self.has(MANIFEST, "") else [(MANIFEST, self.nothing(MANIFEST, kinds, quote))]
        found.append((f"{MANIFEST}_months", f"SELECT DISTINCT site, month FROM {MANIFEST}"))
        if self.has(SEAL, "day"):
            found.append((f"{SEAL}_seals", f"SELECT site, day FROM {SEAL}_day"))
        return found + [(t, self._view(t, month_of_day, quote) or self.nothing(t, kinds, quote)) for t in self.tables]

    def _view(self, table: str, month_of_day: str, quote: str) -> str:
        """Return the SELECT of a table over its sources and their seals: standard SQL."""
        names = [f"{quote}{n}{quote}" for n in self.types(table)]
        own = {part: ", ".join(f"{part[0]}.{n} AS {n}" for n in names) for part in ("month", "day")}
        found = {
            "month": f"SELECT {own['month']} FROM {table}_month AS m"
            f" JOIN {MANIFEST} AS s ON s.site = m.site AND s.month = m.month WHERE s.name = '{table}'",
            "day": f"SELECT {own['day']} FROM {table}_day AS d"
            + ("" if table == SEAL else f" JOIN {SEAL}_seals AS t ON t.site = d.site AND t.day = d.day")
            + f" LEFT JOIN {MANIFEST}_months AS s ON s.site = d.site AND s.month = {month_of_day} WHERE s.site IS NULL",
        }
        return " UNION ALL ".join(found[part] for part in self.parts(table))

    def nothing(self, table: str, kinds: dict[str, str] | None, quote: str = '"') -> str:
        """Return a SELECT of no row with a table's columns and types."""
        named = (
            [f"CAST(NULL AS {kinds[k]}) AS {quote}{n}{quote}" for n, k in self.types(table).items()] if kinds else []
        )
        return f"SELECT {', '.join(named)} WHERE 1 = 0" if named else ""


def duckdb_sql(root: str | Path, question: str = "") -> str:
    """Return the views for DuckDB, which reads columns by their field id; of all tables, or those that a question names.

    What counts is looked up once, as lists of files in variables: a year of 1,000 sites is read in half the time of a
    join. So each session runs this text, and runs it again to see what has come since.
    """
    lake = Lake(root)
    folder = _quoted(lake.root.as_posix())
    manifest = _duckdb_scan(lake, MANIFEST, "", _text(lake.pattern(MANIFEST, "")))
    found = [
        f"CREATE OR REPLACE VIEW {MANIFEST} AS {manifest if lake.has(MANIFEST, '') else lake.nothing(MANIFEST, DUCKDB)}",
        f"CREATE OR REPLACE TEMP TABLE whole_months AS SELECT DISTINCT site, month, name FROM {MANIFEST}",
        f"CREATE OR REPLACE TEMP TABLE whole_days AS SELECT DISTINCT {_SITE} AS site, {_DAY} AS day"
        f" FROM glob({_text(lake.pattern(SEAL, 'day'))})"
        f" WHERE ({_SITE}, {_DAY}[:7]) NOT IN (SELECT (site, month) FROM whole_months)",
    ]
    for table in [t for t in lake.tables if not question or re.search(rf"\b{t}\b", question, re.IGNORECASE)]:
        found += [
            f"SET VARIABLE {table}_month = (SELECT list('{folder}/{table}/site=' || site || '/month=' || month || '/{FILE}'"
            f" ORDER BY site, month) FROM whole_months WHERE name = '{table}')",
            f"SET VARIABLE {table}_day = (SELECT list(file ORDER BY file) FROM glob({_text(lake.pattern(table, 'day'))})"
            f" WHERE ({_SITE}, {_DAY}) IN (SELECT (site, day) FROM whole_days))",
        ]
        scans = []
        for part in ("month", "day"):
            names = ", ".join(f'"{n}"' for n in lake.types(table))
            scan = _duckdb_scan(lake, table, part, f"getvariable('{table}_{part}')", names)
            scans.append(f"CASE WHEN len(getvariable('{table}_{part}')) > 0 THEN {_text(scan)} END")
        found += [
            f"SET VARIABLE {table}_sql = coalesce(nullif(concat_ws(' UNION ALL ', {', '.join(scans)}), ''),"
            f" {_text(lake.nothing(table, DUCKDB))})",
            f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM query(getvariable('{table}_sql'))",
        ]
    return "".join(f"{statement};\n" for statement in found)


# Site and day in the path of a day's file, with the separators of any system.
_SITE = r"regexp_extract(file, '[/\\]site=([^/\\]+)[/\\]day=', 1)"
_DAY = r"regexp_extract(file, '[/\\]day=([0-9-]{10})[/\\]', 1)"


def _duckdb_scan(lake: Lake, table: str, part: str, files: str, names: str = "*") -> str:
    columns = lake.columns(table, part)
    fields = ", ".join(f"{i}: {{name: '{n}', type: '{DUCKDB[k]}', default_value: NULL}}" for n, k, i, _ in columns)
    types = ", ".join(f"'{n}': {DUCKDB[k]}" for n, k in lake.in_path(part).items())
    how = f"hive_partitioning = true, hive_types = {{{types}}}, schema = MAP {{{fields}}}"
    return f"SELECT {names} FROM read_parquet({files}, {how})"


def _text(value: str) -> str:
    return f"'{_quoted(value)}'"


def clickhouse_sql(root: str | Path) -> str:
    """Return the views for ClickHouse (clickhouse-local, chdb), with the settings by which it follows the SQL standard."""
    lake, found = Lake(root), []
    nullable = {k: v if k == LIST else f"Nullable({v})" for k, v in CLICKHOUSE.items()}
    for name, table, part in lake.sources():
        columns = [(n, nullable[k] if null else CLICKHOUSE[k]) for n, k, _, null in lake.columns(table, part)]
        columns += [(n, CLICKHOUSE[k]) for n, k in lake.in_path(part).items()]
        structure = _quoted(", ".join(f"`{n}` {k}" for n, k in columns))
        found.append((name, f"SELECT * FROM file('{_quoted(lake.pattern(table, part))}', Parquet, '{structure}')"))
    found += lake.views("formatDateTime(d.day, '%Y-%m')", nullable)
    return "SET join_use_nulls = 1, cast_keep_nullable = 1, use_hive_partitioning = 1;\n" + "".join(
        f"CREATE OR REPLACE VIEW {name} AS {select};\n" for name, select in found
    )


def polars_context(root: str | Path) -> Any:
    """Return a SQLContext of Polars with the views."""
    import polars as pl

    utc = pl.Datetime("us", "UTC")
    kinds = _kinds(pl.String, pl.List(pl.String), pl.Int32, pl.Int64, pl.Float64, pl.Boolean, utc, pl.Date)
    lake, context = Lake(root), pl.SQLContext()
    for name, table, part in lake.sources():
        frame = pl.scan_parquet(
            lake.pattern(table, part),
            hive_partitioning=True,
            hive_schema={n: kinds[k] for n, k in lake.in_path(part).items()},
            schema={n: kinds[k] for n, k, *_ in lake.columns(table, part)},
            missing_columns="insert",
            extra_columns="ignore",
        )
        context.register(name, frame)
    for name, select in lake.views("substr(CAST(d.day AS VARCHAR), 1, 7)"):
        nothing = {n: kinds[k] for n, k in lake.types(name).items()} if not select else {}
        context.register(name, context.execute(select) if select else pl.LazyFrame(schema=nothing))
    return context


def datafusion_context(root: str | Path) -> Any:
    """Return a SessionContext of DataFusion with the views."""
    import datafusion
    import pyarrow as pa

    utc, texts = pa.timestamp("us", tz="UTC"), pa.list_(pa.string())
    kinds = _kinds(pa.string(), texts, pa.int32(), pa.int64(), pa.float64(), pa.bool_(), utc, pa.date32())
    lake, context = Lake(root), datafusion.SessionContext()
    for name, table, part in lake.sources():
        context.register_listing_table(
            name,
            f"{lake.root.as_posix()}/{table}/",
            [(n, kinds[k]) for n, k in lake.in_path(part).items()],
            file_extension=f"/{FILE}",
            schema=pa.schema([pa.field(n, kinds[k]) for n, k, *_ in lake.columns(table, part)]),
        )
    for name, select in lake.views("to_char(d.day, '%Y-%m')", DATAFUSION):
        context.sql(f"CREATE OR REPLACE VIEW {name} AS {select}")
    return context


def daft_tables(root: str | Path) -> dict[str, Any]:
    """Return the views as DataFrames of Daft: ``daft.sql(SQL, **tables)``."""
    import daft
    from daft import DataType as T

    utc = T.timestamp("us", "UTC")
    kinds = _kinds(T.string(), T.list(T.string()), T.int32(), T.int64(), T.float64(), T.bool(), utc, T.date())
    lake, found = Lake(root), {}
    for name, table, part in lake.sources():
        schema = {n: kinds[k] for n, k, *_ in lake.columns(table, part)}
        schema |= {n: kinds[k] for n, k in lake.in_path(part).items()}
        where = lake.pattern(table, part)
        found[name] = daft.read_parquet(where, hive_partitioning=True, infer_schema=False, schema=schema)
    for name, select in lake.views("strftime(d.day, '%Y-%m')"):
        nothing = (
            {n: daft.Series.from_pylist([]).cast(kinds[k]) for n, k in lake.types(name).items()} if not select else {}
        )
        found[name] = daft.sql(select, **found) if select else daft.from_pydict(nothing)
    return found


def spark_views(spark: Any, root: str | Path) -> None:
    """Make the views in a SparkSession; every worker must see the folder under the same path."""
    lake = Lake(root)
    # Thousands of small folders are listed by the driver: as many tasks of the cluster would take minutes a table.
    spark.conf.set("spark.sql.sources.parallelPartitionDiscovery.threshold", "1000000")
    for name, table, part in lake.sources():
        columns = {n: k for n, k, *_ in lake.columns(table, part)} | lake.in_path(part)
        schema = ", ".join(f"`{n}` {SPARK[k]}" for n, k in columns.items())
        base = (lake.root / table).as_uri()
        reader = spark.read.schema(schema).option("basePath", base)
        reader.parquet(f"{base}/{PATHS[part]}").createOrReplaceTempView(name)
    for name, select in lake.views("date_format(d.day, 'yyyy-MM')", SPARK, "`"):
        spark.sql(select).createOrReplaceTempView(name)


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def answer(root: str | Path, sql: str) -> str:
    """Return the answer of DuckDB to a question as a table of text.

    With bounded memory: what DuckDB holds beyond its limit goes to the disk meanwhile.
    """
    import duckdb

    with TemporaryDirectory(ignore_cleanup_errors=True) as beside, duckdb.connect() as held:
        held.execute(f"SET temp_directory = {_text(beside)}; SET memory_limit = '300MB'")
        held.execute("SET preserve_insertion_order = false")
        held.execute(f"SET threads = {min(4, os.cpu_count() or 1)}")  # each needs its share of the memory
        held.execute(duckdb_sql(root, sql))
        found = held.execute(sql)
        rows = [[c[0] for c in found.description], *found.fetchall()]
    return "".join("\t".join("" if v is None else str(v) for v in row) + "\n" for row in rows)


def unlike(root: str | Path) -> list[Path]:
    """Return the months' files that are missing or are not those of the manifest, as after half a copy."""
    import duckdb

    with duckdb.connect() as held:
        held.execute(duckdb_sql(root, MANIFEST))
        told = held.execute(f"SELECT name, site, month, sha256 FROM {MANIFEST} ORDER BY ALL").fetchall()
    found = {Path(root, name, f"site={site}", f"month={month}", FILE): digest for name, site, month, digest in told}
    return [p for p, digest in found.items() if not p.is_file() or hashlib.sha256(p.read_bytes()).hexdigest() != digest]


class Unlike(Exception):
    """Files of a lake that are not those of its manifest, one a line."""


def command(usage: str, ways: dict[str, range], does: Callable[..., str]) -> int:
    """Run a script's command line: a way, the lake, and as many more words as ``ways`` says. What is wrong is one sentence."""
    way, *more = sys.argv[1:] or [""]
    if way not in ways or len(more) - 1 not in ways[way]:
        wrong, status = f"使い方: python {usage}", 2
    elif not (Path(more[0]) / "schema.json").is_file():
        wrong, status = (
            f"{more[0]} に schema.json がありません。floorctl export --format parquet の --out を書いてください。",
            1,
        )
    else:
        try:
            sys.stdout.write(does(way, *more))
            return 0
        except ModuleNotFoundError as e:
            wrong, status = f"{e.name} が入っていません。pip install で入れてください（docs/head_office.md）。", 1
        except Unlike as e:
            wrong, status = str(e), 1
        except OSError as e:
            wrong, status = f"{e.filename or more[-1]} を読み書きできません（{e.strerror}）。", 1
    sys.stderr.write(f"{wrong}\n")
    return status


def _does(way: str, lake: str, *questions: str) -> str:
    if way == "ask":
        texts = [Path(q).read_text(encoding="utf-8") for q in questions]
        return "".join(answer(lake, text) for text in texts)
    if way == "check":
        if wrong := unlike(lake):
            raise Unlike("\n".join(map(str, wrong)))
        return "ok\n"
    return {"duckdb": duckdb_sql, "clickhouse": clickhouse_sql}[way](lake)


def main() -> int:
    """Answer questions, check a copy, or print an engine's views."""
    usage = "views.py ask LAKE QUESTION.sql …、または views.py check|duckdb|clickhouse LAKE"
    none = range(1)
    return command(usage, {"ask": range(1, 100), "check": none, "duckdb": none, "clickhouse": none}, _does)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
