"""Appends to the file inside a write transaction: facts with the hash that chains them, and what stands beside them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from floorctl.clock import business_day
from floorctl.models.events import Entry, Head
from floorctl.models.fields import Fact


def seal(previous: str, *row: str | int) -> str:
    """The hash of a fact: SHA-256 over the previous hash and the row's columns, one a line."""
    return hashlib.sha256("\n".join([previous, *map(str, row)]).encode()).hexdigest()


def payload(fact: Fact) -> str:
    """A fact's own fields as JSON: what stands in the column ``data``."""
    return fact.model_dump_json(exclude={"id", "at", "kind"})


class Writer:
    """The pen of one write transaction."""

    def __init__(self, conn: sqlite3.Connection, head: Head) -> None:
        """``head``: the last fact of the file, as it is inside the transaction."""
        self._conn, self._execute = conn, conn.execute
        self.head = head

    def known(self, source: str, fact_id: str) -> tuple[str, str, str] | None:
        """(at, kind, data) of the fact that already stands under this source and id."""
        found: tuple[str, str, str] | None = self._execute(
            "SELECT at, kind, data FROM event WHERE source = ? AND id = ?", (source, fact_id)
        ).fetchone()
        return found

    def name(self, staff: str, surname: str) -> None:
        """Keeps a surname beside the facts; an empty one is removed."""
        self._execute("DELETE FROM surname WHERE staff = ?", (staff,))
        if surname:
            self._execute("INSERT INTO surname VALUES (?, ?)", (staff, surname))

    def note_origin(self, site: str, name: str) -> None:
        """Notes which site the file is written for; a note that stands is kept."""
        self._execute("INSERT OR IGNORE INTO origin VALUES (1, ?, ?)", (site, name))

    def copy(self, row: Sequence[Any]) -> bool:
        """Appends a row of another file's chain with its hash, if it goes on from the last one here; False if not."""
        *columns, sealed = row
        if columns[0] != self.head.seq + 1 or seal(self.head.hash, *columns) != sealed:
            return False
        self._execute("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?)", tuple(row))
        self.head = Head(columns[0], sealed)
        return True

    def replace_rows(self, day: str, columns: Mapping[str, Sequence[str]], rows: Mapping[str, list[Any]]) -> None:
        """The derived rows of a day, in place of those that stand."""
        for table, names in columns.items():
            self._execute(f"DELETE FROM main.{table} WHERE day = ?", (day,))
            marks = ", ".join("?" * len(names))
            self._conn.executemany(f"INSERT INTO main.{table} ({', '.join(names)}) VALUES ({marks})", rows[table])

    def append(self, fact: Fact, source: str, actor: str, recorded_at: datetime) -> Entry:
        """Appends one fact; it is in the file once the transaction has committed."""
        seq = self.head.seq + 1
        kind: str = fact.kind  # type: ignore[attr-defined]
        row = (
            seq,
            fact.id,
            source,
            fact.at.isoformat(),
            business_day(fact.at).isoformat(),
            recorded_at.isoformat(),
            actor,
            kind,
            payload(fact),
        )
        sealed = seal(self.head.hash, *row)
        self._execute("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?)", (*row, sealed))
        self.head = Head(seq, sealed)
        return Entry(seq, source, recorded_at, actor, fact)
