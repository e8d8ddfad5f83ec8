"""Expected demand: the appointments of a day, the forecast by month."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.models.facts import day_facts as ev
from floorctl.models.facts.day_facts import Entry, Slot
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
    need(len(known) == len(months), "見込みを取り込めません", "同じ月が二度あります", "月ごとに1行にしてください")
    return [] if all(c.register.demand.get(m.month) == m for m in months) else as_wished(f, months=months)


@evolves(ev.DemandImported)
def evolve_demand(register: Register, entry: Entry, f: ev.DemandImported) -> None:
    register.demand |= {m.month: m for m in f.months}
