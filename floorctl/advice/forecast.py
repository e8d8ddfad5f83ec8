"""One day's forecasts together: lengths of cases, waits, arrivals, and how the waits have been moving. Pure.

Whoever shows forecasts (the console, `status`) keeps one `Forecaster` a day, so that the day is watched only once.
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
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

if TYPE_CHECKING:
    from floorctl.advice.demand import Demand
    from floorctl.advice.last_call import Closing
    from floorctl.simulation.demand import MonthDemand

TREND = timedelta(minutes=15)


class Forecaster:
    """``table``: the rows of `data/demand.csv`, or what gives them when they are first needed; ``after_break``: the first open day after three closed ones (SPEC 2.4)."""

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

    @cached_property
    def table(self) -> tuple[MonthDemand, ...]:
        """The rows of `data/demand.csv`."""
        return tuple(self._table() if callable(self._table) else self._table)

    def prepare(self) -> None:
        """Loads what ``demand`` needs, where nobody waits for it."""
        import floorctl.advice.demand  # noqa: F401

        _ = self.table

    def times(self, floor: Floor, now: datetime) -> ServiceTimes:
        """Lengths of cases as known at ``now``."""
        return service_times.learn(floor, now)

    def waits(self, floor: Floor, register: Register, now: datetime) -> dict[str, LaneWaits]:
        """What is to be said of the waits of each lane at ``now``; ``floor``: the day's facts up to then."""
        trust = self.watch.trust(floor, register, now)
        return waits(floor, self.times(floor, now), now, look_ahead(floor, register, now), trust)

    def demand(self, floor: Floor, register: Register, now: datetime) -> Demand:
        """Who is still to come at ``now``."""
        from floorctl.advice.demand import forecast  # `status` asks for waits alone

        return forecast(floor, register, self.table, now, after_break=self.after_break)

    def closings(self, floor: Floor, register: Register, now: datetime) -> list[Closing]:
        """The last call of every lane that has one."""
        from floorctl.advice.last_call import closing  # what only the console asks for

        times, demand = self.times(floor, now), self.demand(floor, register, now)
        ahead = look_ahead(floor, register, now)
        found = (closing(floor, times, demand, ahead, lane.code, now) for lane in self.site.lanes)
        return [x for x in found if x is not None]

    def before_s(self, lane: str, now: datetime) -> int | None:
        """What was predicted for the last person of a lane a quarter of an hour before ``now`` (0: nobody waited); None
        where the day had not begun. After ``waits``: it is what the day's watching has kept."""
        told = self.watch.told_at(now - TREND)
        return None if told is None else told.get(lane, 0)
