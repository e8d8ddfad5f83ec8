"""Tables of another program's SQLite file: read only, never held, its faults in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from floorctl.database import foreign_table
from floorctl.intake.sources.json_rows import NotYet
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.table import DoesNotFit
from floorctl.models.site.site import Site
from tests.sources import TODAY, briefly, described

KIOSK = """
form = "sqlite"
table = "issue_log"
columns = { id = "seq", ticket = "no", service = "dept", time = "issued_at" }
facts = [{ kind = "ticket.issued" }]
codes.service = { "3" = "cert_renewal" }
"""


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The file of a kiosk that is open."""
    with closing(sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)) as conn:
        conn.execute("CREATE TABLE issue_log (seq INTEGER PRIMARY KEY, no TEXT, dept INT, issued_at, 氏名 TEXT)")
        yield conn


def issue(conn: sqlite3.Connection, no: object, at: object = "2026-09-14 09:03:10", dept: object = 3) -> None:
    conn.execute("INSERT INTO issue_log (no, dept, issued_at, 氏名) VALUES (?, ?, ?, '田中')", (no, dept, at))


def reader(site: Site, folder: Path, text: str = KIOSK) -> SourceReader:
    return SourceReader(described(text, site, folder), site)


def said(made: SourceReader, folder: Path, *, growing: bool = False) -> list[str]:
    return briefly([*made.read(folder / "kiosk.db", TODAY, growing=growing)])


def test_rows_of_a_table_and_of_a_view(site: Site, tmp_path: Path, kiosk: sqlite3.Connection) -> None:
    issue(kiosk, "B041")
    issue(kiosk, 42, 1789344190)
    issue(kiosk, "B043", "20260914090310")
    expected = ["ticket.issued B041 09:03:10", "ticket.issued 42 09:03:10", "ticket.issued B043 09:03:10"]
    assert said(reader(site, tmp_path), tmp_path) == expected
    kiosk.execute("CREATE VIEW today AS SELECT seq, no AS 番号, dept AS 業務, issued_at FROM issue_log WHERE seq < 3")
    view = KIOSK.replace("issue_log", "today").replace('"no"', '"番号"').replace('"dept"', '"業務"')
    assert said(reader(site, tmp_path, view), tmp_path) == expected[:2]


def test_rows_that_were_given_are_skipped(site: Site, tmp_path: Path, kiosk: sqlite3.Connection) -> None:
    made = reader(site, tmp_path)
    issue(kiosk, "B041")
    assert said(made, tmp_path, growing=True) == ["ticket.issued B041 09:03:10"]
    issue(kiosk, "B042")
    assert said(made, tmp_path, growing=True) == ["ticket.issued B042 09:03:10"]


def test_blobs_and_texts_of_other_encodings(site: Site, tmp_path: Path, kiosk: sqlite3.Connection) -> None:
    issue(kiosk, b"\x00\xff")
    issue(kiosk, "B042", dept=b"")
    kiosk.execute(
        "INSERT INTO issue_log (no, dept, issued_at) VALUES (CAST(x'8d86323031' AS TEXT), 3, '2026-09-14 9:00')"
    )
    assert said(reader(site, tmp_path), tmp_path) == [
        "行 1 no：1つの値ではありません",
        "行 2 dept：1つの値ではありません",
        "ticket.issued 号201 09:00:00",
    ]


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_file_in_use_is_read_and_left_alone(
    site: Site, tmp_path: Path, kiosk: sqlite3.Connection, journal: str
) -> None:
    """See all that the kiosk committed; hold up none of its writes, and leave no file beside its own."""
    kiosk.execute(f"PRAGMA journal_mode = {journal}")
    issue(kiosk, "B041")
    before = sorted(x.name for x in tmp_path.iterdir())
    rows = reader(site, tmp_path).read(tmp_path / "kiosk.db", TODAY)
    assert briefly([next(rows)]) == ["ticket.issued B041 09:03:10"]
    issue(kiosk, "B042")
    assert sorted({*before, "machine.toml"}) == sorted(x.name for x in tmp_path.iterdir())
    kiosk.close()
    here = sorted(x.name for x in tmp_path.iterdir())
    assert len(said(reader(site, tmp_path), tmp_path)) == 2
    assert sorted(x.name for x in tmp_path.iterdir()) == here


def test_a_locked_file_is_tried_again(
    site: Site, tmp_path: Path, kiosk: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign_table, "BUSY_S", 0.05)
    kiosk.execute("BEGIN EXCLUSIVE")
    with pytest.raises(NotYet, match="ほかのプログラムが書き込んでいます"):
        said(reader(site, tmp_path), tmp_path)
    kiosk.execute("ROLLBACK")
    assert said(reader(site, tmp_path), tmp_path) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (KIOSK.replace("issue_log", "issued"), "「issued」という表がありません"),
        (KIOSK.replace('"no"', '"number"'), "表に「number」の列がありません"),
    ],
)
def test_a_table_that_does_not_fit(site: Site, tmp_path: Path, kiosk: sqlite3.Connection, text: str, why: str) -> None:
    with pytest.raises(DoesNotFit, match=why):
        said(reader(site, tmp_path, text), tmp_path)


def test_the_table_changes_while_it_is_followed(site: Site, tmp_path: Path, kiosk: sqlite3.Connection) -> None:
    made = reader(site, tmp_path)
    issue(kiosk, "B041")
    assert len(said(made, tmp_path, growing=True)) == 1
    kiosk.execute("ALTER TABLE issue_log RENAME COLUMN no TO number")
    with pytest.raises(DoesNotFit, match="「no」の列がありません"):
        said(made, tmp_path, growing=True)
    kiosk.execute("ALTER TABLE issue_log RENAME COLUMN number TO NO")
    issue(kiosk, "B042")
    assert said(made, tmp_path, growing=True) == ["ticket.issued B042 09:03:10"]


def test_no_table_is_without_bound(
    site: Site, tmp_path: Path, kiosk: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = KIOSK.replace("issue_log", "endless")
    for name, query in {
        "endless": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) seq, 1 no, 1 dept, 1 issued_at FROM n",
        "many": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300) SELECT x seq, 1 no, 1 dept, 1 issued_at FROM n",
        "wide": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 100) SELECT x seq, hex(zeroblob(30000)) no, 1 dept, 1 issued_at FROM n",
        "large": "SELECT 1 seq, hex(zeroblob(40000)) no, 1 dept, 1 issued_at",
    }.items():
        kiosk.execute(f"CREATE VIEW {name} AS {query}")
    monkeypatch.setattr(foreign_table, "MOST_S", 0.2)
    monkeypatch.setattr("floorctl.intake.sources.sqlite_rows.MOST_ROWS", 200)
    monkeypatch.setattr(foreign_table, "MOST_HELD", 1_000_000)
    for name, why in {
        "endless": "読み終わりません",
        "many": "行が多すぎます",
        "large": "大きすぎる値",
        "wide": "大きすぎます",
    }.items():
        with pytest.raises(DoesNotFit, match=why):
            said(reader(site, tmp_path, made.replace("endless", name)), tmp_path)


def test_what_is_no_database(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    with pytest.raises(FileNotFoundError):
        said(reader(site, tmp_path), tmp_path)
    assert not path.exists()
    path.write_bytes(b"")
    with pytest.raises(NotYet, match="まだ何も書かれていません"):
        said(reader(site, tmp_path), tmp_path)
    path.write_bytes(b"no,dept\n" * 200)
    with pytest.raises(DoesNotFit, match="SQLite のファイルではありません"):
        said(reader(site, tmp_path), tmp_path)
    with closing(sqlite3.connect(tmp_path / "good.db")) as conn:
        conn.execute("CREATE TABLE issue_log (seq INTEGER PRIMARY KEY, no TEXT, dept INT, issued_at)")
        conn.executemany(
            "INSERT INTO issue_log (no, dept, issued_at) VALUES (?, 3, '2026-09-14 9:00')", [("B1",)] * 2000
        )
        conn.commit()
    damaged = bytearray((tmp_path / "good.db").read_bytes())
    damaged[5000:9000] = b"\xff" * 4000
    path.write_bytes(damaged)
    with pytest.raises(DoesNotFit, match="壊れています"):
        said(reader(site, tmp_path), tmp_path)
