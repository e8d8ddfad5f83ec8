"""Tables and columns of the partitions: what a head office may rely on. Pure.

Codes, counts and instants alone: no free text leaves the site, no code of a person (仕様書 12(4)). ``site`` and ``day``
stand in the path and in no file. A column is never renamed, retyped or taken away within a version; a new one may come.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

VERSION = 1
Kind = Literal["text", "texts", "int", "real", "bool", "time", "date"]


class Column(NamedTuple):
    """``kind``: text, a list of texts, a whole number (32 bits), a real number, a bool, an instant, a date."""

    name: str
    kind: Kind
    optional: bool = False


def _columns(spelled: str) -> tuple[Column, ...]:
    """``name:kind`` each, ``?`` after it where it may be null."""
    found = []
    for word in spelled.split():
        name, _, kind = word.partition(":")
        found.append(Column(name, kind.rstrip("?"), kind.endswith("?")))  # type: ignore[arg-type]
    return tuple(found)


TABLES: dict[str, tuple[Column, ...]] = {
    "days": _columns(
        "revision:int opened_at:time? closed_at:time? report_closed_at:time? issued:int served:int incomplete:int "
        "desk3:int no_show:int left_waiting:int unfinished:int cards:int assist:int officials_max:int "
        "officials_absent_s:int? charge_vacant_s:int? attended:int absent:int late:int break_short_s:int uncovered_s:int "
        "anomalies:int head_seq:int head_hash:text"
    ),
    "lanes": _columns("lane:text name:text meaning:text wait_target_s:int terminals:int"),
    "services": _columns("service:text name:text lane:text meaning:text"),
    "tickets": _columns(
        "ticket:text service:text? lane:text cards:int appointment:text? assist:bool issued_at:time? called_at:time? "
        "terminal:text? finished_at:time? outcome:text? state:text fate:text wait_s:int? service_s:int?"
    ),
    "hours": _columns(
        "hour:int lane:text issued:int called:int served:int wait_n:int wait_sum_s:int wait_mean_s:int? wait_max_s:int? "
        "waiting_max:int terminals:real"
    ),
    "allocation": _columns("terminal:text lane:text since:time until:time"),
    "moves": _columns(
        "n:int at:time terminal:text from_lane:text to_lane:text from_before:int to_before:int from_after:int? "
        "to_after:int?"
    ),
    "escalations": _columns(
        "escalation:text matter:text? terminal:text? ticket:text? raised_at:time? taken_at:time? settled_at:time? "
        "outcome:text?"
    ),
    "incidents": _columns(
        "incident:text category:text occurred_at:time found_at:time reported_at:time? state:text services:texts "
        "terminals:texts"
    ),
    "inquiries": _columns("topic:text count:int"),
    "duties": _columns(
        "duty:text duty_for:text due:date state:text submitted_on:date? approved_on:date? days_late:int tracked:bool"
    ),
}
