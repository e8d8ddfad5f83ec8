"""The file: one SQLite file that several processes write at once, that no kill half-writes and nobody changes unseen."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.errors import StoreError
from floorctl.database import file as data_file
from floorctl.database.file import APPLICATION_ID, SCHEMA_VERSION
from floorctl.database.hash_chain import GENESIS
from floorctl.database.store import Store
from floorctl.models.facts.entry import Entry, Head
from floorctl.models.facts.own_numbers import Numbers
from floorctl.models.site.site import Site
from tests.story import MONDAY, Desk, a_day, fact, instant
from tests.tampering import tamper

POSIX = pytest.mark.skipif(os.name != "posix", reason="POSIX file modes and signals")
ROOT = Path(__file__).parents[2]


def write(store: Store, *kinds: str, source: str = "feed", at: str = "09:00") -> list[Entry]:
    """One transaction of memos."""
    written = []
    with store.write() as pen:
        for _ in kinds or ("memo.written",):
            n = pen.head.seq + 1
            line = {"id": f"m{n}", "at": instant(at).isoformat(), "kind": "memo.written", "text": f"その{n}"}
            written.append(pen.append(fact(line), source, "test", instant(at)))
    return written


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "floor.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path, create=True)
    yield store
    store.close()


def python(code: str, *args: object, **more: Any) -> subprocess.Popen[str]:
    """Another process, with floorctl and the tests at hand."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, args)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def all_entries(path: Path) -> list[Entry]:
    with closing(Store(path)) as store:
        return store.facts_after(0, 1_000_000)


def healthy(path: Path) -> None:
    """SQLite's check, the schema and the chain of a closed file; and nothing lies beside it."""
    with closing(Store(path)) as store:
        assert store.integrity() == []
        assert store.verify_chain() == []


def beside(path: Path) -> list[str]:
    return sorted(p.name for p in path.parent.iterdir() if p.name != path.name)


# ---- a new file


def test_a_file_that_does_not_exist_reads_as_empty_and_stays_away(path: Path) -> None:
    store = Store(path)
    assert not store.exists
    assert store.day_facts(MONDAY) == store.facts_after(0) == store.register_facts() == store.days() == []
    assert (store.head(), store.count(), store.escalation_numbers()) == (Head(0, GENESIS), 0, Numbers())
    assert (store.integrity(), store.verify_chain(), store.gone()) == ([], [], "")
    with pytest.raises(StoreError), store.write():
        pass
    store.close()
    assert list(path.parent.iterdir()) == []


def test_a_new_file_is_whole(path: Path) -> None:
    Store(path, create=True).close()
    assert beside(path) == []
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        assert {"event", "event_no_update", "event_no_delete", "event_in_order"} <= names
        (strict,) = db.execute("SELECT strict FROM pragma_table_list WHERE name = 'event'").fetchone()
        assert strict == 1
        applied = [name for (name,) in db.execute("SELECT name FROM _sqlite_migrations")]
        assert applied[0] == "0001_event"
    healthy(path)


def test_an_older_file_is_brought_up_to_date(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    with closing(Store(path)) as store:
        write(store)
    healthy(path)


def test_opening_again_changes_nothing(store: Store, path: Path) -> None:
    write(store)
    store.close()
    before = path.read_bytes()
    for create in (True, False):
        Store(path, create=create).close()
    assert path.read_bytes() == before


def test_the_folder_is_made_only_where_it_is_floorctls_own(tmp_path: Path) -> None:
    path = tmp_path / "no" / "such" / "floor.db"
    for create in (True, False):
        with pytest.raises(StoreError, match="フォルダー"):
            Store(path, create=create)
    assert not path.parent.exists()
    Store(path, make_folder=True).close()  # reading makes nothing
    assert not path.parent.exists()
    Store(path, create=True, make_folder=True).close()
    healthy(path)


def test_the_settings_of_every_connection(store: Store, path: Path) -> None:
    again = Store(path)
    for connection in (store._connection(), again._connection()):
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (
                "foreign_keys", "trusted_schema", "cell_size_check", "recursive_triggers", "secure_delete",
                "synchronous", "busy_timeout", "journal_mode",
            )
        }  # fmt: skip
        assert found == {
            "foreign_keys": 1,
            "trusted_schema": 0,
            "cell_size_check": 1,
            "recursive_triggers": 1,
            "secure_delete": 1,
            "synchronous": 2,
            "busy_timeout": 5000,
            "journal_mode": "truncate",
        }
        assert connection.isolation_level is None
    again.close()


# ---- what goes in comes out


def test_facts_come_back_as_they_were(store: Store, path: Path) -> None:
    lines = (
        a_day()
        .opens("08:30", T1="issuance")
        .issues("交B-001", "cert_renewal", "09:00:30.250", cards=2, appointment="10:00", assist=True)
        .finishes("交B-001", "T3", outcome="desk3", work={"photo": 2})
        .tells("memo.written", text='"引用" \\ 㐂𠮷\u2028末')
        .tells("incident.opened", incident="I-1", category="other", summary="x", services=["other"], terminals=["T3"])
        .tells("terminal.staffed", terminal="T3", staff=None)
        .lines
    )
    written = []
    with store.write() as pen:
        for line in lines:
            written.append(pen.append(fact(line), "m-1", "feed", instant("09:00:00.000001")))
    store.close()
    found = all_entries(path)
    assert found == written
    assert [e.seq for e in found] == [1, 2, 3, 4, 5, 6]
    with closing(Store(path)) as again:
        assert again.find("m-1", "f-00002") == written[1]
        assert again.find("m-2", "f-00002") is None
        assert again.by_seq(3) == written[2]
        assert again.day_facts(MONDAY, after=4) == written[4:]
        assert again.register_facts() == [written[4]]
        assert again.days() == [MONDAY]
        assert again.head() == again.head(MONDAY) == Head(6, again.hash_at(6) or "")
        assert again.head(date(2026, 9, 15)) == Head(0, GENESIS)


def test_a_fact_belongs_to_its_day_in_japan(store: Store) -> None:
    with store.write() as pen:
        for n, at in enumerate(("2026-09-13T14:59:59Z", "2026-09-13T15:00:00Z", "2026-09-14T23:59:59.9+09:00")):
            line = {"id": str(n), "at": at, "kind": "memo.written", "text": "x"}
            pen.append(fact(line), "feed", "feed", instant("09:00"))
    assert store.days() == [date(2026, 9, 13), MONDAY]
    assert [e.fact.id for e in store.day_facts(MONDAY)] == ["1", "2"]


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    write(store)
    with pytest.raises(ZeroDivisionError), store.write() as pen:
        pen.append(
            fact({"id": "x", "at": "2026-09-14T09:00:00+09:00", "kind": "day.closed"}), "feed", "feed", instant("9:00")
        )
        raise ZeroDivisionError
    assert store.count() == 1
    write(store)
    assert store.verify_chain() == []


# ---- facts are never changed


CHANGES = {
    "update": "UPDATE event SET data = '{}' WHERE seq = 1",
    "update of the hash": "UPDATE event SET hash = 'x'",
    "delete": "DELETE FROM event WHERE seq = 2",
    "replace by number": "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 1",
    "replace by id": "INSERT OR REPLACE INTO event SELECT 4, id, source, at, day, recorded_at, actor, kind, '{}', hash "
    "FROM event WHERE seq = 1",
    "update or replace": "UPDATE OR REPLACE event SET id = 'm1' WHERE seq = 2",
    "a gap": "INSERT INTO event SELECT 9, 'new', source, at, day, recorded_at, actor, kind, data, hash FROM event "
    "WHERE seq = 1",
    "before all": "INSERT INTO event SELECT -1, 'new', source, at, day, recorded_at, actor, kind, data, hash FROM event "
    "WHERE seq = 1",
    "the same id": "INSERT INTO event SELECT 4, id, source, at, day, recorded_at, actor, kind, data, hash FROM event "
    "WHERE seq = 1",
}


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_append_only_by_trigger_for_floorctl_and_for_any_other_program(store: Store, path: Path, sql: str) -> None:
    write(store, "a", "b", "c")
    before = store.facts_after(0)
    with closing(sqlite3.connect(path, isolation_level=None)) as plainly:  # without floorctl's pragmas
        for connection in (store._connection(), plainly):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(sql)
    assert store.facts_after(0) == before
    assert store.verify_chain() == []


def tampered(path: Path, *sql: str) -> Path:
    """A copy of the file whose triggers were taken away, changed and put back."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    tamper(copy, *sql)
    return copy


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        (["DELETE FROM event WHERE seq = 3"], 4),
        (["DELETE FROM event WHERE seq = 1"], 2),
        (["DELETE FROM event WHERE seq = 3", "UPDATE event SET seq = seq - 1 WHERE seq > 3"], 3),
        (["UPDATE event SET seq = 99 WHERE seq = 2", "UPDATE event SET seq = 2 WHERE seq = 3",
          "UPDATE event SET seq = 3 WHERE seq = 99"], 2),
    ],
)  # fmt: skip
def test_the_chain_finds_what_is_missing_or_moved(store: Store, path: Path, sql: list[str], seq: int) -> None:
    write(store, *"abcde")
    with closing(Store(tampered(path, *sql))) as changed:
        (finding,) = changed.verify_chain()
    assert f" {seq} " in finding.text


# ---- files that cannot be used


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA application_id = 42")
        db.execute("CREATE TABLE customers (name TEXT)")
        db.commit()


def foreign_wal(path: Path) -> None:
    """The database of another program that uses WAL."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE customers (name TEXT)")
        db.commit()


def newer(path: Path) -> None:
    Store(path, create=True).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def damaged_header(path: Path) -> None:
    Store(path, create=True).close()
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 84 + path.read_bytes()[100:])


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "foreign": (foreign, "floorctl のデータファイルではありません"),
    "foreign_wal": (foreign_wal, "floorctl のデータファイルではありません"),
    "newer": (newer, "新しい版"),
    "damaged header": (damaged_header, ""),
    "empty": (Path.touch, "空"),
    "text": (lambda path: path.write_text("これは一覧です。" * 200), "SQLite のファイルではありません"),
    "short text": (lambda path: path.write_text("x"), ""),
    "folder": (Path.mkdir, "フォルダー"),
}


@pytest.mark.parametrize(("make", "why"), UNUSABLE.values(), ids=UNUSABLE)
@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_not_ours_is_refused_and_left_alone(
    path: Path, make: Callable[[Path], object], why: str, create: bool
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as caught:
        Store(path, create=create)
    assert caught.value.exit_status == 3
    assert why in caught.value.sentence
    assert caught.value.sentence.endswith("。")
    assert (path.read_bytes() if path.is_file() else None) == before
    assert beside(path) == []


@pytest.mark.parametrize("cut", [False, True])
def test_a_file_that_is_damaged_or_cut_short_is_found_or_refused(store: Store, path: Path, cut: bool) -> None:
    for _ in range(40):
        write(store, *"abcdefghij")
    store.close()
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:-5000] if cut else data[:middle] + b"\x5a" * 6000 + data[middle + 6000 :])
    try:
        with closing(Store(path)) as broken:
            assert "damaged" in [f.code for f in [*broken.integrity(), *broken.verify_chain()]]
    except StoreError as e:
        assert e.exit_status == 3


def test_a_row_that_is_no_fact_is_said_not_raised(store: Store, path: Path) -> None:
    write(store, "a", "b")
    for change in (
        "data = 'no json'",
        "data = '{}'",
        "data = '[]'",
        "data = 'null'",
        "at = 'yesterday'",
        "kind = 'no.kind'",
        "kind = 'day.reopened', data = '[]'",
        """kind = 'demand.imported', data = '{"months":null}'""",
        """kind = 'ticket.finished', data = '{"ticket":"B1","terminal":"T3","work":"photo"}'""",
        """kind = 'incident.restored', data = '{"incident":"I-1","restored_at":"9999-12-31T23:59:00-12:00"}'""",
    ):
        copy = tampered(path, f"UPDATE event SET {change} WHERE seq = 2")
        with closing(Store(copy)) as changed, pytest.raises(StoreError, match="通し番号 2"):
            changed.facts_after(0)


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_said(store: Store, path: Path) -> None:
    store.close()
    path.chmod(0o400)
    with pytest.raises(StoreError, match="権限"), closing(Store(path)) as read_only:
        write(read_only)


# ---- deleted or replaced under us


def test_a_deleted_file_is_said_and_not_made_again(store: Store, path: Path) -> None:
    write(store)
    assert store.gone() == ""
    path.unlink()
    assert "削除" in store.gone()
    with pytest.raises(StoreError, match="削除"):
        write(store)
    assert not path.exists()
    assert [n for n in beside(path) if not n.endswith("-journal")] == []


def test_a_replaced_file_is_said_and_not_written_to(store: Store, path: Path, tmp_path: Path) -> None:
    write(store)
    other = tmp_path / "other.db"
    Store(other, create=True).close()
    other.replace(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="置き換え"):
        write(store)
    store.close()
    assert path.read_bytes() == before
    healthy(path)


# ---- following


def test_data_version_changes_when_the_file_does(store: Store, path: Path) -> None:
    other = Store(path)
    versions = [store.data_version()]
    assert store.data_version() == versions[0]
    store.facts_after(0)
    other.facts_after(0)
    assert store.data_version() == versions[0]
    for act in (lambda: write(other), lambda: write(store), lambda: write(other)):
        act()
        versions.append(store.data_version())
        assert store.data_version() == versions[-1]
    assert len(set(versions)) == 4
    other.close()


# ---- several at once


MANY_WRITES = """
import sys, time
from pathlib import Path
from floorctl.database.store import Store
from tests.story import fact, instant
path, name, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
store = Store(path, create=True)
for k in range(n):
    with store.write() as pen:
        for part in range(1 + k % 3):
            line = {"id": f"{k}.{part}", "at": instant("09:00").isoformat(), "kind": "memo.written", "text": "x"}
            pen.append(fact(line), name, name, instant("09:00"))
"""


@pytest.mark.parametrize("exists", [True, False])
def test_processes_that_write_at_once_lose_nothing(path: Path, exists: bool) -> None:
    """Each waits for the other; with no file yet, one makes it and both write to that one."""
    if exists:
        Store(path, create=True).close()
    writers = [python(MANY_WRITES, path, f"w{n}", 80, stdin=subprocess.PIPE) for n in range(2)]
    for w in writers:
        assert w.stdout is not None
        assert w.stdout.readline() == "ready\n"
    for w in writers:
        assert w.stdin is not None
        w.stdin.write("go\n")
        w.stdin.flush()
    for w in writers:
        _, err = w.communicate(timeout=50)
        assert (w.returncode, err) == (0, ""), err
    entries = all_entries(path)
    for name in ("w0", "w1"):
        mine = [e.fact.id for e in entries if e.source == name]
        assert mine == [f"{k}.{part}" for k in range(80) for part in range(1 + k % 3)]
    # Whole transactions: nobody writes between the facts of one act.
    acts = [(e.source, e.fact.id.split(".")[0]) for e in entries]
    assert sum(a != b for a, b in pairwise(acts)) == 159
    healthy(path)
    assert beside(path) in ([], ["floor.db-journal"])


@pytest.mark.parametrize("holds", ["BEGIN IMMEDIATE", "BEGIN"], ids=["another writer", "a long reader"])
def test_a_writer_waits_until_the_file_is_free(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch, holds: str
) -> None:
    write(store)
    store._connection().execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(holds)
        other.execute("SELECT * FROM event").fetchall()
        looks = []

        def waits(_: float) -> None:
            looks.append(store.count() if holds == "BEGIN IMMEDIATE" else 1)
            if len(looks) == 3:
                other.execute("COMMIT")

        monkeypatch.setattr(time, "sleep", waits)
        write(store)
    assert looks == [1, 1, 1], "the file changed under whoever held it, or nobody waited"
    assert store.count() == 2


def test_a_reader_that_never_ends_is_said_and_nothing_is_written(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_file, "BUSY_S", 0.1)
    store._connection().execute("PRAGMA busy_timeout = 50")
    write(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM event").fetchall()
        with pytest.raises(StoreError, match="ほかのプログラム"):
            write(store)
    assert store.count() == 1
    write(store)
    assert store.verify_chain() == []


def test_opening_the_file_again_keeps_the_lock_of_a_write(store: Store, path: Path) -> None:
    """POSIX drops all locks of a process on a file when any of its handles is closed: only SQLite may open it."""
    tries = """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0)
        try:
            db.execute("BEGIN IMMEDIATE")
            print("free")
        except sqlite3.OperationalError:
            print("locked")
    """
    write(store)
    with store.write() as pen:
        line = {"id": "x", "at": "2026-09-14T09:00:00+09:00", "kind": "day.closed"}
        pen.append(fact(line), "feed", "feed", instant("09:00"))
        Store(path).close()  # another thread of the same program: the demo's feed, a second look
        out, _ = python(tries, path).communicate(timeout=20)
    assert out == "locked\n"


@pytest.mark.parametrize("name", ["床 1.db", "a#b?c=1&d%20.db", "file:x.db", "'quoted'.db", "𠮷.db"])
def test_any_file_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with closing(Store(path, create=True)) as store:
        write(store)
    assert sorted(p.name for p in tmp_path.iterdir() if p.stat().st_size) == [name]
    healthy(path)


# ---- kill -9


KILLED_CREATION = """
import os, signal, sys
from pathlib import Path
from floorctl.database import file as data_file
from floorctl.database import migrations as migrations
from floorctl.database import store as store
path, where = Path(sys.argv[1]), sys.argv[2]
def kill(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)
def then_kill(function):
    def wrapped(*args, **more):
        function(*args, **more)
        kill()
    return wrapped
if where == "before the schema":
    data_file.connect = kill
elif where == "in the schema":
    type(migrations.MIGRATIONS).apply = then_kill(type(migrations.MIGRATIONS).apply)
elif where == "before its name":
    data_file._put_in_place = kill
elif where == "after its name":
    os.link = then_kill(os.link)
elif where == "in the first act":
    store.Writer.append_all = then_kill(store.Writer.append_all)
from floorctl.usecases.session import Session
from floorctl.intake.site_file import load_site
Session(load_site(), path, create=True).act("memo.written", {"text": "first"})
"""


@POSIX
@pytest.mark.parametrize(
    "where", ["before the schema", "in the schema", "before its name", "after its name", "in the first act"]
)
def test_a_kill_in_the_very_first_write_leaves_no_half_made_file(path: Path, where: str, site: Site) -> None:
    child = python(KILLED_CREATION, path, where)
    child.communicate(timeout=50)
    assert child.returncode == -signal.SIGKILL
    assert path.exists() == (where in ("after its name", "in the first act"))
    if path.exists():
        healthy(path)
        assert all_entries(path) == []
    desk = Desk(path, site)
    desk.opens()
    assert desk.floor.is_open
    desk.close()
    healthy(path)


@POSIX
def test_what_a_killed_creation_left_behind_is_cleared_away(path: Path) -> None:
    python(KILLED_CREATION, path, "before its name").communicate(timeout=50)
    left = [p for p in path.parent.iterdir() if p != path]
    assert left, "the killed creation left nothing: nothing is tested"
    Store(path, create=True).close()  # young: it may still be in the making
    assert set(left) <= set(path.parent.iterdir())
    path.unlink()
    for p in left:
        os.utime(p, (time.time() - 3600,) * 2)
    Store(path, create=True).close()
    assert beside(path) == []


def test_what_a_kill_has_left_is_swept_whatever_the_name_of_the_file(tmp_path: Path) -> None:
    """A name may hold what a pattern would take for its own."""
    path = tmp_path / "fl[oo]r*.db"
    old, young, other = (
        tmp_path / f".{name}" for name in (f"{path.name}.1-1.new", f"{path.name}.2-2.new", "flor.db.1-1.new")
    )
    for left in (old, young, other):
        left.touch()
    for left in (old, other):
        os.utime(left, (1e9, 1e9))
    Store(path, create=True).close()
    assert {p.name for p in tmp_path.iterdir()} == {path.name, young.name, other.name}
