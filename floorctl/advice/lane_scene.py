"""A lane as it stands: its desks with their present cases, who waits and in which order, who is still to come. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import inf, sqrt

from floorctl.advice.known_ahead import Ahead
from floorctl.advice.service_times import ServiceTimes, Spread
from floorctl.models.day.floor import Floor

# So many of a lane are run forward one by one, and so many appointments ahead: more than a hall holds. Who stands behind
# them is called at the pace of the last half of these, so that no count, however large, makes work.
DRAWN = 200
# The order of calling is learned from the last so many with an appointment and without: a day of any size costs the same.
_TOLD_APART = 200
# A free desk calls within this; one that has stood free for longer while people wait calls in as long again (Lindy).
CALLS_S = 30.0
# People come about so long before their appointment.
_EARLY_S = 360.0
# Nobody gives up in the first half hour of a wait [J]; after that, before the day has told, once in an hour of waiting.
PATIENCE_S = 1800.0
_LEAVES_S = 3600.0
# Half of what is not known of a day's lengths shows as one sd of the pace; with many cases this much is left.
PACE_LOW = 0.08


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk that calls in a lane: ``case`` is what it works on (None: free), for ``elapsed_s`` (or free so long while
    people wait); it opens in ``opens_s`` and closes in ``closes_s``."""

    terminal: str
    case: Spread | None
    elapsed_s: float
    opens_s: float = 0.0
    closes_s: float = inf


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the queue, or expected with an appointment (``ticket`` None).

    ``start_s``: when their wait begins, from now (the issue or the appointment if later); ``booked``: they go before
    walk-ins once that has come; ``here_s``: when they come.
    """

    ticket: str | None
    case: Spread
    start_s: float = 0.0
    booked: bool = False
    here_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A lane at an instant: who waits, in the order of calling; who is expected; the desks.

    ``people``: at most the first DRAWN of the ``total`` who wait; ``further``: those behind them who have a number, with
    their place from 0 (the others are known by a head count alone).
    ``usual``: a case of somebody of whom nothing is known; ``pace``: sd of the log of what all lengths may be wrong by;
    ``leaving``: hazard of giving up, per second beyond the first 20 minutes; ``strict``: due appointments are called
    before walk-ins (else all in the order in which their waits began, as this hall has done today).
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

    @property
    def waiting(self) -> int:
        return max(self.total, len(self.people))

    @property
    def beyond(self) -> int:
        """Return how many wait behind those that are run forward."""
        return self.waiting - len(self.people)

    @property
    def last(self) -> Person | None:
        """Return the person who stands last; None where nobody waits."""
        if self.beyond:
            return self.further[-1][1] if self.further else Person("", self.usual)
        return self.people[-1] if self.people else None

    def work_s(self) -> float:
        """Return what all who wait will take together, in seconds of a desk."""
        return sum(count * case.mean_s for case, count in self.cases())

    def cases(self) -> Iterator[tuple[Spread, int]]:
        """The cases of all who wait, in the order of calling: (length, of how many)."""
        yield from ((p.case, 1) for p in self.people)
        unnamed = self.beyond - len(self.further)
        if unnamed:
            yield self.usual, unnamed
        yield from ((p.case, 1) for _, p in self.further)


def scene(floor: Floor, times: ServiceTimes, lane: str, now: datetime, ahead: Ahead) -> Scene:
    """The lane as it is on ``floor`` at ``now``."""
    site = floor.site
    usual = times.of(next((s.code for s in site.services if s.lane == lane), site.services[0].code))
    queue = sorted(floor.lanes[lane].tickets.values(), key=lambda t: floor.turn(t, now))
    # Persons whom only a head count knows were there before the numbers: they are called first.
    uncounted = floor.lanes[lane].uncounted
    people = [Person("", usual)] * min(uncounted, DRAWN)
    further: list[tuple[int, Person]] = []
    for place, t in enumerate(queue, uncounted):
        case = times.of(t.service, t.cards) if t.service else usual
        start = (t.wait_from - now).total_seconds() if t.wait_from else 0.0
        person = Person(t.number, case, start, floor.turn(t, now)[0] != 1)
        if place < DRAWN:
            people.append(person)
        else:
            further.append((place, person))
    service = next((s.code for s in site.services if s.appointment and s.lane == lane), None)
    expected = (
        tuple(
            Person(None, times.of(service, cards), due_s, True, max(0.0, due_s - _EARLY_S))
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
        _leaving(floor, lane, now),
        _strict(floor, lane) if service is not None else True,
        uncounted + len(queue),
        tuple(further),
    )


def _desks(floor: Floor, times: ServiceTimes, lane: str, now: datetime, ahead: Ahead, usual: Spread) -> list[Desk]:
    tickets = floor.lanes[lane].tickets.values()
    longest = max(((now - t.issued_at).total_seconds() for t in tickets if t.issued_at), default=0.0)
    switch = float(floor.site.thresholds.switch_s)

    def seconds(at: datetime) -> float:
        return max(0.0, (at - now).total_seconds())

    desks = []
    for t in floor.terminals.values():
        state, goes_on = floor.state(t.code), (t.next_lane or t.lane) == lane
        closes = seconds(ahead.closes[t.code]) if t.code in ahead.closes else inf
        if not goes_on:
            continue
        if state == "serving":
            case = floor.tickets.get(t.ticket or "")
            spread = times.of(case.service, case.cards) if case is not None and case.service else usual
            since = case.serving_since if case is not None else None
            elapsed = (now - since).total_seconds() if since else 0.0
            if t.next_lane is None:
                desks.append(Desk(t.code, spread, elapsed, 0.0, closes))
            else:
                desks.append(Desk(t.code, None, 0.0, spread.left_mean_s(elapsed) + switch, closes))
        elif state == "free":
            idle = (now - t.since).total_seconds() if t.since else 0.0
            desks.append(Desk(t.code, None, max(0.0, min(idle, longest)), 0.0, closes))
    desks += [Desk(o.terminal, None, 0.0, seconds(o.at)) for o in ahead.opens.get(lane, ())]
    return desks


def _leaving(floor: Floor, lane: str, now: datetime) -> float:
    """Return the hazard of giving up, per second of waiting beyond the first 20 minutes: today's own share, and before
    there is one, once in four hours of such waiting."""
    left, waited = 1.0, _LEAVES_S
    lane_of = {s.code: s.lane for s in floor.site.services}
    for t in floor.tickets.values():
        if t.left_by_count or (lane_of[t.service] if t.service is not None else floor.lane_of(t)) != lane:
            continue
        start = t.wait_from
        if start is None:
            continue
        end = t.called_at or t.ended_at or now
        beyond = (end - start).total_seconds() - PATIENCE_S
        if beyond > 0:
            waited += beyond
        left += t.state == "left"
    return left / waited


def _strict(floor: Floor, lane: str) -> bool:
    """Return whether this hall has called due appointments before walk-ins today, where both waited; so it is until it is seen
    otherwise (`Floor.turn`)."""
    booked = [
        t for t in floor.tickets.values() if t.due_at and t.issued_at and t.called_at and floor.lane_of(t) == lane
    ]
    walked = [
        t for t in floor.tickets.values() if not t.due_at and t.issued_at and t.called_at and floor.lane_of(t) == lane
    ]
    for told in (booked, walked):
        told.sort(key=lambda t: (t.called_at, t.number))
        del told[:-_TOLD_APART]
    before = after = 0
    for w in walked:
        for b in booked:
            assert w.issued_at and w.called_at and b.issued_at and b.called_at and b.wait_from
            # Both were there, the appointment was due, and the walk-in's wait had begun before.
            if w.issued_at < b.wait_from <= min(w.called_at, b.called_at):
                before, after = before + (b.called_at < w.called_at), after + (w.called_at < b.called_at)
    return before >= after
