"""The rows of a lake that count, read file by file with pyarrow: the plain recount takes these."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

FILE = "part-0.parquet"


def counting(root: Path, table: str) -> Iterator[tuple[Path, str, date | None]]:
    """Yield the files of a table that count: (file, site, its day; None of a month's)."""
    whole = {(site, r["month"]): r for site, r in _manifest(root) if r["name"] == table}
    months = {(site, r["month"]) for site, r in _manifest(root)}
    for site, month in sorted(whole):
        yield root / table / f"site={site}" / f"month={month}" / FILE, site, None
    for seal in sorted((root / "days").glob(f"site=*/day=*/{FILE}")):
        site, day = seal.parts[-3].removeprefix("site="), seal.parts[-2].removeprefix("day=")
        path = root / table / seal.parts[-3] / seal.parts[-2] / FILE
        if (site, day[:7]) not in months and path.exists():
            yield path, site, date.fromisoformat(day)


def _manifest(root: Path) -> list[tuple[str, dict[str, Any]]]:
    files = sorted((root / "manifest").glob(f"site=*/{FILE}"))
    return [(p.parts[-2].removeprefix("site="), r) for p in files for r in pq.ParquetFile(p).read().to_pylist()]


def bytes_of(root: Path, sql: str) -> int:
    """Return the size of the files that count of the tables that a question names."""
    names = {t["name"] for t in json.loads((root / "schema.json").read_text("utf-8"))["tables"]}
    asked = set(re.findall(r"(?:FROM|JOIN) (\w+)", sql)) & names
    return sum(path.stat().st_size for table in asked for path, *_ in counting(root, table))


def rows_that_count(root: Path, tables: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of tables as dicts with ``site`` and ``day``; a column that a file lacks is None."""
    schema = json.loads((root / "schema.json").read_text("utf-8"))
    columns = {t["name"]: [c["name"] for c in t["columns"]] for t in schema["tables"]}
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        held = found[table] = []
        lacking = dict.fromkeys(columns[table])
        for path, site, day in counting(root, table):
            of_day = {"day": day} if day else {}
            held += [{**lacking, **r, **of_day, "site": site} for r in pq.ParquetFile(path).read().to_pylist()]
    return found
