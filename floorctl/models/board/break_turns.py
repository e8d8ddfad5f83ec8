"""Place turns of absence (breaks) so that no group is left alone. Pure: people and instants only.

Greedy with repairs: each claim takes the earliest place that fits; if a person would be too late, more of a row may be
away at once, then turns may begin earlier; the plan with the fewest faults is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from floorctl.common.frozen import frozen

Span = tuple[datetime, datetime]
_GRID_MIN = 5
_MOST_AT_ONCE = 2
_TRIES = 4  # of an order, improved each time


@frozen
class Claim:
    """Claim of a person to be away for ``length`` without interruption.

    ``wish``: earliest start, if possible. ``limit``: latest start. ``ends``: end of the shift. ``row``: group whose turns
    follow one another. ``keeps``: groups of at least two that the person belongs to.
    """

    who: str
    length: timedelta
    wish: datetime
    limit: datetime
    ends: datetime
    row: str
    keeps: tuple[frozenset[str], ...] = ()

    @property
    def last_start(self) -> datetime:
        return min(self.limit, self.ends - self.length)


_ORDERS: tuple[Callable[[Claim], tuple[object, ...]], ...] = (
    lambda c: (c.last_start, c.wish, c.who),
    lambda c: (c.length, c.last_start, c.who),
)


def up(at: datetime) -> datetime:
    """Round up to five minutes."""
    down = at.replace(minute=at.minute - at.minute % _GRID_MIN, second=0, microsecond=0)
    return down if down == at else down + timedelta(minutes=_GRID_MIN)


def usual(people: int) -> int:
    """Return how many of a row may be away at once if nothing presses: a third, at least one, at most two."""
    return max(1, min(_MOST_AT_ONCE, people // 3))


class Turns:
    """Plan of the turns. No turn begins before ``first``.

    ``rows``: everybody of a row, those away included. ``away``: end of each running absence. ``ends``: ends of shifts.
    """

    def __init__(
        self,
        rows: Mapping[str, frozenset[str]],
        away: Mapping[str, Span],
        ends: Mapping[str, datetime],
        first: datetime,
    ) -> None:
        self._rows, self._ends, self._first = rows, ends, first
        self._away = dict(away)

    def arrange(self, claims: Iterable[Claim]) -> dict[str, datetime]:
        """Return the start of each claim's turn, by person; afterwards ``left_alone`` knows these turns."""
        claims = list(claims)
        if not claims:
            return {}
        most = {row: usual(len(people)) for row, people in self._rows.items()}
        eager: set[str] = set()
        best: tuple[tuple[int, int, int], dict[str, Span]] | None = None
        while True:
            pressed: set[str] = set()
            for order in _ORDERS:
                line = sorted(claims, key=order)
                for _ in range(_TRIES):
                    placed = self._place(line, most, eager)
                    faults, wronged = self._faults(claims, placed)
                    if best is None or faults < best[0]:
                        best = (faults, placed)
                    if not wronged:
                        break
                    pressed |= {c.row for c in wronged}
                    # Persons with a fault choose first in the next try.
                    line.sort(key=lambda c: c not in wronged)
            assert best is not None
            more = {row for row in pressed if most[row] < len(self._rows[row])}
            if not any(best[0]) or not (more or pressed - eager):
                break
            for row in more:
                most[row] += 1
            eager |= pressed - more
        self._away = best[1]
        return {c.who: self._away[c.who][0] for c in claims}

    def left_alone(self, group: frozenset[str], span: Span, who: str) -> bool:
        """Return whether at some instant of ``span`` nobody of ``group`` but ``who`` is there."""
        return not self._covered(group, span, who, self._away, self._ends[who])

    # ---- placing -------------------------------------------------------------------------------------------------

    def _place(self, claims: list[Claim], most: Mapping[str, int], eager: set[str]) -> dict[str, Span]:
        away = dict(self._away)
        for c in claims:
            begin = self._first if c.row in eager else max(self._first, min(c.wish, _down(c.last_start)))
            starts = sorted({begin, *(up(end) for _, end in away.values() if end > begin)})
            # Once everybody away is back there is room for anybody whose shift does not end.
            start = next(
                (s for certain in (True, False) for s in starts if self._fits(c, s, most, away, certain)), starts[-1]
            )
            away[c.who] = (start, start + c.length)
        return away

    def _fits(self, c: Claim, start: datetime, most: Mapping[str, int], away: dict[str, Span], certain: bool) -> bool:
        span = (start, start + c.length)
        others = [x for who, x in away.items() if who in self._rows[c.row] and who != c.who]
        crowd = max(sum(a <= t < b for a, b in others) for t in _instants(span, others))
        if crowd >= most[c.row]:
            return False
        until = c.ends if certain else start
        return all(self._covered(group, span, c.who, away, until) for group in c.keeps)

    def _covered(self, group: frozenset[str], span: Span, who: str, away: Mapping[str, Span], until: datetime) -> bool:
        """Return whether somebody of the group is there at every instant of the span.

        People leave at the end of their shift; from ``until`` on, after the own shift, nobody is needed.
        """
        never = (span[0], span[0])
        gone: dict[str, Span] = {m: (self._ends[m], until) for m in group}
        spans = {m: (away.get(m, never), gone[m]) for m in group if m != who}
        return all(
            any(not any(a <= t < b for a, b in pair) for pair in spans.values())
            for t in _instants(span, [x for pair in spans.values() for x in pair])
        )

    def _faults(self, claims: list[Claim], placed: dict[str, Span]) -> tuple[tuple[int, int, int], set[Claim]]:
        """Return how many turns leave a group alone, end after the shift or begin after the limit; and whose.

        What cannot be avoided is not counted.
        """
        alone = shift = limit = 0
        wronged = set()
        for c in claims:
            start, end = placed[c.who]
            bad = [
                any(not self._covered(g, (start, end), c.who, placed, c.ends) for g in c.keeps),
                end > c.ends >= self._first + c.length,
                start > c.limit >= self._first,
            ]
            alone, shift, limit = alone + bad[0], shift + bad[1], limit + bad[2]
            if any(bad):
                wronged.add(c)
        return (alone, shift, limit), wronged


def _down(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % _GRID_MIN, second=0, microsecond=0)


def _instants(span: Span, others: Iterable[Span]) -> list[datetime]:
    """Return the beginning of a span, and of all other spans within it."""
    return [span[0], *(a for a, b in others if span[0] < a < span[1] and a < b)]
