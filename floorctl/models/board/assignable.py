"""Say what stands against choosing a person for a place, in one pure place for every list, plan and proposal (仕様書 7(2), 10).

``not_there`` asks where the person is, ``unqualified`` what they may and can do, ``objections`` both and what is only to be
known. Who is proposed or planned has no objection that ``blocks``; by hand a person with one is chosen by the rules of
the commands: refused, or with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from floorctl.common.frozen import frozen
from floorctl.common.words import STAFF_STATUSES, hm
from floorctl.models.board.lane_cover import is_there
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import Person
from floorctl.models.register.eligibility import not_eligible
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

_SOON = timedelta(minutes=30)  # a shift that begins so soon has begun, as at the roll call (`presence`)


@frozen
class Objection:
    """Objection to choosing a person. ``word``: in a list; ``blocks``: no plan and no proposal chooses the person.

    ``why``: as a sentence of a refusal, "" where the word says it.
    """

    code: str
    word: str
    blocks: bool
    why: str = ""


def objections(
    floor: Floor, register: Register, now: datetime, code: str, *, terminal: str = "", post: str = "", lane: str = ""
) -> tuple[Objection, ...]:
    """Return what stands against a person for a terminal, a post or a lane, what blocks first; () if nothing does.

    ``lane``: of a terminal that is to serve another lane than its own one. Codes: ``absent gone late on_break away off
    not_begun shift_over``, ``not_eligible no_authority unskilled``, ``elsewhere in_charge newcomer_alone``.
    """
    found = [
        *not_there(floor, register, now, code),
        *unqualified(floor, register, code, terminal=terminal, post=post, lane=lane),
        *_elsewhere(floor, code, terminal, post),
    ]
    if (terminal or post) and floor.holder() == code:
        found.append(Objection("in_charge", "責任者（兼務になる）", False))
    for_lane = lane or _own_lane(floor, terminal)
    if for_lane and alone_as_newcomer(floor, register, code, for_lane):
        found.append(Objection("newcomer_alone", "新人だけになる", False))
    return tuple(sorted(found, key=lambda x: not x.blocks))


def at_place(floor: Floor, place: str | None, lane: str = "") -> dict[str, str]:
    """Return a place as it is asked about here: a terminal, with the ``lane`` that it is to serve, or a post; {} of none."""
    if place is None:
        return {}
    return {"terminal": place, "lane": lane} if place in floor.terminals else {"post": place}


def _own_lane(floor: Floor, terminal: str) -> str:
    return floor.terminals[terminal].own_lane if terminal else ""


# ---- where the person is


def not_there(floor: Floor, register: Register, now: datetime, code: str) -> list[Objection]:
    """Return why a person is not in the hall at ``now``, by the day's facts, else by their shift; [] if they are."""
    held = floor.staff.get(code)
    if held is not None and held.status != "expected":
        if held.at_work:
            return _shift_over(floor, register, now, code)
        until = f" {hm(held.until)}まで" if held.until else ""
        word = STAFF_STATUSES[held.status]
        return [Objection(held.status, f"{word}{until}", True, f"{word}になっています")]
    shift = register.shift(code, floor.day)
    if shift.off:
        return [Objection("off", "休み", True, "今日は休みの予定です")]
    begins = shift.begins_on(floor.day)
    if begins is not None and now < begins - _SOON:
        return [Objection("not_begun", f"勤務 {hm(begins)}から", True, f"勤務は {hm(begins)} からです")]
    return _shift_over(floor, register, now, code)


def _shift_over(floor: Floor, register: Register, now: datetime, code: str) -> list[Objection]:
    ends = register.shift(code, floor.day).ends_on(floor.day)
    return [Objection("shift_over", f"勤務 {hm(ends)}まで", False)] if ends is not None and ends < now else []


def _elsewhere(floor: Floor, code: str, terminal: str, post: str) -> list[Objection]:
    """Return where the person stands now, unless that is the place they are asked for."""
    at = next((t.code for t in floor.terminals.values() if t.staff == code and t.code != terminal), "")
    held = floor.posts.get(code)
    if not at and held is not None and held != post:
        known = floor.site.post_by_code.get(held)
        at = known.name if known is not None else held
    return [Objection("elsewhere", f"いま {at}", False)] if at else []


# ---- what the person may and can do


def unqualified(
    floor: Floor, register: Register, code: str, *, terminal: str = "", post: str = "", lane: str = ""
) -> list[Objection]:
    """Return what a person lacks for a place: on the roster, pledge, authority, skill; [] without a roster."""
    authority = bool(terminal) and floor.site.terminal_by_code[terminal].authority
    found = []
    if why := not_eligible(register, code, floor.day):
        found.append(Objection("not_eligible", _short(why), True, why))
    elif authority and (why := not_eligible(register, code, floor.day, terminal=True)):
        found.append(Objection("no_authority", _short(why), True, why))
    person = register.people.get(code)
    # A terminal that is lent serves two lanes.
    lanes = floor.terminals[terminal].lanes_worked if terminal and not lane else (lane,)
    if why := next((x for at in lanes if (x := unskilled(floor.site, person, lane=at, post=bool(post)))), ""):
        found.append(Objection("unskilled", _short(why), True, why))
    return found


def unskilled(site: Site, person: Person | None, *, lane: str = "", post: bool = False) -> str:
    """Return that a person lacks the skill of a lane or of the posts, in words; "" if they have it, or nothing is recorded."""
    if person is None:
        return ""
    if lane and not person.can_serve(site, lane):
        return f"{site.lane_by_code[lane].name}の技能がありません"
    return "会場案内の技能がありません" if post and not person.can_guide(site) else ""


def _short(why: str) -> str:
    """Return a reason as it stands in a list: 誓約書なし, 名簿になし, 退職日 11月15日 を過ぎた."""
    for ending, short in (("がありません", "なし"), ("にありません", "になし"), ("を過ぎています", "を過ぎた")):
        if why.endswith(ending):
            return why.removesuffix(ending) + short
    return why


def alone_as_newcomer(floor: Floor, register: Register, code: str, lane: str) -> bool:
    """Return whether a newcomer would be in a lane without anybody of experience."""
    person = register.people.get(code)
    return person is not None and person.newcomer and not any(x != code for x in _experienced(floor, register, lane))


def newcomers_alone(floor: Floor, register: Register, lane: str) -> list[str]:
    """Return the newcomers at work in a lane where nobody of experience works; [] where somebody does, or nobody is new."""
    here = _at_work(floor, lane)
    new = [code for code in here if (p := register.people.get(code)) is not None and p.newcomer]
    return new if len(new) == len(here) else []


def _experienced(floor: Floor, register: Register, lane: str) -> list[str]:
    return [x for x in _at_work(floor, lane) if (p := register.people.get(x)) is None or not p.newcomer]


def _at_work(floor: Floor, lane: str) -> list[str]:
    """Return who works for a lane as their own one, by terminals."""
    return [
        t.staff
        for t in floor.terminals.values()
        if t.staff and t.own_lane == lane and not t.failed and is_there(floor, t.staff)
    ]


# ---- for lists and for the advice


def barred_lanes(floor: Floor, register: Register) -> dict[str, frozenset[str]]:
    """Return by terminal the lanes that whoever stands there lacks the skill of; terminals without one are left out."""
    found = {}
    for t in floor.terminals.values():
        person = register.people.get(t.staff) if t.staff else None
        if person is not None and person.skills is not None:
            lanes = floor.site.terminal_by_code[t.code].lanes
            barred = frozenset(x for x in lanes if not person.can_serve(floor.site, x))
            if barred:
                found[t.code] = barred
    return found


def rank(found: Iterable[Objection]) -> int:
    """Return the place in a list: 0 nothing stands against the person, 1 something to know, 2 something that blocks."""
    return max((2 if x.blocks else 1 for x in found), default=0)


def said(found: Iterable[Objection]) -> str:
    """Return the words of a list beside a person; "" if nothing is to be said."""
    return "・".join(x.word for x in found)
