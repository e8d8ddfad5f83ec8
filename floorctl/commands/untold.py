"""Apply the rules that stand in for what a source does not tell of its tickets: which terminal, the end, the arrival.

A call names the rule for its end (``ends``): the next call at its terminal ends it, or it counts as done at once. An issue
says that the source tells none (``no_arrival``), or that its numbers begin again within the day (``wraps``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from floorctl.commands.ticket_steps import count_persons, end
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.day.ticket import ENDED, Ticket
from floorctl.models.facts import kinds as ev

# Whoever came so shortly before a call may have found a free terminal: the case before may have ended earlier.
_AT_ONCE = timedelta(seconds=60)
# A call without an issue of a number that was called so recently calls the same visitor once more.
_SAME_VISITOR = timedelta(hours=1)


def end_by_rule(floor: Floor, t: Ticket, at: datetime, *, timed: bool = False) -> None:
    """End a ticket as done whose source tells no end; ``timed``: its length of service ends here, too."""
    t.lane_at_end = floor.lane_of(t)
    end(floor, t, "finished", at, "done")
    t.by_rule, t.untimed = True, t.untimed or not timed


def end_by_next_call(floor: Floor, t: Ticket, at: datetime, following: Ticket | None) -> None:
    """End a ticket as done by the next call at its terminal, that of ``following``.

    It was in service until then if somebody waited for it; else its length is only a bound.
    """
    lane = floor.terminals[t.terminal].lane if t.terminal else floor.lane_of(t)
    q = floor.lanes[lane]
    waited = [x.wait_from for x in (following, *q.tickets.values()) if x is not None] + [h.since for h in q.heads[:1]]
    t.at_most = not any(since is not None and at - since > _AT_ONCE for since in waited)
    end_by_rule(floor, t, at, timed=t.serving_since is not None and t.serving_since < at)


def end_at_terminal(floor: Floor, terminal: TerminalState, at: datetime) -> None:
    """End the visit at a terminal that takes nobody any more, if only its next call would end it: when is not known."""
    t = floor.tickets[terminal.ticket] if terminal.ticket is not None else None
    if t is not None and t.ends:
        end_by_rule(floor, t, at)


def end_at_close(floor: Floor, at: datetime) -> None:
    """End the visits that only a next call would end: after the close there is none."""
    for t in [t for t in floor.tickets.values() if t.state == "serving" and t.ends]:
        floor.ended_at_close.append((t, t.terminal))
        end_by_rule(floor, t, at)
    floor.mark_terminals(at)


def back_from_close(floor: Floor) -> None:
    """Take back what ``end_at_close`` did: the day is open again."""
    for t, code in floor.ended_at_close:
        if not t.by_rule:
            continue
        take_back(floor, t, "serving")
        t.ended_at = t.lane_at_end = None
        if code is not None and floor.terminals[code].ticket is None:
            terminal = floor.terminals[code]
            terminal.ticket = t.number
            if not terminal.failed:
                terminal.shown, terminal.since = "serving", t.serving_since
    floor.ended_at_close.clear()


def take_back(floor: Floor, t: Ticket, state: str) -> None:
    """Give a ticket another state than the done of its rule, since something else is told of it after all."""
    if state not in ENDED:
        count_persons(floor, +1)
    t.state, t.by_rule, t.untimed, t.at_most = state, False, False, False
    done_before = t.before is not None and t.before.outcome == "done" and not t.before.by_rule
    t.outcome = "done" if done_before else None


def same_visitor(t: Ticket, f: ev.TicketIssued) -> bool:
    """Return whether an issue without an arrival is of a visitor who is known already: the call that it stands for repeats one.

    Of numbers that begin again only for a while; of those that ended as told, never.
    """
    since = t.serving_since or t.ended_at
    soon = since is None or f.at - since <= _SAME_VISITOR
    if t.state == "waiting":
        return True
    if t.state in ("serving", "no_show"):
        return soon or not f.wraps
    return t.by_rule and soon


def gone_before(floor: Floor, t: Ticket, at: datetime) -> None:
    """End a ticket whose number has come round again: who still waited left unseen, of who was called no end was told."""
    if t.state == "waiting":
        t.lane_at_end = floor.lane_of(t)
        end(floor, t, "left", at)
    elif t.ends:
        end_by_rule(floor, t, at)
    else:
        t.assumed_end, t.lane_at_end = True, floor.lane_of(t)
        end(floor, t, "finished", at, "incomplete")
