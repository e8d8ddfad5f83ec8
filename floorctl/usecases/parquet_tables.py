"""Tables and columns of the Parquet export, on which a head office may rely. Pure.

Codes, counts and instants alone: no free text and no code of a person leaves the site (仕様書 12(4)). ``site`` is in
the path only; ``day`` is in the path of a day's file and the first column of a month's. Within a version a column is
never renamed, retyped or removed; new ones are added last, because a column's place gives its field id.
"""

from __future__ import annotations

from floorctl.common.derived_tables import DERIVED, Column, columns

VERSION = 2

TABLES: dict[str, tuple[Column, ...]] = {
    "days": DERIVED["days"].named(
        "revision opened_at closed_at report_closed_at issued served incomplete desk3 no_show left_waiting "
        "unfinished cards assist officials_max officials_absent_s charge_vacant_s attended absent late "
        "break_short_s uncovered_s anomalies head_seq head_hash counted_out"
    ),
    "lanes": columns(
        "lane:text name:text meaning:text wait_target_s:int terminals:int "
        "target_within:int? target_of:int? target_unknown:int?"
    ),
    "services": columns("service:text name:text lane:text meaning:text"),
    "tickets": DERIVED["tickets"].named(
        "ticket service lane cards appointment assist issued_at called_at terminal finished_at outcome state fate "
        "wait_s service_s nth recalls carried_from unserved_wait_s"
    ),
    "hours": columns(
        "hour:int lane:text issued:int called:int served:int wait_n:int wait_sum_s:int wait_mean_s:int? wait_max_s:int? "
        "waiting_max:int terminals:real service_n:int? service_sum_s:int?"
    ),
    "allocation": columns("terminal:text lane:text since:time until:time"),
    "moves": DERIVED["moves"].named("n at terminal from_lane to_lane from_before to_before from_after to_after"),
    "lends": DERIVED["lends"].named("n at terminal home to_lane went back ended helped_s"),
    "escalations": (
        *DERIVED["escalations"].named("escalation matter terminal ticket raised_at taken_at settled_at outcome"),
        *columns("to_taken_s:int? to_settled_s:int?"),
    ),
    "incidents": DERIVED["incidents"].named(
        "incident category occurred_at found_at reported_at state services terminals"
    ),
    "inquiries": DERIVED["inquiries"].named("topic count"),
    "duties": columns(
        "duty:text duty_for:text due:date state:text submitted_on:date? approved_on:date? days_late:int tracked:bool"
    ),
    "outages": DERIVED["outages"].named("n incident service minutes"),
    "forecasts": columns("hour:int lane:text foretold_at:time expected:real"),
}

# What is complete: one row a month and table. A month of a site counts only while it is in here.
MANIFEST = "manifest"
EVERY = TABLES | {
    MANIFEST: columns(
        "month:text name:text days:int first_day:date? last_day:date? open_days:int n_rows:long bytes:long sha256:text"
    )
}

DAY = Column("day", "date")


def file_columns(table: str, *, month: bool) -> tuple[Column, ...]:
    """Return the columns of a file of a table in their order."""
    return (DAY, *EVERY[table]) if month else EVERY[table]


def field_id(table: str, column: str) -> int:
    """Return the number by which Parquet readers know a column, in every file and version: 1 for the day."""
    if column == DAY.name:
        return 1
    return 2 + [c.name for c in EVERY[table]].index(column)


def element_id(table: str, column: str) -> int:
    """Return the number of the elements of a list."""
    return 1000 + field_id(table, column)
