"""Read a table of another program's SQLite file: read-only, in bounded time and memory, and closed at once."""

from __future__ import annotations

import marshal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from floorctl.database.sqlite_uri import sqlite_uri

T = TypeVar("T")
BUSY_S, MOST_S = 1.0, 20.0
# Bytes of a cell that is read, of the rows that are held; rows between two looks at what is held.
_MOST_CELL, MOST_HELD, _AT_ONCE = 65_536, 200_000_000, 100
_STEPS = 10_000  # of SQLite's machine between two looks at the clock
_WAL_AT, _WAL = 18, b"\x02\x02"  # in the header of a file: versions of writing and reading
_AGAIN = "しばらくして、もう一度読みます"


class ForeignTable(Exception):
    """Table that cannot be read: reason and remedy in Japanese; ``busy``: a further try may succeed."""

    def __init__(self, why: str, do: str = "", *, busy: bool = False) -> None:
        self.why, self.do, self.busy = why, do, busy
        super().__init__(why)


def table_columns(path: Path, table: str) -> tuple[str, ...]:
    """Return the names of a table's or view's columns. Raise ForeignTable, or OSError where there is no file."""

    def read(conn: sqlite3.Connection) -> tuple[str, ...]:
        if not conn.execute(
            "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(?)", (table,)
        ).fetchone():
            raise ForeignTable(f"「{table}」という表がありません", "入力元の説明の table を合わせてください")
        return tuple(x[0] for x in conn.execute(f"SELECT * FROM {_quoted(table)} LIMIT 0").description)

    return _with(path, read)


def table_names(path: Path) -> tuple[str, ...]:
    """Return the names of all views and tables of a file, views first. Raise ForeignTable, or OSError where there is no file."""

    def read(conn: sqlite3.Connection) -> tuple[str, ...]:
        found = conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY type DESC, rowid")
        return tuple(x[0] for x in found if not x[0].startswith("sqlite_"))

    return _with(path, read)


def first_rows(path: Path, table: str, most: int) -> list[tuple[object, ...]]:
    """Return the first rows of a table with all its columns. Raise ForeignTable, or OSError where there is no file."""
    return _with(path, lambda conn: conn.execute(f"SELECT * FROM {_quoted(table)} LIMIT {most}").fetchall())


def table_rows(path: Path, table: str, columns: Sequence[str], most: int = 1_000_000) -> Iterator[tuple[object, ...]]:
    """Yield all rows with these columns; the file is closed before the first, so that the other program may write.

    Raise ForeignTable, also for more than ``most`` rows, and OSError where there is no file.
    """
    chosen = ", ".join(map(_quoted, columns)) or "1"

    query = f"SELECT {chosen} FROM {_quoted(table)} LIMIT {most + 1}"

    def read(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
        try:
            return _held(conn.execute(query), most)
        except sqlite3.OperationalError as e:
            if getattr(e, "sqlite_errorcode", None):
                raise
        conn.text_factory = _decoded  # some text is no UTF-8, which is no error of SQLite's own
        return _held(conn.execute(query), most)

    return iter(_with(path, read))


def _held(cursor: sqlite3.Cursor, most: int) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    held = 0
    while some := cursor.fetchmany(_AT_ONCE):
        rows += some
        held += len(marshal.dumps(some))  # the fastest measure of all values together
        if len(rows) > most:
            raise ForeignTable(f"行が多すぎます（{most // 10_000}万行まで）", "当日分だけのビューを指定してください")
        if held > MOST_HELD:
            raise ForeignTable(
                f"大きすぎます（{MOST_HELD // 1_000_000} MB まで）", "当日分だけのビューを指定してください"
            )
    return rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _with(path: Path, read: Callable[[sqlite3.Connection], T]) -> T:
    with path.open("rb") as file:  # OSError of a missing file or folder, before SQLite makes one sentence of all
        header = file.read(100)
    if not header:
        raise ForeignTable("まだ何も書かれていません", _AGAIN, busy=True)
    # Without the log beside it nobody has the file open; SQLite would then make files in the machine's folder.
    closed = header[_WAL_AT : _WAL_AT + 2] == _WAL and not Path(f"{path}-wal").exists()
    mode = "mode=ro&immutable=1" if closed else "mode=ro"
    until = time.monotonic() + MOST_S
    try:
        with closing(sqlite3.connect(sqlite_uri(path, mode), uri=True, timeout=BUSY_S)) as conn:
            conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_CELL)
            conn.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
            for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
                conn.execute(f"PRAGMA {pragma}")
            return read(conn)
    except sqlite3.Error as e:
        raise _told(e) from None


def _decoded(raw: bytes) -> str:
    """Return a text, which some programs write in the encoding of their system."""
    for codec in ("utf-8", "cp932"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _told(error: sqlite3.Error) -> ForeignTable:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ForeignTable("ほかのプログラムが書き込んでいます", _AGAIN, busy=True)
    if code == sqlite3.SQLITE_NOTADB:
        return ForeignTable("SQLite のファイルではありません", "入力元の説明の form と files を確かめてください")
    if code == sqlite3.SQLITE_CORRUPT:
        return ForeignTable("ファイルが壊れています", "機器のほうで確かめてください")
    if code == sqlite3.SQLITE_INTERRUPT:
        return ForeignTable(f"{MOST_S:.0f}秒たっても読み終わりません", "当日分だけのビューを指定してください")
    if code == sqlite3.SQLITE_TOOBIG:
        return ForeignTable("大きすぎる値があります", "その列を除いたビューを指定してください")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR):
        return ForeignTable("ファイルを開けません", "機器が動いているか、フォルダーの権限を確かめてください", busy=True)
    return ForeignTable("表を読めません", "表の作りと入力元の説明を確かめてください")
