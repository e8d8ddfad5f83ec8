"""Planned numbers of the city's staff in the hall over a day: as planned for it, else as the site usually has them. Pure."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple

from floorctl.common.clock import JST
from floorctl.common.words import WEEKDAYS, hm
from floorctl.models.board.flow import reception_span, spans_s
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site


class PlannedNumber(NamedTuple):
    """Number of the city's staff from a time of day on, until the next."""

    starts: time
    present: int


def planned_officials(site: Site, register: Register, day: date) -> tuple[PlannedNumber, ...]:
    """Return the planned numbers of a day by time; () if none are known."""
    steps = register.officials_plan.get(day, ())
    if steps:
        return tuple(PlannedNumber(time.fromisoformat(x.starts), x.present) for x in steps)
    weekday = WEEKDAYS[day.weekday()]
    own = [x for x in site.city_hours if weekday in x.weekdays]
    usual = own or [x for x in site.city_hours if not x.weekdays]
    return tuple(sorted(PlannedNumber(x.starts, x.present) for x in usual))


def planned_at(plan: tuple[PlannedNumber, ...], at: time) -> int | None:
    """Return the planned number at a time of day; None before the first or without a plan."""
    held = [x.present for x in plan if x.starts <= at]
    return held[-1] if held else None


def below_s(floor: Floor, plan: tuple[PlannedNumber, ...], until: datetime) -> int:
    """Return the seconds of reception in which somebody of the city was there, but fewer than planned."""
    history = floor.officials_history
    if not plan or not history:
        return 0
    turns = sorted({at for at, _ in history} | {datetime.combine(floor.day, x.starts, JST) for x in plan})
    spans = []
    for at in turns:
        present = next((n for since, n in reversed(history) if since <= at), 0)
        spans.append((at, 0 < present < (planned_at(plan, at.time()) or 0)))
    return spans_s(spans, until, reception_span(floor))


def back_word(plan: tuple[PlannedNumber, ...], at: time) -> str:
    """Return when somebody of the city is planned to be there again (13:00から1名の予定); "" if that is not known."""
    following = next((x for x in plan if x.starts > at and x.present), None)
    return f"{hm(following.starts)}から{following.present}名の予定" if following and not planned_at(plan, at) else ""


def next_change(plan: tuple[PlannedNumber, ...], at: time) -> PlannedNumber | None:
    """Return the next change of the number after a time of day; None if there is none."""
    now = planned_at(plan, at)
    return next((x for x in plan if x.starts > at and x.present != now), None)
