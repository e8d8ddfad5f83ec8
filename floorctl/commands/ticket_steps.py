"""Share the steps of tickets and of head counts: the queue of a lane, persons, the end of a ticket, its terminal."""

from __future__ import annotations

from datetime import datetime

from floorctl.commands.loan_steps import come_free
from floorctl.models.day.floor import Floor, LaneQueue
from floorctl.models.day.terminal import TerminalState
from floorctl.models.day.ticket import ENDED, Ticket
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import BY_HAND, act_of


def came_by(q: LaneQueue, entry: Entry) -> None:
    """Note by which source the lane's arrivals are known."""
    q.came_by.setdefault(entry.source, []).append(entry.fact.at)


def wait_in_lane(floor: Floor, t: Ticket) -> None:
    t.state = "waiting"
    floor.lanes[floor.lane_of(t)].add(t)


def leave_lane(floor: Floor, t: Ticket) -> None:
    floor.lanes[floor.lane_of(t)].tickets.pop(t.number, None)


def count_persons(floor: Floor, delta: int) -> None:
    if floor.visitors is not None:
        floor.visitors = max(0, floor.visitors + delta)


def end(floor: Floor, t: Ticket, state: str, at: datetime, outcome: str | None = None) -> None:
    """End a ticket and free its terminal."""
    if t.state == "waiting":
        leave_lane(floor, t)
    if t.state not in ENDED:
        count_persons(floor, -1)
    if t.terminal and floor.terminals[t.terminal].ticket == t.number:
        free(floor, floor.terminals[t.terminal], at)
    t.state, t.ended_at = state, at
    if outcome is not None and not (t.outcome == "done" and outcome == "incomplete"):
        t.outcome = outcome  # what was done stays done, even where the number was called once more


def free(floor: Floor, terminal: TerminalState, at: datetime) -> None:
    """Free a terminal; a move, a loan or a return that waited for this takes effect."""
    terminal.ticket = None
    come_free(floor, terminal, at)


def met(floor: Floor, number: str, at: datetime) -> Ticket | None:
    """Return the ticket of a number; one of the day before waits from here on, in no queue of this day."""
    t, before = floor.tickets.get(number), floor.carried.get(number)
    if t is None and before is not None:
        t = floor.tickets[number] = Ticket(number, before.service, "waiting", first_seen_at=at)
        t.carried_from = before.issued_at
        count_persons(floor, +1)
    return t


def held_after_all(floor: Floor, number: str) -> None:
    """Bring a ticket back that was taken out as issued by mistake: somebody comes with it."""
    t = floor.taken_out.pop(number, None)
    if t is not None and number not in floor.tickets:
        floor.tickets[number] = t
        floor.mistaken.remove(number)
        t.lane_at_end = floor.lane_of(t)


def known(floor: Floor, entry: Entry, number: str) -> Ticket | None:
    """Return the ticket; of an unknown one mark the fact odd and return None."""
    t = met(floor, number, entry.fact.at)
    if t is None:
        floor.odd(entry, "unknown_ticket")
    return t


def going(floor: Floor, entry: Entry, number: str) -> Ticket | None:
    """Return the ticket; of an unknown one, or one that has ended, mark the fact odd and return None."""
    t = known(floor, entry, number)
    if t is not None and t.state in ENDED:
        floor.odd(entry, "impossible")
        return None
    return t


def act_key(entry: Entry) -> str:
    """Return the act that a fact belongs to: its own for each fact of a feed."""
    return act_of(entry.fact.id) if entry.source == BY_HAND else entry.source + entry.fact.id
