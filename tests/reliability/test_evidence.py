"""What ``doctor`` proves: every byte of every fact, the head on a printed report, the library that it runs on."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from floorctl.cli.main import main
from floorctl.common.errors import Busy, StoreError
from floorctl.database import file as data_file
from floorctl.database import sqlite_faults as known_faults
from floorctl.database.sqlite_faults import report
from floorctl.database.store import Store
from floorctl.models.site.site import Site
from floorctl.usecases.doctor import examine
from tests.story import Desk, fact, instant


def doctor(file: Path, *more: str) -> int:
    """Run the command in this process and return its exit status."""
    try:
        main(["--db", str(file), "doctor", *more])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def file(tmp_path: Path, site: Site) -> Path:
    """A file with facts of several shapes: ASCII and Japanese, short ones, and one longer than a page."""
    path = tmp_path / "floor.db"
    desk = Desk(path, site)
    desk.opens()
    desk.does("ticket.issued", service="cert_renewal")
    desk.does("memo.written", text="窓口が混んだ")
    with desk.session.store.write() as pen:
        long = {"kind": "report.written", "head": "remarks", "lines": ["長い記録" * 50] * 8, "none": False}
        pen.append(fact({"id": "long", "at": instant("09:00").isoformat(), **long}), "feed", "feed", instant("09:00"))
    desk.close()
    return path


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of SQLite's file format, and the place after it."""
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def rows_in(data: bytes, page_size: int, root: int) -> Iterator[range]:
    """The places in the file of every row of a table of one leaf page, with what overflows to other pages."""
    page = (root - 1) * page_size
    assert data[page] == 13, "more than a page of rows: the test is not about that"
    for n in range(int.from_bytes(data[page + 3 : page + 5], "big")):
        start = page + int.from_bytes(data[page + 8 + 2 * n : page + 10 + 2 * n], "big")
        length, at = varint(data, start)
        _, at = varint(data, at)
        if length <= page_size - 35:
            yield range(start, at + length)
            continue
        least = (page_size - 12) * 32 // 255 - 23
        here = least + (length - least) % (page_size - 4)
        here = here if here <= page_size - 35 else least
        yield range(start, at + here + 4)
        following, left = int.from_bytes(data[at + here : at + here + 4], "big"), length - here
        while left:
            place, some = (following - 1) * page_size, min(left, page_size - 4)
            yield range(place, place + 4 + some)
            following, left = int.from_bytes(data[place : place + 4], "big"), left - some


def test_every_single_byte_of_every_fact_is_proved(file: Path, site: Site) -> None:
    """Each byte of a fact is changed to another value, of the others some; more values where the format hides most."""
    data = file.read_bytes()
    size, root = layout(file)
    chance, unseen, tried = random.Random(7), [], 0
    places = list(rows_in(data, size, root))
    assert sum(map(len, places)) > 5000
    for n, row in enumerate(places):
        steps = {0: 1, 1: 3, 2: 3}.get(n, 29)
        for offset in range(0, len(row), 1 if len(row) < 20 else steps):
            at, many = row.start + offset, n == 0 and offset < 8
            for value in (
                {*range(14), *chance.sample(range(256), 30)} if many else {data[at] ^ 1 << chance.randrange(8)}
            ):
                if value == data[at]:
                    continue
                changed = bytearray(data)
                changed[at] = value
                file.write_bytes(changed)
                tried += 1
                if examine(file, site)["ok"]:
                    unseen.append((n, offset, data[at], value))
    assert unseen == []
    assert tried > 900


def layout(file: Path) -> tuple[int, int]:
    """The size of a page and the first page of the table of facts."""
    with closing(sqlite3.connect(file)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()
    return int(size), int(root)


@pytest.mark.parametrize("value", range(8, 14))
def test_the_one_byte_that_no_sql_can_see(file: Path, site: Site, value: int) -> None:
    """The empty place of ``seq`` in its row: SQLite never looks there, so no query and no hash tells of a change."""
    data = bytearray(file.read_bytes())
    size, root = layout(file)
    with closing(sqlite3.connect(file)) as db:
        before = db.execute("SELECT * FROM event").fetchall()
    start = next(rows_in(bytes(data), size, root)).start
    _, at = varint(data, start)
    _, at = varint(data, at)
    _, at = varint(data, at)
    assert data[at] == 0
    data[at] = value
    file.write_bytes(data)
    with closing(Store(file)) as store:
        assert store.integrity() == store.verify_chain() == []
        assert store._rows("SELECT * FROM event") == before
    found = examine(file, site)
    assert [f["code"] for f in found["findings"]] == ["changed"]
    assert "通し番号 1 " in found["findings"][0]["text"]


def test_a_sound_file_of_many_pages_has_no_such_row(tmp_path: Path, site: Site) -> None:
    path = tmp_path / "many.db"
    with closing(Store(path, create=True)) as store:
        with store.write() as pen:
            for n in range(3000):
                line = {
                    "id": f"m{n}",
                    "at": instant("09:00").isoformat(),
                    "kind": "memo.written",
                    "text": "x" * (1 + n % 90),
                }
                pen.append(fact(line), "feed", "feed", instant("09:00"))
        assert store.changed_places() == []
    assert examine(path, site)["ok"]


# ---- the library


def test_doctor_names_the_library_and_how_the_file_is_used(file: Path, site: Site) -> None:
    found = examine(file, site)["sqlite"]
    assert (found["version"], found["journal_mode"], found["synchronous"]) == (
        sqlite3.sqlite_version,
        "truncate",
        "full",
    )
    assert [f["concerns"] for f in found["faults"]] == [False] * len(found["faults"])
    assert examine(file.with_name("none.db"), site)["sqlite"]["journal_mode"] == "truncate"


@pytest.mark.parametrize(
    ("version", "codes"),
    [
        ((3, 40, 1), {"wal_reset", "CVE-2025-6965", "CVE-2026-11822"}),
        ((3, 36, 0), {"wal_reset", "savepoint_memory", "CVE-2025-6965", "CVE-2026-11822"}),
        ((3, 44, 6), {"CVE-2025-6965", "CVE-2026-11822"}),
        ((3, 50, 6), {"wal_reset", "CVE-2026-11822"}),
        ((3, 50, 7), {"CVE-2026-11822"}),
        ((3, 51, 2), {"wal_reset", "CVE-2026-11822"}),
        ((3, 51, 3), {"CVE-2026-11822"}),
        ((3, 53, 2), set()),
    ],
    ids=lambda x: "-".join(map(str, sorted(x))) if isinstance(x, set) else ".".join(map(str, x)),
)
def test_known_faults_by_version(version: tuple[int, ...], codes: set[str]) -> None:
    assert {f["code"] for f in report(version, "truncate", "full")["faults"]} == codes
    words = known_faults.words(report(version, "truncate", "full"))
    assert f"{len(codes)}件" in words[0] and len(words) == 1 + len(codes)


def test_a_file_that_another_program_holds_cannot_be_examined_and_is_not_said_to_be_wrong(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(data_file, "BUSY_S", 0.0)
    said = (
        "floor.db は今調べられません（ほかのプログラムがファイルを使い続けています）。"
        "そのプログラムを終えるか、少し待ってから、もう一度 floorctl doctor を実行してください。"
    )
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert doctor(file) == 3
        assert capsys.readouterr() == ("", f"{said}\n")
        assert doctor(file, "--json") == 3
        found = json.loads(capsys.readouterr().out)
        assert (found["ok"], found["findings"]) == (False, [{"code": "busy", "text": said}])
    assert doctor(file) == 0
    assert capsys.readouterr().out.startswith("異常はありません\n記録 4件")


@pytest.mark.parametrize("at", ["PRAGMA integrity_check", "SELECT count(*)", "SELECT site"])
def test_a_file_that_is_taken_meanwhile_is_not_said_to_be_damaged(
    file: Path, site: Site, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    rows = Store._rows

    def taken(store: Store, sql: str, *args: object) -> list[tuple[object, ...]]:
        if sql.startswith(at):
            raise Busy("floor.db は読めません")
        return rows(store, sql, *args)

    monkeypatch.setattr(Store, "_rows", taken)
    found = examine(file, site)
    assert ([f["code"] for f in found["findings"]], found["facts"]) == (["busy"], 0)


def test_a_file_that_another_program_holds_in_wal_mode_is_not_used(file: Path, site: Site) -> None:
    """The fault of WAL would concern it, so it is refused; closed there and opened here it is itself again."""
    wal = next(f for f in report((3, 40, 1), "wal", "full")["faults"] if f["code"] == "wal_reset")
    assert wal["concerns"] and "影響があります" in wal["text"]
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT count(*) FROM event").fetchone()
        (finding,) = examine(file, site)["findings"]
        assert finding["code"] == "wal" and "ほかのプログラム" in finding["text"]
        with pytest.raises(StoreError, match="ほかのプログラム"):
            Store(file)
    before = file.read_bytes()
    assert [f["code"] for f in examine(file, site)["findings"]] == ["wal"]
    assert file.read_bytes() == before
    Store(file).close()
    report_after = examine(file, site)
    assert report_after["ok"] and report_after["sqlite"]["journal_mode"] == "truncate"


def test_doctor_says_it_in_words_too(file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "floorctl", "--db", str(file), "doctor"],
        capture_output=True, text=True, encoding="utf-8", check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert f"SQLite {sqlite3.sqlite_version}（TRUNCATE・FULL で使用）" in done.stdout


def test_facts_that_do_not_fit_the_site_are_said_not_raised(file: Path, site: Site) -> None:
    """The wrong site file: one sentence by every command, no traceback."""
    fewer = file.with_name("site.toml")
    text = (Path(__file__).parents[2] / "data" / "kumagaya.toml").read_text()
    fewer.write_text(text.replace('code = "T8"', 'code = "T9"'))
    with closing(Store(file)) as store, store.write() as pen:
        line = {"id": "x", "at": "2026-09-14T10:00:00+09:00", "kind": "terminal.failed", "terminal": "T8", "fault": ""}
        pen.append(fact(line), "feed", "feed", instant("10:00"))
    for verb in (["status"], ["log"], ["doctor"]):
        done = subprocess.run(
            [sys.executable, "-m", "floorctl", "--db", str(file), "--site", str(fewer), "--now", "2026-09-14T12:00", *verb],
            capture_output=True, text=True, encoding="utf-8", check=False, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert done.returncode == 3, done.stderr
        assert "通し番号" in done.stderr and "--site" in done.stderr
        assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
