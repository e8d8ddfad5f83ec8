"""``floorctl backup`` and ``floorctl restore``: a verified copy of the data file, and its return.

A copy is written under a temporary name, verified (SQLite's check, schema, chain, derived tables equal to a rebuild)
and put in place whole: a kill at any moment leaves the old file or the new one.
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import time
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from floorctl.common import durable, patience
from floorctl.common.data_file_names import ASIDE, JOURNALS
from floorctl.common.errors import Busy, FloorctlError, Refused, StoreError
from floorctl.common.output_file import is_free
from floorctl.database import file_lock as holding
from floorctl.database import heads as heads
from floorctl.database import page_copy as copying
from floorctl.database.file import unusable
from floorctl.database.head_histories import agrees
from floorctl.database.network_share import is_share
from floorctl.database.site_of_file import need_same_site
from floorctl.database.store import Store
from floorctl.models.facts.entry import Head
from floorctl.models.site.site import Site
from floorctl.usecases import day_tables as derived
from floorctl.usecases.daily_backup import make_folder

LEFT_S = 3600  # age (s) from which a temporary copy is the leftover of a killed process
_OTHER = "ほかの控えを指定してください"


class BackedUp(NamedTuple):
    """A finished copy: its path, its last fact, and the number of days whose derived rows were rebuilt in it.

    ``note``: warning if the head could not be noted.
    """

    path: Path
    head: Head
    rebuilt: int
    note: str = ""


class Restored(NamedTuple):
    """A finished restore. ``aside``: the previous file under its new name; ``newer``: facts that only it has.

    ``doubt``: warning if the copy continues none of the heads noted of this file; doctor repeats it.
    """

    path: Path
    head: Head
    aside: Path | None
    newer: int
    names_kept: bool
    rebuilt: int
    note: str = ""
    doubt: str = ""


def back_up(path: Path, site: Site, target: Path | None, now: datetime) -> BackedUp:
    """Copy the data file to ``target`` (a file, or a folder; by default ``backups`` beside the data file).

    Other processes may go on recording. An earlier copy of this file is replaced. Raise FloorctlError; then nothing
    has changed.
    """
    if not path.exists():
        raise Refused("控えを作れません", "データファイルがまだありません", "--db で正しいファイルを指定してください")
    given, target = target, Path(os.path.realpath(_target(path, target, now)))  # a link stays a link
    named_here = given is None or given.is_dir()
    only_same, hold = (False, None) if named_here else _may_replace(path, site, target)
    # SQLite's locks are unreliable on a share: a copy for it is made and verified here, then sent as bytes.
    place = _temporary(target)
    temporary = _temporary(make_folder(path) / target.name) if is_share(target) else place
    try:
        with patience.together():
            copying.copy(path, temporary, target)
            head, rebuilt = _prove(temporary, site, "控えを作れません", "floorctl doctor で調べてください")
            durable.sync(temporary)
            if temporary != place:
                _send(temporary, place)
            if only_same and not _equal(place, target):
                raise _no_copy(target)
            patience.replace(place, target)
            durable.sync(target.parent)
    except OSError as e:
        raise unusable(target, e) from None
    finally:
        _sweep(temporary)
        _sweep(place)
        if hold is not None:
            hold.close()
    note = heads.add(path, heads.backup(now, head, target.name if named_here else ""))
    return BackedUp(target, head, rebuilt, note)


def _send(source: Path, place: Path) -> None:
    """Copy a verified copy to another disk and read it back. Raise StoreError if it differs."""
    patience.patiently(lambda: shutil.copyfile(source, place))
    durable.sync(place)
    if not _equal(source, place):
        what = "控えを作れません"
        raise StoreError(what, "書いたものと読んだものが違います", "媒体と接続を確かめて、もう一度実行してください")


def _equal(a: Path, b: Path) -> bool:
    return patience.patiently(lambda: filecmp.cmp(a, b, shallow=False))


def _target(path: Path, target: Path | None, now: datetime) -> Path:
    """Return the file to write; names in a folder sort by date."""
    folder = make_folder(path) if target is None else target if target.is_dir() else None
    if folder is not None:
        return _free(folder, f"{path.stem}-{now:%Y%m%d-%H%M%S}", ".db")
    assert target is not None
    if not target.parent.is_dir():
        raise FloorctlError(
            "控えを作れません",
            f"フォルダー {target.parent} がありません",
            "フォルダーを作るか、別の場所を指定してください",
        )
    return target


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """Return a name that no file has, with ``_2``, ``_3`` … if need be."""
    n, found = 1, folder / f"{stem}{suffix}"
    while found.exists():
        n += 1
        found = folder / f"{stem}_{n}{suffix}"  # sorts after the one without a number
    return found


def _may_replace(path: Path, site: Site, target: Path) -> tuple[bool, holding.Hold | None]:
    """Raise Refused unless ``target`` is free, or an earlier copy of this file that nobody has open.

    Return whether it may only be replaced by the bytes that it already has (a file without facts may be anybody's),
    and the lock that keeps it closed meanwhile.
    """
    what, do = f"{target.name} には控えを作れません", "別の名前を指定してください"
    if target.exists() and target.samefile(path):
        raise Refused(what, "データファイルそのものです", do)
    if is_free(target, [path]):
        return False, None
    # Heads are noted beside a file in use, never beside a copy; a copy has no surnames.
    if heads.place(target).exists():
        raise _no_copy(target)
    try:
        theirs = copying.inspect(target)
        with closing(Store(path)) as store:
            ours = not theirs.surnames and theirs.site in ("", (store.origin() or (site.code,))[0])
            ours = ours and (theirs.head.seq == 0 or store.hash_at(theirs.head.seq) == theirs.head.hash)
    except StoreError:
        ours = False
    if not ours:
        raise _no_copy(target)
    try:
        # No data file is opened on a share, where locks are unreliable.
        return theirs.head.seq == 0, None if is_share(target) else holding.exclusive(target)
    except Refused:
        raise Refused(what, "盤面か ingest が開いています", do) from None


def _no_copy(target: Path) -> Refused:
    """Return the refusal to replace a file that is no copy of this one."""
    what = f"{target.name} には控えを作れません"
    return Refused(what, "このデータファイルの控えではないファイルがもうあります", "別の名前を指定してください")


def restore(path: Path, site: Site, source: Path, now: datetime, *, may_make_folder: bool = False) -> Restored:
    """Put a verified copy of ``source`` in the place of the data file, which is kept aside under a dated name.

    No copy has surnames: those of the present file, if readable, are carried over and erased from the file kept aside.
    Raise Refused if a console or an ingest holds the file, StoreError if the copy cannot be used.
    """
    if not source.exists():
        raise Refused("控えから戻せません", f"{source.name} がありません", "控えのファイルを指定してください")
    if path.exists() and source.samefile(path):
        raise Refused("控えから戻せません", "データファイルそのものです", "控えのファイルを指定してください")
    if may_make_folder:
        with suppress(OSError):
            patience.make_folder(path.parent)
    if not path.parent.is_dir():
        raise StoreError(
            f"{path} は使えません", f"フォルダー {path.parent} がありません", "フォルダーを作ってから戻してください"
        )
    with patience.together():
        return _restored(path.resolve(), site, source, now)


def _restored(path: Path, site: Site, source: Path, now: datetime) -> Restored:
    hold = holding.exclusive(path)
    temporary = _temporary(path)
    try:
        try:
            copying.copy(source, temporary, path)
        except StoreError as e:
            raise StoreError(e.what, e.why, _OTHER if e.what.startswith(source.name) else e.do) from None
        head, rebuilt = _prove(temporary, site, f"{source.name} からは戻せません", _OTHER)
        there = _beside(path, temporary, head)
        if there.names:
            with closing(Store(temporary)) as store, store.write() as pen:
                for code, name in there.names.items():
                    pen.name(code, name)
        durable.sync(temporary)
        # Noted before the exchange: after a kill between the two, doctor must not report the abandoned facts as missing.
        note = heads.add(path, heads.restore(now, head, there.head, apart=there.apart))
        aside = _exchange(path, temporary, now)
    except OSError as e:
        raise unusable(path, e) from None
    finally:
        _sweep(temporary)
        if hold is not None:
            hold.close()
    doubt = ""
    if there.apart:
        doubt = (
            f"{source.name} は、このファイルについて書き留めたどの照合値ともつながりません（別の履歴か、書き換えられたものです）。"
            "報告書に印刷された値を floorctl doctor --head で照らしてください。"
        )
    return Restored(path, head, aside, there.newer, _erased(aside), rebuilt, note, doubt)


def _prove(temporary: Path, site: Site, what: str, do: str) -> tuple[Head, int]:
    """Open a copy, migrate it, rebuild wrong derived rows and verify it. Raise StoreError.

    Return its head and the number of days rebuilt.
    """
    try:
        opened = Store(temporary, create=True)
    except StoreError as e:
        raise StoreError(what, e.why, do) from None
    with closing(opened) as store:
        for finding in [*store.integrity(), *store.verify_chain()]:
            raise StoreError(what, finding.text, do)
        need_same_site(store, site, what)
        wrong = _wrong(store, site)
        if wrong:
            # Derived rows can be rebuilt: either the site file has changed, or somebody has edited them.
            with store.write() as pen:
                for day, rows in wrong.items():
                    pen.replace_rows(str(day), derived.COLUMNS, rows)
            if _wrong(store, site):
                raise StoreError(what, "集計表を記録から作り直せません", do)
        return store.head(), len(wrong)


def _wrong(store: Store, site: Site) -> dict[date, derived.Rows]:
    """Return the days whose derived rows differ from those of their facts, with the right rows.

    A day without facts has none.
    """
    register = store.register_facts()
    found: dict[date, derived.Rows] = {}
    for day, n in derived.built(store).items():
        none: derived.Rows = {table: [] for table in derived.COLUMNS}
        rows = derived.rebuilt(store, site, day, register, n) if n >= 0 else none
        if not derived.same(derived.held(store, day), rows):
            found[day] = rows
    return found


def _exchange(path: Path, temporary: Path, now: datetime) -> Path | None:
    """Replace the file by the copy and return its new name; its old name exists at every moment."""
    aside = _free(path.parent, f"{path.stem}-{ASIDE}-{now:%Y%m%d-%H%M%S}", path.suffix)
    if path.exists():
        for left in _aside(path):
            if left.samefile(path):  # second name left by a restore that was killed, or refused, before its end
                patience.unlink(left)  # Windows removes no name of a file that is open: before it is locked
    release, there = (copying.lock_out(path), True) if path.exists() else (_nothing, False)
    moved: list[tuple[Path, Path]] = []
    try:
        if there:
            _second(path, aside)
        for end in JOURNALS:
            beside = Path(f"{path}{end}")
            if beside.exists() and beside.stat().st_size:
                # Journal of a file that SQLite could not open, or that is gone: it must not be played into the copy.
                patience.replace(beside, Path(f"{aside}{end}"))
                moved.append((Path(f"{aside}{end}"), beside))
        if patience.on_windows():  # an open file cannot be replaced there, by no one: what was recorded is in ``aside``
            release()
            if there and not aside.samefile(path) and not _equal(path, aside):
                raise Busy(f"{path.name} は使われています", "戻すあいだに記録されました", "もう一度実行してください")
        patience.replace(temporary, path)
        durable.sync(path.parent)
    except (OSError, Busy):
        _undo(aside if there else None, path, moved)
        raise
    finally:
        release()
    return aside if there else None


def _second(path: Path, aside: Path) -> None:
    """Give the file a second name, or copy it where the disk has none."""
    try:
        patience.link(path, aside, patience.BRIEF_S)
    except OSError:
        patience.patiently(lambda: shutil.copy2(path, aside))
        durable.sync(aside)


def _undo(aside: Path | None, path: Path, moved: list[tuple[Path, Path]]) -> None:
    """Put back what an exchange has moved that could not be finished: the file is as it was, alone."""
    with suppress(OSError):
        for there, here in moved:
            patience.replace(there, here)
        if aside is not None and path.exists():
            patience.unlink(aside, missing_ok=True)


def _nothing() -> None: ...


def _aside(path: Path) -> list[Path]:
    """Return the files that restores of a data file have kept aside."""
    return [x for x in _in(path.parent, f"{path.stem}-{ASIDE}-") if x.suffix == path.suffix]


class _There(NamedTuple):
    """The present file compared with a copy: facts that only it has, surnames, head (None: unreadable).

    ``apart``: neither it nor any noted head shows that the copy is of the same history.
    """

    newer: int
    names: dict[str, str]
    head: Head | None
    apart: bool


def _beside(path: Path, copy: Path, head: Head) -> _There:
    """Compare the present file with a verified copy that ends with ``head``."""
    noted = heads.read(path)
    with closing(Store(copy)) as source:
        try:
            with closing(Store(path)) as store:
                if store.exists:
                    ours = head.seq == 0 or store.hash_at(head.seq) == head.hash
                    newer = max(0, store.head().seq - head.seq) if ours else store.head().seq
                    apart = not agrees(noted, source.hash_at, head, store.hash_at, store.head())
                    return _There(newer, store.surnames(), store.head(), apart)
        except StoreError as e:
            if isinstance(e, Busy) and patience.on_windows():  # what it holds cannot be told now; it must not be lost
                raise
        return _There(0, {}, None, not agrees(noted, source.hash_at, head, None, head))


def erase_names_aside(path: Path) -> int:
    """Erase the surnames in all files that restores have kept aside; return how many could not be opened."""
    return sum(not _erased(left) for left in _aside(path.resolve()))


def _erased(aside: Path | None) -> bool:
    """Erase the surnames in a file kept aside; return False if it cannot be opened and may hold some."""
    if aside is None or aside.stat().st_size == 0:
        return True
    try:
        with closing(Store(aside)) as store:
            if store.surnames():
                store.erase_surnames()
    except StoreError:
        return False
    return True


# ---- files


def _in(folder: Path, start: str) -> list[Path]:
    """Return the files of a folder whose names begin with ``start``, taken literally."""
    return [x for x in folder.iterdir() if x.name.startswith(start)]


def _temporary(target: Path) -> Path:
    """Return a temporary name beside ``target``, and remove old leftovers of killed processes.

    For a dated name, leftovers of all copies of the same file are removed: that name never comes again.
    """
    dated = re.fullmatch(r"(.+)-\d{8}-\d{6}(?:_\d+)?\.db", target.name)
    named = re.escape(dated[1]) + r"-\d{8}-\d{6}(?:_\d+)?\.db" if dated else re.escape(target.name)
    copy = re.compile(rf"\.{named}\.\d+-\d+\.copy(?:-journal)?")
    for left in _in(target.parent, "."):
        with suppress(OSError):
            if copy.fullmatch(left.name) and durable.is_left(left, LEFT_S):
                patience.unlink(left, seconds=0)
    return target.with_name(f".{target.name}.{os.getpid()}-{time.monotonic_ns()}.copy")


def _sweep(temporary: Path) -> None:
    for name in (temporary, Path(f"{temporary}-journal")):
        with suppress(OSError):
            patience.unlink(name)
