"""Loans of terminals (応援) as the screens tell them: what is lent, for how long terminals have helped today. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from floorctl.common.clock import business_day
from floorctl.common.lengths import minutes_length
from floorctl.models.board.own_loans import LoanUses, loan_uses
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.facts.day import Retracted
from floorctl.models.facts.entry import Entry, order
from floorctl.models.facts.lending import LendingPermitted
from floorctl.models.site.site import Site


def helped(floor: Floor, now: datetime) -> LoanUses:
    """Return how often terminals have helped today, by whomever they were lent; a loan that lasts counts up to ``now``."""
    lengths = [s for x in floor.loans if (s := x.helped_s(floor.moment(now))) is not None]
    return LoanUses(len(lengths), sum(lengths))


def helped_words(floor: Floor, now: datetime) -> tuple[str, str]:
    """Return the loans of the day in words: 5回, 計62分（うち許可で 3回・40分）; ("", "") if there was none."""
    loans, uses = helped(floor, now), loan_uses(floor, now)
    if not loans.loans:
        return "", ""
    more = f"（うち許可で {uses.loans}回・{minutes_length(uses.helped_s)}）" if uses.loans else ""
    return f"{loans.loans}回", f"計{minutes_length(loans.helped_s)}{more}"


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


def permit_given(floor: Floor) -> bool:
    """Return whether the terminals that may be lent were named today, be it none of them."""
    return any(e.kind == "lending.permitted" and e.key not in floor.retracted for e in floor.entries)


def permit_before(given: Iterable[Entry], register: Iterable[Entry], site: Site) -> tuple[date, tuple[str, ...]] | None:
    """Return the day of the permissions ``given`` before and the terminals that might be lent at its end; None if none might.

    Those that can be lent still. ``register``: the register's facts, with the retractions of all days.
    """
    gone = {(f.target_source, f.target) for e in register if isinstance(f := e.fact, Retracted)}
    last = max((e for e in given if e.key not in gone), key=order, default=None)
    if last is None or not isinstance(last.fact, LendingPermitted):
        return None
    codes = tuple(x for x in lendable(site) if x in last.fact.terminals)
    return (business_day(last.fact.at), codes) if codes else None
