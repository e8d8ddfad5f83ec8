"""The contract as data: parties, venues, expected visitors, cards held (仕様書 1, 2, 4, 15)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from floorctl.common.constraints import Between
from floorctl.common.frozen import record
from floorctl.models.site.part import Cases, Fault, Part, People, Words, known


@record
class Contract(Part):
    """Title, term and parties of the contract, as printed on every document (仕様書 1, 2)."""

    title: Words
    start: date
    end: date
    client: Words
    department: Words
    contractor: Words


@record
class Venue(Part):
    """Venue from ``valid_from`` on; it may move (仕様書 4※, 16(6))."""

    valid_from: date
    name: Words
    short: Words
    address: Words
    building: Words


@record
class AnnualDemand(Part):
    """Expected totals of a fiscal year (仕様書 15(2), 15(3))."""

    fiscal_year: Annotated[int, Between(2000, 2199)]
    cert_renewals: Cases
    card_renewals: Cases
    new_and_reissued: Cases


@record
class Holding(Part):
    """Cards held in the city (仕様書 15(1)). ``rate`` is quoted, not computed: its population is another."""

    as_of: date
    population: People
    cards: People
    rate: Words
    source: Words

    def check(self) -> Iterator[Fault]:
        if known(self.population, self.cards) and self.cards > self.population:
            yield Fault(("cards",), "人口（population）より多い枚数です", "どちらかを直してください")
