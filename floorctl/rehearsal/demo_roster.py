"""Read the roster of the demo and of the rehearsals: 13 people with what they can do, one of them new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from floorctl.intake.csv_registers import RosterLine, read_roster
from floorctl.intake.csv_text import read_bytes
from floorctl.intake.site_file import data_dir
from floorctl.models.site.hall import LANE_OF, Skill
from floorctl.models.site.site import Site
from floorctl.simulation.hours import MINUTE, clock_text, hours_of
from floorctl.simulation.rota import Rota

_AROUND_S = 15 * MINUTE  # people are here before and after the reception
_WHOLE_DAY = ("08:15", "17:15")  # shift of most in the file
# The skills as the file names them: by the meaning of the lane, and the posts.
_NAMED = tuple(Skill(code=x, name=x, lanes=(x,)) for x in dict.fromkeys(LANE_OF.values()))
_SKILLS = (*_NAMED, Skill(code="guidance", name="guidance", posts=True))


def demo_roster(site: Site | None = None) -> list[RosterLine]:
    """Return the lines of the roster; at a ``site`` without these skills everybody can do everything."""
    lines = read_roster(read_bytes(data_dir() / "demo_roster.csv"), skills=_SKILLS)
    if site is None or {x.code for x in _SKILLS} <= site.skill_by_code.keys():
        return lines
    return [replace(x, fields={k: v for k, v in x.fields.items() if k != "skills"}) for x in lines]


def demo_team(site: Site, day: date, rota: Rota) -> list[RosterLine]:
    """Return who of the roster works on the demo's day, with shifts that hold the reception of the site.

    The holder of the charge, who has no terminal in the rota, is one of them.
    """
    hours = hours_of(site, day)
    whole = (hours.opens - _AROUND_S, hours.closes + _AROUND_S)
    found = []
    for x in demo_roster(site):
        code, short = x.fields["staff"], x.fields["staff"] == rota.short_time
        if not (short or code in rota.all_day or x.fields["role"] == "site_manager"):
            continue
        start, end = rota.short_shift if short else whole
        wanted = clock_text(max(0, start)), clock_text(hours.within(end))
        held = (x.fields["shift_from"], x.fields["shift_to"])
        own_hours = held[0] <= wanted[0] and wanted[1] <= held[1] and (not short or held != _WHOLE_DAY)
        first, last = held if own_hours else wanted
        found.append(replace(x, fields=x.fields | {"shift_from": first, "shift_to": last}))
    return found
