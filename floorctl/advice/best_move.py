"""Choose the terminal to move by the waiting time that each move saves within the next 45 minutes. Pure.

A fluid model (Newell, *Applications of Queueing Theory*, 1982, ch. 2): arrivals at the expected rate, terminals serving
at the lane's mean service time, the excess queueing. The area under the queue length is the total wait. A move is
advised if it saves more than its price, which rises with the moves of the day (max-weight with hysteresis: Tassiulas
& Ephremides, IEEE TAC 37 (1992) 1936-48). It beat rollouts over drawn futures with fewer moves: docs/advice.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import exp

from floorctl.advice.futures import FUTURES, SOON_S, Futures
from floorctl.advice.hall_view import NEVER, View
from floorctl.common.frozen import frozen


@frozen
class Rules:
    """Parameters of the advice. Times in seconds; prices in person-seconds of waiting."""

    horizon_s: int = 2700
    step_s: int = 300
    belief_s: float = 3600.0  # weight of the expected arrival rate, as a time of observation
    long_s: float = 14400.0  # a person with so long a wait ahead counts twice, so that few wait very long
    move_price: float = 3300.0
    scarce: float = 0.1  # relative rise of the price with each move ahead of an even spread over the day
    per_day: int = 8
    free_s: float = 120.0  # a terminal free within this time is moved; a later one is only announced
    back_s: int = 1200  # no move in the opposite direction for this time
    rest_s: int = 300  # no move at all for this time
    opening_s: int = 7200  # horizon for choosing the lane of a terminal that is being staffed


RULES = Rules()
# For an announcement: the terminal that is free soonest, however late.
SOON = replace(RULES, free_s=NEVER)


@frozen
class Option:
    """Terminals that move from lane ``origin`` to ``to``; ``gain`` and ``price`` in person-seconds of waiting."""

    moves: tuple[str, ...]
    origin: str
    to: str
    gain: float
    price: float


def rates(v: View, lane: str, rules: Rules, horizon_s: int) -> list[float]:
    """Return the arrival rate (persons per second) in each step of the horizon; 0.0 after the reception.

    The expected rate and the one observed in the last half hour, weighted by how long the lane has been observed.
    """
    spells = v.coming[lane].spells
    seen = v.came_s / (v.came_s + rules.belief_s)
    now = v.came.get(lane, 0) / v.came_s if v.came_s > 0 else 0.0
    until = max((end for _, end, _ in spells), default=0.0)
    found = []
    for a in range(0, horizon_s, rules.step_s):
        b = a + rules.step_s
        expected = sum(n * max(0.0, min(end, b) - max(start, a)) / (end - start) for start, end, n in spells)
        found.append((1 - seen) * expected / rules.step_s + seen * now if a < until else 0.0)
    return found


def waiting_s(waiting: int, arrivals: Sequence[float], free: Sequence[float], pace_s: float, rules: Rules) -> float:
    """Return the total wait within the horizon in person-seconds: the area under the queue length.

    A person's seconds weigh the more, the longer the wait that the queue implies. ``arrivals``: persons per second in
    each step; ``free``: second at which each terminal first calls. A terminal that becomes free takes one person at
    once and then one each ``pace_s``: half a person plus a steady rate.
    """
    area, queue, step_s = 0.0, float(waiting), rules.step_s
    terminals = sum(t < len(arrivals) * step_s for t in free) or 0.5
    for k, rate in enumerate(arrivals):
        a, b = k * step_s, (k + 1) * step_s
        taken = sum((b - max(a, t)) / pace_s + (0.5 if t >= a else 0.0) for t in free if t < b)
        after = max(0.0, queue + rate * step_s - taken)
        mean = (queue + after) / 2
        area += mean * step_s * (1 + mean * pace_s / terminals / rules.long_s)
        queue = after
    return area


@dataclass(frozen=True)
class _Lane:
    """Lane of the fluid model: queue length, arrivals per second, service time, seconds until each terminal is free."""

    waiting: int
    arrivals: list[float]
    pace_s: float
    free: dict[str, float]

    def cost(self, rules: Rules, *, without: str = "", more: Sequence[float] = ()) -> float:
        """Return the total wait ``without`` one terminal, or with ``more`` of them free at these seconds."""
        free = [t for code, t in self.free.items() if code != without]
        return waiting_s(self.waiting, self.arrivals, [*free, *more], self.pace_s, rules)


def _lane(v: View, lane: str, rules: Rules, horizon_s: int) -> _Lane:
    free = {s.code: v.free_in(s) for s in v.of(lane)}
    return _Lane(v.count[lane], rates(v, lane, rules, horizon_s), v.pace[lane], free)


def price(v: View, rules: Rules = RULES) -> float:
    """Return what one more move must save, in person-seconds: more, the earlier the day's moves are used up."""
    whole = v.left_s + v.gone_s
    ahead = len(v.moved) - rules.per_day * (v.gone_s / whole if whole > 0 else 1.0)
    return rules.move_price * exp(rules.scarce * ahead)


def gain(v: View, code: str, to: str, rules: Rules = RULES) -> float:
    """Return the person-seconds of waiting saved if a terminal moves to lane ``to`` when next free."""
    origin = next(s.lane for s in v.stations if s.code == code)
    return _gain(v, code, _lane(v, origin, rules, rules.horizon_s), _lane(v, to, rules, rules.horizon_s), rules)


def _gain(v: View, code: str, origin: _Lane, to: _Lane, rules: Rules) -> float:
    after = origin.cost(rules, without=code) + to.cost(rules, more=[origin.free[code] + v.switch_s])
    return origin.cost(rules) + to.cost(rules) - after


def movable(v: View, origin: str, to: str, rules: Rules = RULES) -> list[str]:
    """Return the terminals that may move from a lane to one where somebody waits, the one that is free soonest first."""
    at_work = [s for s in v.of(origin) if s.at_work]
    if not v.grounds.withheld.keys().isdisjoint((origin, to)):  # contract 6
        return []
    # 仕様書 7(1): a lane with arrivals to come or a queue keeps one terminal.
    if not v.count[to] or len(at_work) <= (1 if v.count[origin] or v.coming[origin].spells else 0):
        return []
    if any(ago < rules.back_s and a == to and b == origin for ago, _, a, b in v.moved):
        return []
    return [s.code for s in sorted(at_work, key=v.free_in) if to in s.lanes]


def options(v: View, rules: Rules = RULES) -> list[Option]:
    """Return the moves that save more than their price, the largest surplus first."""
    if len(v.lanes) < 2 or any(ago < rules.rest_s for ago, _, _, _ in v.moved):
        return []
    lanes = {lane: _lane(v, lane, rules, rules.horizon_s) for lane in v.lanes}
    cost = price(v, rules)
    found = []
    for origin, to in permutations(v.lanes, 2):
        codes = movable(v, origin, to, rules)
        if not codes or lanes[origin].free[codes[0]] > rules.free_s:
            continue
        saved = _gain(v, codes[0], lanes[origin], lanes[to], rules)
        if saved > cost:
            found.append(Option((codes[0],), origin, to, saved, cost))
    return sorted(found, key=lambda o: o.price - o.gain)


def borne_out(o: Option, futures: Futures) -> bool:
    """Return whether the total wait falls in at least half of the futures and the longest wait does not rise."""
    if 2 * futures.better(o.moves, o.to, SOON_S) < FUTURES:
        return False
    after = futures.longest(o.moves, o.to, SOON_S)
    return max(after.values()) <= max(futures.longest((), "", SOON_S).values())


def best(v: View, rules: Rules = RULES) -> Option | None:
    """Return the move to advise, or None to move nothing."""
    found = options(v, rules)
    if not found:
        return None
    futures = Futures(v)
    return next((o for o in found if borne_out(o, futures)), None)


def one_more(v: View, code: str, lanes: Sequence[str], rules: Rules = RULES) -> dict[str, float]:
    """Return by lane the person-seconds of waiting saved within two hours if the terminal is staffed there."""
    found = {}
    for lane in lanes:
        x = _lane(v, lane, rules, rules.opening_s)
        found[lane] = x.cost(rules, without=code) - x.cost(rules, without=code, more=[0.0])
    return found


def lane_for(v: View, code: str, lanes: Sequence[str], rules: Rules = RULES) -> str:
    """Return the lane for a terminal being staffed: where it saves most waiting, else the highest load."""
    saved = one_more(v, code, lanes, rules)
    if max(saved.values()) >= 1.0:
        return max(lanes, key=lambda lane: saved[lane])

    def load(lane: str) -> float:
        x = _lane(v, lane, rules, rules.opening_s)
        return (x.waiting + sum(x.arrivals) * rules.step_s) * x.pace_s / (1 + len(x.free) - (code in x.free))

    return max(lanes, key=load)
