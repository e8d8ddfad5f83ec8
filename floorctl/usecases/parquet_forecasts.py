"""What was expected of a day before it began, by hour and lane, for a head office that compares it with who came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from floorctl.advice.arrivals import forecast, lane_level
from floorctl.commands.fold import fold, fold_register
from floorctl.common.clock import JST
from floorctl.simulation.monthly_demand import day_load
from floorctl.usecases.forecasting import new_forecaster
from floorctl.usecases.session import Session

ForecastRow = tuple[int, str, datetime, float]


def forecast_rows(session: Session, day: date) -> Iterator[ForecastRow]:
    """Yield (hour, lane, foretold at, expected arrivals), as foretold when the hall opened by the calendar.

    From what was recorded by then (the appointments) and no fact of the day itself. None on a closed day, and none of a
    lane whose level the demand table does not know.
    """
    if not session.info(day).open:
        return
    site, at = session.site, datetime.combine(day, session.site.hall.opens, JST)
    teller = new_forecaster(session, day)
    if not teller.table:
        return
    load = day_load(day, "normal", teller.table, after_break=teller.after_break)
    known = [x.code for x in site.lanes if lane_level(site, x.code, load) > 0]
    if not known:
        return
    register = fold_register(e for e in session.register_facts() if max(e.fact.at, e.recorded_at) <= at)
    told = forecast(fold(site, day, []), register, teller.table, at, after_break=teller.after_break, lanes=known)
    for lane, demand in told.lanes.items():
        hours: dict[int, float] = {}
        for half in demand.halves:
            hours[half.start.hour] = hours.get(half.start.hour, 0.0) + half.prior
        for hour, expected in sorted(hours.items()):
            yield hour, lane, at, round(expected, 2)
