"""Registers: appointments, the forecast by month, the city's equipment piece by piece (仕様書 15(4)), the PC's clock."""

from __future__ import annotations

from floorctl.commands.context import CHECK_NUMBER, Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Refused
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.registers import Slot
from floorctl.models.register.register import Register


def _sorted(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    return tuple(sorted(slots, key=lambda s: (s.time, s.cards)))


@decides(ev.AppointmentsImported)
def decide_appointments(c: Context, f: ev.AppointmentsImported) -> list[Wish]:
    """Replace all appointments of a day, as counts (仕様書 7(4)※); unchanged ones are no fact."""
    slots = _sorted(f.slots)
    return [] if c.register.appointments.get(f.date) == slots else as_wished(f, slots=slots)


@evolves(ev.AppointmentsImported)
def evolve_appointments(register: Register, entry: Entry, f: ev.AppointmentsImported) -> None:
    register.appointments[f.date] = _sorted(f.slots)


@decides(ev.DemandImported)
def decide_demand(c: Context, f: ev.DemandImported) -> list[Wish]:
    """Import a forecast by month; an unchanged one is no fact."""
    months = tuple(sorted(f.months, key=lambda m: m.month))
    known = {m.month for m in months}
    need(len(known) == len(months), "見込みを取り込めません", "同じ月が2度あります", "月ごとに1行にしてください")
    return [] if all(c.register.demand.get(m.month) == m for m in months) else as_wished(f, months=months)


@evolves(ev.DemandImported)
def evolve_demand(register: Register, entry: Entry, f: ev.DemandImported) -> None:
    register.demand |= {m.month: m for m in f.months}


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
