"""Create, open and migrate the SQLite file, and turn its failures into error messages."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from floorctl.common import durable, patience
from floorctl.common.errors import Busy, StoreError
from floorctl.common.windows_names import is_too_long
from floorctl.database import schema_check as schema
from floorctl.database.sqlite_uri import sqlite_uri

T = TypeVar("T")
APPLICATION_ID = 0x464C5243  # "FLRC"
SCHEMA_VERSION = len(schema.MIGRATION_NAMES)
BUSY_S = 5.0
# Bytes of the header of an SQLite file, and of them those that tell the journal mode to write and to read it.
_HEADER, _MODES = 100, slice(18, 20)
_HIDDEN = 36  # characters by which the name of a copy in the making, with its journal, is longer
_INTERRUPTED = 776  # SQLITE_READONLY_ROLLBACK
# Errors for an unusable file; Python fails to decode a message that quotes a corrupt table name.
FAILURES = (sqlite3.Error, UnicodeDecodeError)
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
    f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}",
)


def library_version() -> str:
    """Return the version of the SQLite library that this Python loads."""
    return sqlite3.sqlite_version


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing file with PRAGMAS, in autocommit mode. Raise StoreError if its facts are lost (`never_written`)."""
    never_written(path)  # before SQLite deletes a journal that may be all that is left
    return _connected(path, "rw", PRAGMAS)  # a typo in the path must not create a file


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open an existing file so that SQLite writes nothing: neither to it nor beside it. See ``need_readable``."""
    return _connected(path, "ro", (*PRAGMAS, "PRAGMA temp_store = MEMORY"))


def _connected(path: Path, mode: str, pragmas: Sequence[str]) -> sqlite3.Connection:
    def opened() -> sqlite3.Connection:
        # Autocommit: transactions begin explicitly, IMMEDIATE.
        conn = sqlite3.connect(sqlite_uri(path, f"mode={mode}"), uri=True, isolation_level=None, timeout=BUSY_S)
        try:
            for pragma in pragmas:
                conn.execute(pragma)
        except BaseException:
            conn.close()
            raise
        return conn

    return patience.patiently(opened, patience.SECONDS if path.is_file() else 0, passing=is_held)


def is_held(error: BaseException) -> bool:
    """Return whether Windows may have refused to open a file only because another program has it open."""
    if isinstance(error, sqlite3.OperationalError):
        return patience.on_windows() and (_code(error) == sqlite3.SQLITE_CANTOPEN or "unable to open" in str(error))
    return patience.is_held(error)


def _code(error: Exception) -> int:
    """Return the primary result code of SQLite; 0 for another error."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def need_readable(path: Path, raw: BinaryIO) -> None:
    """Raise StoreError if SQLite would write to read ``path``, of which ``raw`` is a handle: to an empty one, or in WAL mode.

    SQLite removes a journal beside an empty file, and makes two files beside one in WAL mode, which another program has
    set, however the file is opened.
    """
    raw.seek(0)
    head = raw.read(_HEADER)
    if not head:
        raise empty(path)
    if head.startswith(b"SQLite format 3") and 2 in head[_MODES]:
        raise StoreError(
            f"{path.name} は見るだけでは開けません",
            "ほかのプログラムが WAL 形式に変えていて、読むだけでも横にファイルができます",
            "記録する盤面（floorctl console）を一度開くと、元の形式に戻ります",
        )


def pragma(conn: sqlite3.Connection, name: str) -> int:
    """Return an integer setting."""
    return int(conn.execute(f"PRAGMA {name}").fetchone()[0])


def set_journal(conn: sqlite3.Connection) -> None:
    """Set journal mode TRUNCATE."""
    conn.execute("PRAGMA journal_mode = TRUNCATE").fetchone()


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Raise StoreError about ``path`` for a failure of SQLite or of the disk in the block."""
    try:
        yield
    except (OSError, *FAILURES) as e:
        raise unusable(path, e) from None


def once_free(act: Callable[[], T]) -> T:
    """Retry ``act`` while the file is busy, for up to 2 * BUSY_S seconds: an open reader can briefly block a COMMIT."""
    deadline = time.monotonic() + 2 * BUSY_S
    while True:
        try:
            return act()
        except sqlite3.OperationalError as e:
            if _code(e) not in (5, 6) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def create(path: Path) -> None:
    """Create a new file (mode 0600) under a temporary name and rename it, so that no partial file is ever visible."""
    with suppress(OSError):
        patience.make_folder(path.parent)
    remove_left(path)
    with _temporary(path) as temporary:
        durable.make_empty(temporary)
        with closing(connect(temporary)) as conn:
            set_journal(conn)
            upgrade(conn)
        _put_in_place(temporary, path)


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside ``path``; remove that file and its journal at the end.

    Raise StoreError about ``path`` if SQLite or the disk fails meanwhile.
    """
    temporary = path.parent / f".{path.name}.{os.getpid()}-{time.monotonic_ns()}.new"
    try:
        with failures_of(path):
            yield temporary
    finally:
        for name in (temporary, Path(f"{temporary}-journal")):
            with suppress(OSError):
                patience.unlink(name)


def remove_left(path: Path) -> None:
    """Remove temporary files left by killed processes, or by a scanner that held them; younger ones may be in use.

    Names are compared literally, because ``path`` may contain glob characters.
    """
    with suppress(OSError):
        for left in path.parent.iterdir():
            if left.name.startswith(f".{path.name}.") and left.name.endswith((".new", ".new-journal")):
                with suppress(OSError):
                    if durable.is_left(left):
                        patience.unlink(left, seconds=0)


def never_written(path: Path) -> bool:
    """Return whether a file of 0 bytes is one to which nothing was ever committed, judged by the journal beside it.

    SQLite would delete such a journal as a remnant. Here it is played back onto a copy: if the result is a complete
    data file, it replaces the empty one. Raise StoreError if facts were lost that the journal alone cannot restore;
    both files are then left as they are.
    """
    journal = Path(f"{path}-journal")
    try:
        if path.stat().st_size or not journal.stat().st_size:
            return False
    except OSError:
        return False
    remove_left(path)
    with _temporary(path) as copy:
        copy.touch(0o600)
        copy.write_bytes(bytes(512))  # a journal beside 0 bytes would be deleted unread
        Path(f"{copy}-journal").write_bytes(patience.read_bytes(journal))
        if _played_back(copy):
            durable.sync(copy)
            patience.replace(copy, path)  # after a kill here the journal is played back again, with the same result
            patience.unlink(journal)
            return False
        if copy.stat().st_size:
            raise empty(path)
        return True


def fill(path: Path) -> None:
    """Create the schema in a file that was never made, under SQLite's locks, so that two processes make one file."""
    with failures_of(path), closing(connect(path)) as conn:
        if conn.execute("PRAGMA page_count").fetchone() == (0,):
            path.chmod(0o600)
            set_journal(conn)
            upgrade(conn)


def _played_back(copy: Path) -> bool:
    """Let SQLite play back the journal; return whether the result is a complete data file of floorctl."""
    try:
        with closing(connect(copy)) as conn:
            ours = pragma(conn, "application_id") == APPLICATION_ID
            return ours and conn.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    except FAILURES:
        return False


def need_data_file(path: Path, conn: sqlite3.Connection, do: str = "") -> None:
    """Raise StoreError if the file is foreign, empty, or of a newer version. ``do``: advice for a copy."""
    version = pragma(conn, "user_version")
    if pragma(conn, "application_id") != APPLICATION_ID or version < 0:
        hollow = path.stat().st_size == 0
        if hollow and not do:
            raise empty(path)
        why = "中身が空です" if hollow else "floorctl のデータファイルではありません"
        raise StoreError(f"{path.name} は使えません", why, do or "--db で正しいファイルを指定してください")
    if version > SCHEMA_VERSION:
        why = f"新しい版の floorctl で作られたファイルです（形式 {version}）"
        raise StoreError(f"{path.name} は使えません", why, "floorctl を新しい版にしてください")


def empty(path: Path) -> StoreError:
    """Return the error for an empty file."""
    return StoreError(
        f"{path.name} は使えません",
        "中身が空です",
        f"控え（{path.name} と同じ場所の backups）から戻すか、--db で正しいファイルを指定してください",
    )


def _put_in_place(temporary: Path, path: Path) -> None:
    """Rename a finished file; if another process was faster, keep that process's file."""
    try:
        patience.link(temporary, path, seconds=0)
    except FileExistsError:
        return
    except OSError:
        # No hard links (FAT, some shares). On Windows rename refuses to overwrite; elsewhere the race is tiny.
        if path.exists():
            return
        with suppress(FileExistsError):
            patience.rename(temporary, path)
    durable.sync(path.parent)


def upgrade(conn: sqlite3.Connection) -> None:
    """Migrate a file to this version in one transaction.

    Raise ForeignSchema if its schema is not exactly that of its own version, or would not become that of this version.
    """
    # sqlite-utils takes 80 ms to import; a file that is up to date never needs it.
    from sqlite_utils import Database

    from floorctl.database.migrations import MIGRATIONS

    conn.execute("BEGIN IMMEDIATE")  # without it migrations of two processes race
    try:
        _need_schema(conn, pragma(conn, "user_version"))  # this version's, if another process was faster
        MIGRATIONS.apply(Database(conn, execute_plugins=False))
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        _need_schema(conn, SCHEMA_VERSION)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _need_schema(conn: sqlite3.Connection, version: int) -> None:
    """Raise ForeignSchema unless schema and migration records are exactly those of ``version``."""
    wrong = difference(conn.execute(schema.SCHEMA_SQL).fetchall(), version)
    if wrong is not None:
        raise ForeignSchema(wrong)
    if version and schema.wrong_migrations(conn.execute(schema.MIGRATED_SQL).fetchall(), version):
        raise ForeignSchema(None)


class ForeignSchema(Exception):
    """Schema that no floorctl made: its ``difference``; None if only the migration records differ."""

    def __init__(self, difference: schema.Difference | None) -> None:
        super().__init__("not ours")
        self.difference = difference


def difference(rows: schema.Rows, version: int) -> schema.Difference | None:
    """Return how the rows of ``SCHEMA_SQL`` differ from the schema of a version; None if they do not."""
    if schema.digest(rows, version) == schema.DIGESTS.get(version):
        return None
    return schema.difference(rows, reference_schema(version), version)


def reference_schema(version: int) -> schema.Rows:
    """Return the schema of a version, made by its migrations in memory.

    Needed only if the digest differs: to describe the difference, and because a later sqlite-utils may word its own
    table differently.
    """
    from sqlite_utils import Database

    from floorctl.database.migrations import MIGRATIONS

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        if version:
            stop = dict(enumerate(schema.MIGRATION_NAMES)).get(version)
            MIGRATIONS.apply(Database(conn, execute_plugins=False), stop_before=stop)
        return conn.execute(schema.SCHEMA_SQL).fetchall()


def foreign_schema(path: Path, found: schema.Difference | None, what: str = "") -> StoreError:
    """Return the error for a file whose schema no version of floorctl made."""
    why = (
        f"floorctl のものではない定義があります（{found.text}）"
        if found
        else "形式の履歴がこの版の floorctl と違います"
    )
    return StoreError(
        what or f"{path.name} に記録できません",
        why,
        "floorctl doctor で調べ、足したプログラムで取り除くか、控えから戻してください（floorctl restore）",
    )


def check_folder(path: Path) -> None:
    """Raise StoreError if the folder of ``path`` does not exist."""
    if not path.parent.is_dir():
        raise StoreError(
            f"{path} は使えません",
            f"フォルダー {path.parent} がありません",
            "フォルダーを作るか、--db で別の場所を指定してください",
        )


def refuse_folder(path: Path) -> None:
    """Raise StoreError if ``path`` is a folder."""
    if path.is_dir():
        raise StoreError(
            f"{path} は開けません", "ファイルではなくフォルダーです", "--db にファイル名を指定してください"
        )


def unread(path: Path, error: Exception) -> StoreError:
    """Return the error for a failure of SQLite or of the disk where the file is only read."""
    if isinstance(error, PermissionError):
        do = "ファイルとフォルダーの権限を確かめるか、記録している人と同じ利用者で開いてください"
        return StoreError(f"{path.name} は読めません", "読み取りが許されていません", do)
    return unusable(path, error, reading=True)


def unusable(path: Path, error: Exception, *, reading: bool = False) -> StoreError:
    """Return the error for a failure of SQLite or of the disk; where ``reading``, nothing was to be recorded."""
    text = str(error).lower()
    code = _code(error)
    name = path.name
    if "not a database" in text:
        return StoreError(
            f"{name} は使えません", "SQLite のファイルではありません", "--db で正しいファイルを指定してください"
        )
    if "malformed" in text or "corrupt" in text or code == 11 or isinstance(error, UnicodeDecodeError):
        return StoreError(
            f"{name} は使えません", "ファイルが壊れています", "控えから戻してください（floorctl restore）"
        )
    if (code == 14 or isinstance(error, FileNotFoundError)) and is_too_long(path, _HIDDEN):
        return StoreError(f"{name} は使えません", "名前が長すぎます", "短い名前のフォルダーに置いて、指定してください")
    if code in (5, 6):
        return Busy(
            f"{name} は読めません" if reading else f"{name} に記録できません",
            "ほかのプログラムがファイルを使い続けています",
            "少し待ってやり直してください",
        )
    if getattr(error, "sqlite_errorcode", 0) == _INTERRUPTED:
        return StoreError(
            f"{name} は読めません",
            "書き込みの途中で終わったプログラムがあり、ファイルを直してからでないと読めません",
            "記録する盤面（floorctl console）を開くと、直ります",
        )
    if is_held(error):
        return Busy(
            f"{name} は読めません" if reading else f"{name} に記録できません",
            "ほかのプログラムが開いたままか、読み書きが許されていません",
            "ほかのプログラムを閉じてやり直し、続くときはファイルとフォルダーの権限を確かめてください",
        )
    if code == 8 or "readonly" in text or isinstance(error, PermissionError):
        return StoreError(
            f"{name} に記録できません", "書き込みが許されていません", "ファイルとフォルダーの権限を確かめてください"
        )
    if code == 13 or "full" in text or "no space" in text:
        return StoreError(
            f"{name} に記録できません", "ディスクの空きがありません", "空きを作ってからやり直してください"
        )
    if "append" in text or "facts are" in text:
        return StoreError(
            f"{name} に記録できません", "記録の順序が守られませんでした", "floorctl doctor で調べてください"
        )
    return StoreError(
        f"{name} は使えません", "ファイルを開けないか読み書きできません", "場所と権限、ディスクを確かめてください"
    )
