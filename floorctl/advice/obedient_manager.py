"""Replay policy of a manager who takes every advice as soon as it is given. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from floorctl.advice.arrivals import Demand, forecast
from floorctl.advice.best_move import RULES, Rules, best, lane_for
from floorctl.advice.hall_view import View, view
from floorctl.advice.service_times import ServiceTimes, learn
from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import StaffState
from floorctl.models.day.terminal import Move
from floorctl.models.day.ticket import Ticket
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.simulation.hours import clock_text
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import RecordedDay
from floorctl.simulation.replay import Desk, Policy, ReplayHall

FRESH_S = 300  # estimates of service times and arrivals are kept this long


class Advice(Policy):
    """Policy that moves the advised terminal at once, from a Floor kept in step with the replay."""

    looks = True

    def __init__(self, site: Site, day: RecordedDay, table: Sequence[MonthDemand], rules: Rules = RULES) -> None:
        self.site, self.day, self.table, self.rules = site, day, table, rules
        self.floor = Floor(site, day.day)
        self.floor.staffing_known = True
        self.register = Register()
        self._midnight = datetime.combine(day.day, time(), JST)
        self._issued = self._finished = self._ordered = 0
        self._learned: tuple[int, ServiceTimes, Demand] | None = None

    def at(self, second: int) -> datetime:
        """Return the instant of a second since midnight."""
        return self._midnight + timedelta(seconds=second)

    def lane_at_staffing(self, hall: ReplayHall, desk: Desk) -> str:
        v = self._view(hall)
        lanes = [x for x in desk.post.lanes if x in v.lanes]
        return lane_for(v, desk.code, lanes, self.rules) if lanes else desk.lane

    def moves(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        if not any(hall.queues[lane] for lane in self.site.movable_lanes):
            return ()
        option = best(self._view(hall), self.rules)
        if option is None:
            return ()
        desks = {d.code: d for d in hall.desks}
        return [(desks[code], option.to) for code in option.moves]

    def _view(self, hall: ReplayHall) -> View:
        self._keep_up(hall)
        now = self.at(hall.now)
        if self._learned is None or hall.now - self._learned[0] >= FRESH_S:
            times = learn(self.floor, now)
            self._learned = (hall.now, times, forecast(self.floor, self.register, self.table, now))
        _, times, demand = self._learned
        return view(self.floor, demand, times, now)

    def _keep_up(self, hall: ReplayHall) -> None:
        """Bring the Floor up to the replay's present instant."""
        floor = self.floor
        floor.opened_at = floor.opened_at or self.at(hall.now)
        for job in hall.issued[self._issued :]:
            due = self.at(job.start) if job.appointment and job.start > job.issued else None
            t = Ticket(job.number, job.service, "waiting", self.at(job.issued), job.cards, due_at=due)
            floor.tickets[job.number] = t
        self._issued = len(hall.issued)
        for job, end in hall.finished[self._finished :]:
            t = floor.tickets[job.number]
            t.state, t.ended_at = "finished", self.at(end)
            t.serving_since = self.at(end - job.service_s)
            t.called_at = t.serving_since
        self._finished = len(hall.finished)
        for lane, queue in hall.queues.items():
            floor.lanes[lane].tickets = {job.number: floor.tickets[job.number] for _, _, job in queue}
        for d in hall.desks:
            s = floor.terminals[d.code]
            s.lane, s.next_lane = d.lane, d.next_lane
            s.staff = d.code if d.staffed else None
            s.paused = d.staffed and not d.working
            back = d.post.back_at(hall.now) if s.paused else None
            if back is None:
                floor.staff.pop(d.code, None)
            else:
                until = clock_text(back)
                floor.staff[d.code] = StaffState(d.code, "on_break", self.at(hall.now), "", until)
            s.ticket = d.job.number if d.job is not None else None
            s.moved_at = self.at(d.ready - self.day.switch_s) if d.ready else None
            if d.job is not None:
                t = floor.tickets[d.job.number]
                t.state, t.serving_since, t.terminal = "serving", self.at(d.called), d.code
                t.called_at = t.serving_since
        for order in hall.orders[self._ordered :]:
            floor.moves.append(Move(self.at(order.at), order.terminal, order.origin, order.to, ""))
        self._ordered = len(hall.orders)
