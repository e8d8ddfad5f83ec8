"""The simulated disk itself: what it refuses, and that it refuses nothing else."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulated_windows.faults import EXCEL, WRITE, OpenElsewhere, Refuses, Scanner
from tests.simulated_windows.system import Windows


def code_of(act: Callable[[], object]) -> int:
    """Return the number of Windows with which an act is refused; 0 if it is done."""
    try:
        act()
    except OSError as error:
        return int(error.winerror)  # type: ignore[attr-defined]
    return 0


def a_file(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_name_that_exists_is_replaced_and_never_taken_by_a_rename(windows: Windows, tmp_path: Path) -> None:
    old, new = a_file(tmp_path / "old", b"old"), a_file(tmp_path / "new", b"new")
    assert code_of(lambda: new.rename(old)) == 183
    assert code_of(lambda: new.replace(old)) == 0
    assert old.read_bytes() == b"new" and not new.exists()
    with pytest.raises(FileNotFoundError):
        new.replace(old)


def test_what_this_process_has_open_keeps_its_name(windows: Windows, tmp_path: Path) -> None:
    path, other = a_file(tmp_path / "folder" / "a"), a_file(tmp_path / "b")
    with path.open("rb"):
        assert code_of(path.unlink) == 32
        assert code_of(lambda: path.rename(tmp_path / "c")) == 32
        assert code_of(lambda: other.replace(path)) == 5
        assert code_of(lambda: path.parent.rename(tmp_path / "d")) == 5
        assert code_of(lambda: shutil.rmtree(path.parent)) == 32
    assert code_of(lambda: path.parent.rename(tmp_path / "d")) == 0
    db = tmp_path / "x.db"
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("CREATE TABLE t (x)")
        assert code_of(db.unlink) == 32
    assert code_of(db.unlink) == 0


def test_a_scanner_holds_what_is_new_until_it_has_read_it(windows: Windows, tmp_path: Path) -> None:
    windows.disk.add(Scanner(0.2))
    path = a_file(tmp_path / "folder" / "a")
    assert code_of(lambda: path.rename(tmp_path / "b")) == 32
    assert code_of(lambda: path.parent.rename(tmp_path / "other")) == 5
    windows.waits.sleep(0.19)
    assert code_of(path.unlink) == 32
    windows.waits.sleep(0.02)
    assert code_of(lambda: path.parent.rename(tmp_path / "other")) == 0
    assert code_of((tmp_path / "other" / "a").unlink) == 0  # it has been read, whatever its name is now
    again = a_file(tmp_path / "other" / "a", b"other contents")
    assert code_of(again.unlink) == 32


def test_a_file_that_another_program_has_open(windows: Windows, tmp_path: Path) -> None:
    path, new = a_file(tmp_path / "報告.xlsx", b"old"), a_file(tmp_path / "new")
    excel = windows.disk.add(OpenElsewhere(path, EXCEL))
    assert code_of(path.read_bytes) == code_of(path.unlink) == 32
    assert code_of(lambda: new.replace(path)) == 32
    excel.close()
    assert path.read_bytes() == b"old"
    reader = windows.disk.add(OpenElsewhere(path, frozenset({WRITE})))
    assert code_of(path.read_bytes) == 0
    assert code_of(lambda: path.write_bytes(b"mine")) == 32
    assert code_of(lambda: new.replace(path)) == 0
    reader.close()


def test_an_act_is_refused_so_many_times_as_was_said(windows: Windows, tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.csv")
    windows.disk.add(Refuses("replace", "*.csv", times=2, code=33))
    assert [code_of(lambda: path.replace(tmp_path / "b.csv")) for _ in range(3)] == [33, 33, 0]
    assert windows.disk.refusals == [("replace", "a.csv", 33)] * 2


def test_a_read_only_file_is_neither_replaced_nor_removed(windows: Windows, tmp_path: Path) -> None:
    path, new = a_file(tmp_path / "a"), a_file(tmp_path / "b")
    path.chmod(0o444)
    assert code_of(path.unlink) == code_of(lambda: new.replace(path)) == 5
    path.chmod(0o644)
    assert code_of(lambda: new.replace(path)) == 0


def test_a_deleted_name_stays_until_its_last_reader_has_gone(windows: Windows, tmp_path: Path) -> None:
    path, new = a_file(tmp_path / "folder" / "a"), a_file(tmp_path / "new", b"new")
    windows.disk.delete_pending(path, 0.5)
    assert path.exists() and [x.name for x in path.parent.iterdir()] == ["a"]
    assert code_of(lambda: path.write_bytes(b"")) == code_of(path.unlink) == 5
    assert code_of(lambda: new.replace(path)) == 5
    assert code_of(path.parent.rmdir) == 145
    windows.waits.sleep(0.6)
    assert not path.exists()
    assert code_of(lambda: new.replace(path)) == 0
    assert path.read_bytes() == b"new"


def test_a_handle_without_o_binary_writes_text(windows: Windows, tmp_path: Path) -> None:
    """The handles of ``os.open`` do, and those of ``open`` and of ``os.fdopen`` do not."""
    flags = os.O_WRONLY | os.O_CREAT
    for name, more, written in (("text", 0, b"a\r\n"), ("binary", os.O_BINARY, b"a\n")):  # type: ignore[attr-defined]
        handle = os.open(tmp_path / name, flags | more)
        assert os.write(handle, b"a\n") == 2
        os.close(handle)
        assert (tmp_path / name).read_bytes() == written
    with os.fdopen(os.open(tmp_path / "file", flags), "wb") as file:
        file.write(b"a\n")
    assert (tmp_path / "file").read_bytes() == b"a\n"


def test_names_have_no_case_and_no_dot_at_the_end(windows: Windows, tmp_path: Path) -> None:
    path = a_file(tmp_path / "Folder" / "Floor.db", b"1")
    assert (tmp_path / "FOLDER" / "FLOOR.DB").read_bytes() == (tmp_path / "folder. " / "floor.db.").read_bytes() == b"1"
    assert (tmp_path / "folder").samefile(path.parent)
    assert code_of(lambda: path.rename(path.with_name("floor.DB"))) == 0
    assert [x.name for x in path.parent.iterdir()] == ["floor.DB"]  # the case of a name is kept, and may be changed


@pytest.mark.parametrize("name", ["a:b", "a?b", "a*b", 'a"b', "a<b", "a|b", "a\\b", "a\nb", "x" * 256])
def test_what_is_no_name(windows: Windows, tmp_path: Path, name: str) -> None:
    assert code_of(lambda: (tmp_path / name).write_bytes(b"")) == 123


@pytest.mark.parametrize("name", ["NUL", "con", "aux.txt", "COM1.csv", "lpt9 .x"])
def test_names_of_devices(windows: Windows, tmp_path: Path, name: str) -> None:
    assert code_of((tmp_path / name).stat) == 2
    assert code_of(lambda: (tmp_path / name).write_bytes(b"")) == 2


def test_long_paths(windows: Windows, tmp_path: Path) -> None:
    long = tmp_path / ("x" * (258 - len(str(windows.root))))
    assert len(str(long)) == 259
    windows.disk.long_paths = False
    assert code_of(lambda: long.write_bytes(b"")) == 0
    assert code_of(lambda: long.with_name(f"{long.name}x").write_bytes(b"")) == 3
    assert code_of(lambda: long.with_name(long.name[:-11]).mkdir()) == 206
    windows.disk.long_paths = True
    assert code_of(lambda: long.with_name(f"{long.name}x").write_bytes(b"")) == 0


def test_a_disk_without_second_names(windows: Windows, tmp_path: Path) -> None:
    path = a_file(tmp_path / "a")
    assert code_of(lambda: os.link(path, tmp_path / "b")) == 0
    windows.disk.hard_links = False
    assert code_of(lambda: os.link(path, tmp_path / "c")) == 1


def test_other_folders_are_as_ever(windows: Windows, tmp_path_factory: pytest.TempPathFactory) -> None:
    windows.disk.add(Refuses("*", times=99))
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    a_file(elsewhere / "a:b").replace(elsewhere / "A:b")
    assert [x.name for x in elsewhere.iterdir()] == ["A:b"]
    assert windows.waits.pauses == []


def test_waiting_costs_nothing_and_has_an_end(windows: Windows) -> None:
    before = time.monotonic()
    time.sleep(100)
    assert 100 <= time.monotonic() - before < 101
    with pytest.raises(AssertionError, match="without end"):
        time.sleep(600)
