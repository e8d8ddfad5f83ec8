"""Stand in for the manager on unmanaged days: move a terminal once or twice a day, as people do.

Not the advice: every five minutes it moves one idle terminal from a lane without a queue to a lane with a long one, and
returns it when its own lane needs it. After the reception for cards their terminals help. Reception is stopped only if
the hall could not close in time.
"""

from __future__ import annotations

from floorctl.simulation.hall import Desk, Hall
from floorctl.simulation.hours import hours_of, window

LOOK_S = 300
FROM_S, MOVES, REST_S = 3000, 2, 2400  # start after the first reception, moves a day, pause between them
LONG_S, SHORT_S, NEEDED_S = 1500, 300, 900  # estimated waits: worth a move, can spare a desk, needs it back
NEEDED_BY = 4  # smallest queue that needs its desk back
MINUTES_EACH = 13.5  # rough time per person at a terminal, with the call and the city's part
HELPERS = 3  # queue per additional terminal after the reception for cards
LAST_S = 1500  # after the last reception: the queue is to be served by 17:25, the hall empty by 17:40
STOP_S = 7200  # reception is not stopped earlier than this before its end


class Mover:
    """Manager of the lanes that share terminals."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.moves, self.last = hall, 0, 0
        self.lanes = hall.site.movable_lanes
        self.hours = hours_of(hall.site, hall.day)

    def begin(self) -> None:
        for at in range(self.hours.after_opening(FROM_S), self.hours.closes + 1, LOOK_S):
            self.hall.plan(at + 7, self._look)

    def _look(self) -> None:
        for lane in self.lanes:
            if all(self._over(s) for s in self._services(lane)):
                self._lend(lane)
        if self.moves < MOVES and self.hall.now - self.last >= REST_S:
            self._balance()
        for lane in self.lanes:
            self._stop_if_too_many(lane)

    def _services(self, lane: str) -> list[str]:
        return [s.code for s in self.hall.site.services if s.lane == lane]

    def _over(self, service: str) -> bool:
        return self.hall.now >= window(self.hall.site, service, self.hall.day)[1]

    def _desks(self, lane: str) -> list[Desk]:
        return [d for d in self.hall.desks.values() if (d.next_lane or d.lane) == lane and d.working]

    def _wait_s(self, lane: str) -> float:
        return self.hall.waiting(lane) * MINUTES_EACH * 60 / max(1, len(self._desks(lane)))

    def _name(self, lane: str) -> str:
        return self.hall.site.lane_by_code[lane].name

    def _spare(self, lane: str, other: str) -> Desk | None:
        """Return the desk of ``lane`` that has been free longest and can serve ``other``; None without one."""
        free = [d for d in self._desks(lane) if d.free and not d.summoned and other in d.lanes]
        return min(free, key=lambda d: (d.idle_since, d.index)) if free else None

    def _do_move(self, desk: Desk, lane: str, reason: str) -> None:
        self.hall.emit("terminal.assigned", terminal=desk.code, lane=lane, reason=reason)
        self.hall.assign(desk, lane)

    def _balance(self) -> None:
        for here in self.lanes:
            for there in self.lanes:
                if here == there or all(self._over(s) for s in self._services(here)):
                    continue
                if self._give_back(here, there) or self._help(here, there):
                    self.moves, self.last = self.moves + 1, self.hall.now
                    return

    def _give_back(self, here: str, home: str) -> bool:
        lent = [d for d in self._desks(here) if d.home == home and d.next_lane is None]
        if not lent or self._wait_s(home) < NEEDED_S or self.hall.waiting(home) < NEEDED_BY:
            return False
        self._do_move(lent[-1], home, f"{self._name(home)}の待ち{self.hall.waiting(home)}人のため戻す")
        return True

    def _help(self, here: str, there: str) -> bool:
        band = self.hall.site.band_by_lane.get(here)
        desk = self._spare(here, there)
        least = max(2, band.low + 1 if band is not None else 2)
        if desk is None or len(self._desks(here)) < least:
            return False
        if self._wait_s(there) < LONG_S or self._wait_s(here) > SHORT_S:
            return False
        self._do_move(desk, there, f"{self._name(there)}の待ち{self.hall.waiting(there)}人、{self._name(here)}に空き")
        return True

    def _lend(self, lane: str) -> None:
        """Move free terminals of a lane whose reception is over and whose queue is empty to where people wait."""
        if self.hall.waiting(lane):
            return
        for other in self.lanes:
            if other == lane or all(self._over(s) for s in self._services(other)):
                continue
            while self.hall.waiting(other) >= HELPERS * sum(d.home == lane for d in self._desks(other)):
                desk = self._spare(lane, other)
                if desk is None:
                    break
                self._do_move(desk, other, f"{self._name(lane)}の受付終了")

    def _stop_if_too_many(self, lane: str) -> None:
        """Stop reception (受付打切り) if the queue takes until closing (SPEC 2.3: cut at the day's capacity)."""
        if self.hall.now < self.hours.before_closing(STOP_S) or not self.hall.waiting(lane):
            return
        others = [d for d in self.hall.desks.values() if d.lane != lane and lane in d.lanes and d.working]
        desks = max(1, len(self._desks(lane)) + len(others) // 2)  # half of these will help later
        if self.hall.now + self.hall.waiting(lane) * MINUTES_EACH * 60 / desks < self.hours.closes + LAST_S:
            return
        for service in self._services(lane):
            if service not in self.hall.stopped and not self._over(service):
                reason = f"待ち{self.hall.waiting(lane)}人、閉場までの対応が困難"
                self.hall.emit("reception.stopped", service=service, reason=reason)
                self.hall.stopped.add(service)
