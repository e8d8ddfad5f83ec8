"""Share the steps of loans (応援): a terminal goes to the lane that it helps, and comes home by whatever ends that."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import Loan, TerminalState


def lend(floor: Floor, t: TerminalState, lane: str, at: datetime, reason: str, *, unasked: bool = False) -> None:
    """Lend a terminal that is not lent to ``lane``: at once if it is free or serves there already, else after its ticket."""
    t.home, t.loan = t.own_lane, len(floor.loans)
    floor.loans.append(Loan(at, t.code, t.home, lane, reason, unasked=unasked))
    if t.ticket is None or t.lane == lane:
        go(floor, t, at)
    else:
        t.next_lane = lane


def go(floor: Floor, t: TerminalState, at: datetime) -> None:
    """Let a terminal that is to be lent begin to help."""
    assert t.loan is not None
    serve(t, floor.loans[t.loan].to, at)
    _note(floor, t, went=at)


def lapse(floor: Floor, t: TerminalState, at: datetime, ended: str = "lapsed", reason: str = "") -> None:
    """Let a loan that has not begun come to nothing: the terminal stays at home, or goes there after its present ticket."""
    home, t.home = t.own_lane, None
    _note(floor, t, ended=ended, returned_reason=reason)
    t.loan = None
    if t.ticket is not None and t.lane != home:
        t.next_lane = home
    else:
        serve(t, home, at)


def bring_home(floor: Floor, t: TerminalState, at: datetime, reason: str) -> None:
    """Return a lent terminal: at once if it is free, else after its present ticket; one that has not gone stays."""
    if t.to_be_lent:
        lapse(floor, t, at, reason=reason)
        return
    _note(floor, t, ended="returned", returned_reason=reason)
    if t.ticket is None:
        arrive(floor, t, at)
    else:
        t.next_lane = t.home


def stay(floor: Floor, t: TerminalState) -> None:
    """Take the return of a terminal back that has not left the lane which it helps."""
    t.next_lane = None
    _note(floor, t, ended="", returned_reason="")


def arrive(floor: Floor, t: TerminalState, at: datetime) -> None:
    """Let a lent terminal be at home."""
    home, t.home = t.own_lane, None
    serve(t, home, at)
    _over(floor, t, at)


def end_loan(floor: Floor, t: TerminalState, at: datetime, ended: str) -> None:
    """End the loan of a terminal at once, whatever it serves: it is at home.

    ``ended`` as in ``Loan``; a return that was ordered keeps its word, one that never went has lapsed.
    """
    if t.home is None:
        return
    if t.to_be_lent:
        home, t.home = t.home, None
        _note(floor, t, ended="lapsed")
        t.loan = None
        serve(t, home, at)
        return
    if not t.coming_home:
        _note(floor, t, ended=ended)
    arrive(floor, t, at)


def give_way(floor: Floor, t: TerminalState, at: datetime) -> None:
    """Let a loan give way to a move: the terminal is lent no more, and still where it is."""
    if t.home is None:
        return
    if not t.coming_home:
        _note(floor, t, ended="moved")
    if t.to_be_lent:
        t.loan = None
    _over(floor, t, at)
    t.home = t.next_lane = None


def come_free(floor: Floor, t: TerminalState, at: datetime) -> None:
    """Let what waited for the end of a ticket happen: a loan, unless somebody waits at home; a return; a move."""
    if t.next_lane is None:
        return
    if t.to_be_lent and t.home is not None:
        lapse(floor, t, at) if floor.lanes[t.home].waiting else go(floor, t, at)
    elif t.coming_home:
        arrive(floor, t, at)
    else:
        serve(t, t.next_lane, at)


def settle(floor: Floor, t: TerminalState, lane: str, at: datetime) -> None:
    """Let the lane of the next call at a terminal tell whether a loan that waits for the end of its ticket has begun."""
    if not t.to_be_lent:
        return
    if lane == t.next_lane:
        go(floor, t, at)
    elif lane == t.home:
        lapse(floor, t, at)


def serve(t: TerminalState, lane: str, at: datetime) -> None:
    """Let a terminal serve ``lane`` from ``at`` on."""
    if t.lane != lane:
        t.moved_at = at
    t.lane, t.next_lane = lane, None


def close_loans(floor: Floor, at: datetime) -> None:
    """Bring every lent terminal home as the day closes."""
    for t in floor.terminals.values():
        if t.home is not None and t.loan is not None:
            floor.lent_at_close.append((copy(t), floor.loans[t.loan]))
            end_loan(floor, t, at, "closed")


def loans_again(floor: Floor) -> None:
    """Take back what ``close_loans`` did: the day is open again."""
    for before, loan in floor.lent_at_close:
        t = floor.terminals[before.code]
        t.lane, t.next_lane, t.moved_at = before.lane, before.next_lane, before.moved_at
        t.home, t.loan = before.home, before.loan
        assert t.loan is not None
        floor.loans[t.loan] = loan
    floor.lent_at_close.clear()


def _note(floor: Floor, t: TerminalState, **changed: Any) -> None:
    """Change the terminal's loan in ``floor.loans``."""
    assert t.loan is not None
    floor.loans[t.loan] = replace(floor.loans[t.loan], **changed)


def _over(floor: Floor, t: TerminalState, at: datetime) -> None:
    """Note the end of the terminal's loan."""
    if t.loan is not None:
        _note(floor, t, back=at)
        t.loan = None
