"""Take the idle time out of recorded service times, where a case was ended by the next call or the machine's limit. Pure.

A desk without a queue is free before its ticket ends: such a length holds the idle time of the split that was there.
It becomes the mean of the cases of its service that ended while somebody waited, at most what was recorded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import accumulate
from statistics import fmean

from floorctl.advice.service_times import NO_WAIT_S, Observation, observations
from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.simulation.recorded_day import Job, RecordedDay

FEW = 5  # cases of a service, or else of its lane, of which a mean is taken [J]
MANY = 0.2  # share of the cases from which on a study says that they hold idle time [J]


class Lengths:
    """Service times of a study's days: as recorded, or net; counts the cases whose length evidently holds idle time."""

    def __init__(self, *, net: bool = False) -> None:
        self.net = net
        self.cases = self.idle = 0

    def of(self, day: RecordedDay, floor: Floor) -> RecordedDay:
        """Return a day with these service times. ``floor``: its facts, folded to their end."""
        cases = _cases(floor)
        idle = _with_idle(floor, cases)
        self.cases, self.idle = self.cases + len(cases), self.idle + len(idle)
        return net(day, floor) if self.net else day

    @property
    def share(self) -> float:
        """Return the share of the cases that hold idle time; 0 without any."""
        return self.idle / self.cases if self.cases else 0.0


def net(day: RecordedDay, floor: Floor) -> RecordedDay:
    """Return a day with net service times. ``floor``: its facts, folded to their end.

    A case keeps its recorded length where fewer than FEW others of its lane tell theirs.
    """
    cases = _cases(floor)
    idle = _with_idle(floor, cases)
    lane_of = {s.code: s.lane for s in floor.site.services}
    tickets = {t.key: t for t in floor.tickets.values()}
    told: dict[str, list[float]] = {}  # by service and by lane
    for o in cases:
        if o.ticket not in idle:
            told.setdefault(o.service, []).append(o.seconds)
            told.setdefault(f"lane {lane_of[o.service]}", []).append(o.seconds)
    usual = {key: fmean(found) for key, found in told.items() if len(found) >= FEW}

    def job(j: Job) -> Job:
        o = idle.get(j.number)
        mean = usual.get(o.service, usual.get(f"lane {lane_of[o.service]}")) if o is not None else None
        if o is None or mean is None:
            return j
        length = min(mean, o.seconds)
        if tickets[j.number].at_most:  # its source tells no ends: its recorded length is in no replay
            return replace(j, service_s=max(1, round(length)))
        return replace(j, service_s=max(1, j.service_s - round(o.seconds - length)))  # earlier visits keep theirs

    return replace(day, jobs=tuple(map(job, day.jobs)))


def _cases(floor: Floor) -> list[Observation]:
    """Return the cases of a whole day whose end is known, exactly or as a bound."""
    night = datetime.combine(floor.day, time(), JST) + timedelta(days=1)
    return [o for o in observations(floor, night) if o.how != "at_least"]


def _with_idle(floor: Floor, cases: Iterable[Observation]) -> dict[str, Observation]:
    """Return, by ticket, the cases that are bounds and at whose end nobody had waited for them: a busy desk goes on."""
    lane_of = {s.code: s.lane for s in floor.site.services}
    waits: dict[str, list[tuple[datetime, datetime]]] = {}
    for t in floor.tickets.values():
        until = t.called_at or (t.ended_at if t.state == "left" else None)
        if t.service is not None and t.wait_from is not None and until is not None:
            waits.setdefault(lane_of[t.service], []).append((t.wait_from, until))
    began: dict[str, list[datetime]] = {}
    longest: dict[str, list[datetime]] = {}  # of all who began to wait so far, when the last one was called or left
    for lane, spans in waits.items():
        spans.sort()
        began[lane] = [since for since, _ in spans]
        longest[lane] = list(accumulate((until for _, until in spans), max))
    tickets = {t.key: t for t in floor.tickets.values()}  # a number that was issued again is another ticket
    found = {}
    for o in cases:
        end, lane = tickets[o.ticket].ended_at, lane_of[o.service]
        if o.how != "at_most" or end is None:
            continue
        before = bisect_left(began.get(lane, ()), end - timedelta(seconds=NO_WAIT_S))
        if not before or longest[lane][before - 1] <= end:
            found[o.ticket] = o
    return found
