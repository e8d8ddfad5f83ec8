"""Build the planner's input from the Floor at one instant: queues, terminals, expected arrivals. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log

from floorctl.advice.arrivals import Demand
from floorctl.advice.hall_changes import hall_changes
from floorctl.advice.known_ahead import break_ends, closes_at
from floorctl.advice.lane_scene import DRAWN
from floorctl.advice.service_times import ServiceTimes, Spread
from floorctl.models.board.grounds import NONE, Grounds
from floorctl.models.board.lane_cover import goes_on, is_there, lane_after
from floorctl.models.board.told import may_be_free
from floorctl.models.day.floor import Floor, Heads
from floorctl.models.day.ticket import Ticket

NEVER = float("inf")
UNKNOWN_BREAK_S = 1800.0  # a pause without a recorded end
RECENT_S = 1800.0  # window of the observed arrival rate
PACE_CASES = 6  # prior weight of the site file's minutes, in cases
LONGEST_S = 2400.0  # longer cases are winsorised: they were left open
SOON_FREE_S = 120.0  # residual time of a case that has lasted longer than usual


@dataclass(slots=True)
class Waiting:
    """Person in a queue: start of the wait in seconds from now (negative), and the service time to expect."""

    since: float
    case: Spread


@dataclass(slots=True)
class Station:
    """Terminal that works, or will within the horizon.

    It is free in ``free_in`` seconds or, while it serves, when ``case`` ends after ``elapsed`` seconds of it;
    ``switching`` seconds are added. ``serves``: lane of that case, which differs from ``lane`` while a change is pending.
    """

    code: str
    lanes: tuple[str, ...]
    lane: str
    free_in: float = 0.0
    case: Spread | None = None
    elapsed: float = 0.0
    switching: float = 0.0
    at_work: bool = True
    serves: str = ""
    home: str = ""  # its own lane while it is lent, or ordered to be


@dataclass(slots=True)
class Coming:
    """Expected arrivals of a lane: (from, to, persons) in seconds from now; services as (share, service time)."""

    spells: list[tuple[float, float, float]]
    cases: list[tuple[float, Spread]]
    spread: float = 0.2  # relative sd of the level over the horizon


@dataclass(slots=True)
class View:
    """Hall at one instant as the planner's input. Times in seconds."""

    now: datetime
    lanes: tuple[str, ...]
    waiting: dict[str, list[Waiting]]  # at most DRAWN of a lane, each representing ``each`` people
    stations: list[Station]
    coming: dict[str, Coming]
    switch_s: int
    moved: list[tuple[float, str, str, str]] = field(default_factory=list)  # (seconds ago, terminal, from, to)
    gone_s: float = 0.0  # since the first reception began
    left_s: float = 0.0  # until the reception of the last lane ends
    pace: dict[str, float] = field(default_factory=dict)  # mean seconds that a case occupies a terminal
    came: dict[str, int] = field(default_factory=dict)  # arrivals within the last ``came_s`` seconds
    came_s: float = 0.0
    count: dict[str, int] = field(default_factory=dict)  # queue length of each lane
    closes_s: float = 0.0  # until the hall closes; negative after
    grounds: Grounds = NONE
    lent: list[tuple[float, str]] = field(default_factory=list)  # loans of the day (seconds ago, terminal)
    # Of the hall (seconds ago, in words), the last first.
    changes: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.count = self.count or {lane: len(found) for lane, found in self.waiting.items()}

    def each(self, lane: str) -> float:
        """Return how many people each entry of ``waiting`` represents: 1.0 unless the queue is longer than DRAWN."""
        return self.count[lane] / max(1, len(self.waiting[lane]))

    def coming_within(self, lane: str, seconds: float) -> float:
        """Return the expected arrivals of a lane within the next ``seconds``."""
        found = 0.0
        for start, end, persons in self.coming[lane].spells:
            overlap = min(end, seconds) - max(start, 0.0)
            if overlap > 0 and end > start:
                found += persons * min(1.0, overlap / (end - start))
        return found

    def of(self, lane: str) -> list[Station]:
        """Return the terminals assigned to a lane."""
        return [s for s in self.stations if s.lane == lane]

    def free_in(self, s: Station) -> float:
        """Return the seconds until a terminal can call, by its lane's mean service time.

        A service longer than usual is expected to end within SOON_FREE_S: a long record is often a case that nobody
        ended.
        """
        left = max(SOON_FREE_S, self.pace[s.serves] - s.elapsed) if s.case is not None else 0.0
        return max(s.free_in, left) + s.switching


Recent = tuple[
    dict[str, int], float
]  # arrivals by lane of the last half hour, seconds of it since the first of the day
Served = dict[str, tuple[int, float]]  # by lane: cases, their seconds


def view(
    floor: Floor,
    demand: Demand,
    times: ServiceTimes,
    now: datetime,
    g: Grounds = NONE,
    pace: dict[str, float] | None = None,
    recent: Recent | None = None,
) -> View:
    """Build the view of a Floor at ``now``: of those who will be called, and of terminals that no outage holds up.

    ``pace`` and ``recent``: its ``paces`` and ``came``, where the caller has kept them: both walk through the whole day.
    """
    site = floor.site
    lanes = site.movable_lanes
    waiting: dict[str, list[Waiting]] = {}
    coming: dict[str, Coming] = {}
    for lane in lanes:
        d, usual = demand.lanes[lane], _usual(demand, times, lane)
        # Beyond DRAWN people, evenly spaced ones represent the others with all their work, so that cost is bounded.
        held, length = g.queue(floor, lane), g.waiting(floor, lane)
        each = max(1.0, length / DRAWN)
        places = {int(n * each) for n in range(min(length, DRAWN))}
        found: list[Waiting] = []
        n = 0
        for t in floor.in_turn(lane, now, held):
            if isinstance(t, Heads):
                drawn = sum(n <= place < n + t.n for place in places)
                found += [_wide(Waiting(_seconds(now, t.since), usual), each)] * drawn
                n += t.n
                continue
            if n in places:
                found.append(_wide(Waiting(_seconds(now, t.wait_from), _case(times, t, usual)), each))
            n += 1
        waiting[lane] = found
        ahead = [h for h in d.halves if h.expected > 0 and h.end > now]
        # Whoever comes for a service that stands still takes no terminal.
        comes = 1 - sum(share for s, share in d.mix.items() if s in g.services and s not in floor.stopped)
        ahead = ahead if comes > 0.001 else []
        spells = [(max(0.0, _seconds(now, h.start)), _seconds(now, h.end), h.expected * comes) for h in ahead]
        coming[lane] = Coming(spells, [(share, times.of(s)) for s, share in d.mix.items() if share > 0])
    running = [code for code in floor.terminals if code not in g.terminals]
    stations = [s for code in running if (s := _station(floor, times, demand, code, now)) is not None]
    for s in stations:
        # A lane that its person has not learnt is none to move or to be lent to.
        s.lanes = tuple(x for x in s.lanes if x == s.lane or x not in g.barred.get(s.code, ()))
        s.home = floor.terminals[s.code].home or ""
    arrived, arrived_s = came(floor, now) if recent is None else recent
    return View(
        now,
        lanes,
        waiting,
        stations,
        coming,
        site.thresholds.switch_s,
        [(-_seconds(now, m.at), m.terminal, m.origin, m.to) for m in floor.moves],
        max(0.0, -min((_seconds(now, h.start) for x in lanes for h in demand.lanes[x].halves), default=0.0)),
        max((s[1] for c in coming.values() for s in c.spells), default=0.0),
        paces(floor, demand) if pace is None else pace,
        arrived,
        arrived_s,
        {lane: g.waiting(floor, lane) for lane in lanes},
        _seconds(now, closes_at(floor)),
        g,
        [(-_seconds(now, x.at), x.terminal) for x in floor.loans],
        [(-_seconds(now, at), said) for at, said in hall_changes(floor, now)] if floor.moves else [],
    )


def _wide(w: Waiting, each: float) -> Waiting:
    """Scale the service time of one person who represents ``each`` people served one after another."""
    return w if each == 1.0 else Waiting(w.since, Spread(w.case.mu + log(each), w.case.sigma))


def served(floor: Floor) -> Served:
    """Return by lane how many cases of today have a length that is known, and their seconds together."""
    found: Served = dict.fromkeys(floor.lanes, (0, 0.0))
    for t in floor.tickets.values():
        if t.state == "finished" and not (t.by_rule and (t.untimed or t.at_most)):
            count_served(found, floor.lane_of(t), t)
    return found


def count_served(found: Served, lane: str, t: Ticket) -> None:
    """Add a finished case to those of its lane."""
    if t.serving_since and t.ended_at:
        n, seconds = found[lane]
        found[lane] = n + 1, seconds + min(LONGEST_S, (t.ended_at - t.serving_since).total_seconds())


def paces(floor: Floor, demand: Demand, of_today: Served | None = None) -> dict[str, float]:
    """Return by lane the mean seconds that a case occupies a terminal, over today's and PACE_CASES of the site file.

    Unlike `service_times`, it includes the time until a ticket is ended by the next call: the terminal is taken until
    then. ``of_today``: what ``served`` gives, where the caller has counted on.
    """
    site = floor.site
    of_today = served(floor) if of_today is None else of_today
    found = {}
    for lane in site.movable_lanes:
        mix, (n, seconds) = demand.lanes[lane].mix, of_today[lane]
        usual = sum(share * 60 * site.service_by_code[s].typical_minutes for s, share in mix.items())
        usual /= sum(mix.values()) or 1
        found[lane] = (usual * PACE_CASES + seconds) / (PACE_CASES + n)
    return found


def came(floor: Floor, now: datetime) -> Recent:
    """Return the arrivals by lane within the last half hour, and the seconds of it since the first arrival."""
    found = dict.fromkeys(floor.site.movable_lanes, 0)
    first, recent = now, now - timedelta(seconds=RECENT_S)
    for t in floor.tickets.values():
        at = t.issued_at
        if at is None or at > now:
            continue
        if at < first:
            first = at
        if at > recent and (lane := floor.lane_of(t)) in found:
            found[lane] += 1
    return found, min(RECENT_S, _seconds(first, now))


def _seconds(now: datetime, at: datetime | None) -> float:
    return 0.0 if at is None else (at - now).total_seconds()


def _usual(demand: Demand, times: ServiceTimes, lane: str) -> Spread:
    """Return the service time of the lane's most frequent service."""
    mix = demand.lanes[lane].mix
    return times.of(max(mix, key=lambda s: mix[s]))


def _case(times: ServiceTimes, t: Ticket, usual: Spread) -> Spread:
    return times.of(t.service, t.cards) if t.service is not None else usual


def _station(floor: Floor, times: ServiceTimes, demand: Demand, code: str, now: datetime) -> Station | None:
    """Return a terminal as the planner sees it; None if its lane shares no terminals or nobody works at it."""
    t = floor.terminals[code]
    lanes = floor.site.terminal_by_code[code].lanes
    lane = lane_after(floor, t)
    if lane not in floor.site.movable_lanes:
        return None
    state = floor.state(code)
    switch = float(floor.site.thresholds.switch_s)
    if state == "serving" and t.ticket is not None:
        ticket = floor.tickets[t.ticket]
        # A feed may call from any lane, also from one that shares no terminals and so has no pace.
        serves = t.lane if t.lane in floor.site.movable_lanes else lane
        usual = _usual(demand, times, serves)
        began = ticket.serving_since or now
        station = Station(code, lanes, lane, 0.0, _case(times, ticket, usual), -_seconds(now, began), serves=serves)
        if may_be_free(floor, ticket, now):
            station.case, station.elapsed = None, 0.0
        station.switching = switch if lane != t.lane else 0.0
        if not goes_on(floor, t):
            if not t.paused:
                return None  # its person has left it: nobody is called there after this ticket
            station.free_in = _back_in(floor, t.staff, now)
            station.at_work = False
        return station
    switching = max(0.0, _seconds(now, t.switched_at(floor.site.thresholds.switch_s)))
    if state == "free" and (not t.staff or is_there(floor, t.staff)):
        return Station(code, lanes, lane, switching)
    if state in ("free", "paused"):
        return Station(code, lanes, lane, max(switching, _back_in(floor, t.staff, now)), at_work=False)
    return None


def _back_in(floor: Floor, staff: str | None, now: datetime) -> float:
    """Return the seconds until a person's break ends; UNKNOWN_BREAK_S of a pause that is no break, or has no end."""
    until = break_ends(floor, staff, now)
    return UNKNOWN_BREAK_S if until is None else _seconds(now, until)
