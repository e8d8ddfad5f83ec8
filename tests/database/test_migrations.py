"""A file of an older version is brought up to date when it is opened, and its facts stay what they were."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from floorctl.common.clock import business_day, iso
from floorctl.common.derived_tables import DERIVED
from floorctl.database.file import APPLICATION_ID, SCHEMA_VERSION, reference_schema
from floorctl.database.hash_chain import GENESIS, seal
from floorctl.database.migrations import MIGRATIONS
from floorctl.database.store import Store
from floorctl.models.facts.own_numbers import Numbers
from floorctl.models.site.site import Site
from floorctl.usecases.doctor import examine
from floorctl.usecases.imports import import_roster
from tests.story import MONDAY, Desk, Story, a_day, instant


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file as schema version 1 left it: the one table of facts, six of them, and an incident among them."""
    story = (
        a_day()
        .opens("08:30")
        .issues("B001", at="09:00")
        .calls("B001", at="09:05")
        .tells("incident.opened", "09:10", incident="I-1", category="complaint", summary="順番の苦情")
        .finishes("B001", at="09:20")
        .issues("B002", at="09:30")
    )
    return file_of_version_1(tmp_path / "old.db", story)


def file_of_version_1(path: Path, story: Story) -> Path:
    """A story in a file as the first version of the schema kept it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        MIGRATIONS.apply(Database(db, execute_plugins=False), stop_before="0002_people")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 1")
        sealed = GENESIS
        for e in story.entries():
            f, recorded = e.fact, e.recorded_at.isoformat()
            day = business_day(f.at).isoformat()
            row = (e.seq, f.id, e.source, f.at.isoformat(), day, recorded, e.actor, e.kind, f.payload())
            sealed = seal(sealed, *row)
            db.execute("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?)", (*row, sealed))
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'surname'").fetchone() == (0,)
    return path


def test_a_file_of_version_1_is_migrated_and_its_chain_holds(old: Path, site: Site) -> None:
    with closing(sqlite3.connect(old)) as db:
        before = db.execute("SELECT * FROM event").fetchall()
    with closing(Store(old)) as store:
        assert store.verify_chain() == store.integrity() == []
        assert [e.kind for e in store.register_facts()] == ["incident.opened"]
        assert store.surnames() == {}
        assert store.incident_numbers() == Numbers(frozenset({"I-1"}))
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("SELECT * FROM event").fetchall() == before
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    report = examine(old, site)
    assert report["ok"], report
    assert (report["facts"], report["anomalies"]) == (6, 0)


def test_work_goes_on_in_a_file_of_version_1(old: Path, site: Site) -> None:
    desk = Desk(old, site, "09:40")
    try:
        assert desk.floor.waiting == 1
        done = import_roster(desk.session, [{"staff": "S01"}], {"S01": "岡"})
        assert (done.new, done.names) == (1, 1)
        desk.does("ticket.called", ticket="B002", terminal="T3")
        assert desk.session.store.surnames() == {"S01": "岡"}
        assert list(desk.session.register().people) == ["S01"]
        assert list(desk.session.register().incidents) == ["I-1"]
        assert iso(next(iter(desk.facts())).fact.at) == iso(instant("08:30", MONDAY))
    finally:
        desk.close()
    assert examine(old, site)["ok"]


def test_the_derived_tables_are_to_the_byte_those_of_every_file() -> None:
    """Their columns stand in common/derived_tables.py: to change one there needs a migration, and must not change what an earlier one made."""
    made = sorted(
        str(sql) for kind, name, _, sql in reference_schema(SCHEMA_VERSION) if kind == "table" and name in DERIVED
    )
    assert len(made) == len(DERIVED)
    assert (
        hashlib.sha256("\n".join(made).encode()).hexdigest()
        == "adf27985494d84334ac4e7fe7809a73efe0b17f420e79f145786c7d5085f4f8d"
    )
