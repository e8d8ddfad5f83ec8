"""Alerts on the planned breaks: whose is late, and whose comes soon. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from floorctl.common.clock import on_day
from floorctl.common.words import hm, more_word
from floorctl.models.board.alert import Alert, people_words
from floorctl.models.board.breaks import WITHOUT_BREAK, BreakState, has_taken, overdue
from floorctl.models.day.floor import Floor
from floorctl.models.facts.breaks import PlannedBreak

_LATE = _SOON = timedelta(minutes=5)
_PRESSING = timedelta(minutes=30)  # before six hours without a break the law is told, not the plan
_NAMED = 2  # so many are named with their times
Who = Callable[[str], str]
Stage = Literal["resting", "taken", "late", "soon", "planned"]


def stage(floor: Floor, b: BreakState | None, planned: PlannedBreak, now: datetime) -> Stage:
    """Return how far the planned break of a person is; ``b``: their breaks of today, None before they come."""
    start = on_day(floor.day, planned.start)
    if b is not None and b.on_break:
        return "resting"
    if has_taken(floor, b, planned):
        return "taken"
    if now >= start + _LATE:
        return "late"
    return "soon" if now >= start - _SOON else "planned"


def told_by_plan(floor: Floor, b: BreakState, now: datetime) -> bool:
    """Return whether the planned break of a person is all that is told: one that can still begin well before six hours are over."""
    planned = floor.planned_breaks.get(b.staff)
    if planned is None or now >= (limit := now - timedelta(seconds=b.without_s) + WITHOUT_BREAK) - _PRESSING:
        return False
    return stage(floor, b, planned, now) != "taken" and on_day(floor.day, planned.start) < limit


def break_alerts(floor: Floor, states: Mapping[str, BreakState], now: datetime, who: Who) -> Iterator[Alert]:
    """Yield whose planned break has not begun five minutes after its time, and whose begins within five.

    Who is told as too long without a break is not told here.
    """
    pressing = {b.staff for b in overdue(floor, states) if not told_by_plan(floor, b, now)}
    if late := [p for p in _of_stage(floor, states, now, "late") if p.staff not in pressing]:
        yield _alert(
            "break_plan_late", "warning", late, who, "{at}からの休憩に入っていません", "休憩に入っていません {names}"
        )
    if soon := _of_stage(floor, states, now, "soon"):
        yield _alert("break_plan_soon", "info", soon, who, "{at}から休憩", "まもなく {names}")


def _alert(code: str, severity: str, breaks: Sequence[PlannedBreak], who: Who, together: str, each: str) -> Alert:
    """Return the alert of several breaks: those that begin together in ``together``, else with their times in ``each``."""
    codes, first = tuple(p.staff for p in breaks), breaks[0]
    if all(p.start == first.start for p in breaks):
        at = hm(first.start)
        text = f"{people_words(codes, who)} {together.format(at=at)}"
        short = f"{people_words(codes, who, 1)} 休憩 {at}"
    else:
        named = "・".join(f"{who(p.staff)} {hm(p.start)}" for p in breaks[:_NAMED])
        text = each.format(names=f"{named}{more_word(len(breaks) - _NAMED, '名')}")
        short = f"{who(first.staff)} 休憩 {hm(first.start)}{more_word(len(breaks) - 1, '名')}"
    return Alert(code, severity, "休憩", text, "Enter", None, "break_tick", short=short, people=codes)


def _of_stage(floor: Floor, states: Mapping[str, BreakState], now: datetime, wanted: Stage) -> list[PlannedBreak]:
    """Return the planned breaks of this stage, by start, of those who are at work."""
    return [
        p
        for p in sorted(floor.planned_breaks.values(), key=lambda p: (p.start, p.staff))
        if (held := floor.staff.get(p.staff)) is not None
        and held.at_work
        and stage(floor, states.get(p.staff), p, now) == wanted
    ]
