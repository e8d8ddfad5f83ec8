"""Remarks on a number in words: one place for what the site and the ticket machine tell of it. Pure."""

from __future__ import annotations

from collections import Counter

from floorctl.common.words import ASSIST, hm
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.site.site import Site

ASSIST_CODE = "assist"  # the remark that a ticket machine tells itself (合理的配慮の希望)


def remark_words(site: Site, t: Ticket) -> list[str]:
    """Return the remarks on a ticket in the site's order: a remark with a time as 11:00まで, the wish for assistance as any other."""
    known = site.remark_by_code
    codes = {*t.remarks, *((ASSIST_CODE,) if t.assist else ())}
    listed = [x for x in known if x in codes] + [x for x in codes if x not in known]
    return [
        f"{hm(until)}まで" if (until := t.remarks.get(x)) else known[x].name if x in known else ASSIST for x in listed
    ]


def marks_of(floor: Floor) -> dict[str, int]:
    """Return how many tickets of the day have each remark, by its words; the wish for assistance is counted for itself."""
    counts = Counter(code for t in floor.tickets.values() for code in t.remarks if code != ASSIST_CODE)
    known = floor.site.remark_by_code
    return {known[code].name if code in known else code: n for code, n in sorted(counts.items())}
