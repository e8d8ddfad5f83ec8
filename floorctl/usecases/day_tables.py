"""The derived tables: what each day came to, in the file itself, so that anybody can ask it in SQL (docs/sql.md).

They stand outside the chain and hold nothing that the facts do not say: a day is written whole, with the number of the
last fact that it was made from, and ``doctor`` proves that a rebuild to that number is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from floorctl.commands.fold import fold, fold_register, register_entries
from floorctl.common.clock import business_day, iso
from floorctl.common.derived_tables import DERIVED
from floorctl.common.errors import StoreError
from floorctl.common.words import NOTHING
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.documents.day.record import FATES, DayRecord, day_record
from floorctl.models.facts.day_facts import REGISTER_KINDS, Entry, Head
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.usecases.session import Session

Value = str | int | None
Row = tuple[Value, ...]
Rows = dict[str, list[Row]]

# Every table and its columns, the day first.
COLUMNS = {name: tuple(c.name for c in table.columns) for name, table in DERIVED.items()}


# ---- from a day to rows


def rows_of(record: DayRecord, anomalies: int, built_to: int) -> Rows:
    """The rows of a day in every table. Pure; the order of rows is that of the record."""
    day = record.day.isoformat()
    fates = [sum(t.fate == fate for t in record.tickets) for fate in FATES]
    weather = record.report.get("weather")
    people = record.staff_days
    days: Row = (
        built_to,
        record.revision,
        _at(record.opened_at),
        _at(record.closed_at),
        _at(record.report_closed_at),
        len(record.tickets),
        *fates,
        sum(t.cards for t in record.tickets if t.fate == "done"),
        sum(t.assist for t in record.tickets),
        record.officials_max,
        record.officials_absent_s,
        record.charge_vacant_s,
        len(record.attended),
        sum(p.absent for p in people),
        sum(p.late for p in people),
        sum(p.break_short_s for p in people),
        sum(v.uncovered_s for v in record.vacancies),
        len(record.moves),
        len(record.escalations),
        len(record.incidents),
        sum(record.inquiries.values()),
        anomalies,
        weather.lines[0] if weather and weather.lines else None,
        record.seq,
        record.hash,
    )
    found: dict[str, Iterable[Row]] = {
        "days": [days],
        "tickets": (
            (
                t.ticket,
                t.service,
                t.lane,
                t.cards,
                t.appointment,
                int(t.assist),
                _at(t.issued_at),
                _at(t.called_at),
                t.terminal,
                _at(t.finished_at),
                t.outcome,
                t.state,
                t.fate,
                t.wait_s,
                t.service_s,
            )
            for t in record.tickets
        ),
        "lane_days": _lane_days(record),
        "work": _work(record),
        "moves": (
            (
                n,
                _at(m.at),
                m.terminal,
                m.origin,
                m.to,
                m.reason,
                e.origin_before,
                e.to_before,
                e.origin_after,
                e.to_after,
            )
            for n, (m, e) in enumerate(zip(record.moves, record.effects, strict=True), 1)
        ),
        "escalations": (
            (
                e.code,
                e.matter,
                e.terminal,
                e.ticket,
                _at(e.raised_at),
                _at(e.taken_at),
                _at(e.settled_at),
                e.outcome,
                e.official,
            )
            for e in record.escalations
        ),
        "incidents": (
            (
                i.code,
                i.category,
                i.summary,
                _at(i.occurred_at),
                _at(i.found_at),
                _at(i.reported_at),
                i.state,
                " ".join(i.services),
                " ".join(i.terminals),
            )
            for i in record.incidents
        ),
        "staff_days": (
            (
                p.staff,
                p.role,
                p.status,
                _at(p.came_at),
                _at(p.gone_at),
                int(p.late),
                int(p.absent),
                p.reason,
                p.break_s,
                p.break_short_s,
                p.charge_s,
            )
            for p in people
        ),
        "inquiries": (item for item in record.inquiries.items()),
        "stops": (
            (n, s.sort, s.code, _at(s.since), _at(s.until), s.seconds, s.text) for n, s in enumerate(record.stops, 1)
        ),
        "outages": ((n, o.incident, o.service, o.minutes, o.cause) for n, o in enumerate(record.outages, 1)),
        "vacancies": (
            (n, v.staff, _at(v.opened_at), _at(v.closed_at), v.substitute, v.reason, v.uncovered_s)
            for n, v in enumerate(record.vacancies, 1)
        ),
        "report_lines": (
            (head, n, text)
            for head, written in sorted(record.report.items())
            for n, text in enumerate(written.lines or (NOTHING,), 1)
        ),
    }
    return {table: [(day, *row) for row in found[table]] for table in COLUMNS}


def _at(at: datetime | None) -> str | None:
    return iso(at) if at else None


def _lane_days(record: DayRecord) -> Iterator[Row]:
    for lane, w in record.waits.items():
        persons, at = record.peaks[lane] or (0, None)
        yield (lane, w.n, w.mean_s, w.p90_s, w.max_s, persons, _at(at))


def _work(record: DayRecord) -> Iterator[Row]:
    """Work items with a figure of any kind."""
    ties = {t.item: t for t in record.ties}
    for item, n in record.work.items():
        tie = ties.get(item)
        read, note = (tie.read, tie.note) if tie else (None, "")
        if n or record.tallied[item] or read is not None:
            yield (item, n, record.tallied[item], read, note)


# ---- a day as it was at a fact


def rebuilt(store: Store, site: Site, day: date, register: list[Entry], built_to: int) -> Rows:
    """The rows of a day from its facts up to the one numbered ``built_to``. ``register``: all facts of the Register."""
    facts = [e for e in store.day_facts(day) if e.seq <= built_to]
    seen = fold_register(e for e in register_entries(register, day) if e.seq <= built_to)
    floor = fold(site, day, facts)
    last = max((e.seq for e in facts), default=0)
    head = Head(last, store.hash_at(last) or "") if last else None
    return rows_of(day_record(floor, seen, head, revision=floor.revision), len(floor.anomalies), built_to)


def built(store: Store) -> dict[date, int]:
    """Each day that has rows, with the number of the fact that they were made up to; -1 where that is not known."""
    found = {date.fromisoformat(day): int(n) for day, n in store.query("SELECT day, built_to FROM main.days")}
    for table in COLUMNS:
        for (day,) in store.query(f"SELECT DISTINCT day FROM main.{table}"):
            found.setdefault(date.fromisoformat(day), -1)
    return dict(sorted(found.items()))


def held(store: Store, day: date) -> Rows:
    """The rows of a day as they stand in the file."""
    return {
        table: store.query(f"SELECT {', '.join(names)} FROM main.{table} WHERE day = ?", str(day))
        for table, names in COLUMNS.items()
    }


def anomalies_of(rows: Rows) -> int:
    """How many facts of a day do not fit, as its rows have it."""
    column = COLUMNS["days"].index("anomalies")
    return sum(int(row[column] or 0) for row in rows["days"])


def same(one: Rows, other: Rows) -> bool:
    """Whether two sets of rows are equal, whatever their order in the file."""
    return all(sorted(one[t], key=repr) == sorted(other[t], key=repr) for t in COLUMNS)


# ---- keeping them up to date


def write_day(session: Session, pen: Writer, day: date) -> None:
    """Writes the rows of a day anew, inside a write transaction; not what a frozen clock sees a part of."""
    if not session.sees_whole(day):
        return
    pen.replace_rows(str(day), COLUMNS, _rows_now(session, day, pen.head.seq))


def register_at_end_of(session: Session, day: date) -> Register:
    """The Register as the report of a day shows it: what came on later days is told by later reports."""
    told = session.register_facts()
    seen = register_entries(told, day)
    return session.register() if len(seen) == len(told) else fold_register(seen)


def record_of(session: Session, day: date) -> DayRecord:
    """The day as its documents show it now."""
    floor = session.floor(day)
    return day_record(floor, register_at_end_of(session, day), session.head(day), revision=floor.revision)


def _rows_now(session: Session, day: date, built_to: int) -> Rows:
    return rows_of(record_of(session, day), len(session.floor(day).anomalies), built_to)


def behind(session: Session, first: date, last: date) -> list[date]:
    """Days of a period with facts whose rows are missing, or older than a fact that their report sees."""
    store = session.store
    span = (str(first), str(last))
    built = {
        str(d): int(n) for d, n in store.query("SELECT day, built_to FROM main.days WHERE day BETWEEN ? AND ?", *span)
    }
    late = list(_late_register(session, min(built.values(), default=0)))
    found = []
    for day, seq in store.last_seqs(first, last):
        n = built.get(day, -1)
        if n < seq or any(s > n and since <= day for s, since in late):
            found.append(date.fromisoformat(day))
    return found


def _late_register(session: Session, oldest: int) -> Iterator[tuple[int, str]]:
    """Facts of the Register after the oldest build: (number, the first day whose report sees them)."""
    for e in session.register_facts():
        if e.seq <= oldest:
            continue
        fact: Any = e.fact
        about = session.store.find(fact.target_source, fact.target) if e.kind == "retracted" else e
        if about is not None and (about is e or about.kind in REGISTER_KINDS):
            yield e.seq, str(business_day(about.fact.at))


class Derived:
    """The derived tables over some days, all of them up to date: ask with ``query``.

    Days that are over are brought up to date in the file. What cannot stand there is held in memory beside it and seen
    by the same queries: the open day, a day as a frozen clock sees it, and all of a file that cannot be written.
    """

    def __init__(self, session: Session, first: date, last: date) -> None:
        self._store = session.store
        # Without a frozen clock nothing is hidden: a day that a feed tells ahead of this PC's clock counts like any other.
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
            unwritten.append(session.today)  # the file may know more of it than has happened by then
        fresh: Rows = {table: [] for table in COLUMNS}
        for day in unwritten:
            for table, rows in _rows_now(session, day, session.head().seq).items():
                fresh[table] += rows
            if day != session.today:
                session.forget(day)
        self._show(unwritten, fresh, last)

    def _show(self, days: list[date], fresh: Rows, last: date) -> None:
        self._store.overlay([str(d) for d in days], COLUMNS, fresh, str(last))

    def query(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        """Rows of a SELECT over the derived tables; days after the last one of the period are not among them."""
        return self._store.query(sql, *args)


Query = Callable[..., list[tuple[Any, ...]]]
