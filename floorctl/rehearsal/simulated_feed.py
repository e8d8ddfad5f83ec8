"""A simulated day as a feed: the bytes that ``floorctl simulate`` writes."""

from __future__ import annotations

import json
from datetime import date

from floorctl.common.errors import Refused
from floorctl.intake.demand_table import demand_table
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.simulation.live import simulate_day
from floorctl.simulation.monthly_demand import Volume


def need_open_day(site: Site, day: date) -> Calendar:
    """The calendar, where ``day`` is one that receives visitors. Raises Refused."""
    calendar = Calendar(site)
    info = calendar.day_info(day)
    if not info.open:
        raise Refused(
            f"{day} は模擬できません",
            info.reason or "開場日ではありません",
            "開場日を指定してください（floorctl calendar）",
        )
    return calendar


def simulated_feed(site: Site, day: date, seed: int, volume: Volume) -> bytes:
    """JSON Lines of a simulated day; the same arguments give the same bytes. Raises Refused on a closed day."""
    calendar = need_open_day(site, day)
    feed = simulate_day(site, day, seed, volume, demand_table(site), after_break=calendar.after_break(day))
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in feed).encode()
