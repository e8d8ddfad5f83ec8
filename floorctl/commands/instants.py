"""The instant of an act: wishes become dated facts, refused where their time cannot be right."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from floorctl.commands.context import Context, Wish, last_about, subjects
from floorctl.commands.fact_checks import doubts, make_fact
from floorctl.common.clock import JST, business_day
from floorctl.common.errors import Refused
from floorctl.common.words import hm
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.fields import BY_HAND

# Kinds that may be dated before opening (a sick call at 07:00).
_MAY_PRECEDE = ev.REGISTER_KINDS | ev.PREPARING_KINDS | {"staff.changed"}
_AHEAD = timedelta(minutes=5)  # clocks differ
_TICK = timedelta(milliseconds=1)


def dated_facts(c: Context, wishes: list[Wish], act: str, *, between: bool = False) -> list[Fact]:
    """Return the checked facts of an act, ``act.01`` onwards; doubtful texts are added to the context's warnings.

    Facts without ``at`` share one instant, so that their order is that of their kinds. ``between``: a dated fact may
    precede later ones of its subjects. Raise Refused.
    """
    facts: list[Fact] = []
    undated: list[int] = []
    for n, (kind, fields) in enumerate(wishes):
        given = dict(fields)
        at = given.pop("at", None)
        fact = make_fact(kind, given, f"{act}.{n + 1:02d}", at or c.now, c.site, c.stands)
        if at is None:
            undated.append(n)
        else:
            _check_instant(c, fact)
            if not between:
                _check_backdated(c, fact)
        facts.append(fact)
    instant = _instant(c, [facts[n] for n in undated])
    if instant != c.now:
        for n in undated:
            facts[n] = facts[n].replace(at=instant)
    c.warnings += dict.fromkeys(said for fact in facts for said in doubts(fact))
    return facts


def end_of_day(floor: Floor, now: datetime) -> datetime:
    """Return the instant of an act at the end of a day: now, or after the closing of an earlier day's hall.

    Where the report of an earlier day was closed, the act follows that close: a correction moves no closing time. Else
    it is never before a fact of that day (clocks differ). Raise Refused for a day to come.
    """
    day = floor.day
    if day > business_day(now):
        raise Refused(f"{day} は締められません", "まだ来ていない日です", "日付を確かめてください")
    at = now if day == business_day(now) else datetime.combine(day, floor.site.hall.closes, JST)
    closed = _report_closed(floor) if day < business_day(now) else None
    if closed is not None:
        return closed + _TICK
    if floor.last_fact_at is not None and floor.last_fact_at >= at:
        at = floor.last_fact_at + _TICK
    return min(at, datetime.combine(day, time.max, JST))


def _report_closed(floor: Floor) -> datetime | None:
    """Return when an earlier day's report was closed, or last corrected since; None where the day went on after it."""
    own = [e for e in floor.entries if e.source == BY_HAND and e.key not in floor.retracted]
    ends = [e for e in own if e.kind in ("day.closed", "day.reopened")]
    if not ends or (ends[-1].kind == "day.reopened" and business_day(ends[-1].recorded_at) == floor.day):
        return None
    since = [e.fact.at for e in own if business_day(e.recorded_at) > floor.day]
    return max([ends[-1].fact.at, *since, *([floor.closed_at] if floor.closed_at else [])])


def _instant(c: Context, facts: list[Fact]) -> datetime:
    """Return the instant of an act: now, but never before the last fact of its subjects (clocks differ)."""
    last = last_about(c.floor, {about for f in facts for about in subjects(f)})
    return c.now if last is None or last.fact.at < c.now else last.fact.at + _TICK


def _check_instant(c: Context, fact: Fact) -> None:
    """Refuse another day's time, one to come, and one before the doors opened."""
    kind: str = fact.kind
    if business_day(fact.at) != c.floor.day and kind not in ev.REGISTER_KINDS:
        raise Refused("その時刻では記録できません", "別の日の時刻です", "その日の記録は当日のうちに入れてください")
    if fact.at > c.now + _AHEAD:
        raise Refused("その時刻では記録できません", "まだ来ていない時刻です", "時刻を確かめてください")
    opened = c.floor.opened_at if c.floor.opened_by_fact else None
    if opened is not None and fact.at < opened and kind not in _MAY_PRECEDE:
        raise Refused("その時刻では記録できません", f"開場（{hm(opened)}）より前です", "分を確かめてください")


def _check_backdated(c: Context, fact: Fact) -> None:
    """Refuse a time before the last fact of the same ticket or terminal."""
    last = last_about(c.floor, subjects(fact))
    if last is not None and fact.at < last.fact.at:
        raise Refused(
            "その時刻では記録できません",
            f"{hm(last.fact.at)} に後の記録があります",
            f"{hm(last.fact.at)} より後の時刻にしてください",
        )
