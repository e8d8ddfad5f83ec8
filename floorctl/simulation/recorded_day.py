"""A day as its facts tell it, made ready to be replayed: who came when, what each took, which terminals were staffed.

What a replay keeps of the day (contract 4): arrivals, services, service times, and the terminals at work over time.
What it leaves open: which lane a terminal serves. Times are whole seconds since midnight in Asia/Tokyo.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import fmean

from floorctl.commands.fold import apply, fold
from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts import day_facts as ev
from floorctl.models.facts.day_facts import Entry
from floorctl.models.site.site import Site

ALWAYS = 1 << 40  # later than any day ends


@dataclass(frozen=True, slots=True)
class Job:
    """One ticket. Its wait runs from ``start`` (the issue, or the appointment if that is later) to its first call.

    ``lane`` counts it (the lane of its last service); ``stays`` are the lanes in which it waits: (since, lane).
    ``leaves``: when it goes if it still waits. ``service_s`` holds a terminal however the day is run.
    """

    number: str
    service: str
    cards: int
    lane: str
    issued: int
    start: int
    service_s: int
    leaves: int | None
    stays: tuple[tuple[int, str], ...]
    appointment: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A terminal of the day. ``spans``: when somebody works there, as (from, to, fresh); ``fresh`` where somebody came
    to it while nobody stood there, so that its lane is chosen without a move. ``lanes_then``: its lane in the facts. ``breaks``: those
    of its person as they were told, (from, until)."""

    terminal: str
    lanes: tuple[str, ...]
    spans: tuple[tuple[int, int, bool], ...]
    lanes_then: tuple[tuple[int, str], ...]
    breaks: tuple[tuple[int, int], ...] = ()

    def back_at(self, now: int) -> int | None:
        """When who stands there comes back from a break that runs at ``now``, as far as the facts had said it."""
        return next((until for at, until in reversed(self.breaks) if at <= now < until), None)

    def stays_after(self, end: int) -> bool:
        """Whether who worked until ``end`` goes on later (a pause, a failure) rather than leaves the terminal."""
        return next((not fresh for begin, _, fresh in self.spans if begin >= end), False)

    def lane_then(self, at: int) -> str:
        """The lane that the facts give it at ``at``."""
        lane = self.lanes_then[0][1]
        for since, other in self.lanes_then:
            if since > at:
                break
            lane = other
        return lane


@dataclass(frozen=True, slots=True)
class Halt:
    """Nobody can be called for these services from ``at`` to before ``until``. ``longer_s``: by so much longer takes what
    is in hand at a terminal as it begins."""

    at: int
    until: int
    services: frozenset[str]
    longer_s: int = 0


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A day for replaying: tickets in order of issue, terminals in the site's order; ``halts`` are not in the facts."""

    day: date
    lanes: tuple[str, ...]
    movable: tuple[str, ...]
    card_lanes: tuple[str, ...]
    jobs: tuple[Job, ...]
    posts: tuple[Post, ...]
    switch_s: int
    halts: tuple[Halt, ...] = ()


def record(site: Site, day: date, entries: Iterable[Entry]) -> RecordedDay:
    """The recorded day of the facts of one business day.

    A ticket that was called but whose end is not told, or that never was called, takes the mean of its service on the
    day (the site's typical minutes where there is none).
    """
    whole = fold(site, day, entries)
    midnight = datetime.combine(day, time(), JST)

    def second(at: datetime) -> int:
        return int((at - midnight).total_seconds())

    floor = Floor(site, day)
    tracks = {t.code: _Track(t.lane) for t in site.terminals}
    held: dict[str, int] = {}  # seconds at a terminal by ticket
    since: dict[str, int] = {}
    stays: dict[str, list[tuple[int, str]]] = {}
    known = whole.staffing_known
    for e in whole.entries:
        if e.key in whole.retracted:
            continue
        apply(floor, e)
        at = second(e.fact.at)
        number: str | None = e.fact.__dict__.get("ticket")
        if number is not None and number in floor.tickets:
            t = floor.tickets[number]
            if t.state == "serving":
                since.setdefault(number, at)
            elif number in since:
                held[number] = held.get(number, 0) + at - since.pop(number)
            if t.service is not None:
                lane = floor.lane_of(t)
                places = stays.setdefault(number, [])
                if not places or places[-1][1] != lane:
                    places.append((at, lane))
        if isinstance(e.fact, ev.StaffChanged) and e.fact.status == "on_break" and e.fact.until is not None:
            until = second(datetime.combine(day, time.fromisoformat(e.fact.until), JST))
            for code, track in tracks.items():
                if floor.terminals[code].staff == e.fact.staff:
                    track.breaks.append((at, until))
        if e.kind.startswith(("terminal.", "day.")):
            for code, track in tracks.items():
                s = floor.terminals[code]
                stands = floor.is_open and (s.staff is not None or not known)
                track.note(at, s.next_lane or s.lane, stands, stands and not s.paused and not s.failed)
    # Who is assumed to have ended by the next call at the terminal holds it until then.
    ends = {n: second(t.ended_at) for n, t in whole.tickets.items() if t.ended_at is not None}
    for number, began in since.items():
        if number in ends:
            held[number] = held.get(number, 0) + max(0, ends[number] - began)
    lengths = _lengths(site, whole, held)
    last_call = max((second(t.called_at) for t in whole.tickets.values() if t.called_at is not None), default=0)
    jobs = [
        _job(whole, t, second, held.get(t.number), lengths, stays.get(t.number, []))
        for t in whole.tickets.values()
        if t.issued_at is not None and t.service is not None and not t.unmeasured
    ]
    return RecordedDay(
        day,
        tuple(x.code for x in site.lanes),
        site.movable_lanes,
        site.card_lanes,
        tuple(sorted(jobs, key=lambda j: (j.issued, j.start, j.number))),
        tuple(tracks[t.code].post(t.code, t.lanes, last_call) for t in site.terminals),
        site.thresholds.switch_s,
    )


class _Track:
    """What the facts say of one terminal, gathered in their order."""

    def __init__(self, lane: str) -> None:
        self.lanes: list[tuple[int, str]] = [(0, lane)]
        self.spans: list[tuple[int, int, bool]] = []
        self.breaks: list[tuple[int, int]] = []
        self._since: int | None = None
        self._stands = self._fresh = False

    def note(self, at: int, lane: str, stands: bool, works: bool) -> None:
        if lane != self.lanes[-1][1]:
            self.lanes.append((at, lane))
        self._fresh = self._fresh or (stands and not self._stands)
        self._stands = stands
        if works and self._since is None:
            self._since = at
        elif not works and self._since is not None:
            self._end(at)

    def _end(self, at: int) -> None:
        if self._since is not None and at > self._since:
            self.spans.append((self._since, at, self._fresh))
            self._fresh = False
        self._since = None

    def post(self, code: str, lanes: tuple[str, ...], last_call: int) -> Post:
        self._end(ALWAYS)
        if self.spans and self.spans[-1][1] >= last_call:
            # Whoever worked until the last call would have gone on for those who, run otherwise, waited longer.
            self.spans[-1] = (self.spans[-1][0], ALWAYS, self.spans[-1][2])
        return Post(code, lanes, tuple(self.spans), tuple(self.lanes), tuple(self.breaks))


def _lengths(site: Site, floor: Floor, held: dict[str, int]) -> dict[str, int]:
    """Mean seconds at a terminal by service."""
    seen: dict[str, list[int]] = {}
    for number, seconds in held.items():
        t = floor.tickets[number]
        if t.service is not None and t.state == "finished":
            seen.setdefault(t.service, []).append(seconds)
    return {s.code: round(fmean(seen[s.code])) if s.code in seen else 60 * s.typical_minutes for s in site.services}


def _job(
    floor: Floor, t: Ticket, second: object, held: int | None, lengths: dict[str, int], stays: list[tuple[int, str]]
) -> Job:
    assert callable(second) and t.issued_at is not None and t.wait_from is not None and t.service is not None
    gone = t.state == "left" and t.called_at is None and t.ended_at is not None
    issued = second(t.issued_at)
    lane = floor.site.service_by_code[t.service].lane
    places = stays or [(issued, lane)]
    return Job(
        t.number,
        t.service,
        t.cards,
        lane,
        issued,
        max(issued, second(t.wait_from)),
        max(1, lengths[t.service] if held is None else held),
        max(issued, second(t.ended_at)) if gone else None,
        ((issued, places[0][1]), *places[1:]),
        t.due_at is not None,
    )
