"""The schema file at the root of a head office's lake (``schema.json``), so that no reader has to infer a type.

The same version of floorctl writes the same bytes at every site.
"""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from floorctl.common.derived_tables import Column
from floorctl.common.output_file import failed, need_place, rewrite_file
from floorctl.common.output_kinds import is_ours, sealed_schema
from floorctl.intake.site_file import data_dir
from floorctl.usecases.parquet_tables import DAY, EVERY, MANIFEST, VERSION, element_id, field_id

FILE = "schema.json"
MEANINGS = "lake_columns.toml"
_TYPES = {
    "text": "string", "texts": "list<string>", "int": "int32", "long": "int64", "real": "double", "bool": "boolean",
    "time": "timestamp[us, UTC]", "date": "date",
}  # fmt: skip
# Units as in UCUM: seconds, hours, days, bytes; 1 is a number of what the meaning names.
_UNITS = {"hour": "h", "days": "d", "days_late": "d", "open_days": "d", "bytes": "By", "minutes": "min"}


def need_schema_place(out: Path) -> None:
    """Raise FloorctlError if the lake ``out`` has somebody else's file in the place of its schema."""
    path = out / FILE
    try:
        need_place(path, sealed_schema(_schema()))
    except OSError as error:
        raise failed(path, error) from error


def write_schema(out: Path) -> Path:
    """Write the schema of the lake ``out``, unless a newer floorctl has written its own; return its path.

    Raise FloorctlError.
    """
    path, parts = out / FILE, _schema()
    data = sealed_schema(parts)
    if not _is_there(path, data, parts):
        rewrite_file(path, data)
    return path


def _is_there(path: Path, data: bytes, parts: dict[str, Any]) -> bool:
    """Return whether the schema there is this one, or one of ours of a later version or with more columns."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        there = path.read_bytes()
        return there == data or (is_ours(path, data, None) and _age(json.loads(there)) > _age(parts))
    return False


def _age(parts: dict[str, Any]) -> tuple[int, int]:
    return int(parts["floorctl_lake"]), sum(len(table["columns"]) for table in parts["tables"])


def _schema() -> dict[str, Any]:
    meanings = tomllib.loads((data_dir() / MEANINGS).read_text(encoding="utf-8"))
    return {
        "floorctl_lake": VERSION,
        "paths": {
            "day": "{table}/site={site}/day={day}/part-0.parquet",
            "month": "{table}/site={site}/month={month}/part-0.parquet",
            "manifest": f"{MANIFEST}/site={{site}}/part-0.parquet",
        },
        "partition_columns": [
            {"name": "site", "type": "string", "ja": "会場設定の code", "en": "code of the site file"},
            {"name": "day", "type": "date", "ja": "営業日。月のファイルでは最初の列", "en": "business day; in a month's file its first column"},
            {"name": "month", "type": "string", "ja": "月（YYYY-MM）", "en": "month, YYYY-MM"},
        ],
        "month_column": _column("days", DAY, ["営業日", "business day"]),
        "tables": [_table(table, meanings[table]) for table in EVERY],
    }  # fmt: skip


def _table(table: str, meanings: dict[str, list[str]]) -> dict[str, Any]:
    ja, en = meanings["_row"]
    return {
        "name": table,
        "row_ja": ja,
        "row_en": en,
        "columns": [_column(table, c, meanings[c.name]) for c in EVERY[table]],
    }


def _column(table: str, column: Column, meaning: list[str]) -> dict[str, Any]:
    number = column.kind in ("int", "long", "real")
    unit = "s" if column.name.endswith("_s") else _UNITS.get(column.name, "1")
    told: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "id": field_id(table, column.name),
        "nullable": column.optional,
        "unit": unit if number else None,
    }
    if column.kind == "texts":
        told["element_id"] = element_id(table, column.name)
    return told | {"ja": meaning[0], "en": meaning[1]}
