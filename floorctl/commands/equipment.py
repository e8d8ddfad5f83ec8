"""The city's equipment, piece by piece (仕様書 15(4)), and the clock of this PC."""

from __future__ import annotations

from floorctl.commands.context import CHECK_NUMBER, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Refused
from floorctl.models.facts import day_facts as ev
from floorctl.models.facts.day_facts import Entry
from floorctl.models.register.register import Register


@decides(ev.EquipmentChanged)
def decide_equipment(c: Context, f: ev.EquipmentChanged) -> list[Wish]:
    """Change the state of a piece: it works, has failed or is out of use; an unchanged state is no fact."""
    item = c.site.equipment_by_code[f.equipment]
    if f.unit > item.high:
        raise Refused(f"{item.name} {f.unit} はありません", f"{item.high}台までです", CHECK_NUMBER)
    held = c.register.equipment.get((f.equipment, f.unit))
    if held is None and f.unit <= item.low and f.state == "ok":
        return []  # as it is known; a piece beyond those that must be there is news by itself
    return [] if held is not None and (held.state, held.reason) == (f.state, f.reason) else as_wished(f)


@evolves(ev.EquipmentChanged)
def evolve_equipment(register: Register, entry: Entry, f: ev.EquipmentChanged) -> None:
    register.equipment[f.equipment, f.unit] = f


@decides(ev.ClockSet)
def decide_clock(c: Context, f: ev.ClockSet) -> list[Wish]:
    """Set how far the right time is ahead of this PC's clock, in seconds."""
    return [] if f.ahead_s == c.register.clock_ahead_s else as_wished(f)


@evolves(ev.ClockSet)
def evolve_clock(register: Register, entry: Entry, f: ev.ClockSet) -> None:
    register.clock_ahead_s = f.ahead_s
