"""Tell what a console has lent and returned of itself today, and what it leaves to the manager. Pure.

Everything is read from the facts: a console that starts again knows what the one before it did.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from floorctl.common.frozen import frozen
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry

# What the manager has decided of a terminal holds for so long, and a console does one thing with it in so much.
HOLD = timedelta(minutes=20)
ONCE = timedelta(minutes=1)


@frozen
class LoanUses:
    """Loans of the day by permission: how many have begun, and the seconds that they have helped."""

    loans: int
    helped_s: int


def loans_to_watch(floor: Floor) -> bool:
    """Return whether a console may have anything to do: a terminal is lent, or one may be without asking."""
    return floor.is_open and (bool(floor.lend_permit) or any(t.home is not None for t in floor.terminals.values()))


def loan_uses(floor: Floor, now: datetime) -> LoanUses:
    """Return what the day's permission to lend has been used for so far."""
    until = floor.moment(now)
    lengths = [s for x in floor.loans if x.unasked and (s := x.helped_s(until)) is not None]
    return LoanUses(len(lengths), sum(lengths))


def acted_just_now(floor: Floor, terminal: str, now: datetime) -> bool:
    """Return whether a console has lent or returned a terminal of itself within ONCE, taken back or not.

    A time that is further ahead is that of a clock which has been put back since: it holds nothing up.
    """
    return any(getattr(e.fact, "unasked", False) and e.fact.at - now < ONCE for e in _of(floor, terminal, now - ONCE))


def return_taken_back(floor: Floor, terminal: str, now: datetime) -> bool:
    """Return whether somebody has taken back a return of a terminal within HOLD: it is to stay."""
    return any(isinstance(x.fact, ev.TerminalReturned) for x in _taken_back(floor, terminal, now))


def lent_by_hand(floor: Floor, terminal: str, now: datetime) -> datetime | None:
    """Return when somebody lent a terminal that still helps, if that was within HOLD; None else."""
    loan = floor.terminals[terminal].loan
    made = floor.loans[loan] if loan is not None else None
    return made.at if made is not None and not made.unasked and now - made.at < HOLD else None


def kept_by_hand(floor: Floor, terminal: str, now: datetime) -> bool:
    """Return whether somebody has returned or moved a terminal within HOLD, or taken a loan or return back: it is not lent."""
    by_hand = (
        isinstance(e.fact, ev.TerminalReturned | ev.TerminalAssigned)
        and not getattr(e.fact, "unasked", False)
        and e.key not in floor.retracted
        for e in _of(floor, terminal, now - HOLD)
    )
    return any(by_hand) or any(_taken_back(floor, terminal, now))


def _of(floor: Floor, terminal: str, since: datetime) -> Iterator[Entry]:
    """Yield the facts of a terminal after ``since``, those taken back too, the last one first."""
    for e in reversed(floor.entries):
        if e.fact.at <= since:
            return
        if getattr(e.fact, "terminal", None) == terminal:
            yield e


def _taken_back(floor: Floor, terminal: str, now: datetime) -> Iterator[Entry]:
    """Yield the loans and returns of a terminal that somebody has taken back within HOLD."""
    for key, taken in floor.taken_back.items():
        back = floor.retracted.get(taken.key)
        loan = isinstance(taken.fact, ev.TerminalReturned | ev.TerminalLent) and taken.fact.terminal == terminal
        if loan and back is not None and back.key == key and now - back.fact.at < HOLD:
            yield taken
