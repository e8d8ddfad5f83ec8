"""Rota of the demo's day: as the simulation draws one, but the guide stays a guide while visitors are received.

In a drawn rota the guide relieves people at terminals, and from eleven on nobody guides. Here the short-time worker stands
in for the guide first and relieves the single posts after that; everybody else pauses the terminal.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from random import Random

from floorctl.models.site.site import Site
from floorctl.simulation.hours import MINUTE, Hours, hours_of
from floorctl.simulation.rota import BREAK_S, FIRST_BREAK, LAST_BREAK_ENDS, NEXT_IN_CHAIN_S, BreakPlan, Rota, plan_rota

STANDS_IN_S = FIRST_BREAK  # after the first reception: the short-time worker goes to the guide's place
_HANDING_OVER_S = 10 * MINUTE  # so long before the guide's break, and so long until the next relief
_GUIDE_RESTS_S = STANDS_IN_S + _HANDING_OVER_S
GUIDE_IS_BACK_S = _GUIDE_RESTS_S + BREAK_S + 5 * MINUTE
_NEXT_RELIEF_S = BREAK_S + _HANDING_OVER_S


def demo_rota(site: Site, day: date, seed: int) -> Rota:
    """Return the rota of a demo: nobody is absent or late, and at a site with places for guides the guide relieves nobody."""
    # The same people rest at the same time on whatever day the demo is watched: its lesson names terminals.
    draws = (plan_rota(site, day, Random(f"demo {seed} {n}")) for n in count())
    drawn = next(x for x in draws if x.absent is None and x.late is None)
    if not site.posts:
        return drawn
    hours = hours_of(site, day)
    guide, short = drawn.guide, drawn.short_time
    breaks = [b for b in drawn.breaks if b.relief is None and b.staff != guide]
    breaks = _by_code(site, drawn, [*breaks, *_pausing(site, drawn, hours)])
    breaks.append(BreakPlan(guide, hours.after_opening(_GUIDE_RESTS_S)))
    begin = hours.after_opening(GUIDE_IS_BACK_S + 5 * MINUTE)
    breaks += [BreakPlan(s, begin + n * _NEXT_RELIEF_S, short) for n, s in enumerate(_single(site, drawn))]
    return replace(drawn, breaks=tuple(b for b in breaks if b.start + b.length_s <= hours.closes))


def _by_code(site: Site, rota: Rota, breaks: list[BreakPlan]) -> list[BreakPlan]:
    """Return the breaks of those who pause, in each lane in the order of their codes."""
    lane_of = {staff: site.terminal_by_code[terminal].lane for terminal, staff in rota.posts}
    found = []
    for lane in dict.fromkeys(lane_of.values()):
        own = sorted((b for b in breaks if lane_of.get(b.staff) == lane), key=lambda b: b.start)
        found += [replace(b, staff=s) for b, s in zip(own, sorted(b.staff for b in own), strict=True)]
    return found


def guide_is_relieved(rota: Rota) -> bool:
    """Return whether the guide has a break and relieves nobody at a terminal: somebody stands in for the guide then."""
    return all(b.relief != rota.guide for b in rota.breaks) and any(b.staff == rota.guide for b in rota.breaks)


def _single(site: Site, rota: Rota) -> list[str]:
    """Return the people who are alone in their lane: they are relieved, since no lane is left empty."""
    lane_of = {staff: site.terminal_by_code[terminal].lane for terminal, staff in rota.posts}
    lanes = list(lane_of.values())
    return [b.staff for b in rota.breaks if b.staff in lane_of and lanes.count(lane_of[b.staff]) == 1]


def _pausing(site: Site, rota: Rota, hours: Hours) -> list[BreakPlan]:
    """Return the breaks of those whom the drawn rota relieves though they are not alone: one after the other, the last ends like all."""
    alone = _single(site, rota)
    going = [b.staff for b in rota.breaks if b.relief is not None and b.staff not in alone]
    last = hours.after_opening(LAST_BREAK_ENDS) - NEXT_IN_CHAIN_S
    first = hours.after_opening(FIRST_BREAK + 2 * MINUTE)
    return [BreakPlan(s, max(first, last - n * NEXT_IN_CHAIN_S)) for n, s in enumerate(reversed(going))]
