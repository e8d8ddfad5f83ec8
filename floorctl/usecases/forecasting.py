"""Forecasters of the days of an open file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from floorctl.advice.forecast import Forecaster
from floorctl.advice.foresight import foresee
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.day.floor import Floor
from floorctl.usecases.session import Session

if TYPE_CHECKING:
    from floorctl.simulation.monthly_demand import MonthDemand


def new_forecaster(session: Session, day: date) -> Forecaster:
    """Return a forecaster of a day, made from its own facts, the site, the demand table and the calendar.

    The same day gives the same forecast in any file.
    """

    def table() -> Sequence[MonthDemand]:
        from floorctl.intake.demand_table import demand_table  # only the forecast of arrivals needs it

        return demand_table(session.site)

    return Forecaster(session.site, day, table, after_break=session.calendar.after_break(day))


class Outlook(NamedTuple):
    """Forecasts for ``status`` by lane: p50 and p90 of the wait of its last person (s), and what is foreseen.

    No entry of ``predicted`` where p50, and None where p90 lies beyond the hall's closing.
    """

    predicted: dict[str, tuple[int, int | None]]
    ahead: dict[str, Foreseen]


def outlook(session: Session, floor: Floor, now: datetime) -> Outlook:
    """Return the forecasts of an open day at ``now``, by lane."""
    forecaster, register = new_forecaster(session, floor.day), session.register()
    waits = forecaster.waits(floor, register, now)
    return Outlook(
        {lane: (w.last.p50_s, w.last.p90_s) for lane, w in waits.items() if w.last is not None},
        foresee(floor, waits, forecaster.closings(floor, register, now), now),
    )
