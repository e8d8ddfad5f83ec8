"""The derived tables in the data file: each day as rows for SQL (docs/sql.md), outside the chain.

They hold nothing that the facts do not: a day is written whole, with the number of the last fact it was made from, and
``doctor`` verifies that a rebuild to that fact is equal.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from floorctl.commands.fold import fold_register, register_entries
from floorctl.common.clock import business_day, iso
from floorctl.common.derived_tables import DERIVED
from floorctl.common.errors import StoreError
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.documents.day.derived_rows import Value as Native
from floorctl.documents.day.derived_rows import derived_rows
from floorctl.documents.day.record import DayRecord, day_record
from floorctl.models.facts.entry import Entry, Head
from floorctl.models.facts.kinds import REGISTER_KINDS
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.usecases.carried_numbers import earliest, stored_floor
from floorctl.usecases.session import Session

Value = str | int | None
Row = tuple[Value, ...]
Rows = dict[str, list[Row]]

# Columns of every table, the day first.
COLUMNS = {name: tuple(c.name for c in table.columns) for name, table in DERIVED.items()}


# ---- from a day to rows


def rows_of(record: DayRecord, anomalies: int, built_to: int) -> Rows:
    """Return the rows of a day in every table as SQLite stores them, the day first."""
    day = record.day.isoformat()
    found = derived_rows(record, anomalies, built_to)
    return {table: [(day, *map(_stored, row)) for row in rows] for table, rows in found.items()}


def _stored(value: Native) -> Value:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(value)
    return int(value) if isinstance(value, bool) else value


# ---- a day as it was at a fact


def rebuilt(store: Store, site: Site, day: date, register: list[Entry], built_to: int) -> Rows:
    """Return the rows of a day from its facts up to number ``built_to``. ``register``: all facts of the Register."""
    seen = fold_register(e for e in register_entries(register, day) if e.seq <= built_to)
    floor = stored_floor(store, site, day, built_to)
    last = max((e.seq for e in floor.entries), default=0)
    head = Head(last, store.hash_at(last) or "") if last else None
    return rows_of(day_record(floor, seen, head, revision=floor.revision), len(floor.anomalies), built_to)


def built(store: Store) -> dict[date, int]:
    """Return the last fact of each day's rows; -1 if a day has rows but none in ``days``."""
    found = {date.fromisoformat(day): int(n) for day, n in store.query("SELECT day, built_to FROM main.days")}
    for table in COLUMNS:
        for (day,) in store.query(f"SELECT DISTINCT day FROM main.{table}"):
            found.setdefault(date.fromisoformat(day), -1)
    return dict(sorted(found.items()))


def held(store: Store, day: date) -> Rows:
    """Return the rows of a day as they are in the file."""
    return {
        table: store.query(f"SELECT {', '.join(names)} FROM main.{table} WHERE day = ?", str(day))
        for table, names in COLUMNS.items()
    }


def anomalies_of(rows: Rows) -> int:
    """Return the number of anomalies of a day by its rows."""
    column = COLUMNS["days"].index("anomalies")
    return sum(int(row[column] or 0) for row in rows["days"])


def same(one: Rows, other: Rows) -> bool:
    """Return whether two sets of rows are equal in any order."""
    return all(sorted(one[t], key=repr) == sorted(other[t], key=repr) for t in COLUMNS)


# ---- keeping them up to date


def write_day(session: Session, pen: Writer, day: date) -> None:
    """Replace the rows of a day inside a write transaction, unless a frozen clock hides a part of the day."""
    if not session.sees_whole(day):
        return
    pen.replace_rows(str(day), COLUMNS, _rows_now(session, day, pen.head.seq))


def register_at_end_of(session: Session, day: date) -> Register:
    """Return the Register as the report of a day shows it, without facts of later days."""
    facts = session.register_facts()
    seen = register_entries(facts, day)
    return session.register() if len(seen) == len(facts) else fold_register(seen)


def record_of(session: Session, day: date) -> DayRecord:
    """Return the day as its documents show it now."""
    floor = session.floor(day)
    return day_record(floor, register_at_end_of(session, day), session.head(day), revision=floor.revision)


def _rows_now(session: Session, day: date, built_to: int) -> Rows:
    return rows_of(record_of(session, day), len(session.floor(day).anomalies), built_to)


def behind(session: Session, first: date, last: date) -> list[date]:
    """Return the days of a period with facts whose rows are missing, or older than a fact that their report shows."""
    store = session.store
    span = (str(first), str(last))
    built = {
        str(d): int(n) for d, n in store.query("SELECT day, built_to FROM main.days WHERE day BETWEEN ? AND ?", *span)
    }
    late = list(_late_register(session, min(built.values(), default=0)))
    found, known = [], store.last_seqs(earliest(first), last)
    days = [day for day, _ in known]
    for at, day in enumerate(days):
        if day < span[0]:
            continue
        reach, n = bisect_left(days, str(earliest(date.fromisoformat(day)))), built.get(day, -1)
        newest = max(seq for _, seq in known[reach : at + 1])  # numbers may be carried over from the days before
        if n < newest or any(s > n and since <= day for s, since in late):
            found.append(date.fromisoformat(day))
    return found


def _late_register(session: Session, oldest: int) -> Iterator[tuple[int, str]]:
    """Yield the Register's facts after the oldest build: (number, first day whose report shows them)."""
    for e in session.register_facts():
        if e.seq <= oldest:
            continue
        fact: Any = e.fact
        about = session.store.find(fact.target_source, fact.target) if e.kind == "retracted" else e
        if about is not None and (about is e or about.kind in REGISTER_KINDS):
            yield e.seq, str(business_day(about.fact.at))


class Derived:
    """The derived tables over a period, all up to date, for ``query``.

    Past days are brought up to date in the file. The open day, a day seen by a frozen clock, and all days of a
    read-only file are held in memory, and seen by the same queries.
    """

    def __init__(self, session: Session, first: date, last: date) -> None:
        self._store = session.store
        # Without a frozen clock nothing is hidden: a day that a feed has ahead of this PC's clock counts too.
        last = min(last, session.today) if session.frozen else last
        if first > last or not session.store.exists:
            self._show([], {}, date.min)
            return
        stale = behind(session, first, last)
        unwritten = list(stale)
        if session.frozen is None:
            past = [d for d in stale if d != session.today or session.floor(d).report_closed_at is not None]
            with suppress(StoreError):
                for day in past:
                    with session.store.write() as pen:
                        session.refresh()
                        write_day(session, pen, day)
                    session.forget(day)
                    unwritten.remove(day)
        elif session.today not in unwritten and session.store.last_seqs(session.today, session.today):
            unwritten.append(session.today)  # the file may have facts of it after the frozen time
        fresh: Rows = {table: [] for table in COLUMNS}
        for day in unwritten:
            for table, rows in _rows_now(session, day, session.head().seq).items():
                fresh[table] += rows
            if day != session.today:
                session.forget(day)
        self._show(unwritten, fresh, last)

    def as_was(self, day: date, rows: Rows | None) -> None:
        """Show other rows of a day than those that hold; with None show again what holds."""
        days, fresh, last = self._shown
        if rows is None:
            self._show(days, fresh, last)
            return
        others = {table: [r for r in found if r[0] != str(day)] for table, found in fresh.items()}
        self._store.overlay(
            [str(d) for d in {*days, day}], COLUMNS, {t: others.get(t, []) + rows[t] for t in COLUMNS}, str(last)
        )

    def _show(self, days: list[date], fresh: Rows, last: date) -> None:
        self._shown = (days, fresh, last)
        self._store.overlay([str(d) for d in days], COLUMNS, fresh, str(last))

    def query(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT over the derived tables, without days after the period."""
        return self._store.query(sql, *args)


Query = Callable[..., list[tuple[Any, ...]]]
