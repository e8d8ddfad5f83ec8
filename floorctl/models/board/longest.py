"""The longest wait of a lane: of those with a number, and of those whom a head count found. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from floorctl.common.clock import seconds_between
from floorctl.common.lengths import minutes_word
from floorctl.common.words import hm
from floorctl.models.board.grounds import Grounds
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket


def longest_wait(floor: Floor, lane: str, now: datetime, g: Grounds) -> tuple[Ticket, int] | None:
    """Return the ticket that has waited longest in a lane, of those that somebody holds, and its wait in seconds."""
    waits = [(seconds_between(t.wait_from, now), t) for t in g.held(floor, lane) if t.wait_from]
    if not waits:
        return None
    wait, ticket = min(waits, key=lambda x: (-x[0], x[1].number))
    return ticket, wait


class Longest(NamedTuple):
    """Longest wait of a lane. ``number`` "": of persons without one, known since ``since``: a lower bound."""

    number: str
    seconds: int
    since: datetime

    @property
    def word(self) -> str:
        """Return the wait in words; a lower bound says so, but none is told below a minute."""
        return minutes_word(self.seconds) + ("" if self.number or self.seconds < 60 else "以上")

    @property
    def whose(self) -> str:
        return self.number or f"番号なし {hm(self.since)}から"


def longest_known(floor: Floor, lane: str, now: datetime, g: Grounds) -> Longest | None:
    """Return the longest wait of a lane over all who wait: of its tickets, and of those whom a head count found."""
    ticket, heads = longest_wait(floor, lane, now, g), floor.lanes[lane].heads
    found = [Longest("", seconds_between(heads[0].since, now), heads[0].since)] if heads else []
    if ticket is not None and ticket[0].wait_from is not None:
        found.append(Longest(ticket[0].number, ticket[1], ticket[0].wait_from))
    return max(found, key=lambda x: (x.seconds, x.number), default=None)
