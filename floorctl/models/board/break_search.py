"""Search the breaks of a day exactly: every person's start, given who must not be away together. Pure: minutes and codes only.

Why it is exact. Let the order of all starts, ends and steps (of shifts, needs, fixed breaks) be given: every cost below is
then linear in the starts, which are bound by differences of two of them alone, so a best plan stands at a corner, and there
each start is a step, or a step plus and minus lengths of breaks. With ``cell`` the greatest common divisor of all steps and
lengths, every such instant is a multiple of it. So the plans on these marks contain a best one: nothing is lost, and the
grid is that of the day (a quarter of an hour as a rule), not a chosen one.

How it is searched: branch and bound. A cover costs max(0, needed - there) at each instant, convex in who is away, so one
more absence never costs less than now; the sum of the least costs of all who are left is a bound. Beside it stands, by
cover, the time that all of them are away less what the cover can spare: in each cell those who must be away, whatever they
choose, and at most those who may. People alike in everything go in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, combinations

from floorctl.common.frozen import frozen

# Costs, the heaviest first: a lane or the charge without anybody; a guidance post without anybody, or one stand-in needed
# in two places; minutes near or after six hours without a break; minutes soon after coming, when a break is none; minutes in the
# peak hour; windows below the needed ones; minutes before noon is near; more away at once than usual; people who are
# moved; the order of coming.
EMPTY, POST, LATE, SOON, PEAK, SHORT, WISH, CROWD, MOVED, ORDER = range(10)
LEVELS = 10
_BITS = 24  # of one level: a day has 1,440 minutes, times people, times covers
_LOW = (1 << _BITS) - 1  # of the last level
# Nodes after which a proof is given up: of lanes and posts, then of the peak and of windows, then of all the rest.
BOUNDS = (4000, 400, 200)
_PHASES = (POST, SHORT, ORDER)  # the last level that each phase proves
_TRIES = 400  # break for break, with which the first plan is made better


def weight(level: int) -> int:
    """Return the cost of one unit of a level: more than any sum of the lighter ones."""
    return 1 << (_BITS * (LEVELS - 1 - level))


def of_level(cost: int, level: int) -> int:
    """Return the units of a level in a cost."""
    return (cost >> (_BITS * (LEVELS - 1 - level))) & ((1 << _BITS) - 1)


@frozen
class BreakToPlace:
    """Break to be placed: ``length`` in minutes, and what each possible start costs for itself, by start.

    Given in the order in which people should go, if all else is equal.
    """

    who: str
    length: int
    starts: Mapping[int, int]


@frozen
class Cover:
    """People of whom ``needed`` must be there, as steps [(from, until, how many)]; each missing person minute costs a unit of ``level``.

    ``there``: how many are there if nobody has a break, as steps; the breaks that stand are left out of it. ``steep``: of
    several missing at once the second costs two units, the third three: two half hours with one less are better than
    one with two less.
    """

    people: frozenset[str]
    level: int
    needed: Sequence[tuple[int, int, int]]
    there: Sequence[tuple[int, int, int]]
    steep: bool = False


@frozen
class Found:
    """Best plan found. ``proven``: levels up to this one are proven to be least (-1: none); ``nodes``: that were looked at."""

    starts: Mapping[str, int]
    cost: int
    proven: int
    nodes: int


class _Group:
    """Cover on the cells of the day, with the breaks that are placed: what one more absence costs, and those to come at least."""

    def __init__(self, cover: Cover, first: int, cells: int, cell: int) -> None:
        self.unit = weight(cover.level) * cell
        self.steep = cover.steep
        self.spare = [0] * cells  # there less needed
        for steps, sign in ((cover.there, 1), (cover.needed, -1)):
            for since, until, n in steps:
                for i in range(max(0, (since - first) // cell), min(cells, (until - first) // cell)):
                    self.spare[i] += sign * n
        # Of who is not placed: how many may and must be away in each cell, and the cells that all of them are away.
        self.may, self.must, self.left = [0] * cells, [0] * cells, 0
        # What has been worked out as it stands, and how it stood before each break that was put.
        self._sums: list[int] | None = None
        self._over: int | None = None
        self._before: list[tuple[list[int], list[int], list[int], int, list[int] | None, int | None]] = []

    def expect(self, begin: int, end: int, size: int) -> None:
        """Take in a person who begins between ``begin`` and ``end``, the end of the last break, for ``size`` cells."""
        for a, b, away in ((begin, end, self.may), (end - size, begin + size, self.must)):
            for i in range(a, b):
                away[i] += 1
        self.left += size

    @property
    def binds(self) -> bool:
        """Return whether it is ever missed, if all go who may."""
        return any(may > x for may, x in zip(self.may, self.spare, strict=True))

    def over(self) -> int:
        """Return the least absence beyond what can be spared, in cells, whatever the starts of who is not placed."""
        if self._over is None:
            kept = forced = 0
            for x, must, may in zip(self.spare, self.must, self.may, strict=True) if self.left else ():
                if x >= may:
                    kept += may
                elif x >= must:
                    kept += x
                else:
                    kept += must
                    forced += must - x if x > 0 else must
            self._over = max(0, self.left - kept) + forced
        return self._over

    def missed(self) -> list[int]:
        """Return what one more absence costs up to each cell, in units."""
        if self._sums is None:
            missed = [1 - x if x <= 0 else 0 for x in self.spare] if self.steep else [x <= 0 for x in self.spare]
            self._sums = [0, *accumulate(missed)]
        return self._sums

    def place(self, at: int, size: int, begin: int, end: int) -> None:
        """Put the break of one who was expected at a cell."""
        self._before.append((self.spare, self.may, self.must, self.left, self._sums, self._over))
        self.spare = _less(self.spare, at, at + size)
        self.may = _less(self.may, begin, end)
        if end - size < begin + size:
            self.must = _less(self.must, end - size, begin + size)
        self.left -= size
        self._sums = self._over = None

    def move(self, at: int, size: int, by: int) -> None:
        """Put a break at a cell (1) or take it away (-1), without a word about who was expected."""
        self.spare = [*self.spare[:at], *[x - by for x in self.spare[at : at + size]], *self.spare[at + size :]]
        self._sums = None

    def back(self) -> None:
        """Take back the last break that was put."""
        self.spare, self.may, self.must, self.left, self._sums, self._over = self._before.pop()


def _less(numbers: list[int], a: int, b: int) -> list[int]:
    return [*numbers[:a], *[x - 1 for x in numbers[a:b]], *numbers[b:]]


class _Search:
    def __init__(
        self, breaks: Sequence[BreakToPlace], covers: Sequence[Cover], first: int, last: int, cell: int
    ) -> None:
        cells = (last - first) // cell
        self.cell, self.first = cell, first
        self.groups = [_Group(c, first, cells, cell) for c in covers]
        self.of = [[g for c, g in zip(covers, self.groups, strict=True) if a.who in c.people] for a in breaks]
        self.size = [a.length // cell for a in breaks]
        self.spots = [[((s - first) // cell, own) for s, own in a.starts.items()] for a in breaks]
        self.breaks = breaks
        self.alike = self._alike()
        self.best: list[int] | None = None
        self.best_cost = 0
        self.nodes = 0
        self.at: list[int] = [-1] * len(breaks)
        self.own_least = [min(own for _, own in spots) for spots in self.spots]
        self.reach = [
            (min(s for s, _ in spots), max(s for s, _ in spots) + size)
            for spots, size in zip(self.spots, self.size, strict=True)
        ]
        for n, groups in enumerate(self.of):
            for g in groups:
                g.expect(*self.reach[n], self.size[n])
        # Who is never missed costs nothing.
        self.groups = [g for g in self.groups if g.binds]
        self.of = [[g for g in own if g.binds] for own in self.of]

    def _alike(self) -> list[int]:
        """Return for each absence the one before it that differs in nothing but the order of coming; -1 for none."""
        seen: dict[object, int] = {}
        found = []
        for n, spots in enumerate(self.spots):
            key = (self.size[n], tuple(map(id, self.of[n])), tuple((s, own >> _BITS) for s, own in spots))
            found.append(seen.get(key, -1))
            seen[key] = n
        return found

    def costs(self, n: int) -> list[tuple[int, int]]:
        """Return what each start of an absence costs now, as (cost, cell)."""
        size, (begin, end) = self.size[n], self.reach[n]
        found = [(own, s) for s, own in self.spots[n]]
        for g in self.of[n]:
            sums, unit = g.missed(), g.unit
            if sums[end] > sums[begin]:  # somewhere it is missed
                found = [(cost + unit * (sums[s + size] - sums[s]), s) for cost, s in found]
        return found

    def run(self, bound: int, keep_bits: int) -> bool:
        """Look for a plan that is better in its upper levels; return whether it is proven that there is no better one."""
        self.left_nodes, self.keep = bound, keep_bits
        self.heavy = [g for g in self.groups if g.unit >> keep_bits]
        return self._go(list(range(len(self.breaks))), 0, {})

    def begin(self, keep_bits: int) -> None:
        """Find a first plan; where its upper levels may not be the least, make it better by one break, then by two at once."""
        self.run(1, keep_bits)
        assert self.best is not None
        spared = sum([g.over() * g.unit for g in self.heavy]) + sum(self.own_least)
        everybody = range(len(self.breaks))
        if not self._hopeless(max(spared, sum([min(self.costs(n))[0] for n in everybody]))):
            self.improve()

    def improve(self) -> None:
        """Make the best plan better by one break, then by two at once."""
        assert self.best is not None
        everybody = range(len(self.breaks))
        for n in everybody:
            self._move(n, self.best[n], 1)
        self.tries = _TRIES
        while self.tries > 0 and (self._better_by_one(self.best) or self._better_by_two(self.best)):
            pass
        for n in everybody:
            self._move(n, self.best[n], -1)
        for n in everybody:
            self._in_order(self.best, n)

    def _better_by_one(self, at: list[int]) -> bool:
        """Give each person the best start beside all others, in ``at``; return whether anything is better than before."""
        before = self.best_cost
        for n in range(len(at)):
            self._move(n, at[n], -1)
            costs = self.costs(n)
            least, s = min(costs)
            now = next(c for c, x in costs if x == at[n])
            if least < now:
                at[n], self.best_cost = s, self.best_cost + least - now
            self._move(n, at[n], 1)
        return self.best_cost < before

    def _better_by_two(self, at: list[int]) -> bool:
        """Give two people of one cover the best starts at once, pair by pair; return whether anything is better."""
        before = self.best_cost
        for n, m in combinations(range(len(at)), 2):
            if self.tries <= 0 or not {id(g) for g in self.of[n]} & {id(g) for g in self.of[m]}:
                continue
            self._move(m, at[m], -1)
            now = next(c for c, x in self.costs(m) if x == at[m])
            self._move(n, at[n], -1)
            costs = self.costs(n)
            now += next(c for c, x in costs if x == at[n])
            least, found = now, (at[n], at[m])
            for c, s in sorted(costs):
                if c >= least:
                    break
                self.tries -= 1
                self._move(n, s, 1)
                other, t = min(self.costs(m))
                self._move(n, s, -1)
                if c + other < least:
                    least, found = c + other, (s, t)
            (at[n], at[m]), self.best_cost = found, self.best_cost + least - now
            self._move(n, at[n], 1)
            self._move(m, at[m], 1)
        return self.best_cost < before

    def _in_order(self, at: list[int], n: int) -> None:
        """Let people alike begin in their order, up to ``n``: all else costs the same."""
        while (before := self.alike[n]) >= 0 and at[n] < at[before]:
            one, other = dict(self.spots[n]), dict(self.spots[before])
            self.best_cost += one[at[before]] + other[at[n]] - one[at[n]] - other[at[before]]
            at[n], at[before] = at[before], at[n]
            n = before

    def _move(self, n: int, s: int, by: int) -> None:
        for g in self.of[n]:
            g.move(s, self.size[n], by)

    def _go(self, left: list[int], cost: int, known: Mapping[int, list[tuple[int, int]]]) -> bool:
        if not left:
            if self.best is None or cost < self.best_cost:
                self.best, self.best_cost = list(self.at), cost
            return True
        self.nodes += 1
        self.left_nodes -= 1
        spared = sum([g.over() * g.unit for g in self.heavy])
        if self._hopeless(cost + spared + sum([self.own_least[n] for n in left])):
            return True
        costs = {n: known[n] if n in known else self.costs(n) for n in left}
        least = {n: min(c)[0] for n, c in costs.items()}
        bound = sum(least.values())
        if self._hopeless(cost + bound):
            return True
        if self.left_nodes <= 0 and self.best is not None:
            return False
        # Of people alike the first goes first; whoever has the fewest good places chooses first.
        free = [n for n in left if self.alike[n] not in left]
        n = max(free, key=lambda n: (least[n] >> _BITS, -sum(c <= least[n] | _LOW for c, _ in costs[n]), -n))
        before = self.alike[n]
        rest = [m for m in left if m != n]
        others = bound - least[n]
        mine = {id(g) for g in self.of[n]}
        whole = True
        calm = {m: costs[m] for m in rest if not any(id(g) in mine for g in self.of[m])}
        for c, s in sorted(costs[n]):
            if self._hopeless(cost + c + others):
                break
            if before >= 0 and s < self.at[before]:
                continue
            for g in self.of[n]:
                g.place(s, self.size[n], *self.reach[n])
            self.at[n] = s
            whole = self._go(rest, cost + c, calm) and whole
            for g in self.of[n]:
                g.back()
            if not whole and self.left_nodes <= 0:
                return False
        return whole

    def _hopeless(self, bound: int) -> bool:
        return self.best is not None and bound >> self.keep >= self.best_cost >> self.keep


def search(
    breaks: Sequence[BreakToPlace],
    covers: Iterable[Cover],
    first: int,
    last: int,
    cell: int,
    bounds: Sequence[int] = BOUNDS,
) -> Found:
    """Return the best plan between the minutes ``first`` and ``last``, all instants being multiples of ``cell`` from ``first``.

    The three phases of ``bounds`` prove the levels up to POST, SHORT and ORDER; a phase whose nodes run out proves
    nothing, and later ones go on improving what was found. What is not proven is looked for once more from another start.
    """
    if not breaks:
        return Found({}, 0, ORDER, 0)
    covers = list(covers)
    s = _Search(breaks, covers, first, last, cell)
    s.begin(_BITS * (LEVELS - 1 - _PHASES[0]))
    proven, so_far = -1, True
    for level, bound in zip(_PHASES, bounds, strict=True):
        so_far = s.run(bound, _BITS * (LEVELS - 1 - level)) and so_far
        if so_far:
            proven = level
    nodes = s.nodes
    if proven < SHORT:
        other = _Search(breaks, covers, first, last, cell)
        other.run(bounds[1], _BITS * (LEVELS - 1 - SHORT))
        other.improve()
        nodes += other.nodes
        s = min(s, other, key=lambda x: x.best_cost)
    assert s.best is not None
    starts = {a.who: first + at * cell for a, at in zip(breaks, s.best, strict=True)}
    return Found(starts, s.best_cost, proven, nodes)
