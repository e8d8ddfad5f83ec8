"""Engines that answer the questions: each opens a lake by docs/head_office/views.py and runs SQL on it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "head_office"
Answer = list[tuple[Any, ...]]
Ask = Callable[[str], Answer]


def questions() -> dict[str, str]:
    """Return the SQL of the nine questions by their number, without its last semicolon."""
    return {p.name[:2]: p.read_text("utf-8").strip().removesuffix(";") for p in sorted(PAGE.glob("*.sql"))}


def page_views() -> ModuleType:
    """Import the page's views.py, which stands alone."""
    spec = importlib.util.spec_from_file_location("head_office_views", PAGE / "views.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@contextmanager
def duckdb(root: Path) -> Iterator[Ask]:
    import duckdb as engine

    with engine.connect() as held:
        held.execute("SET threads = 2")
        held.execute(page_views().duckdb_sql(root))
        yield lambda sql: held.execute(sql).fetchall()


@contextmanager
def polars(root: Path) -> Iterator[Ask]:
    held = page_views().polars_context(root)
    yield lambda sql: held.execute(sql, eager=True).rows()


@contextmanager
def datafusion(root: Path) -> Iterator[Ask]:
    held = page_views().datafusion_context(root)
    yield lambda sql: [tuple(r.values()) for batch in held.sql(sql).collect() for r in batch.to_pylist()]


@contextmanager
def chdb(root: Path) -> Iterator[Ask]:
    from chdb import session

    held = session.Session()
    for statement in page_views().clickhouse_sql(root).split(";\n"):
        if statement:
            held.query(statement)
    yield lambda sql: [tuple(r.values()) for r in held.query(sql, "ArrowTable").to_pylist()]
    held.close()


@contextmanager
def daft(root: Path) -> Iterator[Ask]:
    import daft as engine

    tables = page_views().daft_tables(root)
    yield lambda sql: [tuple(r.values()) for r in engine.sql(sql, **tables).to_pylist()]


@contextmanager
def spark(root: Path, master: str = "local[2]") -> Iterator[Ask]:
    from pyspark.sql import SparkSession

    config = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.memory": "3g",
        "spark.executor.memory": "2g",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master(master).appName("floorctl")
    for name, value in config.items():
        builder = builder.config(name, value)
    held = builder.getOrCreate()
    try:
        page_views().spark_views(held, root)
        yield lambda sql: [tuple(r) for r in held.sql(sql).collect()]
    finally:
        held.stop()


ENGINES: dict[str, Callable[[Path], Any]] = {
    "duckdb": duckdb,
    "polars": polars,
    "datafusion": datafusion,
    "chdb": chdb,
    "daft": daft,
    "spark": spark,
}


def plain(rows: Answer) -> Answer:
    """Return rows with the types of Python: whole numbers of any width as int, days as dates."""
    return [tuple(map(_plain, row)) for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | float) and value == int(value):
        return int(value)
    return value.date() if hasattr(value, "date") and not isinstance(value, date) else value
