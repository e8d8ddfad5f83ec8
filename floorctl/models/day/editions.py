"""Editions of a day's report (版): where each ends among the facts of the day, in the order of their recording. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from floorctl.models.facts.fields import BY_HAND


class Filed(NamedTuple):
    """Fact of the day, as far as editions depend on it. ``on``: business day of its recording; ``back``: retracts a fact of the day."""

    seq: int
    source: str
    kind: str
    at: datetime
    on: date
    back: bool = False


class DayEdition(NamedTuple):
    """Edition of a day's report: its last fact, and the facts after the close that made it (none after a reopening)."""

    end: int
    late: tuple[int, ...] = ()


def day_editions(facts: Iterable[Filed]) -> list[DayEdition]:
    """Return the editions of a day, of which the first ends with the first close by the console; [] before that.

    Each reopening makes one, and so do the facts after a close that change the report, those of one day together.
    """
    found: list[DayEdition] = []
    closed_at: datetime | None = None
    reopened, last = False, 0
    late_on: date | None = None
    for f in sorted(facts):
        if f.kind == "day.closed" and f.source == BY_HAND:
            if found and not reopened:  # closed twice
                found[-1] = found[-1]._replace(end=f.seq)
            else:
                found.append(DayEdition(f.seq))
            closed_at, reopened, late_on = f.at, False, None
        elif f.kind == "day.reopened":
            if reopened or not found:  # a feed alone had closed it
                found.append(DayEdition(last))
            closed_at, reopened = None, True
        elif closed_at is not None and _changes(f, closed_at):
            if late_on == f.on:
                found[-1] = DayEdition(f.seq, (*found[-1].late, f.seq))
            else:
                found.append(DayEdition(f.seq, (f.seq,)))
            late_on = f.on
        last = f.seq
    if reopened:
        found.append(DayEdition(last))
    return found


def shown_to_the_end(kind: str) -> bool:
    """Return whether a day's report shows facts of this kind up to the end of the day, the close before them or not."""
    return kind.startswith("incident.") or kind == "cards.counted"


def _changes(f: Filed, closed_at: datetime) -> bool:
    """Return whether a fact after the close changes the report."""
    return f.back or shown_to_the_end(f.kind) or (f.at < closed_at and not f.kind.startswith("day."))
