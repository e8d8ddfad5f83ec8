"""Rows of a day for each Parquet table: from its derived rows, its record and the Register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from floorctl.common.clock import JST, business_day, seconds_between
from floorctl.documents.day.derived_rows import columns, derived_rows
from floorctl.documents.day.record import DayRecord
from floorctl.models.board.target_kept import together
from floorctl.models.day.floor import Floor
from floorctl.models.register.duties import duties
from floorctl.models.register.pressing_duties import counts
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.simulation.recorded_day import record as replayed
from floorctl.usecases import day_tables as derived
from floorctl.usecases.parquet_forecasts import forecast_rows
from floorctl.usecases.parquet_tables import TABLES
from floorctl.usecases.session import Session

Value = str | int | float | bool | datetime | date | tuple[str, ...] | None
Row = tuple[Value, ...]
# Tables taken from the derived tables, by the same names of columns.
_DERIVED = ("days", "tickets", "moves", "lends", "incidents", "inquiries", "outages")


def day_rows(session: Session, day: date) -> dict[str, list[Row]]:
    """Return the rows of a day in every Parquet table; equal facts give equal rows in equal order."""
    site, floor, register = session.site, session.floor(day), derived.register_at_end_of(session, day)
    record = derived.record_of(session, day)
    held = derived_rows(record, len(floor.anomalies), 0)
    spans = _spans(session, floor, day)
    found: dict[str, Iterable[Row]] = {table: _selected(held[table], table) for table in _DERIVED}
    found |= {
        "lanes": _lanes(site, record),
        "services": ((s.code, s.name, s.lane, site.service_meanings[s.code]) for s in site.services),
        "hours": _hours(record, spans, day),
        "allocation": spans,
        "escalations": _escalations(held["escalations"]),
        "duties": _duties(session, register, day),
        "forecasts": forecast_rows(session, day),
    }
    return {table: list(found[table]) for table in TABLES}


def _selected(rows: Iterable[Row], table: str) -> Iterator[Row]:
    """Yield the columns of a Parquet table from the rows of the derived table of its name."""
    names = columns(table)
    wanted = [names.index(c.name) for c in TABLES[table] if c.name in names]
    return (tuple(row[n] for n in wanted) for row in rows)


def _escalations(rows: Iterable[Row]) -> Iterator[Row]:
    """Add the seconds from raised to taken and to settled, as the reports count them: no two engines subtract instants alike."""
    names = [c.name for c in TABLES["escalations"]]
    raised, taken, settled = (names.index(name) for name in ("raised_at", "taken_at", "settled_at"))
    for row in _selected(rows, "escalations"):
        yield (*row, _seconds(row[raised], row[taken]), _seconds(row[raised], row[settled]))


def _seconds(since: Value, until: Value) -> int | None:
    """Return the seconds between two instants; None if one is not known."""
    return seconds_between(since, until) if isinstance(since, datetime) and isinstance(until, datetime) else None


def _lanes(site: Site, record: DayRecord) -> Iterator[Row]:
    for x in site.lanes:
        target = site.wait_target_s(x.code)
        may = sum(x.code in t.lanes for t in site.terminals)
        kept = together(record.kept[x.code].values())
        yield (x.code, x.name, site.lane_meanings[x.code], target, may, kept.within, kept.of, kept.unknown)


Span = tuple[str, str, datetime, datetime]  # terminal, lane, since, until: an operator is at work


def _spans(session: Session, floor: Floor, day: date) -> list[Span]:
    """Return the spans in which each terminal worked in a lane, in the site's order of terminals."""
    ended = floor.closed_at or floor.last_fact_at
    if ended is None:
        return []
    midnight = datetime.combine(day, time(), JST)
    seen = [e for e in floor.entries if e.key not in floor.retracted]
    found: list[Span] = []
    for post in replayed(session.site, day, seen).posts:
        lanes = post.lanes_then
        for begin, end, _ in post.spans:
            last = min(end, int((ended - midnight).total_seconds()))
            cuts = [begin, *(at for at, _ in lanes if begin < at < last), last]
            for a, b in pairwise(cuts):
                if b > a:
                    instants = (midnight + timedelta(seconds=a), midnight + timedelta(seconds=b))
                    found.append((post.terminal, post.lane_then(a), *instants))
    return found


def _hours(record: DayRecord, spans: list[Span], day: date) -> Iterator[Row]:
    """Yield each hour of each lane: counts, waits of those called in it, and the mean number of terminals at work."""
    for lane, hours in record.hours.items():
        for h in hours:
            own = [t for t in record.tickets if t.lane == lane and t.called_at and t.called_at.hour == h.hour]
            waits = [t.wait_s for t in own if t.wait_s is not None]
            services = [t.service_s for t in own if t.service_s is not None]
            start = datetime.combine(day, time(h.hour), JST)
            end = start + timedelta(hours=1)
            worked = sum(
                max(0.0, (min(until, end) - max(since, start)).total_seconds())
                for _, at, since, until in spans
                if at == lane
            )
            yield (
                h.hour,
                lane,
                h.issued,
                h.called,
                h.served,
                len(waits),
                sum(waits),
                h.wait_mean_s,
                h.wait_max_s,
                h.waiting_max,
                round(worked / 3600, 4),
                len(services),
                sum(services),
            )


def _duties(session: Session, register: Register, day: date) -> Iterator[Row]:
    """Yield the duties that were due or submitted on the day, or overdue at its end; one row a duty and day."""
    began = session.began()
    for d in duties(session.site, register, register.calendar(session.site), day):
        handed_in = any(business_day(v.at) == day for v in d.versions)
        if not (d.due == day or handed_in or d.state == "overdue"):
            continue
        until = day if d.state == "overdue" else d.submitted_on or d.due
        late = max(0, (until - d.due).days)
        tracked = began is not None and counts(d, began)
        yield (d.duty, d.key, d.due, d.state, d.submitted_on, d.approved_on, late, tracked)
