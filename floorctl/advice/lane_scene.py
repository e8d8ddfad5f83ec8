"""Describe one lane for a simulated run: its terminals and cases, the queue in calling order, arrivals. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from math import inf, sqrt

from floorctl.advice.known_ahead import Ahead
from floorctl.advice.service_times import ServiceTimes, Spread
from floorctl.common.frozen import frozen
from floorctl.models.board.appointments import EARLY
from floorctl.models.board.lane_cover import at_work_in
from floorctl.models.board.told import may_be_free
from floorctl.models.day.floor import Floor, Heads

# People of a lane, and appointments ahead, that are simulated one by one: more than a hall holds. Those
# behind are called at the pace of the last half of these, so that cost is bounded.
DRAWN = 200
# Calls with and without appointment from which the calling order is inferred: cost is bounded.
_ORDER_CALLS = 200
# A free terminal calls within this; one free for longer while people wait takes as long again (Lindy), as if it had
# been free for MOST_IDLE_S at most, and calls by LATEST_CALL_S: beyond, the record is in doubt and not the terminal.
CALLS_S, MOST_IDLE_S, LATEST_CALL_S = 30.0, 600.0, 1800.0
# Nobody abandons in the first half hour [J]; the prior is one abandonment in an hour of waiting beyond it.
PATIENCE_S = 1800.0
_LEAVES_S = 3600.0
# Lower limit of the sd of the common log error, reached with many cases.
PACE_LOW = 0.08


@frozen
class Desk:
    """Terminal that calls in a lane.

    ``case``: service time of the present case (None: free); ``elapsed_s``: seconds of it that have passed, or seconds
    free while people waited; it opens in ``opens_s`` and closes in ``closes_s``.
    """

    terminal: str
    case: Spread | None
    elapsed_s: float
    opens_s: float = 0.0
    closes_s: float = inf


@frozen
class Person:
    """Person in the queue, or expected with an appointment (``ticket`` None). Seconds from now.

    ``start_s``: start of the wait (the issue of the ticket, or the appointment if later); ``booked``: called before
    walk-ins once ``start_s`` has come; ``here_s``: arrival.
    """

    ticket: str | None
    case: Spread
    start_s: float = 0.0
    booked: bool = False
    here_s: float = 0.0


@frozen
class Scene:
    """One lane at an instant: the queue in calling order, expected appointments, terminals.

    ``people``: at most the first DRAWN of the ``total`` who wait; ``further``: those behind them who hold a number,
    with their place from 0 (the rest is known by a head count alone). ``both``: appointments and walk-ins come today. ``usual``: service time of an unknown case;
    ``pace``: sd of the common log error of all service times; ``leaving``: hazard of abandonment per second of waiting
    beyond PATIENCE_S; ``strict``: due appointments are called before walk-ins (else in the order in which the waits
    began).
    """

    lane: str
    people: tuple[Person, ...]
    expected: tuple[Person, ...]
    desks: tuple[Desk, ...]
    usual: Spread
    pace: float
    leaving: float
    strict: bool = True
    total: int = 0
    further: tuple[tuple[int, Person], ...] = ()
    both: bool = False

    @property
    def waiting(self) -> int:
        """Return the length of the queue."""
        return max(self.total, len(self.people))

    @property
    def mixed(self) -> bool:
        """Return whether appointments change the calling order now."""
        return bool(self.expected) or any(p.booked for p in self.people)

    @property
    def beyond(self) -> int:
        """Return how many wait behind those that are run forward."""
        return self.waiting - len(self.people)

    @property
    def last(self) -> Person | None:
        """Return the last person in the queue; None if it is empty."""
        if self.beyond:
            return self.further[-1][1] if self.further else Person("", self.usual)
        return self.people[-1] if self.people else None

    def work_s(self) -> float:
        """Return the expected service time of the whole queue, in terminal-seconds."""
        return sum(count * case.mean_s for case, count in self.cases())

    def cases(self) -> Iterator[tuple[Spread, int]]:
        """Yield the service times of the queue in calling order, as (service time, number of people)."""
        yield from ((p.case, 1) for p in self.people)
        unnamed = self.beyond - len(self.further)
        if unnamed:
            yield self.usual, unnamed
        yield from ((p.case, 1) for _, p in self.further)


def scene(floor: Floor, times: ServiceTimes, lane: str, now: datetime, ahead: Ahead) -> Scene:
    """Build the scene of a lane from ``floor`` at ``now``."""
    site = floor.site
    usual = times.unknown(lane)
    people: list[Person] = []
    further: list[tuple[int, Person]] = []
    place = 0
    for t in floor.in_turn(lane, now, ahead.grounds.queue(floor, lane)):
        if isinstance(t, Heads):
            person = Person("", usual, (t.since - now).total_seconds())
            people += [person] * min(t.n, max(0, DRAWN - place))
            place += t.n
            continue
        case = times.of(t.service, t.cards) if t.service else usual
        start = (t.wait_from - now).total_seconds() if t.wait_from else 0.0
        person = Person(t.number, case, start, floor.turn(t, now)[0] != 1)
        if place < DRAWN:
            people.append(person)
        else:
            further.append((place, person))
        place += 1
    service = next((s.code for s in site.services if s.appointment and s.lane == lane), None)
    expected = (
        tuple(
            Person(None, times.of(service, cards), due_s, True, max(0.0, due_s - EARLY.total_seconds()))
            for due, cards in sorted(ahead.booked.get(lane, ()))[:DRAWN]
            for due_s in [(due - now).total_seconds()]
        )
        if service is not None
        else ()
    )
    pace = max(PACE_LOW, times.sigma[lane] / sqrt(times.cases[lane] + 4.0))
    return Scene(
        lane,
        tuple(people),
        expected,
        tuple(_desks(floor, times, lane, now, ahead, usual)),
        usual,
        pace,
        _leaving(floor, now, ahead)[lane],
        _strict(floor, lane) if service is not None else True,
        place,
        tuple(further),
        service is not None
        and (ahead.appointments or any(t.due_at and floor.lane_of(t) == lane for t in floor.tickets.values())),
    )


def _desks(floor: Floor, times: ServiceTimes, lane: str, now: datetime, ahead: Ahead, usual: Spread) -> list[Desk]:
    """Return the terminals of a lane that work now or will open."""
    tickets = ahead.grounds.queue(floor, lane)
    longest = max(((now - t.issued_at).total_seconds() for t in tickets if t.issued_at), default=0.0)
    switch = float(floor.site.thresholds.switch_s)

    def seconds(at: datetime) -> float:
        return max(0.0, (at - now).total_seconds())

    desks = []
    for t in floor.terminals.values():
        state = floor.state(t.code)
        closes = seconds(ahead.closes[t.code]) if t.code in ahead.closes else inf
        if not at_work_in(floor, t.code, lane) or t.code in ahead.grounds.terminals:
            continue
        if state == "serving":
            case = floor.tickets.get(t.ticket or "")
            spread = times.of(case.service, case.cards) if case is not None and case.service else usual
            since = case.serving_since if case is not None else None
            elapsed = (now - since).total_seconds() if since else 0.0
            stays = lane == t.lane
            if case is not None and may_be_free(floor, case, now):
                desks.append(Desk(t.code, None, 0.0, 0.0 if stays else switch, closes))
            elif stays:
                desks.append(Desk(t.code, spread, elapsed, 0.0, closes))
            else:
                desks.append(Desk(t.code, None, 0.0, spread.left_mean_s(elapsed) + switch, closes))
        elif state == "free":
            idle = (now - t.since).total_seconds() if t.since else 0.0
            switched = t.switched_at(floor.site.thresholds.switch_s)
            if switched is not None:  # before, it could not have called anybody of this lane
                idle = min(idle, (now - switched).total_seconds())
            desks.append(Desk(t.code, None, max(0.0, min(idle, longest)), max(0.0, -idle), closes))
    for o in ahead.opens.get(lane, ()):
        if o.terminal not in ahead.grounds.terminals:
            switched = floor.terminals[o.terminal].switched_at(floor.site.thresholds.switch_s)
            desks.append(Desk(o.terminal, None, 0.0, seconds(max(o.at, switched or o.at))))
    return desks


def _leaving(floor: Floor, now: datetime, ahead: Ahead) -> dict[str, float]:
    """Return by lane the hazard of abandonment per second of waiting beyond PATIENCE_S; numbers that nobody holds do not wait.

    Today's abandonments over today's waiting time, with a prior of one abandonment in an hour of such waiting. Of all
    lanes in one walk through the day's tickets, once an instant: ``ahead`` keeps it.
    """
    if ahead.leaving:
        return ahead.leaving
    left, waited = dict.fromkeys(floor.lanes, 1.0), dict.fromkeys(floor.lanes, _LEAVES_S)
    lane_of = {s.code: s.lane for s in floor.site.services}
    lost = {lane: ahead.grounds.never_called(lane) for lane in floor.lanes}
    for t in floor.tickets.values():
        start = t.wait_from
        if start is None or t.state == "counted_out":
            continue
        lane = lane_of[t.service] if t.service is not None else floor.lane_of(t)
        if t.state == "waiting" and t.number in lost[lane]:
            continue
        beyond = ((t.called_at or t.ended_at or now) - start).total_seconds() - PATIENCE_S
        if beyond > 0:
            waited[lane] += beyond
        left[lane] += t.state == "left"
    ahead.leaving = {lane: left[lane] / waited[lane] for lane in floor.lanes}
    return ahead.leaving


def _strict(floor: Floor, lane: str) -> bool:
    """Return whether due appointments were called before walk-ins today where both waited; True without evidence."""
    booked = [
        t for t in floor.tickets.values() if t.due_at and t.issued_at and t.called_at and floor.lane_of(t) == lane
    ]
    walked = [
        t for t in floor.tickets.values() if not t.due_at and t.issued_at and t.called_at and floor.lane_of(t) == lane
    ]
    for called in (booked, walked):
        called.sort(key=lambda t: (t.called_at, t.number))
        del called[:-_ORDER_CALLS]
    before = after = 0
    for w in walked:
        for b in booked:
            assert w.issued_at and w.called_at and b.issued_at and b.called_at and b.wait_from
            # Both waited, the appointment was due, and the walk-in's wait had begun earlier.
            if w.issued_at < b.wait_from <= min(w.called_at, b.called_at):
                before, after = before + (b.called_at < w.called_at), after + (w.called_at < b.called_at)
    return before >= after
