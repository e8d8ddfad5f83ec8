"""Read the roster of the demo and of the rehearsals: 13 people with what they can do, one of them new."""

from __future__ import annotations

from dataclasses import replace

from floorctl.intake.csv_registers import RosterLine, read_roster
from floorctl.intake.csv_text import read_bytes
from floorctl.intake.site_file import data_dir
from floorctl.models.site.hall import LANE_OF, Skill
from floorctl.models.site.site import Site

# The skills as the file names them: by the meaning of the lane, and the posts.
_NAMED = tuple(Skill(code=x, name=x, lanes=(x,)) for x in dict.fromkeys(LANE_OF.values()))
_SKILLS = (*_NAMED, Skill(code="guidance", name="guidance", posts=True))


def demo_roster(site: Site | None = None) -> list[RosterLine]:
    """Return the lines of the roster; at a ``site`` without these skills everybody can do everything."""
    lines = read_roster(read_bytes(data_dir() / "demo_roster.csv"), skills=_SKILLS)
    if site is None or {x.code for x in _SKILLS} <= site.skill_by_code.keys():
        return lines
    return [replace(x, fields={k: v for k, v in x.fields.items() if k != "skills"}) for x in lines]
