"""Return the expected visitors of a day: level of the month, weekday, first day after a closure, chosen volume.

`data/demand.csv` holds the specification's annual totals (仕様書 15(2), 15(3)) by month: certificates renewed, cards
renewed, cards new or reissued. The distribution over the months is derived (SPEC 2.4 [D], ±25 %; finding 5: totals read
as full fiscal years): an assumption, not the city's forecast. Another site's table distributes its own totals alike
(``of_site``).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal

from floorctl.models.register.demand_forecast import year_of
from floorctl.models.site.site import Site

Volume = Literal["low", "normal", "surge"]

# Monday to Sunday [J] (SPEC 2.4). Sunday only as an extra day.
WEEKDAY_FACTORS = (1.25, 1.0, 0.92, 0.92, 1.08, 1.15, 1.0)
AFTER_BREAK_FACTOR = 1.3  # first open day after three or more closed ones [J] (SPEC 2.4)
LOW_FACTOR = 0.6
SURGE_FACTOR = 1.1  # over the highest month of the table (May 2027, finding 6)
SURGE_LIMIT = 1.2  # upper limit of all factors together: beyond it reception is stopped most of the day

# Application and registration support per day [J]: no public figure.
APPLICATIONS = 6.0
REGISTRATIONS = 3.0
SUPPORT_FACTORS = {"low": 0.6, "normal": 1.0, "surge": 1.4}


_COLUMNS = ("open_days", "cert_renewals", "card_renewals", "new_and_reissued")


@dataclass(frozen=True)
class MonthDemand:
    """Expected totals of one month ("YYYY-MM") with its number of open days."""

    month: str
    open_days: int
    cert_renewals: int
    card_renewals: int
    new_and_reissued: int

    @property
    def certificates(self) -> float:
        """Return the visitors of the certificate lane per open day."""
        return round(self.cert_renewals / self.open_days, 1)

    @property
    def issuances(self) -> float:
        """Return the cards issued per open day."""
        return round((self.card_renewals + self.new_and_reissued) / self.open_days, 1)


@dataclass(frozen=True)
class DayLoad:
    """Expected visitors of one day, by group."""

    certificates: float
    issuances: float
    applications: float
    registrations: float


def parse_demand(text: str) -> tuple[MonthDemand, ...]:
    """Parse the CSV text of a demand table, sorted by month; raise ValueError or KeyError if it is malformed."""
    rows = [
        MonthDemand(r["month"], *(int(r[name]) for name in _COLUMNS))
        for r in csv.DictReader(text.lstrip("\ufeff").splitlines())
    ]
    return tuple(sorted(rows, key=lambda r: r.month))


@dataclass(frozen=True)
class YearDemand:
    """Totals of a fiscal year that a table distributes over months, and the number of terminals that shared them."""

    fiscal_year: int
    cert_renewals: int
    card_renewals: int
    new_and_reissued: int
    shared_terminals: int

    @property
    def totals(self) -> tuple[int, int, int]:
        return self.cert_renewals, self.card_renewals, self.new_and_reissued


def parse_years(text: str) -> tuple[YearDemand, ...]:
    """Parse the text of `data/demand_years.csv`; raise ValueError or KeyError if it is malformed."""
    names = [f.name for f in fields(YearDemand)]
    return tuple(YearDemand(*(int(r[name]) for name in names)) for r in csv.DictReader(text.splitlines()))


def of_site(
    table: Sequence[MonthDemand], years: Sequence[YearDemand], site: Site, open_days: Callable[[str], int]
) -> tuple[MonthDemand, ...]:
    """Scale ``table`` to a site: its distribution over the months, applied to the site's own totals (``[[demand]]``).

    ``years``: the totals of ``table``. ``open_days``: open days of a month, 0 if unknown; called only for a row that
    changes. A fiscal year without totals uses the nearest one; a site without any is scaled by its number of terminals.
    """
    totals = {t.fiscal_year: (t.cert_renewals, t.card_renewals, t.new_and_reissued) for t in site.demand}
    terminals = sum(len(t.lanes) > 1 for t in site.terminals) or len(site.terminals)
    found = []
    for r in table:
        year = year_of(r.month)
        nearest = min(totals, key=lambda y: abs(y - year), default=year)
        whole = min(years, key=lambda y: abs(y.fiscal_year - nearest))
        own, of = totals.get(nearest, (terminals,) * 3), whole.totals if totals else (whole.shared_terminals,) * 3
        if own == of:
            found.append(r)
            continue
        parts = (r.cert_renewals, r.card_renewals, r.new_and_reissued)
        certs, renewals, others = (n * a // b if b else 0 for n, a, b in zip(parts, own, of, strict=True))
        days = open_days(r.month) or r.open_days
        found.append(replace(r, open_days=days, cert_renewals=certs, card_renewals=renewals, new_and_reissued=others))
    return tuple(found)


def month_level(day: date, demand: Sequence[MonthDemand]) -> MonthDemand:
    """Return the row of the month of ``day``, else the last row before it, else the first.

    Raise ValueError on an empty table.
    """
    if not demand:
        raise ValueError("the demand table has no rows")
    month = f"{day:%Y-%m}"
    earlier = [r for r in demand if r.month <= month]
    return max(earlier, key=lambda r: r.month) if earlier else min(demand, key=lambda r: r.month)


def day_load(day: date, volume: Volume, demand: Sequence[MonthDemand], *, after_break: bool = False) -> DayLoad:
    """Return the expected visitors of ``day``. ``surge``: a day of the table's highest month instead of its own."""
    row = month_level(day, demand)
    factor = WEEKDAY_FACTORS[day.weekday()] * (AFTER_BREAK_FACTOR if after_break else 1.0)
    support = factor * SUPPORT_FACTORS[volume]
    if volume == "surge":
        row = max(demand, key=lambda r: (r.certificates, r.month))
        factor = min(factor * SURGE_FACTOR, SURGE_LIMIT)
    elif volume == "low":
        factor *= LOW_FACTOR
    return DayLoad(row.certificates * factor, row.issuances * factor, APPLICATIONS * support, REGISTRATIONS * support)
