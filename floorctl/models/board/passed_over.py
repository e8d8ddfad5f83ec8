"""Waiting numbers after which later ones were called: they may be lost, or their holders wait longer than they should. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from heapq import nlargest

from floorctl.models.day.floor import Floor, Span
from floorctl.models.day.ticket import Ticket

Standing = Mapping[str, list[Span]]  # service: when it stood still


def overtaken(floor: Floor, standing: Standing | None = None) -> dict[str, list[Ticket]]:
    """Return by lane the waiting walk-ins after which the site's number (``overtaken``) of later walk-ins was called.

    Their call may be lost, or nobody holds them.
    """
    found = {}
    for lane, calls in _calls(floor, booked=False).items():
        passed = _passed(floor, lane, calls, floor.site.thresholds.overtaken, standing or {})
        found[lane] = [t for t, _ in passed if t.due_at is None]
    return found


def passed_over(floor: Floor, standing: Standing | None = None) -> dict[str, dict[str, int]]:
    """Return by lane the numbers that the site's number (``passed_over``) of later ones has passed, and how many did.

    Later ones of any kind: an appointment goes before, and whoever waits sees it all the same.
    """
    k = floor.site.thresholds.passed_over
    return {
        lane: passed
        for lane, calls in _calls(floor, booked=True).items()
        if (passed := {t.number: n for t, n in _passed(floor, lane, calls, k, standing or {})})
    }


def _calls(floor: Floor, *, booked: bool) -> dict[str, list[tuple[datetime, datetime]]]:
    """Return by lane (issue, call) of the tickets that were called, with ``booked`` also those by appointment."""
    lane_of = {s.code: s.lane for s in floor.site.services}
    found: dict[str, list[tuple[datetime, datetime]]] = {lane: [] for lane in floor.lanes}
    for t in floor.tickets.values():
        if t.called_at and t.issued_at and t.service and (booked or t.due_at is None):
            found[lane_of[t.service]].append((t.issued_at, t.called_at))
    return found


def _passed(
    floor: Floor, lane: str, calls: list[tuple[datetime, datetime]], k: int, standing: Standing
) -> Iterator[tuple[Ticket, int]]:
    """Yield the waiting tickets that at least ``k`` later ones of ``calls`` have passed, and how many.

    Of one that is back in the queue, has changed its lane, or was called by mistake, only the calls since then tell
    anything, and none while its service stood still (``standing``).
    """
    if len(calls) < k:
        return
    before = nlargest(k, calls)[-1][0]
    for t in floor.lanes[lane].tickets.values():
        start = _turn_since(t)
        if start is not None and start < before:
            n = _passes(floor, t, start, calls, standing.get(t.service or "", []))
            if n >= k:
                yield t, n


def _turn_since(t: Ticket) -> datetime | None:
    """Return since when the turn of a ticket counts: its issue, or its appointment if that is later."""
    return max(t.issued_at, t.due_at) if t.issued_at and t.due_at else t.issued_at


def _passes(floor: Floor, t: Ticket, start: datetime, calls: list[tuple[datetime, datetime]], still: list[Span]) -> int:
    mistakes = (
        floor.retracted[e.key].fact.at
        for e in floor.taken_back.values()
        if e.kind == "ticket.called" and getattr(e.fact, "ticket", None) == t.number
    )
    since = max((at for at in (t.back_at, *mistakes) if at is not None), default=None)
    return sum(
        issued > start
        and (since is None or at > since)
        and not any(a <= at and (b is None or at < b) for a, b in still)
        for issued, at in calls
    )
