"""Breaks planned for the day: set, moved, fixed and removed (労働基準法34条). Taking one is ``staff.changed``."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from floorctl.commands.context import CHECK_TIME, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.common.clock import JST
from floorctl.common.errors import Refused
from floorctl.common.words import hm
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.breaks import PlannedBreak
from floorctl.models.facts.entry import Entry

_ROUNDED = timedelta(minutes=5)  # a time that is named is one of five minutes


@decides(ev.BreaksPlanned)
def decide_breaks(c: Context, f: ev.BreaksPlanned) -> list[Wish]:
    """Plan breaks within the shifts; what stands so already is left out, and nothing new is no fact."""
    c.need_not_closed()
    what = "休憩を計画できません"
    named = [b.staff for b in f.breaks] + list(f.removed)
    if len(set(named)) < len(named):
        raise Refused(what, "同じ人が2度あります", "1人の休憩を1つにしてください")
    held = c.floor.planned_breaks
    for b in f.breaks:
        _check(c, b, f"{b.staff} の{what}")
        over = datetime.combine(c.floor.day, time.fromisoformat(b.start), JST) + _ROUNDED < f.at.replace(
            second=0, microsecond=0
        )
        if over and b.start != (held[b.staff].start if b.staff in held else None):
            raise Refused(f"{b.staff} の{what}", f"{hm(b.start)} は過ぎています", CHECK_TIME)
    breaks = tuple(b for b in sorted(f.breaks, key=lambda b: (b.start, b.staff)) if held.get(b.staff) != b)
    removed = tuple(code for code in sorted(f.removed) if code in held)
    return as_wished(f, breaks=breaks, removed=removed) if breaks or removed else []


def _check(c: Context, b: PlannedBreak, what: str) -> None:
    """Refuse a break of a person who is not of the team, is off, or would not be back before the shift ends."""
    day, person = c.floor.day, c.register.people.get(b.staff)
    if c.register.people and (person is None or not person.here_on(day)):
        raise Refused(what, "名簿にない人です", "名簿にある人を選んでください")
    shift = c.register.shift(b.staff, day)
    held = c.floor.staff.get(b.staff)
    if shift.off and (held is None or not held.at_work):
        raise Refused(what, "今日は休みの人です", "勤務する人を選んでください")
    if shift.hours is None:
        return
    begins, ends = shift.hours
    until = datetime.combine(day, time.fromisoformat(b.start), JST) + timedelta(minutes=b.minutes)
    if b.start <= begins or until.date() != day or f"{until:%H:%M}" >= ends:
        why = f"勤務（{hm(begins)}〜{hm(ends)}）の途中ではありません（労働基準法34条）"
        raise Refused(what, why, CHECK_TIME)


@evolves(ev.BreaksPlanned)
def evolve_breaks(floor: Floor, entry: Entry, f: ev.BreaksPlanned) -> None:
    for code in f.removed:
        floor.planned_breaks.pop(code, None)
    for b in f.breaks:
        floor.planned_breaks[b.staff] = b
