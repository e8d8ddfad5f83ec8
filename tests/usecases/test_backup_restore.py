"""Backup and restore: what a copy holds and what not, who stands in the way, and that no kill leaves half a file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from floorctl.common.data_file_names import ASIDE
from floorctl.common.errors import FloorctlError, Refused, StoreError
from floorctl.database import file as data_file
from floorctl.database import file_lock as holding
from floorctl.database import network_share as places
from floorctl.database import page_copy as copying
from floorctl.database.file import APPLICATION_ID, SCHEMA_VERSION
from floorctl.database.store import Store
from floorctl.models.facts.entry import Head
from floorctl.models.site.site import Site
from floorctl.usecases import backup_restore as copies
from floorctl.usecases.backup_restore import back_up, restore
from floorctl.usecases.closing import close
from floorctl.usecases.doctor import examine
from floorctl.usecases.imports import import_roster
from floorctl.usecases.session import Session
from tests.contract.contract_cli import at, run
from tests.contract.contract_cli import refuses as refusal
from tests.database.test_migrations import old  # noqa: F401 - a fixture
from tests.story import MONDAY, Desk, a_day, feed_of, instant, kumagaya
from tests.terminal import Console

NOW = instant("17:30")
SURNAME = "籠原"
ROOT = Path(__file__).parents[2]


def staffed(desk: Desk) -> None:
    """A roster of two, with their surnames beside it."""
    import_roster(desk.session, [{"staff": "S01"}, {"staff": "S02"}], {"S01": SURNAME, "S02": SURNAME})


def a_closed_day(desk: Desk, day: date = MONDAY) -> None:
    """A day with a few visitors, closed with its documents and the close's own backup."""
    desk.at("08:30", day).opens()
    desk.hears(a_day(day, prefix=f"{day:%m%d}-").issues("B001", at="09:00").calls("B001", at="09:05").finishes("B001"))
    desk.does("terminal.assigned", terminal="T4", lane="certificate", reason="混雑")
    desk.at("17:20", day)
    done = close(desk.session, day, out=desk.path.parent / "reports")
    assert done.trouble is None


def head_of(path: Path) -> Head:
    with closing(Store(path)) as store:
        return store.head()


def whole(path: Path) -> bool:
    return bool(examine(path, kumagaya(), full=True)["ok"])


def files(folder: Path) -> set[str]:
    """What lies in a folder, but for journals of 0 bytes, which say nothing."""
    return {
        p.name for p in folder.iterdir() if p.is_file() and not (p.name.endswith("-journal") and not p.stat().st_size)
    }


def refuses(kind: type[FloorctlError], act: Callable[[], object], *words: str) -> None:
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    for word in words:
        assert word in caught.value.sentence, caught.value.sentence


def spoil_a_fact(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER event_no_update")
        db.execute("UPDATE event SET data = replace(data, '2', '3') WHERE kind = 'day.opened'")
        db.execute(
            "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END"
        )
        db.commit()


# ---- backup


def test_a_copy_is_the_whole_file_without_the_surnames(desk: Desk) -> None:
    staffed(desk)
    a_closed_day(desk)
    done = back_up(desk.path, desk.site, None, NOW)
    assert done.path == desk.path.parent / "backups" / "floor-20260914-173000.db"
    assert done.head == desk.session.head()
    assert whole(done.path)
    with closing(Store(done.path)) as copy:
        assert copy.surnames() == {}
        assert copy.query("SELECT issued FROM main.days") == [(1,)]
    assert SURNAME.encode() in desk.path.read_bytes(), "nothing was to be removed: nothing is tested"
    assert [p.name for p in done.path.parent.iterdir() if SURNAME.encode() in p.read_bytes()] == []
    if os.name != "nt":
        assert {p.stat().st_mode & 0o077 for p in (done.path, done.path.parent)} == {0}


def test_names_sort_by_date_and_never_meet(desk: Desk) -> None:
    desk.opens()
    made = [back_up(desk.path, desk.site, None, NOW + timedelta(days=n)).path.name for n in (0, 1, 40, 40)]
    assert made == sorted(made)
    assert len(set(made)) == 4


def test_a_copy_into_a_folder_or_over_an_earlier_copy_of_the_same_file(desk: Desk, tmp_path: Path) -> None:
    desk.opens()
    (tmp_path / "usb").mkdir()
    assert back_up(desk.path, desk.site, tmp_path / "usb", NOW).path.parent == tmp_path / "usb"
    nightly = tmp_path / "nightly.db"
    before = back_up(desk.path, desk.site, nightly, NOW).head
    desk.does("memo.written", text="雨")
    assert back_up(desk.path, desk.site, nightly, NOW).head.seq == before.seq + 1
    assert head_of(nightly) == desk.session.head()


LIVE = ["surnames", "closed there", "restored there", "open in a console", "no facts yet", "of another site"]


@pytest.mark.parametrize("what", LIVE)
def test_a_file_that_somebody_works_with_is_no_copy_though_it_begins_alike(
    desk: Desk, tmp_path: Path, what: str
) -> None:
    """A second working copy: its facts are all in this file, but it has what no copy has, or somebody has it open."""
    (tmp_path / "second").mkdir()
    second = tmp_path / "second" / "floor.db"
    held: Desk | None = None
    if what == "no facts yet":
        Store(second, create=True).close()
    desk.opens()
    if what != "no facts yet":
        back_up(desk.path, desk.site, second, NOW)
    if what == "surnames":
        with closing(Store(second, create=True)) as store, store.write() as pen:
            pen.name("S01", SURNAME)
    elif what == "closed there":
        other = Desk(second, desk.site)
        close(other.session, MONDAY, out=tmp_path / "second" / "out")
        other.close()
        desk.path.write_bytes(second.read_bytes())  # all of it is here as well
    elif what == "restored there":
        copy = back_up(desk.path, desk.site, tmp_path / "copy.db", NOW).path
        restore(second, desk.site, copy, NOW)
    elif what == "open in a console":
        held = Desk(second, desk.site, hold=True)
    elif what == "of another site":
        with closing(sqlite3.connect(second)) as db:
            db.execute("UPDATE origin SET site = 'elsewhere'")
            db.commit()
    desk.does("memo.written", text="雨")
    before = second.read_bytes()
    refuses(Refused, lambda: back_up(desk.path, desk.site, second, NOW), "別の名前")
    assert second.read_bytes() == before
    if held is not None:
        held.close()
        assert back_up(desk.path, desk.site, second, NOW).head == desk.session.head()


def test_a_copy_without_facts_is_replaced_by_the_same_alone(desk: Desk, tmp_path: Path) -> None:
    Store(desk.path, create=True).close()
    target = tmp_path / "copy.db"
    for _ in range(2):
        back_up(desk.path, desk.site, target, NOW)
    desk.opens()
    refuses(Refused, lambda: back_up(desk.path, desk.site, target, NOW), "別の名前")


def test_a_copy_goes_where_any_output_may_go(desk: Desk, tmp_path: Path) -> None:
    """Through a link, in the place of an empty file; never in that of the file itself in other letters, or of a remnant."""
    desk.opens()
    target, link = tmp_path / "copy.db", tmp_path / "link"
    link.symlink_to(target)
    for _ in range(2):
        assert back_up(desk.path, desk.site, link, NOW).path == target
        assert link.is_symlink() and head_of(target) == desk.session.head()
        desk.does("memo.written", text="雨")
    (tmp_path / "empty.db").touch()
    assert head_of(back_up(desk.path, desk.site, tmp_path / "empty.db", NOW).path) == desk.session.head()
    (tmp_path / "cut.db").touch()
    (tmp_path / "cut.db-journal").write_bytes(b"all that is left")
    refuses(Refused, lambda: back_up(desk.path, desk.site, tmp_path / "cut.db", NOW), "書きかけ")
    refuses(Refused, lambda: back_up(desk.path, desk.site, tmp_path / "Floor.DB", NOW), "データファイル")
    refuses(Refused, lambda: back_up(desk.path, desk.site, tmp_path / "floor.db.heads", NOW), "横で使う名前")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        refuses(Refused, lambda: back_up(desk.path, desk.site, tmp_path / "pipe", NOW), "ファイルではない")


def test_there_is_nothing_to_copy_or_nowhere_to_put_it(desk: Desk, tmp_path: Path) -> None:
    refuses(Refused, lambda: back_up(tmp_path / "none.db", desk.site, None, NOW), "まだありません")
    refuses(FloorctlError, lambda: back_up(desk.path, desk.site, tmp_path / "no" / "x.db", NOW), "フォルダー")
    assert files(tmp_path) == {"floor.db"}


def test_a_copy_for_a_share_is_made_and_proved_on_this_disk(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staffed(desk)
    share = tmp_path / "share"
    share.mkdir()
    monkeypatch.setattr(places, "file_system", lambda path: "cifs" if share in path.parents else "ext4")
    opened: list[Path] = []
    connect = data_file.connect
    monkeypatch.setattr(data_file, "connect", lambda path: (opened.append(path), connect(path))[1])
    done = back_up(desk.path, desk.site, share, NOW)
    (kept,) = share.iterdir()
    assert opened
    assert [p for p in opened if share in p.parents] == [], "SQLite is not to work there"
    assert done.path == kept
    assert SURNAME.encode() not in kept.read_bytes()
    assert list((tmp_path / "backups").iterdir()) == []
    restore(desk.path, desk.site, kept, NOW)
    assert head_of(desk.path) == done.head
    # A line that drops a byte is noticed, and nothing half is left there.
    copyfile = copies.shutil.copyfile
    monkeypatch.setattr(copies.shutil, "copyfile", lambda a, b: (copyfile(a, b), b.write_bytes(b.read_bytes()[:-1])))
    refuses(StoreError, lambda: back_up(desk.path, desk.site, share / "x.db", NOW), "違います")
    assert [p.name for p in share.iterdir()] == [kept.name]


def test_a_damaged_file_gives_no_copy_and_leaves_none(desk: Desk) -> None:
    a_closed_day(desk)
    spoil_a_fact(desk.path)
    refuses(StoreError, lambda: back_up(desk.path, desk.site, desk.path.parent / "x.db", NOW), "つながり", "doctor")
    assert files(desk.path.parent) == {"floor.db", "floor.db.heads", "floor.db.written"}


def test_derived_rows_that_are_wrong_are_right_in_the_copy(desk: Desk) -> None:
    a_closed_day(desk)
    with closing(sqlite3.connect(desk.path)) as db:
        db.execute("UPDATE days SET issued = 99")
        db.execute("INSERT INTO inquiries VALUES ('2026-01-05', '何もない日', 1)")
        db.commit()
    assert not whole(desk.path)
    done = back_up(desk.path, desk.site, None, NOW)
    assert done.rebuilt == 2
    assert whole(done.path)


def test_the_hall_goes_on_while_a_copy_is_made(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy in steps of one page, while another thread records: nobody is refused, and the copy is a beginning."""
    monkeypatch.setattr(copying, "STEP", 1)
    desk.opens()
    over = threading.Event()
    said: list[object] = []

    def record() -> None:
        with closing(Session(desk.site, desk.path, clock=desk.clock, actor="other")) as other:
            try:
                while not over.is_set():
                    other.act("memo.written", {"text": "記録"})
                    said.append(other.head().seq)
                    time.sleep(0.002)
            except Exception as e:
                said.append(e)

    thread = threading.Thread(target=record)
    thread.start()
    try:
        while not said:
            time.sleep(0.001)
        made = [back_up(desk.path, desk.site, None, NOW) for _ in range(3)]
        while made[0].head.seq == made[-1].head.seq and len(made) < 300:  # on a fast disk three are made in between
            made.append(back_up(desk.path, desk.site, None, NOW))
    finally:
        over.set()
        thread.join()
    assert [x for x in said if not isinstance(x, int)] == []
    with closing(Store(desk.path)) as store:
        assert all(store.hash_at(m.head.seq) == m.head.hash for m in made)
    assert all(whole(m.path) for m in made)
    assert made[0].head.seq < made[-1].head.seq, "nothing was recorded meanwhile: nothing is tested"


def test_where_each_step_begins_anew_the_rest_is_copied_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Restless:
        """A file to which others write between all steps."""

        def backup(self, _: object, *, pages: int, progress: Callable[[int, int, int], None], sleep: float) -> None:
            for left in range(100):
                progress(0, 10 + left % 2, 20)

    with pytest.raises(copying._Restless):
        copying._in_steps(Restless(), None)  # type: ignore[arg-type]

    def restless(*_: object) -> None:
        raise copying._Restless

    desk.opens()
    monkeypatch.setattr(copying, "_in_steps", restless)
    assert head_of(back_up(desk.path, desk.site, None, NOW).path) == desk.session.head()


# ---- restore


@pytest.fixture
def kept(desk: Desk) -> Path:
    """A copy of a day, after which the file went on by one memo."""
    staffed(desk)
    a_closed_day(desk)
    path = back_up(desk.path, desk.site, desk.path.parent / "kept.db", NOW).path
    desk.does("memo.written", text="控えの後")
    desk.close()
    return path


def test_the_present_file_is_kept_aside_whole(desk: Desk, kept: Path) -> None:
    before = head_of(desk.path)
    done = restore(desk.path, desk.site, kept, NOW)
    assert head_of(desk.path) == done.head == head_of(kept)
    assert done.aside == desk.path.parent / f"floor-{ASIDE}-20260914-173000.db"
    assert head_of(done.aside) == before
    assert done.newer == 1
    assert whole(desk.path)
    assert whole(done.aside)
    again = restore(desk.path, desk.site, done.aside, NOW)  # and back again
    assert head_of(desk.path) == before
    assert again.aside != done.aside


def test_surnames_stay_in_the_one_file_from_which_they_can_be_erased(desk: Desk, kept: Path) -> None:
    done = restore(desk.path, desk.site, kept, NOW)
    with closing(Store(desk.path)) as store:
        assert store.surnames() == {"S01": SURNAME, "S02": SURNAME}
        store.erase_surnames()
    assert done.names_kept
    held = [p.name for p in desk.path.parent.rglob("*") if p.is_file() and SURNAME.encode() in p.read_bytes()]
    assert held == []


def left_by_a_kill(path: Path, mode: str) -> bytes:
    """What a writer that was killed in the middle leaves beside a file of this kind: pages that are still to be put back
    (or, in mode WAL, put in)."""
    other = path.with_name("killed.db")
    other.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(other, isolation_level=None)) as db:
        db.execute(f"PRAGMA journal_mode = {mode}")
        db.execute("PRAGMA cache_size = 1")
        db.execute("PRAGMA cache_spill = 1")
        db.execute("CREATE TABLE t (x)")
        if mode == "WAL":
            return Path(f"{other}-wal").read_bytes()
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO t SELECT randomblob(4000) FROM event, event")
        db.execute("DROP TABLE days")
        return Path(f"{other}-journal").read_bytes()


@pytest.mark.parametrize("state", ["missing", "empty", "text", "cut short", "a journal alone", "a WAL alone"])
def test_it_works_whatever_is_left_of_the_present_file(desk: Desk, kept: Path, state: str) -> None:
    if state == "empty":
        desk.path.write_bytes(b"")
    elif state == "text":
        desk.path.write_text("壊れた", encoding="utf-8")
    elif state == "cut short":
        desk.path.write_bytes(desk.path.read_bytes()[:9000])
    else:
        desk.path.unlink()
    beside = Path(f"{desk.path}{'-wal' if state == 'a WAL alone' else '-journal'}")
    if " alone" in state:
        # It would be played back into whatever stands under this name.
        beside.write_bytes(left_by_a_kill(kept, "WAL" if beside.name.endswith("-wal") else "TRUNCATE"))
        assert beside.stat().st_size > 4096
    done = restore(desk.path, desk.site, kept, NOW)
    assert head_of(desk.path) == head_of(kept)
    assert whole(desk.path)
    assert (done.aside is None) == (state == "missing" or " alone" in state)
    assert not beside.exists() or beside.stat().st_size == 0


@pytest.mark.parametrize("what", ["none", "itself", "empty", "text", "foreign", "newer", "cut short", "changed"])
def test_a_copy_that_cannot_be_used_changes_nothing(desk: Desk, kept: Path, tmp_path: Path, what: str) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(kept.read_bytes())
    if what == "none":
        bad.unlink()
    elif what == "itself":
        bad = desk.path
    elif what == "empty":
        bad.write_bytes(b"")
    elif what == "text":
        bad.write_text("表", encoding="utf-8")
    elif what == "foreign":
        bad.unlink()
        with closing(sqlite3.connect(bad)) as db:
            db.execute("CREATE TABLE theirs (x)")
    elif what == "newer":
        with closing(sqlite3.connect(bad)) as db:
            assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    elif what == "cut short":
        bad.write_bytes(bad.read_bytes()[:-8192])
    else:
        spoil_a_fact(bad)
    before, beside = desk.path.read_bytes(), files(tmp_path)
    refuses(Refused if what in ("none", "itself") else StoreError, lambda: restore(desk.path, desk.site, bad, NOW))
    assert desk.path.read_bytes() == before
    assert files(tmp_path) == beside


def test_a_second_name_that_a_killed_restore_left_is_removed(desk: Desk, kept: Path) -> None:
    """Between the two steps of the exchange the file has two names; SQLite must never be given the second one."""
    os.link(desk.path, desk.path.with_name(f"floor-{ASIDE}-20260914-120000.db"))
    done = restore(desk.path, desk.site, kept, NOW)
    assert [p for p in desk.path.parent.iterdir() if ASIDE in p.name and p.suffix == ".db"] == [done.aside]


# ---- who holds the file


def test_an_open_console_stands_in_the_way_and_a_closed_one_does_not(tmp_path: Path, site: Site) -> None:
    desk = Desk(tmp_path / "floor.db", site, hold=True).opens()
    copy = back_up(desk.path, site, tmp_path / "copy.db", NOW).path  # a backup is made beside it
    refuses(Refused, lambda: restore(desk.path, site, copy, NOW), "盤面", "終えて")
    second = Session(site, desk.path, hold=True)
    desk.close()
    refuses(Refused, lambda: restore(desk.path, site, copy, NOW), "盤面")
    second.close()
    assert not holding.lock_file(desk.path).exists()
    assert restore(desk.path, site, copy, NOW).aside is not None


def test_no_console_opens_while_a_file_is_being_restored(tmp_path: Path, site: Site) -> None:
    desk = Desk(tmp_path / "floor.db", site).opens()
    lock = holding.exclusive(desk.path)
    assert lock is not None
    refuses(StoreError, lambda: Session(site, desk.path, hold=True), "戻しているところ")
    lock.close()
    Session(site, desk.path, hold=True).close()


def test_a_lock_that_its_last_holder_removed_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    first = holding.shared(path)
    assert first is not None
    holding.lock_file(path).unlink()  # what happens to a lock file between another one's opening and locking it
    second = holding.exclusive(path)
    assert second is not None
    assert holding._is(second._handle, holding.lock_file(path))
    refuses(StoreError, lambda: holding.shared(path))
    first.close()
    second.close()


@pytest.fixture
def follower(kept: Path, desk: Desk) -> Iterator[subprocess.Popen[bytes]]:
    """``floorctl ingest --follow`` in a process of its own, idle, once it holds the file."""
    feed = kept.with_name("feed.jsonl")
    feed.write_bytes(b"")
    command = [sys.executable, "-m", "floorctl", "--db", str(desk.path), "ingest", "--follow", str(feed)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not holding.lock_file(desk.path).exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield process
    process.kill()
    process.wait()


def test_a_follower_in_another_process_stands_in_the_way_until_it_is_killed(
    desk: Desk, kept: Path, follower: subprocess.Popen[bytes]
) -> None:
    refuses(Refused, lambda: restore(desk.path, desk.site, kept, NOW), "ingest")
    follower.kill()
    follower.wait()
    assert holding.lock_file(desk.path).exists(), "the killed one has cleaned up: nothing is tested"
    restore(desk.path, desk.site, kept, NOW)
    assert not holding.lock_file(desk.path).exists()


def test_an_idle_console_stands_in_the_way_until_it_is_left(desk: Desk, kept: Path) -> None:
    with Console(desk.path.parent) as console:
        console.until("注意")
        refuses(Refused, lambda: restore(desk.path, desk.site, kept, NOW), "盤面")
        done = back_up(desk.path, desk.site, None, NOW)
        assert done.head == head_of(desk.path)
        console.press("\x11")
        assert console.ended() == 0
    restore(desk.path, desk.site, kept, NOW)


def test_a_command_that_waited_for_the_restore_records_nothing_in_what_was_kept_aside(desk: Desk, kept: Path) -> None:
    """It has the old file open, and gets its lock when the restore is over: then it must look again."""
    with closing(Session(desk.site, desk.path, clock=desk.clock)) as late:
        gone, asked = late.store.gone, []

        def first_no(*_: object) -> str:
            asked.append(1)
            if len(asked) == 1:
                restore(desk.path, desk.site, kept, NOW)
                return ""
            return gone()

        late.store.gone = first_no  # type: ignore[method-assign]
        refuses(StoreError, lambda: late.act("memo.written", {"text": "遅れた記録"}), "置き換えられました")
    texts = [p.name for p in desk.path.parent.iterdir() if p.is_file() and "遅れた記録".encode() in p.read_bytes()]
    assert texts == []


# ---- killed at any moment

KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from floorctl.usecases import backup_restore as copies
from floorctl.intake.site_file import load_site

act, path, other, n = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), 0
now, site = datetime.fromisoformat("2026-09-14T17:30:00+09:00"), load_site()
WATCHED = ("os.link", "os.rename", "os.remove", "open", "sqlite3.connect", "sqlite3.connect/handle")

def one(at):
    seen = 0
    def hook(event, args):
        nonlocal seen
        if event in WATCHED and str(path.parent) in str(args):
            seen += 1
            if seen == at:
                os._exit(9)
    sys.addaudithook(hook)
    if act == "restore":
        copies.restore(path, site, other, now)
    else:
        copies.back_up(path, site, other, now)
    os._exit(0)

while True:
    n += 1
    child = os.fork()
    if child == 0:
        one(n)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(n, status, flush=True)
    if sys.stdin.readline() != "on\\n" or status == 0:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a kill at a chosen step needs fork")
@pytest.mark.parametrize("act", ["restore", "backup"])
def test_a_kill_at_any_step_leaves_one_file_or_the_other(desk: Desk, kept: Path, act: str) -> None:
    """The process ends without a word at its first, second, third … look at the disk, until it is done."""
    target = kept if act == "restore" else desk.path.parent / "nightly.db"
    watched = desk.path if act == "restore" else target
    before = desk.path.read_bytes()
    first = {"restore": head_of(desk.path), "backup": None}[act]
    last = {"restore": head_of(kept), "backup": head_of(desk.path)}[act]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, act, str(desk.path), str(target)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    found = []
    for line in process.stdout:
        _, status = map(int, line.split())
        head = head_of(watched) if watched.exists() else None
        assert head in (first, last)
        assert whole(desk.path)
        found.append(head)
        if status == 0:
            break
        assert status == 9
        for left in desk.path.parent.iterdir():  # begin again from before
            if left.is_file() and left != kept:
                left.unlink()
        desk.path.write_bytes(before)
        process.stdin.write("on\n")
        process.stdin.flush()
    process.stdin.close()
    process.wait()
    assert len(found) > 8
    assert found[-1] == last
    assert first in found
    assert found.count(last) > 1, "no kill after the copy was put in place"


# ---- the drill


def test_the_drill(tmp_path: Path, site: Site) -> None:
    """A day is closed, the file is lost, the close's backup takes its place, and the next day closes like any other."""
    desk = Desk(tmp_path / "floor.db", site)
    a_closed_day(desk)
    closed = desk.session.head()
    desk.close()
    for name in ("floor.db", "floor.db-journal"):
        (tmp_path / name).unlink(missing_ok=True)

    (newest,) = [p for p in (tmp_path / "backups").iterdir() if p.suffix == ".db"]
    tuesday = MONDAY + timedelta(days=1)
    runs = partial(run, db=desk.path, now=f"{tuesday}T17:25")
    done = runs("restore", newest, "--json")
    assert done.status == 0, done.err
    assert done.json == {
        "path": str(desk.path), "facts": closed.seq, "head": closed._asdict(), "aside": None, "newer": 0,
    }  # fmt: skip
    assert runs("doctor", "--full", "--head", f"{closed.seq}:{closed.hash}").status == 0

    (tmp_path / "tuesday.jsonl").write_bytes(feed_of(a_day(tuesday, prefix="t").opens("08:30").issues("B001").lines))
    assert runs("ingest", tmp_path / "tuesday.jsonl").status == 0
    done = runs("close", "--out", tmp_path / "reports")
    assert done.status == 0, done.err
    assert (tmp_path / "reports" / str(tuesday) / f"日次報告書_{tuesday}.xlsx").is_file()
    assert runs("doctor", "--full").status == 0
    pair = {p.name: head_of(p) for p in (tmp_path / "backups").iterdir() if p.suffix == ".db"}
    assert head_of(desk.path) in pair.values()
    assert closed in pair.values(), "the day before is still the other backup"


def test_after_a_restore_of_an_older_copy_the_close_keeps_the_newer_backups(tmp_path: Path, site: Site) -> None:
    desk = Desk(tmp_path / "floor.db", site)
    a_closed_day(desk)
    older = back_up(desk.path, site, tmp_path / "older.db", NOW).path
    a_closed_day(desk, MONDAY + timedelta(days=1))
    lost = desk.session.head()
    desk.close()
    restore(desk.path, site, older, NOW)
    desk = Desk(desk.path, site)
    a_closed_day(desk, MONDAY + timedelta(days=2))
    a_closed_day(desk, MONDAY + timedelta(days=3))
    assert whole(desk.path)
    kept = {p.name: head_of(p) for p in (tmp_path / "backups").iterdir() if p.suffix in (".db", ".bad")}
    assert lost in kept.values(), "what was recorded after the copy is still in a backup that was set aside"
    desk.close()


def test_a_backup_that_is_in_use_is_no_bad_one(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody looks into it with a program that locks it: the other one is carried on, and nothing is set aside."""
    monkeypatch.setattr(data_file, "BUSY_S", 0.0)
    monkeypatch.setattr(data_file, "PRAGMAS", data_file.PRAGMAS[:-1])  # nobody waits
    desk = Desk(tmp_path / "floor.db", site)
    a_closed_day(desk)
    with closing(sqlite3.connect(tmp_path / "backups" / "floor-a.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        a_closed_day(desk, MONDAY + timedelta(days=1))
        assert sorted(p.name for p in (tmp_path / "backups").iterdir() if p.suffix != ".db-journal") == [
            "floor-a.db",
            "floor-b.db",
        ]
    assert head_of(tmp_path / "backups" / "floor-b.db") == desk.session.head()
    desk.close()


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (["backup", "no/such.db"], 1, "フォルダー"),
        (["restore", "none.db"], 1, "ありません"),
        (["restore", "text.db"], 3, "ほかの控え"),
        (["restore"], 2, "FILE"),
    ],
)
def test_what_goes_wrong_is_one_sentence(tmp_path: Path, args: list[str], status: int, words: str) -> None:
    db = tmp_path / "floor.db"
    Desk(db, kumagaya()).opens().close()
    (tmp_path / "text.db").write_text("表", encoding="utf-8")
    assert words in refusal(run(args[0], *(tmp_path / x for x in args[1:]), db=db, now=at("17:25")), status)
