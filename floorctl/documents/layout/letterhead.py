"""Facts of the letterhead that every document has: addressee, sender, contract, venue (SPEC 5)."""

from __future__ import annotations

from datetime import date

from floorctl.common.words import BLANK, wareki
from floorctl.documents.layout.material import Fact, meanings, values
from floorctl.models.site.site import Site

_PLACEHOLDER = "受託者"  # contractor of the shipped site file, printed as a blank

# Meaning and value of each fact, by the date of the document.
_FACTS: dict[str, Fact[date]] = {
    "client": ("宛名", lambda _, site: site.contract.client),
    "department": ("宛先の課", lambda _, site: site.contract.department),
    "contractor": (
        "受託者名",
        lambda _, site: site.contract.contractor if site.contract.contractor != _PLACEHOLDER else BLANK,
    ),
    "contract_title": ("件名", lambda _, site: site.contract.title),
    "contract_start": ("契約の始期", lambda _, site: wareki(site.contract.start)),
    "contract_end": ("契約の終期", lambda _, site: wareki(site.contract.end)),
    "building": ("建物", lambda day, site: site.venue_on(day).building),
    "venue": ("会場", lambda day, site: site.venue_on(day).name),
    "address": ("所在地", lambda day, site: site.venue_on(day).address),
    "other_desk": ("会場で続けられない人を案内する市の窓口（短）", lambda _, site: site.other_desk.short),
}
LETTERHEAD_FACTS = meanings(_FACTS)


def letterhead_facts(site: Site, day: date) -> dict[str, str | int]:
    """Return every fact of ``LETTERHEAD_FACTS``; the venue is that of ``day``."""
    return values(_FACTS, day, site)
