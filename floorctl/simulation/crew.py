"""Simulate the contractor's staff: roll call, lunch breaks with relief, lateness, and one failing terminal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from floorctl.simulation.hall import Desk, Hall
from floorctl.simulation.hours import Hours, clock_text, hours_of
from floorctl.simulation.rota import BreakPlan, Rota

LUNCH = "昼休憩"
FAULT = "カードR/W応答なし"
FAILURE_SHARE = 0.8  # share of days with a failure [J]
FAILURE_MINUTES = (20, 40)
FAILURE_AFTER_S, FAILURE_BEFORE_S = 3600, 5400  # after the first reception, before the end of the last
ROLL_CALL_S = 900  # before the first reception
LOOK_S = 20  # polling interval of an act that waits for an empty desk


def hour_minute(at: int) -> str:
    """Return seconds since midnight as "HH:MM", rounded up to the minute."""
    return clock_text(at + -at % 60)


@dataclass
class Crew:
    """Staff of the day, following the rota."""

    hall: Hall
    rota: Rota
    rng: Random
    hours: Hours = field(init=False)
    away: set[str] = field(default_factory=set)  # not in the hall, or on a break
    breaks: dict[str, BreakPlan] = field(init=False)  # that are still to come, by person
    told: dict[str, object] = field(default_factory=dict)  # the manager's last word on each person
    standing_in: dict[str, str] = field(default_factory=dict)  # terminal at which a person relieves somebody on a break

    def __post_init__(self) -> None:
        self.hours = hours_of(self.hall.site, self.hall.day)
        self.breaks = {b.staff: b for b in self.rota.breaks}

    @property
    def _may_fail(self) -> tuple[int, int]:
        """Return the seconds of the day between which a terminal fails."""
        first = self.hours.after_opening(FAILURE_AFTER_S)
        return first, max(first, self.hours.before_closing(FAILURE_BEFORE_S))

    def begin(self) -> None:
        """Schedule the day: roll call before opening, breaks, one failure."""
        rota, plan = self.rota, self.hall.plan
        self.away = {*rota.all_day, rota.short_time}
        at = max(0, self.hours.opens - ROLL_CALL_S)
        for staff in rota.all_day:
            at += self.rng.randint(3, 28)
            if staff == rota.absent:
                plan(at, partial(self._change_staff, staff, "absent", reason="本人から連絡あり"))
            elif rota.late is not None and staff == rota.late[0]:
                until = hour_minute(rota.late[1])
                plan(at, partial(self._change_staff, staff, "late", reason="電車の遅れ", until=until))
                plan(rota.late[1], self._late_arrives)
            else:
                plan(at, partial(self._change_staff, staff, "present"))
        plan(rota.short_shift[0] - self.rng.randint(60, 400), partial(self._change_staff, rota.short_time, "present"))
        plan(rota.short_shift[1], self._short_time_leaves)
        for item in rota.breaks:
            plan(item.start, partial(self._break_due, item))
        self._plan_failure()

    def take_posts(self) -> None:
        """Staff the terminals of the rota after opening; the guide replaces an absent person."""
        at = self.hall.now + 20
        for code, staff in self.rota.posts:
            at += self.rng.randint(2, 9)
            worker = self.rota.guide if staff == self.rota.absent else staff
            if worker not in self.away:
                self.hall.plan(at, partial(self._do_staff_if_empty, self.hall.desks[code], worker))

    def desk_of(self, staff: str) -> Desk | None:
        return next((d for d in self.hall.desks.values() if d.staff == staff), None)

    def _change_staff(self, staff: str, status: str, **more: str) -> None:
        if status == "present":
            self.away.discard(staff)
        else:
            self.away.add(staff)
        self.hall.emit("staff.changed", staff=staff, status=status, **more)

    def _do_staff(self, desk: Desk, staff: str | None) -> None:
        self.hall.emit("terminal.staffed", terminal=desk.code, staff=staff)
        self.hall.put(desk, staff)

    def _do_staff_if_empty(self, desk: Desk, staff: str) -> None:
        if desk.staff is None and self.desk_of(staff) is None:
            self._do_staff(desk, staff)

    def _late_arrives(self) -> None:
        assert self.rota.late is not None
        staff = self.rota.late[0]
        self._change_staff(staff, "present")
        post = next(code for code, s in self.rota.posts if s == staff)
        self.hall.plan(self.hall.now + 60, partial(self._do_staff_if_empty, self.hall.desks[post], staff))

    def _short_time_leaves(self) -> None:
        staff = self.rota.short_time
        if self.desk_of(staff) is not None:
            self.hall.plan(self.hall.now + 120, self._short_time_leaves)
        else:
            self._change_staff(staff, "gone", reason="短時間勤務")

    # --- breaks

    def plan_breaks(self, planned: Mapping[str, tuple[int, int]], removed: Collection[str]) -> Callable[[], None]:
        """Let people take their breaks at other times, as {staff: (second of the day, length in seconds)}; return the undo.

        Who has gone already, and whom the crew does not know, is left alone.
        """
        before = dict(self.breaks)
        for staff, (start, length) in planned.items():
            if (item := self.breaks.get(staff)) is not None:
                self.breaks[staff] = replace(item, start=start, length_s=length)
        for staff in removed:
            self.breaks.pop(staff, None)
        changed = self._plan_again(before)

        def undo() -> None:
            now = dict(self.breaks)
            self.breaks |= {staff: before[staff] for staff in changed if staff in now or staff in removed}
            self._plan_again(now)

        return undo

    def _plan_again(self, before: Mapping[str, BreakPlan]) -> list[str]:
        """Schedule the breaks that are others than before; return whose differ, also those that are gone."""
        for staff, item in self.breaks.items():
            if before.get(staff) is not item:
                self.hall.plan(item.start, partial(self._break_due, item))
        return [staff for staff, item in before.items() if self.breaks.get(staff) is not item]

    def person_changed(self, staff: str, status: str, until: int | None) -> Callable[[], None]:
        """Follow a status that the manager has recorded; return the undo. Who is back at ``until`` says so."""
        was_away, item = staff in self.away, self.breaks.get(staff)
        (self.away.discard if status in ("present", "guidance") else self.away.add)(staff)
        if status in ("on_break", "absent", "gone"):
            self.breaks.pop(staff, None)
        mark = self.told[staff] = object()

        def back() -> None:
            if self.told.get(staff) is mark and staff in self.away:
                self._change_staff(staff, "present")

        if until is not None and status in ("on_break", "late", "away"):
            self.hall.plan(until, back)

        def undo() -> None:
            self.told.pop(staff, None)
            (self.away.add if was_away else self.away.discard)(staff)
            if item is not None and staff not in self.breaks:
                self.breaks[staff] = item
                self.hall.plan(item.start, partial(self._break_due, item))

        return undo

    def when_empty(self, desk: Desk, act: Callable[[], None], still: Callable[[], bool]) -> None:
        """Hold the desk and run ``act`` once it is empty; give up if ``still`` becomes false."""
        desk.holds += 1

        def look() -> None:
            if desk.person is not None and still():
                self.hall.plan(self.hall.now + LOOK_S, look)
                return
            desk.holds -= 1
            if still():
                act()
            self.hall.wake(desk.lane)

        # Some seconds after the end of the case, never within the same second.
        self.hall.plan(self.hall.now + LOOK_S, look)

    def _break_due(self, item: BreakPlan) -> None:
        retry = self.hall.now + 120
        if item.staff in self.away or self.breaks.get(item.staff) is not item:
            return
        desk = self.desk_of(item.staff)
        if desk is None:
            self._start_break(item)
        elif self.standing_in.get(item.staff) == desk.code:  # it is handed back first
            self.hall.plan(retry, partial(self._break_due, item))
        elif item.relief is not None:
            if item.relief in self.away or self.desk_of(item.relief) is not None:
                self.hall.plan(retry, partial(self._break_due, item))
            else:
                self.when_empty(desk, lambda: self._relieve(item, desk), lambda: self._goes_from(desk, item))
        elif desk.paused or desk.failed or desk.next_lane is not None or not self.hall.others_working(desk):
            self.hall.plan(retry, partial(self._break_due, item))
        else:
            self.when_empty(desk, lambda: self._pause(item, desk), lambda: self._goes_from(desk, item))

    def _goes_from(self, desk: Desk, item: BreakPlan) -> bool:
        return desk.staff == item.staff and self.breaks.get(item.staff) is item

    def _relieve(self, item: BreakPlan, desk: Desk) -> None:
        if item.relief is None or item.relief in self.away or self.desk_of(item.relief) is not None:
            self.hall.plan(self.hall.now + 120, partial(self._break_due, item))
            return
        self._do_staff(desk, item.relief)
        self.standing_in[item.relief] = desk.code
        self._start_break(item)

    def _pause(self, item: BreakPlan, desk: Desk) -> None:
        if desk.paused or not self.hall.others_working(desk):
            self.hall.plan(self.hall.now + 120, partial(self._break_due, item))
            return
        self.hall.emit("terminal.paused", terminal=desk.code, reason=LUNCH)
        desk.paused = True
        self._start_break(item)

    def _start_break(self, item: BreakPlan) -> None:
        self.breaks.pop(item.staff, None)
        until = self.hall.now + item.length_s
        until += -until % 60
        self._change_staff(item.staff, "on_break", reason=LUNCH, until=hour_minute(until))
        self.hall.plan(until - self.rng.randint(0, 50), lambda: self._end_break(item))

    def _end_break(self, item: BreakPlan) -> None:
        self._change_staff(item.staff, "present")
        own, relieved = self.desk_of(item.staff), self.desk_of(item.relief) if item.relief is not None else None
        if own is not None and own.paused and item.relief is None:
            self.hall.emit("terminal.resumed", terminal=own.code, reason=f"{LUNCH}終了")
            own.paused = False
            self.hall.wake(own.lane)
        elif relieved is not None and own is None:
            desk = relieved
            self.when_empty(desk, lambda: self._hand_back(item, desk), lambda: desk.staff == item.relief)

    def _hand_back(self, item: BreakPlan, desk: Desk) -> None:
        self._do_staff(desk, item.staff)
        self.standing_in.pop(item.relief or "", None)

    # --- failure

    def _plan_failure(self) -> None:
        u, at, minutes, where = (
            self.rng.random(),
            self.rng.randint(*self._may_fail),
            self.rng.randint(*FAILURE_MINUTES),
            self.rng.random(),
        )
        lanes = [d.home for d in self.hall.desks.values()]
        often = max(lanes, key=lanes.count)
        desks = [d for d in self.hall.desks.values() if d.home == often]
        if u < FAILURE_SHARE:
            desk = desks[int(where * len(desks))]
            self.hall.plan(at, lambda: self._failure_due(desk, minutes * 60))

    def _failure_due(self, desk: Desk, length_s: int) -> None:
        if desk.working and self.hall.others_working(desk):
            self.when_empty(desk, lambda: self._do_fail(desk, length_s), lambda: desk.working)
        elif self.hall.now < self._may_fail[1]:
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
