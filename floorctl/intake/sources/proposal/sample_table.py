"""Take a sample of the table of an SQLite file in which visits or events seem to be."""

from __future__ import annotations

from pathlib import Path

from floorctl.common.errors import FloorctlError
from floorctl.database.foreign_table import ForeignTable, first_rows, table_columns, table_names
from floorctl.intake.sources.columns import plain
from floorctl.intake.sources.proposal.cell_shapes import moment, plain_cell
from floorctl.intake.sources.proposal.sample import MOST_ROWS, Sample, SampleColumn

_MOST_TABLES = 30
_LOOKED_AT = 200  # rows of each table, to choose one


def sample_table(path: Path) -> Sample:
    """Return the sample of the table with most columns of times, then most rows. Raise FloorctlError, OSError."""
    try:
        tables = [(name, first_rows(path, name, _LOOKED_AT)) for name in table_names(path)[:_MOST_TABLES]]
        tables = [(name, rows) for name, rows in tables if rows]
        if not tables:
            raise FloorctlError(
                f"{path.name} に行のある表がありません", "", "機器の説明書で、記録の表を確かめてください"
            )
        name, _ = max(tables, key=lambda x: (min(3, _times(x[1])), len(x[1])))
        headings, rows = table_columns(path, name), first_rows(path, name, MOST_ROWS + 1)
    except ForeignTable as error:
        raise FloorctlError(f"{path.name} を読めません", error.why, error.do) from None
    seen = rows[:MOST_ROWS]
    columns = [
        SampleColumn(heading, heading, tuple(plain_cell(plain(row[n])) for row in seen))
        for n, heading in enumerate(headings)
    ]
    whole = len(rows) <= MOST_ROWS
    return Sample(form="sqlite", table=name, columns=tuple(columns), number=len(seen), whole=whole)


def _times(rows: list[tuple[object, ...]]) -> int:
    """Return in how many columns most cells are a day with a time."""
    found = 0
    for cells in zip(*rows, strict=True):
        texts = [text for cell in cells if (text := plain_cell(plain(cell)))]
        both = sum(None not in moment(text) for text in texts)
        found += both * 2 > len(texts)
    return found
