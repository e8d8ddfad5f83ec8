"""Writes the tables of a day as CSV for Excel: UTF-8 with BOM, CRLF, a header line, ISO times (contract 5).

Text is never a formula (``spreadsheet_text.guarded``). Booleans are ``true`` and ``false``, None is empty, several
codes in a cell are separated by a space.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from floorctl.common.clock import iso
from floorctl.common.derived_tables import DERIVED
from floorctl.common.errors import FloorctlError
from floorctl.common.spreadsheet_text import guarded
from floorctl.documents.day.record import DayRecord

UTF8 = "utf-8-sig"
Value = str | int | bool | datetime | None
Row = Iterable[Value]


_OF_A_TICKET = attrgetter(
    *("ticket", "service", "lane", "cards", "appointment", "assist"),
    *("issued_at", "called_at", "terminal", "finished_at", "outcome", "state"),
)


def _tickets(record: DayRecord) -> Iterable[Row]:
    return map(_OF_A_TICKET, record.tickets)


def _moves(record: DayRecord) -> Iterable[Row]:
    return ((m.at, m.terminal, m.origin, m.to, m.reason) for m in record.moves)


def _escalations(record: DayRecord) -> Iterable[Row]:
    for e in record.escalations:
        yield (e.code, e.matter, e.terminal, e.ticket, e.raised_at, e.taken_at, e.settled_at, e.outcome, e.official)


def _incidents(record: DayRecord) -> Iterable[Row]:
    for i in record.incidents:
        codes = (" ".join(i.services), " ".join(i.terminals))
        yield (i.code, i.category, i.summary, i.occurred_at, i.found_at, i.reported_at, i.state, *codes)


def _staff(record: DayRecord) -> Iterable[Row]:
    return ((s.staff, s.status, s.at, s.reason, s.until) for s in record.staff)


def _inquiries(record: DayRecord) -> Iterable[Row]:
    return record.inquiries.items()


def _columns(table: str, last: str = "") -> tuple[str, ...]:
    """Return the columns of a derived table after the day, up to ``last``."""
    names = tuple(c.name for c in DERIVED[table].columns[1:])
    return names[: names.index(last) + 1] if last else names


TABLES: dict[str, tuple[Sequence[str], Callable[[DayRecord], Iterable[Row]]]] = {
    # Columns as in the derived tables, without the day and the computed columns of a ticket.
    "tickets": (_columns("tickets", "state"), _tickets),
    "moves": (("at", "terminal", "from", "to", "reason"), _moves),
    "escalations": (_columns("escalations"), _escalations),
    "incidents": (_columns("incidents"), _incidents),
    "staff": (("staff", "status", "at", "reason", "until"), _staff),
    "inquiries": (_columns("inquiries"), _inquiries),
}


def tables_csv(record: DayRecord, encoding: str = UTF8) -> dict[str, bytes]:
    """Return the bytes of every table of the day by file name (``tickets.csv``, …). Raise as ``csv_bytes``."""
    return {
        f"{name}.csv": csv_bytes(header, rows(record), encoding, f"{name}.csv")
        for name, (header, rows) in TABLES.items()
    }


def csv_bytes(header: Iterable[str], rows: Iterable[Row], encoding: str = UTF8, name: str = "CSV") -> bytes:
    """Return one table with lines ended by CRLF: UTF-8 with BOM, or cp932 for older Japanese programs.

    Raises FloorctlError naming line and column if cp932 lacks a character (𠮷, —); nothing is replaced.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    columns = list(header)
    writer.writerow(columns)
    for n, row in enumerate(rows, 2):
        cells = [_cell(value) for value in row]
        if encoding != UTF8:
            _need_encodable(cells, columns, encoding, f"{name} の {n}行目")
        writer.writerow(cells)
    return out.getvalue().encode(encoding)


def _need_encodable(cells: list[str | int], columns: list[str], encoding: str, where: str) -> None:
    """Raise FloorctlError if the encoding lacks a character of a row."""
    for column, cell in zip(columns, cells, strict=True):
        try:
            str(cell).encode(encoding)
        except UnicodeEncodeError:
            raise FloorctlError(
                f"CSV を {encoding} で書けません",
                f"{where} の {column} に {encoding} にない文字があります",
                "--encoding utf-8 で書き出してください",
            ) from None


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return value
    return iso(value) if isinstance(value, datetime) else guarded(value)
