"""The one way from a wish to facts, for the console's keys and for ``floorctl do`` alike."""

from __future__ import annotations

from typing import Any

from floorctl.commands import by_subject  # noqa: F401 - fills DECIDE
from floorctl.commands.context import Context, Wish
from floorctl.commands.deciders import ANY_DAY, DECIDE, NUMBERED
from floorctl.commands.fact_checks import foreign_official, make_fact
from floorctl.common.clock import business_day
from floorctl.common.errors import Refused, UsageError, by_door
from floorctl.models.day.editions import shown_to_the_end
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.kinds import KINDS


def decide(c: Context, kind: str, fields: dict[str, Any]) -> list[Wish]:
    """Return the facts that a wish comes to on this Floor. Raise Refused with the reason, or UsageError."""
    if kind not in DECIDE:
        raise UsageError(f"{kind} はここでは記録できません", "", "floorctl help facts で種類を確かめてください")
    number = NUMBERED.get(kind)
    numbered = number is None or number in fields
    given = dict(fields)
    at = given.pop("at", c.now)
    if c.reason and "reason" in KINDS[kind].names():
        given["reason"] = given.get("reason") or c.reason
    if number is not None and not numbered:
        given[number] = "-"
    fact = make_fact(kind, given, "wish", at, c.site, c.stands)
    need_of_city(c, fact)
    wishes = DECIDE[kind](c, fact) if numbered else DECIDE[kind](c, fact, numbered=False)
    if wishes and kind not in ANY_DAY:
        c.need_a_day_of_visitors()
    if wishes and shown_to_the_end(kind) and c.floor.report_closed_at is not None and business_day(at) == c.floor.day:
        c.warnings.append(
            f"締めた後なので日次報告書の版が改まります。{by_door('{close} の {close_export}', 'floorctl close')} で書き出し直してください"
        )
    if "at" in fields:
        wishes = [(k, {"at": at, **f}) for k, f in wishes]
    return wishes


def need_of_city(c: Context, fact: Fact) -> None:
    """Raise Refused if the fact names an ``official`` who is not of the city (仕様書 7(2))."""
    posted = {t.staff for t in c.floor.terminals.values() if t.staff is not None}
    why = foreign_official(fact, c.site, {*c.register.people, *c.floor.staff, *posted})
    if why:
        do = (
            f"決定した市職員のコードを入れてください（"
            f"{by_door('', 'official=')}{c.site.city_codes.first(1)[0]} など。氏名は書きません）"
        )
        raise Refused(f"{fact.word}を記録できません", why, do)
