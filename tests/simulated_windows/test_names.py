r"""Names and paths of Windows: case, dots, devices, drives, shares and paths that are too long."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path, PureWindowsPath

import pytest

from floorctl.common.data_file_names import belongs
from floorctl.common.errors import FloorctlError
from floorctl.common.output_file import write_file
from floorctl.database.network_share import is_share, is_unc
from floorctl.database.sqlite_uri import as_address, sqlite_uri
from tests.simulated_windows.conftest import DAY, EVENING, contents
from tests.simulated_windows.consoles import Said
from tests.simulated_windows.system import Windows


def say(windows: Windows, db: Path, *args: str | Path) -> Said:
    return windows.say(*args, db=db, now=EVENING)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        (r"\\server\share\floor.db", True),
        ("//server/share/floor.db", True),
        (r"\\?\UNC\server\share\floor.db", True),
        (r"\\?\unc\server\share", True),
        (r"\\.\UNC\server\share", True),
        (r"\\?\C:\floorctl\floor.db", False),
        (r"C:\floorctl\floor.db", False),
        (r"C:floor.db", False),
        (r"floor.db", False),
        (r"\floorctl\floor.db", False),
    ],
)
def test_a_share_is_known_by_its_path(text: str, share: bool) -> None:
    assert is_unc(text) == is_unc(str(PureWindowsPath(text))) == share


def test_a_drive_that_is_a_share(windows: Windows, tmp_path: Path) -> None:
    """What ``GetDriveTypeW`` says of the drive, of which this system has none: an empty name stands for it."""
    path = tmp_path / "floor.db"
    assert not is_share(path)
    windows.shares.add("\\")
    assert is_share(path)
    said = windows.say("do", "memo.written", "text=x", db=path, now=EVENING)
    assert said.status == 3 and "共有フォルダー" in said.sentence, said
    assert contents(tmp_path) == {}


def refused(windows: Windows, target: Path) -> str:
    """The sentence with which an output is refused; nothing is written, whatever it is named."""
    before = contents(windows.root)
    with pytest.raises(FloorctlError) as found:
        write_file(target, b"a,b\n1,2\n")
    assert contents(windows.root) == before
    assert windows.waits.pauses == []
    return found.value.sentence


@pytest.mark.parametrize("name", ["FLOOR.DB-Journal", "floor.db.HEADS. ", "floor.db.written..", ".floor.db.Lock"])
def test_names_beside_a_data_file_in_any_case(windows: Windows, tmp_path: Path, name: str) -> None:
    assert belongs(tmp_path / name)
    assert "データファイルの横で使う名前" in refused(windows, tmp_path / name)


@pytest.mark.parametrize("name", ["aux.jsonl", "CON", "nul.jsonl", "com1.jsonl", "LPT9 .jsonl", "Prn"])
def test_an_output_is_no_device(windows: Windows, tmp_path: Path, name: str) -> None:
    sentence = refused(windows, tmp_path / name)
    assert "Windows では装置の名前" in sentence and "別の名前" in sentence


@pytest.mark.parametrize("name", ["a:b.jsonl", "a?.jsonl", "a|b.jsonl", 'a"b.jsonl', "a<b>.csv"])
def test_an_output_whose_name_is_none(windows: Windows, tmp_path: Path, name: str) -> None:
    assert "使えない文字" in refused(windows, tmp_path / name)


def test_names_that_are_nothing_special(windows: Windows, tmp_path: Path) -> None:
    """Elsewhere every one of them is a file, and on Windows those that only look like a device."""
    for name in ("com.csv", "auxiliary.csv", "console", "lpt10.csv", "nulla"):
        assert write_file(tmp_path / name, b"a,b\n1,2\n").paths == [tmp_path / name]


def test_names_of_other_systems(tmp_path: Path) -> None:
    for name in ("aux.csv", "a:b.csv", "CON"):
        assert write_file(tmp_path / name, b"a,b\n1,2\n").paths == [tmp_path / name]


def test_one_folder_of_documents_in_any_case(windows: Windows, db: Path, tmp_path: Path) -> None:
    for out in ("Reports", "REPORTS. "):
        assert say(windows, db, "close", "--date", DAY, "--out", tmp_path / out).status == 0
    assert sorted(x.name for x in tmp_path.iterdir()) == ["Reports", "data"]
    assert [x.name for x in (tmp_path / "Reports").iterdir()] == [DAY]


# ---- long paths


def deep(tmp_path: Path, length: int) -> Path:
    """Return a folder whose path has this many characters."""
    left = length - len(str(tmp_path)) - 1
    while left > 60:
        tmp_path, left = tmp_path / ("x" * 50), left - 51
    found = tmp_path / ("y" * left)
    found.mkdir(parents=True)
    assert len(str(found)) == length
    return found


@pytest.mark.parametrize("command", ["close", "simulate", "backup", "do"])
@pytest.mark.parametrize("length", [200, 228, 245])
def test_what_the_user_cannot_see_is_not_what_fails(
    windows: Windows, db: Path, tmp_path: Path, command: str, length: int
) -> None:
    """Without LongPathsEnabled: done, or the sentence says that the name is too long; nothing is half done."""
    folder = deep(tmp_path, length)
    windows.disk.long_paths = False
    args: dict[str, tuple[str | Path, ...]] = {
        "close": ("close", "--date", DAY, "--out", folder),
        "simulate": ("simulate", "--date", DAY, "--seed", "1", "-o", folder / "feed.jsonl"),
        "backup": ("backup", folder / "floor.db"),
        "do": ("do", "memo.written", "text=x"),
    }
    said = say(windows, folder / "floor.db" if command == "do" else db, *args[command])
    left = [x for x in folder.rglob("*") if x.name.startswith(".")]
    assert left == []
    if said.status:
        assert "名前が長すぎます" in said.err, said.err
        assert "短い名前のフォルダー" in said.err
    else:
        assert [x for x in folder.rglob("*") if x.is_file()]


def test_long_paths_where_they_are_enabled(windows: Windows, db: Path, tmp_path: Path) -> None:
    folder = deep(tmp_path, 245)
    assert say(windows, db, "close", "--date", DAY, "--out", folder).status == 0
    assert say(windows, db, "backup", folder / "floor.db").status == 0
    assert say(windows, folder / "own.db", "do", "memo.written", "text=x").status == 0


# ---- what SQLite is told


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (r"C:\floorctl\受付 1#2?.db", "file:///C:/floorctl/%E5%8F%97%E4%BB%98%201%232%3F.db?mode=ro"),
        (r"\\server\share\控え.db", "file:////server/share/%E6%8E%A7%E3%81%88.db?mode=ro"),
        (r"\\?\C:\floorctl\floor.db", "file:////%3F/C:/floorctl/floor.db?mode=ro"),
    ],
)
def test_sqlite_opens_what_lies_on_a_share(path: str, address: str) -> None:
    """A server must not stand where SQLite looks for a host: it would refuse every copy on a share."""
    assert as_address(PureWindowsPath(path), "mode=ro") == address


def test_sqlite_opens_any_name_of_this_system(tmp_path: Path) -> None:
    path = tmp_path / "受付 1#2?%20&x.db"
    path.write_bytes(b"")
    with closing(sqlite3.connect(sqlite_uri(path, "mode=rw"), uri=True)) as conn:
        conn.execute("CREATE TABLE t (x)")
    assert path.stat().st_size and [x.name for x in tmp_path.iterdir()] == [path.name]
    with pytest.raises(sqlite3.OperationalError, match="authority"):
        sqlite3.connect("file://server/share/floor.db?mode=ro", uri=True)
