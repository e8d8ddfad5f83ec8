"""Copy a data file by SQLite's backup API, in steps between which the hall can record."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from floorctl.common import durable
from floorctl.common.errors import Refused
from floorctl.database import file as data_file
from floorctl.database.hash_chain import GENESIS
from floorctl.database.schema_check import SCHEMA_SQL
from floorctl.models.facts.entry import Head

STEP = 512  # pages of 4 kB per step: commits are blocked for about two milliseconds
RESTARTS = 4
DEADLINE_S = 60.0
_RIGHT = "正しいファイルを指定してください"


class _Restless(Exception):
    """Commits of other processes keep restarting the copy."""


def copy(source: Path, target: Path, named: Path) -> None:
    """Copy ``source`` to a new file ``target`` (mode 0600), without the surnames.

    Surnames are personal data that must be erasable at once (SPEC 3.4): nothing of them remains in the copy's pages.
    ``named``: final name of ``target``, for errors. Raise StoreError if ``source`` is no file of this or an earlier
    version, has a foreign schema or cannot be read to its end, or if there is no room for the copy.
    """
    try:
        durable.make_empty(target)
        with closing(data_file.connect(source)) as old, closing(data_file.connect(target)) as new:
            data_file.need_data_file(source, old, _RIGHT)
            strange = data_file.difference(old.execute(SCHEMA_SQL).fetchall(), data_file.pragma(old, "user_version"))
            if strange is not None:
                # A foreign trigger would act in the copy as well.
                raise data_file.foreign_schema(source, strange, f"{source.name} は使えません")
            # In memory, because a journal file would keep the surnames that are deleted below.
            new.execute("PRAGMA journal_mode = MEMORY").fetchone()
            try:
                _in_steps(old, new)
            except _Restless:
                old.backup(new, pages=-1)
            if new.execute("SELECT 1 FROM sqlite_master WHERE name = 'surname'").fetchone():
                new.execute("DELETE FROM surname")  # secure_delete is on: their bytes are overwritten
    except OSError as e:
        raise data_file.unusable(named, e) from None
    except data_file.FAILURES as e:
        no_room = getattr(e, "sqlite_errorcode", 0) & 0xFF in (8, 13)
        raise data_file.unusable(named if no_room else source, e) from None


class Contents(NamedTuple):
    """Last fact of a file, its ``site`` ('' if not recorded), and whether it has ``surnames``, which a copy has not."""

    head: Head
    site: str
    surnames: bool


def inspect(path: Path) -> Contents:
    """Inspect a file of any version without changing it. Raise StoreError if it cannot be read."""
    with data_file.failures_of(path), closing(data_file.connect(path)) as conn:
        data_file.need_data_file(path, conn, _RIGHT)
        row = conn.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
        surname, site = _first(conn, "surname", "1"), _first(conn, "origin", "site")
    return Contents(Head(int(row[0]), str(row[1])) if row else Head(0, GENESIS), str(site or ""), bool(surname))


def _first(conn: sqlite3.Connection, table: str, column: str) -> object:
    """Return a value of the first row of a table that an older version may lack; None without one."""
    if conn.execute("SELECT 1 FROM main.sqlite_master WHERE name = ?", (table,)).fetchone() is None:
        return None
    row = conn.execute(f"SELECT {column} FROM main.{table} LIMIT 1").fetchone()
    return row[0] if row else None


def lock_out(path: Path) -> Callable[[], None]:
    """Lock the file against all reading and writing until the returned function is called.

    A killed writer's journal is played back first; a file that SQLite cannot open needs no lock. Raise Refused if
    others keep using it.
    """
    try:
        if path.stat().st_size == 0:  # SQLite would begin a journal for it
            return lambda: None
        conn = data_file.connect(path)
        try:
            conn.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error:
            conn.close()
            raise
    except (OSError, *data_file.FAILURES) as e:
        if getattr(e, "sqlite_errorcode", 0) & 0xFF in (5, 6):
            raise Refused(
                f"{path.name} は使われています",
                "ほかのプログラムが読み書きしています",
                "終わるのを待って、もう一度実行してください",
            ) from None
        return lambda: None
    return conn.close


def _in_steps(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Copy in steps of STEP pages; raise _Restless after RESTARTS restarts, "database is locked" after DEADLINE_S."""
    left, restarts, deadline = -1, 0, time.monotonic() + DEADLINE_S

    def progress(status: int, remaining: int, total: int) -> None:
        nonlocal left, restarts
        restarts += 0 <= left < remaining
        left = remaining
        if restarts > RESTARTS:
            raise _Restless
        if time.monotonic() > deadline:
            raise sqlite3.OperationalError("database is locked")

    old.backup(new, pages=STEP, progress=progress, sleep=0.01)
