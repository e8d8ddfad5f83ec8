"""The contractor's staff on the day: roll call, lunch breaks with relief, late comers, and the terminal that fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from floorctl.simulation.hall import Desk, Hall
from floorctl.simulation.rota import HOUR, SHORT_SHIFT, BreakPlan, Rota

LUNCH = "昼休憩"
FAULT = "カードR/W応答なし"
FAILURE_SHARE = 0.8  # of days [J]
FAILURE_MINUTES = (20, 40)
FAILURE_BETWEEN = (9 * HOUR + 1800, 15 * HOUR + 1800)
LOOK_S = 20  # how often someone who waits for an empty desk looks


def hour_minute(at: int) -> str:
    """Seconds since midnight as "HH:MM", the minute that is complete by then."""
    minutes = -(-at // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass
class Crew:
    """Staff of the day, by the rota."""

    hall: Hall
    rota: Rota
    rng: Random
    away: set[str] = field(default_factory=set)  # not in the hall, or on a break: asked by membership only

    def begin(self) -> None:
        """Plan the day: roll call before opening, posts at opening, breaks, one failure."""
        rota, plan = self.rota, self.hall.plan
        self.away = {*rota.all_day, rota.short_time}
        at = 8 * HOUR + 15 * 60
        for staff in rota.all_day:
            at += self.rng.randint(3, 28)
            if staff == rota.absent:
                plan(at, partial(self._say, staff, "absent", reason="本人から連絡あり"))
            elif rota.late is not None and staff == rota.late[0]:
                until = hour_minute(rota.late[1])
                plan(at, partial(self._say, staff, "late", reason="電車の遅れ", until=until))
                plan(rota.late[1], self._late_comes)
            else:
                plan(at, partial(self._say, staff, "present"))
        plan(SHORT_SHIFT[0] - self.rng.randint(60, 400), partial(self._say, rota.short_time, "present"))
        plan(SHORT_SHIFT[1], self._short_time_goes)
        for item in rota.breaks:
            plan(item.start, partial(self._break_due, item))
        self._plan_failure()

    def take_posts(self) -> None:
        """After the opening everyone goes to the terminal of the rota; the guide stands in for someone absent."""
        at = self.hall.now + 20
        for code, staff in self.rota.posts:
            at += self.rng.randint(2, 9)
            worker = self.rota.guide if staff == self.rota.absent else staff
            if worker not in self.away:
                self.hall.plan(at, partial(self._do_staff_if_empty, self.hall.desks[code], worker))

    def desk_of(self, staff: str) -> Desk | None:
        return next((d for d in self.hall.desks.values() if d.staff == staff), None)

    def _say(self, staff: str, status: str, **more: str) -> None:
        if status == "present":
            self.away.discard(staff)
        else:
            self.away.add(staff)
        self.hall.emit("staff.changed", staff=staff, status=status, **more)

    def _do_staff(self, desk: Desk, staff: str | None) -> None:
        self.hall.emit("terminal.staffed", terminal=desk.code, staff=staff)
        desk.staff = staff
        self.hall.wake(desk.lane)

    def _do_staff_if_empty(self, desk: Desk, staff: str) -> None:
        if desk.staff is None and self.desk_of(staff) is None:
            self._do_staff(desk, staff)

    def _late_comes(self) -> None:
        assert self.rota.late is not None
        staff = self.rota.late[0]
        self._say(staff, "present")
        post = next(code for code, s in self.rota.posts if s == staff)
        self.hall.plan(self.hall.now + 60, partial(self._do_staff_if_empty, self.hall.desks[post], staff))

    def _short_time_goes(self) -> None:
        staff = self.rota.short_time
        if self.desk_of(staff) is not None:
            self.hall.plan(self.hall.now + 120, self._short_time_goes)
        else:
            self._say(staff, "gone", reason="短時間勤務")

    # --- breaks

    def when_empty(self, desk: Desk, act: Callable[[], None], still: Callable[[], bool]) -> None:
        """Do ``act`` once nobody stands at the desk, which calls nobody until then; give up when not ``still``."""
        desk.holds += 1

        def look() -> None:
            if desk.person is not None and still():
                self.hall.plan(self.hall.now + LOOK_S, look)
                return
            desk.holds -= 1
            if still():
                act()
            self.hall.wake(desk.lane)

        # Some seconds after the finish, never within its second.
        self.hall.plan(self.hall.now + LOOK_S, look)

    def _break_due(self, item: BreakPlan) -> None:
        again = self.hall.now + 120
        if item.staff in self.away:
            return
        desk = self.desk_of(item.staff)
        if desk is None:
            self._start_break(item)
        elif item.relief is not None:
            if item.relief in self.away or self.desk_of(item.relief) is not None:
                self.hall.plan(again, partial(self._break_due, item))
            else:
                self.when_empty(desk, lambda: self._relieve(item, desk), lambda: desk.staff == item.staff)
        elif desk.paused or desk.failed or desk.next_lane is not None or not self.hall.others_working(desk):
            self.hall.plan(again, partial(self._break_due, item))
        else:
            self.when_empty(desk, lambda: self._pause(item, desk), lambda: desk.staff == item.staff)

    def _relieve(self, item: BreakPlan, desk: Desk) -> None:
        if item.relief is None or item.relief in self.away or self.desk_of(item.relief) is not None:
            self.hall.plan(self.hall.now + 120, partial(self._break_due, item))
            return
        self._do_staff(desk, item.relief)
        self._start_break(item)

    def _pause(self, item: BreakPlan, desk: Desk) -> None:
        if desk.paused or not self.hall.others_working(desk):
            self.hall.plan(self.hall.now + 120, partial(self._break_due, item))
            return
        self.hall.emit("terminal.paused", terminal=desk.code, reason=LUNCH)
        desk.paused = True
        self._start_break(item)

    def _start_break(self, item: BreakPlan) -> None:
        until = self.hall.now + item.length_s
        until += -until % 60
        self._say(item.staff, "on_break", reason=LUNCH, until=hour_minute(until))
        self.hall.plan(until - self.rng.randint(0, 50), lambda: self._end_break(item))

    def _end_break(self, item: BreakPlan) -> None:
        self._say(item.staff, "present")
        own, relieved = self.desk_of(item.staff), self.desk_of(item.relief) if item.relief is not None else None
        if own is not None and own.paused and item.relief is None:
            self.hall.emit("terminal.resumed", terminal=own.code, reason=f"{LUNCH}終了")
            own.paused = False
            self.hall.wake(own.lane)
        elif relieved is not None and own is None:
            desk = relieved
            self.when_empty(desk, lambda: self._do_staff(desk, item.staff), lambda: desk.staff == item.relief)

    # --- failure

    def _plan_failure(self) -> None:
        luck, at, minutes, where = (
            self.rng.random(),
            self.rng.randint(*FAILURE_BETWEEN),
            self.rng.randint(*FAILURE_MINUTES),
            self.rng.random(),
        )
        lanes = [d.home for d in self.hall.desks.values()]
        often = max(lanes, key=lanes.count)
        desks = [d for d in self.hall.desks.values() if d.home == often]
        if luck < FAILURE_SHARE:
            desk = desks[int(where * len(desks))]
            self.hall.plan(at, lambda: self._failure_due(desk, minutes * 60))

    def _failure_due(self, desk: Desk, length_s: int) -> None:
        if desk.working and self.hall.others_working(desk):
            self.when_empty(desk, lambda: self._do_fail(desk, length_s), lambda: desk.working)
        elif self.hall.now < FAILURE_BETWEEN[1]:
            self.hall.plan(self.hall.now + 600, lambda: self._failure_due(desk, length_s))

    def _do_fail(self, desk: Desk, length_s: int) -> None:
        if not self.hall.others_working(desk):
            return
        self.hall.emit("terminal.failed", terminal=desk.code, fault=FAULT)
        desk.failed = True
        self.hall.plan(self.hall.now + length_s, lambda: self.do_repair(desk))

    def do_repair(self, desk: Desk) -> None:
        if desk.failed:
            self.hall.emit("terminal.repaired", terminal=desk.code, fault=FAULT)
            desk.failed = False
            self.hall.wake(desk.lane)
