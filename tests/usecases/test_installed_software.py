"""What the environment really holds: packages of a folder of our own making, and floorctl as it stands here."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
from base64 import urlsafe_b64encode
from importlib.metadata import distributions
from pathlib import Path

import pytest

from floorctl import __version__
from floorctl.common.errors import FloorctlError
from floorctl.documents.sbom.component import Component, Files
from floorctl.documents.sbom.licences import Licence
from floorctl.usecases import installed_files
from floorctl.usecases import installed_software as module
from floorctl.usecases.installed_software import installed_software


def put(folder: Path, name: str, version: str, *more: str, files: tuple[str, ...] = ()) -> Path:
    """Metadata of an installed package with the list of its files, each of which holds its own name."""
    lines = []
    for file in (*files, f"../../bin/{name}"):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file, encoding="utf-8")
        digest = urlsafe_b64encode(hashlib.sha256(file.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{file},sha256={digest},{len(file)}")
    there = folder / f"{name}-{version}.dist-info"
    there.mkdir(parents=True)
    head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *more]
    (there / "METADATA").write_text("\n".join(head) + "\n", encoding="utf-8")
    lines += [f"{there.name}/RECORD,,", f"{there.name}/INSTALLER,sha256=x,4"]
    (there / "RECORD").write_text("\n".join(lines if files else []), encoding="utf-8")
    return there


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "lib" / "site-packages"
    needs = (
        "Requires-Dist: rich>=15",
        "Requires-Dist: pyarrow>=22; extra == 'parquet'",
        "Requires-Dist: pytest; extra == 'dev'",
    )
    put(folder, "floorctl_console", "0", "Provides-Extra: parquet", "Provides-Extra: dev", "Summary: Console", *needs)
    put(folder, "rich", "15.0.0", "License: MIT", "Requires-Dist: Some_thing", files=("rich/a.py", "rich/b.py"))
    put(folder, "Some.Thing", "1", "License-Expression: ISC", files=("some.py",))
    put(folder, "pyarrow", "26")
    put(folder, "pytest", "8", "Requires-Dist: rich")
    (folder / "broken-1.dist-info").mkdir()
    monkeypatch.setattr(module, "distributions", lambda: distributions(path=[str(folder)]))
    monkeypatch.setattr(installed_files, "package_folders", lambda: {folder})
    return folder


def held() -> dict[str, Component]:
    own, others = installed_software()
    return {c.name: c for c in (own, *others)}


@pytest.mark.usefixtures("environment")
def test_each_package_is_listed_with_what_it_is_to_floorctl() -> None:
    by = held()
    assert {name: c.use for name, c in by.items()} == {
        "floorctl-console": "own", "rich": "direct", "some-thing": "indirect", "pyarrow": "optional",
        "pytest": "excluded", "broken": "excluded", platform.python_implementation(): "runtime", "SQLite": "runtime",
    }  # fmt: skip
    assert by["rich"].needs == ("some-thing",) and by["pytest"].needs == ("rich",)
    assert by["some-thing"].licence == Licence("ISC")
    assert by["SQLite"].version == sqlite3.sqlite_version
    assert by["floorctl-console"].version == __version__, "what runs, not what was noted once"
    assert by["floorctl-console"].needs == tuple(sorted(("SQLite", platform.python_implementation(), "rich")))
    assert by["floorctl-console"].files is None and by["pyarrow"].files is None


def test_files_are_held_against_their_list_and_starters_are_not(environment: Path) -> None:
    before = held()["rich"].files
    assert before is not None and before[:3] == (2, 0, 0)
    (environment / "../../bin/rich").write_text("#!/elsewhere", encoding="utf-8")
    (environment / "rich" / "a.py").write_text("changed", encoding="utf-8")
    (environment / "rich" / "b.py").unlink()
    assert held()["rich"].files == Files(2, 1, 1, before.digest)


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("METADATA", b"Name: rich\nVersion: 1\nSummary: \xff\xfe\n"),  # another encoding
        ("METADATA", b"Summary: no name\n"),
        ("METADATA", None),
        ("RECORD", b"a\xff.py,sha256=ab,1\n"),
        ("RECORD", b'"' + b"a" * 200_000 + b",sha256=ab,1\n"),  # more than a table's cell may hold
    ],
    ids=["other encoding", "no name", "not there", "list in another encoding", "no list"],
)
def test_a_package_whose_metadata_are_damaged_is_listed_and_called_so(
    environment: Path, file: str, data: bytes | None
) -> None:
    there = environment / "rich-15.0.0.dist-info" / file
    there.unlink() if data is None else there.write_bytes(data)
    unlisted = environment / "pytest-8.dist-info" / file  # its package has no list
    unlisted.unlink() if data is None else unlisted.write_bytes(data)
    rich = held()["rich"]
    assert held()["pytest"].damaged
    assert (rich.version, rich.use, rich.damaged, rich.as_installed) == ("15.0.0", "direct", True, False)
    assert not held()["some-thing"].damaged


def test_a_name_that_no_file_can_have_is_a_missing_one(environment: Path) -> None:
    (environment / "rich-15.0.0.dist-info" / "RECORD").write_bytes(b"a\0.py,sha256=ab,1\n")
    files = held()["rich"].files
    assert files is None or files.missing == 1  # Python 3.11 and later read such a line


def test_what_no_package_has_brought_is_listed_by_its_place(environment: Path) -> None:
    (environment / "pytest").mkdir()
    for name in ("pytest/__init__.py", "pyarrow.py"):  # their packages have no list, and are imported by these names
        (environment / name).touch()
    before = {c.name for c in installed_software()[1] if c.use == "unlisted"}
    assert before == set()
    (environment / "hand" / "__pycache__").mkdir(parents=True)
    added = ("zz.pth", "hand/a.py", "hand/b.so", "hand/__pycache__/a.pyc", "rich/evil.py", "README.txt")
    for name in added:
        (environment / name).write_text("x", encoding="utf-8")
    found = {c.name: c for c in installed_software()[1] if c.use == "unlisted"}
    assert {name: c.files and c.files.unlisted for name, c in found.items()} == {
        "zz.pth": 1, "hand/": 2, "rich/evil.py": 1,
    }  # fmt: skip
    assert not any(c.as_installed or c.version for c in found.values())
    rich = held()["rich"].files
    assert rich is not None and rich.as_installed


def test_the_digest_of_a_wheel_is_told_where_it_was_noted(environment: Path) -> None:
    note = environment / "pyarrow-26.dist-info" / "direct_url.json"
    note.write_text('{"archive_info": {"hashes": {"sha256": "ab"}}, "url": "file:///x"}', encoding="utf-8")
    assert held()["pyarrow"].archive == "ab"
    note.write_text('{"dir_info": {"editable": true}, "url": "file:///x"}', encoding="utf-8")
    assert held()["pyarrow"].archive == ""


def test_the_first_of_two_of_a_name_counts_as_for_imports(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(environment.parent / "later", "rich", "1")
    folders = [str(environment), str(environment.parent / "later")]
    monkeypatch.setattr(module, "distributions", lambda: distributions(path=folders))
    assert held()["rich"].version == "15.0.0"


def test_without_what_was_noted_at_the_installation_nothing_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "distributions", lambda: distributions(path=[str(tmp_path)]))
    with pytest.raises(FloorctlError, match="部品とともに入れられていません"):
        installed_software()


def test_the_data_of_floorctl_is_listed_file_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed_files, "package_folders", set)
    monkeypatch.setattr(module, "held_files", lambda _: None)  # hundreds of megabytes where one develops
    own, others = installed_software()
    assert {"data/kumagaya.toml", "data/scenarios/surge.toml"} <= own.hashes.keys()
    assert len(own.program) == 64
    assert {c.name for c in others if c.use == "direct"} >= {"textual", "rich", "click", "pydantic"}
