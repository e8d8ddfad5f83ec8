"""Policies that a study compares (contract 4): they decide during a replay which lane each terminal serves. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import Desk, Policy, ReplayHall


class AsWas(Policy):
    """Recorded allocation: every terminal in its recorded lane, moved, lent and returned when it was."""

    def decides_at(self, day: RecordedDay) -> Iterable[int]:
        return sorted({at for post in day.posts for at in (*(then for then, _ in post.lanes_then[1:]), *post.kept)})

    def returns(self, hall: ReplayHall) -> Iterable[Desk]:
        return [d for d in hall.desks if d.post.was_returned(hall.now) and d.post.lane_then(hall.now) == d.home]

    def lends(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        return [(d, d.post.lane_then(hall.now)) for d in hall.desks if d.post.was_lent(hall.now)]

    def moves(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        return [
            (d, lane)
            for d in hall.desks
            if (lane := d.post.lane_then(hall.now)) != d.target or (d.home is not None and hall.now in d.post.kept)
        ]


class Static(Policy):
    """Fixed proportion of the staffed terminals, at least one per lane; a terminal gets its lane when it is staffed.

    ``first`` of ``first + rest`` terminals serve the first lane that shares terminals (the one that issues cards, if
    the site has one); the others are spread evenly over the other lanes.
    """

    def __init__(self, first: int, rest: int) -> None:
        self.first, self.rest = first, rest

    def wanted(self, hall: ReplayHall, staffed: int) -> dict[str, int]:
        """Return the number of terminals for each lane: rounded to the nearest, the rest to the last lane."""
        movable = hall.day.movable
        cards = [x for x in movable if x in hall.day.card_lanes][:1]
        lanes = [*cards, *(x for x in movable if x not in cards)]
        if not lanes:
            return {}
        share = self.first / (self.first + self.rest)
        found: dict[str, int] = {}
        left = staffed
        for n, lane in enumerate(lanes[:-1]):
            still = len(lanes) - n - 1
            wanted = staffed * share if n == 0 else left / (still + 1)
            found[lane] = max(0, min(max(1, int(wanted + 0.5)), left - still))
            left -= found[lane]
        found[lanes[-1]] = left
        return found

    def lane_at_staffing(self, hall: ReplayHall, desk: Desk) -> str:
        others = [d for d in hall.desks if d is not desk and d.staffed and len(d.post.lanes) > 1]
        wanted = self.wanted(hall, len(others) + 1)
        missing = {
            lane: n - sum(d.target == lane for d in others) for lane, n in wanted.items() if lane in desk.post.lanes
        }
        return max(missing, key=lambda lane: missing[lane], default=desk.lane)


class Pooled(Policy):
    """Every terminal serves any of its lanes, first come first served, without a switch; no bound of the waits.

    A terminal with a single lane (application support, registration) keeps to it.
    """

    free_switch = True

    def takes(self, hall: ReplayHall, desk: Desk) -> str | None:
        heads = [(hall.queues[lane][0][:2], lane) for lane in desk.post.lanes if hall.queues[lane]]
        return min(heads)[1] if heads else None


class Within(Policy):
    """Another policy from ``since`` to before ``until`` (seconds since midnight).

    Before, the recorded allocation; after, no further order: what is lent comes home.
    """

    def __init__(self, policy: Policy, since: int, until: int) -> None:
        self.policy, self.since, self.until = policy, since, until
        self.looks = policy.looks
        self.free_switch = policy.free_switch

    def _holds(self, hall: ReplayHall) -> bool:
        return self.since <= hall.now < self.until

    def decides_at(self, day: RecordedDay) -> Iterable[int]:
        return [at for at in self.policy.decides_at(day) if self.since <= at < self.until]

    def lane_at_staffing(self, hall: ReplayHall, desk: Desk) -> str:
        return self.policy.lane_at_staffing(hall, desk) if self._holds(hall) else desk.post.lane_then(hall.now)

    def moves(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        return self.policy.moves(hall) if self._holds(hall) else ()

    def lends(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        return self.policy.lends(hall) if self._holds(hall) else ()

    def returns(self, hall: ReplayHall) -> Iterable[Desk]:
        return self.policy.returns(hall)

    def takes(self, hall: ReplayHall, desk: Desk) -> str | None:
        own = desk.lane if hall.queues[desk.lane] else None
        return self.policy.takes(hall, desk) if self._holds(hall) else own
