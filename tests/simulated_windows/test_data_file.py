"""The data file on Windows: made, copied, put back, and locked, while others have it or its copies open."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.database import file_lock
from tests.simulated_windows.conftest import DAY, EVENING
from tests.simulated_windows.consoles import Said
from tests.simulated_windows.faults import DELETE, READ, WRITE, OpenElsewhere, Refuses, Scanner
from tests.simulated_windows.locks import lock_of_windows
from tests.simulated_windows.system import Windows

MOST_S = 16.0


def say(windows: Windows, db: Path, *args: str | Path, now: str = EVENING) -> Said:
    windows.waits.forget()
    said = windows.say(*args, db=db, now=now)
    assert windows.waits.total <= MOST_S, windows.waits.pauses
    return said


def head(windows: Windows, db: Path) -> str:
    """The last seal of the file, as the backup prints it."""
    with windows.disk.asleep():
        return windows.say("doctor", db=db, now=EVENING).out


def no_leftovers(db: Path) -> None:
    """Nothing half done lies about; an empty lock, which blocks nobody, may."""
    left = [x.name for x in db.parent.rglob(".*") if not x.name.endswith(".lock") or x.stat().st_size]
    assert left == []


@pytest.mark.parametrize("denies", [{DELETE}, {DELETE, WRITE, READ}], ids=["delete", "all"])
@pytest.mark.parametrize("links", [True, False], ids=["NTFS", "FAT"])
def test_a_new_data_file(windows: Windows, tmp_path: Path, denies: set[str], links: bool) -> None:
    windows.disk.hard_links = links
    windows.disk.add(Scanner(0.3, frozenset(denies), again=True))
    db = tmp_path / "floor.db"
    said = say(windows, db, "do", "memo.written", "text=始め")
    assert said.status == 0, said
    assert "異常はありません" in head(windows, db)
    no_leftovers(db)


@pytest.mark.parametrize("denies", [{DELETE}, {DELETE, WRITE, READ}], ids=["delete", "all"])
def test_a_backup_and_the_way_back(windows: Windows, db: Path, tmp_path: Path, denies: set[str]) -> None:
    """`backup`, `backup` onto the same name, `restore`: with a scanner at every file none fails and none is lost."""
    windows.disk.add(Scanner(0.3, frozenset(denies), again=True))
    copy = tmp_path / "控え.db"
    for _ in range(2):
        said = say(windows, db, "backup", copy)
        assert said.status == 0, said
        assert said.err == ""
    assert say(windows, db, "do", "memo.written", "text=後で").status == 0
    said = say(windows, db, "restore", copy)
    assert said.status == 0, said
    assert "控えより後の記録 1件は、今までのファイルにだけあります" in said.out
    assert "異常はありません" in head(windows, db)
    assert len(list(db.parent.glob("floor-before-restore-*.db"))) == 1
    no_leftovers(db)
    no_leftovers(copy)


@pytest.mark.parametrize("act", ["replace", "rename", "unlink", "link", "open"])
@pytest.mark.parametrize(("times", "code"), [(1, 5), (3, 32)])
def test_a_backup_and_a_restore_refused_some_times(
    windows: Windows, db: Path, tmp_path: Path, act: str, times: int, code: int
) -> None:
    copy = tmp_path / "copy.db"
    for args in (("backup", copy), ("backup", copy), ("restore", copy)):
        windows.disk.faults = [Refuses(act, times=times, code=code)]
        said = say(windows, db, *args)
        assert said.status == 0, (args, said)
        assert windows.waits.total < 2
    no_leftovers(db)
    no_leftovers(copy)


def test_the_copy_that_is_to_be_replaced_is_held(windows: Windows, db: Path, tmp_path: Path) -> None:
    """For long: exit 3 and one sentence, the earlier copy as it was. A moment later it is replaced."""
    copy = tmp_path / "copy.db"
    assert say(windows, db, "backup", copy).status == 0
    before = copy.read_bytes()
    assert say(windows, db, "do", "memo.written", "text=後で").status == 0
    holder = windows.disk.add(OpenElsewhere(copy, frozenset({DELETE})))
    said = say(windows, db, "backup", copy)
    assert said.status == 3
    assert "copy.db" in said.sentence and "ほかのプログラムが開いたまま" in said.sentence
    assert copy.read_bytes() == before
    assert windows.waits.total > 4
    holder.close()
    said = say(windows, db, "backup", copy)
    assert said.status == 0, said
    assert copy.read_bytes() != before
    no_leftovers(copy)


def test_the_data_file_is_held_while_it_is_to_be_put_back(windows: Windows, db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert say(windows, db, "backup", copy).status == 0
    assert say(windows, db, "do", "memo.written", "text=後で").status == 0
    before, holder = db.read_bytes(), windows.disk.add(OpenElsewhere(db, frozenset({DELETE})))
    said = say(windows, db, "restore", copy)
    assert said.status == 3, said
    assert "floor.db" in said.sentence and "ほかのプログラムが開いたまま" in said.sentence
    assert db.read_bytes() == before
    holder.close()
    assert say(windows, db, "restore", copy).status == 0
    assert len(list(db.parent.glob("*before-restore*"))) == 1, "the second name of the restore that failed has gone"
    assert "異常はありません" in head(windows, db)
    no_leftovers(db)


def test_a_damaged_backup_is_set_aside(windows: Windows, db: Path) -> None:
    """The daily backup has become unreadable: it gets another name even while a scanner reads it."""
    windows.disk.add(Scanner(0.3, again=True))
    assert say(windows, db, "close", "--date", DAY).status == 0
    backups = db.parent / "backups"
    (backups / "floor-a.db").write_bytes(b"not a database at all" * 200)
    (backups / "floor-b.db").write_bytes(b"nor this" * 200)
    said = say(windows, db, "close", "--date", DAY)
    assert said.status == 0, said
    assert {"floor-a.db", "floor-a.db.bad"} <= {x.name for x in backups.iterdir()}


def test_two_files_are_one_whatever_their_case(windows: Windows, db: Path) -> None:
    """A restore onto the file itself, and an output over it, are refused by any spelling of its name."""
    for spelling in ("FLOOR.DB", "Floor.db.", "floor.db "):
        said = say(windows, db, "restore", db.with_name(spelling))
        assert said.status == 1 and "データファイルそのもの" in said.sentence, said
        said = say(windows, db, "simulate", "--date", DAY, "--seed", "1", "-o", db.with_name(spelling))
        assert said.status in (1, 2) and said.raw == b"", said
    assert "異常はありません" in head(windows, db)


# ---- the lock beside the data file


def test_the_lock_of_windows(windows: Windows, tmp_path: Path) -> None:
    """Many may have a shared lock, one the exclusive lock, and the file goes with the last of them."""
    path = tmp_path / "floor.db"
    path.touch()
    with lock_of_windows() as lock:
        first, second = lock.shared(path), lock.shared(path)
        with pytest.raises(lock.Refused, match="盤面か ingest が開いています"):
            lock.exclusive(path)
        first.close()
        assert lock.lock_file(path).exists(), "another has it open: Windows keeps the name"
        with pytest.raises(lock.Refused):
            lock.exclusive(path)
        second.close()
        assert not lock.lock_file(path).exists()
        alone = lock.exclusive(path)
        with pytest.raises(lock.StoreError, match="控えから戻しているところ"):
            lock.shared(path)
        alone.close()
        assert lock.shared(path) is not None


def test_no_copy_is_put_back_under_an_open_console(
    windows: Windows, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.db"
    assert say(windows, db, "backup", copy).status == 0
    with lock_of_windows() as lock:
        for name in ("shared", "exclusive"):
            monkeypatch.setattr(file_lock, name, getattr(lock, name))
        console = lock.shared(db)
        said = say(windows, db, "restore", copy)
        assert said.status == 1 and "盤面か ingest が開いています" in said.sentence, said
        console.close()
        assert say(windows, db, "restore", copy).status == 0
