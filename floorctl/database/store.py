"""The open file as an append-only table of facts: read, append in one transaction, verify the hash chain.

Journal mode TRUNCATE with synchronous=FULL: an acknowledged fact survives a power cut, and the file alone is complete
at any moment (no -wal beside it). Writes begin IMMEDIATE, so that no decision rests on stale facts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from floorctl.common import patience
from floorctl.common.errors import Busy, StoreError, by_door
from floorctl.common.words import RECORD_ELSEWHERE
from floorctl.database import file as data_file
from floorctl.database import row_bytes as raw_rows
from floorctl.database import schema_check as schema
from floorctl.database.entry_row import entry_of
from floorctl.database.hash_chain import GENESIS, START, first_break
from floorctl.database.schema import FACT_COLUMNS, REGISTER_KINDS_11, SEALED_COLUMNS
from floorctl.database.writer import Writer
from floorctl.models.facts.entry import Entry, Head
from floorctl.models.facts.own_numbers import Numbers

DERIVED_SINCE, ORIGIN_SINCE = 10, 5  # first versions of the schema whose tables and rows are made as today


REACH = timedelta(days=14)  # the longest pause between two open days, with a margin
WAL = "wal"  # journal mode that another program may have set
UNREADABLE = "tables"  # code of a finding after which the file cannot be read


class Finding(NamedTuple):
    """Finding of ``doctor``: a code and a Japanese sentence."""

    code: str
    text: str


class Store:
    """Open database file, or its absence (``exists`` is False: every read is empty). Belongs to one thread.

    ``create=True`` creates a missing file, ``make_folder`` also its folder (the user's data folder, not one that was
    named). With ``create``, a file with a foreign schema is not opened; it is never written to, but can be read if its
    tables are right. ``examine`` opens a file read-only as it is, of any version or schema. ``read_only`` opens one of
    this version that is there, and writes neither to it nor beside it. ``version``: version of its schema.
    """

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        make_folder: bool = False,
        examine: bool = False,
        read_only: bool = False,
    ) -> None:
        self.path, self.read_only = path, read_only
        self.version = data_file.SCHEMA_VERSION
        self._verified: schema.Rows = []  # schema last verified
        self._conn: sqlite3.Connection | None = None
        self._inode: tuple[int, int] | None = None
        self._local_version = 0
        self._raw: BinaryIO | None = None  # open as long as the file is, where it is only read
        if read_only:
            self._open_to_read()
            return
        if not path.exists():
            if not make_folder:
                data_file.check_folder(path)
            if not create:
                return
            data_file.create(path)
        elif data_file.never_written(path):
            if not create:
                return
            data_file.fill(path)
        self._open(create=create, examine=examine)

    def _open(self, *, create: bool, examine: bool) -> None:
        """Open and check the file, and migrate it unless ``examine``. Raise StoreError."""
        data_file.refuse_folder(self.path)
        try:
            self._conn = data_file.connect(self.path)
            if examine:
                # A killed writer's journal is still rolled back: without it the file is not what was committed.
                self._conn.execute("PRAGMA query_only = ON")
            # On the connection that stays: it rolls back a killed writer's journal first, and closing another handle
            # would drop the locks of this process's other connections (POSIX). A foreign file is left unchanged.
            data_file.need_data_file(self.path, self._conn)
            self.version = data_file.pragma(self._conn, "user_version")
            if not examine or self.library()[1] != WAL:  # WAL is the only mode stored in the file
                data_file.set_journal(self._conn)
            if not examine:
                if self.version < data_file.SCHEMA_VERSION:
                    data_file.upgrade(self._conn)
                    self.version = data_file.SCHEMA_VERSION
                wrong = self._difference()
                if wrong is not None and (create or not wrong.readable):
                    raise data_file.foreign_schema(self.path, wrong, "" if create else f"{self.path.name} は使えません")
                if create and self._wrong_migrations():
                    raise data_file.foreign_schema(self.path, None)
            stat = self.path.stat()
            self._inode = (stat.st_dev, stat.st_ino)
        except Exception as e:
            self.close()
            if isinstance(e, data_file.ForeignSchema):
                raise data_file.foreign_schema(self.path, e.difference, f"{self.path.name} は使えません") from None
            if isinstance(e, (OSError, *data_file.FAILURES)):
                raise data_file.unusable(self.path, e, reading=not create) from None
            raise

    def _open_to_read(self) -> None:
        """Open and check a file that stays as it is. Raise StoreError."""
        what = f"{self.path.name} は見るだけでは開けません"
        try:
            if not self.path.exists():
                do = "--db で正しいファイルを指定するか、先に記録する盤面（floorctl console）を開いてください"
                raise StoreError(f"{self.path} がありません", "見るだけの画面はファイルを作りません", do)
            data_file.refuse_folder(self.path)
            # Closed after the connection: closing another handle drops the locks of this process (POSIX).
            self._raw = patience.patiently(lambda: self.path.open("rb", buffering=0))
            data_file.need_readable(self.path, self._raw)
            self._conn = data_file.connect_to_read(self.path)
            data_file.need_data_file(self.path, self._conn)
            self.version = data_file.pragma(self._conn, "user_version")
            if self.version < data_file.SCHEMA_VERSION:
                why = f"前の版の floorctl の形式（{self.version}）で、見るだけの画面はファイルを変えません"
                do = "記録する盤面（floorctl console）を一度開くと、この版の形式になります"
                raise StoreError(what, why, do)
            wrong = self._difference()
            if wrong is not None and not wrong.readable:
                raise data_file.foreign_schema(self.path, wrong, what)
            stat = self.path.stat()
            self._inode = (stat.st_dev, stat.st_ino)
        except (OSError, *data_file.FAILURES) as e:
            self.close()
            raise data_file.unread(self.path, e) from None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None
        if self._raw is not None:
            self._raw.close()
            self._raw = None

    @property
    def exists(self) -> bool:
        """Return whether there is a file."""
        return self._conn is not None

    def _connection(self) -> sqlite3.Connection:
        if self._conn is None:
            raise StoreError(f"{self.path} がありません", "", "--db で正しいファイルを指定してください")
        return self._conn

    def _row(self, sql: str, *args: object) -> tuple[object, ...] | None:
        rows = self._rows(sql, *args)
        return rows[0] if rows else None

    def _rows(self, sql: str, *args: object) -> list[tuple[object, ...]]:
        """Return the rows of a query; [] without a file. Raise StoreError if it cannot be read."""
        if self._conn is None:
            return []
        try:
            return data_file.once_free(lambda: self._connection().execute(sql, args).fetchall())
        except OverflowError:
            return []  # no row has a number that SQLite cannot hold
        except data_file.FAILURES as e:
            if self.read_only:
                raise data_file.unread(self.path, e) from None
            reading = not self._connection().in_transaction
            raise data_file.unusable(self.path, e, reading=reading) from None

    # ---- reading -------------------------------------------------------------------------------------------------

    def _entries(self, sql: str, *args: object) -> list[Entry]:
        return [entry_of(row) for row in self._rows(f"SELECT {FACT_COLUMNS} FROM event WHERE {sql}", *args)]

    def day_facts(self, day: date, after: int = 0) -> list[Entry]:
        """Return a business day's facts with seq > ``after``, in order of recording."""
        return self._entries("day = ? AND seq > ? ORDER BY seq", day.isoformat(), after)

    def day_of_issues_before(self, day: date) -> date | None:
        """Return the last day before ``day``, within a fortnight, on which a ticket was issued; None without one."""
        row = self._row(
            "SELECT day FROM event WHERE day < ? AND day >= ? AND kind = 'ticket.issued' ORDER BY day DESC LIMIT 1",
            day.isoformat(),
            (day - REACH).isoformat() if day - date.min > REACH else "",
        )
        return date.fromisoformat(str(row[0])) if row else None

    def permits_before(self, day: date) -> list[Entry]:
        """Return the permissions to lend terminals that were given on the last day before ``day`` with tickets."""
        before = self.day_of_issues_before(day)
        if before is None:
            return []
        return self._entries("day = ? AND kind = 'lending.permitted' ORDER BY seq", before.isoformat())

    def memo_facts(self, since: date, until: date) -> list[Entry]:
        """Return the memos of the days from ``since`` to before ``until``, what became of them, and what was taken back."""
        kinds = "kind IN ('memo.written', 'memo.moved', 'memo.done', 'retracted')"
        return self._entries(f"day >= ? AND day < ? AND {kinds} ORDER BY seq", since.isoformat(), until.isoformat())

    def first_day(self, source: str, without: Sequence[str] = ()) -> date | None:
        """Return the day of the first fact of a source with ascending ids, of other kinds than ``without``; None without one."""
        kinds = f" AND kind NOT IN ({', '.join('?' * len(without))})" if without else ""
        found = self._rows(f"SELECT day FROM event WHERE source = ?{kinds} ORDER BY id LIMIT 1", source, *without)
        return date.fromisoformat(str(found[0][0])) if found else None

    def facts_after(self, seq: int, limit: int = 5000) -> list[Entry]:
        """Return up to ``limit`` facts of any day recorded after ``seq``."""
        return self._entries("seq > ? ORDER BY seq LIMIT ?", seq, limit)

    def register_facts(self, after: int = 0) -> list[Entry]:
        """Return the facts that outlive their day, and all retractions, with seq > ``after``."""
        return self._entries(f"kind IN ({REGISTER_KINDS_11}) AND seq > ? ORDER BY seq", after)

    def surnames(self) -> dict[str, str]:
        """Return the surnames by staff code: stored outside the facts, possibly empty (SPEC 3.4)."""
        return {str(code): str(name) for code, name in self._rows("SELECT staff, surname FROM surname ORDER BY staff")}

    def origin(self) -> tuple[str, str] | None:
        """Return the code and name of the file's site; None before its first fact, or if not recorded."""
        row = self._row("SELECT site, name FROM origin") if self.version >= ORIGIN_SINCE else None
        return (str(row[0]), str(row[1])) if row else None

    def query(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT over the derived tables; [] without a file."""
        return self._rows(sql, *args)

    def last_seqs(self, first: date, last: date) -> list[tuple[str, int]]:
        """Return each day of a period that has facts, with the number of its last one: one index lookup per day."""
        found: list[tuple[str, int]] = []
        day = str(first)
        while True:
            row = self._row(
                "SELECT day, (SELECT max(seq) FROM event AS e WHERE e.day = event.day) FROM event "
                "WHERE day >= ? AND day <= ? ORDER BY day LIMIT 1",
                day,
                str(last),
            )
            if row is None:
                return found
            found.append((str(row[0]), int(str(row[1]))))
            day = f"{row[0]}~"  # sorts after that day and before the next one

    def overlay(
        self, days: Iterable[str], columns: Mapping[str, Sequence[str]], rows: Mapping[str, list[Any]], last: str
    ) -> None:
        """Replace the derived rows of these days by ``rows``, in memory and for this connection alone.

        Queries then see them instead of the file's rows, and nothing after the day ``last``.
        """
        if self._conn is None:
            return
        execute, many = self._conn.execute, self._conn.executemany
        with data_file.failures_of(self.path):
            execute("PRAGMA temp_store = MEMORY")
            for table, names in columns.items():
                execute(f"DROP VIEW IF EXISTS temp.{table}")
                execute(f"DROP TABLE IF EXISTS temp.fresh_{table}")
                listed, marks = ", ".join(names), ", ".join("?" * len(names))
                execute(f"CREATE TEMP TABLE fresh_{table} ({listed})")
                many(f"INSERT INTO temp.fresh_{table} VALUES ({marks})", rows.get(table, []))
            execute("DROP TABLE IF EXISTS temp.fresh_day")
            execute("CREATE TEMP TABLE fresh_day (day TEXT PRIMARY KEY)")
            many("INSERT INTO temp.fresh_day VALUES (?)", [(day,) for day in days])
            for table in columns:
                execute(
                    f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE day <= '{last}' "
                    f"AND day NOT IN (SELECT day FROM temp.fresh_day) UNION ALL SELECT * FROM temp.fresh_{table}"
                )

    def find(self, source: str, fact_id: str) -> Entry | None:
        """Return the fact of a source with this id; None without one."""
        found = self._entries("source = ? AND id = ?", source, fact_id)
        return found[0] if found else None

    def by_seq(self, seq: int) -> Entry | None:
        """Return the fact with this number; None without one."""
        found = self._entries("seq = ?", seq)
        return found[0] if found else None

    def head(self, day: date | None = None) -> Head:
        """Return the last fact's number and hash, of the file or of a business day."""
        where, args = ("WHERE day = ?", (day.isoformat(),)) if day else ("", ())
        row = self._row(f"SELECT seq, hash FROM event {where} ORDER BY seq DESC LIMIT 1", *args)
        return Head(int(str(row[0])), str(row[1])) if row else Head(0, GENESIS)

    def count(self) -> int:
        """Return the number of facts."""
        row = self._row("SELECT count(*) FROM event")
        return int(str(row[0])) if row else 0

    def days(self) -> list[date]:
        """Return the business days that have facts."""
        return [date.fromisoformat(str(r[0])) for r in self._rows("SELECT DISTINCT day FROM event ORDER BY day")]

    def escalation_numbers(self) -> Numbers:
        """Return the numbers of all escalations in the file."""
        return self._numbers("escalation.raised", "$.escalation")

    def incident_numbers(self) -> Numbers:
        """Return the numbers of all incidents in the file, retracted ones included."""
        return self._numbers("incident.opened", "$.incident", f"kind IN ({REGISTER_KINDS_11}) AND ")

    def _numbers(self, kind: str, field: str, among: str = "") -> Numbers:
        rows = self._rows(
            "SELECT json_extract(data, ?), source = 'console' FROM event "
            # A literal, because a partial index is used only if the query has the same text.
            f"WHERE {among}kind = '{kind}'",
            field,
        )
        return Numbers(frozenset(str(n) for n, _ in rows), frozenset(str(n) for n, own in rows if own))

    def data_version(self) -> tuple[int, int]:
        """Return a pair that changes whenever any process changes the file. Cheap enough for ten calls a second."""
        if self._raw is not None:
            data_file.need_readable(self.path, self._raw)  # another program may have changed its mode meanwhile
        row = self._row("PRAGMA data_version")
        return (int(str(row[0])) if row else 0, self._local_version)

    def gone(self) -> str:
        """Return the reason not to write to the open file (deleted or replaced meanwhile), else ''."""
        if self._inode is None:
            return ""
        try:
            stat = self.path.stat()
        except OSError as e:
            return "" if patience.is_held(e) else "削除または移動されました"
        return "" if (stat.st_dev, stat.st_ino) == self._inode else "別のファイルに置き換えられました"

    def _refuse_if_gone(self) -> None:
        why = self.gone()
        if why:
            raise StoreError(
                f"{self.path.name} に記録できません",
                f"ファイルが{why}",
                "floorctl を終了し、ファイルを確かめてください",
            )

    # ---- writing -------------------------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Open a write transaction, exclusive from its start: read, decide, append, commit."""
        if self.read_only:
            raise StoreError(f"{self.path.name} に記録できません", "見るだけで開いています", RECORD_ELSEWHERE)
        conn = self._connection()
        self._refuse_if_gone()
        before = wanted = START
        try:
            data_file.once_free(lambda: conn.execute("BEGIN IMMEDIATE"))
            try:
                self._refuse_if_gone()  # the wait may have been for a restore
                self._need_schema()
                pen = Writer(conn, self.head())
                before = pen.head
                yield pen
                pen.prove()
                wanted = pen.head
                data_file.once_free(lambda: conn.execute("COMMIT"))
                self._local_version += 1
            except BaseException:
                with suppress(sqlite3.Error):
                    if conn.in_transaction:
                        conn.execute("ROLLBACK")
                raise
        except data_file.FAILURES as e:
            if wanted.seq > before.seq and self._ends_with(wanted):
                # Only the last step failed: the facts are in the file, but may not survive a power cut.
                raise StoreError(
                    f"{self.path.name} に書きましたが、ディスクに残ったか確かめられません",
                    "ディスクの異常です",
                    f"同じ操作をする前に、{by_door('記録の画面（{journal}）', '記録（floorctl log）')}とディスクを確かめてください",
                ) from None
            raise data_file.unusable(self.path, e) from None

    def _need_schema(self) -> None:
        """Check the whole schema within the transaction: a foreign object may silently undo what is written."""
        rows = self._rows(schema.SCHEMA_SQL)
        if rows != self._verified:
            data_file.need_data_file(self.path, self._connection())
            wrong = data_file.difference(rows, data_file.SCHEMA_VERSION)
            if wrong is not None or self._wrong_migrations():
                raise data_file.foreign_schema(self.path, wrong)
            self._verified = rows

    def _ends_with(self, head: Head) -> bool:
        try:
            return self.head() == head
        except StoreError:
            return False

    def erase_surnames(self) -> int:
        """Delete all surnames for good (secure_delete overwrites them) and return their number."""
        with self.write():
            n = len(self.surnames())
            self._connection().execute("DELETE FROM main.surname")
            if self.surnames():
                raise StoreError(f"{self.path.name} の氏を消せません", "", "floorctl doctor で調べてください")
        return n

    # ---- proving -------------------------------------------------------------------------------------------------

    def library(self) -> tuple[tuple[int, ...], str, str]:
        """Return SQLite's version, the file's journal mode and its synchronous setting (a new file's without one)."""
        mode, sync = "truncate", 2
        if self._conn is not None:
            mode = str(self._conn.execute("PRAGMA journal_mode").fetchone()[0])
            sync = data_file.pragma(self._conn, "synchronous")
        return sqlite3.sqlite_version_info, mode, ("off", "normal", "full", "extra")[sync]

    def integrity(self) -> list[Finding]:
        """Return the findings of SQLite's integrity check and of the schema check."""
        found = []
        try:
            problems = [str(r[0]) for r in self._rows("PRAGMA integrity_check(5)")]
        except Busy:
            raise  # held by another program, not damaged
        except StoreError as e:
            return [Finding("damaged", e.sentence)]
        if self.exists and problems != ["ok"]:
            found.append(Finding("damaged", f"SQLite の検査に通りません（{len(problems)}件）"))
        if self.exists:
            found += self.schema_findings()
        return found

    def schema_findings(self) -> list[Finding]:
        """Return the findings on schema objects and migration records that no floorctl of the file's version made."""
        wrong = self._difference()
        if wrong is not None:
            code = "schema" if wrong.readable else UNREADABLE
            return [Finding(code, f"表の定義がこの版の floorctl と違います（{wrong.text}）")]
        text = self._wrong_migrations()
        return [Finding("migrations", f"形式の履歴がこの版の floorctl と違います（{text}）")] if text else []

    def _wrong_migrations(self) -> str:
        return schema.wrong_migrations(self._rows(schema.MIGRATED_SQL), self.version) if self.version else ""

    def _difference(self) -> schema.Difference | None:
        if self._conn is None:
            return None
        rows = self._rows(schema.SCHEMA_SQL)
        wrong = data_file.difference(rows, self.version)
        if wrong is None and self.version == data_file.SCHEMA_VERSION and not self._wrong_migrations():
            self._verified = rows
        return wrong

    def sealed_rows(self, after: int, limit: int = 2000) -> list[tuple[Any, ...]]:
        """Return up to ``limit`` rows of the chain after number ``after``, each with its hash last."""
        return self._rows(f"SELECT {SEALED_COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)

    def verify_chain(self, since: Head = START) -> list[Finding]:
        """Recompute every hash after ``since``; return a finding for the first row that does not match."""
        seq = first_break(self.sealed_rows, since)
        if seq is None:
            return []
        return [Finding("chain", f"記録のつながりが通し番号 {seq} で切れています（後から変えられた記録があります）")]

    def changed_places(self) -> list[Finding]:
        """Return a finding if a row was changed where neither SQL nor the chain can see it (database/row_bytes.py).

        Only for a process that never writes: closing the handle drops this process's locks on the file (POSIX).
        """
        with data_file.failures_of(self.path):
            if self._conn is None or not self._changed_places():
                return []
            # Found, or the pages were just being changed: repeat while nobody can write.
            self._conn.execute("BEGIN")
            self._conn.execute("SELECT max(seq) FROM event").fetchone()
            found = self._changed_places()
            self._conn.execute("ROLLBACK")
        where = f"通し番号 {min(found)} の記録" if found != {0} else "記録の表"
        return [Finding("changed", f"{where}に、後から変えられた所があります")] if found else []

    def _changed_places(self) -> set[int]:
        """Return the numbers of such rows; {0} if the pages cannot be read as a table."""
        row = self._row("SELECT rootpage FROM sqlite_master WHERE name = 'event' AND type = 'table'")
        if row is None:
            return {0}
        page_size = data_file.pragma(self._connection(), "page_size")
        try:
            with patience.open_to_read(self.path) as file:
                return set(raw_rows.changed_places(file, page_size, int(str(row[0]))))
        except (ValueError, IndexError):
            return {0}

    def hash_at(self, seq: int) -> str | None:
        """Return the hash that seals the file up to ``seq``."""
        row = self._row("SELECT hash FROM event WHERE seq = ?", seq)
        return str(row[0]) if row else None
