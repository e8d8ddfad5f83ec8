"""A simulated day as a feed: the bytes that ``floorctl simulate`` writes."""

from __future__ import annotations

import json
from datetime import date

from dateutil.relativedelta import relativedelta

from floorctl.common.errors import Refused
from floorctl.intake.site_file import data_dir
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.simulation.demand import MonthDemand, Volume, of_site, parse_demand, parse_years


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


def demand_table(site: Site | None = None) -> tuple[MonthDemand, ...]:
    """The forecast of visitors by month: the shipped spread of the site's annual totals; without a site, as shipped."""
    table = parse_demand((data_dir() / "demand.csv").read_text(encoding="utf-8"))
    if site is None:
        return table
    calendar = Calendar(site)

    def open_days(month: str) -> int:
        first = date.fromisoformat(f"{month}-01")
        last = first + relativedelta(months=1, days=-1)
        whole = site.contract.start <= first and last <= site.contract.end
        return sum(d.open for d in calendar.between(first, last)) if whole else 0

    years = parse_years((data_dir() / "demand_years.csv").read_text(encoding="utf-8"))
    return of_site(table, years, site, open_days)


def simulated_feed(site: Site, day: date, seed: int, volume: Volume) -> bytes:
    """JSON Lines of a simulated day; the same arguments give the same bytes. Raises Refused on a closed day."""
    from floorctl.simulation.day import simulate_day  # whoever only asks for the demand table does without the hall

    calendar = need_open_day(site, day)
    feed = simulate_day(site, day, seed, volume, demand_table(site), after_break=calendar.after_break(day))
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in feed).encode()
