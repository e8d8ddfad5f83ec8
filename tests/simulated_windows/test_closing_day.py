"""The end of a day on Windows: the close and its documents while a scanner, an indexer or Excel has files open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulated_windows.conftest import DAY, EVENING
from tests.simulated_windows.consoles import Said
from tests.simulated_windows.faults import DELETE, EXCEL, READ, WRITE, OpenElsewhere, Refuses, Scanner
from tests.simulated_windows.system import Windows

REPORT = f"日次報告書_{DAY}.xlsx"
LATER = "2026-09-14T18:10:00+09:00"
MOST_S = 15.0  # that a whole command may wait, whatever is held and for how long


def contents(folder: Path) -> dict[str, bytes]:
    return {str(x.relative_to(folder)): x.read_bytes() for x in sorted(folder.rglob("*")) if x.is_file()}


def no_leftovers(windows: Windows) -> None:
    """Nothing half done lies about: no temporary name, no lock."""
    left = [x.name for x in windows.root.rglob(".*")]
    assert left == []


@pytest.fixture
def right(db: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The documents of the day as they are where nothing is held, before this process is one on Windows."""
    from tests.simulated_windows.consoles import run

    out = tmp_path_factory.mktemp("right")
    copy = out / "floor.db"
    copy.write_bytes(db.read_bytes())
    assert run("close", "--date", DAY, "--out", out / "out", db=copy, now=EVENING).status == 0
    return contents(out / "out" / DAY)


def close(windows: Windows, db: Path, now: str = EVENING) -> Said:
    windows.waits.forget()
    said = windows.say("close", "--date", DAY, db=db, now=now)
    assert windows.waits.total <= MOST_S, windows.waits.pauses
    return said


# ---- a file that has just been written is held for a moment


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.parametrize("code", [5, 32, 33])
def test_the_new_folder_of_a_day_refused_for_a_moment(
    right: dict[str, bytes], windows: Windows, db: Path, times: int, code: int
) -> None:
    fault = windows.disk.add(Refuses("rename", DAY, times=times, code=code, part="target"))
    said = close(windows, db)
    assert said.status == 0, said
    assert fault.refused == times == len(windows.waits.pauses)
    assert contents(db.parent / "reports" / DAY) == right
    no_leftovers(windows)
