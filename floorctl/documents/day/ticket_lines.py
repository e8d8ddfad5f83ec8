"""Tickets of a day as lines of ``tickets.csv``: times, fate, wait and service time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from floorctl.common.clock import JST, seconds_between
from floorctl.common.frozen import frozen
from floorctl.models.board.remarks import ASSIST_CODE
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket

# Fates of a ticket: its outcome, its state, or ``open`` if no end was recorded.
FATES = ("done", "incomplete", "desk3", "no_show", "left", "counted_out", "open")


@frozen
class TicketLine:
    """A ticket as in ``tickets.csv``. ``finished_at`` is its end, with any outcome."""

    ticket: str
    service: str | None
    lane: str
    cards: int
    appointment: str | None
    assist: bool
    issued_at: datetime | None
    called_at: datetime | None
    terminal: str | None
    finished_at: datetime | None
    outcome: str | None
    state: str
    wait_s: int | None  # call minus issue (or a later appointment); None if not called or not measured
    service_s: int | None  # last call to finish; None if no finish was observed
    nth: int  # which ticket of its number on this day
    recalls: int  # further calls to the terminal that served it
    carried_from: datetime | None  # its issue on the day before; such a wait is in no figure of this day
    no_arrival: bool = False  # issued as it was called: nobody tells when it came
    unserved_wait_s: int | None = (
        None  # of a person whom nobody called: until they went, or the close; None if not known
    )

    @property
    def fate(self) -> str:
        """One of ``FATES``; a ticket that was ever finished as done counts as done."""
        if self.outcome == "done":
            return "done"
        if self.state in ("no_show", "left", "counted_out"):
            return self.state
        return self.outcome or "open"


def ticket_lines(floor: Floor, unserved: Mapping[str, int]) -> tuple[TicketLine, ...]:
    """Return all tickets in the order in which they were first seen. ``unserved``: `target_kept.waited_unserved`."""
    lines = [
        TicketLine(
            t.number,
            t.service,
            floor.counted_lane(t),
            t.cards,
            t.appointment,
            t.assist or ASSIST_CODE in t.remarks,
            None if t.no_arrival else t.issued_at,
            t.called_at,
            t.terminal,
            None if t.by_rule and t.untimed else t.ended_at,  # nobody tells when
            t.outcome,
            t.state,
            seconds_between(t.wait_from, t.called_at) if t.called_at and t.wait_from else None,
            _service_s(t),
            t.nth,
            t.recalls,
            t.carried_from,
            t.no_arrival,
            unserved.get(t.key),
        )
        for t in floor.tickets.values()
    ]
    never = datetime.max.replace(tzinfo=JST)
    return tuple(sorted(lines, key=lambda t: (t.issued_at or t.called_at or t.finished_at or never, t.ticket, t.nth)))


def _service_s(t: Ticket) -> int | None:
    """Return the service time (s) from the last call to the finish; None if either was not observed."""
    if (
        t.state != "finished"
        or t.assumed_end
        or t.untimed
        or t.at_most
        or t.serving_since is None
        or t.ended_at is None
    ):
        return None
    return seconds_between(t.serving_since, t.ended_at)
