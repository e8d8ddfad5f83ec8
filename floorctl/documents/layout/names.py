"""Names of the site's parts by their codes; a code that the site no longer has is its own name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from floorctl.models.site.site import Site


def name_of(parts: Mapping[str, Any], code: str, word: str = "name") -> str:
    """Return the ``word`` (``name``, ``short``, ``title``) of a part; its code if the site no longer has it."""
    return str(getattr(parts[code], word)) if code in parts else code


def short_names(site: Site, services: Iterable[str]) -> list[str]:
    """Return the short names of those services that the site still has."""
    return [site.service_by_code[code].short for code in services if code in site.service_by_code]


def services_word(codes: Iterable[str], site: Site) -> str:
    """Return services by name in the site's order; a lane with all its services is named instead."""
    wanted, found = set(codes), []
    for lane in site.lanes:
        own = [s for s in site.services if s.lane == lane.code]
        if len(own) > 1 and wanted.issuperset(s.code for s in own):
            found.append(f"{lane.name}の全用件")
        else:
            found += [s.name for s in own if s.code in wanted]
    return "、".join(found)
