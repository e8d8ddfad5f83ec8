"""Turn rows into the bytes of a Parquet file; equal rows give equal bytes with the same pyarrow.

pyarrow is an optional extra (``parquet`` in pyproject.toml) and is imported only here. It has no types.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from io import BytesIO
from typing import Any

from floorctl.common.derived_tables import Column
from floorctl.common.errors import FloorctlError
from floorctl.usecases.parquet_rows import Row
from floorctl.usecases.parquet_tables import VERSION, element_id, field_id, file_columns

_FIELD_ID = "PARQUET:field_id"


def table_bytes(table: str, rows: Sequence[Row], *, month: bool) -> bytes:
    """Return a table as Parquet. ``month``: each row begins with its day. Raise FloorctlError if pyarrow is missing."""
    return file_bytes(table, [batch(table, rows, month=month)])


def batch(table: str, rows: Sequence[Row], *, month: bool) -> Any:
    """Return rows as an Arrow table, which takes a tenth of their memory. Raise FloorctlError if pyarrow is missing."""
    engine = pyarrow()
    schema = _schema(engine, table, month=month)
    arrays = [engine.array([row[n] for row in rows], field.type) for n, field in enumerate(schema)]
    return engine.Table.from_arrays(arrays, schema=schema)


def file_bytes(table: str, batches: Sequence[Any]) -> bytes:
    """Return the rows of Arrow tables of one schema as one Parquet file."""
    engine = pyarrow()
    held = BytesIO()
    joined = engine.concat_tables(batches).combine_chunks()  # chunks would show in the bytes
    texts = [f.name for f in joined.schema if f.type == engine.string()]
    # A small file costs a reader mostly its header: no dictionaries of numbers, no second schema. Measured on 12,000
    # files: zstd reads as fast as no codec at a third of the bytes, snappy slower.
    with engine.parquet.ParquetWriter(
        held, joined.schema, version="2.6", compression="zstd", use_dictionary=texts, store_schema=False
    ) as writer:
        writer.write_table(joined)
        writer.add_key_value_metadata({"floorctl.table": table, "floorctl.schema": str(VERSION)})
    return held.getvalue()


def pyarrow() -> Any:
    """Import pyarrow and its Parquet writer. Raise FloorctlError if it is missing."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError:
        do = 'floorctl と同じ環境に pip install "pyarrow>=22,<27" で入れて、もう一度実行してください'
        raise FloorctlError("Parquet を書き出せません", "追加の部品 pyarrow が入っていません", do) from None


def _schema(engine: Any, table: str, *, month: bool) -> Any:
    fields = [
        engine.field(
            c.name,
            _type(engine, c, element_id(table, c.name)),
            nullable=c.optional,
            metadata={_FIELD_ID: str(field_id(table, c.name))},
        )
        for c in file_columns(table, month=month)
    ]
    return engine.schema(fields)


def _type(engine: Any, column: Column, element: int) -> Any:
    match column.kind:
        case "text":
            return engine.string()
        case "texts":
            return engine.list_(engine.field("element", engine.string(), metadata={_FIELD_ID: str(element)}))
        case "int":
            return engine.int32()
        case "long":
            return engine.int64()
        case "real":
            return engine.float64()
        case "bool":
            return engine.bool_()
        case "time":
            return engine.timestamp("us", tz="UTC")
        case "date":
            return engine.date32()
