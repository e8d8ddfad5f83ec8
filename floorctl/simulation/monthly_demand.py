"""How many come on a day: the level of the month, the weekday, the first day after a long closure, the volume asked.

The shipped table `data/demand.csv` holds the specification's annual totals (仕様書 15(2), 15(3)) by month: certificates
renewed, cards renewed, cards new or reissued. Their spread over the months is derived (SPEC 2.4 [D], ±25 %; finding 5:
the totals read as full fiscal years). It is an assumption, not a forecast of the city's. Another site's table is the
same spread of its own totals (``of_site``).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal

from floorctl.models.register.demand_forecast import fiscal_year
from floorctl.models.site.site import Site

Volume = Literal["low", "normal", "surge"]

# Monday to Sunday [J] (SPEC 2.4). Sunday only as an extra day.
WEEKDAY_FACTORS = (1.25, 1.0, 0.92, 0.92, 1.08, 1.15, 1.0)
AFTER_BREAK_FACTOR = 1.3  # first open day after three or more closed ones [J] (SPEC 2.4)
LOW_FACTOR = 0.6
SURGE_FACTOR = 1.1  # over the highest month of the table (May 2027, finding 6)
SURGE_LIMIT = 1.2  # weekday and all: beyond it people are sent home by the hour, which is no day to look at

# Application and registration support a day [J]: few; no public figure.
APPLICATIONS = 6.0
REGISTRATIONS = 3.0
SUPPORT_FACTORS = {"low": 0.6, "normal": 1.0, "surge": 1.4}


_COLUMNS = ("open_days", "cert_renewals", "card_renewals", "new_and_reissued")


@dataclass(frozen=True)
class MonthDemand:
    """What is expected of one month ("YYYY-MM") with so many open days, as totals."""

    month: str
    open_days: int
    cert_renewals: int
    card_renewals: int
    new_and_reissued: int

    @property
    def certificates(self) -> float:
        """Visitors of the certificate lane per open day."""
        return round(self.cert_renewals / self.open_days, 1)

    @property
    def issuances(self) -> float:
        """Cards handed over per open day."""
        return round((self.card_renewals + self.new_and_reissued) / self.open_days, 1)


@dataclass(frozen=True)
class DayLoad:
    """Expected visitors of one day, by group."""

    certificates: float
    issuances: float
    applications: float
    registrations: float


def parse_demand(text: str) -> tuple[MonthDemand, ...]:
    """The rows of a demand table from its CSV text, by month. ValueError (or KeyError) where it is no such table."""
    rows = [
        MonthDemand(r["month"], *(int(r[name]) for name in _COLUMNS))
        for r in csv.DictReader(text.lstrip("\ufeff").splitlines())
    ]
    return tuple(sorted(rows, key=lambda r: r.month))


@dataclass(frozen=True)
class YearDemand:
    """What a table of months is the spread of: the totals of a fiscal year, and the terminals that shared them."""

    fiscal_year: int
    cert_renewals: int
    card_renewals: int
    new_and_reissued: int
    shared_terminals: int

    @property
    def totals(self) -> tuple[int, int, int]:
        return self.cert_renewals, self.card_renewals, self.new_and_reissued


def parse_years(text: str) -> tuple[YearDemand, ...]:
    """The rows of `data/demand_years.csv`. ValueError (or KeyError) where it is no such table."""
    names = [f.name for f in fields(YearDemand)]
    return tuple(YearDemand(*(int(r[name]) for name in names)) for r in csv.DictReader(text.splitlines()))


def of_site(
    table: Sequence[MonthDemand], years: Sequence[YearDemand], site: Site, open_days: Callable[[str], int]
) -> tuple[MonthDemand, ...]:
    """The table for a site: the spread over the months applied to the annual totals of its own (``[[demand]]``).

    ``years``: what ``table`` is the spread of. ``open_days`` of a month, 0 where they are not known; asked only where a
    row changes. A fiscal year of which the site says nothing follows its nearest one; a site without totals has as many
    visitors as its terminals are many against those of the table.
    """
    totals = {t.fiscal_year: (t.cert_renewals, t.card_renewals, t.new_and_reissued) for t in site.demand}
    terminals = sum(len(t.lanes) > 1 for t in site.terminals) or len(site.terminals)
    found = []
    for r in table:
        year = fiscal_year(r.month)
        told = min(totals, key=lambda y: abs(y - year), default=year)
        whole = min(years, key=lambda y: abs(y.fiscal_year - told))
        own, of = totals.get(told, (terminals,) * 3), whole.totals if totals else (whole.shared_terminals,) * 3
        if own == of:
            found.append(r)
            continue
        parts = (r.cert_renewals, r.card_renewals, r.new_and_reissued)
        certs, renewals, others = (n * a // b if b else 0 for n, a, b in zip(parts, own, of, strict=True))
        days = open_days(r.month) or r.open_days
        found.append(replace(r, open_days=days, cert_renewals=certs, card_renewals=renewals, new_and_reissued=others))
    return tuple(found)


def month_level(day: date, demand: Sequence[MonthDemand]) -> MonthDemand:
    """The row of the month of ``day``; else the last row before it, else the first. ValueError on an empty table."""
    if not demand:
        raise ValueError("the demand table has no rows")
    month = f"{day:%Y-%m}"
    earlier = [r for r in demand if r.month <= month]
    return max(earlier, key=lambda r: r.month) if earlier else min(demand, key=lambda r: r.month)


def day_load(day: date, volume: Volume, demand: Sequence[MonthDemand], *, after_break: bool = False) -> DayLoad:
    """Expected visitors of ``day``. ``surge`` is a day of the table's highest month, whatever the month of ``day``."""
    row = month_level(day, demand)
    factor = WEEKDAY_FACTORS[day.weekday()] * (AFTER_BREAK_FACTOR if after_break else 1.0)
    support = factor * SUPPORT_FACTORS[volume]
    if volume == "surge":
        row = max(demand, key=lambda r: (r.certificates, r.month))
        factor = min(factor * SURGE_FACTOR, SURGE_LIMIT)
    elif volume == "low":
        factor *= LOW_FACTOR
    return DayLoad(row.certificates * factor, row.issuances * factor, APPLICATIONS * support, REGISTRATIONS * support)
