"""What is held for longer than anybody waits: what is done instead, and that nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from floorctl.common.errors import FloorctlError
from floorctl.common.output_file import write_files
from floorctl.common.written_files import WrittenFiles
from floorctl.database import page_copy
from floorctl.database.store import Store
from floorctl.usecases.daily_backup import keep
from tests.simulated_windows.conftest import DAY, EVENING, contents
from tests.simulated_windows.faults import DELETE, EXCEL, OpenElsewhere, Refuses, Scanner
from tests.simulated_windows.system import Windows


def last(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT max(seq) FROM event").fetchone()[0])


def recorded(windows: Windows, db: Path, *kind: str) -> None:
    said = windows.say("do", *(kind or ("memo.written", "text=後で")), db=db, now=EVENING)
    assert said.status == 0, said


def test_one_of_the_two_backups_is_held(windows: Windows, db: Path) -> None:
    """It is not taken for a damaged one: the other goes on, and the held one at the next close."""
    a, b = (db.parent / "backups" / f"floor-{x}.db" for x in "ab")
    with closing(Store(db)) as store:
        assert [keep(store).path, keep(store).path] == [a, a]
        recorded(windows, db)
        assert keep(store).path == b
        held = windows.disk.add(OpenElsewhere(a, EXCEL))
        for _ in range(2):
            recorded(windows, db)
            assert keep(store).path == b and last(b) == last(db)
        held.close()
        recorded(windows, db)
        assert keep(store).path == a and last(a) == last(db) > last(b)
    assert {x.suffix for x in a.parent.iterdir()} == {".db", ".db-journal"}


def test_both_backups_are_held(windows: Windows, db: Path) -> None:
    """The day is closed and its documents are written; the sentence tells what is missing."""
    with closing(Store(db)) as store:
        keep(store)
        recorded(windows, db)
        keep(store)
    for x in "ab":
        windows.disk.add(OpenElsewhere(db.parent / "backups" / f"floor-{x}.db", EXCEL))
    said = windows.say("close", "--date", DAY, db=db, now=EVENING)
    assert said.status == 3
    assert "floor-a.db と floor-b.db をほかのプログラムが開いています" in said.err
    assert "控えができます（締めと記録は済んでいます）" in said.err
    assert (db.parent / "reports" / DAY / f"日次報告書_{DAY}.xlsx").exists()


@pytest.mark.parametrize("denies", [frozenset({DELETE}), EXCEL], ids=["delete", "all"])
def test_a_scanner_that_takes_two_seconds_for_each_file(
    windows: Windows, db: Path, tmp_path: Path, denies: frozenset[str]
) -> None:
    """It takes them one after another, as they are asked for: all that is held is waited for at one time."""
    windows.disk.add(Scanner(2.0, denies, again=True))
    written, folder = WrittenFiles(db), tmp_path / "out"
    for n in range(2):
        windows.waits.forget()
        files = {f"{x}/table.csv": f"a,b\n{n},2\n".encode() for x in "abcdefghijkl"}
        paths, notes = write_files(folder, files, written)
        assert (paths, notes) == ([folder / name for name in files], [])
        assert windows.waits.total < 14
        with windows.disk.asleep():
            assert contents(folder) == files
    for args in (["backup", tmp_path / "copy.db"], ["restore", tmp_path / "copy.db"]):
        windows.waits.forget()
        said = windows.say(*args, db=db, now=EVENING)
        assert (said.status, said.err) == (0, "")
        assert windows.waits.total < 14
    assert [x for x in tmp_path.rglob(".*") if x.suffix != ".lock"] == []


def test_a_read_only_document(windows: Windows, db: Path, tmp_path: Path) -> None:
    """Nobody waits for it; the sentence says what it is."""
    written, folder = WrittenFiles(db), tmp_path / "out"
    write_files(folder, {"table.csv": b"a,b\n1,2\n"}, written)
    (folder / "table.csv").chmod(0o444)
    paths, notes = write_files(folder, {"table.csv": b"a,b\n3,4\n"}, written)
    assert paths == [folder / "table_2.csv"]
    assert notes == [
        "table.csv は読み取り専用になっているため置き換えられず、table_2.csv に書き出しました。"
        "読み取り専用を解いてからもう一度書き出すと元の名前になります。"
    ]
    assert windows.waits.total == 0
    (folder / "table.csv").chmod(0o644)
    paths, notes = write_files(folder, {"table.csv": b"a,b\n5,6\n"}, written)
    assert paths == [folder / "table.csv"]
    assert notes == ["前に横に書き出した table_2.csv は、元の名前の文書ができたので消しました。"]
    assert contents(folder) == {"table.csv": b"a,b\n5,6\n"}


def test_the_list_of_written_files_is_held(windows: Windows, db: Path, tmp_path: Path) -> None:
    """Without it nobody knows whose a table is: it is not said to be open, and no second one is left beside it for ever."""
    written, folder = WrittenFiles(db), tmp_path / "out"
    files = {"table.csv": b"a,b\n1,2\n"}
    write_files(folder, files, written)
    holder = windows.disk.add(Refuses("open", "floor.db.written", times=999))
    with pytest.raises(FloorctlError) as refusal:
        write_files(folder, {"table.csv": b"a,b\n3,4\n"}, written)
    assert "書き出しの一覧 floor.db.written をほかのプログラムが開いています" in refusal.value.sentence
    assert windows.waits.total < 7
    holder.times = 0
    assert contents(folder) == files
    assert write_files(folder, {"table.csv": b"a,b\n3,4\n"}, written) == ([folder / "table.csv"], [])
    assert contents(folder) == {"table.csv": b"a,b\n3,4\n"}


@pytest.mark.parametrize("links", [True, False], ids=["NTFS", "FAT"])
def test_a_refused_restore_leaves_all_as_it_was(windows: Windows, db: Path, tmp_path: Path, links: bool) -> None:
    """Where the disk has no second names, no copy with surnames is left, either."""
    windows.disk.hard_links = links
    copy = tmp_path / "copy.db"
    assert windows.say("backup", copy, db=db, now=EVENING).status == 0
    before, holder = db.read_bytes(), windows.disk.add(Refuses("replace", "floor.db", times=999, part="target"))
    said = windows.say("restore", copy, db=db, now=EVENING)
    assert said.status == 3, said
    assert db.read_bytes() == before
    assert {x.name for x in db.parent.iterdir() if x.is_file()} - {"floor.db-journal"} == {"floor.db", "floor.db.heads"}
    holder.times = 0
    assert windows.say("restore", copy, db=db, now=EVENING).status == 0


def test_what_is_recorded_during_a_restore_is_not_lost(
    windows: Windows, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows replaces no open file, so the lock goes before the exchange: what somebody writes then stops it on FAT."""
    windows.disk.hard_links = False
    copy = tmp_path / "copy.db"
    assert windows.say("backup", copy, db=db, now=EVENING).status == 0
    lock_out = page_copy.lock_out

    def released(path: Path) -> object:
        release = lock_out(path)

        def and_written() -> None:
            release()
            with closing(sqlite3.connect(db)) as other:
                other.execute("PRAGMA user_version = 99")

        return and_written

    with monkeypatch.context() as patch:
        patch.setattr(page_copy, "lock_out", released)
        said = windows.say("restore", copy, db=db, now=EVENING)
    assert (said.status, "戻すあいだに記録されました" in said.err) == (3, True), said
    with closing(sqlite3.connect(db)) as after:
        assert after.execute("PRAGMA user_version").fetchone() == (99,)
    assert not list(db.parent.glob("*before-restore*"))


def test_a_settings_file_that_is_held_does_not_stop_the_keys(windows: Windows, tmp_path: Path) -> None:
    """F10 waits on the thread of the screen: hardly."""
    from floorctl.common.errors import FloorctlError
    from floorctl.console.kept_theme import keep_theme

    place = tmp_path / "settings.toml"
    keep_theme(place, "light")
    for denies in (frozenset({DELETE}), EXCEL):
        held = windows.disk.add(OpenElsewhere(place, denies))
        windows.waits.forget()
        with pytest.raises(FloorctlError, match="配色を自分の設定に残せませんでした"):
            keep_theme(place, "dark")
        assert windows.waits.total < 0.7
        held.close()
        assert "light" in place.read_text(encoding="utf-8")
    keep_theme(place, "dark")
    assert "dark" in place.read_text(encoding="utf-8")
    assert [x.name for x in tmp_path.iterdir()] == ["settings.toml"]
