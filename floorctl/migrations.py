"""The schema of the database file, as append-only migrations: never edit one that has been released, add another."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from floorctl.store import REGISTER_KINDS_2

MIGRATIONS = Migrations("floorctl")


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
