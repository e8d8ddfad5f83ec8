"""Tell what the sources of a day do not tell: who arrives, which terminal is busy, when a visit ends. Pure.

Figures that would rest on it are withheld or said in words; the fold's stand-ins (``commands/untold.py``) end the visits.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from floorctl.common.words import CALLED, TERMINAL_STATES, UNSEEN
from floorctl.models.day.floor import Floor, LaneQueue
from floorctl.models.day.terminal import TerminalState
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.fields import BY_HAND

_A_SERIES = 10  # head counts of a feed, numbers of a hand: fewer are somebody who looked, or tried
# So long after a call that did not tell its terminal, or when its visitor came, records that do are no proof that all of
# them do; and so long a head count stands for arrivals that nobody tells.
_DOUBTED = timedelta(minutes=30)
# Whoever waits for less may be on the way to a terminal that is free.
_AT_ONCE = timedelta(seconds=60)


def heads_alone(q: LaneQueue) -> bool:
    """Return whether a lane is known by the head counts of a feed alone: no number of it was issued or called.

    A few that somebody gave by hand beside it are not all who came.
    """
    counts = sum(len(times) for source, times in q.came_by.items() if source != BY_HAND)
    by_hand = q.issued < _A_SERIES and (q.issued_by | q.called_by) <= {BY_HAND}
    return counts >= _A_SERIES and by_hand and q.unarrived_at is None


def arrivals_untold(q: LaneQueue, now: datetime) -> bool:
    """Return whether nobody tells who waits in a lane: its numbers are issued as they are called, and nobody counted heads lately."""
    if q.unarrived_at is None or (q.counted_at is not None and now - q.counted_at <= _DOUBTED):
        return False
    return q.issued_at is None or q.issued_at < q.unarrived_at or now - q.unarrived_at <= _DOUBTED


def calls_untold(q: LaneQueue) -> bool:
    """Return whether somebody counts the heads of a lane and nobody records a call: who is served there is not known."""
    return q.counted_at is not None and not q.called_by


def never_seen(q: LaneQueue) -> bool:
    """Return whether nobody told all day who waited in a lane: numbers as they were called are all that is known."""
    return q.unarrived_at is not None and not q.issued and q.counted_at is None


def terminals_untold(q: LaneQueue, now: datetime) -> bool:
    """Return whether calls of a lane leave out which terminal is busy, so that all of them look free."""
    if q.untold_at is None:
        return False
    return q.told_at is None or q.told_at < q.untold_at or now - q.untold_at <= _DOUBTED


def untold(q: LaneQueue, now: datetime) -> list[str]:
    """Return what nobody tells of a lane: ``arrivals`` (who waits), ``served`` (heads alone), ``terminals`` (which is busy)."""
    found = {"arrivals": arrivals_untold(q, now), "served": heads_alone(q), "terminals": terminals_untold(q, now)}
    return [code for code, holds in found.items() if holds]


def busy_untold(floor: Floor, t: TerminalState, now: datetime) -> bool:
    """Return whether the records leave open if somebody is served at a terminal: it only looks free, or only looks busy."""
    if floor.state(t.code) == "serving" and t.ticket is not None:
        return may_be_free(floor, floor.tickets[t.ticket], now)
    return free_untold(floor, t.code, now)


def free_untold(floor: Floor, terminal: str, now: datetime) -> bool:
    """Return whether a terminal only looks free: nobody tells whether somebody is served there."""
    q = floor.lanes[floor.terminals[terminal].lane]
    return floor.state(terminal) == "free" and (heads_alone(q) or terminals_untold(q, now))


def state_word(floor: Floor, terminal: str, now: datetime) -> str:
    """Return the state of a terminal in a word; where the records leave open whether it is busy, that it is so."""
    state = floor.state(terminal)
    return untold_word(state) if busy_untold(floor, floor.terminals[terminal], now) else TERMINAL_STATES[state]


def untold_word(state: str) -> str:
    """Return the word for a state that may not be so: it only looks busy, or only looks free."""
    return CALLED if state == "serving" else UNSEEN


def called_nowhere(floor: Floor) -> list[Ticket]:
    """Return who was called, nobody tells where, and of whose end nothing is known yet; the longest first."""
    found = [t for t in floor.tickets.values() if t.state == "serving" and t.terminal is None]
    return sorted(found, key=lambda t: (t.serving_since is None, t.serving_since, t.number))


def may_be_free(floor: Floor, t: Ticket, now: datetime) -> bool:
    """Return whether a visit that only the next call ends may be over: it lasts as long as usual, and nobody waits."""
    if not t.ends or t.state != "serving" or t.terminal is None or t.serving_since is None:
        return False
    usual_min = 10
    if t.service is not None:
        s = floor.site.service_by_code[t.service]
        usual_min = s.typical_minutes + s.further_card_minutes * max(0, t.cards - 1)
    q = floor.lanes[floor.terminals[t.terminal].lane]
    waiting = [x.issued_at for x in q.tickets.values() if x.issued_at] + [h.since for h in q.heads]
    return now - t.serving_since >= timedelta(minutes=usual_min) and not any(now - at > _AT_ONCE for at in waiting)
