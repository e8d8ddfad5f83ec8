"""The backup at every close: two files in turn, each carried on from its last fact.

Only new facts are copied, checked against the chain and read back, so a close costs the same after two years as after
two days. Surnames are not copied: it must be possible to erase them at once.
"""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from floorctl.common import patience
from floorctl.common.data_file_names import BACKUPS, short_name
from floorctl.common.errors import Busy, StoreError
from floorctl.database.file import remove_left
from floorctl.database.store import Store
from floorctl.models.facts.entry import Head
from floorctl.usecases.day_tables import COLUMNS, held


class Kept(NamedTuple):
    """The newest backup now, its head, and the number of facts copied this time."""

    path: Path
    head: Head
    copied: int


def keep(store: Store) -> Kept:
    """Carry the older of the two backups on to the last fact. Raise StoreError.

    A backup that is no beginning of this file (another file's, damaged, with foreign objects) is set aside as
    ``….bad``.
    """
    for finding in store.schema_findings():
        raise StoreError("控えを作れません", finding.text, "floorctl doctor で調べてください")
    folder = make_folder(store.path)
    with patience.together():
        both = [folder / f"{short_name(store.path)}-{x}.db" for x in "ab"]
        for path in (store.path, *both):
            remove_left(path)
        places = {path: _place(path, store) for path in both if not _is_held(path)}
        found = {path: place for path, place in places.items() if place is not None}
        if not found:
            why = f"{both[0].name} と {both[1].name} をほかのプログラムが開いています"
            raise StoreError("控えを作れません", why, "閉じるか少し待って、もう一度実行してください")
        newest = max(found, key=lambda path: found[path])
        if found[newest] == store.head().seq:
            return Kept(newest, store.head(), 0)
        oldest = min(found, key=lambda path: found[path])
        if found[oldest] < 0:
            _set_aside(oldest)
        return _carry_on(oldest, store)


def _is_held(path: Path) -> bool:
    """Return whether Windows lets nobody open a backup for now: that says nothing of what it holds."""
    if not patience.on_windows():  # where closing a handle drops SQLite's locks
        return False
    try:
        patience.open_to_read(path).close()
    except OSError as error:
        return patience.is_held(error)
    return False


def make_folder(path: Path) -> Path:
    """Return the folder of backups beside a data file, created for its owner alone. Raise StoreError."""
    folder = path.resolve().parent / BACKUPS
    try:
        patience.make_folder(folder, 0o700)
    except OSError:
        why = f"フォルダー {BACKUPS} を作れません"
        raise StoreError("控えを作れません", why, "ファイルのあるフォルダーの権限と空きを確かめてください") from None
    return folder


def _place(path: Path, store: Store) -> int | None:
    """Return the last fact of a backup: 0 if there is none, -1 if it is no beginning of this file; None if it is in use."""
    if not path.exists():
        return 0
    try:
        with closing(Store(path)) as backup:
            if backup.schema_findings():
                return -1
            head = backup.head()
    except Busy:
        return None  # that says nothing of what it holds
    except StoreError:
        return -1
    return head.seq if head.seq == 0 or store.hash_at(head.seq) == head.hash else -1


def _set_aside(path: Path) -> None:
    """Rename a backup to an unused name, with its journal, which SQLite would play into the next file of that name."""
    bad = next(
        b for n in range(1, 10_000) if not (b := path.with_name(f"{path.name}.bad{n if n > 1 else ''}")).exists()
    )
    with suppress(OSError):
        patience.replace(path, bad)
        patience.replace(path.with_name(f"{path.name}-journal"), bad.with_name(f"{bad.name}-journal"))


def _carry_on(path: Path, store: Store) -> Kept:
    """Copy the new facts and derived rows into a backup and verify it. Raise StoreError."""
    with closing(Store(path, create=True)) as backup:
        before = backup.head()
        with backup.write() as pen:
            if origin := store.origin():
                pen.note_origin(*origin)
            while rows := store.sealed_rows(pen.head.seq):
                for row in rows:
                    if not pen.copy(row):
                        why = f"記録のつながりが通し番号 {row[0]} で切れています"
                        raise StoreError("控えを作れません", why, "floorctl doctor で調べてください")
            # Derived rows written meanwhile, of facts not copied yet, are left for the next backup.
            span = (before.seq, pen.head.seq)
            for (day,) in store.query(
                "SELECT day FROM main.days WHERE built_to > ? AND built_to <= ? ORDER BY day", *span
            ):
                pen.replace_rows(day, COLUMNS, held(store, date.fromisoformat(day)))
        after = backup.head()
        if backup.verify_chain(before) or store.hash_at(after.seq) != after.hash:
            what = f"控え {path.name} を確かめられません"
            raise StoreError(what, "書いたものと読んだものが違います", "ディスクを確かめて、もう一度締めてください")
    return Kept(path, after, after.seq - before.seq)
