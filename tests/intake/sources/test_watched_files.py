"""Files that live: however a machine writes its file, each row is read once, and what passes is not said."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floorctl.common.clock import JST
from floorctl.common.errors import FloorctlError
from floorctl.intake.sources import watched_file
from floorctl.intake.sources.follow import PATIENCE_S, SourceFollower
from floorctl.intake.sources.found import BadRow, FromRow
from floorctl.intake.sources.source_file import load_sources
from floorctl.intake.sources.watched_file import RECHECK_S, STILL_S
from floorctl.models.site.source import Source
from tests.story import MONDAY, kumagaya


class Lines:
    """Stands in for the reader: every line is a row; each is given once."""

    def __init__(self) -> None:
        self.left_out, self.waits = 0, False
        self._given: set[bytes] = set()

    def read(self, path: Path, today: date, *, growing: bool = False, still: bool = False) -> Iterator[FromRow]:
        return self.read_data(path.read_bytes(), path, datetime.now(), today, growing=growing, still=still)

    def read_data(
        self, data: bytes, path: Path, modified: datetime, today: date, *, growing: bool = False, still: bool = False
    ) -> Iterator[FromRow]:
        rows = data.split(b"\n")
        last = rows.pop()
        if last and (still or not growing):
            rows.append(last)
        for number, row in enumerate(rows, 1):
            if row == b"unfit":
                raise FloorctlError("見出しが違います")
            if row not in self._given:
                self._given.add(row)
                yield FromRow(number, BadRow("", row.decode()))


class Machine:
    """A follower with a clock that is moved by hand; ``seen`` is what it has given so far."""

    def __init__(self, files: str, **more: Any) -> None:
        self.now, self.day, self.readers = 100.0, MONDAY, list[Lines]()
        source = Source(name="kiosk", files=files, form="jsonl", **more)
        self.follower = SourceFollower(
            source, kumagaya(), lambda: self.day, monotonic=lambda: self.now, busy=lambda: 0.0, make_reader=self._reader
        )
        self.seen: list[str] = []
        self.numbers: list[int] = []

    def _reader(self) -> Lines:
        self.readers.append(Lines())
        return self.readers[-1]

    def look(self, after: float = 0.05) -> list[str]:
        """Rows that come at the next look, ``after`` seconds later."""
        self.now += after
        found: list[str] = []
        while rows := self.follower.poll():
            found += [x.found.why if isinstance(x.found, BadRow) else x.found.id for x in rows]
            self.numbers += [x.number for x in rows]
        self.seen += found
        return found


def append(path: Path, text: str) -> None:
    with path.open("ab") as file:
        file.write(text.encode())


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.csv"


def test_rows_come_as_the_file_grows(log: Path) -> None:
    m = Machine(str(log))
    assert m.look() == [] and m.follower.missing and not m.follower.trouble
    append(log, "a\nb\n")
    assert m.look() == ["a", "b"] and not m.follower.missing
    append(log, "c\nha")
    assert m.look() == ["c"]
    append(log, "lf\n")
    assert m.look() == ["half"]
    assert m.look() == []
    assert m.numbers == [1, 2, 3, 4]


def test_a_last_row_without_its_end_counts_once_the_file_is_still(log: Path) -> None:
    m = Machine(str(log))
    append(log, "a\nb")
    assert m.look() == ["a"]
    assert m.look(STILL_S - 1) == []
    assert m.look(2) == ["b"]
    append(log, "\nc\n")
    assert m.look() == ["c"]
    assert m.look(RECHECK_S) == []


def real(tmp_path: Path, described: str, files: str = "log.csv") -> Machine:
    """A machine whose rows are read by the reader itself; ``seen`` has the ids of its facts."""
    (tmp_path / "sources.toml").write_text(
        f'[[sources]]\nname = "kiosk"\nfiles = "{files}"\n{described}', encoding="utf-8"
    )
    [source] = load_sources(tmp_path / "sources.toml", kumagaya())
    m = Machine(source.files)
    m.follower = SourceFollower(source, kumagaya(), lambda: m.day, monotonic=lambda: m.now, busy=lambda: 0.0)
    return m


QUEUES = """form = "json"
rows = "queues"
[sources.columns]
time = "/lastUpdated"
lane = "*"
waiting = "waiting"
[[sources.facts]]
kind = "queue.counted"
"""


def census(at: str, waiting: int) -> str:
    return f'{{"lastUpdated":"2026-09-14T{at}+09:00","queues":{{"issuance":{{"waiting":{waiting}}}}}}}'


def test_a_snapshot_that_is_rewritten_in_place(tmp_path: Path) -> None:
    m, file = real(tmp_path, QUEUES, "queues.json"), tmp_path / "queues.json"
    file.write_text(census("09:00:00", 5))
    assert m.look() == ["20260914.issuance.counted.090000"]
    file.write_text(census("09:01:00", 6))
    assert m.look() == ["20260914.issuance.counted.090100"]
    file.write_text(census("09:02:00", 6)[:40])  # half written
    assert m.look() == []
    file.write_text(census("09:02:00", 6))
    assert m.look() == ["20260914.issuance.counted.090200"] and m.look(STILL_S) == m.look(RECHECK_S) == []
    assert not m.follower.trouble


@pytest.mark.parametrize("often", [False, True], ids=["left so", "again and again"])
def test_a_snapshot_that_stays_half_written_is_said(tmp_path: Path, often: bool) -> None:
    m, file = real(tmp_path, QUEUES, "queues.json"), tmp_path / "queues.json"
    file.write_text(census("09:00:00", 5))
    m.look()
    for n in range(25):
        if often or not n:
            file.write_text(census("09:02:00", n)[:40])
        m.look(1)
        assert n > 8 or not m.follower.trouble
    assert m.follower.trouble and "queues.json" not in m.seen
    file.write_text(census("09:02:00", 6))
    assert m.look() == ["20260914.issuance.counted.090200"] and not m.follower.trouble


BY_SERVICE = """[sources.columns]
time = "at"
lane = "service"
waiting = "waiting"
[sources.codes.lane]
"issue" = "certificate"
"renew" = "certificate"
[[sources.facts]]
kind = "queue.counted"
"""


def test_the_last_counts_by_service_are_added_up_once_the_file_is_still(tmp_path: Path) -> None:
    m, file = real(tmp_path, BY_SERVICE, "counts20260914.csv"), tmp_path / "counts20260914.csv"
    append(file, "at,service,waiting\n9:00,issue,2\n9:00,renew,8\n")
    assert m.look() == [] and m.look(1) == []
    assert m.look(STILL_S) == ["20260914.certificate.counted.090000"]
    append(file, "9:01,issue,2\n")
    assert m.look() == []
    append(file, "9:01,renew,1\n9:02,issue,2\n")
    assert m.look() == ["20260914.certificate.counted.090100"]
    assert m.look(STILL_S) == ["20260914.certificate.counted.090200"] and m.look(RECHECK_S) == []


BY_FILE = """heading = false
[sources.columns]
lane = 1
waiting = 2
[[sources.facts]]
kind = "queue.counted"
at = "file"
"""


def test_a_count_that_stays_the_same_is_told_again_with_the_time_of_its_file(tmp_path: Path) -> None:
    m, file = real(tmp_path, BY_FILE), tmp_path / "log.csv"
    for minute in (0, 1, 2):
        file.write_text("issuance,5\n")
        at = datetime(2026, 9, 14, 9, minute, tzinfo=JST).timestamp()
        os.utime(file, (at, at))
        assert m.look() == [f"20260914.issuance.counted.090{minute}00"]
    assert m.look(STILL_S) == m.look(RECHECK_S) == []


VISITS = """form = "sqlite"
table = "visits"
[sources.columns]
time = "at"
ticket = "number"
[[sources.facts]]
kind = "ticket.issued"
service = { value = "other" }
"""


def test_a_table_of_a_machine_that_goes_on_writing_it(tmp_path: Path) -> None:
    m, machine = real(tmp_path, VISITS, "log.csv"), sqlite3.connect(tmp_path / "log.csv", isolation_level=None)
    machine.execute("PRAGMA journal_mode = WAL")
    machine.execute("CREATE TABLE visits (number TEXT, at TEXT)")
    for n in range(3):
        machine.execute("INSERT INTO visits VALUES (?, ?)", (f"B{n}", f"2026-09-14 09:0{n}:00"))
        assert m.look() == [f"20260914.B{n}.issued.090{n}00"]
    assert m.look(STILL_S) == m.look(RECHECK_S) == []
    machine.execute("DELETE FROM visits")
    assert m.look() == []
    machine.close()


REWRITTEN = {
    "larger": "a\nb\nc\nd\n",
    "smaller": "d\n",
    "of the same size": "a\nb\nd\n",
    "the first row anew": "d\nb\nc\n",
}


@pytest.mark.parametrize("text", REWRITTEN.values(), ids=REWRITTEN)
@pytest.mark.parametrize("how", ["in place", "by rename"])
def test_a_file_that_is_rewritten(log: Path, text: str, how: str) -> None:
    m = Machine(str(log))
    append(log, "a\nb\nc\n")
    m.look()
    if how == "in place":
        log.write_bytes(text.encode())
    else:
        (log.parent / "new").write_bytes(text.encode())
        (log.parent / "new").replace(log)
    assert m.look() == ["d"]
    assert m.look(STILL_S) == m.look(RECHECK_S) == []


@pytest.mark.parametrize("wait", [STILL_S, STILL_S + RECHECK_S], ids=["at once", "long after"])
def test_a_file_whose_time_and_size_tell_nothing(log: Path, wait: float) -> None:
    """On a memory stick two changes within two seconds have one time; some programs set the old one."""
    m = Machine(str(log))
    append(log, "a\nb\n")
    there = log.stat()
    assert m.look() == ["a", "b"]
    if wait > STILL_S:
        m.look(STILL_S)
    with log.open("r+b") as file:
        file.write(b"c\n")
    os.utime(log, ns=(there.st_atime_ns, there.st_mtime_ns))
    assert m.look() == [] and m.look(wait) == ["c"]


@pytest.mark.parametrize("begun", [True, False], ids=["the new one is there", "the new one comes later"])
@pytest.mark.parametrize("name", ["log.csv.1", "log_1.csv", "log-old.csv"])
def test_a_file_that_is_rotated_loses_no_row(log: Path, name: str, begun: bool) -> None:
    m = Machine(str(log))
    append(log, "a\nb\n")
    m.look()
    append(log, "c\nlast, without newline")
    log.rename(log.with_name(name))
    if not begun:
        assert m.look() == ["c"]
        append(log.with_name(name), "\nd\n")
        assert m.look() == ["last, without newline", "d"]
        assert not m.follower.missing, "for a moment a file may be away"
    append(log, "a\ne\n")
    assert m.look() == (["a", "e"] if not begun else ["c", "last, without newline", "a", "e"]), (
        "another file's first row"
    )
    assert len(m.readers) == 2


def test_a_file_that_is_copied_and_cut_loses_no_row(log: Path) -> None:
    m = Machine(str(log))
    append(log, "a\nb\n")
    m.look()
    append(log, "c\n")
    log.with_name("log.csv.1").write_bytes(log.read_bytes())
    log.write_bytes(b"")
    assert m.look() == []
    append(log, "d\n")
    assert m.look() == ["c", "d"]


def test_half_a_row_of_a_file_that_is_cut_counts_if_it_does_not_come_again(log: Path) -> None:
    for anew, expected in (("d\n", ["half", "d"]), ("a\nhalf a row\n", ["half a row"])):
        log.write_bytes(b"a\nhalf")
        m = Machine(str(log))
        assert m.look() == ["a"]
        log.write_bytes(b"")
        m.look()
        append(log, anew)
        assert m.look() == expected


def test_what_is_copied_over_slowly_is_read_as_it_comes(log: Path) -> None:
    """An office share makes the file in its whole length first; the zeros are no row."""
    m = Machine(str(log))
    log.write_bytes(b"a\nb" + b"\0" * 90)
    assert m.look() == ["a"]
    log.write_bytes(b"a\nbc\nd\n" + b"\0" * 80)
    assert m.look() == ["bc", "d"]
    assert m.look(STILL_S) == []


def refused(monkeypatch: pytest.MonkeyPatch, error: OSError) -> Callable[[], None]:
    """Every opening fails; the function that is returned ends it."""
    whole = watched_file._bytes

    def broken(path: Path) -> bytes:
        raise error

    monkeypatch.setattr(watched_file, "_bytes", broken)
    return lambda: monkeypatch.setattr(watched_file, "_bytes", whole)


@pytest.mark.parametrize("error", [PermissionError(13, "x"), OSError(16, "busy"), OSError(116, "stale")])
def test_a_lock_passes_and_one_that_stays_is_said(log: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    m = Machine(str(log))
    append(log, "a\n")
    end = refused(monkeypatch, error)
    assert m.look() == [] and m.look(PATIENCE_S - 1) == [] and not m.follower.trouble
    assert m.look(2) == []
    assert m.follower.trouble and "続きから読みます" in m.follower.trouble.sentence
    end()
    assert m.look() == ["a"] and not m.follower.trouble and not m.follower.missing


def test_a_share_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    m = Machine(f"{share}/log*.csv")
    append(share / "log1.csv", "a\n")
    assert m.look() == ["a"]
    share.rename(tmp_path / "away")
    append(tmp_path / "away" / "log1.csv", "b\n")
    assert m.look() == [] and not m.follower.missing, "perhaps for a moment"
    assert m.look(3) == [] and m.follower.missing and m.follower.path.name == "log*.csv"
    (tmp_path / "away").rename(share)
    assert m.look() == ["b"] and not m.follower.missing


def test_a_description_that_does_not_fit_is_said_and_goes_away_by_itself(log: Path) -> None:
    m = Machine(str(log))
    append(log, "a\nunfit\n")
    assert m.look() == ["a"]
    assert not m.follower.trouble
    m.look(PATIENCE_S + 1)
    assert m.follower.trouble and m.follower.trouble.sentence == (
        "見出しが違います。docs/sources.md を見て、floorctl source try で説明と比べてください。"
    )
    log.write_bytes(b"a\nb\n")
    assert m.look() == ["b"] and not m.follower.trouble


def test_a_file_that_takes_long_and_cannot_be_read_leaves_the_pc_its_time(log: Path) -> None:
    m, worked, looks = Machine(str(log)), [0.0], list[float]()

    class Slow(Lines):
        def read_data(self, *args: Any, **more: Any) -> Iterator[FromRow]:
            looks.append(m.now)
            worked[0] += 20.0
            raise FloorctlError("20秒たっても読み終わりません")
            yield

    source = Source(name="kiosk", files=str(log), form="jsonl")
    m.follower = SourceFollower(
        source, kumagaya(), lambda: m.day, monotonic=lambda: m.now, busy=lambda: worked[0], make_reader=Slow
    )
    append(log, "a\n")
    for _ in range(300):
        m.look(1.0)
    assert m.follower.trouble and 5 <= len(looks) <= 7


def test_at_midnight_the_next_days_file_is_read_after_the_last_row_of_the_old_one(tmp_path: Path) -> None:
    old, new = tmp_path / "log_20260914.csv", tmp_path / "log_20260915.csv"
    m = Machine(f"{tmp_path}/log_{{YYYY}}{{MM}}{{DD}}.csv")
    append(old, "09:03 a\n")
    assert m.look() == ["09:03 a"]
    m.day += timedelta(days=1)
    append(old, "23:59 b")
    assert m.look(1) == [] and m.look(STILL_S) == ["23:59 b"]
    assert m.follower.missing and m.follower.path == new
    append(new, "09:03 a\n")
    assert m.look() == ["09:03 a"], "the same words of another day"
    append(old, "\nlate\n")
    m.look(90)
    assert m.look(1) == [] and m.follower.path == new


@pytest.mark.parametrize(("which", "expected"), [("newest", ["b"]), ("all", ["a", "b"])])
def test_of_several_files_the_newest_or_all(tmp_path: Path, which: str, expected: list[str]) -> None:
    for name, at in (("a", 2_000), ("b", 3_000)):
        append(tmp_path / f"log_{name}.csv", f"{name}\n")
        os.utime(tmp_path / f"log_{name}.csv", (at, at))
    (tmp_path / "log_folder.csv").mkdir()
    m = Machine(f"{tmp_path}/log_*.csv", which=which)
    assert m.look() == expected
    append(tmp_path / "log_c.csv", "c\n")
    append(tmp_path / "log_b.csv", "late\n")
    os.utime(tmp_path / "log_b.csv", (3_000, 3_000))
    assert sorted(m.look()) == ["c", "late"], "the old one is read to its end"


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "log.csv").mkdir()
    m = Machine(f"{tmp_path}/log.csv")
    assert m.look() == [] and m.follower.missing and m.follower.irregular
    (tmp_path / "log.csv").rmdir()
    append(tmp_path / "log.csv", "a\n")
    assert m.look() == ["a"] and not m.follower.irregular


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["grow", "half", "rewrite", "replace", "rotate", "cut", "look", "wait"]), st.integers(1, 3)
    ),
    max_size=30,
)


TICKETS = """heading = false
[sources.columns]
time = 1
ticket = 2
[[sources.facts]]
kind = "ticket.issued"
service = { value = "other" }
"""


def ticket(n: int) -> str:
    return f"2026/9/14 9:{n // 60:02d}:{n % 60:02d},{n:04d}\n"


@given(STEPS)
def test_however_a_file_is_written_no_row_is_lost_or_doubled(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("machine")
    log, m, n, text = folder / "log.csv", real(folder, TICKETS), 0, ""
    log.touch()
    for step, many in [*steps, ("look", 1)]:
        if step == "grow":
            rows = "".join(map(ticket, range(n, n + many)))
            n, text = n + many, text + rows
            append(log, rows)
        elif step == "half":
            append(log, ticket(n)[: many * 6])
            m.look()
            append(log, ticket(n)[many * 6 :])
            n, text = n + 1, text + ticket(n)
        elif step == "rewrite":
            log.write_bytes(text.encode())
        elif step == "replace":
            (folder / "new").write_bytes(text.encode())
            (folder / "new").replace(log)
        elif step == "rotate":
            m.look()
            log.rename(folder / f"log.csv.{n}.{m.now}")
            text = ""
            log.touch()
        elif step == "cut":
            m.look()
            log.write_bytes(b"")
            text = ""
        m.look(STILL_S if step == "wait" else 0.05)
    m.look(STILL_S)
    assert m.seen == [f"20260914.{i:04d}.issued.09{i // 60:02d}{i % 60:02d}" for i in range(n)]
