"""docs/head_office.md: 20 sites write their days as partitions; engines that exist answer a head office from them alone."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from floorctl.cli.main import cli
from floorctl.common.clock import JST
from floorctl.common.derived_tables import Column
from floorctl.common.percentile import p90
from floorctl.documents.day.course import interval
from floorctl.intake.feed import Intake
from floorctl.models.board.target_kept import together
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.simulation.monthly_demand import Volume
from floorctl.usecases.day_tables import record_of
from floorctl.usecases.parquet_export import FILE, export_partitions
from floorctl.usecases.parquet_forecasts import forecast_rows
from floorctl.usecases.parquet_tables import EVERY, TABLES
from floorctl.usecases.session import Session
from tests.engines.engines import page_views, questions
from tests.other_sites import feed, site_of
from tests.story import HandClock

PAGE = (Path(__file__).parents[2] / "docs" / "head_office.md").read_text(encoding="utf-8")
QUERIES = questions()
FIRST = date(2026, 9, 14)  # a Monday: the daily report of it is due on the next day
SITES = [f"counter{n:02d}" for n in range(20)]
LATE = {code: n % 4 for n, code in enumerate(SITES)}  # days that the daily report is late; 3: it is never handed in
VOLUMES: tuple[Volume, ...] = ("normal", "surge")
LAST = FIRST + timedelta(days=3)
DAYS = [FIRST + timedelta(days=n) for n in range(4)]


def another(code: str) -> Site:
    return replace(site_of("minami"), code=code)


@cache
def day_of(n: int) -> tuple[bytes, ...]:
    """The lines of a simulated day: every other site begins with one terminal fewer for the cards."""
    site = site_of("minami")
    if n % 2:
        fewer = [replace(t, lane="renew") if t.code == "X5" else t for t in site.terminals]
        site = replace(site, terminals=tuple(fewer))
    return tuple(simulated_feed(site, FIRST, n + 1, VOLUMES[n // 2 % 2]).splitlines())


def told(path: Path, n: int, code: str) -> Session:
    """A site's file: one simulated day, a memo by hand, the report handed in late; seen from the evening of ``LAST``."""
    clock = HandClock(evening(FIRST))
    session = Session(another(code), path, clock=clock, create=True)
    intake = Intake(session.store, session.site, "feed", clock, lambda line, why: pytest.fail(why))
    intake.take(list(enumerate(day_of(n % 8), 1)))
    session.act("memo.written", {"text": "鍵を返却"})
    for after in range(1, 4):
        clock.at = evening(FIRST + timedelta(days=after))
        if after == LATE[code] + 1:
            session.act("duty.submitted", {"duty": "daily_report", "key": str(FIRST)})
        elif after == 3:
            session.act("memo.written", {"text": "未提出"})
    return session


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 20, tzinfo=JST)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Session]]:
    folder = tmp_path_factory.mktemp("sites")
    found = {code: told(folder / f"{code}.db", n, code) for n, code in enumerate(SITES)}
    yield found
    for session in found.values():
        session.close()


@pytest.fixture(scope="module")
def lake(sites: dict[str, Session], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("head office") / "lake"
    for session in sites.values():
        export_partitions(session, [date.fromisoformat(d) for d, _ in session.store.last_seqs(FIRST, LAST)], out)
    return out


@pytest.fixture(scope="module")
def engine(lake: Path) -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute(page_views().duckdb_sql(lake))
    return found


# ---- the questions of the page, against what the sites' own files say


def test_waits_by_hour_and_site(engine: duckdb.DuckDBPyConnection, sites: dict[str, Session]) -> None:
    expected: dict[tuple[str, int], list[int]] = defaultdict(list)
    for code, session in sites.items():
        for t in session.floor(FIRST).tickets.values():
            if t.called_at is not None and t.wait_from is not None:
                expected[code, t.called_at.hour].append(int(max(0.0, (t.called_at - t.wait_from).total_seconds())))
    rows = engine.execute(QUERIES["01"]).fetchall()
    assert {(site, hour): called for site, hour, _, called, _, _ in rows} == {k: len(w) for k, w in expected.items()}
    for site, hour, _, _, mean, longest in rows:
        waits = expected[site, hour]
        assert mean == (2 * sum(waits) + len(waits)) // (2 * len(waits))
        assert longest == max(waits)
    assert {site for site, *_ in rows} == set(SITES)


def test_the_best_split_by_load(engine: duckdb.DuckDBPyConnection) -> None:
    hours: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(lambda: dict.fromkeys("abnw", 0))
    for site, hour, lane, issued, n, waited, terminals in engine.execute(
        "SELECT site || day, hour, lane, issued, wait_n, wait_sum_s, terminals FROM hours"
    ).fetchall():
        held = hours[site, hour]
        held["a" if lane == "handout" else "b"] = terminals
        held["n"] += n
        held["w"] += waited
        held["issued"] = held.get("issued", 0) + issued
    splits: dict[tuple[int, int], dict[tuple[int, int], list[Any]]] = defaultdict(lambda: defaultdict(list))
    for h in hours.values():
        if h["n"]:
            cards, certificates = round(h["a"]), round(h["b"])
            splits[cards + certificates, h["issued"] // 5 * 5][cards, certificates].append(h)
    best = {}
    for load, own in splits.items():
        mean = {s: sum(h["w"] for h in told) / sum(h["n"] for h in told) for s, told in own.items()}
        best[load] = min(mean.items(), key=lambda x: (x[1], x[0]))
    rows = engine.execute(QUERIES["02"]).fetchall()
    assert {(terminals, load): ((a, b), mean) for terminals, load, a, b, _, _, mean in rows} == {
        load: (split, pytest.approx(s, abs=0.5)) for load, (split, s) in best.items()
    }
    assert len(rows) > 5
    assert max(map(len, splits.values())) > 1, "a load under which more than one split was seen"
    assert max(sites for *_, sites, _ in rows) > 5


def test_duties_late(engine: duckdb.DuckDBPyConnection) -> None:
    rows = engine.execute(QUERIES["03"]).fetchall()
    late = {site: (n, worst) for site, duty, n, worst in rows if duty == "daily_report"}
    # The days after are open days too, and nobody reported of them: due the day after, and overdue on the last day.
    others = 1
    for code in SITES:
        own = LATE[code] > 0
        assert late[code] == (own + others, max(1, min(LATE[code], 2))), code
    owed = engine.execute(QUERIES["04"]).fetchall()
    assert {site for site, duty, what, *_ in owed if what == str(FIRST)} == {c for c in SITES if LATE[c] == 3}


def test_the_share_within_the_target_is_that_of_the_records(
    engine: duckdb.DuckDBPyConnection, sites: dict[str, Session]
) -> None:
    rows = {site: (month, within, of) for site, month, within, of, *_ in engine.execute(QUERIES["05"]).fetchall()}
    for code, session in sites.items():
        kept = together(k for own in record_of(session, FIRST).kept.values() for k in own.values())
        assert rows[code] == (202609, kept.within, kept.of)


def test_hand_offs_outages_and_needs_are_those_of_the_day(
    engine: duckdb.DuckDBPyConnection, sites: dict[str, Session]
) -> None:
    handed = {site: told for site, *told in engine.execute(QUERIES["07"]).fetchall()}
    for code, session in sites.items():
        cases = record_of(session, FIRST).escalations
        # As the records of the day and of the month have them: both from the hand-over, taken up or not.
        both = [sorted(s for e in cases if (s := interval(e, end)) is not None) for end in ("taken_at", "settled_at")]
        want = [(len(s), s[(len(s) + 1) // 2 - 1], p90(s)) if s else (0, None, None) for s in both]
        assert handed.get(code, [0, *want[0], *want[1]]) == [len(cases), *want[0], *want[1]]
    assert handed
    lost = sum(minutes for *_, minutes in engine.execute(QUERIES["08"]).fetchall())
    assert lost == sum(o.minutes for s in sites.values() for d in DAYS for o in record_of(s, d).outages)
    needs = {(site, lane, hour): n for site, lane, hour, _, _, _, n, _ in engine.execute(QUERIES["09"]).fetchall()}
    hours = {
        (c, lane, h.hour) for c, s in sites.items() for lane, own in record_of(s, FIRST).hours.items() for h in own
    }
    assert needs.keys() == hours
    assert 2 <= max(needs.values()) <= 20


def test_what_was_foretold_knows_nothing_of_the_day(tmp_path: Path) -> None:
    """The same with and without the facts of the day; an appointment counts if it was recorded before the opening."""
    clock = HandClock(evening(FIRST - timedelta(days=1)))
    session = Session(another("told"), tmp_path / "told.db", clock=clock, create=True)
    session.act("memo.written", {"text": "前日"})
    before = list(forecast_rows(session, FIRST))
    Intake(session.store, session.site, "feed", clock, lambda line, why: pytest.fail(why)).take(
        list(enumerate(day_of(0), 1))
    )
    session.refresh()
    assert len(session.floor(FIRST).tickets) > 20
    assert list(forecast_rows(session, FIRST)) == before
    assert {at for _, _, at, _ in before} == {datetime(2026, 9, 14, 9, tzinfo=JST)}
    assert all(0 < expected < 100 for *_, expected in before)
    assert list(forecast_rows(session, FIRST - timedelta(days=1))) == []  # a Sunday
    session.close()


# ---- what a reader may rely on


def test_the_page_names_every_table_and_column() -> None:
    told = {
        table: tuple(re.findall(r"`(\w+:\w+\??)`", columns))
        for table, columns in re.findall(r"^\| `(\w+)` \| [^|]+ \| (.*) \|$", PAGE, re.MULTILINE)
    }
    assert told == {t: tuple(f"{c.name}:{c.kind}{'?' * c.optional}" for c in own) for t, own in TABLES.items()}


ARROW = {
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "int": pa.int32(),
    "real": pa.float64(),
    "bool": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_second_reader_finds_the_same_tables(lake: Path, engine: duckdb.DuckDBPyConnection, table: str) -> None:
    parts = ds.partitioning(pa.schema([("site", pa.string()), ("day", pa.date32())]), flavor="hive")
    found = ds.dataset(lake / table, partitioning=parts)
    kinds = {name: found.schema.field(name).type for name in found.schema.names}
    assert kinds == {c.name: ARROW[c.kind] for c in TABLES[table]} | {"site": pa.string(), "day": pa.date32()}
    one = (ds.field("site") == "counter07") & (ds.field("day") == FIRST)
    assert [Path(f.path).parent for f in found.get_fragments(filter=one)] == [
        lake / table / "site=counter07" / f"day={FIRST}"
    ]
    path = f"{(lake / table).as_posix()}/*/*/*.parquet"
    sql = f"SELECT count(*), min(day), max(site) FROM read_parquet('{path}', hive_partitioning = true)"
    (n, first, last), rows = engine.execute(sql).fetchall()[0], found.to_table(["site", "day"])
    assert n == rows.num_rows
    if n:
        assert (first, last) == (min(rows["day"].to_pylist()), max(rows["site"].to_pylist()))


def test_a_version_with_one_column_more_is_read_beside_this_one(lake: Path, tmp_path: Path) -> None:
    source = lake / "inquiries" / "site=counter01" / f"day={FIRST}" / FILE
    old, new = pq.read_table(source, partitioning=None), tmp_path / "inquiries" / "site=z" / f"day={LAST}"
    new.mkdir(parents=True)
    before = tmp_path / "inquiries" / "site=a" / f"day={FIRST}"
    before.mkdir(parents=True)
    pq.write_table(old, before / FILE)
    pq.write_table(old.append_column("lane", pa.nulls(old.num_rows, pa.string())), new / FILE)
    path = f"{tmp_path.as_posix()}/inquiries/*/*/*.parquet"
    sql = f"SELECT count(*), count(lane) FROM read_parquet('{path}', hive_partitioning = true, union_by_name = true)"
    assert duckdb.sql(sql).fetchall() == [(2 * old.num_rows, 0)]


def test_the_metadata_say_what_a_file_is(lake: Path) -> None:
    for table, columns in TABLES.items():
        found = pq.read_schema(lake / table / "site=counter00" / f"day={FIRST}" / FILE)
        assert found.metadata[b"floorctl.table"] == table.encode()
        assert found.metadata[b"floorctl.schema"] == b"2"
        assert found.names == [c.name for c in columns]
        assert [f.nullable for f in found] == [c.optional for c in columns]


def test_neither_free_text_nor_a_person_leaves_the_site(sites: dict[str, Session], tmp_path: Path) -> None:
    names = {c.name for columns in TABLES.values() for c in columns}
    assert not names & {"staff", "official", "reason", "note", "summary", "text", "weather", "by"}
    with Session(another("quiet"), tmp_path / "quiet.db", clock=HandClock(evening(FIRST)), create=True).store.write():
        pass
    session = Session(another("quiet"), tmp_path / "quiet.db", clock=HandClock(evening(FIRST)), create=True)
    session.act("incident.opened", {"category": "complaint", "summary": "大声での苦情"})
    session.act("memo.written", {"text": "窓口の鍵"})
    export_partitions(session, [FIRST], tmp_path / "out")
    session.close()
    held = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*.parquet"))
    assert b"complaint" in held
    for words in ("大声", "鍵"):
        assert words.encode() not in held


# ---- writing


def test_the_same_day_again_changes_no_byte_and_other_facts_replace_it(tmp_path: Path) -> None:
    path, out = tmp_path / "floor.db", tmp_path / "out"
    session = Session(another("a"), path, clock=HandClock(evening(FIRST)), create=True)
    Intake(session.store, session.site, "feed", session.clock, lambda n, why: None).take(
        list(enumerate(feed("minami", FIRST).splitlines(), 1))
    )
    export_partitions(session, [FIRST], out)
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.rglob("*.parquet")}
    export_partitions(session, [FIRST], out)
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.rglob("*.parquet")} == before
    session.act("inquiry.counted", {"topic": "必要書類", "count": 7})
    export_partitions(session, [FIRST], out)
    session.close()
    changed = {p.parts[-4] for p in out.rglob("*.parquet") if p.read_bytes() != before[p][0]}
    assert changed == {"days", "inquiries"}
    assert len(before) == len(EVERY) == len(list(out.rglob("*.parquet")))
    assert not [p for p in out.rglob("*") if p.name.startswith(".")]


def run(*args: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [str(a) for a in args], catch_exceptions=True)
    error = result.exception
    return result.exit_code, result.stdout, getattr(error, "sentence", "") or result.stderr


def test_the_command(tmp_path: Path) -> None:
    db, out = tmp_path / "floor.db", tmp_path / "lake"
    (tmp_path / "day.jsonl").write_bytes(feed("minami"))
    site = Path(__file__).parents[1] / "sites" / "minami.toml"
    options = ["--db", db, "--site", site, "--now", "2026-09-15T20:00"]
    assert run("--db", db, "--site", site, "ingest", tmp_path / "day.jsonl")[0] == 0
    for period in (["--date", "2026-09-15"], ["--month", "2026-09"], ["--fiscal-year", "2026"], ["--contract"], []):
        code, said, _ = run(*options, "export", "--format", "parquet", *period, "--out", out)
        assert code == 0
        files = [str(out / t / "site=minami" / "day=2026-09-15" / FILE) for t in TABLES]
        assert said.splitlines() == [*files, str(out / "manifest" / "site=minami" / FILE), str(out / "schema.json")]
    options[-1] = "2026-10-01T09:00"
    assert run(*options, "export", "--format", "parquet", "--month", "2026-09", "--out", out)[0] == 0
    assert {p.parent.name for p in out.rglob(FILE)} == {"month=2026-09", "site=minami"}
    code, said, told = run(*options, "export", "--format", "parquet", "--month", "2026-08", "--out", out)
    assert (code, said) == (0, "")
    assert "記録のある日がありません" in told
    assert "--fallback は --format parquet" in run(*options, "export", "--format", "parquet", "--fallback")[2]


def test_without_pyarrow_one_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    code, said, told = run("--db", tmp_path / "f.db", "export", "--format", "parquet", "--out", tmp_path)
    assert code == 1
    assert 'pip install "pyarrow>=22,<27"' in told
    extras = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert extras["parquet"] == ["pyarrow>=22,<27"]
    assert not said


def test_columns_are_spelled_as_kinds() -> None:
    kinds = {c.kind for own in TABLES.values() for c in own}
    assert kinds == set(ARROW)
    assert TABLES["inquiries"] == (Column("topic", "text"), Column("count", "int"))
