"""The fixtures of the simulated Windows, and a recorded day to begin with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulated_windows.consoles import run
from tests.simulated_windows.system import Windows
from tests.story import busy_day, feed_of

DAY, EVENING = "2026-09-14", "2026-09-14T17:40:00+09:00"


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data file with a small day, taken in once for all tests of this process."""
    db = tmp_path_factory.mktemp("recorded") / "floor.db"
    said = run("ingest", "-", db=db, now=EVENING, stdin=feed_of(busy_day(tickets=12)))
    assert said.status == 0, said
    return db


@pytest.fixture(scope="session")
def right(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The documents of that day as they are where nothing is held."""
    folder = tmp_path_factory.mktemp("right")
    shutil.copyfile(recorded, folder / "floor.db")
    assert run("close", "--date", DAY, db=folder / "floor.db", now=EVENING).status == 0
    return contents(folder / "reports" / DAY)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(x.relative_to(folder)): x.read_bytes() for x in sorted(folder.rglob("*")) if x.is_file()}


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Windows]:
    """A simulated Windows for all files below the folder of the test."""
    system = Windows(tmp_path)
    with monkeypatch.context() as patch:
        system.install(patch)
        yield system


@pytest.fixture
def db(tmp_path: Path, recorded: Path) -> Path:
    """A data file with a day that has been recorded and not been closed."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(recorded, folder / "floor.db")
    return folder / "floor.db"
