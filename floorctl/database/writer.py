"""Append within a write transaction: chained facts, surnames, the file's site, derived rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    def known(self, source: str, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return (at, kind, data) of the facts already stored under this source, by those of these ids that have one."""
        rows = self._execute(
            "SELECT id, at, kind, data FROM event WHERE source = ? AND id IN (SELECT value FROM json_each(?))",
            (source, json.dumps(list(ids))),
        )
        return {row[0]: row[1:] for row in rows}

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
        self._insert([self._next(tuple(row))])
        return True

    def _next(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        self.head = Head(row[0], row[-1])
        self._fresh.append(row)
        return row

    def _insert(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._conn.executemany("INSERT INTO main.event VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
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
        return self.append_all([fact], source, actor, recorded_at)[0]

    def append_all(self, facts: Iterable[Fact], source: str, actor: str, recorded_at: datetime) -> list[Entry]:
        """Append facts, each sealed by the one before."""
        entries: list[Entry] = []
        recorded = recorded_at.isoformat()

        def rows() -> Iterator[tuple[Any, ...]]:
            for fact in facts:
                seq, at, day = self.head.seq + 1, fact.at.isoformat(), business_day(fact.at).isoformat()
                row = (seq, fact.id, source, at, day, recorded, actor, fact.kind, fact.payload())
                yield self._next((*row, seal(self.head.hash, *row)))
                entries.append(Entry(seq, source, recorded_at, actor, fact))

        self._insert(rows())
        return entries
