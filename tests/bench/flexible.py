"""Terminals that change lanes by themselves: a policy that is measured and not offered (docs/advice.md)."""

from __future__ import annotations

from floorctl.advice.policies import Static
from floorctl.simulation.replay import Desk, Policy, ReplayHall


class Flex(Policy):
    """Terminals kept flexible (両用): each takes whoever waits longest in any of its lanes, and pays the switch time for
    every change. The others are split as ``split`` says. Measured, not offered: see docs/advice.md.

    ``sticky_s``: after a change it stays in its lane so long while somebody waits there.
    """

    def __init__(self, flexible: int, sticky_s: int = 600, split: tuple[int, int] = (2, 6)) -> None:
        self.flexible, self.sticky_s, self.split = flexible, sticky_s, Static(*split)
        self.changed: dict[str, int] = {}

    def lane_at_staffing(self, hall: ReplayHall, desk: Desk) -> str:
        return self.split.lane_at_staffing(hall, desk)

    def _is_flexible(self, hall: ReplayHall, desk: Desk) -> bool:
        both = [d.code for d in hall.desks if d.post.spans and len(d.post.lanes) > 1]
        return desk.code in both[-self.flexible :]

    def takes(self, hall: ReplayHall, desk: Desk) -> str | None:
        own = hall.queues[desk.lane]
        others = [x for x in desk.post.lanes if x != desk.lane and hall.queues[x]]
        if not others or not self._is_flexible(hall, desk):
            return desk.lane if own else None
        first = min(others, key=lambda x: hall.queues[x][0][:2])
        settled = hall.now - self.changed.get(desk.code, -self.sticky_s) < self.sticky_s
        if own and (settled or own[0][:2] < hall.queues[first][0][:2]):
            return desk.lane
        self.changed[desk.code] = hall.now
        return first
