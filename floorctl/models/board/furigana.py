"""The printing of furigana, which goes with a certificate (仕様書 3, 7(1)ウ(ウ)). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.tickets import TicketFinished
from floorctl.models.site.site import Site

_WITH_CERTIFICATES = ("cert_issue", "cert_renewal")


def furigana_item(site: Site) -> str | None:
    """Return the work item that counts the printing; None where the site has none."""
    return site.item_by_meaning.get("furigana_print")


def to_ask(floor: Floor, entries: Iterable[Entry]) -> list[str]:
    """Return the tickets that these facts have finished as certificates without a word of the printing."""
    item, services = furigana_item(floor.site), floor.site.services_like(*_WITH_CERTIFICATES)
    finished = [e.fact for e in entries if isinstance(e.fact, TicketFinished)] if item else []
    return [
        f.ticket
        for f in finished
        if f.outcome == "done"
        and item not in f.work
        and (t := floor.tickets.get(f.ticket)) is not None
        and t.service in services
    ]
