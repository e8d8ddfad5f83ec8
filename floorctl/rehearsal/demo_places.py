"""Plan of places for the demo's day: the terminals as its people take them, a guide who is relieved, and a change after the breaks."""

from __future__ import annotations

from datetime import date
from typing import Any

from floorctl.models.day.staff import Person
from floorctl.models.site.site import Site
from floorctl.rehearsal.demo_rota import GUIDE_IS_BACK_S, STANDS_IN_S, guide_is_relieved
from floorctl.simulation.hours import HOUR, clock_text, hours_of
from floorctl.simulation.rota import Rota

# After the first reception, when all are back from their breaks: the guide and somebody at a terminal change places.
_CHANGE_S = 6 * HOUR


def demo_places(site: Site, day: date, people: dict[str, Person], rota: Rota) -> list[dict[str, Any]]:
    """Return the steps of the plan, as fields of ``posts.planned``: the first at the first reception."""
    hours = hours_of(site, day)
    places: dict[str, str | None] = {staff: terminal for terminal, staff in rota.posts if staff in people}
    if not site.posts or rota.guide not in people:
        return [_step(hours.opens, places)]
    post = site.posts[0].code
    able = [
        s
        for t, s in rota.posts
        if (p := people.get(s)) and p.can_guide(site) and len(site.terminal_by_code[t].lanes) > 1
    ]
    change = [_step(hours.after_opening(_CHANGE_S), {able[0]: post, rota.guide: places[able[0]]})] if able else []
    relief: list[dict[str, Any]] = []
    if rota.short_time in people and guide_is_relieved(rota):
        relief = [
            _step(hours.after_opening(STANDS_IN_S), {rota.short_time: post}),
            _step(hours.after_opening(GUIDE_IS_BACK_S), {rota.guide: post, rota.short_time: None}),
        ]
    return [_step(hours.opens, places | {rota.guide: post}), *relief, *change]


def _step(at: int, places: dict[str, str | None]) -> dict[str, Any]:
    return {"starts": clock_text(at), "places": [{"staff": s, "place": p} for s, p in places.items()]}
