"""A file that is only read: nothing is written to it or beside it, no lock is held, and what cannot be read is said."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from floorctl.common.errors import Busy, StoreError
from floorctl.database import file as data_file
from floorctl.database import file_lock
from floorctl.database.store import Store
from floorctl.models.site.site import Site
from floorctl.usecases.backup_restore import back_up, restore
from floorctl.usecases.period_reports import month_of, record_of
from floorctl.usecases.session import Session
from tests.database.test_migrations import file_of_version_1
from tests.story import MONDAY, Desk, a_day, instant


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Desk:
    """A morning of the day before, never closed, and one of today, in a file that nobody has open."""
    desk = Desk(tmp_path / "floor.db", site, day=MONDAY)
    desk.opens()
    desk.does("ticket.issued", ticket="B001", service="cert_renewal")
    desk.at("08:30", MONDAY + timedelta(days=1)).opens()
    desk.close()
    return desk


def traces(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder, with the time of its last change and its bytes."""
    return {
        str(p.relative_to(folder)): (p.stat().st_mtime_ns, p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def reader(desk: Desk) -> Session:
    return Session(desk.site, desk.path, clock=desk.clock, actor="console", read_only=True)


def refused(path: Path) -> str:
    """The sentence with which a file is not opened to be read; nothing has changed."""
    before = traces(path.parent)
    with pytest.raises(StoreError) as caught:
        Store(path, read_only=True)
    assert traces(path.parent) == before
    return caught.value.sentence


def test_reading_everything_changes_no_byte_and_leaves_no_file(desk: Desk) -> None:
    before = traces(desk.path.parent)
    with closing(reader(desk)) as session:
        assert session.floor(MONDAY).tickets.keys() == {"B001"}
        assert [d.isoformat() for d in session.store.days()] == ["2026-09-14", "2026-09-15"]
        session.register()
        # A day that was never closed has no derived rows: they are made in memory.
        read = record_of(session, month_of(MONDAY))
        assert session.store.query("SELECT day FROM main.days") == []
        assert traces(desk.path.parent) == before, "while it is open"
    assert traces(desk.path.parent) == before
    with closing(Session(desk.site, desk.path, clock=desk.clock)) as writing:
        assert record_of(writing, month_of(MONDAY)) == read


def test_a_file_that_another_program_holds_is_not_read_and_nothing_was_to_be_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_file, "BUSY_S", 0.0)
    words = "（ほかのプログラムがファイルを使い続けています）。少し待ってやり直してください。"
    with closing(reader(desk)) as session, closing(sqlite3.connect(desk.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for look in (lambda: reader(desk), session.store.data_version, lambda: Store(desk.path)):
            with pytest.raises(Busy) as caught:
                look()
            assert caught.value.sentence == f"floor.db は読めません{words}"
        with pytest.raises(Busy) as caught:
            Store(desk.path, create=True)
        assert caught.value.sentence == f"floor.db に記録できません{words}"


def test_what_would_write_is_refused_by_the_store_and_by_sqlite(desk: Desk) -> None:
    before = traces(desk.path.parent)
    with closing(reader(desk)) as session:
        for act in (
            lambda: session.act("memo.written", {"text": "x"}),
            session.undo,
            session.store.erase_surnames,
        ):
            with pytest.raises(
                StoreError, match=r"見るだけで開いています.*記録する盤面（floorctl console）でしてください"
            ):
                act()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            session.store._connection().execute("DELETE FROM surname")
        session.floor()
    assert traces(desk.path.parent) == before


def test_it_follows_the_writer_and_keeps_it_from_nothing(desk: Desk) -> None:
    """Between two reads no lock is held: a writer that waits for nobody goes on at once."""
    with closing(reader(desk)) as session, closing(desk.beside().session) as writer:
        for n in range(1, 4):
            version = session.store.data_version()
            session.refresh()
            session.floor(), session.register(), session.store.surnames()
            with closing(sqlite3.connect(desk.path, timeout=0, isolation_level=None)) as hasty:
                hasty.execute("BEGIN EXCLUSIVE")
                hasty.execute("ROLLBACK")
            writer.act("memo.written", {"text": f"その{n}"})
            assert session.store.data_version() != version
            session.refresh()
            assert len(session.floor().memos) == n


def test_it_is_no_reason_to_refuse_a_restore_and_says_that_the_file_is_another(desk: Desk, tmp_path: Path) -> None:
    copy = back_up(desk.path, desk.site, tmp_path / "copy.db", instant("09:00")).path
    with closing(reader(desk)) as session:
        hold = file_lock.exclusive(desk.path)
        assert hold is not None
        hold.close()
        restore(desk.path, desk.site, copy, instant("09:00"))
        assert session.store.gone() == "別のファイルに置き換えられました"
        assert session.floor(MONDAY).tickets.keys() == {"B001"}, "what it has open is still whole"


# ---- files that cannot be only read ----------------------------------------------------------------------------------


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    for path in (tmp_path / "floor.db", folder / "floor.db"):
        with pytest.raises(StoreError, match=r"floor\.db がありません（見るだけの画面はファイルを作りません）"):
            Store(path, read_only=True)
    assert list(tmp_path.iterdir()) == []


def _older(path: Path) -> None:
    file_of_version_1(path, a_day().opens("08:30"))


def _empty(path: Path) -> None:
    path.touch()


def _empty_beside_a_journal(path: Path) -> None:
    """SQLite deletes such a journal, which may hold all that is left of the facts."""
    path.touch()
    Path(f"{path}-journal").write_bytes(b"\xd9" * 600)


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (x)")


def _no_database(path: Path) -> None:
    path.write_text("名簿\n" * 500, encoding="utf-8")


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_older, "前の版の floorctl の形式（1）で、見るだけの画面はファイルを変えません"),
        (_empty, "中身が空です"),
        (_empty_beside_a_journal, "中身が空です"),
        (_foreign, "floorctl のデータファイルではありません"),
        (_no_database, "SQLite のファイルではありません"),
        (_folder, "フォルダーです"),
    ],
)
def test_what_cannot_be_read_stays_as_it_is(tmp_path: Path, make: Callable[[Path], None], said: str) -> None:
    make(tmp_path / "floor.db")
    assert said in refused(tmp_path / "floor.db")


def test_a_file_in_wal_mode_would_get_files_beside_it(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
    assert "WAL 形式" in refused(desk.path)
    with closing(sqlite3.connect(desk.path)) as other:  # while another program has it open, too
        other.execute("PRAGMA user_version").fetchone()
        assert "記録する盤面（floorctl console）を一度開くと" in refused(desk.path)
    with closing(Store(desk.path, create=True)):
        pass
    with closing(Store(desk.path, read_only=True)) as read:
        assert read.count() == 3


def test_a_file_that_is_put_into_wal_mode_while_it_is_read(desk: Desk) -> None:
    with closing(Store(desk.path, read_only=True)) as read:
        read.data_version()
        with closing(sqlite3.connect(desk.path)) as other:
            other.execute("PRAGMA journal_mode = WAL")
        with pytest.raises(StoreError, match="WAL 形式"):
            read.data_version()
        assert {p.name for p in desk.path.parent.iterdir()} <= {"floor.db", "floor.db-journal"}


def test_what_a_killed_writer_has_left_is_mended_by_who_writes(desk: Desk, tmp_path: Path) -> None:
    """Its journal must be played back into the file before anybody can read it."""
    killed = tmp_path / "killed"
    killed.mkdir()
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = TRUNCATE")
        writer.execute("PRAGMA cache_size = 1")  # pages go to the file before the end of the transaction
        writer.execute("BEGIN IMMEDIATE")
        writer.executemany("INSERT INTO surname VALUES (?, ?)", ((f"S{n}", "x" * 500) for n in range(200)))
        for name in ("floor.db", "floor.db-journal"):
            shutil.copy(desk.path.with_name(name), killed / name)
        writer.execute("ROLLBACK")
    assert (killed / "floor.db-journal").stat().st_size
    assert "書き込みの途中で終わったプログラムがあり" in refused(killed / "floor.db")
    with closing(Store(killed / "floor.db", create=True)):
        pass
    with closing(Store(killed / "floor.db", read_only=True)) as read:
        assert read.count() == 3


def test_a_file_that_stays_busy_cannot_be_read(tmp_path: Path) -> None:
    """Who only reads is not told that something could not be recorded."""
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    told = data_file.unread(tmp_path / "floor.db", busy)
    assert isinstance(told, Busy)
    assert told.sentence.startswith("floor.db は読めません（ほかのプログラムがファイルを使い続けています）")
