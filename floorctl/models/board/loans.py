"""Loans of terminals (応援) as the screens tell them: what is lent, for how long terminals have helped today. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from floorctl.common.lengths import minutes_length
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.site.site import Site


class Helped(NamedTuple):
    """Loans of a day that began, and the seconds that terminals have helped in all of them."""

    loans: int
    seconds: int

    @property
    def length(self) -> str:
        """Return the time in words: 計1時間02分."""
        return f"計{minutes_length(self.seconds)}"


def helped(floor: Floor, now: datetime) -> Helped:
    """Return how often terminals have helped today, and for how long; a loan that lasts counts up to ``now``."""
    lengths = [s for x in floor.loans if (s := x.helped_s(floor.moment(now))) is not None]
    return Helped(len(lengths), sum(lengths))


def helps(t: TerminalState) -> bool:
    """Return whether a terminal serves another lane than its own: it is lent and has gone."""
    return t.home not in (None, t.lane)


def helped_lane(floor: Floor, t: TerminalState) -> str | None:
    """Return the lane to which a terminal is lent, or will be; None if it is not lent."""
    return floor.loans[t.loan].to if t.home is not None and t.loan is not None else None


def away_from(floor: Floor, lane: str) -> list[str]:
    """Return the codes of the terminals of a lane that help another one."""
    return [t.code for t in floor.terminals.values() if t.home == lane and helps(t)]


def lendable(site: Site) -> list[str]:
    """Return the codes of the terminals that can be lent at all: those of several lanes."""
    return [t.code for t in site.terminals if len(t.lanes) > 1]


def permitted(floor: Floor) -> list[str]:
    """Return the codes of the terminals that may be lent today without asking, in the site's order."""
    return [t.code for t in floor.site.terminals if t.code in floor.lend_permit]


def lanes_to_help(site: Site, t: TerminalState) -> list[str]:
    """Return the lanes to which a terminal can be lent, in the site's order."""
    lanes = site.terminal_by_code[t.code].lanes
    return [x.code for x in site.lanes if x.code in lanes and x.code != t.own_lane]
