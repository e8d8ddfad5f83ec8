"""Alerts about the contractor's people: charge, vacancies, breaks, who is awaited and who has stayed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from floorctl.common.lengths import minutes_word
from floorctl.common.words import STAFF_STATUSES, hm
from floorctl.models.board import breaks as breaks
from floorctl.models.board.alert import Alert
from floorctl.models.board.flow import uncovered_s
from floorctl.models.board.presence import charge_is_vacant, charge_vacant_word, presence
from floorctl.models.board.reception_hours import receiving
from floorctl.models.day.floor import Floor
from floorctl.models.register.eligibility import not_eligible
from floorctl.models.register.register import Register

_NAMED = 3  # so many are named, the others counted
_PROMISED = ("late", "on_break", "away")  # statuses with the time at which the person will be back


def people_alerts(floor: Floor, register: Register, now: datetime, who: Callable[[str], str]) -> Iterator[Alert]:
    """Yield what the presence of the people asks for on an open day; ``who`` names a person by their code."""
    yield from _charge(floor, register, now)
    for v in floor.vacancies:
        if v.closed_at is None:
            text = f"{who(v.staff)} {minutes_word(uncovered_s(floor, v, now))} 代わりの人なし"
            yield Alert("vacancy", "warning", "欠員", text, "F4", None, "people", short=f"{who(v.staff)} 代わりなし")
    late = breaks.overdue(floor, register, now)
    if late:
        length = minutes_word(late[0].without_s)
        named = [who(b.staff) for b in late]
        brief = f"{_names(named, 1)} 休憩なし {length}"
        yield Alert(
            "break_overdue", "warning", "休憩", f"{_names(named)} {length}休憩なし", "F4", None, "people", short=brief
        )
    if register.people and not floor.posts and receiving(floor, now) and floor.site.posts:
        text = "会場案内の担当がいません"
        yield Alert("no_guidance", "info", "案内", text, "F4", None, "people", short="会場案内 担当なし")
    yield from _promises(floor, now, who)
    yield from _barred(floor, register, who)


def _names(named: Sequence[str], most: int = _NAMED) -> str:
    return "・".join(named[:most]) + (f"ほか{len(named) - most}名" if len(named) > most else "")


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
        named = list(found.values())
        text = f"{_names(named)} {said if len(found) == 1 else '誓約・権限などがそろっていません'}"
        yield Alert("not_eligible", "warning", "資格", text, "F4", None, "people", short=f"{_names(named, 1)} 要確認")


def _promises(floor: Floor, now: datetime, who: Callable[[str], str]) -> Iterator[Alert]:
    """Yield who is not back at the time that they have named, the longest first."""
    wall = f"{now:%H:%M}"
    held = [s for s in floor.staff.values() if s.status in _PROMISED and s.until is not None and s.until < wall]
    held.sort(key=lambda s: (s.until or "", s.code))
    if held:
        first = held[0]
        until = hm(first.until or "")
        named = [who(s.code) for s in held]
        text = f"{_names(named)} {STAFF_STATUSES[first.status]} {until}まで 過ぎています"
        brief = f"{_names(named, 1)} {until}まで 過ぎています"
        yield Alert("not_back", "warning", "戻り", text, "F4", None, "people", short=brief)


def shift_alerts(floor: Floor, register: Register, now: datetime, who: Callable[[str], str]) -> Iterator[Alert]:
    """Yield whose shift has begun and who has not been seen, and whose shift is over and who is still here.

    By the shifts planned for the day, else by those of the roster; also before the doors open, as the day begins with the
    roll call (仕様書 5(3)⑥).
    """
    wall, here = f"{now:%H:%M}", presence(floor, register, now)
    hours = {p.code: h for p in register.team(floor.day) if (h := register.shift(p.code, floor.day).hours)}
    unseen = [code for code in here.unseen if code in hours and hours[code][0] < wall <= hours[code][1]]
    if unseen:
        unseen.sort(key=lambda code: (hours[code][0], code))
        begins = hm(hours[unseen[0]][0])
        named = [who(code) for code in unseen]
        text = f"{_names(named)} 勤務 {begins}から 在席の記録がありません"
        yield Alert(
            "shift_missing", "warning", "勤務", text, "F4", None, "people", short=f"{_names(named, 1)} 在席の記録なし"
        )
    staying = [s.code for s in here.people if s.at_work and s.code in hours and hours[s.code][1] < wall]
    if staying:
        staying.sort(key=lambda code: (hours[code][1], code))
        ends = hm(hours[staying[0]][1])
        named = [who(code) for code in staying]
        text = f"{_names(named)} 勤務は {ends}まで まだ在席です"
        yield Alert("shift_over", "info", "勤務", text, "F4", None, "people", short=f"{_names(named, 1)} まだ在席です")
