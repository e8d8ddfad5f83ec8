"""The demo's month of shifts: everybody works on its day, rests in turn on the others, nobody on a closed one."""

from __future__ import annotations

from datetime import date

from floorctl.models.board.officials_plan import planned_officials
from floorctl.models.site.calendar import Calendar
from floorctl.rehearsal.demo_roster import demo_roster
from floorctl.rehearsal.demo_shifts import demo_officials, demo_shifts
from floorctl.usecases.imports import import_roster, import_shifts
from tests.story import MONDAY, Desk, kumagaya


def test_the_month_of_the_demo_is_taken_in_and_fits_its_day(desk: Desk) -> None:
    site, people = kumagaya(), demo_roster(kumagaya())
    staff = [p.fields["staff"] for p in people]
    import_roster(desk.session, [p.fields for p in people], {})
    lines = demo_shifts(site, Calendar(site), MONDAY, staff, {"S12"})
    import_shifts(desk.session, lines, officials={MONDAY: demo_officials(site, MONDAY)})
    register = desk.session.register()
    assert len(register.shifts) == 30
    assert all(register.shift(code, MONDAY).hours for code in staff)
    assert register.shift("S12", MONDAY).hours == ("10:00", "16:00")
    assert {x.code for x in register.shifts[date(2026, 9, 20)].values()} == {"公"}
    working = {d: sum(x.starts is not None for x in s.values()) for d, s in register.shifts.items()}
    assert {n for d, n in working.items() if Calendar(site).is_open(d) and d != MONDAY} == {11, 12}
    steps = planned_officials(site, register, MONDAY)
    assert [(f"{x.starts:%H:%M}", x.present) for x in steps] == [("08:30", 2), ("12:00", 1), ("13:00", 2), ("15:00", 1)]
