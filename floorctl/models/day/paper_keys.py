"""What the printed sheets and the screens for work by hand have in common: keys, numbers, hours. Pure.

A service has one digit everywhere: at the reception (j), for a ticket (t), and on paper.
"""

from __future__ import annotations

from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.site.hall import Service
from floorctl.models.site.site import Site

DIGITS = "123456789"
# Keys of terminals where the digits are services': those of the first lanes in the middle row, the others below.
UPPER, LOWER = "asdfghjkl", "zxcvnm"


def service_keys(site: Site) -> dict[str, Service]:
    """The digit of each service, in the site's order; beyond the ninth there is none."""
    return dict(zip(DIGITS, site.services, strict=False))


def terminal_keys(site: Site, lane: str) -> dict[str, str]:
    """On paper and in the lines typed from it: the digit of each terminal that can serve a lane."""
    return dict(zip(DIGITS, (t.code for t in site.terminals if lane in t.lanes), strict=False))


def desk_keys(site: Site) -> dict[str, str]:
    """At the reception: the letter of each terminal. Those that move between lanes stand in the middle row."""
    movable = [t.code for t in site.terminals if len(t.lanes) > 1]
    others = [t.code for t in site.terminals if len(t.lanes) <= 1]
    return dict(zip(UPPER, movable, strict=False)) | dict(zip(LOWER, others, strict=False))


def open_tickets(floor: Floor, lane: str) -> list[Ticket]:
    """Who stood in a lane when the paper began: at the desks first, then who waits in the order of calling."""
    serving = [t for t in floor.tickets.values() if t.state == "serving" and t.service and floor.lane_of(t) == lane]
    at = floor.last_fact_at
    waiting = sorted(floor.lanes[lane].tickets.values(), key=lambda t: floor.turn(t, at)) if at else []
    return [*sorted(serving, key=lambda t: t.terminal or ""), *waiting]


def paper_hours(site: Site) -> list[int]:
    """The hours of the tally: from the first reception to the last one's end."""
    closes = max(s.closes for s in site.services)
    return list(range(min(s.opens for s in site.services).hour, closes.hour + bool(closes.minute)))
