"""One break of the plan, and the gaps that breaks leave among people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from floorctl.common.frozen import Record, frozen

Span = tuple[datetime, datetime]


@frozen
class Turn(Record):
    """Break of the plan, in minutes from ``start``.

    ``lane``: lane of the person, "" at no terminal. ``alone``: nobody else is there then; ``relief``: who can stand in.
    ``planned``: recorded as planned, ``fixed``: and not to be moved; else a proposal.
    """

    staff: str
    start: datetime
    minutes: int
    lane: str
    alone: bool
    relief: str = ""
    planned: bool = False
    fixed: bool = False

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


@frozen
class DaySpans:
    """Hours at which people are here: ``shifts`` by person, from now on, and ``away``: their breaks that run or are planned, in order."""

    shifts: Mapping[str, Span]
    away: Mapping[str, Sequence[Span]]

    def there(self, code: str) -> list[Span]:
        """Return when a person is at work."""
        start, end = self.shifts[code]
        found = []
        for gone, back in self.away.get(code, ()):
            found.append((start, min(end, gone)))
            start = max(start, back)
        return [(a, b) for a, b in (*found, (start, end)) if a < b]

    def through(self, code: str, start: datetime, end: datetime) -> bool:
        """Return whether a person is at work from ``start`` to ``end`` without a break."""
        return any(a <= start and end <= b for a, b in self.there(code))

    def without(self, people: Iterable[str], start: datetime, end: datetime) -> list[Span]:
        """Return the times from ``start`` to ``end`` in which none of the people is at work."""
        found, at = [], start
        for a, b in sorted(x for code in people for x in self.there(code)):
            if a > at:
                found.append((at, min(a, end)))
            at = max(at, b)
            if at >= end:
                break
        if at < end:
            found.append((at, end))
        return [(a, b) for a, b in found if a < b]
