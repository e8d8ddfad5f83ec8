"""Tables and columns of the Parquet export, on which a head office may rely. Pure.

Codes, counts and instants alone: no free text and no code of a person leaves the site (仕様書 12(4)). ``site`` and
``day`` are in the path only. Within a version a column is never renamed, retyped or removed; new ones may be added.
"""

from __future__ import annotations

from floorctl.common.derived_tables import DERIVED, Column, columns

VERSION = 1

TABLES: dict[str, tuple[Column, ...]] = {
    "days": DERIVED["days"].named(
        "revision opened_at closed_at report_closed_at issued served incomplete desk3 no_show left_waiting "
        "unfinished cards assist officials_max officials_absent_s charge_vacant_s attended absent late "
        "break_short_s uncovered_s anomalies head_seq head_hash counted_out"
    ),
    "lanes": columns("lane:text name:text meaning:text wait_target_s:int terminals:int"),
    "services": columns("service:text name:text lane:text meaning:text"),
    "tickets": DERIVED["tickets"].named(
        "ticket service lane cards appointment assist issued_at called_at terminal finished_at outcome state fate "
        "wait_s service_s nth recalls carried_from unserved_wait_s"
    ),
    "hours": columns(
        "hour:int lane:text issued:int called:int served:int wait_n:int wait_sum_s:int wait_mean_s:int? wait_max_s:int? "
        "waiting_max:int terminals:real"
    ),
    "allocation": columns("terminal:text lane:text since:time until:time"),
    "moves": DERIVED["moves"].named("n at terminal from_lane to_lane from_before to_before from_after to_after"),
    "lends": DERIVED["lends"].named("n at terminal home to_lane went back ended helped_s"),
    "escalations": DERIVED["escalations"].named(
        "escalation matter terminal ticket raised_at taken_at settled_at outcome"
    ),
    "incidents": DERIVED["incidents"].named(
        "incident category occurred_at found_at reported_at state services terminals"
    ),
    "inquiries": DERIVED["inquiries"].named("topic count"),
    "duties": columns(
        "duty:text duty_for:text due:date state:text submitted_on:date? approved_on:date? days_late:int tracked:bool"
    ),
}
