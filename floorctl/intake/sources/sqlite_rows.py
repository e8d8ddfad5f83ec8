"""Read rows of a table of SQLite that a machine keeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from floorctl.database.foreign_table import ForeignTable, table_columns, table_rows
from floorctl.intake.sources.json_rows import NotYet
from floorctl.intake.sources.table import MOST_ROWS, DoesNotFit, Place, Row, Table, cannot_read, need_not_personal
from floorctl.intake.written_text import in_a_row
from floorctl.models.site.source import Source


def sqlite_table(source: Source, path: Path, places: Sequence[Place]) -> Table:
    """Return the table of a file, read whole and closed. Raise DoesNotFit, or NotYet where another program writes it."""
    name = cannot_read(source)
    try:
        known = table_columns(path, source.table)
        wanted, missing = [], []
        for place in places:
            found = _column(known, place)
            wanted.append(found or "")
            if found is None:
                missing.append(f"「{place}」")
        if missing:
            raise DoesNotFit(
                name, f"表に{in_a_row(missing)}の列がありません", "表と入力元の説明（columns など）を合わせてください"
            )
        need_not_personal(source, {_column(known, p) for p in source.personal} & {*wanted})
        rows = table_rows(path, source.table, wanted, most=MOST_ROWS)
    except ForeignTable as e:
        raise (NotYet if e.busy else DoesNotFit)(name, e.why, e.do) from None
    return Table((Row(n, row) for n, row in enumerate(rows, 1)), lambda cells: cells, tuple(known))


def _column(known: Sequence[str], place: Place) -> str | None:
    """Return the name of a column as the table has it: SQLite does not tell upper and lower case apart."""
    for name in known:
        if name == place:
            return name
    if str(place).isdigit():
        return known[int(place) - 1] if 0 < int(place) <= len(known) else None
    return next((name for name in known if name.casefold() == str(place).casefold()), None)
