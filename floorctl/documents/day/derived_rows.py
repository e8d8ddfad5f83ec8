"""Rows of a day in the derived tables (docs/sql.md), as native values: SQL, CSV and Parquet are written from these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from floorctl.common.derived_tables import DERIVED
from floorctl.common.words import NOTHING
from floorctl.documents.day.record import DayRecord
from floorctl.documents.day.ticket_lines import FATES

Value = str | int | bool | datetime | date | tuple[str, ...] | None
Row = tuple[Value, ...]


# Columns of ``days`` in the order of FATES.
_FATE_COLUMNS = ("served", "incomplete", "desk3", "no_show", "left_waiting", "counted_out", "unfinished")


def columns(table: str) -> list[str]:
    """Return the columns of a derived table after the day."""
    return [c.name for c in DERIVED[table].columns[1:]]


def _rows(table: str, items: Iterable[object], **attributes: str) -> Iterator[Row]:
    """Yield a row each item from its attributes of the columns' names, or of those given by column; ``n`` counts."""
    names = columns(table)
    for n, item in enumerate(items, 1):
        yield tuple(n if name == "n" else getattr(item, attributes.get(name, name)) for name in names)


def _day(record: DayRecord, anomalies: int, built_to: int) -> Row:
    people, weather = record.staff_days, record.report.get("weather")
    fates = [sum(t.fate == fate for t in record.tickets) for fate in FATES]
    computed: dict[str, Value] = {
        "built_to": built_to,
        "issued": len(record.tickets),
        **dict(zip(_FATE_COLUMNS, fates, strict=True)),
        "cards": sum(t.cards for t in record.tickets if t.fate == "done"),
        "assist": sum(t.assist for t in record.tickets),
        "attended": len(record.attended),
        "absent": sum(p.absent for p in people),
        "late": sum(p.late for p in people),
        "break_short_s": sum(p.break_short_s for p in people),
        "uncovered_s": sum(v.uncovered_s for v in record.vacancies),
        "moves": len(record.moves),
        "escalations": len(record.escalations),
        "incidents": len(record.incidents),
        "inquiries": sum(record.inquiries.values()),
        "anomalies": anomalies,
        "weather": weather.lines[0] if weather and weather.lines else None,
        "head_seq": record.seq,
        "head_hash": record.hash,
    }
    return tuple(computed[name] if name in computed else getattr(record, name) for name in columns("days"))


def _lane_days(record: DayRecord) -> Iterator[Row]:
    for lane, w in record.waits.items():
        persons, at = record.peaks[lane] or (0, None)
        yield (lane, w.n, w.mean_s, w.p90_s, w.max_s, persons, at)


def _work(record: DayRecord) -> Iterator[Row]:
    """Yield the work items with a count of any kind."""
    ties = {t.item: t for t in record.ties}
    for item, n in record.work.items():
        tie = ties.get(item)
        read, note = (tie.read, tie.note) if tie else (None, "")
        if n or record.tallied[item] or read is not None:
            yield (item, n, record.tallied[item], read, note)


def _moves(record: DayRecord) -> Iterator[Row]:
    for n, (m, e) in enumerate(zip(record.moves, record.effects, strict=True), 1):
        waiting = (e.origin_before, e.to_before, e.origin_after, e.to_after)
        yield (n, m.at, m.terminal, m.origin, m.to, m.reason, *waiting)


def _report_lines(record: DayRecord) -> Iterator[Row]:
    for head, written in sorted(record.report.items()):
        for n, text in enumerate(written.lines or (NOTHING,), 1):
            yield (head, n, text)


ROWS: dict[str, Callable[[DayRecord], Iterable[Row]]] = {
    "tickets": lambda r: _rows("tickets", r.tickets),
    "lane_days": _lane_days,
    "work": _work,
    "moves": _moves,
    "lends": lambda r: _rows("lends", r.lends, to_lane="to"),
    "escalations": lambda r: _rows("escalations", r.escalations, escalation="code"),
    "incidents": lambda r: _rows("incidents", r.incidents, incident="code"),
    "staff_days": lambda r: _rows("staff_days", r.staff_days),
    "inquiries": lambda r: r.inquiries.items(),
    "stops": lambda r: _rows("stops", r.stops),
    "outages": lambda r: _rows("outages", r.outages),
    "vacancies": lambda r: _rows("vacancies", r.vacancies),
    "report_lines": _report_lines,
}


def derived_rows(record: DayRecord, anomalies: int, built_to: int) -> dict[str, list[Row]]:
    """Return the rows of every derived table without the day, in the order of the record; instants in whole seconds.

    ``built_to``: number of the last fact that the record was made of.
    """
    found: dict[str, Iterable[Row]] = {"days": [_day(record, anomalies, built_to)]}
    found |= {table: rows(record) for table, rows in ROWS.items()}
    return {table: [tuple(map(_floored, row)) for row in found[table]] for table in DERIVED}


def _floored(value: Value) -> Value:
    return value.replace(microsecond=0) if isinstance(value, datetime) else value
