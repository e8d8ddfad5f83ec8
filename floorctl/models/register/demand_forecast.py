"""The forecast by month against the actual figures (仕様書 3, 15(2), 15(3)). Pure.

The city's own months (``demand.imported``) are kept as given. The other months are the shipped spread of the annual
totals over whole fiscal years; by ruling A7 those totals are of the whole year or of the contract's months,
to which the months are then scaled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from floorctl.common.clock import fiscal_year
from floorctl.common.frozen import frozen
from floorctl.models.register.duties import reading
from floorctl.models.register.register import Register
from floorctl.models.site.contract import AnnualDemand
from floorctl.models.site.site import Site

# What is forecast, in the order of the tables.
DEMANDS = ("cert_renewals", "card_renewals", "new_and_reissued")
# What is counted by tickets; the others by work, which can be counted by hand.
BY_TICKET = ("cert_renewals", "cards")


class Month(Protocol):
    """Row of a table of demand: totals of a month ("YYYY-MM")."""

    @property
    def month(self) -> str: ...
    @property
    def cert_renewals(self) -> int: ...
    @property
    def card_renewals(self) -> int: ...
    @property
    def new_and_reissued(self) -> int: ...


@frozen
class MonthForecast:
    """Totals of a month; ``imported``: as the city gave them."""

    month: str
    cert_renewals: int
    card_renewals: int
    new_and_reissued: int
    imported: bool = False

    @property
    def cards(self) -> int:
        """Return the cards to be handed over, of any kind."""
        return self.card_renewals + self.new_and_reissued


class Compared(NamedTuple):
    """Forecast and actual totals of a month. ``actual`` is None if the month has no record.

    Of its ``open_days`` by the calendar, ``past`` are over and ``recorded`` have records, ``unnumbered`` of them without
    any ticket: of those nobody knows who came, so that they count for what is counted by hand alone.
    """

    month: str
    forecast: MonthForecast | None
    actual: Mapping[str, int] | None
    open_days: int = 0
    past: int = 0
    recorded: int = 0
    unnumbered: int = 0

    def recorded_of(self, name: str) -> int:
        """Return the days with records of a demand: of what is counted by tickets, those with tickets."""
        return self.recorded - (self.unnumbered if name in BY_TICKET else 0)

    @property
    def under_way(self) -> bool:
        """Return whether open days of the month are over and others are to come."""
        return 0 < self.past < self.open_days

    @property
    def due(self) -> MonthForecast | None:
        """Return the forecast of the days that are over: of a month under way its share by open days, else all of it."""
        return part_of(self.forecast, self.past, self.open_days) if self.forecast and self.under_way else self.forecast


class Realised(NamedTuple):
    """Share of the forecast that came, over so many months, with the smallest and the largest of a month."""

    share: float
    months: int
    low: float
    high: float

    @property
    def spread(self) -> bool:
        """Return whether several months give an interval."""
        return self.months > 1


# A month with fewer recorded days says nothing of its forecast [J].
LEAST_DAYS = 5


def realised(compared: Iterable[Compared], name: str) -> Realised | None:
    """Return the realised share of a demand (of ``DEMANDS``, or ``cards``); None if no month can be compared.

    The forecast of each month counts for its recorded days alone: a day without a record is no day without visitors.
    """
    found = []
    for c in compared:
        recorded = c.recorded_of(name)
        if c.forecast is None or c.actual is None or recorded < LEAST_DAYS or not c.open_days:
            continue
        expected = getattr(c.forecast, name) * min(1.0, recorded / c.open_days)
        if expected:
            found.append((c.actual[name], expected))
    if not found:
        return None
    shares = [came / expected for came, expected in found]
    return Realised(sum(a for a, _ in found) / sum(e for _, e in found), len(found), min(shares), max(shares))


def part_of(month: MonthForecast, days: int, of: int) -> MonthForecast:
    """Return the part of a month's totals that ``days`` of its ``of`` open days have."""
    parts = {name: round(getattr(month, name) * days / of) for name in DEMANDS}
    return MonthForecast(month.month, **parts, imported=month.imported)


@frozen
class Forecast:
    """Forecast by month. ``reading``: the reading of A7 that holds; ``method``: how they were made, in Japanese."""

    months: tuple[MonthForecast, ...]
    reading: str
    method: str

    def of(self, month: str) -> MonthForecast | None:
        """Return the row of a month, or None."""
        return next((m for m in self.months if m.month == month), None)

    def between(self, first: date, last: date) -> tuple[MonthForecast, ...]:
        """Return the months that the period touches."""
        return tuple(m for m in self.months if f"{first:%Y-%m}" <= m.month <= f"{last:%Y-%m}")


def year_of(month: str) -> int:
    """Return the Japanese fiscal year (from April) of a month "YYYY-MM"."""
    return fiscal_year(date.fromisoformat(f"{month}-01"))


def forecast(shipped: Iterable[Month], site: Site, register: Register, day: date) -> Forecast:
    """Return the forecast on ``day``, by the imports so far and the reading of A7 that holds then."""
    code = reading(site, register, "A7", day) if "A7" in site.question_by_code else "full_year"
    rows = sorted(shipped, key=lambda r: r.month)
    if code == "contract_months":
        start, end = site.contract.start, site.contract.end
        rows = _scaled([r for r in rows if f"{start:%Y-%m}" <= r.month <= f"{end:%Y-%m}"], site.demand)
    found = {r.month: _row(r, imported=False) for r in rows}
    found |= {month: _row(given, imported=True) for month, given in register.demand.items()}
    months = tuple(m for _, m in sorted(found.items()))
    return Forecast(months, code, _method(site, code, months))


def _row(r: Month, *, imported: bool) -> MonthForecast:
    return MonthForecast(r.month, r.cert_renewals, r.card_renewals, r.new_and_reissued, imported)


def _scaled(rows: Sequence[Month], totals: Iterable[AnnualDemand]) -> list[Month]:
    """Scale the months of each fiscal year to its totals, in their proportion; years without totals are kept."""
    by_year: dict[int, list[Month]] = {}
    for r in rows:
        by_year.setdefault(year_of(r.month), []).append(r)
    annual = {t.fiscal_year: t for t in totals}
    found: list[Month] = []
    for year, own in by_year.items():
        if year not in annual:
            found += own
            continue
        certs, cards, others = (
            _shared([getattr(r, name) for r in own], getattr(annual[year], name)) for name in DEMANDS
        )
        found += [MonthForecast(r.month, certs[n], cards[n], others[n]) for n, r in enumerate(own)]
    return found


def _shared(weights: Sequence[int], total: int) -> list[int]:
    """Divide ``total`` into whole numbers in the proportion of ``weights`` (method of largest remainders)."""
    whole = sum(weights)
    if not whole:
        return list(weights)
    shares = [w * total // whole for w in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: (-(weights[n] * total % whole), n))
    for n in by_remainder[: total - sum(shares)]:
        shares[n] += 1
    return shares


def _method(site: Site, code: str, months: Sequence[MonthForecast]) -> str:
    """Return how the figures were made, for the note under them."""
    given = sum(m.imported for m in months)
    by_city = f"市から示された月別の件数（{given}か月分）"
    if given == len(months):
        return by_city if given else "見込みの表がありません"
    question = site.question_by_code.get("A7")
    words = question.reading_name(code) if question else "年度全体の件数"
    by = "（協議事項A7）" if question else ""
    how = "契約月の合計が年度の件数になるよう配分" if code == "contract_months" else "年度12か月に配分"
    spread = f"仕様書15(2)・15(3)の年度件数を「{words}」と読み{by}、有効期限の到来時期の試算で{how}"
    return f"{spread}。{by_city}はそのまま" if given else spread
