"""The city's watched equipment by piece, and the equipment of which no piece works (仕様書 15(4)). Pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from floorctl.models.register.register import Register
from floorctl.models.site.hall import Equipment
from floorctl.models.site.site import Site

MOST_UNITS = 99  # of one kind (lasting.EquipmentChanged.unit)


class Unit(NamedTuple):
    """Piece of equipment. ``state``: ``ok failed stopped``; ``since`` is None if nothing was ever recorded."""

    equipment: Equipment
    unit: int
    state: str = "ok"
    reason: str = ""
    since: datetime | None = None

    @property
    def key(self) -> str:
        return f"{self.equipment.code}:{self.unit}"

    @property
    def name(self) -> str:
        return f"{self.equipment.name} {self.unit}"


def units(site: Site, register: Register) -> list[Unit]:
    """Return the watched pieces in the site's order: the least number of each kind, and those that were named."""
    found = []
    for e in (x for x in site.equipment if x.watched):
        named = [n for code, n in register.equipment if code == e.code]
        # Up to the highest named number, within the lines of the screen; a named piece always has a line.
        for n in sorted({*range(1, min(max([e.low, *named]), MOST_UNITS) + 1), *named}):
            said = register.equipment.get((e.code, n))
            found.append(Unit(e, n, said.state, said.reason, said.at) if said else Unit(e, n))
    return found


def all_down(site: Site, register: Register) -> list[Equipment]:
    """Return the equipment of which no piece works; [] before anything was recorded."""
    if not register.equipment:
        return []
    works: dict[str, bool] = {}
    kinds: dict[str, Equipment] = {}
    for u in units(site, register):
        kinds[u.equipment.code] = u.equipment
        works[u.equipment.code] = works.get(u.equipment.code, False) or u.state == "ok"
    return [e for code, e in kinds.items() if not works[code]]


def down_text(e: Equipment) -> str:
    """Return the words of the alert that no piece works."""
    return e.all_down or f"{e.name}がすべて使えません（仕様書 15(4)）"
