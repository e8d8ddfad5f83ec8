"""docs/sql.md: every table and column of the file is described there, and its queries give rows that are true."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from floorctl.intake.feed import Intake
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.usecases.closing import Answers, close
from floorctl.usecases.day_tables import COLUMNS
from tests import recount as own
from tests.story import MONDAY, Desk, instant, numbered

PAGE = (Path(__file__).parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
QUERIES = dict(re.findall(r"^### (\d+) .*?```sql\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
TUESDAY = date(2026, 9, 15)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Path:
    """Two simulated days of two months, with everything that the queries ask for, closed."""
    folder = tmp_path_factory.mktemp("filled")
    desk = Desk(folder / "floor.db", site)
    for day, seed in ((date(2026, 8, 31), 1), (MONDAY, 2), (TUESDAY, 3)):
        desk.at("17:12", day)
        lines = [x for x in simulated_feed(site, day, seed, "surge").split(b"\n") if b'"day.closed"' not in x]
        Intake(desk.session.store, site, "feed", desk.clock, lambda n, why: pytest.fail(why)).take(
            numbered(b"\n".join(lines))
        )
        desk.session.refresh()
        desk.does(
            "incident.opened",
            category="system_outage",
            summary="応答しない",
            services=("cert_issue",),
            occurred_at=instant("11:00", day),
        )
        number = f"I-{seed}"
        desk.does("incident.amended", incident=number, cause="national")
        desk.does("incident.restored", incident=number, restored_at=instant("11:40", day))
        desk.does("staff.changed", staff="S77", status="absent", reason="発熱")
        desk.does("inquiry.counted", topic="駅からの道", count=seed)
        counted = desk.floor.work_done()["photo"]
        answers = Answers([("total.read", {"item": "support_received", "count": counted + 500, "note": ""})])
        assert close(desk.session, day, answers, folder / "out").trouble is None
        desk.clock.at = instant("23:00", day)
    desk.close()
    return folder / "floor.db"


@pytest.fixture
def conn(filled: Path) -> Iterator[sqlite3.Connection]:
    """As the page says that others should open it."""
    conn = sqlite3.connect(f"{filled.as_uri()}?mode=ro", uri=True)
    yield conn
    conn.close()


def described() -> dict[str, list[tuple[str, str, str]]]:
    """Table: (column, unit, meaning) as the page has them."""
    found = {}
    for name, text in re.findall(r"^### ([a-z_]+)\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL):
        rows = re.findall(r"^\| (\w+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
        found[name] = [row for row in rows if row[0] != "列"]
    return found


def test_every_table_and_column_is_described(conn: sqlite3.Connection) -> None:
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    beside = {"event", "surname", "origin", "_sqlite_migrations", "sqlite_sequence"}
    assert set(described()) == tables - beside == set(COLUMNS)
    for table, columns in described().items():
        schema = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
        assert [c for c, _, _ in columns] == schema == list(COLUMNS[table]), table
        assert all(unit.strip() and meaning.strip() for _, unit, meaning in columns)


def test_what_may_be_null_is_said(conn: sqlite3.Connection, filled: Path) -> None:
    """Of times and lengths: a column that is NULL in the filled file says in its line when that is so."""
    for table, columns in described().items():
        for column, unit, meaning in columns:
            (n,) = conn.execute(f"SELECT count(*) FROM {table} WHERE {column} IS NULL").fetchone()
            if n and unit in ("秒", "通し番号"):
                assert "NULL" in meaning, f"{table}.{column}"


def test_the_queries_are_numbered() -> None:
    assert list(QUERIES) == [str(n) for n in range(1, 12)]


@pytest.mark.parametrize("number", QUERIES)
def test_a_query_gives_rows(conn: sqlite3.Connection, number: str) -> None:
    found = conn.execute(QUERIES[number])
    names = [d[0] for d in found.description]
    rows = found.fetchall()
    assert rows
    assert len(set(names)) == len(names)
    assert not [n for n in names if re.fullmatch(r"[a-z_()' ]+", n)], (
        "a heading that a reader in the office cannot read"
    )
    assert all(value is not None for value in rows[0])


def test_the_figures_of_the_queries_are_true(conn: sqlite3.Connection, filled: Path) -> None:
    """Against the raw facts: waits, longest day, answers of the city, moves, arrivals, what was told by hand."""
    days = {d: own.recount(filled, d) for d in own.days_in(filled)}
    waits = [t.wait for r in days.values() for t in r.tickets.values() if t.wait is not None]
    answers: dict[str, list[tuple[Any, ...]]] = {n: conn.execute(sql).fetchall() for n, sql in QUERIES.items()}
    assert sum(row[3] for row in answers["1"]) == len(waits)
    assert max(row[5] for row in answers["1"]) == max(waits) // 60
    september = [w["max_s"] for d, r in days.items() if d.month == 9 for w in r.waits().values() if w["n"]]
    assert {row[0]: row[3] for row in answers["2"]}["2026-09"] == max(september) // 60
    cases = [e for r in days.values() for e in r.cases.values()]
    late = [
        e
        for e in cases
        if (e["taken"] or e["settled"]) and (e["taken"] or e["settled"]) - e["raised"] > own.timedelta(minutes=5)
    ]
    assert (sum(row[1] for row in answers["3"]), sum(row[2] for row in answers["3"])) == (len(cases), len(late))
    assert len(answers["4"]) == sum(len(r.moves) for r in days.values()) > 0
    assert all(0 <= row[5] <= 100 for row in answers["5"])
    assert sum(row[4] for row in answers["6"]) == 3 * 40
    assert {row[0]: row[2] for row in answers["7"] if row[1] == "駅からの道"} == {"2026-08": 1, "2026-09": 5}
    assert [row[5] for row in answers["8"]] == ["説明なし"] * 3
    assert {row[0]: row[3] for row in answers["9"]}["S77"] == 3
    walk_ins = [t for r in days.values() for t in r.tickets.values() if t.issued and not t.appointment]
    assert sum(row[3] for row in answers["10"]) == len(walk_ins)
    assert {(row[0], row[4]) for row in answers["10"]} == {("月", 2), ("火", 1)}
    assert sum(row[3] for row in answers["11"]) == sum(s <= 1200 for s in waits)
    assert sum(row[2] for row in answers["11"]) >= len(waits) > sum(row[3] for row in answers["11"]) > 0


def test_a_reader_that_holds_the_file_open_does_not_stop_the_manager(tmp_path: Path, site: Site) -> None:
    """What the page promises of ``mode=ro``: an act is written while somebody has just read."""
    desk = Desk(tmp_path / "floor.db", site)
    desk.opens()
    reader = sqlite3.connect(f"{desk.path.as_uri()}?mode=ro", uri=True)
    assert reader.execute("SELECT count(*) FROM days").fetchone() == (0,)
    desk.does("memo.written", text="雨")
    assert reader.execute("SELECT count(*) FROM event").fetchone() == (2,)
    with pytest.raises(sqlite3.OperationalError):
        reader.execute("DELETE FROM days")
    reader.close()
    desk.close()


def test_json_of_a_query_is_what_a_program_gets(conn: sqlite3.Connection) -> None:
    """Values are plain: text, whole and decimal numbers, so that any tool can write them."""
    rows = [row for sql in QUERIES.values() for row in conn.execute(sql)]
    assert json.loads(json.dumps(rows)) == [list(row) for row in rows]
