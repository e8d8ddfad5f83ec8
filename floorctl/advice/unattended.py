"""Propose to staff a lane that receives with nobody at it: at once, before any move (仕様書 7(1), 7(4)). Pure.

What costs least comes first: a paused terminal whose person is there, an empty one and a person with nothing to do, one
of several in another lane; where nobody is known to be there, what is missing is named all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from floorctl.advice.proposal import AT_WORK, Change, Proposal, Step
from floorctl.models.board.assignable import alone_as_newcomer, barred_lanes
from floorctl.models.board.grounds import Grounds
from floorctl.models.board.lane_cover import at_work_in
from floorctl.models.day.advice_answers import left_alone
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.register.register import Register

REASON_CHARS = 60  # of a free text: the proposal is itself stored with its answer


def unattended(floor: Floor, register: Register, g: Grounds, now: datetime) -> list[Proposal]:
    """Return for each lane with nobody at it what staffs it soonest; no person and no terminal is named for two."""
    found: list[Proposal] = []
    for lane, said in g.withheld.items():
        if said.code == "nobody" and now.time() < floor.site.hall.closes:
            p = _first(floor, register, lane, {x for p in found for x in (p.staff, p.terminal) if x})
            if not left_alone(floor.answers, p.kind, p.terminal, lane, 0, now):
                found.append(p)
    return found


def _first(floor: Floor, register: Register, lane: str, taken: set[str]) -> Proposal:
    own = [t for t in floor.terminals.values() if (t.next_lane or t.lane) == lane]

    def without(people: list[str]) -> list[str]:
        return [x for x in people if x not in taken]

    ways: tuple[Callable[[], Proposal | None], ...] = (
        lambda: _resumed(floor, own, lane),
        lambda: _staffed(floor, "open", own, lane, without(free_people(floor, register, lane)), "手の空いた"),
        lambda: _moved(floor, register, lane, taken),
        lambda: _staffed(floor, "staff", own, lane, without(_spare_people(floor, register, lane)), "ほかの窓口の"),
    )
    return next((p for way in ways if (p := way()) is not None), None) or _named(floor, own, lane)


def _proposal(
    floor: Floor, kind: str, lane: str, what: str, note: str, terminal: str, staff: str, *steps: Step
) -> Proposal:
    change = Change(AT_WORK, floor.site.lane_by_code[lane].name, 0, 1)
    return Proposal(kind, lane, what, change, note, terminal, staff=staff, takes=steps, clear=True, urgent=True)


def _resumed(floor: Floor, own: list[TerminalState], lane: str) -> Proposal | None:
    """Propose a paused terminal whose person is at work, or of which no person is known."""
    for t in own:
        held = floor.staff.get(t.staff) if t.staff else None
        if floor.state(t.code) == "paused" and (
            held.at_work if held else t.staff is not None or not floor.staffing_known
        ):
            note = f"休止の理由 {t.reason[:REASON_CHARS]}" if t.reason else ""
            return _proposal(
                floor,
                "resume",
                lane,
                f"休止中の {t.code} を再開",
                note,
                t.code,
                "",
                Step("terminal.resumed", {"terminal": t.code}),
            )
    return None


def _staffed(
    floor: Floor, kind: str, own: list[TerminalState], lane: str, people: list[str], whose: str
) -> Proposal | None:
    """Propose an empty terminal of the lane for the first of these people."""
    empty = next((t for t in own if floor.state(t.code) == "unstaffed"), None)
    if empty is None or not people:
        return None
    step = Step("terminal.staffed", {"terminal": empty.code, "staff": people[0]})
    return _proposal(floor, kind, lane, f"{whose} {{who}} を {empty.code} へ", "", empty.code, people[0], step)


def _able(floor: Floor, register: Register, staff: str, lane: str) -> bool:
    """Return whether a person is at work, and may and can serve a lane at any terminal of it."""
    held, person = floor.staff.get(staff), register.people.get(staff)
    if held is None or not held.at_work:
        return False
    if not register.people:
        return True
    return (
        person is not None
        and person.here_on(floor.day)
        and not person.lacks(floor.day)
        and person.can_serve(floor.site, lane)
    )


def free_people(floor: Floor, register: Register, lane: str) -> list[str]:
    """Return who is at work at no terminal or post, holds no charge and can serve a lane; people of experience first."""
    placed = {t.staff for t in floor.terminals.values()} | floor.posts.keys() | {floor.holder()}
    found = [code for code in sorted(floor.staff) if code not in placed and _able(floor, register, code, lane)]
    return sorted(found, key=lambda code: alone_as_newcomer(floor, register, code, lane))


def _spare(floor: Floor, lane: str) -> list[TerminalState]:
    """Return the free terminals of other lanes that keep another one at work."""
    found = []
    for other in floor.lanes:
        here = [t for code, t in floor.terminals.items() if other != lane and at_work_in(floor, code, other)]
        if len(here) > 1:
            found += [t for t in here if t.ticket is None] or here[:1]
    return found


def _moved(floor: Floor, register: Register, lane: str, taken: set[str]) -> Proposal | None:
    """Propose a terminal of another lane that keeps one at work, and whose person can serve this one."""
    barred = barred_lanes(floor, register)
    able = (
        t
        for t in _spare(floor, lane)
        if lane in floor.site.terminal_by_code[t.code].lanes and lane not in barred.get(t.code, ())
    )
    t = next((t for t in able if t.code not in taken and t.staff not in taken), None)
    if t is None:
        return None
    name = floor.site.lane_by_code[lane].name
    step = Step("terminal.assigned", {"terminal": t.code, "lane": lane, "reason": f"{name}に動いている端末がないため"})
    return _proposal(floor, "staff", lane, f"{t.code} を{name}へ", "", t.code, "", step)


def _spare_people(floor: Floor, register: Register, lane: str) -> list[str]:
    """Return the people at spare terminals with nobody before them."""
    return [
        t.staff for t in _spare(floor, lane) if t.staff and t.ticket is None and _able(floor, register, t.staff, lane)
    ]


def _named(floor: Floor, own: list[TerminalState], lane: str) -> Proposal:
    """Name the terminal that lacks a person or does not work, where nobody is known who could take it."""
    for state, what in (
        ("unstaffed", "{} に担当を置く"),
        ("paused", "{} の担当を呼び戻す"),
        ("free", "{} に担当を置く"),
    ):
        t = next((t for t in own if floor.state(t.code) == state), None)
        if t is not None:
            held = floor.staff.get(t.staff) if t.staff else None
            note = f"{{who}} の戻り {held.until}" if held is not None and held.until else "在席の手の空いた人はいません"
            return _proposal(floor, "staff", lane, what.format(t.code), note, t.code, t.staff or "")
    failed = next((t.code for t in own if t.failed), "")
    name = floor.site.lane_by_code[lane].name
    what = f"故障の {failed} を復旧するか、代わりの端末を開ける" if failed else f"{name}に端末を1台開ける"
    return _proposal(floor, "staff", lane, what, "在席の手の空いた人はいません", failed, "")
