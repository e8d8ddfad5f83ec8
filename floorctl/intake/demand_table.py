"""Load the shipped demand table, scaled to the totals of a site."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from floorctl.intake.site_file import data_dir
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.simulation.monthly_demand import MonthDemand, of_site, parse_demand, parse_years


def demand_table(site: Site | None = None) -> tuple[MonthDemand, ...]:
    """Return the expected visitors by month: the shipped distribution of the site's annual totals.

    Without a site, the table as shipped.
    """
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
