"""The writers of files (common/output_file.py, kept_theme, durable) under every fault, without a command around them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from floorctl.common import durable
from floorctl.common.errors import FloorctlError
from floorctl.common.output_file import Seal, clear_left, rewrite_file, write_file, write_files, write_set
from floorctl.common.written_files import WrittenFiles
from floorctl.console.kept_theme import put
from tests.simulated_windows.faults import DELETE, EXCEL, READ, WRITE, OpenElsewhere, Refuses, Scanner
from tests.simulated_windows.system import Windows

NEW, OLD = b"a,b\n3,4\n", b"a,b\n1,2\n"
MOST_S = 16.0  # that one command waits at the most, whatever is held


@pytest.fixture
def written(tmp_path: Path) -> WrittenFiles:
    data_file = tmp_path / "data" / "floor.db"
    data_file.parent.mkdir()
    data_file.touch()
    return WrittenFiles(data_file)


def put_folder(folder: Path, data: bytes, written: WrittenFiles) -> list[str]:
    return write_files(folder / "day", {"a.csv": data, "csv/b.csv": data}, written).notes


def put_file(folder: Path, data: bytes, written: WrittenFiles) -> list[str]:
    return write_file(folder / "a.csv", data, written=written).notes


def put_set(folder: Path, data: bytes, _: WrittenFiles) -> list[str]:
    data = b"PAR1 floorctl.table " + data + b"PAR1"
    write_set({folder / "x" / "a": data}, Seal(folder / "y" / "seal", data))
    return []


def put_page(folder: Path, data: bytes, _: WrittenFiles) -> list[str]:
    data = b'{"id":"sim-' + data.replace(b"\n", b" ") + b'","kind":"x","at":"y"}\n'
    rewrite_file(folder / "page.html", data)
    return []


def put_settings(folder: Path, data: bytes, _: WrittenFiles) -> list[str]:
    put(folder / "own" / "settings.toml", data)
    return []


Writer = Callable[[Path, bytes, WrittenFiles], list[str]]
WRITERS: list[Writer] = [put_folder, put_file, put_set, put_page, put_settings]


def contents(windows: Windows, folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too, but for the data file's."""
    with windows.disk.asleep():
        found = sorted(x for x in folder.rglob("*") if x.is_file() and x.parent.name != "data")
        return {str(x.relative_to(folder)): x.read_bytes() for x in found}


@pytest.fixture(params=WRITERS, ids=lambda f: f.__name__)
def writer(request: pytest.FixtureRequest) -> Writer:
    found: Writer = request.param
    return found


@pytest.fixture
def expected(
    windows: Windows, writer: Writer, tmp_path_factory: pytest.TempPathFactory, written: WrittenFiles
) -> Callable[[bytes], dict[str, bytes]]:
    """What the writer leaves where nothing is held."""
    folder = tmp_path_factory.mktemp("expected")

    def of(data: bytes) -> dict[str, bytes]:
        with windows.disk.asleep():
            writer(folder, data, written)
        return contents(windows, folder)

    return of


@pytest.mark.parametrize("act", ["rename", "replace", "unlink", "open"])
@pytest.mark.parametrize("times", [1, 6])
def test_refused_some_times(
    windows: Windows, tmp_path: Path, written: WrittenFiles, writer: Writer, expected: Any, act: str, times: int
) -> None:
    """Every rename, replacement and removal, and every opening of what is there, succeeds in the end; nothing is left."""
    for data, code in ((OLD, 5), (NEW, 32), (OLD, 33)):
        windows.waits.forget()
        windows.disk.faults = [Refuses(act, times=times, code=code)]
        windows.disk.refusals = []
        assert writer(tmp_path, data, written) == []
        assert contents(windows, tmp_path) == expected(data)
        assert len(windows.waits.pauses) <= len(windows.disk.refusals) <= times  # one pause for all that is held
        assert windows.waits.total < 2


@pytest.mark.parametrize(
    "denies", [{DELETE}, {DELETE, WRITE}, {DELETE, WRITE, READ}], ids=lambda x: "-".join(sorted(x))
)
@pytest.mark.parametrize("seconds", [0.02, 0.4, 2.0])
def test_a_scanner_looks_at_every_new_file(
    windows: Windows,
    tmp_path: Path,
    written: WrittenFiles,
    writer: Writer,
    expected: Any,
    seconds: float,
    denies: set[str],
) -> None:
    windows.disk.add(Scanner(seconds, frozenset(denies), again=True))
    for data in (OLD, NEW):
        windows.waits.forget()
        assert writer(tmp_path, data, written) == []
        assert contents(windows, tmp_path) == expected(data)
        assert seconds <= windows.waits.total <= MOST_S


@pytest.mark.parametrize("denies", [{DELETE}, {DELETE, WRITE, READ}], ids=lambda x: "-".join(sorted(x)))
def test_a_scanner_that_lets_nothing_go(
    windows: Windows, tmp_path: Path, written: WrittenFiles, writer: Writer, denies: set[str]
) -> None:
    """One sentence, the old files as they were, a wait with an end; what cannot be removed goes with the next writing."""
    writer(tmp_path, OLD, written)
    before = contents(windows, tmp_path)
    scanner = windows.disk.add(Scanner(500, frozenset(denies)))
    windows.waits.forget()
    with pytest.raises((FloorctlError, PermissionError)) as found:
        writer(tmp_path, NEW, written)
    if isinstance(found.value, FloorctlError):
        assert "ほかのプログラムで開かれています" in found.value.sentence
    assert windows.waits.total <= MOST_S, windows.waits.pauses
    windows.disk.faults.remove(scanner)
    kept = {name: data for name, data in contents(windows, tmp_path).items() if not name.endswith(".floorctl-tmp")}
    if writer is put_set:
        assert kept.items() <= before.items()
    else:
        assert kept == before


def test_one_that_is_open_elsewhere_gets_a_neighbour_until_it_is_closed(
    windows: Windows, tmp_path: Path, written: WrittenFiles
) -> None:
    for denies in (frozenset({WRITE, DELETE}), EXCEL):
        for put_in, target in ((put_folder, tmp_path / "day" / "a.csv"), (put_file, tmp_path / "a.csv")):
            put_in(tmp_path, OLD, written)
            windows.waits.forget()
            excel = windows.disk.add(OpenElsewhere(target, denies))
            (note,) = put_in(tmp_path, NEW, written)
            assert "a.csv はほかのプログラムで開かれているため" in note and "a_2.csv" in note
            assert 4 < windows.waits.total <= MOST_S
            beside = target.with_name("a_2.csv")
            assert beside.read_bytes() == NEW
            excel.close()
            assert target.read_bytes() == OLD
            windows.waits.forget()
            put_in(tmp_path, NEW, written)
            assert target.read_bytes() == NEW
            assert not beside.exists()
            assert windows.waits.pauses == []
    assert not list(tmp_path.rglob("*tmp"))


def test_a_read_only_file_is_named_as_what_it_is(windows: Windows, tmp_path: Path, written: WrittenFiles) -> None:
    target = tmp_path / "a.csv"
    put_file(tmp_path, OLD, written)
    target.chmod(0o444)
    (note,) = put_file(tmp_path, NEW, written)
    assert "読み取り専用" in note
    assert windows.waits.pauses == []  # nobody's closing would change that
    assert contents(windows, tmp_path) == {"a.csv": OLD, "a_2.csv": NEW}
    target.chmod(0o644)
    put_file(tmp_path, NEW, written)
    assert contents(windows, tmp_path) == {"a.csv": NEW}


def test_a_name_that_is_being_deleted(
    windows: Windows, tmp_path: Path, written: WrittenFiles, writer: Writer, expected: Any
) -> None:
    writer(tmp_path, OLD, written)
    for name in contents(windows, tmp_path):
        windows.disk.delete_pending(tmp_path / name, 1.0)
    assert writer(tmp_path, NEW, written) == []
    assert contents(windows, tmp_path) == expected(NEW)
    assert windows.waits.total <= MOST_S


def test_a_temporary_name_that_cannot_be_removed_goes_later(windows: Windows, tmp_path: Path) -> None:
    left = tmp_path / f".{secrets.token_hex(6)}.floorctl-tmp"
    left.mkdir()
    (left / "a").write_bytes(b"")
    for path in (left / "a", left):
        os.utime(path, (0, 0))
    reader = windows.disk.add(OpenElsewhere(left / "a", frozenset({DELETE})))
    clear_left(tmp_path)
    assert left.exists() and windows.waits.total < 1
    reader.close()
    clear_left(tmp_path)
    assert not left.exists()


def test_lines_are_appended_in_bytes(windows: Windows, tmp_path: Path) -> None:
    """Handles of Windows are handles of text unless they are opened otherwise; a digest must not get a carriage return."""
    path = tmp_path / "floor.db.heads"
    for _ in range(2):
        durable.append(path, b"{}\n")
    assert path.read_bytes() == b"{}\n{}\n"
    windows.disk.add(Scanner(0.1, frozenset({READ, WRITE, DELETE})))
    durable.append(path, b"{}\n")
    assert contents(windows, tmp_path) == {path.name: b"{}\n{}\n{}\n"}


def test_elsewhere_nothing_waits(
    tmp_path: Path, written: WrittenFiles, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a system that is not Windows a refusal is told at once: it would not pass."""
    system = Windows(tmp_path)
    with monkeypatch.context() as patch:
        system.waits.install(patch)
        system.disk.install(patch)
        writer(tmp_path, OLD, written)
        system.disk.add(Scanner(500, name="*"))
        with pytest.raises((FloorctlError, PermissionError)):
            writer(tmp_path, NEW, written)
        assert system.waits.pauses == []
