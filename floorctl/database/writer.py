"""Append within a write transaction: chained facts, surnames, the file's site, derived rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from floorctl.common.clock import business_day
from floorctl.common.errors import StoreError
from floorctl.database.hash_chain import seal
from floorctl.database.schema import SEALED_COLUMNS
from floorctl.models.facts.entry import Entry, Head
from floorctl.models.facts.fact import Fact

_PROVED_AT_ONCE = 1000


def _need(rows: int, done: sqlite3.Cursor) -> None:
    """Raise StoreError unless a statement affected exactly ``rows`` rows."""
    if done.rowcount != rows:
        raise _not_written()


def _not_written() -> StoreError:
    return StoreError(
        "記録できません",
        "書いたはずの行がファイルにありません",
        "何も記録していません。floorctl doctor で調べてください",
    )


class Writer:
    """Writer of one transaction. Everything appended is read back by ``prove``."""

    def __init__(self, conn: sqlite3.Connection, head: Head) -> None:
        """Start after ``head``, the last fact of the file within the transaction."""
        self._conn, self._execute = conn, conn.execute
        self.head = self._proved = head
        self._fresh: list[tuple[Any, ...]] = []  # appended since the last ``prove``

    def known(self, source: str, fact_id: str) -> tuple[str, str, str] | None:
        """Return (at, kind, data) of the fact already stored under this source and id; None without one."""
        found: tuple[str, str, str] | None = self._execute(
            "SELECT at, kind, data FROM event WHERE source = ? AND id = ?", (source, fact_id)
        ).fetchone()
        return found

    def name(self, staff: str, surname: str) -> None:
        """Store a surname beside the facts; an empty one deletes it."""
        self._execute("DELETE FROM main.surname WHERE staff = ?", (staff,))
        if surname:
            _need(1, self._execute("INSERT INTO main.surname VALUES (?, ?)", (staff, surname)))

    def note_origin(self, site: str, name: str) -> None:
        """Record the site of the file; an existing record is kept."""
        self._execute("INSERT OR IGNORE INTO main.origin VALUES (1, ?, ?)", (site, name))
        if self._execute("SELECT 1 FROM main.origin").fetchone() is None:
            raise _not_written()

    def copy(self, row: Sequence[Any]) -> bool:
        """Append a row of another file's chain if it continues this one; return False if it does not."""
        *columns, sealed = row
        if columns[0] != self.head.seq + 1 or seal(self.head.hash, *columns) != sealed:
            return False
        self._put(tuple(row))
        return True

    def _put(self, row: tuple[Any, ...]) -> None:
        self._execute("INSERT INTO main.event VALUES (?,?,?,?,?,?,?,?,?,?)", row)
        self.head = Head(row[0], row[-1])
        self._fresh.append(row)
        if len(self._fresh) >= _PROVED_AT_ONCE:
            self.prove()

    def prove(self) -> None:
        """Read back everything appended, before it is acknowledged.

        Raise StoreError if a row is missing or altered, other rows were added, or the last fact before them has
        changed.
        """
        stored = self._execute(
            f"SELECT {SEALED_COLUMNS} FROM main.event WHERE seq >= ? ORDER BY seq", (self._proved.seq,)
        ).fetchall()
        last = stored.pop(0)[:: SEALED_COLUMNS.count(",")] if self._proved.seq and stored else (0, self._proved.hash)
        if stored != self._fresh or last != (self._proved.seq, self._proved.hash):
            raise _not_written()
        self._proved, self._fresh = self.head, []

    def replace_rows(self, day: str, columns: Mapping[str, Sequence[str]], rows: Mapping[str, list[Any]]) -> None:
        """Replace the derived rows of a day."""
        for table, names in columns.items():
            self._execute(f"DELETE FROM main.{table} WHERE day = ?", (day,))
            marks = ", ".join("?" * len(names))
            insert = f"INSERT INTO main.{table} ({', '.join(names)}) VALUES ({marks})"
            if rows[table]:
                _need(len(rows[table]), self._conn.executemany(insert, rows[table]))

    def append(self, fact: Fact, source: str, actor: str, recorded_at: datetime) -> Entry:
        """Append one fact; it is durable once the transaction has committed."""
        seq = self.head.seq + 1
        kind: str = fact.kind
        row = (
            seq,
            fact.id,
            source,
            fact.at.isoformat(),
            business_day(fact.at).isoformat(),
            recorded_at.isoformat(),
            actor,
            kind,
            fact.payload(),
        )
        sealed = seal(self.head.hash, *row)
        self._put((*row, sealed))
        return Entry(seq, source, recorded_at, actor, fact)
