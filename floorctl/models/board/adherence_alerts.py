"""Alerts where the day does not go by the plan of the people: late, not come, still here, break over, back and unused. Pure.

Each names the key that answers it and the people whom it is about: the act is then theirs (`screens/acts.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from floorctl.common.clock import seconds_between
from floorctl.common.lengths import minutes_word
from floorctl.common.words import STAFF_STATUSES, hm
from floorctl.models.board.alert import Alert, people_words
from floorctl.models.board.assignable import newcomers_alone, unqualified, unskilled
from floorctl.models.board.breaks import known_end
from floorctl.models.board.grounds import Grounds
from floorctl.models.board.lane_cover import unattended
from floorctl.models.board.longest import longest_known
from floorctl.models.board.posts_alerts import changes_due
from floorctl.models.board.presence import presence
from floorctl.models.board.reception_hours import lane_receives
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.register.register import Register

# Statuses with the time at which the person will be there; a break has a threshold of its own.
_PROMISED = ("late", "away")
_PROMISES = 2  # so many are named with their times, the others counted
_SETTLES = timedelta(minutes=1)  # who has just come back goes to the terminal first [J]
_IDLE = timedelta(minutes=10)  # nobody stands about for so long unnoticed while people wait too long [J]

Who = Callable[[str], str]


def adherence_alerts(floor: Floor, register: Register, now: datetime, who: Who, g: Grounds) -> Iterator[Alert]:
    """Yield what does not go by the plan on an open day; ``who`` names a person by their code."""
    yield from _back(floor, now, who)
    yield from _idle(floor, register, now, who, g)
    yield from _unskilled(floor, register, who)
    yield from _newcomers(floor, register, now, who)


# ---- who is awaited


def awaited_alerts(floor: Floor, now: datetime, who: Who) -> Iterator[Alert]:
    """Yield who is not there at the time that they have named, also before the doors open."""
    yield from _promises(floor, now, who)
    yield from _breaks_over(floor, now, who)


def _promises(floor: Floor, now: datetime, who: Who) -> Iterator[Alert]:
    """Yield who has not come at the time that they have named, the longest first."""
    wall = f"{now:%H:%M}"
    held = [s for s in floor.staff.values() if s.status in _PROMISED and s.until is not None and s.until < wall]
    held.sort(key=lambda s: (s.until or "", s.code))
    if held:
        until = {s.code: hm(s.until or "") for s in held}
        codes, status = tuple(until), {s.code: STAFF_STATUSES[s.status] for s in held}
        # Each has a status and a time of their own.
        named = people_words(codes, lambda code: f"{who(code)} {status[code]} {until[code]}まで", _PROMISES)
        text = f"{named} 過ぎています"
        brief = f"{people_words(codes, who, 1)} {until[codes[0]]}まで 過ぎています"
        yield Alert("not_back", "warning", "戻り", text, "Enter", None, "people", short=brief, people=codes)


def _breaks_over(floor: Floor, now: datetime, who: Who) -> Iterator[Alert]:
    """Yield whose break has lasted the site's threshold longer than announced, or than planned, the longest first."""
    least = floor.site.thresholds.break_over_s
    held: list[tuple[datetime, str]] = []
    for s in floor.staff.values():
        ends = known_end(floor, s.code)
        if ends is not None and now > ends and seconds_between(ends, now) >= least:
            held.append((ends, s.code))
    held.sort()
    if held:
        first, codes = held[0][0], tuple(code for _, code in held)
        over = seconds_between(first, now)
        text = f"{people_words(codes, who)} 休憩 {hm(first)}まで {minutes_word(over)}超過"
        brief = f"{people_words(codes, who, 1)} 休憩 {minutes_word(over)}超過"
        yield Alert("break_over", "warning", "休憩", text, "Enter", None, "is_present", short=brief, people=codes)


# ---- the shift


def shift_alerts(floor: Floor, register: Register, now: datetime, who: Who) -> Iterator[Alert]:
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
        text = f"{people_words(unseen, who)} 勤務 {begins}から 在席の記録がありません"
        brief = f"{people_words(unseen, who, 1)} 在席の記録なし"
        # Of one it is asked what is known; of several the roll is called.
        answer = "people" if len(unseen) == 1 else "roll_call"
        yield Alert(
            "shift_missing",
            "warning",
            "勤務",
            text,
            "Enter",
            None,
            answer,
            short=brief,
            people=tuple(unseen) if answer == "people" else (),
        )
    staying = [s.code for s in here.people if s.at_work and s.code in hours and hours[s.code][1] < wall]
    if staying:
        staying.sort(key=lambda code: (hours[code][1], code))
        ends = hm(hours[staying[0]][1])
        text = f"{people_words(staying, who)} 勤務は {ends}まで まだ在席です"
        brief = f"{people_words(staying, who, 1)} まだ在席です"
        yield Alert("shift_over", "info", "勤務", text, "Enter", None, "is_gone", short=brief, people=tuple(staying))


# ---- who is back, and does nothing


def _back(floor: Floor, now: datetime, who: Who) -> Iterator[Alert]:
    """Yield the terminals whose person has come back: paused still, or free with people waiting and no call."""
    for t in floor.terminals.values():
        back = _came_back(floor, t.staff) if t.staff else None
        if t.staff is None or back is None or t.since is None or t.since > back:
            continue
        state, length = floor.state(t.code), minutes_word(seconds_between(back, now))
        if state == "paused" and now - back >= _SETTLES:
            text = f"{t.code} {who(t.staff)} が {hm(back)} に戻り、休止のまま {length}"
            yield Alert("paused_back", "warning", "休止", text, "s", t.code, "pause", short=f"{t.code} 休止のまま")
        elif state == "free" and now - back >= _IDLE and _somebody_waits(floor, t, now):
            text = f"{t.code} {who(t.staff)} が {hm(back)} に戻り、呼出しなし {length}"
            yield Alert(
                "unused_back", "warning", "空き", text, "n", t.code, "next", short=f"{t.code} 呼出しなし {length}"
            )


def _came_back(floor: Floor, staff: str) -> datetime | None:
    """Return since when a person is here again after a break or another absence; None if they are not, or were never away."""
    here = None
    for s in reversed(floor.presence.get(staff, [])):
        if not s.at_work:
            return here if s.out else None
        here = s.since
    return None


def _somebody_waits(floor: Floor, t: TerminalState, now: datetime) -> bool:
    return any(floor.lanes[lane].waiting and lane_receives(floor, lane, now) for lane in t.lanes)


def _idle(floor: Floor, register: Register, now: datetime, who: Who, g: Grounds) -> Iterator[Alert]:
    """Yield who is here without a place for ten minutes, where a terminal that they can serve stands empty and people wait too long."""
    placed = {t.staff for t in floor.terminals.values()} | floor.posts.keys() | {*floor.charges.values()}
    placed |= changes_due(floor, now).keys()  # the plan says where they go
    free = [s for s in floor.staff.values() if s.at_work and s.code not in placed and now - s.since >= _IDLE]
    empty = [t for t in floor.terminals.values() if floor.state(t.code) == "unstaffed"] if free else []
    lacking = _lacking(floor, {t.own_lane for t in empty}, now, g)
    if not lacking:
        return
    left = floor.left_place
    for lane, why in lacking.items():
        own = [t for t in empty if t.own_lane == lane]
        found = [
            s.code
            for s in sorted(free, key=lambda s: s.code)
            if s.code not in left or now - left[s.code] >= _IDLE
            if not _over(floor, register, s.code, now)
            if any(not unqualified(floor, register, s.code, terminal=t.code) for t in own)
        ]
        if found:
            name = floor.site.lane_by_code[lane].name
            text = f"{people_words(found, who)} 持ち場なし  {name} {why}、{own[0].code} は担当なし"
            brief = f"{people_words(found, who, 1)} 持ち場なし"
            yield Alert(
                "person_idle", "warning", "手空き", text, "Enter", None, "stand", short=brief, people=tuple(found)
            )
            return  # one place at a time


def _over(floor: Floor, register: Register, code: str, now: datetime) -> bool:
    ends = register.shift(code, floor.day).ends_on(floor.day)
    return ends is not None and ends < now


def _lacking(floor: Floor, lanes: Iterable[str], now: datetime, g: Grounds) -> dict[str, str]:
    """Return of these lanes those that lack a window, each with why: nobody works there, or somebody waits beyond the target."""
    alone = unattended(floor)
    found = {}
    for lane in floor.lanes:
        if lane not in lanes or not (lane_receives(floor, lane, now) or floor.lanes[lane].waiting):
            continue
        longest = longest_known(floor, lane, now, g)
        if lane in alone:
            found[lane] = "動いている端末なし"
        elif longest is not None and longest.seconds > floor.site.wait_target_s(lane):
            found[lane] = f"最長 {longest.word}"
    return found


# ---- who stands where they have not learnt it


def _unskilled(floor: Floor, register: Register, who: Who) -> Iterator[Alert]:
    """Yield who stands at a terminal or a post without the skill for it; the key is for the first terminal."""
    found: dict[str, str] = {}
    first = said = ""
    for t in floor.terminals.values():
        person = register.people.get(t.staff) if t.staff else None
        why = next((x for lane in t.lanes_worked if (x := unskilled(floor.site, person, lane=lane))), "")
        if t.staff and why:
            found[t.staff] = f"{who(t.staff)} {t.code}"
            first, said = first or t.code, said or why
    for code in sorted(floor.posts):
        if why := unskilled(floor.site, register.people.get(code), post=True):
            found[code], said = who(code), said or why
    if found:
        text = f"{people_words(found, found.__getitem__)} {said if len(found) == 1 else '技能がそろっていません'}"
        brief = f"{people_words(found, found.__getitem__, 1)} 技能なし"
        if first:
            yield Alert("unskilled", "warning", "技能", text, "p", first, "staff", short=brief)
        else:
            yield Alert("unskilled", "warning", "技能", text, "Enter", None, "post", short=brief, people=tuple(found))


def _newcomers(floor: Floor, register: Register, now: datetime, who: Who) -> Iterator[Alert]:
    """Yield the lanes that receive where only newcomers work."""
    for lane in floor.lanes:
        new = newcomers_alone(floor, register, lane) if lane_receives(floor, lane, now) else []
        if new:
            at = next(t.code for t in floor.terminals.values() if t.staff == new[0])
            text = f"{floor.site.lane_by_code[lane].name} 新人だけです {people_words(new, who)}"
            yield Alert("newcomer_alone", "info", "新人", text, "p", at, "staff")
