"""The schema of the database file, as append-only migrations: never edit one that has been released, add another."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from floorctl.common.derived_tables import DERIVED
from floorctl.database.schema import REGISTER_KINDS_3

MIGRATIONS = Migrations("floorctl")
# The kinds of the Register as version 2 knew them: without those that came with version 3.
REGISTER_KINDS_2 = ", ".join(
    kind for kind in REGISTER_KINDS_3.split(", ") if kind not in ("'demand.imported'", "'period.written'")
)


@MIGRATIONS(name="0001_event")
def _event(db: Database) -> None:
    """The one table of facts: append-only by trigger, each row sealed by the hash of all rows before it."""
    # Raw SQL, since STRICT and the partial indexes are part of the guarantee. No JSON function in it: with
    # trusted_schema off SQLite before 3.42 calls them unsafe in a schema.
    db.execute(
        """
        CREATE TABLE event (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            source TEXT NOT NULL,
            at TEXT NOT NULL,
            day TEXT NOT NULL,
            recorded_at TEXT NOT NULL,
            actor TEXT NOT NULL,
            kind TEXT NOT NULL,
            data TEXT NOT NULL,
            hash TEXT NOT NULL,
            UNIQUE (source, id)
        ) STRICT
        """
    )
    db["event"].create_index(["day", "seq"], "event_day")  # type: ignore[union-attr]
    # What the Register reads over all days; LIKE would not match a partial index, so the kinds are spelled out.
    db.execute(
        """
        CREATE INDEX event_register ON event (seq) WHERE kind IN (
            'incident.opened', 'incident.reported', 'incident.noted', 'incident.closed', 'retracted')
        """
    )
    db.execute("CREATE INDEX event_escalation ON event (seq) WHERE kind = 'escalation.raised'")
    for name, when, said in (
        ("event_no_update", "BEFORE UPDATE ON event", "facts are never changed"),
        ("event_no_delete", "BEFORE DELETE ON event", "facts are never deleted"),
        # Without this INSERT OR REPLACE would slip past the delete trigger.
        (
            "event_in_order",
            "BEFORE INSERT ON event WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)",
            "facts are appended in order",
        ),
    ):
        db.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{said}'); END")


@MIGRATIONS(name="0002_people")
def _people(db: Database) -> None:
    """The Register learns of the roster, appointments and the clock; surnames stand in a table of their own.

    The table is outside the chain and may be emptied at any time: the facts know codes alone (SPEC 3.4).
    """
    db.execute("DROP INDEX event_register")
    db.execute(f"CREATE INDEX event_register ON event (seq) WHERE kind IN ({REGISTER_KINDS_2})")
    db.execute("CREATE TABLE surname (staff TEXT PRIMARY KEY, surname TEXT NOT NULL) STRICT, WITHOUT ROWID")


@MIGRATIONS(name="0003_derived")
def _derived(db: Database) -> None:
    """Tables of what each day came to (usecases/day_tables.py), for SQL and for the documents of longer periods; forecasts.

    They may be emptied at any time: the facts make them again.
    """
    db.execute("DROP INDEX event_register")
    db.execute(f"CREATE INDEX event_register ON event (seq) WHERE kind IN ({REGISTER_KINDS_3})")
    for name, table in DERIVED.items():
        spelled = ", ".join(c.sql for c in table.columns)
        db.execute(f"CREATE TABLE {name} ({spelled}, PRIMARY KEY ({table.key})) STRICT, WITHOUT ROWID")


@MIGRATIONS(name="0004_no_replace")
def _no_replace(db: Database) -> None:
    """INSERT OR REPLACE of a (source, id) that stands is refused before SQLite makes room for it.

    REPLACE deletes the row in its way, and fires no delete trigger for it where recursive_triggers is off, as it is in
    every other program. The trigger before the insert is the one thing that it cannot pass.
    """
    db.execute("DROP TRIGGER event_in_order")
    db.execute(
        """
        CREATE TRIGGER event_in_order BEFORE INSERT ON event
        WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
            OR EXISTS (SELECT 1 FROM event WHERE source = NEW.source AND id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'facts are appended in order'); END
        """
    )


@MIGRATIONS(name="0005_origin")
def _origin(db: Database) -> None:
    """Which site the file was written for, noted with its first fact (database/site_of_file.py): codes alone may fit another site too."""
    db.execute(
        "CREATE TABLE origin (one INTEGER PRIMARY KEY CHECK (one = 1), site TEXT NOT NULL, name TEXT NOT NULL) STRICT"
    )
