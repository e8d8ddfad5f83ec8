"""Convert the facts of a day into the input of a replay: arrivals, service times, staffed terminals. Pure.

Kept (contract 4): arrivals, services, service times, and the terminals at work over time. Left to the policy: the lane
that a terminal serves. Times are whole seconds since midnight in Asia/Tokyo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from statistics import fmean

from floorctl.commands.fold import apply, fold
from floorctl.common.clock import JST, on_day
from floorctl.common.frozen import frozen
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.site.site import Site

ALWAYS = 1 << 40  # later than any day ends
HELD_S = 60  # a terminal that is about to stop takes nobody for so long


@frozen
class Job:
    """One ticket. Its wait runs from ``start`` (the issue, or the appointment if later) to its first call.

    ``lane``: lane of its last service, which counts it; ``stays``: lanes in which it waits, as (since, lane);
    ``leaves``: when it abandons if still waiting; ``service_s``: time at a terminal under any policy.
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


@frozen
class Post:
    """Terminal of the day.

    ``spans``: when somebody works there, as (from, to, fresh); ``fresh`` if it was unstaffed before, so that its lane
    is chosen without a move. ``lanes_then``: recorded lanes, as (since, lane), moves and loans alike by their orders;
    ``breaks``: recorded breaks of its person, as (from, until).
    """

    terminal: str
    lanes: tuple[str, ...]
    spans: tuple[tuple[int, int, bool], ...]
    lanes_then: tuple[tuple[int, str], ...]
    breaks: tuple[tuple[int, int], ...] = ()
    loans: tuple[int, ...] = ()  # seconds of ``lanes_then`` at which it was lent
    returns: tuple[int, ...] = ()  # and at which it was sent home, by order, by a move home, unstaffed
    kept: tuple[int, ...] = ()  # and at which a move made its loan lasting

    def back_at(self, now: int) -> int | None:
        """Return when the break in progress at ``now`` ends, as recorded; None without one."""
        return next((until for at, until in reversed(self.breaks) if at <= now < until), None)

    def stays_after(self, end: int) -> bool:
        """Return whether the person who worked until ``end`` resumes later (a pause, a failure) instead of leaving."""
        return next((not fresh for begin, _, fresh in self.spans if begin >= end), False)

    def lane_then(self, at: int) -> str:
        """Return the recorded lane at ``at``."""
        return self._ordered(at)[1]

    def was_lent(self, at: int) -> bool:
        """Return whether the recorded lane at ``at`` is that of a loan."""
        return self._ordered(at)[0] in self.loans

    def was_returned(self, at: int) -> bool:
        """Return whether the terminal came home from a loan to its recorded lane at ``at``, without a move."""
        return self._ordered(at)[0] in self.returns

    def _ordered(self, at: int) -> tuple[int, str]:
        """Return the recorded lane at ``at`` and since when it was ordered."""
        found = self.lanes_then[0]
        for then in self.lanes_then:
            if then[0] > at:
                break
            found = then
        return found


@frozen
class Halt:
    """Interruption of these services from ``at`` to before ``until``: nobody is called for them.

    ``longer_s``: extension of the cases in progress when it begins.
    """

    at: int
    until: int
    services: frozenset[str]
    longer_s: int = 0


@frozen
class RecordedDay:
    """Input of a replay: tickets in order of issue, terminals in the site's order. ``halts`` are not in the facts."""

    day: date
    lanes: tuple[str, ...]
    movable: tuple[str, ...]
    card_lanes: tuple[str, ...]
    jobs: tuple[Job, ...]
    posts: tuple[Post, ...]
    switch_s: int
    halts: tuple[Halt, ...] = ()

    @property
    def ends_s(self) -> int:
        """Return the last second of which anything is recorded: an arrival, a departure, or an end of work."""
        ends = [end for post in self.posts for _, end, _ in post.spans if end < ALWAYS]
        return max([job.leaves or job.start for job in self.jobs] + ends, default=0)


def record(site: Site, day: date, entries: Iterable[Entry]) -> RecordedDay:
    """Convert the facts of one business day.

    A ticket that was never called, or whose end is not recorded, gets the mean service time of its service on the day
    (else the site's typical minutes).
    """
    return of_floor(fold(site, day, entries))


def of_floor(whole: Floor) -> RecordedDay:
    """Convert a business day whose facts are folded to their end, as ``record``."""
    site, day = whole.site, whole.day
    midnight = datetime.combine(day, time(), JST)

    def second(at: datetime) -> int:
        return int((at - midnight).total_seconds())

    floor = Floor(site, day)
    tracks = {t.code: _Track(t.lane) for t in site.terminals}
    held: dict[str, int] = {}  # seconds at terminals by ticket
    since: dict[str, int] = {}
    stays: dict[str, list[tuple[int, str]]] = {}
    known = whole.staffing_known
    lapsed = {(x.terminal, x.at) for x in whole.loans if x.went is None}
    for e in whole.entries:
        if e.key in whole.retracted:
            continue
        stops: dict[str, int] = {}
        if e.kind.startswith("terminal."):
            stops = {code: second(_stops_calling(floor, code, e.fact.at)) for code in tracks}
        at = second(e.fact.at)
        if isinstance(e.fact, ev.TerminalAssigned) and (home := floor.terminals[e.fact.terminal].home) is not None:
            track = tracks[e.fact.terminal]
            (track.returns if e.fact.lane == home else track.kept).append(at)
        apply(floor, e)
        number: str | None = getattr(e.fact, "ticket", None)
        if number is not None and number in floor.tickets:
            t = floor.tickets[number]
            number = t.key
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
            until = second(on_day(day, e.fact.until))
            for code, track in tracks.items():
                if floor.terminals[code].staff == e.fact.staff:
                    track.breaks.append((at, until))
        if isinstance(e.fact, ev.TerminalLent | ev.TerminalReturned) and e.fact.terminal in tracks:
            track = tracks[e.fact.terminal]
            (track.loans if isinstance(e.fact, ev.TerminalLent) else track.returns).append(at)
        if e.kind.startswith(("terminal.", "day.")):
            for code, track in tracks.items():
                s = floor.terminals[code]
                staffed = floor.is_open and (s.staff is not None or not known)
                works = staffed and not s.paused and not s.failed
                track.note(at, _lane_then(floor, s, lapsed), staffed, works, stops.get(code, at))
    for x in whole.loans:
        if x.ended in ("unstaffed", "closed") and x.back is not None:
            tracks[x.terminal].returns.append(second(x.back))
    # An end that is assumed from the terminal's next call holds the terminal until then.
    ends = {t.key: second(t.ended_at) for t in whole.tickets.values() if t.ended_at is not None}
    for number, began in since.items():
        if number in ends:
            held[number] = held.get(number, 0) + max(0, ends[number] - began)
    for t in whole.tickets.values():
        if t.at_most or (t.by_rule and t.untimed):
            held.pop(t.key, None)  # nobody tells how long it took
    lengths = _lengths(site, whole, held)
    last_call = max((second(t.called_at) for t in whole.tickets.values() if t.called_at is not None), default=0)
    jobs = [
        _job(whole, t, second, held.get(t.key), lengths, stays.get(t.key, []))
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


def _lane_then(floor: Floor, t: TerminalState, lapsed: set[tuple[str, datetime]]) -> str:
    """Return the lane to which a terminal was ordered; a loan that never began was no order, whatever ended it."""
    if t.to_be_lent and t.loan is not None and (t.code, floor.loans[t.loan].at) in lapsed:
        return t.own_lane
    return t.next_lane or t.lane


def _stops_calling(floor: Floor, terminal: str, at: datetime) -> datetime:
    """Return since when a terminal takes nobody, should it stop working at ``at``.

    Who goes on a break finishes the present customer and calls no other: a terminal that is free beside somebody who waits
    had stopped when it became free, or when they came. A replay would else begin a case in its last seconds.
    """
    t = floor.terminals[terminal]
    waits = [x.issued_at for x in floor.lanes[t.lane].tickets.values() if x.issued_at is not None]
    if t.ticket is not None or t.since is None or not waits:
        return at
    stopped = max(t.since, min(waits))
    return stopped if timedelta(0) < at - stopped <= timedelta(seconds=HELD_S) else at


class _Track:
    """Timeline of one terminal, built from its facts in order."""

    def __init__(self, lane: str) -> None:
        self.lanes: list[tuple[int, str]] = [(0, lane)]
        self.spans: list[tuple[int, int, bool]] = []
        self.breaks: list[tuple[int, int]] = []
        self.loans: list[int] = []
        self.returns: list[int] = []
        self.kept: list[int] = []
        self._since: int | None = None
        self._staffed = self._fresh = False

    def note(self, at: int, lane: str, staffed: bool, works: bool, stops_at: int) -> None:
        """Record the terminal's lane, whether it is staffed and whether it works, from ``at`` on.

        ``stops_at``: end of the work that ends at ``at``, where it took nobody any more before.
        """
        if lane != self.lanes[-1][1]:
            self.lanes.append((at, lane))
        self._fresh = self._fresh or (staffed and not self._staffed)
        self._staffed = staffed
        if works and self._since is None:
            self._since = at
        elif not works and self._since is not None:
            self._end(stops_at)

    def _end(self, at: int) -> None:
        if self._since is not None and at > self._since:
            self.spans.append((self._since, at, self._fresh))
            self._fresh = False
        self._since = None

    def post(self, code: str, lanes: tuple[str, ...], last_call: int) -> Post:
        """Return the finished timeline. ``last_call``: last call of the day in the hall."""
        self._end(ALWAYS)
        while len(self.lanes) > 1 and (not self.spans or self.lanes[-1][0] >= self.spans[-1][1]):
            self.lanes.pop()  # nobody was at it any more: home at the close, or prepared for another day
        if self.spans and self.spans[-1][1] >= last_call:
            # A person who worked until the last call would have stayed for those who wait longer under another policy.
            self.spans[-1] = (self.spans[-1][0], ALWAYS, self.spans[-1][2])
        changed = {at for at, _ in self.lanes[1:]}
        loans, returns = (tuple(at for at in told if at in changed) for told in (self.loans, self.returns))
        kept = tuple(at for at in self.kept if at not in changed)
        return Post(code, lanes, tuple(self.spans), tuple(self.lanes), tuple(self.breaks), loans, returns, kept)


def _lengths(site: Site, floor: Floor, held: dict[str, int]) -> dict[str, int]:
    """Return the mean service time by service, in whole seconds."""
    seen: dict[str, list[int]] = {}
    for t in floor.tickets.values():
        seconds = held.get(t.key)
        if seconds is not None and t.service is not None and t.state == "finished":
            seen.setdefault(t.service, []).append(seconds)
    return {s.code: round(fmean(seen[s.code])) if s.code in seen else 60 * s.typical_minutes for s in site.services}


def _job(
    floor: Floor,
    t: Ticket,
    second: Callable[[datetime], int],
    service_s: int | None,
    lengths: dict[str, int],
    stays: list[tuple[int, str]],
) -> Job:
    """Convert one ticket. ``service_s``: its recorded time at terminals; None: the mean of its service."""
    assert t.issued_at is not None and t.wait_from is not None and t.service is not None
    left_at = t.ended_at if t.state == "left" and t.called_at is None else None
    issued = second(t.issued_at)
    lane = floor.site.service_by_code[t.service].lane
    places = stays or [(issued, lane)]
    return Job(
        t.key,
        t.service,
        t.cards,
        lane,
        issued,
        max(issued, second(t.wait_from)),
        max(1, lengths[t.service] if service_s is None else service_s),
        None if left_at is None else max(issued, second(left_at)),
        ((issued, places[0][1]), *places[1:]),
        t.due_at is not None,
    )
