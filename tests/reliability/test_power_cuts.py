"""States that a power cut could have left: no acknowledged fact is lost, nothing is half done, the next start works."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from floorctl.database import file as data_file
from floorctl.models.site.site import Site
from tests.reliability import days, disk
from tests.reliability.cuts import cut_power
from tests.reliability.disk import Disk, Step
from tests.reliability.powercut import SECTOR, Cut, left

pytestmark = pytest.mark.skipif(not disk.available, reason="SQLite's file functions cannot be reached here")


def test_two_hundred_power_cuts_lose_nothing(site: Site) -> None:
    found = cut_power(200, 20260914, site)
    assert found.says == []
    assert found.clean
    assert found.states == 200
    assert found.acknowledged > 10_000, "cut before anything was acknowledged: nothing is tested"


@pytest.mark.parametrize("careless", ["OFF", "NORMAL"])
def test_what_a_careless_writer_would_lose_is_seen(site: Site, monkeypatch: pytest.MonkeyPatch, careless: str) -> None:
    """The auditor finds what it looks for, if it is there: the same cuts, with syncs of the writer's left out."""
    pragmas = tuple(p.replace("synchronous = FULL", f"synchronous = {careless}") for p in data_file.PRAGMAS)
    monkeypatch.setattr(data_file, "PRAGMAS", pragmas)
    found = cut_power(60, 1, site)
    assert found.damaged + found.stuck > 0 if careless == "OFF" else found.lost > 0
    assert not found.clean and found.says


def test_the_record_is_what_the_disk_was_asked(tmp_path: Path, site: Site) -> None:
    """All steps applied in their order give the folder as it is: nothing that was written was missed."""
    folder, state = tmp_path / "day", tmp_path / "state"
    folder.mkdir()
    state.mkdir()
    seen = days.recorded(days.everything, folder, site)
    cut = Cut(seen.steps, len(seen.steps))
    cut.certain = len(cut.changes)
    for _, _, _, inode in cut.changes:
        if inode is not None:
            assert inode.asked == [], "something was acknowledged and not made safe"
    cut.state(random.Random(0), folder, state)
    there = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert {p.relative_to(state): p.read_bytes() for p in state.rglob("*") if p.is_file()} == there
    assert {"floor.db", "backups/floor-a.db", "backups/floor-b.db"} <= {p.as_posix() for p in there}


def test_what_can_be_left_of_a_write() -> None:
    safe, new = b"o" * 3 * SECTOR, b"n" * 3 * SECTOR
    seen = {left(safe, [Step("write", "x", 0, new)], random.Random(n)) for n in range(300)}
    patterns = {"".join(chr(s[k * SECTOR]) for k in range(3)) for s in seen}
    assert patterns == {a + b + c for a in "on" for b in "on" for c in "on"}
    longer = {left(b"", [Step("write", "x", 0, new)], random.Random(n)) for n in range(300)}
    assert {len(s) for s in longer} >= {0, SECTOR, 3 * SECTOR}
    assert any(set(s) > {ord("n")} for s in longer), "rubbish where nothing was written"


def test_a_step_can_be_refused(tmp_path: Path) -> None:
    """The same hook makes a disk that is full: SQLite and Python are both told so."""
    seen = Disk(tmp_path, lambda step: disk.FULL if step.kind in ("write", "mkdir") else disk.OK)
    with seen.watched():
        with pytest.raises(sqlite3.OperationalError, match="full"):
            db = sqlite3.connect(tmp_path / "x.db")
            try:
                db.execute("CREATE TABLE t (x)")
            finally:
                db.close()
        with pytest.raises(OSError):
            (tmp_path / "folder").mkdir()
    assert not (tmp_path / "folder").exists()
