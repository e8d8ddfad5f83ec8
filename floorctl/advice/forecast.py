"""Combine one day's forecasts: service times, predicted waits, arrivals, last call, trend of the waits. Pure.

A console or `status` keeps one `Forecaster` per day, so that the day is calibrated once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from floorctl.advice import service_times
from floorctl.advice.calibration import Watch
from floorctl.advice.known_ahead import look_ahead
from floorctl.advice.service_times import ServiceTimes
from floorctl.advice.waits import LaneWaits, waits
from floorctl.models.board.planned_windows import planned_windows
from floorctl.models.board.target_kept import by_lane, kept_by_hour
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

if TYPE_CHECKING:
    from floorctl.advice.arrivals import Demand
    from floorctl.advice.last_call import Closing
    from floorctl.advice.standing import Standing, Steady
    from floorctl.advice.target_expected import Expected
    from floorctl.advice.windows_needed import LaneNeed
    from floorctl.models.board.needed import Needed
    from floorctl.simulation.monthly_demand import MonthDemand

TREND = timedelta(minutes=15)


class Forecaster:
    """Forecasts of one day. ``table``: rows of `data/demand.csv`, or a function that loads them when first needed.

    ``after_break``: first open day after three closed ones (SPEC 2.4).
    """

    def __init__(
        self,
        site: Site,
        day: date,
        table: Sequence[MonthDemand] | Callable[[], Sequence[MonthDemand]] = (),
        *,
        after_break: bool = False,
    ) -> None:
        self.site, self.day, self.after_break = site, day, after_break
        self._table = table
        self.watch = Watch(site, day)
        self._learned: tuple[tuple[Floor, int, int, datetime], ServiceTimes] | None = None
        self._steady: Steady | None = None

    def anew(self) -> Forecaster:
        """Return a forecaster of the same day that has learned nothing yet."""
        return Forecaster(self.site, self.day, self._table, after_break=self.after_break)

    @cached_property
    def table(self) -> tuple[MonthDemand, ...]:
        """Load the rows of `data/demand.csv`."""
        return tuple(self._table() if callable(self._table) else self._table)

    def prepare(self) -> None:
        """Import, load and draw in advance what ``demand`` and ``needed`` need (slow on first use)."""
        import floorctl.advice.arrivals
        import floorctl.advice.windows_needed  # noqa: F401
        from floorctl.advice.window_runs import draw_ahead

        draw_ahead()
        _ = self.table

    def times(self, floor: Floor, now: datetime) -> ServiceTimes:
        """Return the service times as estimated at ``now``: learned once for all forecasts of an instant."""
        key = (floor, len(floor.entries), len(floor.retracted), now)
        if self._learned is None or self._learned[0] != key:
            self._learned = key, service_times.learn(floor, now)
        return self._learned[1]

    def waits(self, floor: Floor, register: Register, now: datetime) -> dict[str, LaneWaits]:
        """Return the predicted waits of each lane at ``now``. ``floor``: the day's facts up to then."""
        trust = self.watch.trust(floor, register, now)
        return waits(floor, self.times(floor, now), now, look_ahead(floor, register, now), trust)

    def demand(self, floor: Floor, register: Register, now: datetime) -> Demand:
        """Return the expected arrivals from ``now`` on."""
        from floorctl.advice.arrivals import forecast  # `status` needs waits alone

        return forecast(floor, register, self.table, now, after_break=self.after_break)

    def needed(
        self, floor: Floor, register: Register, now: datetime, demand: Demand | None = None
    ) -> dict[str, LaneNeed]:
        """Return the windows needed by half hour and lane, with the waits' service times; ``demand`` where known."""
        from floorctl.advice.windows_needed import windows_needed  # `status` needs waits alone

        if demand is None:
            demand = self.demand(floor, register, now)
        trust = self.watch.trust(floor, register, now)
        return windows_needed(floor, self.times(floor, now), demand, look_ahead(floor, register, now), now, trust)

    def target(
        self,
        floor: Floor,
        register: Register,
        now: datetime,
        demand: Demand | None = None,
        windows: Needed | None = None,
    ) -> Expected | None:
        """Return the share of the day's people expected to wait at most the target; ``demand`` and ``windows`` where known."""
        from floorctl.advice.target_expected import expected, less_breaks  # `status` needs waits alone

        if demand is None:
            demand = self.demand(floor, register, now)
        if windows is None:
            windows = planned_windows(floor, register, now)
        windows = less_breaks(floor, register, now, windows)
        trust, ahead = self.watch.trust(floor, register, now), look_ahead(floor, register, now)
        times = self.times(floor, now)
        so_far = by_lane(kept_by_hour(floor, now, ahead.grounds))
        seen = waits(floor, times, now, ahead, trust)
        return expected(floor, times, demand, ahead, seen, windows, now, so_far, trust)

    def standing(self, floor: Floor, register: Register, now: datetime) -> Standing | None:
        """Return the advised move that stands at ``now``; None if nothing is to be moved."""
        from floorctl.advice.standing import Steady  # `status` needs waits alone

        if self._steady is None:
            self._steady = Steady(self.site, self.day)
        return self._steady.at(floor, register, now, lambda then, at: self.demand(then, register, at))

    def closings(self, floor: Floor, register: Register, now: datetime, demand: Demand | None = None) -> list[Closing]:
        """Return the last call of each lane that has one and whose figures are not withheld; ``demand`` where known."""
        from floorctl.advice.last_call import closing, with_help  # with the arrivals, which are slow to import

        times = self.times(floor, now)
        if demand is None:
            demand = self.demand(floor, register, now)
        ahead = look_ahead(floor, register, now)
        lanes = [lane.code for lane in self.site.lanes if lane.code not in ahead.grounds.withheld]
        found = (closing(floor, times, demand, ahead, lane, now) for lane in lanes)
        return with_help([x for x in found if x is not None], demand, self.site.movable_lanes, now)

    def before_s(self, lane: str, now: datetime) -> int | None:
        """Return p50 in seconds as predicted for the lane's last person 15 minutes before ``now`` (0: nobody waited).

        None before the first prediction of the day. Call ``waits`` first: it calibrates the day up to ``now``.
        """
        medians = self.watch.medians_at(now - TREND)
        return None if medians is None else medians.get(lane, 0)
