"""Figures of the last days with visitors, on which proposals rest (仕様書 7(4)※, 9, 16(1)). Pure.

Only the tickets of those days are read: some thousands, however long the period.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from floorctl.advice.other_proposals import EVIDENCE_DAYS
from floorctl.common.lengths import mean_s
from floorctl.documents.day.record import Waits, waits_of
from floorctl.documents.period.sums import Query
from floorctl.models.site.site import Site

Span = tuple[int, int]  # seconds of the day, from and to
# A longer gap between two visitors of a terminal counts as a break, not as idle time [J].
LONGEST_GAP_S = 20 * 60


class HourFlow(NamedTuple):
    """One hour of one lane, summed over all days; ``terminals``: those that served in it, summed over days."""

    hour: int
    issued: int
    called: int
    wait_mean_s: int | None
    terminals: int


class LaneEvidence(NamedTuple):
    """A lane over the days. ``service_s`` is the mean service time.

    ``idle_s``, by other lane: seconds for which its terminals were free between two of its own visitors while somebody
    waited in the other lane.
    """

    issued: int
    no_show: int
    left: int
    waits: Waits
    service_s: int | None  # mean
    hours: tuple[HourFlow, ...]
    idle_s: dict[str, int]
    appointments: int


@dataclass(frozen=True)
class Evidence:
    """The last days with visitors on which no service stood still, and each lane in them.

    ``left_out``: days among them on which one did: terminals idle beside a queue are then no spare ones.
    """

    days: tuple[date, ...]
    left_out: int
    lanes: dict[str, LaneEvidence]
    crowded: tuple[tuple[date, int], ...]  # days with more people waiting at one time than chairs, and their number

    @property
    def n(self) -> int:
        return len(self.days)


class _Ticket(NamedTuple):
    day: str
    lane: str
    terminal: str | None
    issued: int | None
    due: int | None  # begin of the wait
    called: int | None
    finished: int | None
    wait_s: int | None
    service_s: int | None
    fate: str
    appointment: bool

    @property
    def begun(self) -> int | None:
        """Return when the terminal began it; a returned ticket was called before, elsewhere."""
        if self.finished is not None and self.service_s is not None:
            return self.finished - self.service_s
        return self.called


def evidence(query: Query, site: Site, days: Sequence[date]) -> Evidence:
    """Return the figures of the last of ``days``, which are ascending and have tickets."""
    stopped = {date.fromisoformat(day) for (day,) in query("SELECT DISTINCT day FROM outages WHERE minutes > 0")}
    held = [day for day in days if day not in stopped][-EVIDENCE_DAYS:]
    if not held:
        return Evidence((), 0, {}, ())
    names = {day.isoformat() for day in held}
    tickets = [
        _ticket(row)
        for row in query(
            "SELECT day, lane, terminal, issued_at, appointment, called_at, finished_at, wait_s, service_s, fate "
            "FROM tickets WHERE day BETWEEN ? AND ? ORDER BY day, called_at",
            held[0].isoformat(),
            held[-1].isoformat(),
        )
        if row[0] in names
    ]
    peaks = [(day, _peak(t for t in tickets if t.day == day.isoformat())) for day in held]
    idle = _idle(site, tickets)
    return Evidence(
        tuple(held),
        sum(held[0] < day < held[-1] for day in stopped.intersection(days)),
        {x.code: _lane([t for t in tickets if t.lane == x.code], idle.get(x.code, {})) for x in site.lanes},
        tuple((day, n) for day, n in peaks if n > site.seats.capacity),
    )


def _seconds(text: str | None) -> int | None:
    """Return the seconds of the day of an instant as the tables write it, or of "HH:MM"."""
    if text is None:
        return None
    clock = text[11:19] if len(text) > 5 else f"{text}:00"
    return int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:8])


def _ticket(row: tuple[Any, ...]) -> _Ticket:
    day, lane, terminal, issued_at, appointment, called_at, finished_at, wait_s, service_s, fate = row
    issued, booked = _seconds(issued_at), _seconds(appointment)
    due = max(issued, booked) if issued is not None and booked is not None else issued
    called, finished = _seconds(called_at), _seconds(finished_at)
    return _Ticket(day, lane, terminal, issued, due, called, finished, wait_s, service_s, fate, booked is not None)


def _peak(tickets: Iterable[_Ticket]) -> int:
    """Return the most people of all lanes who waited at one time, by the tickets whose wait is known to have ended."""
    steps: list[tuple[int, int]] = []
    for t in tickets:
        end = t.called if t.called is not None else t.finished
        if t.issued is not None and end is not None and end > t.issued:
            steps += [(t.issued, 1), (end, -1)]
    most = waiting = 0
    for _, step in sorted(steps):
        waiting += step
        most = max(most, waiting)
    return most


def _lane(tickets: list[_Ticket], idle: dict[str, int]) -> LaneEvidence:
    services = [t.service_s for t in tickets if t.service_s is not None and t.fate == "done"]
    hours = {at // 3600 for t in tickets for at in (t.issued, t.called) if at is not None}
    return LaneEvidence(
        sum(t.issued is not None for t in tickets),
        sum(t.fate == "no_show" for t in tickets),
        sum(t.fate == "left" for t in tickets),
        waits_of(t.wait_s for t in tickets if t.wait_s is not None),
        mean_s(sum(services), len(services)),
        tuple(_hour(hour, tickets) for hour in sorted(hours)),
        idle,
        sum(t.appointment for t in tickets),
    )


def _hour(hour: int, tickets: list[_Ticket]) -> HourFlow:
    called = [t for t in tickets if t.called is not None and t.called // 3600 == hour]
    waits = [t.wait_s for t in called if t.wait_s is not None]
    return HourFlow(
        hour,
        sum(t.issued is not None and t.issued // 3600 == hour for t in tickets),
        len(called),
        mean_s(sum(waits), len(waits)),
        len({(t.day, t.terminal) for t in called}),
    )


def _idle(site: Site, tickets: list[_Ticket]) -> dict[str, dict[str, int]]:
    """Return by lane and other lane the seconds of free terminals while somebody waited in the other lane."""
    lanes = site.movable_lanes
    found: dict[str, dict[str, int]] = {lane: {other: 0 for other in lanes if other != lane} for lane in lanes}
    for day in dict.fromkeys(t.day for t in tickets):
        own = [t for t in tickets if t.day == day]
        waited = {lane: _union((t.due, t.called) for t in own if t.lane == lane) for lane in lanes}
        by_terminal: dict[str, list[_Ticket]] = {}
        for t in own:
            if t.terminal is not None and t.begun is not None:
                by_terminal.setdefault(t.terminal, []).append(t)
        for visits in by_terminal.values():
            for before, after in pairwise(sorted(visits, key=lambda t: (t.begun or 0, t.finished or 0))):
                if before.lane != after.lane or before.lane not in found or before.finished is None:
                    continue
                gap = (before.finished, after.begun or 0)
                if 0 < gap[1] - gap[0] <= LONGEST_GAP_S:
                    for other in found[before.lane]:
                        found[before.lane][other] += sum(_overlap(gap, span) for span in waited[other])
    return found


def _union(spans: Iterable[tuple[int | None, int | None]]) -> list[Span]:
    """Return spans sorted and joined where they touch; those without both ends are left out."""
    found: list[Span] = []
    for start, end in sorted((a, b) for a, b in spans if a is not None and b is not None and b > a):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
