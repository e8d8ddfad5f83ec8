"""Planned breaks of the demo's day: as its people take them, on the marks of five minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from floorctl.rehearsal.demo_rota import guide_is_relieved
from floorctl.simulation.hours import Hours, clock_text
from floorctl.simulation.rota import BREAK_S, FIRST_BREAK, Rota

_MARK_S = 300


def demo_breaks(rota: Rota, hours: Hours, manager: str, staff: Sequence[str]) -> dict[str, Any]:
    """Return the breaks of a day's people (``staff``: who is on the roster) as fields of ``breaks.planned``; whose relief is the one person there is, fixed.

    The holder of the charge goes first: the deputies stand at terminals, whose breaks come later.
    """
    first = {"staff": manager, "start": clock_text(hours.after_opening(FIRST_BREAK)), "minutes": BREAK_S // 60}
    breaks = [
        {
            "staff": b.staff,
            "start": clock_text(b.start + -b.start % _MARK_S),
            "minutes": b.length_s // 60,
            "fixed": b.relief is not None or (b.staff == rota.guide and guide_is_relieved(rota)),
        }
        for b in rota.breaks
        if b.staff in staff
    ]
    return {"breaks": [first, *breaks]}
