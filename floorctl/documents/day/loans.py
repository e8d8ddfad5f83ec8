"""Loans of a day (応援) as its documents list them: with the time that each terminal helped. Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.frozen import frozen
from floorctl.models.day.floor import Floor


@frozen
class Lend:
    """Loan of a terminal from ``home`` to ``to``; times and ``ended`` as in ``Loan``.

    ``helped_s``: seconds from going to coming back, of one that lasts to the end of the day's records; None if it never went.
    """

    at: datetime
    terminal: str
    home: str
    to: str
    went: datetime | None
    back: datetime | None
    reason: str
    ended: str
    helped_s: int | None


def lends_of(floor: Floor, until: datetime | None) -> tuple[Lend, ...]:
    """Return the loans of the day in their order; ``until``: end of what its record tells."""
    return tuple(
        Lend(
            x.at,
            x.terminal,
            x.home,
            x.to,
            x.went,
            x.back,
            x.reason,
            x.ended,
            x.helped_s(until),
        )
        for x in floor.loans
    )
