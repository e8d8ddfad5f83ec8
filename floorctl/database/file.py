"""The SQLite file itself: made whole, opened with its settings, brought to this version; and why it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from floorctl.common.clock import system_clock
from floorctl.common.errors import Busy, StoreError
from floorctl.database import schema_check as schema

T = TypeVar("T")
APPLICATION_ID = 0x464C5243  # "FLRC"
SCHEMA_VERSION = len(schema.MIGRATION_NAMES)
BUSY_S = 5.0
# What SQLite says of a file that it cannot use; Python itself fails to read a message with a broken name of a table in it.
FAILURES = (sqlite3.Error, UnicodeDecodeError)
LEFT_S = 60  # an unfinished file that is older was left by a process that was killed
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
    f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}",
)


def connect(path: Path) -> sqlite3.Connection:
    never_made(path)  # before SQLite throws away what may be all that is left
    # mode=rw: a typo in the path must not make a file. Autocommit: transactions are begun by hand, IMMEDIATE.
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=BUSY_S)
    for pragma in PRAGMAS:
        conn.execute(pragma)
    return conn


def set_journal(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA journal_mode = TRUNCATE").fetchone()


def patiently(act: Callable[[], T]) -> T:
    """Runs ``act`` again while the file is busy, up to a deadline: an open reader can block a COMMIT for a moment."""
    deadline = time.monotonic() + 2 * BUSY_S
    while True:
        try:
            return act()
        except sqlite3.OperationalError as e:
            if getattr(e, "sqlite_errorcode", 0) & 0xFF not in (5, 6) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def create(path: Path) -> None:
    """Makes a new file and puts it in place whole, so that no half-made file is ever seen; mode 0600."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    _sweep_left(path)
    with _beside(path) as temporary:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        conn = connect(temporary)
        try:
            set_journal(conn)
            upgrade(conn)
        finally:
            conn.close()
        _put_in_place(temporary, path)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name beside ``path`` for a file that is being made; what is left of it and of its journal goes at the end.

    Raises StoreError, about ``path``, where SQLite or the disk fails meanwhile.
    """
    temporary = path.parent / f".{path.name}.{os.getpid()}-{time.monotonic_ns()}.new"
    try:
        yield temporary
    except (OSError, *FAILURES) as e:
        raise unusable(path, e) from None
    finally:
        for name in (temporary, Path(f"{temporary}-journal")):
            with suppress(OSError):
                name.unlink()


def _sweep_left(path: Path) -> None:
    """Removes what a killed creation left behind; one that is being made right now is younger.

    A name may hold what a pattern would take for its own, so the names are compared as they are.
    """
    with suppress(OSError):
        for left in path.parent.iterdir():
            if left.name.startswith(f".{path.name}.") and left.name.endswith((".new", ".new-journal")):
                with suppress(OSError):
                    if system_clock().timestamp() - left.stat().st_mtime > LEFT_S:
                        left.unlink()


def never_made(path: Path) -> bool:
    """Looks at a file of 0 bytes beside a journal: whether nothing was ever committed to it, as the journal itself says.

    SQLite would throw such a journal away as a remnant. Here it is played back onto a copy: a file that comes out
    whole takes the place of the empty one. Raises StoreError where facts were lost that the journal alone cannot give
    back; then both files stay as they are.
    """
    journal = Path(f"{path}-journal")
    try:
        if path.stat().st_size or not journal.stat().st_size:
            return False
    except OSError:
        return False
    _sweep_left(path)
    with _beside(path) as copy:
        copy.touch(0o600)
        copy.write_bytes(bytes(512))  # a journal beside 0 bytes would be deleted unread
        Path(f"{copy}-journal").write_bytes(journal.read_bytes())
        if _played_back(copy):
            with copy.open("rb+") as whole:
                os.fsync(whole.fileno())
            copy.replace(path)  # a kill before the next line: the journal is played back once more, to the same
            journal.unlink()
            return False
        if copy.stat().st_size:
            raise empty(path)
        return True


def fill(path: Path) -> None:
    """Makes a new file of one that was never made; under SQLite's own locks, so that two who do it make one file."""
    try:
        conn = connect(path)
        try:
            if conn.execute("PRAGMA page_count").fetchone() == (0,):
                path.chmod(0o600)
                set_journal(conn)
                upgrade(conn)
        finally:
            conn.close()
    except (OSError, *FAILURES) as e:
        raise unusable(path, e) from None


def _played_back(copy: Path) -> bool:
    """Lets SQLite play the journal back; True where a data file of floorctl with all its pages came of it."""
    conn = None
    try:
        conn = connect(copy)
        (application,) = conn.execute("PRAGMA application_id").fetchone()
        return bool(application == APPLICATION_ID and conn.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except FAILURES:
        return False
    finally:
        if conn is not None:
            conn.close()


def empty(path: Path) -> StoreError:
    return StoreError(
        f"{path.name} は使えません",
        "中身が空です",
        f"控え（{path.name} と同じ場所の backups）から戻すか、--db で正しいファイルを指定してください",
    )


def _put_in_place(temporary: Path, path: Path) -> None:
    """Gives a finished file its name; where another process was faster, its file stands."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError:
        # No hard links here (FAT, some shares). On Windows this refuses to overwrite; elsewhere the race is tiny.
        if not path.exists():
            temporary.rename(path)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def upgrade(conn: sqlite3.Connection) -> None:
    """Brings a file to this version, whole or not at all. Raises NotOurs where more or less stands in it than its own
    version has made, and where something else than this version's schema would come of it."""
    # sqlite-utils takes 80 ms to import; a file that is up to date never needs it.
    from sqlite_utils import Database

    from floorctl.database.migrations import MIGRATIONS

    conn.execute("BEGIN IMMEDIATE")  # applied without it, migrations race
    try:
        (before,) = conn.execute("PRAGMA user_version").fetchone()
        _need_ours(conn, before)  # another process may have been faster: then it is this version's
        MIGRATIONS.apply(Database(conn, execute_plugins=False))
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        _need_ours(conn, SCHEMA_VERSION)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _need_ours(conn: sqlite3.Connection, version: int) -> None:
    wrong = difference(conn.execute(schema.SCHEMA_SQL).fetchall(), version)
    if wrong is not None:
        raise NotOurs(wrong)
    if version and schema.wrong_migrations(conn.execute(schema.MIGRATED_SQL).fetchall(), version):
        raise NotOurs(None)


class NotOurs(Exception):
    """A file of an older version that does not become one of this version: ``difference``, or its migrations' notes."""

    def __init__(self, difference: schema.Difference | None) -> None:
        super().__init__("not ours")
        self.difference = difference


def difference(rows: schema.Rows, version: int) -> schema.Difference | None:
    """How the schema of a file, rows of ``SCHEMA_SQL``, differs from that of a version; None where it does not."""
    if schema.digest(rows, version) == schema.DIGESTS.get(version):
        return None
    return schema.difference(rows, reference_schema(version), version)


def reference_schema(version: int) -> schema.Rows:
    """The schema that the migrations up to a version make here, read back from a file in memory.

    Needed where a file differs from the digest alone: to say in which way, and since a later sqlite-utils may word its
    own table in another way.
    """
    from sqlite_utils import Database

    from floorctl.database.migrations import MIGRATIONS

    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        if version:
            stop = dict(enumerate(schema.MIGRATION_NAMES)).get(version)
            MIGRATIONS.apply(Database(conn, execute_plugins=False), stop_before=stop)
        return conn.execute(schema.SCHEMA_SQL).fetchall()
    finally:
        conn.close()


def not_ours(path: Path, found: schema.Difference | None, what: str = "") -> StoreError:
    """The sentence for a file that holds what no version of floorctl has put there."""
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
    if not path.parent.is_dir():
        raise StoreError(
            f"{path} は使えません",
            f"フォルダ {path.parent} がありません",
            "フォルダを作るか、--db で別の場所を指定してください",
        )


def unusable(path: Path, error: Exception) -> StoreError:
    """The sentence for a failure of SQLite or of the disk."""
    text = str(error).lower()
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    name = path.name
    if "not a database" in text:
        return StoreError(
            f"{name} は使えません", "SQLite のファイルではありません", "--db で正しいファイルを指定してください"
        )
    if "malformed" in text or "corrupt" in text or code == 11 or isinstance(error, UnicodeDecodeError):
        return StoreError(
            f"{name} は使えません", "ファイルが壊れています", "控えから戻してください（floorctl restore）"
        )
    if code in (5, 6):
        return Busy(
            f"{name} に記録できません", "ほかのプログラムがファイルを使い続けています", "少し待ってやり直してください"
        )
    if code == 8 or "readonly" in text or isinstance(error, PermissionError):
        return StoreError(
            f"{name} に記録できません", "書き込みが許されていません", "ファイルとフォルダの権限を確かめてください"
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
