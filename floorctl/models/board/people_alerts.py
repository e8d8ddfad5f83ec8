"""Alerts about the contractor's people: charge, vacancies, breaks, guidance, who may not work here. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from floorctl.common.lengths import minutes_word
from floorctl.models.board import breaks as breaks
from floorctl.models.board.alert import Alert, people_words
from floorctl.models.board.break_alerts import told_by_plan
from floorctl.models.board.flow import uncovered_s
from floorctl.models.board.presence import charge_is_vacant, charge_vacant_word
from floorctl.models.board.reception_hours import receiving
from floorctl.models.day.floor import Floor
from floorctl.models.register.eligibility import not_eligible
from floorctl.models.register.register import Register


def people_alerts(floor: Floor, register: Register, now: datetime, who: Callable[[str], str]) -> Iterator[Alert]:
    """Yield what the presence of the people asks for on an open day; ``who`` names a person by their code."""
    yield from _charge(floor, register, now)
    for v in floor.vacancies:
        if v.closed_at is None:
            text = f"{who(v.staff)} {minutes_word(uncovered_s(floor, v, now))} 代わりの人なし"
            yield Alert("vacancy", "warning", "欠員", text, "F4", None, "people", short=f"{who(v.staff)} 代わりなし")
    states = breaks.break_states(floor, register, now)
    late = [b for b in breaks.overdue(floor, states) if not told_by_plan(floor, b, now)]
    if late:
        length = minutes_word(late[0].without_s)
        codes = [b.staff for b in late]
        text = f"{people_words(codes, who)} {length}休憩なし"
        brief = f"{people_words(codes, who, 1)} 休憩なし {length}"
        people = tuple(codes)
        yield Alert("break_overdue", "warning", "休憩", text, "Enter", None, "is_on_break", short=brief, people=people)
    if register.people and not floor.posts and receiving(floor, now) and floor.site.posts:
        text = "会場案内の担当がいません"
        yield Alert("no_guidance", "info", "案内", text, "F4", None, "people", short="会場案内 担当なし")
    yield from _barred(floor, register, who)


def _charge(floor: Floor, register: Register, now: datetime) -> Iterator[Alert]:
    """Yield an absence of 現場責任者, who stays in the hall (仕様書 5(1))."""
    if charge_is_vacant(floor, register, now):
        since = charge_vacant_word(floor, now)
        text = "  ".join(x for x in ("現場責任者が不在です", since, "代行者へ引継ぎ") if x)
        yield Alert("no_site_manager", "critical", "責任者", text, "h", None, "hand_over")


def _barred(floor: Floor, register: Register, who: Callable[[str], str]) -> Iterator[Alert]:
    """Yield who is at work and may not be: without a pledge, after leaving, or at a terminal without the authority for it."""
    found: dict[str, str] = {}
    at = {t.staff: t.code for t in floor.terminals.values() if t.staff}
    for code in sorted({*(s.code for s in floor.staff.values() if s.at_work), *at, *floor.posts}):
        authority = code in at and floor.site.terminal_by_code[at[code]].authority
        why = not_eligible(register, code, floor.day, terminal=authority)
        if why:
            found[code] = f"{who(code)} {at[code]}" if code in at else who(code)
            said = why
    if found:
        text = f"{people_words(found, found.__getitem__)} {said if len(found) == 1 else '誓約・権限などがそろっていません'}"
        yield Alert(
            "not_eligible",
            "warning",
            "資格",
            text,
            "F4",
            None,
            "people",
            short=f"{people_words(found, found.__getitem__, 1)} 要確認",
        )
