"""Alerts on the planned breaks: whose is late, and whose comes soon. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from floorctl.common.clock import on_day
from floorctl.common.words import hm
from floorctl.models.board.alert import Alert, people_words
from floorctl.models.board.breaks import BreakState
from floorctl.models.day.floor import Floor
from floorctl.models.facts.breaks import PlannedBreak

_LATE = _SOON = timedelta(minutes=5)
Who = Callable[[str], str]
Stage = Literal["resting", "taken", "late", "soon", "planned"]


def stage(floor: Floor, b: BreakState | None, planned: PlannedBreak, now: datetime) -> Stage:
    """Return how far the planned break of a person is; ``b``: their breaks of today, None before they come."""
    start = on_day(floor.day, planned.start)
    if b is not None and b.on_break:
        return "resting"
    if b is not None and b.taken_s and (not b.short_s or b.taken_s >= planned.minutes * 60):
        return "taken"
    if now >= start + _LATE:
        return "late"
    return "soon" if now >= start - _SOON else "planned"


def break_alerts(floor: Floor, states: Mapping[str, BreakState], now: datetime, who: Who) -> Iterator[Alert]:
    """Yield whose planned break has not begun five minutes after its time, and whose begins within five."""
    if late := _of_stage(floor, states, now, "late"):
        codes, at = tuple(p.staff for p in late), hm(late[0].start)
        text, short = (
            f"{people_words(codes, who)} {at}からの休憩に入っていません",
            f"{people_words(codes, who, 1)} 休憩 {at}",
        )
        yield Alert("break_plan_late", "warning", "休憩", text, "Enter", None, "break_tick", short=short, people=codes)
    if soon := _of_stage(floor, states, now, "soon"):
        codes, at = tuple(p.staff for p in soon), hm(soon[0].start)
        text, short = f"{people_words(codes, who)} {at}から休憩", f"{people_words(codes, who, 1)} 休憩 {at}"
        yield Alert("break_plan_soon", "info", "休憩", text, "Enter", None, "break_tick", short=short, people=codes)


def _of_stage(floor: Floor, states: Mapping[str, BreakState], now: datetime, wanted: Stage) -> list[PlannedBreak]:
    """Return the planned breaks of this stage, by start, of those who are at work."""
    return [
        p
        for p in sorted(floor.planned_breaks.values(), key=lambda p: (p.start, p.staff))
        if (held := floor.staff.get(p.staff)) is not None
        and held.at_work
        and stage(floor, states.get(p.staff), p, now) == wanted
    ]
