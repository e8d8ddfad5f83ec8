"""Nothing in the schema that is not ours: doctor finds it, no copy is made of it, and no write is believed beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from floorctl.common.errors import StoreError
from floorctl.database import file as data_file
from floorctl.database import schema_check as schema
from floorctl.database.file import APPLICATION_ID, SCHEMA_VERSION
from floorctl.database.migrations import MIGRATIONS
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.intake.feed import Intake
from floorctl.models.site.site import Site
from floorctl.usecases import daily_backup as backups
from floorctl.usecases.backup_restore import back_up, restore
from floorctl.usecases.closing import close
from floorctl.usecases.doctor import examine, remarks
from floorctl.usecases.imports import import_roster
from tests import work
from tests.contract.contract_cli import refuses, run
from tests.database.test_migrations import file_of_version_1
from tests.story import MONDAY, Desk, Story, a_day, fact, feed_of, instant, numbered

NOW = instant("17:30")


@contextmanager
def from_outside(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program at the file, which may write into the schema itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA recursive_triggers = OFF")
        yield db


def sql(*statements: str) -> Callable[[sqlite3.Connection], None]:
    def act(db: sqlite3.Connection) -> None:
        for statement in statements:
            db.execute(statement)

    return act


def in_the_schema(*statements: str) -> Callable[[sqlite3.Connection], None]:
    """Written into ``sqlite_master``, where SQL alone would refuse it."""

    def act(db: sqlite3.Connection) -> None:
        db.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            db.execute(statement)
        (cookie,) = db.execute("PRAGMA schema_version").fetchone()
        db.execute(f"PRAGMA schema_version = {cookie + 1}")

    return act


def trigger(name: str, on: str, body: str) -> Callable[[sqlite3.Connection], None]:
    return sql(f"CREATE TRIGGER {name} {on} BEGIN {body}; END")


STATISTICS = (
    "UPDATE sqlite_master SET name = 'sqlite_stat1', tbl_name = 'sqlite_stat1', "
    "sql = 'CREATE TABLE sqlite_stat1(tbl, idx, stat, more)' WHERE name = 'x'"
)
IGNORE = "SELECT RAISE(IGNORE)"


def no_order(db: sqlite3.Connection) -> None:
    db.execute("DROP TRIGGER event_no_delete")
    db.execute(
        "CREATE TRIGGER event_no_delete AFTER INSERT ON event WHEN NEW.kind = 'memo.written' "
        "BEGIN DELETE FROM event WHERE seq = NEW.seq; END"
    )


def a_view_for_the_table(db: sqlite3.Connection) -> None:
    for name in ("event_no_update", "event_no_delete", "event_in_order"):
        db.execute(f"DROP TRIGGER {name}")
    db.execute("ALTER TABLE event RENAME TO _sqlite_event")
    db.execute("CREATE VIEW event AS SELECT * FROM _sqlite_event")
    db.execute(f"CREATE TRIGGER take INSTEAD OF INSERT ON event BEGIN {IGNORE}; END")


def never_ending(db: sqlite3.Connection) -> None:
    a_view_for_the_table(db)
    db.execute("DROP TRIGGER take")
    db.execute("DROP VIEW event")
    columns = (
        "n AS seq, '' AS id, '' AS source, '' AS at, '' AS day, '' AS recorded_at, '' AS actor, '' AS kind, '' AS data"
    )
    db.execute(
        f"CREATE VIEW event AS WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more) "
        f"SELECT {columns}, '' AS hash FROM more"
    )


# By name: what another program does to the file, and whether its tables are still ours, so that it may be read.
STRANGE: dict[str, tuple[Callable[[sqlite3.Connection], None], bool]] = {
    "ignores every insert": (trigger("_sqlite_keep", "BEFORE INSERT ON event", IGNORE), True),
    "ignores one kind": (
        trigger("_sqlite_migrations_2", "BEFORE INSERT ON event WHEN NEW.kind = 'memo.written'", IGNORE),
        True,
    ),
    "a name with quotes": (trigger('"a\';--""b"', "BEFORE INSERT ON event", IGNORE), True),
    "a name of no letters": (trigger('" "', "BEFORE INSERT ON event", IGNORE), True),
    "a name in Japanese": (trigger('"記録の控え"', "BEFORE INSERT ON event", IGNORE), True),
    "a name of SQLite's": (
        in_the_schema(
            "INSERT INTO sqlite_master VALUES ('trigger', 'sqlite_autoindex_event_2', 'event', 0, "
            f"'CREATE TRIGGER sqlite_autoindex_event_2 BEFORE INSERT ON event BEGIN {IGNORE}; END')"
        ),
        True,
    ),
    "a statistics table of another shape": (
        in_the_schema("CREATE TABLE x (a)", STATISTICS),
        True,
    ),
    "a name that is no text": (
        in_the_schema(
            "INSERT INTO sqlite_master VALUES ('trigger', CAST(x'ff41' AS TEXT), 'event', 0, "
            f"CAST(CAST('CREATE TRIGGER \"' AS BLOB) || x'ff41' || CAST('\" BEFORE INSERT ON event BEGIN {IGNORE}; END' "
            "AS BLOB) AS TEXT))"
        ),
        False,
    ),
    "something after the end of its text": (
        in_the_schema("UPDATE sqlite_master SET sql = sql || char(0) || 'x' WHERE name = 'event_no_delete'"),
        True,
    ),
    "deletes what came before": (no_order, True),
    "a trigger with other spaces": (
        in_the_schema(
            "UPDATE sqlite_master SET sql = replace(sql, 'RAISE(ABORT', 'RAISE( ABORT') WHERE name = 'event_no_update'"
        ),
        True,
    ),
    "a trigger is gone": (sql("DROP TRIGGER event_in_order"), True),
    "on the surnames": (trigger("_sqlite_n", "BEFORE INSERT ON surname", IGNORE), True),
    "on the note of the site": (trigger("_sqlite_o", "BEFORE INSERT ON origin", IGNORE), True),
    "on the derived tables": (trigger("_sqlite_d", "BEFORE INSERT ON days", IGNORE), True),
    "changes derived rows": (trigger("_sqlite_u", "AFTER INSERT ON days", "UPDATE days SET served = 0"), True),
    "on the migrations": (trigger("_sqlite_m", "BEFORE INSERT ON _sqlite_migrations", IGNORE), True),
    "a table beside": (sql("CREATE TABLE _sqlite_more (x)"), True),
    "a table without a number of rows": (sql("CREATE TABLE more (x PRIMARY KEY) WITHOUT ROWID"), True),
    "a table of another program": (sql("CREATE VIRTUAL TABLE more USING fts5(x)"), True),
    "a view": (sql("CREATE VIEW _sqlite_view AS SELECT 1"), True),
    "a column more": (sql("ALTER TABLE event ADD COLUMN extra TEXT"), False),
    "a column that is computed": (sql("ALTER TABLE surname ADD COLUMN twice TEXT AS (surname || surname)"), False),
    "a derived table with a rule": (
        in_the_schema(
            "UPDATE sqlite_master SET sql = replace(sql, 'PRIMARY KEY (day)', 'CHECK (1), PRIMARY KEY (day)') WHERE name = 'days'"
        ),
        False,
    ),
    "an index of ours over less": (
        sql("DROP INDEX event_day", "CREATE INDEX event_day ON event (day, seq) WHERE kind <> 'memo.written'"),
        True,
    ),
    "an index beside": (sql("CREATE INDEX _sqlite_i ON event (kind) WHERE kind = 'memo.written'"), True),
    "a view for the table": (a_view_for_the_table, False),
    "a view without end": (never_ending, False),
    "nothing but the number of floorctl": (
        sql(
            "DROP TABLE event",
            *(f"DROP TABLE {t}" for t in ("surname", "origin", "_sqlite_migrations")),
        ),
        False,
    ),
}


@pytest.fixture(params=STRANGE.values(), ids=STRANGE.keys())
def strange(request: pytest.FixtureRequest, tmp_path: Path, site: Site) -> tuple[Path, bool]:
    """A file with some facts, to which another program has done something; and whether it may still be read."""
    path = tmp_path / "floor.db"
    desk = Desk(path, site)
    desk.opens()
    desk.close()
    act, readable = request.param
    with from_outside(path) as db:
        act(db)
    return path, readable


def test_doctor_finds_it_and_changes_nothing(strange: tuple[Path, bool], site: Site) -> None:
    path, readable = strange
    before = path.read_bytes()
    report = examine(path, site, full=True)
    assert not report["ok"]
    assert {f["code"] for f in report["findings"]} & {"schema", "tables"} or "damaged" in str(report["findings"])
    said = " ".join(f["text"] for f in report["findings"])
    assert "_sqlite_" not in said and "記録の控え" not in said and "--" not in said
    assert path.read_bytes() == before
    assert report["facts"] == (1 if readable else 0)


def test_it_is_not_written_to_and_no_copy_is_made(strange: tuple[Path, bool], site: Site, tmp_path: Path) -> None:
    path, readable = strange
    before = path.read_bytes()
    for act in (
        lambda: Desk(path, site),
        lambda: back_up(path, site, tmp_path / "copy.db", NOW),
        lambda: restore(tmp_path / "other.db", site, path, NOW),
    ):
        with pytest.raises(StoreError) as caught:
            act()
        assert caught.value.exit_status == 3 and caught.value.sentence.endswith("。")
        assert ".copy" not in caught.value.sentence
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".db") == ["floor.db"]
    if readable:
        with closing(Store(path)) as store:
            assert store.count() == 1
    else:
        with pytest.raises(StoreError):
            Store(path)


@pytest.mark.parametrize("act", [act for act, _ in STRANGE.values()], ids=STRANGE)
def test_whoever_has_the_file_open_already_believes_no_write(
    desk: Desk, act: Callable[[sqlite3.Connection], None], site: Site
) -> None:
    """An act, a feed, a roster, the derived tables and the close: refused in words, and nothing stands."""
    desk.opens()
    head = desk.session.head()
    with from_outside(desk.path) as db:
        act(db)

    def hear() -> None:
        intake = Intake(desk.session.store, site, "feed", desk.clock, lambda n, why: pytest.fail(why))
        intake.take(numbered(feed_of(Story(MONDAY).issues("B001", at="09:00").lines)))

    for write in (
        lambda: desk.does("memo.written", text="雨"),
        hear,
        lambda: import_roster(desk.session, [{"staff": "S01"}], {"S01": "岡"}),
        lambda: close(desk.session, MONDAY),
        lambda: desk.session.store.erase_surnames(),
    ):
        with pytest.raises(StoreError) as caught:
            write()
        assert caught.value.exit_status == 3
    with closing(sqlite3.connect(desk.path)) as db:
        tables = [
            n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%event'")
        ]
        if tables:
            assert db.execute(f"SELECT max(seq) FROM {tables[0]}").fetchone() == (head.seq,)


READING = [["status", "--json"], ["log", "--json"], ["incident", "list", "--json"], ["export", "--out", "out"]]
WRITING = [
    ["do", "memo.written", "text=雨"],
    ["ingest", "day.jsonl"],
    ["close", "--out", "out"],
    ["assign", "T4", "certificate", "--reason", "混雑"],
    ["incident", "add", "--category", "other", "--summary", "停電"],
    ["backup", "copy.db"],
    ["roster", "erase-names"],
]


def test_on_the_command_line_it_can_be_read_and_every_writing_verb_says_one_sentence(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "floor.db"
    desk = Desk(path, site)
    desk.opens()
    desk.close()
    with from_outside(path) as db:
        db.execute(f"CREATE TRIGGER _sqlite_quiet BEFORE INSERT ON event BEGIN {IGNORE}; END")
    before = path.read_bytes()
    (tmp_path / "day.jsonl").write_bytes(feed_of(Story(MONDAY).issues("B001", at="09:00").lines))

    monkeypatch.chdir(tmp_path)
    for verb in READING:
        done = run(*verb, db=path, now="10:00")
        assert (done.status, done.err) == (0, ""), (verb, done.err)
    for verb in WRITING:
        assert "知らないトリガー1つ" in refuses(run(*verb, db=path, now="10:00"), 3), verb
    assert path.read_bytes() == before
    assert not (tmp_path / "copy.db").exists() and not (tmp_path / "floor.db.heads").exists()


# ---- the belt: what was written is looked at, whatever the schema says


def lost(db: sqlite3.Connection, *tables: str) -> None:
    for table in tables:
        db.execute(f"CREATE TEMP TRIGGER lose_{table} BEFORE INSERT ON main.{table} BEGIN {IGNORE}; END")


def test_an_insert_without_effect_is_not_believed(desk: Desk) -> None:
    desk.opens()
    head = desk.session.head()
    lost(desk.session.store._connection(), "event")
    with pytest.raises(StoreError, match="ファイルにありません"):
        desk.does("memo.written", text="雨")
    with pytest.raises(StoreError, match="ファイルにありません"):
        desk.hears(a_day().issues("B001"))
    assert desk.session.head() == head
    assert not desk.session.store._connection().in_transaction


def test_another_row_than_was_given_is_not_believed(desk: Desk) -> None:
    """The head stands as it was told, but what stands under it is not what it seals."""
    desk.opens()
    db = desk.session.store._connection()
    head = desk.session.head()
    with pytest.raises(StoreError, match="ファイルにありません"), desk.session.store.write() as pen:
        pen._execute("DROP TRIGGER event_no_update")
        line = {"id": "x-1", "at": instant("09:00").isoformat(), "kind": "memo.written", "text": "雨"}
        pen.append(fact(line), "x", "x", NOW)
        pen._execute("UPDATE event SET actor = 'y' WHERE seq = ?", (pen.head.seq,))
    assert desk.session.head() == head
    assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'event_no_update'").fetchone() == (1,)


def test_surnames_the_note_of_the_site_and_derived_rows_are_not_believed_either(tmp_path: Path, site: Site) -> None:
    with closing(Store(tmp_path / "floor.db", create=True)) as store:
        lost(store._connection(), "surname", "origin", "work")
        writes: list[Callable[[Writer], None]] = [
            lambda pen: pen.name("S01", "岡"),
            lambda pen: pen.note_origin("x", "y"),
            lambda pen: pen.replace_rows("2026-09-14", {"work": ["day", "item", "count"]}, {"work": [("d", "i", 1)]}),
        ]
        for act in writes:
            with pytest.raises(StoreError, match="ファイルにありません"), store.write() as pen:
                act(pen)
        db = store._connection()
        db.execute("DROP TRIGGER lose_surname")
        with store.write() as pen:
            pen.name("S01", "岡")
        db.execute(f"CREATE TEMP TRIGGER keep BEFORE DELETE ON main.surname BEGIN {IGNORE}; END")
        with pytest.raises(StoreError, match="氏を消せません"):
            store.erase_surnames()


# ---- what is ours


def test_the_digests_are_those_of_the_migrations() -> None:
    assert list(schema.MIGRATION_NAMES) == [m.name for m in MIGRATIONS._migrations]
    assert sorted(schema.DIGESTS) == list(range(SCHEMA_VERSION + 1))
    for version, digest in schema.DIGESTS.items():
        rows = data_file.reference_schema(version)
        assert schema.digest(rows, version) == digest, f"{version}: a later sqlite-utils words its table otherwise"
        assert data_file.difference(rows, version) is None


def test_what_sqlite_itself_makes_is_no_finding(desk: Desk, site: Site) -> None:
    desk.opens()
    with from_outside(desk.path) as db:
        db.execute("ANALYZE")
        db.execute("CREATE TABLE x (n INTEGER PRIMARY KEY AUTOINCREMENT)")
        db.execute("DROP TABLE x")
        names = {n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite\\_s%' ESCAPE '\\'")}
        assert names >= {"sqlite_stat1", "sqlite_sequence"}
    desk.does("memo.written", text="雨")
    assert examine(desk.path, site)["ok"]


def test_another_wording_of_sqlite_utils_own_table_is_ours(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later version of it may word its own table in another way; then what it makes here is what counts."""
    monkeypatch.setattr(schema, "DIGESTS", dict.fromkeys(schema.DIGESTS, "0" * 64))
    Store(tmp_path / "floor.db", create=True).close()
    assert examine(tmp_path / "floor.db", site)["ok"]
    with from_outside(tmp_path / "floor.db") as db:
        db.execute("CREATE TABLE _sqlite_more (x)")
    assert not examine(tmp_path / "floor.db", site)["ok"]


NOTES = "_sqlite_migrations"


@pytest.mark.parametrize(
    ("act", "says"),
    [
        pytest.param(f"DELETE FROM {NOTES}", f"足りない{SCHEMA_VERSION}件", id="emptied"),
        pytest.param(f"DELETE FROM {NOTES} WHERE name = '0004_no_replace'", "足りない1件", id="one is missing"),
        pytest.param(f"INSERT INTO {NOTES} VALUES (99, 'floorctl', '0099_more', '')", "知らない1件", id="from later"),
        pytest.param(f"INSERT INTO {NOTES} VALUES (99, 'other', '0001', '')", "知らない1件", id="of another program"),
        pytest.param(f"UPDATE {NOTES} SET id = 99 WHERE id = 1", "順序", id="in another order"),
    ],
)
def test_the_notes_of_the_migrations_are_proved(desk: Desk, site: Site, tmp_path: Path, act: str, says: str) -> None:
    desk.opens()
    with from_outside(desk.path) as db:
        db.execute(act)
    (finding,) = examine(desk.path, site)["findings"]
    assert finding["code"] == "migrations" and says in finding["text"]
    with pytest.raises(StoreError, match="形式の履歴"):
        back_up(desk.path, site, tmp_path / "copy.db", NOW)
    with pytest.raises(StoreError, match="形式の履歴"):
        restore(tmp_path / "other.db", site, desk.path, NOW)
    with pytest.raises(StoreError, match="形式の履歴"):
        backups.keep(desk.session.store)
    facts = desk.session.store.count()
    with pytest.raises(StoreError, match="形式の履歴"):
        Store(desk.path, create=True)
    with closing(Store(desk.path)) as reader:
        assert reader.count() == facts
        with pytest.raises(StoreError, match="形式の履歴"), reader.write():
            raise AssertionError


# ---- files of older versions


def older(path: Path, version: int) -> Path:
    """A file as an older version of the schema kept it, with the facts of a story."""
    file_of_version_1(path, a_day().opens("08:30").issues("B001").calls("B001", "T3"))
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        stop = dict(enumerate(schema.MIGRATION_NAMES)).get(version)
        if version > 1:
            MIGRATIONS.apply(Database(db, execute_plugins=False), stop_before=stop)
        db.execute(f"PRAGMA user_version = {version}")
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    return path


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_doctor_examines_an_older_file_and_leaves_it_as_it_is(tmp_path: Path, site: Site, version: int) -> None:
    path = older(tmp_path / "floor.db", version)
    before = path.read_bytes()
    report = examine(path, site, full=True)
    assert report["ok"], report["findings"]
    assert report["facts"] == 3 and report["schema"] == {"file": version, "floorctl": SCHEMA_VERSION}
    assert any(f"形式 {version}" in line and "変えていません" in line for line in remarks(report))
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["floor.db"]
    with from_outside(path) as db:
        db.execute("DROP TRIGGER event_no_update")
        db.execute("UPDATE event SET actor = 'x' WHERE seq = 2")
    codes = {f["code"] for f in examine(path, site)["findings"]}
    assert codes == {"schema", "chain"}


@pytest.mark.parametrize(
    "act",
    ["DELETE FROM _sqlite_migrations", "INSERT INTO _sqlite_migrations VALUES (9, 'floorctl', '0005_origin', '')"],
)
def test_an_older_file_whose_notes_are_wrong_is_not_migrated(tmp_path: Path, site: Site, act: str) -> None:
    path = older(tmp_path / "floor.db", 3)
    with from_outside(path) as db:
        db.execute(act)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="形式の履歴"):
        Store(path)
    assert [f["code"] for f in examine(path, site)["findings"]] == ["migrations"]
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_an_older_backup_is_restored_and_one_with_strangers_is_not(tmp_path: Path, site: Site, version: int) -> None:
    path = older(tmp_path / "copy.db", version)
    restore(tmp_path / "floor.db", site, path, NOW)
    report = examine(tmp_path / "floor.db", site)
    assert report["ok"] and report["schema"]["file"] == SCHEMA_VERSION
    with from_outside(path) as db:
        db.execute(f"CREATE TRIGGER _sqlite_x BEFORE INSERT ON event BEGIN {IGNORE}; END")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"copy\.db は使えません"):
        restore(tmp_path / "floor.db", site, path, NOW)
    with pytest.raises(StoreError, match=r"copy\.db は使えません"):
        Store(path)
    assert path.read_bytes() == before
    assert {f["code"] for f in examine(path, site)["findings"]} == {"schema"}


def test_the_index_that_grew_while_version_2_was_in_use_is_no_finding(tmp_path: Path, site: Site) -> None:
    path = older(tmp_path / "floor.db", 2)
    with from_outside(path) as db:
        db.execute("DROP INDEX event_register")
        db.execute("CREATE INDEX event_register ON event (seq) WHERE kind IN ('incident.opened', 'retracted')")
    assert examine(path, site)["ok"]
    Store(path).close()
    assert examine(path, site)["ok"]


# ---- what it costs


def test_the_look_at_a_schema_that_has_not_changed_is_next_to_no_work(desk: Desk) -> None:
    store = desk.session.store
    with store.write():
        assert work.lines(store._need_schema) < 30
