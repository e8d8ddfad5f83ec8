"""What all tests share: the shipped site, a hand-moved clock, and hypothesis without chance from outside."""

from __future__ import annotations

import gc
import itertools
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from floorctl.common.written_files import WrittenFiles
from floorctl.console.action import remap
from floorctl.database import file as data_file
from floorctl.database.file import upgrade
from floorctl.intake.site_file import load_site
from floorctl.models.site.site import Site
from tests.story import Desk

# The suite gives the same answer every time; HYPOTHESIS_PROFILE=explore looks for new trouble instead.
settings.register_profile(
    "suite", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=3000, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives to the end; then it looks as seldom as in the program."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


_NTH = itertools.count()
_EMPTY: list[sqlite3.Connection] = []  # an empty data file in memory, once one was made
# Where a new file is what is tested, each is made by all migrations.
_MAKERS = ("database", "reliability")


def _copied(conn: sqlite3.Connection) -> None:
    """Bring a data file to the present form: an empty one by copying one that the migrations have made in this process."""
    if conn.execute("PRAGMA schema_version").fetchone()[0]:
        upgrade(conn)
    elif _EMPTY:
        _EMPTY[0].backup(conn)
    else:
        upgrade(conn)
        _EMPTY.append(sqlite3.connect(":memory:", check_same_thread=False))
        conn.backup(_EMPTY[0])


@pytest.fixture(autouse=True)
def _new_files_are_copies(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of tests begin with a new file, which eleven migrations would make anew each time."""
    if request.path.parent.name not in _MAKERS:
        monkeypatch.setattr(data_file, "upgrade", _copied)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the developer's shell and own settings say must not reach a test, nor a test those settings."""
    monkeypatch.setenv("FLOORCTL_CONFIG", str(tmp_path_factory.getbasetemp() / f"own-{next(_NTH)}" / "settings.toml"))
    for name in ("FLOORCTL_DB", "FLOORCTL_SITE", "FLOORCTL_NOW", "FLOORCTL_ENCODING"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _keys_of_the_program() -> Iterator[None]:
    """Keys that a test has remapped are its own."""
    yield
    remap({})


@pytest.fixture(scope="session")
def site() -> Site:
    """The shipped site of Kumagaya."""
    return load_site()


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Iterator[Desk]:
    """The manager at the console of a new file, on an open Monday at 8:30, with a clock that the test moves."""
    desk = Desk(tmp_path / "floor.db", site)
    yield desk
    desk.close()


@pytest.fixture
def written(tmp_path_factory: pytest.TempPathFactory) -> WrittenFiles:
    """The digests beside a data file that lies elsewhere."""
    data_file = tmp_path_factory.mktemp("data") / "floor.db"
    data_file.touch()
    return WrittenFiles(data_file)
