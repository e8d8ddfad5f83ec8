"""The hall at one instant as the planner sees it, made from the facts: who waits, which terminals work, who will come. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from math import log

from floorctl.advice.demand import Demand
from floorctl.advice.service_times import ServiceTimes, Spread
from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket

NEVER = float("inf")
DRAWN = 200  # so many people of a lane are drawn one by one; a hall holds no more
UNKNOWN_BREAK_S = 1800.0  # a pause of which nobody said how long
RECENT_S = 1800.0  # arrivals of so long ago are those of now
PACE_CASES = 6  # the site file's minutes count as so many cases of today
LONGEST_S = 2400.0  # a case counts as no longer: it was left open
SOON_FREE_S = 120.0  # a case that has lasted longer than usual ends in about so long


@dataclass(slots=True)
class Waiting:
    """Somebody who waits: since when, in seconds from now (negative), and how long the case will take."""

    since: float
    case: Spread


@dataclass(slots=True)
class Station:
    """A terminal that works, or will within the horizon: its next free second is ``free_in`` or, while it serves, what
    is left of ``case`` after ``elapsed`` seconds; ``switching`` comes on top. ``serves``: the lane of that case, which is
    another than ``lane`` while it is told to move."""

    code: str
    lanes: tuple[str, ...]
    lane: str
    free_in: float = 0.0
    case: Spread | None = None
    elapsed: float = 0.0
    switching: float = 0.0
    at_work: bool = True
    serves: str = ""


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
    waiting: dict[str, list[Waiting]]  # at most DRAWN of a lane, each for ``each`` of those who wait
    stations: list[Station]
    coming: dict[str, Coming]
    switch_s: int
    bands: dict[str, tuple[int, int]] = field(default_factory=dict)
    moved: list[tuple[float, str, str, str]] = field(default_factory=list)  # (seconds ago, terminal, from, to)
    gone_s: float = 0.0  # since the first reception began
    left_s: float = 0.0  # until the reception of the last lane ends
    pace: dict[str, float] = field(default_factory=dict)  # seconds that a terminal of the lane takes for a case
    came: dict[str, int] = field(default_factory=dict)  # arrivals within the last ``came_s`` seconds
    came_s: float = 0.0
    count: dict[str, int] = field(default_factory=dict)  # how many wait in each lane

    def __post_init__(self) -> None:
        self.count = self.count or {lane: len(found) for lane, found in self.waiting.items()}

    def each(self, lane: str) -> float:
        """For how many of those who wait each of ``waiting`` stands: 1.0 as long as all of them are there."""
        return self.count[lane] / max(1, len(self.waiting[lane]))

    def of(self, lane: str) -> list[Station]:
        return [s for s in self.stations if s.lane == lane]

    def free_in(self, s: Station) -> float:
        """Seconds until a station can call, by the pace of its lane: a case that has lasted longer than most is told to
        end soon, for what is recorded as long is often a case that nobody ended."""
        left = max(SOON_FREE_S, self.pace[s.serves] - s.elapsed) if s.case is not None else 0.0
        return max(s.free_in, left) + s.switching


def view(floor: Floor, demand: Demand, times: ServiceTimes, now: datetime) -> View:
    """What the planner needs to know of a Floor at ``now``."""
    site = floor.site
    lanes = site.movable_lanes
    waiting: dict[str, list[Waiting]] = {}
    count: dict[str, int] = {}
    for lane in lanes:
        queue = floor.lanes[lane]
        usual = _usual(demand, times, lane)
        count[lane] = queue.waiting
        # Of more than DRAWN every so many-th stands for those about it, with all their work: no count makes more of it.
        each = max(1.0, queue.waiting / DRAWN)
        places = {int(n * each) for n in range(min(queue.waiting, DRAWN))}
        found = [_wide(Waiting(0.0, usual), each)] * sum(n < queue.uncounted for n in places)
        for n, t in enumerate(sorted(queue.tickets.values(), key=lambda t: floor.turn(t, now)), queue.uncounted):
            if n in places:
                found.append(_wide(Waiting(_seconds(now, t.wait_from), _case(times, t, usual)), each))
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
    came, came_s = _came(floor, now)
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
        {lane: _pace(floor, demand, lane, now) for lane in lanes},
        came,
        came_s,
        count,
    )


def _wide(w: Waiting, each: float) -> Waiting:
    """Somebody who stands for ``each`` people: their cases one after another."""
    return w if each == 1.0 else Waiting(w.since, Spread(w.case.mu + log(each), w.case.sigma))


def _pace(floor: Floor, demand: Demand, lane: str, now: datetime) -> float:
    """Seconds that a terminal takes for a case of the lane: the mean of today's and, as so many cases, of the site file.

    The pace of the terminals is what counts for who waits, whatever the case itself took (`service_times` asks for that):
    a ticket that is ended by the next call holds its terminal until then.
    """
    site = floor.site
    mix = demand.lanes[lane].mix
    usual = sum(share * 60 * site.service_by_code[s].typical_minutes for s, share in mix.items()) / (
        sum(mix.values()) or 1
    )
    total, n = usual * PACE_CASES, PACE_CASES
    for t in floor.tickets.values():
        if (
            t.state == "finished"
            and t.serving_since is not None
            and t.ended_at is not None
            and floor.lane_of(t) == lane
        ):
            total += min(LONGEST_S, (t.ended_at - t.serving_since).total_seconds())
            n += 1
    return total / n


def _came(floor: Floor, now: datetime) -> tuple[dict[str, int], float]:
    """Arrivals by lane within the last half hour, and how much of that the day has lasted."""
    found = dict.fromkeys(floor.site.movable_lanes, 0)
    first = now
    for t in floor.tickets.values():
        if t.issued_at is None or t.issued_at > now:
            continue
        first = min(first, t.issued_at)
        lane = floor.lane_of(t)
        if lane in found and (now - t.issued_at).total_seconds() < RECENT_S:
            found[lane] += 1
    return found, min(RECENT_S, (now - first).total_seconds())


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
        # A feed may call anybody anywhere, also where a lane has no service and so no pace of its own.
        serves = t.lane if t.lane in floor.site.movable_lanes else lane
        usual = _usual(demand, times, serves)
        began = ticket.serving_since or now
        station = Station(code, lanes, lane, 0.0, _case(times, ticket, usual), -_seconds(now, began), serves=serves)
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


def _back_in(floor: Floor, staff: str | None, now: datetime) -> float:
    person = floor.staff.get(staff) if staff is not None else None
    if person is not None and person.until is not None:
        until = datetime.combine(floor.day, time.fromisoformat(person.until), JST)
        return max(60.0, (until - now).total_seconds())
    return UNKNOWN_BREAK_S
