"""Columns of the derived tables, which hold each day's results (docs/sql.md). Pure.

One definition for the migration that creates the tables, the rows written and queried, the CSV files of a day and the
Parquet files of a head office.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "texts", "int", "long", "real", "bool", "time", "date"]


class Column(NamedTuple):
    """Column of ``kind``: text, list of texts, 32-bit or 64-bit integer, real number, bool, instant, date."""

    name: str
    kind: Kind
    optional: bool = False

    @property
    def sql(self) -> str:
        """Return the declaration in a STRICT table of SQLite: instants and lists are text, a bool is 0 or 1."""
        return f"{self.name} {'INTEGER' if self.kind in ('int', 'long', 'bool') else 'TEXT'}{'' if self.optional else ' NOT NULL'}"


def columns(spelled: str) -> tuple[Column, ...]:
    """Parse columns written as ``name:kind``, with ``?`` behind a nullable one."""
    found = []
    for word in spelled.split():
        name, _, kind = word.partition(":")
        found.append(Column(name, kind.rstrip("?"), kind.endswith("?")))  # type: ignore[arg-type]
    return tuple(found)


class Table(NamedTuple):
    """Derived table. ``key``: primary key, whose first column is the day, so that a day is one range."""

    key: str
    columns: tuple[Column, ...]

    def named(self, names: str) -> tuple[Column, ...]:
        """Return the columns of these names in this order; raise KeyError for an unknown one."""
        by_name = {c.name: c for c in self.columns}
        return tuple(by_name[name] for name in names.split())


def _table(key: str, spelled: str) -> Table:
    return Table(key, columns(spelled))


# A changed column needs a migration, and its old form in the migration that made it (database/migrations.py).
DERIVED: dict[str, Table] = {
    "days": _table(
        "day",
        "day:date built_to:int revision:int opened_at:time? closed_at:time? report_closed_at:time? issued:int "
        "served:int incomplete:int desk3:int no_show:int left_waiting:int unfinished:int cards:int assist:int "
        "officials_max:int officials_absent_s:int? charge_vacant_s:int? attended:int absent:int late:int "
        "break_short_s:int uncovered_s:int moves:int escalations:int incidents:int inquiries:int anomalies:int "
        "weather:text? head_seq:int head_hash:text counted_out:int",
    ),
    "tickets": _table(
        "day, ticket, nth",
        "day:date ticket:text service:text? lane:text cards:int appointment:text? assist:bool issued_at:time? "
        "called_at:time? terminal:text? finished_at:time? outcome:text? state:text fate:text wait_s:int? "
        "service_s:int? nth:int recalls:int carried_from:time? unserved_wait_s:int?",
    ),
    "lane_days": _table(
        "day, lane",
        "day:date lane:text called:int wait_mean_s:int? wait_p90_s:int? wait_max_s:int? waiting_max:int "
        "waiting_max_at:time?",
    ),
    "work": _table("day, item", "day:date item:text count:int by_hand:int read:int? note:text"),
    "moves": _table(
        "day, n",
        "day:date n:int at:time terminal:text from_lane:text to_lane:text reason:text from_before:int to_before:int "
        "from_after:int? to_after:int?",
    ),
    "escalations": _table(
        "day, escalation",
        "day:date escalation:text matter:text? terminal:text? ticket:text? raised_at:time? taken_at:time? "
        "settled_at:time? outcome:text? official:text",
    ),
    "incidents": _table(
        "day, incident",
        "day:date incident:text category:text summary:text occurred_at:time found_at:time reported_at:time? "
        "state:text services:texts terminals:texts",
    ),
    "staff_days": _table(
        "day, staff",
        "day:date staff:text role:text? status:text came_at:time? gone_at:time? late:int absent:int reason:text "
        "break_s:int break_short_s:int charge_s:int",
    ),
    "inquiries": _table("day, topic", "day:date topic:text count:int"),
    "stops": _table("day, n", "day:date n:int sort:text code:text since:time until:time? seconds:int text:text"),
    "outages": _table("day, n", "day:date n:int incident:text service:text minutes:int cause:text"),
    "vacancies": _table(
        "day, n",
        "day:date n:int staff:text opened_at:time closed_at:time? substitute:text? reason:text uncovered_s:int",
    ),
    "report_lines": _table("day, head, n", "day:date head:text n:int text:text"),
    "lends": _table(
        "day, n",
        "day:date n:int at:time terminal:text home:text to_lane:text reason:text went:time? back:time? ended:text "
        "helped_s:int?",
    ),
}
