"""Choose the terminal to move for what lasts: where far more people a terminal wait than in its own lane. Pure.

What does not last is for a loan (`lending`): a move is advised where the queues, by persons a terminal, differ by far for
ten minutes (max-weight with hysteresis: Tassiulas & Ephremides, IEEE TAC 37 (1992) 1936-48). What it saves is told by a
fluid model (Newell, *Applications of Queueing Theory*, 1982, ch. 2): arrivals at the expected rate, terminals serving at
the lane's mean service time, the excess queueing; the area under the queue length is the total wait. Chosen and
measured: docs/advice.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from floorctl.advice.hall_view import NEVER, View
from floorctl.common.frozen import frozen
from floorctl.models.site.site import Site


@frozen
class Rules:
    """Parameters of the advised moves. Times in seconds."""

    horizon_s: int = 2700
    step_s: int = 300
    belief_s: float = 3600.0  # weight of the expected arrival rate, as a time of observation
    long_s: float = 14400.0  # a person with so long a wait ahead counts twice, so that few wait very long
    heads_more: float = 2.0  # so many more people a terminal wait where it would go than at home without it
    heads: int = 3  # least number of people waiting there
    lasts_s: float = 600.0  # and that for so long
    free_s: float = 120.0  # a terminal free within this time is moved; a later one is only announced
    back_s: int = 3600  # no move in the opposite direction for this time, unless the hall has changed …
    regret_s: int = 1200  # … or, after this, the queues have become so many times as uneven
    regret: float = 3.0
    rest_s: int = 900  # no move at all for this time


RULES = Rules()


def move_rules(site: Site) -> Rules:
    """Return the parameters for a site: those of its file, else the shipped ones."""
    return replace(RULES, **site.advice.moves.given)


def however_late(rules: Rules) -> Rules:
    """Return the parameters for an announcement: of the terminal that is free soonest, however late."""
    return replace(rules, free_s=NEVER)


@frozen
class Option:
    """Terminals that move from lane ``origin`` to ``to``; ``gain`` in person-seconds of waiting.

    ``because``: what has changed in the hall, where it undoes a move of the last hour.
    """

    moves: tuple[str, ...]
    origin: str
    to: str
    gain: float
    because: str = ""


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


def uneven(v: View, origin: str, to: str, rules: Rules = RULES) -> bool:
    """Return whether far more people a terminal wait in lane ``to`` than would in ``origin`` with one terminal less."""
    n, m = (sum(s.at_work for s in v.of(lane)) for lane in (origin, to))
    return far_more(v.count[to], m, v.count[origin], n, rules)


def far_more(there: int, terminals: int, at_home: int, of_home: int, rules: Rules = RULES) -> bool:
    """Return as ``uneven`` by the people waiting there and at home, and the terminals at work there and at home."""
    if there < rules.heads:
        return False
    return there / max(1, terminals) > at_home / max(1, of_home - 1) + rules.heads_more


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
    if because(v, origin, to, rules) is None:
        return []
    return [s.code for s in sorted(at_work, key=v.free_in) if to in s.lanes and not s.home]


def because(v: View, origin: str, to: str, rules: Rules = RULES) -> str | None:
    """Return what has changed in the hall, for a move that undoes one of the last hour; "" for any other, None if nothing has.

    A terminal that came or went, a reception that began or ended; or people who have come in such numbers that the move,
    a manager's own perhaps, was in vain.
    """
    last = min((ago for ago, _, a, b in v.moved if a == to and b == origin), default=NEVER)
    if last >= rules.back_s:
        return ""
    said = next((said for ago, said in v.changes if ago < last), None)
    if said is not None or last < rules.regret_s:
        return said
    grown = replace(rules, heads_more=rules.regret * rules.heads_more)
    heads = v.count[to] / max(1, sum(s.at_work for s in v.of(to)))
    return f"1台に{heads:.0f}人待ち" if uneven(v, origin, to, grown) else None


def options(v: View, rules: Rules = RULES) -> list[Option]:
    """Return the moves for which the queues are uneven enough and that save waiting, the most first."""
    if len(v.lanes) < 2 or any(ago < rules.rest_s for ago, _, _, _ in v.moved):
        return []
    if any(ago < rules.lasts_s for ago, _ in v.lent):  # what a loan does is waited for
        return []
    lanes = {lane: _lane(v, lane, rules, rules.horizon_s) for lane in v.lanes}
    found = []
    for origin, to in permutations(v.lanes, 2):
        codes = movable(v, origin, to, rules) if uneven(v, origin, to, rules) else []
        if not codes or lanes[origin].free[codes[0]] > rules.free_s:
            continue
        saved = _gain(v, codes[0], lanes[origin], lanes[to], rules)
        if saved > 0:
            found.append(Option((codes[0],), origin, to, saved, because(v, origin, to, rules) or ""))
    return sorted(found, key=lambda o: -o.gain)


def lane_for(v: View, code: str, present: str, lanes: Sequence[str], rules: Rules = RULES) -> str:
    """Return the lane for a terminal being staffed: its present one, unless far more people a terminal wait in another.

    The split that the hall has chosen is kept where nobody waits: what is expected of a day tells less.
    """
    others = {x: [s for s in v.of(x) if s.at_work and s.code != code] for x in lanes}
    heads = {x: v.count[x] / (1 + len(others[x])) for x in lanes}
    if present not in lanes:
        return max(lanes, key=lambda x: heads[x])
    needy = [x for x in lanes if v.count[x] and not others[x]]
    if needy and others[present]:
        return max(needy, key=lambda x: heads[x])
    most = max(lanes, key=lambda x: heads[x])
    return most if others[present] and heads[most] - heads[present] > rules.heads_more else present
