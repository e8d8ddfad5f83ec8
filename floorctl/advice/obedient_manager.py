"""Replay policy of a manager who takes every advice as soon as it is given, loans and moves. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from itertools import permutations

from floorctl.advice.arrivals import Demand, forecast
from floorctl.advice.best_move import Rules, far_more, however_late, lane_for, move_rules, options
from floorctl.advice.hall_view import RECENT_S, Recent, View, count_served, paces, served, view
from floorctl.advice.lending import LendRules, due_returns, lend_rules, offer
from floorctl.advice.service_times import ServiceTimes, learn
from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import StaffState
from floorctl.models.day.terminal import Loan, Move
from floorctl.models.day.ticket import Ticket
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.simulation.hours import clock_text
from floorctl.simulation.monthly_demand import MonthDemand
from floorctl.simulation.recorded_day import Job, RecordedDay
from floorctl.simulation.replay import Desk, Policy, ReplayHall

FRESH_S = 1800  # estimates of lengths and arrivals, on which loans hardly depend, are kept this long


class Advice(Policy):
    """Policy that lends and moves the advised terminal at once, from a Floor kept in step with the replay."""

    looks = True

    def __init__(
        self,
        site: Site,
        day: RecordedDay,
        table: Sequence[MonthDemand],
        rules: Rules | None = None,
        lending: LendRules | None = None,
    ) -> None:
        self.site, self.day, self.table = site, day, table
        self.rules = however_late(move_rules(site) if rules is None else rules)
        self.lend_rules = lend_rules(site) if lending is None else lending
        self.floor = Floor(site, day.day)
        self.floor.staffing_known = True
        self.register = Register()
        self._midnight = datetime.combine(day.day, time(), JST)
        self._issued = self._finished = self._ordered = 0
        self._learned: tuple[int, ServiceTimes, Demand] | None = None
        self._served = served(self.floor)
        self._pace: dict[str, float] | None = None  # until somebody else is served, or the demand is learned anew
        self._seen: tuple[tuple[object, ...], View] | None = None
        self._uneven: dict[tuple[str, str], int] = {}  # since when far more wait in the second lane than in the first

    def at(self, second: int) -> datetime:
        """Return the instant of a second since midnight."""
        return self._midnight + timedelta(seconds=second)

    def lane_at_staffing(self, hall: ReplayHall, desk: Desk) -> str:
        present = desk.post.lane_then(hall.now)
        v = self._view(hall)
        lanes = [x for x in desk.post.lanes if x in v.lanes]
        return lane_for(v, desk.code, present, lanes, self.rules) if lanes else present

    def returns(self, hall: ReplayHall) -> Iterable[Desk]:
        lent = [d for d in hall.desks if d.home is not None]
        at_work = {d.target for d in hall.desks if d.working}
        # What `due_returns` asks first, without the whole view of the hall; as in `lends`.
        if not any(d.home not in at_work or (d.job is None and hall.queues[d.home]) for d in lent):
            return ()
        due = {x.terminal for x in due_returns(self._view(hall), self.lend_rules)}
        return [d for d in hall.desks if d.code in due]

    def lends(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        rules = self.lend_rules
        if max((len(hall.queues[lane]) for lane in self.site.movable_lanes), default=0) < rules.heads:
            return ()
        last = next((order.at for order in reversed(hall.orders) if order.lend), None)
        if last is not None and hall.now - last < rules.rest_s:
            return ()
        at_work = Counter(d.target for d in hall.desks if d.working)
        idle = (d for d in hall.desks if d.working and d.job is None and d.home is None and not hall.queues[d.lane])
        if not any(at_work[d.lane] >= rules.others for d in idle):
            return ()
        loan = offer(self._view(hall), rules)
        return () if loan is None else [(d, loan.to) for d in hall.desks if d.code == loan.terminal]

    def moves(self, hall: ReplayHall) -> Iterable[tuple[Desk, str]]:
        waits = {lane: len(hall.queues[lane]) for lane in self.site.movable_lanes}
        at_work = Counter(d.target for d in hall.desks if d.working)
        self._uneven = {
            (origin, to): self._uneven.get((origin, to), hall.now)
            for origin, to in permutations(waits, 2)
            if far_more(waits[to], at_work[to], waits[origin], at_work[origin], self.rules)
        }
        lasting = [x for x, since in self._uneven.items() if hall.now - since >= self.rules.lasts_s]
        if not lasting:
            return ()
        option = next((o for o in options(self._view(hall), self.rules) if (o.origin, o.to) in lasting), None)
        return () if option is None else [(d, option.to) for d in hall.desks if d.code in option.moves]

    def _view(self, hall: ReplayHall) -> View:
        """Return the hall as it is now; the same one until something happens, or a terminal is ordered elsewhere."""
        now = (hall.now, len(hall.finished), *(x for d in hall.desks for x in (d.target, d.home, d.job, d.working)))
        if self._seen is None or self._seen[0] != now:
            self._seen = now, self._looked(hall)
        return self._seen[1]

    def _looked(self, hall: ReplayHall) -> View:
        self._keep_up(hall)
        now = self.at(hall.now)
        if self._learned is None or hall.now - self._learned[0] >= FRESH_S:
            times = learn(self.floor, now)
            demand = forecast(self.floor, self.register, self.table, now, lanes=self.site.movable_lanes)
            self._learned, self._pace = (hall.now, times, demand), None
        _, times, demand = self._learned
        if self._pace is None:
            self._pace = paces(self.floor, demand, self._served)
        return view(self.floor, demand, times, now, pace=dict(self._pace), recent=self._came(hall))

    def _came(self, hall: ReplayHall) -> Recent:
        """Return `hall_view.came` by the last of those who have come, who stand in their order."""
        found = dict.fromkeys(self.site.movable_lanes, 0)
        for job in reversed(hall.issued):
            if hall.now - job.issued >= RECENT_S:
                break
            if (lane := self.floor.lane_of(self.floor.tickets[job.number])) in found:
                found[lane] += 1
        return found, min(RECENT_S, float(hall.now - hall.issued[0].issued) if hall.issued else 0.0)

    def _keep_up(self, hall: ReplayHall) -> None:
        """Bring the Floor up to the replay's present instant."""
        floor = self.floor
        floor.opened_at = floor.opened_at or self.at(hall.now)
        for job in hall.issued[self._issued :]:
            due = self.at(job.start) if job.appointment and job.start > job.issued else None
            service = self._service(job, job.stays[0][1])
            t = Ticket(job.number, service, "waiting", self.at(job.issued), job.cards, due_at=due)
            floor.tickets[job.number] = t
        self._issued = len(hall.issued)
        if len(hall.finished) > self._finished:
            self._pace = None
        for job, end in hall.finished[self._finished :]:
            t = floor.tickets[job.number]
            t.state, t.ended_at, t.service = "finished", self.at(end), job.service
            t.serving_since = self.at(end - job.service_s)
            t.called_at = t.serving_since
            count_served(self._served, floor.lane_of(t), t)
        self._finished = len(hall.finished)
        for lane, queue in hall.queues.items():
            floor.lanes[lane].tickets = {job.number: floor.tickets[job.number] for _, _, job in queue}
            for _, _, job in queue:
                if len(job.stays) > 1:
                    floor.tickets[job.number].service = self._service(job, lane)
        for d in hall.desks:
            s = floor.terminals[d.code]
            s.lane, s.next_lane, s.home = d.lane, d.next_lane, d.home
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
            if order.lend:
                floor.loans.append(Loan(self.at(order.at), order.terminal, order.origin, order.to, ""))
            else:
                floor.moves.append(Move(self.at(order.at), order.terminal, order.origin, order.to, ""))
        self._ordered = len(hall.orders)

    def _service(self, job: Job, lane: str) -> str:
        """Return the service for which somebody waits in a lane: nobody knows yet that they will be sent to another."""
        if lane == job.lane:
            return job.service
        return next((x.code for x in self.site.services if x.lane == lane), job.service)
