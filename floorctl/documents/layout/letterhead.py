"""Facts of the letterhead that every document has: addressee, sender, contract, venue (SPEC 5)."""

from __future__ import annotations

from datetime import date

from floorctl.common.words import BLANK, wareki
from floorctl.models.site.site import Site

_PLACEHOLDER = "受託者"  # contractor of the shipped site file, printed as a blank

LETTERHEAD_FACTS = {
    "client": "宛名",
    "department": "宛先の課",
    "contractor": "受託者名",
    "contract_title": "件名",
    "contract_start": "契約の始期",
    "contract_end": "契約の終期",
    "building": "建物",
    "venue": "会場",
    "address": "所在地",
    "other_desk": "会場で続けられない人を案内する市の窓口（短）",
}


def letterhead_facts(site: Site, day: date) -> dict[str, str | int]:
    """Return every fact of ``LETTERHEAD_FACTS``; the venue is that of ``day``."""
    contract, venue = site.contract, site.venue_on(day)
    return {
        "client": contract.client,
        "department": contract.department,
        "contractor": contract.contractor if contract.contractor != _PLACEHOLDER else BLANK,
        "contract_title": contract.title,
        "contract_start": wareki(contract.start),
        "contract_end": wareki(contract.end),
        "building": venue.building,
        "venue": venue.name,
        "address": venue.address,
        "other_desk": site.other_desk.short,
    }
