"""Keys, numbers and hours that the printed sheets and the screens for work by hand share. Pure.

A service has one digit everywhere: at the reception (j), for a ticket (t), and on paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the user's own keys need the letters before the models are loaded
    from floorctl.models.day.floor import Floor
    from floorctl.models.day.ticket import Ticket
    from floorctl.models.site.hall import Service
    from floorctl.models.site.site import Site

DIGITS = "123456789"
# Keys of terminals where the digits are services': those of the first lanes in the middle row, the others below.
UPPER, LOWER = "asdfghjkl", "zxcvnm"


def service_keys(site: Site) -> dict[str, Service]:
    """Return the digit of each service, in the site's order; the tenth and later ones have none."""
    return dict(zip(DIGITS, site.services, strict=False))


def terminal_keys(site: Site, lane: str) -> dict[str, str]:
    """Return the digit of each terminal that can serve a lane, for paper and the lines typed from it."""
    return dict(zip(DIGITS, (t.code for t in site.terminals if lane in t.lanes), strict=False))


def desk_keys(site: Site) -> dict[str, str]:
    """Return the letter of each terminal at the reception; those that move between lanes are in the middle row.

    More of them take what the others leave of the row below; those for which no letter is left have none.
    """
    movable = [t.code for t in site.terminals if len(t.lanes) > 1]
    others = [t.code for t in site.terminals if len(t.lanes) <= 1]
    lower = [*others, *movable[len(UPPER) :]]
    return dict(zip(UPPER, movable, strict=False)) | dict(zip(LOWER, lower, strict=False))


def open_tickets(floor: Floor, lane: str) -> list[Ticket]:
    """Return the open tickets of a lane as the paper begins: those in service, then the waiting in calling order."""
    serving = [t for t in floor.tickets.values() if t.state == "serving" and t.service and floor.lane_of(t) == lane]
    at = floor.last_fact_at
    waiting = sorted(floor.lanes[lane].tickets.values(), key=lambda t: floor.turn(t, at)) if at else []
    return [*sorted(serving, key=lambda t: t.terminal or ""), *waiting]


def paper_hours(site: Site) -> list[int]:
    """Return the hours of the tally: from the first reception to the end of the last."""
    closes = max(s.closes for s in site.services)
    return list(range(min(s.opens for s in site.services).hour, closes.hour + bool(closes.minute)))
