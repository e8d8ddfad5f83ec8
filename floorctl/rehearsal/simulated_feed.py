"""Simulated days as feeds: the bytes that ``floorctl simulate`` writes."""

from __future__ import annotations

import json
from datetime import date

from floorctl.common.errors import Refused
from floorctl.intake.demand_table import demand_table
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.simulation.live import simulate_day
from floorctl.simulation.monthly_demand import Volume


def simulated_feed(site: Site, day: date, seed: int, volume: Volume) -> bytes:
    """Return a simulated day as JSON Lines; equal arguments give equal bytes. Raise Refused on a closed day."""
    calendar = Calendar(site)
    info = calendar.day_info(day)
    if not info.open:
        do = "開場日を指定してください（floorctl calendar）"
        raise Refused(f"{day} は模擬できません", info.reason or "開場日ではありません", do)
    feed = simulate_day(site, day, seed, volume, demand_table(site), after_break=calendar.after_break(day))
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in feed).encode()
