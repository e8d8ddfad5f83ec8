"""Turns of being away, placed so that no group is ever left without anybody. Pure; knows people and instants alone.

Each claim goes to the earliest place that fits; where somebody would come too late, more of a row may be away at once,
then turns may begin earlier, and what serves the most people stands.
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
    """Who has to be away for ``length``, in one piece.

    ``wish``: not before, where that can be helped. ``limit``: the last start that is in time. ``ends``: when the person
    goes home. ``row``: whose turns follow one another. ``keeps``: groups that the person belongs to, of at least two.
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
    """The next full five minutes, ``at`` itself where it is one."""
    down = at.replace(minute=at.minute - at.minute % _GRID_MIN, second=0, microsecond=0)
    return down if down == at else down + timedelta(minutes=_GRID_MIN)


def usual(people: int) -> int:
    """How many of a row are away at once where nothing presses: a third, two at most, one at least."""
    return max(1, min(_MOST_AT_ONCE, people // 3))


class Turns:
    """``rows``: everybody of a row, those away included. ``away``: who is away and until when. ``ends``: when people go
    home. No turn begins before ``first``."""

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
        """When each claim's turn begins, by person; afterwards ``left_alone`` knows these turns."""
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
                    # Who was wronged chooses first next time.
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
        """Whether nobody of ``group`` but ``who`` is there at some instant of ``span``."""
        return not self._covered(group, span, who, self._away, self._ends[who])

    # ---- placing -------------------------------------------------------------------------------------------------

    def _place(self, claims: list[Claim], most: Mapping[str, int], eager: set[str]) -> dict[str, Span]:
        away = dict(self._away)
        for c in claims:
            begin = self._first if c.row in eager else max(self._first, min(c.wish, _down(c.last_start)))
            starts = sorted({begin, *(up(end) for _, end in away.values() if end > begin)})
            # When all who are away are back there is room for anybody, shifts that end then aside.
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
        """Somebody of the group is there at every instant; who has gone home is not, as far as the span is before
        ``until`` (after the own shift nobody asks)."""
        never = (span[0], span[0])
        gone: dict[str, Span] = {m: (self._ends[m], until) for m in group}
        spans = {m: (away.get(m, never), gone[m]) for m in group if m != who}
        return all(
            any(not any(a <= t < b for a, b in pair) for pair in spans.values())
            for t in _instants(span, [x for pair in spans.values() for x in pair])
        )

    def _faults(self, claims: list[Claim], placed: dict[str, Span]) -> tuple[tuple[int, int, int], set[Claim]]:
        """How many turns leave a group alone, go on after the shift, begin after the limit, where that is no fate; and
        whose they are."""
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
    """Where somebody more goes away within a span: its beginning, and every beginning of another's."""
    return [span[0], *(a for a, b in others if span[0] < a < span[1] and a < b)]
