"""Write the tables of a day as CSV for Excel: UTF-8 with BOM, CRLF, a header line, ISO times (contract 5).

Text is never a formula (``spreadsheet_text.guarded``). Booleans are ``true`` and ``false``, None is empty, several
codes in a cell are separated by a space.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from floorctl.common.clock import iso
from floorctl.common.errors import FloorctlError
from floorctl.common.spreadsheet_text import guarded
from floorctl.documents.day.derived_rows import ROWS, Value, columns
from floorctl.documents.day.record import DayRecord
from floorctl.models.register.incident import Incident

UTF8 = "utf-8-sig"
Values = Iterable[Value]
_OF_TICKET = [*columns("tickets")[: columns("tickets").index("state") + 1], "nth", "recalls", "carried_from"]

_OF_INCIDENT = ("measures", "prevention", "handed_over_at", "handed_over_to", "notes")


def _more(i: Incident) -> Values:
    """Return what is told of an incident beside its derived row; each note follows its instant."""
    notes = "　".join(f"{iso(at)} {text}" for at, text in i.notes)
    return (i.measures, i.prevention, i.handed_over_at, i.handed_over_to, notes)


# Columns and rows by table: those of the derived tables, of tickets without the computed columns, or its own.
TABLES: dict[str, tuple[Sequence[str], Callable[[DayRecord], Iterable[Values]]]] = {
    "tickets": (_OF_TICKET, lambda r: ([getattr(t, name) for name in _OF_TICKET] for t in r.tickets)),
    "moves": (
        ("at", "terminal", "from", "to", "reason"),
        lambda r: ((m.at, m.terminal, m.origin, m.to, m.reason) for m in r.moves),
    ),
    "lends": (
        ("at", "terminal", "home", "to", "went", "back", "reason"),
        lambda r: ((x.at, x.terminal, x.home, x.to, x.went, x.back, x.reason) for x in r.lends),
    ),
    "escalations": (columns("escalations"), ROWS["escalations"]),
    "incidents": (
        [*columns("incidents"), *_OF_INCIDENT],
        lambda r: ((*row, *_more(i)) for row, i in zip(ROWS["incidents"](r), r.incidents, strict=True)),
    ),
    "staff": (
        ("staff", "status", "at", "reason", "until"),
        lambda r: ((s.staff, s.status, s.at, s.reason, s.until) for s in r.staff),
    ),
    "inquiries": (columns("inquiries"), ROWS["inquiries"]),
}


def tables_csv(record: DayRecord, encoding: str = UTF8) -> dict[str, bytes]:
    """Return the bytes of every table of the day by file name (``tickets.csv``, …). Raise as ``csv_bytes``."""
    return {
        f"{name}.csv": csv_bytes(header, rows(record), encoding, f"{name}.csv")
        for name, (header, rows) in TABLES.items()
    }


def csv_bytes(header: Iterable[str], rows: Iterable[Values], encoding: str = UTF8, name: str = "CSV") -> bytes:
    """Return one table with lines ended by CRLF: UTF-8 with BOM, or cp932 for older Japanese programs.

    Raise FloorctlError naming line and column if cp932 lacks a character (𠮷, —); nothing is replaced.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(header)
    writer.writerow(names)
    for n, row in enumerate(rows, 2):
        cells = [_cell(value) for value in row]
        if encoding != UTF8:
            _need_encodable(cells, names, encoding, f"{name} の {n}行目")
        writer.writerow(cells)
    return out.getvalue().encode(encoding)


def _need_encodable(cells: list[str | int], names: list[str], encoding: str, where: str) -> None:
    """Raise FloorctlError if the encoding lacks a character of a row."""
    for column, cell in zip(names, cells, strict=True):
        try:
            str(cell).encode(encoding)
        except UnicodeEncodeError:
            what, why = f"CSV を {encoding} で書けません", f"{where} の {column} に {encoding} にない文字があります"
            raise FloorctlError(what, why, "--encoding utf-8 で書き出してください") from None


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return value
    if isinstance(value, tuple):
        value = " ".join(value)
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else guarded(value)
