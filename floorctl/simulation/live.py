"""Simulated hall of `simulate` and `demo`: advanced step by step, following the manager's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple

from floorctl.common.clock import JST
from floorctl.models.site.site import Site
from floorctl.simulation.crew import Crew
from floorctl.simulation.draws import stream
from floorctl.simulation.hall import REACTION_S, Hall, Line, State
from floorctl.simulation.mishaps import Mishap, Mishaps
from floorctl.simulation.monthly_demand import MonthDemand, Volume, day_load
from floorctl.simulation.officials import Officials
from floorctl.simulation.reactions import Reactions
from floorctl.simulation.rota import Rota, plan_rota
from floorctl.simulation.routine import Routine
from floorctl.simulation.stand_in_manager import Mover
from floorctl.simulation.visitors import draw_bookings, draw_visitors


class Visit(NamedTuple):
    """Course of a visitor with a ticket. Times are seconds since midnight.

    The wait runs from ``start`` (the arrival, or the appointment if later) to the first call. ``between_s``: from the
    end of the case to the terminal's next call.
    """

    ticket: str
    service: str
    lane: str
    came: int
    start: int
    called: int | None
    ended: int | None
    state: State
    between_s: int
    who: int | None = None  # index among the day's visitors; None: a number given by hand to nobody of them

    @property
    def wait_s(self) -> int | None:
        return None if self.called is None else max(0, self.called - self.start)


class LiveHall:
    """Simulated day that can be observed as it happens and follows the manager.

    ``demand``: rows of the demand table (`monthly_demand.parse_demand`). ``after_break``: first open day after three or
    more closed ones. ``manager_moves``: somebody manages the hall, so that the simulation moves no terminal and stops
    no reception. Visitors and their needs depend on (site, day, seed, volume, demand) alone. ``mishaps``: what goes
    wrong. ``nobody_invented``: a number that the manager gives is held by one of these visitors, or by nobody, who is then
    called in vain, and a head count takes nobody away; else somebody unexpected holds it. ``bookings``: appointments as (seconds since midnight, cards).
    ``rota``: in place of the one drawn. ``city_waits_s``: so long the city leaves each step of a case that the manager has
    raised to the manager.
    """

    def __init__(
        self,
        site: Site,
        day: date,
        seed: int,
        volume: Volume,
        demand: Sequence[MonthDemand],
        *,
        after_break: bool = False,
        manager_moves: bool = False,
        mishaps: Sequence[Mishap] = (),
        nobody_invented: bool = False,
        rota: Rota | None = None,
        city_waits_s: int = 0,
    ) -> None:
        self._hall = Hall(site, day, f"sim-{day:%Y-%m-%d}-{seed}")
        self._officials = Officials(self._hall, f"E{day:%m%d}")
        self.rota = rota = rota or plan_rota(site, day, stream("sim", day, seed, "rota"))
        crew = Crew(self._hall, rota, stream("sim", day, seed, "crew"))
        routine = Routine(self._hall, crew, self._officials, stream("sim", day, seed, "routine"))
        rng = stream("sim", day, seed, "reactions")
        self._reactions = Reactions(
            self._hall, self._officials, routine, rng, nobody_invented=nobody_invented, city_waits_s=city_waits_s
        )
        load = day_load(day, volume, demand, after_break=after_break)
        self.visitors = draw_visitors(site, day, load, seed)
        self.bookings = draw_bookings(site, day, load, seed)
        crew.begin()
        routine.begin()
        Mishaps(self._hall, crew, self._officials).plan(mishaps)
        if not manager_moves:
            Mover(self._hall).begin()
        for visitor in self.visitors:
            self._hall.plan(visitor.arrives, partial(self._hall.do_arrive, visitor), missable=True)

    @property
    def now(self) -> datetime:
        """Return the instant up to which the hall has been advanced (at first midnight)."""
        return self._hall.instant(self._hall.now)

    @property
    def over(self) -> bool:
        """Return whether the day is closed."""
        return self._hall.closed

    def advance(self, until: datetime) -> list[Line]:
        """Run the hall up to ``until`` (aware) and return the new feed lines in time order."""
        self._hall.run(self._hall.second(until))
        lines, self._hall.out = self._hall.out, []
        return lines

    def react(self, fact: Mapping[str, Any]) -> None:
        """Apply a fact of the manager, a flat dict like a feed line; unknown kinds and codes are ignored.

        It takes effect at the present instant; its ``at`` is ignored. A ``retracted`` carries the retracted fact under
        ``undone``.
        """
        self._reactions.react(fact)

    def visits(self) -> list[Visit]:
        """Return everybody who has had a ticket so far, in order of issue."""
        index = {id(v): n for n, v in enumerate(self.visitors)}
        return [
            Visit(
                p.ticket,
                p.service,
                p.lane,
                p.issued,
                max(p.issued, p.visitor.appointment or 0),
                p.called,
                p.ended,
                p.state,
                max(p.case.gap_s, REACTION_S),
                index.get(id(p.visitor)),
            )
            for p in self._hall.people.values()
        ]

    @property
    def turned_away(self) -> list[tuple[int, str]]:
        """Return (second, service) of each visitor who came while reception was stopped."""
        return self._hall.turned_away

    @property
    def without_number(self) -> list[tuple[int, str]]:
        """Return (since, service) of each visitor at a dead ticket machine."""
        return [(since, v.service) for since, v in self._hall.unticketed]

    def snapshot(self) -> dict[str, Any]:
        """Return the present hall: waiting by lane, terminals with lane, state and ticket, people in the hall."""
        hall = self._hall
        return {
            "now": hall.stamp(hall.now),
            "waiting": {lane: hall.waiting(lane) for lane in hall.queues},
            "terminals": {
                d.code: {
                    "lane": d.lane,
                    "next_lane": d.next_lane,
                    "staff": d.staff,
                    "paused": d.paused,
                    "failed": d.failed,
                    "ticket": d.person.ticket if d.person is not None else None,
                }
                for d in hall.desks.values()
            },
            "in_hall": hall.in_hall(),
            "open_cases": self._officials.open_cases(),
        }


def simulate_day(
    site: Site,
    day: date,
    seed: int,
    volume: Volume,
    demand: Sequence[MonthDemand],
    after_break: bool = False,
) -> list[dict[str, Any]]:
    """Simulate a day and return its feed lines (contract 2) in time order; equal arguments give equal lines.

    ``day`` is not checked to be an open day. ``after_break``: first open day after three closed ones.
    """
    hall = LiveHall(site, day, seed, volume, demand, after_break=after_break)
    return hall.advance(datetime.combine(day, time(), JST) + timedelta(days=1))
