"""Schema of the database file as append-only migrations: never edit a released one, add another."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from floorctl.common.derived_tables import DERIVED, Table
from floorctl.database.schema import REGISTER_KINDS_3, REGISTER_KINDS_9, REGISTER_KINDS_11

MIGRATIONS = Migrations("floorctl")
# Kinds of the Register in version 2: without those added by version 3.
REGISTER_KINDS_2 = ", ".join(
    kind for kind in REGISTER_KINDS_3.split(", ") if kind not in ("'demand.imported'", "'period.written'")
)
# Derived tables that were added since version 3; they are created by a migration of their own.
_SINCE_3 = ("lends",)
_NAMES_3 = tuple(name for name in DERIVED if name not in _SINCE_3)
# Derived tables of version 3 that a later one has changed.
_DERIVED_3 = {
    "days": Table("day", DERIVED["days"].columns[:-1]),
    "tickets": Table("day, ticket", DERIVED["tickets"].columns[:-4]),
}
# And of version 6.
_DERIVED_6 = {"tickets": Table(DERIVED["tickets"].key, DERIVED["tickets"].columns[:-1])}


@MIGRATIONS(name="0001_event")
def _event(db: Database) -> None:
    """Create the table of facts: append-only by trigger, each row sealed by the hash chain."""
    # Raw SQL, because STRICT and the partial indexes are part of the guarantee. No JSON functions: with
    # trusted_schema off SQLite before 3.42 rejects them in a schema.
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
    # Kinds that the Register reads over all days; spelled out, because LIKE would not match a partial index.
    db.execute(
        """
        CREATE INDEX event_register ON event (seq) WHERE kind IN (
            'incident.opened', 'incident.reported', 'incident.noted', 'incident.closed', 'retracted')
        """
    )
    db.execute("CREATE INDEX event_escalation ON event (seq) WHERE kind = 'escalation.raised'")
    for name, when, message in (
        ("event_no_update", "BEFORE UPDATE ON event", "facts are never changed"),
        ("event_no_delete", "BEFORE DELETE ON event", "facts are never deleted"),
        # Otherwise INSERT OR REPLACE would bypass the delete trigger.
        (
            "event_in_order",
            "BEFORE INSERT ON event WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)",
            "facts are appended in order",
        ),
    ):
        db.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


@MIGRATIONS(name="0002_people")
def _people(db: Database) -> None:
    """Index the roster, appointments and the clock for the Register; keep surnames in a table of their own.

    That table is outside the chain and may be emptied at any time: facts contain codes alone (SPEC 3.4).
    """
    db.execute("DROP INDEX event_register")
    db.execute(f"CREATE INDEX event_register ON event (seq) WHERE kind IN ({REGISTER_KINDS_2})")
    db.execute("CREATE TABLE surname (staff TEXT PRIMARY KEY, surname TEXT NOT NULL) STRICT, WITHOUT ROWID")


@MIGRATIONS(name="0003_derived")
def _derived(db: Database) -> None:
    """Create the derived tables (usecases/day_tables.py) for SQL and for documents of longer periods; index forecasts.

    They may be emptied at any time: the facts make them again.
    """
    db.execute("DROP INDEX event_register")
    db.execute(f"CREATE INDEX event_register ON event (seq) WHERE kind IN ({REGISTER_KINDS_3})")
    for name in _NAMES_3:
        _create(db, name, _DERIVED_3.get(name, DERIVED[name]))


def _create(db: Database, name: str, table: Table) -> None:
    spelled = ", ".join(c.sql for c in table.columns)
    db.execute(f"CREATE TABLE {name} ({spelled}, PRIMARY KEY ({table.key})) STRICT, WITHOUT ROWID")


@MIGRATIONS(name="0004_no_replace")
def _no_replace(db: Database) -> None:
    """Reject INSERT OR REPLACE of an existing (source, id) before SQLite deletes the old row.

    REPLACE deletes that row without firing a delete trigger if recursive_triggers is off, as in every other program.
    Only a trigger before the insert stops it.
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
    """Record the site with the first fact (database/site_of_file.py): codes alone may fit another site too."""
    db.execute(
        "CREATE TABLE origin (one INTEGER PRIMARY KEY CHECK (one = 1), site TEXT NOT NULL, name TEXT NOT NULL) STRICT"
    )


@MIGRATIONS(name="0006_tickets")
def _tickets(db: Database) -> None:
    """Tell tickets of one number apart, count recalls and what head counts took off; days are built anew when needed."""
    for name in _NAMES_3:
        if name in _DERIVED_3:
            db.execute(f"DROP TABLE {name}")
            _create(db, name, _DERIVED_6.get(name, DERIVED[name]))
        else:
            db.execute(f"DELETE FROM {name}")


@MIGRATIONS(name="0007_editions")
def _editions(db: Database) -> None:
    """Count editions of a day by what changes its report after a close; days are built anew when needed."""
    for name in _NAMES_3:
        db.execute(f"DELETE FROM {name}")


@MIGRATIONS(name="0008_one_minute")
def _one_minute(db: Database) -> None:
    """Fit an absence, a further call and an end of one minute together; days are built anew when needed."""
    for name in _NAMES_3:
        db.execute(f"DELETE FROM {name}")


@MIGRATIONS(name="0009_shifts")
def _shifts(db: Database) -> None:
    """Index the shifts planned by day for the Register."""
    db.execute("DROP INDEX event_register")
    db.execute(f"CREATE INDEX event_register ON event (seq) WHERE kind IN ({REGISTER_KINDS_9})")


@MIGRATIONS(name="0010_lends")
def _lends(db: Database) -> None:
    """Create the derived table of loans; the days of older files have none."""
    _create(db, "lends", DERIVED["lends"])


@MIGRATIONS(name="0011_day_plan")
def _day_plan(db: Database) -> None:
    """Index absences known ahead and the planned hours of the city's staff for the Register; keep how long people waited whom nobody called.

    Days are built anew when needed.
    """
    db.execute("DROP INDEX event_register")
    db.execute(f"CREATE INDEX event_register ON event (seq) WHERE kind IN ({REGISTER_KINDS_11})")
    for name in DERIVED:
        if name in _DERIVED_6:
            db.execute(f"DROP TABLE {name}")
            _create(db, name, DERIVED[name])
        else:
            db.execute(f"DELETE FROM {name}")
