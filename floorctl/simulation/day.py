"""A whole simulated day as a feed: what `floorctl simulate` writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from floorctl.common.clock import JST
from floorctl.models.site.site import Site
from floorctl.simulation.demand import MonthDemand, Volume
from floorctl.simulation.live import LiveHall


def simulate_day(
    site: Site,
    day: date,
    seed: int,
    volume: Volume,
    demand: Sequence[MonthDemand],
    after_break: bool = False,
) -> list[dict[str, Any]]:
    """A plausible day as feed lines (contract 2), in time order; the same arguments give the same lines.

    Whether ``day`` is an open day is the caller's to check. ``after_break``: first open day after three closed ones.
    """
    hall = LiveHall(site, day, seed, volume, demand, after_break=after_break)
    return hall.advance(datetime.combine(day, time(), JST) + timedelta(days=1))
