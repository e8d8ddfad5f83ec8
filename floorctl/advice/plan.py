"""Which terminal to move: the hall as it is, played on from here with and without each sensible move. Pure.

Model predictive control by rollout (Bertsekas, Rollout, Policy Iteration and Distributed RL, 2020, ch. 1; Camacho &
Bordons, Model Predictive Control). A plan is judged by what everybody who waits, or comes within the horizon, would wait,
over a set of futures that is the same for every plan (common random numbers) and drawn once and for all, so that the
verdict changes with the hall and not with chance. Given who serves what, the lanes do not touch: each is a queue with
several desks, first come first served (Kiefer & Wolfowitz' recursion), which costs a microsecond a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import cache
from heapq import heapify, heappop, heapreplace
from itertools import combinations
from math import exp, sqrt
from random import Random

from floorctl.advice.demand import Demand
from floorctl.advice.service_times import ServiceTimes, Spread
from floorctl.clock import JST
from floorctl.models.floor import Floor
from floorctl.models.ticket import Ticket

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Rules:
    """How the advice weighs. Times in seconds; prices in seconds of waiting of all together."""

    horizon_s: int = 7200
    futures: int = 24
    move_price: float = 600.0
    share: float = 0.02
    scarce: float = 0.2
    beyond: float = 4.0
    sure: float = 1.0  # standard errors that the gain must lie above zero
    long_s: float = 7200.0  # a wait of this length counts half as much again (so that few wait very long)
    per_day: int = 8
    at_most: int = 10
    busy: float = 2.0  # a terminal that serves has to save so many times the price: a free one comes soon
    back_s: int = 1200  # no move in the other direction for so long
    idle_s: float = 0.0  # who leaves a move now is not asked again for so long
    rest_s: int = 300  # nor any other move
    # The plain rule that is followed after the first step of every plan.
    apart_s: float = 1800.0
    still_s: float = 900.0
    people: int = 1
    poll_s: float = 240.0


RULES = Rules()
# For an announcement: which terminal goes as soon as it is free, against a manager who would not be asked for a while.
SOON = replace(RULES, idle_s=900.0, busy=1.0)


@dataclass(slots=True)
class Waiting:
    """Somebody who waits: since when, in seconds from now (negative), and how long the case will take."""

    since: float
    case: Spread


@dataclass(slots=True)
class Station:
    """A terminal that works, or will within the horizon: its next free second is ``free_in`` or, while it serves, what
    is left of ``case`` after ``elapsed`` seconds; ``switching`` comes on top."""

    code: str
    lanes: tuple[str, ...]
    lane: str
    free_in: float = 0.0
    case: Spread | None = None
    elapsed: float = 0.0
    switching: float = 0.0
    at_work: bool = True

    @property
    def expected(self) -> float:
        """Seconds until it can call, on average."""
        left = self.case.left_mean_s(self.elapsed) if self.case is not None else 0.0
        return max(self.free_in, left) + self.switching


@dataclass(slots=True)
class Coming:
    """Expected arrivals of a lane: (from, to, persons) in seconds from now, and the kinds of case with their shares."""

    spells: list[tuple[float, float, float]]
    cases: list[tuple[float, Spread]]
    spread: float = 0.2  # sd of the level over the horizon, as a share


@dataclass(slots=True)
class View:
    """The hall at one instant, as the planner sees it."""

    now: datetime
    lanes: tuple[str, ...]
    waiting: dict[str, list[Waiting]]
    stations: list[Station]
    coming: dict[str, Coming]
    switch_s: int
    bands: dict[str, tuple[int, int]] = field(default_factory=dict)
    moved: list[tuple[float, str, str, str]] = field(default_factory=list)  # (seconds ago, terminal, from, to)
    gone_s: float = 0.0  # since the first reception began
    left_s: float = 0.0  # until the reception of the last lane ends

    def of(self, lane: str) -> list[Station]:
        return [s for s in self.stations if s.lane == lane]


@dataclass(frozen=True, slots=True)
class Option:
    """A plan: terminals that go from ``origin`` to ``to``; what it saves on average over the futures (seconds of waiting
    of all together) and the standard error of that."""

    moves: tuple[str, ...]
    origin: str
    to: str
    gain: float
    error: float
    price: float

    @property
    def worth(self) -> float:
        return self.gain - self.price

    def clear(self, rules: Rules) -> bool:
        """Whether it is worth its price and surely no loss. As good as the plain rule that would do it now is enough."""
        return self.worth > -1.0 and self.gain > rules.sure * self.error


# ---- from the facts ---------------------------------------------------------------------------------------------------


def view(floor: Floor, demand: Demand, times: ServiceTimes, now: datetime) -> View:
    """What the planner needs to know of a Floor at ``now``."""
    site = floor.site
    lanes = site.movable_lanes
    waiting: dict[str, list[Waiting]] = {}
    for lane in lanes:
        queue = floor.lanes[lane]
        usual = _usual(demand, times, lane)
        found = [Waiting(0.0, usual) for _ in range(queue.uncounted)]
        for t in sorted(queue.tickets.values(), key=lambda t: floor.turn(t, now)):
            found.append(Waiting(_seconds(now, t.wait_from), _case(times, t, usual)))
        waiting[lane] = found
    stations = [s for code in floor.terminals if (s := _station(floor, times, demand, code, now)) is not None]
    coming = {}
    for lane in lanes:
        d = demand.lanes[lane]
        spells = [
            (max(0.0, _seconds(now, h.start)), _seconds(now, h.end), h.expected)
            for h in d.halves
            if h.expected > 0 and h.end > now
        ]
        coming[lane] = Coming(spells, [(share, times.of(s)) for s, share in d.mix.items() if share > 0])
    switch = float(site.thresholds.switch_s)
    return View(
        now,
        lanes,
        waiting,
        stations,
        coming,
        int(switch),
        {b.lane: (b.low, b.high) for b in site.bands},
        [(-_seconds(now, m.at), m.terminal, m.origin, m.to) for m in floor.moves],
        max(0.0, -min((_seconds(now, h.start) for x in lanes for h in demand.lanes[x].halves), default=0.0)),
        max((s[1] for c in coming.values() for s in c.spells), default=0.0),
    )


def _seconds(now: datetime, at: datetime | None) -> float:
    return 0.0 if at is None else (at - now).total_seconds()


def _usual(demand: Demand, times: ServiceTimes, lane: str) -> Spread:
    mix = demand.lanes[lane].mix
    return times.of(max(mix, key=lambda s: mix[s]))


def _case(times: ServiceTimes, t: Ticket, usual: Spread) -> Spread:
    return times.of(t.service, t.cards) if t.service is not None else usual


def _station(floor: Floor, times: ServiceTimes, demand: Demand, code: str, now: datetime) -> Station | None:
    """A terminal as the planner sees it; None where it serves no lane that shares terminals, or nobody works there."""
    t = floor.terminals[code]
    lanes = floor.site.terminal_by_code[code].lanes
    lane = t.next_lane or t.lane
    if lane not in floor.site.movable_lanes:
        return None
    state = floor.state(code)
    switch = float(floor.site.thresholds.switch_s)
    if state == "serving" and t.ticket is not None:
        ticket = floor.tickets[t.ticket]
        usual = _usual(demand, times, t.lane)
        began = ticket.serving_since or now
        station = Station(code, lanes, lane, 0.0, _case(times, ticket, usual), -_seconds(now, began))
        station.switching = switch if t.next_lane is not None else 0.0
        if t.paused:
            station.free_in = _back_in(floor, t.staff, now)
            station.at_work = False
        return station
    if state == "free":
        since = -_seconds(now, t.moved_at) if t.moved_at is not None else NEVER
        return Station(code, lanes, lane, max(0.0, switch - since))
    if state == "paused":
        return Station(code, lanes, lane, _back_in(floor, t.staff, now), at_work=False)
    return None


UNKNOWN_BREAK_S = 1800.0  # a pause of which nobody said how long


def _back_in(floor: Floor, staff: str | None, now: datetime) -> float:
    person = floor.staff.get(staff) if staff is not None else None
    if person is not None and person.until is not None:
        until = datetime.combine(floor.day, time.fromisoformat(person.until), JST)
        return max(60.0, (until - now).total_seconds())
    return UNKNOWN_BREAK_S


# ---- the futures ------------------------------------------------------------------------------------------------------


@cache
def _draws(futures: int, lane: int) -> list[tuple[list[float], list[float], list[float], float]]:
    """For each future of a lane: gaps of a Poisson stream of rate one, normals of the cases, uniforms of the kinds, and
    a normal for the level; in pairs that mirror each other (antithetic), which steadies the mean."""
    found = []
    for n in range(futures):
        rng = Random(f"{lane}|{n}")
        gaps = [rng.expovariate(1.0) for _ in range(400)]
        normals = [rng.gauss(0.0, 1.0) for _ in range(400)]
        kinds = [rng.random() for _ in range(400)]
        found.append((gaps, normals, kinds, rng.gauss(0.0, 1.0)))
    return found


Person = tuple[float, float, float]  # can be called from, waits from, takes


def _persons(
    v: View, lane: str, draw: tuple[list[float], list[float], list[float], float], horizon: float
) -> list[Person]:
    """Who waits and who comes within the horizon, in one future."""
    gaps, normals, kinds, level = draw
    found: list[Person] = []
    n = 0
    for w in v.waiting[lane]:
        found.append((0.0, w.since, exp(w.case.mu + w.case.sigma * normals[n % 400])))
        n += 1
    coming = v.coming[lane]
    factor = exp(coming.spread * level - coming.spread**2 / 2)
    edges: list[tuple[float, float, float]] = []
    total = 0.0
    for share, case in coming.cases:
        total += share
        edges.append((total, case.mu, case.sigma))
    k, todo = 0, gaps[0]
    for start, end, persons in coming.spells:
        if start >= horizon:
            break
        rate = persons * factor / (end - start)
        at = start
        while True:
            step = todo / rate
            if at + step > end or at + step > horizon:
                todo -= (end - at) * rate
                break
            at += step
            u = kinds[k % 400] * total
            for edge, mu, sigma in edges:  # noqa: B007 - the kind that it stops at
                if u <= edge:
                    break
            found.append((at, at, exp(mu + sigma * normals[(n + k) % 400])))
            k += 1
            todo = gaps[k % 400]
    return found


def _ready(s: Station, u: float) -> float:
    """The second at which a station can call, in a future that has ``u`` for it."""
    left = s.case.left_quantile_s(s.elapsed, u) if s.case is not None else 0.0
    return max(s.free_in, left) + s.switching


def _play(
    people: tuple[list[Person], list[Person]],
    desks: list[tuple[float, int]],
    means: tuple[float, float],
    rules: Rules,
    switch: float,
    moved: tuple[float, int],
    price: float,
) -> float:
    """One future played on: what all wait (the longer, the more), and the price of the moves made on the way.

    ``desks``: (free at, lane 0 or 1). After the first step the hall is run by a plain rule: a terminal that is free goes
    to the other lane where the wait is expected to be longer by ``apart_s``, and by ``still_s`` after the move.
    ``moved``: (when, from which lane) of the last move.
    """
    heap = [(at, n, lane) for n, (at, lane) in enumerate(desks)]
    heapify(heap)
    count = [0, 0]
    for _, lane in desks:
        count[lane] += 1
    done, come = [0, 0], [0, 0]
    ends = (len(people[0]), len(people[1]))
    total = 0.0
    curve = 1 / (2 * rules.long_s)
    when, origin = moved
    latest = 2.0 * rules.horizon_s
    apart, still, poll, least = rules.apart_s, rules.still_s, rules.poll_s, rules.people
    while heap:
        t, n, lane = heap[0]
        if t > latest:
            break
        other = 1 - lane
        mine, theirs = people[lane], people[other]
        i, j = done[lane], come[other]
        # Who has come to the other lane by now.
        end = ends[other]
        while j < end and theirs[j][0] <= t:
            j += 1
        come[other] = j
        queue = j - done[other]
        if queue >= least and count[lane] > 1 and t - when >= 300 and not (other == origin and t - when < rules.back_s):
            k = come[lane]
            if k < i:
                k = i
            end = ends[lane]
            while k < end and mine[k][0] <= t:
                k += 1
            come[lane] = k
            here = (k - i + 0.6 * (count[lane] - 1)) * means[lane]
            there = (queue + 0.6 * count[other]) * means[other] / count[other] if count[other] else 7200.0
            if there - here / count[lane] > apart and there - here / (count[lane] - 1) > still:
                count[lane] -= 1
                count[other] += 1
                when, origin = t, lane
                total += price
                heapreplace(heap, (t + switch, n, other))
                continue
        if i < ends[lane]:
            can, since, takes = mine[i]
            if can <= t:
                done[lane] = i + 1
                w = t - since
                if w > 0:
                    total += w + w * w * curve
                heapreplace(heap, (t + takes, n, lane))
            else:
                at = t + poll
                heapreplace(heap, (can if can < at else at, n, lane))
        elif done[other] < ends[other]:
            heapreplace(heap, (t + poll, n, lane))
        else:
            heappop(heap)
    for lane in (0, 1):
        # A lane that has no terminal left: its people wait for one that nobody sends.
        for _, since, _ in people[lane][done[lane] :]:
            total += max(0.0, latest - since)
    return total


# ---- the verdict ------------------------------------------------------------------------------------------------------


class Futures:
    """The hall played on in every future, from a first step."""

    def __init__(self, v: View, pair: tuple[str, str], rules: Rules = RULES) -> None:
        self.v, self.rules, self.pair = v, rules, pair
        n = rules.futures
        both = [[_persons(v, lane, d, rules.horizon_s) for d in _draws(n, i)] for i, lane in enumerate(pair)]
        self.people = list(zip(both[0], both[1], strict=True))
        self.means = (self._mean(pair[0]), self._mean(pair[1]))
        self.ready: dict[str, list[float]] = {}
        for i, s in enumerate(v.stations):
            if s.case is None:
                self.ready[s.code] = [s.expected] * n
            else:
                # Spread evenly over its distribution, each station in an order of its own.
                places = list(range(n))
                Random(i).shuffle(places)
                table = [_ready(s, (p + 0.5) / n) for p in range(n)]
                self.ready[s.code] = [table[p] for p in places]
        last = min(v.moved, default=None)
        self.moved = (-last[0], pair.index(last[2])) if last is not None and last[2] in pair else (-NEVER, 0)

    def _mean(self, lane: str) -> float:
        cases = self.v.coming[lane].cases
        return sum(share * case.mean_s for share, case in cases) / (sum(share for share, _ in cases) or 1.0)

    def costs(self, moves: tuple[str, ...] = (), to: str = "", price: float = 0.0, extra: str = "") -> list[float]:
        """Of each future, after these terminals are moved; ``extra``: one more that is staffed for ``to``."""
        switch = float(self.v.switch_s)
        found = []
        for n, people in enumerate(self.people):
            desks = []
            for s in self.v.stations:
                if s.lane not in self.pair:
                    continue
                if s.code in moves:
                    desks.append((self.ready[s.code][n] + switch, self.pair.index(to)))
                else:
                    desks.append((self.ready[s.code][n], self.pair.index(s.lane)))
            if extra:
                desks.append((0.0, self.pair.index(to)))
            # Who leaves it now is not asked again at once: the plain rule comes later than it could.
            late = max(self.moved[0], self.rules.idle_s - 300.0)
            moved = (0.0, 1 - self.pair.index(to)) if moves else (late, self.moved[1])
            found.append(_play(people, desks, self.means, self.rules, switch, moved, price))
        return found

    def longest(self, moves: tuple[str, ...], to: str, soon_s: float, *, more: str = "") -> dict[str, float]:
        """By lane, the longest wait of those who wait or come within ``soon_s``, if these terminals go and nothing else
        is moved: the mean over the futures, in seconds. ``more``: a lane that gets one terminal more, at once."""
        switch = float(self.v.switch_s)
        total = [0.0, 0.0]
        for n, people in enumerate(self.people):
            for i, lane in enumerate(self.pair):
                free = [self.ready[s.code][n] for s in self.v.of(lane) if s.code not in moves]
                if lane == to:
                    free += [self.ready[m][n] + switch for m in moves]
                if lane == more:
                    free.append(0.0)
                total[i] += _longest(people[i], free, soon_s)
        return {lane: total[i] / len(self.people) for i, lane in enumerate(self.pair)}


def _longest(people: list[Person], free: list[float], soon_s: float) -> float:
    """The longest wait with terminals free at these seconds; with none, until the hour is over."""
    found = 0.0
    heap = list(free)
    heapify(heap)
    for can, since, takes in people:
        if can > soon_s:
            break
        if not heap:
            return max(found, soon_s - since)
        t = max(heap[0], can)
        heapreplace(heap, t + takes)
        found = max(found, t - since)
    return found


def price(v: View, rules: Rules, stay: float) -> float:
    """What a further move must save. ``stay``: what all would wait within the horizon if nothing is moved now.

    A fixed part, for what a move costs people who are not asked; a share of what is at stake; and more the more moves
    have been used by now against the day's number, so that the last ones are there when they are needed.
    """
    used = len(v.moved)
    whole = v.left_s + v.gone_s
    ahead = used - rules.per_day * (v.gone_s / whole if whole > 0 else 1.0)
    beyond = rules.beyond if used >= rules.per_day else 1.0
    return (rules.move_price + rules.share * stay) * exp(rules.scarce * ahead) * beyond


Pair = tuple[str, str]


def options(v: View, rules: Rules = RULES, known: Callable[[Pair], Futures] | None = None) -> list[Option]:
    """Every sensible move with what it saves, the most worth first. ``known``: gives the futures of two lanes of this view."""
    if not any(v.waiting.values()) or len(v.moved) >= rules.at_most:
        return []
    if any(ago < rules.rest_s for ago, _, _, _ in v.moved):
        return []
    found = [o for pair in combinations(v.lanes, 2) for o in _between(v, pair, rules, known)]
    return sorted(found, key=lambda o: -o.worth)


def _between(v: View, pair: Pair, rules: Rules, known: Callable[[Pair], Futures] | None) -> Iterator[Option]:
    """The sensible moves between two lanes: to each of them the terminal that is free first."""
    futures: Futures | None = None
    stay: list[float] = []
    cost = 0.0
    for origin, to in (pair, (pair[1], pair[0])):
        if not v.waiting[to] or any(ago < rules.back_s and a == to for ago, _, a, _ in v.moved):
            continue
        spare = [s for s in v.of(origin) if s.at_work and to in s.lanes]
        needed = 1 if v.waiting[origin] or v.coming[origin].spells else 0
        if len([s for s in v.of(origin) if s.at_work]) <= needed:
            continue
        if not spare:
            continue
        spare.sort(key=lambda s: s.expected)
        if futures is None:
            futures = known(pair) if known is not None else Futures(v, pair, rules)
            futures.rules = rules
            first = futures.costs()
            cost = price(v, rules, sum(first) / len(first))
            stay = futures.costs(price=cost)
        moves = (spare[0].code,)
        gains = [x - y for x, y in zip(stay, futures.costs(moves, to, cost), strict=True)]
        n = len(gains)
        mean = sum(gains) / n
        error = sqrt(sum((g - mean) ** 2 for g in gains) / (n - 1) / n)
        times = 1.0 if spare[0].case is None else rules.busy
        yield Option(moves, origin, to, mean, error, cost * times)


def best(v: View, rules: Rules = RULES) -> Option | None:
    """The move to advise, or None: to stay."""
    for o in options(v, rules):
        if o.clear(rules):
            return o
    return None


def lane_for(v: View, code: str, lanes: Sequence[str], rules: Rules = RULES) -> str:
    """The lane of ``lanes`` that a terminal takes as somebody comes to it: where everybody waits the least, now and later."""
    found = lanes[0]
    for other in lanes[1:]:
        futures = Futures(v, (found, other), rules)
        if sum(futures.costs(to=other, extra=code)) < sum(futures.costs(to=found, extra=code)):
            found = other
    return found
