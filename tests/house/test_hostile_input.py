"""A short form of tests/hostile.py, and a line without an end at every door that takes a feed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from floorctl.database.store import Store
from tests.hostile import CASES, Doors, try_door
from tests.story import Desk, a_day, feed_of, kumagaya
from tests.terminal import ROOT, Console

# What a process needs at most is written when it ends, by the kernel's own account.
MEASURED = """
import atexit, resource, sys
from pathlib import Path
from floorctl.__main__ import main
atexit.register(lambda: Path("peak").write_text(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)))
main()
"""
DEADLINE_S = 120.0


@pytest.mark.parametrize("door", CASES)
def test_nothing_that_comes_in_does_harm(tmp_path: Path, door: str) -> None:
    doors = Doors(tmp_path)
    try:
        try_door(door, doors, CASES[door][2])
    finally:
        doors.close()
    assert sum(doors.counts.values()) >= CASES[door][2]
    # Both ways are tried. Hypothesis draws on the constants of whatever modules are loaded, so that the cases differ between
    # a run of this file and of the whole suite: there are enough of them for either.
    if door not in ("pieces", "documents", "keys"):
        assert min(doors.counts["taken in"], doors.counts["refused"]) > 5, doors.counts


def long_line(path: Path, megabytes: int) -> None:
    """A line without an end of so many megabytes, which takes no room on the disk, and then a day."""
    with path.open("wb") as file:
        file.seek(megabytes * 2**20)
        file.write(b"\n" + feed_of(a_day().opens("08:30").issues("B001").lines))


def peak_of_a_long_line(folder: Path, way: str, megabytes: int) -> int:
    """By how many MB the memory of a process grows for a line of so many MB, against a short one; every fact is kept."""
    return (_peak(folder, way, megabytes) - _peak(folder, way, 0)) // 1024


def _peak(folder: Path, way: str, megabytes: int) -> int:
    """kB that the process needed at most; the facts after the line are in the file."""
    source, db = folder / "feed.jsonl", folder / "floor.db"
    db.unlink(missing_ok=True)
    long_line(source, megabytes)
    if way == "console":
        Desk(db, kumagaya(), "09:00").close()
        with Console(folder, "console", "--feed", str(source)) as console:
            _until(db, lambda: console.read(0))
            found = Path(f"/proc/{console.process.pid}/status").read_text(encoding="ascii")
            console.press("\x11")
            assert console.ended() == 0
        return int(found.split("VmHWM:")[1].split()[0])
    file = "-" if way == "stdin" else str(source)
    command = [
        sys.executable,
        "-c",
        MEASURED,
        "--db",
        str(db),
        "ingest",
        *(["--follow"] if way == "follow" else []),
        file,
    ]
    with source.open("rb") as stream:
        process = subprocess.Popen(
            command, cwd=folder, stdin=stream, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        if way == "follow":
            _until(db, lambda: None)
            process.terminate()
        assert process.wait(timeout=DEADLINE_S) in (0, 1, 143)
    _until(db, lambda: None)
    return int((folder / "peak").read_text())


def _until(db: Path, meanwhile: object) -> None:
    """Until both facts after the line are in the file."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        store = Store(db)
        try:
            if store.exists and store.count() == 2:
                return
        finally:
            store.close()
        assert time.monotonic() < deadline, "the facts after the long line never came"
        if callable(meanwhile):
            meanwhile()
        time.sleep(0.02)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("way", ["file", "stdin", "follow", "console"])
def test_a_line_without_an_end_takes_no_memory(tmp_path: Path, way: str) -> None:
    """Feed 50 MB without a line end; a gigabyte in the long form."""
    assert peak_of_a_long_line(tmp_path, way, 50) < 24
