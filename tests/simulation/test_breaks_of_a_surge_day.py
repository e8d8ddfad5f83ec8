"""A surge day played by the plan of breaks: all of them lawful, no lane empty, nobody away in the busy hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from floorctl.advice.arrivals import forecast
from floorctl.advice.peak_hour import peak_hour
from floorctl.commands.fold import fold, fold_register
from floorctl.intake.demand_table import demand_table
from floorctl.models.board.break_plan import plan_breaks
from floorctl.models.board.breaks import break_states
from floorctl.models.board.lane_cover import lanes_alone
from floorctl.models.facts.entry import Entry
from floorctl.simulation.live import LiveHall
from floorctl.simulation.rota import BreakPlan, Rota, plan_rota
from tests.story import MONDAY, Story, a_day, fact, instant, kumagaya

SITE = kumagaya()
ABLE = {"pledge_on": "2026-06-15", "authority_on": "2026-06-22", "vein_on": "2026-06-24"}
LATE = timedelta(minutes=30)  # a case that is not over, and whom one relieves before


def morning(rota: Rota) -> tuple[Story, Story]:
    """The roster and the hall at half past eight, with the guide at the entrance."""
    roster, hall = a_day(source="console", prefix="r"), Story(prefix="m").opens("08:30")
    for staff in rota.all_day:
        deputy = staff in ("S01", "S05")
        roster.tells(
            "staff.registered", "07:00", staff=staff, deputy=deputy, shift_from="08:15", shift_to="17:15", **ABLE
        )
        hall.tells("staff.changed", "08:15", staff=staff, status="present")
    roster.tells("staff.registered", "07:00", staff=rota.short_time, shift_from="10:00", shift_to="16:00", **ABLE)
    for terminal, staff in rota.posts:
        hall.staffs(terminal, staff, "08:30")
    return roster, hall.tells("staff.posted", "08:31", "console", staff=rota.guide, post=SITE.posts[0].code)


@pytest.mark.parametrize("seed", [3, 8])
def test_all_breaks_are_lawful_no_lane_is_empty_and_nobody_is_away_in_the_busy_hour(seed: int) -> None:
    rota = replace(plan_rota(SITE, MONDAY, Random(seed)), late=None, absent=None)
    roster, hall = morning(rota)
    floor, register, now = hall.floor(), fold_register(roster.entries()), instant("08:35")
    peak = peak_hour(forecast(floor, register, demand_table(), now))
    plan = plan_breaks(floor, register, now, None, peak)
    assert peak is not None
    assert (plan.proven, plan.faults) == (True, ()), "the plan has found a stand-in for everybody, and no fault"

    def seconds(at: datetime) -> int:
        return at.hour * 3600 + at.minute * 60

    breaks = tuple(BreakPlan(t.staff, seconds(t.start), t.relief or None, t.minutes * 60) for t in plan.turns)
    played = LiveHall(SITE, MONDAY, seed, "surge", demand_table(), rota=replace(rota, breaks=breaks))
    lines = played.advance(instant("18:00"))
    entries = [Entry(n, "sim", instant("23:00"), "sim", fact(line)) for n, line in enumerate(lines, 1)]

    day = fold(SITE, MONDAY, entries)
    states = break_states(day, register, instant("17:15"), whole_day=True)
    begun = {x.staff: x.at for x in day.staff_changes if x.status == "on_break"}
    for t in plan.turns:
        assert states[t.staff].short_s == 0
        assert t.start <= begun[t.staff] <= min(t.start + LATE, states[t.staff].came_at + timedelta(hours=6))
        assert begun[t.staff] + timedelta(minutes=t.minutes) <= peak[0] or begun[t.staff] >= peak[1]
    assert set(begun) == set(rota.all_day)
    for n, e in enumerate(entries, 1):
        if e.kind in ("terminal.staffed", "terminal.paused", "staff.changed") and instant(
            "08:45"
        ) < e.fact.at < instant("16:30"):
            assert lanes_alone(fold(SITE, MONDAY, entries[:n]), e.fact.at) == [], e.fact
