"""Tell what has changed in the hall today, so that a move may be undone before its hour is over. Pure."""

from __future__ import annotations

from datetime import datetime

from floorctl.common.words import hm
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor

_OUT = {"failed": "が故障", "paused": "が休止", "unstaffed": "の担当なし"}


def hall_changes(floor: Floor, now: datetime) -> list[tuple[datetime, str]]:
    """Return (instant, what it is in words), the last first: terminals that came or went, receptions begun or over.

    ``10:12 T5 が休止``: a terminal's present state alone is told, since when it is in it.
    """
    found = []
    for t in floor.terminals.values():
        state = floor.state(t.code)
        if state in _OUT and t.since is not None:
            found.append((t.since, f"{t.code} {_OUT[state]}"))
        elif t.staffed_at is not None:
            found.append((t.staffed_at, f"{t.code} に担当"))
    for lane in floor.site.movable_lanes:
        begins, ends = lane_hours(floor, lane)
        name = floor.site.lane_by_code[lane].name
        found += [(begins, f"{name}の受付の始まり"), (ends, f"{name}の受付の終わり")]
    past = sorted((x for x in found if x[0] <= now), reverse=True)
    return [(at, f"{hm(at)} {said}") for at, said in past]
