"""The end of a day on Windows: the close and its documents while a scanner, an indexer or Excel has files open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulated_windows.conftest import DAY, EVENING, contents
from tests.simulated_windows.consoles import Said
from tests.simulated_windows.faults import DELETE, EXCEL, READ, WRITE, OpenElsewhere, Refuses, Scanner
from tests.simulated_windows.system import Windows

REPORT, BESIDE = f"日次報告書_{DAY}.xlsx", f"日次報告書_{DAY}_2.xlsx"
MOST_S = 16.0  # that a command may wait, whatever is held and for how long


def close(windows: Windows, db: Path, now: str = EVENING) -> Said:
    windows.waits.forget()
    said = windows.say("close", "--date", DAY, db=db, now=now)
    assert windows.waits.total <= MOST_S, windows.waits.pauses
    return said


def no_leftovers(windows: Windows) -> None:
    """Nothing half done lies about; an empty lock, which blocks nobody, may."""
    left = [x.name for x in windows.root.rglob(".*") if not x.name.endswith(".lock") or x.stat().st_size]
    assert left == []


def sound(windows: Windows, db: Path) -> None:
    """The facts, the backups and the noted heads agree."""
    windows.waits.forget()
    with windows.disk.asleep():
        said = windows.say("doctor", "--full", db=db, now=EVENING)
        assert said.status == 0 and "異常はありません" in said.out, said
    assert windows.waits.pauses == []


@pytest.mark.parametrize(("times", "code"), [(1, 5), (2, 32), (6, 33)])
def test_the_new_folder_is_refused_for_a_moment(
    right: dict[str, bytes], windows: Windows, db: Path, times: int, code: int
) -> None:
    fault = windows.disk.add(Refuses("rename", DAY, times=times, code=code, part="target"))
    said = close(windows, db)
    assert said.status == 0, said
    assert fault.refused == times == len(windows.waits.pauses)
    assert contents(db.parent / "reports" / DAY) == right
    no_leftovers(windows)


def test_a_folder_that_is_never_renamed_is_filled_instead(right: dict[str, bytes], windows: Windows, db: Path) -> None:
    """An indexer holds a file of the new folder for longer than anybody waits: its other files are not its matter."""
    windows.disk.add(Refuses("rename", DAY, times=999, part="target"))
    said = close(windows, db)
    assert said.status == 0, said
    assert contents(db.parent / "reports" / DAY) == right
    no_leftovers(windows)


@pytest.mark.parametrize("denies", [{DELETE}, {DELETE, WRITE, READ}], ids=["delete", "all"])
def test_a_scanner_reads_every_new_file(right: dict[str, bytes], windows: Windows, db: Path, denies: set[str]) -> None:
    """The close, the same day reopened and closed again, and its documents once more."""
    windows.disk.add(Scanner(0.3, frozenset(denies), again=True))
    said = close(windows, db)
    assert said.status == 0, said
    reports = db.parent / "reports" / DAY
    with windows.disk.asleep():
        assert contents(reports) == right
    assert windows.say("do", "day.reopened", "--reason", "追記のため", db=db, now=EVENING).status == 0
    said = close(windows, db)
    assert (said.status, BESIDE in said.out, "開かれて" in said.err) == (0, False, False), said
    with windows.disk.asleep():
        found = contents(reports)
    assert found.keys() == right.keys() and found[REPORT] != right[REPORT]
    sound(windows, db)
    no_leftovers(windows)


@pytest.mark.parametrize("denies", [frozenset({WRITE, DELETE}), EXCEL], ids=["readable", "not readable"])
def test_the_report_is_open_in_excel(windows: Windows, db: Path, denies: frozenset[str]) -> None:
    """The new report lies beside it, with a sentence; once Excel is closed, the right one is there alone."""
    assert close(windows, db).status == 0
    reports = db.parent / "reports" / DAY
    old = contents(reports)
    assert windows.say("do", "day.reopened", "--reason", "追記のため", db=db, now=EVENING).status == 0
    excel = windows.disk.add(OpenElsewhere(reports / REPORT, denies))
    said = close(windows, db)
    assert said.status == 0, said
    assert f"{REPORT} はほかのプログラムで開かれているため" in said.err and BESIDE in said.err
    assert BESIDE in said.out and REPORT not in said.out
    assert windows.waits.total > 4
    new = (reports / BESIDE).read_bytes()
    excel.close()
    assert (reports / REPORT).read_bytes() == old[REPORT]

    said = windows.say("export", "--date", DAY, "--out", db.parent / "reports", db=db, now=EVENING)
    assert said.status == 0, said
    assert contents(reports).keys() == old.keys()
    assert (reports / REPORT).read_bytes() == new
    no_leftovers(windows)
    sound(windows, db)


def test_all_documents_are_open_in_excel(windows: Windows, db: Path) -> None:
    """The patience of a command is one, however many files it does not get."""
    assert close(windows, db).status == 0
    reports = db.parent / "reports" / DAY
    held = [windows.disk.add(OpenElsewhere(x)) for x in reports.rglob("*") if x.is_file()]
    assert windows.say("do", "day.reopened", "--reason", "追記のため", db=db, now=EVENING).status == 0
    before = contents(reports)
    said = close(windows, db)
    assert said.status == 0, said
    assert BESIDE in said.out
    for each in held:
        each.close()
    assert before.items() <= contents(reports).items()
    assert close(windows, db).status == 0
    assert contents(reports).keys() == before.keys()
    no_leftovers(windows)


def test_a_disk_that_lets_nothing_be_renamed(windows: Windows, db: Path) -> None:
    """The day is closed and backed up, one sentence tells what is missing, and the next close makes it."""
    windows.disk.add(Refuses("rename", times=9999))
    windows.disk.add(Refuses("replace", times=9999))
    said = close(windows, db)
    assert said.status == 1
    assert "書き出せませんでした" in said.err and "文書ができます" in said.err, said.err
    assert "控え:" in said.out
    no_leftovers(windows)
    windows.disk.faults.clear()
    assert close(windows, db).status == 0
    assert (db.parent / "reports" / DAY / REPORT).exists()
    sound(windows, db)


def test_the_month_and_the_tables_of_a_head_office(windows: Windows, db: Path, tmp_path: Path) -> None:
    windows.disk.add(Scanner(0.2, again=True))
    assert close(windows, db).status == 0
    office, month = tmp_path / "office", ("--month", DAY[:7], "--out", tmp_path / "month")
    for _ in range(2):
        windows.waits.forget()
        said = windows.say("export", *month, db=db, now="2026-10-01T09:00:00+09:00")
        assert said.status == 0, said
        windows.waits.forget()
        said = windows.say("export", "--date", DAY, "--format", "parquet", "--out", office, db=db, now=EVENING)
        assert said.status == 0, said
        assert windows.waits.total <= MOST_S
    assert not list(tmp_path.rglob("*_2.*"))
    no_leftovers(windows)
    seal = office / "days" / "site=kumagaya" / f"day={DAY}" / "part-0.parquet"
    assert seal.exists(), contents(office).keys()
