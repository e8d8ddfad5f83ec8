"""Head counts of a lane: what they take off, whom they find, and since when these are known."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from floorctl.commands.context import Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.ticket_steps import came_by, end
from floorctl.models.day.floor import Floor, LaneQueue
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.site.count_bounds import need_believable

# A lane without a call for so long is one whose calls nobody records.
_CALLS_SEEN = timedelta(hours=1)


@decides(ev.QueueCounted)
def decide_counted(c: Context, f: ev.QueueCounted) -> list[Wish]:
    """Count the heads of a lane; more than can be there is a slip, unless so many numbers wait."""
    c.need_open()
    if f.waiting > len(c.floor.lanes[f.lane].tickets):
        need_believable(f, c.site)
    return as_wished(f)


@evolves(ev.QueueCounted)
def evolve_counted(floor: Floor, entry: Entry, f: ev.QueueCounted) -> None:
    q = floor.lanes[f.lane]
    gone = _gone_unseen(floor, q, f.at)
    q.counted_at = f.at
    came_by(q, entry)
    for t in q.debited:
        if t.debited_lane == f.lane:
            t.debited_lane = None  # this count knows better than the calls before it
    q.debited.clear()
    while len(q.tickets) > f.waiting:
        t = q.oldest()
        t.lane_at_end = f.lane
        end(floor, t, "counted_out", f.at)
    q.count_heads(f.waiting - len(q.tickets), f.at, gone)


def _gone_unseen(floor: Floor, q: LaneQueue, at: datetime) -> int:
    """Return how many the lane's terminals may have called since its last count; 0 while its calls are recorded."""
    recorded = q.called_at is not None and at - q.called_at <= _CALLS_SEEN
    if q.counted_at is None or recorded or not q.heads:
        return 0
    desks = sum(t.lane == q.code and floor.works(t.code) for t in floor.terminals.values())
    quickest_s = 60 * min((s.typical_minutes for s in floor.site.services if s.lane == q.code), default=1)
    return ceil(desks * (at - q.counted_at).total_seconds() / quickest_s)


def debit(floor: Floor, lane: str, t: Ticket, at: datetime) -> None:
    """Take one from the head count of the lane, for the call of a number that the queue does not know."""
    q = floor.lanes[lane]
    if q.counted_at is None:
        return
    if q.uncounted:
        t.debited_since = q.take_head()
    elif q.tickets:
        gone = q.oldest()
        gone.lane_at_end = lane
        end(floor, gone, "counted_out", at)
    else:
        return
    t.debited_lane = lane
    q.debited.append(t)
