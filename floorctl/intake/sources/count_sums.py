"""Add up head counts of one lane and instant: a machine that counts by service gives several rows for a lane."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import datetime

from floorctl.intake.accepted_fact import BadFact, accepted_fact
from floorctl.intake.sources import ids
from floorctl.intake.sources.found import BadRow, FromRow
from floorctl.models.facts import kinds as ev
from floorctl.models.site.site import Site

_Counted = tuple[int, ev.QueueCounted]  # number of the row, and what it counts


class CountSums:
    """Head counts of one reading, by lane and instant, of each cell that stands for a part of the lane.

    ``whole``: the rows are the present state (a document, a table); the parts of a lane are of one state then, also where
    each has a time of its own, unless a part is there at several times.
    """

    def __init__(self, site: Site, *, whole: bool) -> None:
        self.site, self.whole = site, whole
        self._added: set[int] = set()
        self._parts: dict[str, dict[datetime, dict[Hashable, _Counted]]] = {}

    @property
    def rows(self) -> frozenset[int]:
        """Return the numbers of the rows that are no facts by themselves, once the totals are told."""
        return frozenset(self._added)

    def add(self, number: int, part: Hashable, fact: ev.QueueCounted) -> None:
        """Add the count of a row; the first one of a part and an instant stands."""
        self._parts.setdefault(fact.lane, {}).setdefault(fact.at, {}).setdefault(part, (number, fact))

    def totals(self, *, without_last: bool) -> Iterator[FromRow]:
        """Yield the totals in the order of time; ``without_last``: not of the last instant, whose rows may not all be there."""
        groups = [group for by_time in self._parts.values() for group in self._groups(by_time)]
        last = max((at for at, _ in groups), default=None)
        for at, parts in sorted(groups, key=lambda x: x[0]):
            if not (without_last and at == last):
                yield self._total(at, parts)

    def _groups(self, by_time: dict[datetime, dict[Hashable, _Counted]]) -> list[tuple[datetime, list[_Counted]]]:
        names = [part for parts in by_time.values() for part in parts]
        if self.whole and len({*names}) == len(names):
            return [(max(by_time), [x for parts in by_time.values() for x in parts.values()])]
        return [(at, [*parts.values()]) for at, parts in by_time.items()]

    def _total(self, at: datetime, parts: list[_Counted]) -> FromRow:
        number, first = max(n for n, _ in parts), parts[0][1]
        self._added.update(n for n, _ in parts if n != number)
        waiting = sum(fact.waiting for _, fact in parts)
        # Of the lane, not of its cells: which of them have a row may change.
        found = first.replace(id=ids.natural_id(first.kind, at, [first.lane]), at=at, waiting=waiting)
        try:
            return FromRow(number, accepted_fact(found, self.site))
        except BadFact as e:
            return FromRow(number, BadRow("", str(e)))
