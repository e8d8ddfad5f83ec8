"""Terminals: moves between lanes, staffing, pauses, failures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from floorctl.commands.context import GIVE_REASON, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.loan_steps import end_loan, give_way
from floorctl.commands.people import leaves_places, need_eligible, note_holders
from floorctl.commands.untold import end_at_terminal
from floorctl.common.errors import NeedsReason, Refused
from floorctl.common.words import STAFF_STATUSES
from floorctl.models.board.assignable import unskilled
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import StaffState
from floorctl.models.day.terminal import Move, TerminalState
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.site.site import Site


def outside_bands(site: Site, target: Mapping[str, str], lanes: Iterable[str] | None = None) -> str:
    """Describe how an allocation (terminal: lane) leaves the usual split (仕様書 15(4)※); "" if it keeps it.

    ``lanes``: those to look at, all by default.
    """
    said = []
    for code in site.band_by_lane if lanes is None else lanes:
        band = site.band_by_lane.get(code)
        if band is None:
            continue
        n = sum(x == code for x in target.values())
        if not band.low <= n <= band.high:
            said.append(f"{site.lane_by_code[code].name}が{n}台になります（通常 {band.low}〜{band.high}台）")
    return "、".join(said)


@decides(ev.TerminalAssigned)
def decide_assigned(c: Context, f: ev.TerminalAssigned) -> list[Wish]:
    """Move a terminal to a lane: at once if free, else after its present ticket; to its present lane is no fact.

    Outside the usual split a reason is needed (仕様書 15(4)※). The lane of a lent terminal is its own one: a move to the
    lane that it helps makes the loan lasting, one to its own lane ends it.
    """
    site, t = c.site, c.floor.terminals[f.terminal]
    lanes = site.terminal_by_code[f.terminal].lanes
    if f.lane not in lanes:
        raise Refused(
            f"{f.terminal} を {site.lane_by_code[f.lane].name} には移せません",
            f"{'・'.join(site.lane_by_code[x].name for x in lanes)}だけの端末です",
            "別の端末を選んでください",
        )
    origin = t.own_lane
    if f.lane == origin and t.home is None:
        return []
    c.need_not_closed()
    target = {x.code: x.own_lane for x in c.floor.terminals.values()} | {f.terminal: f.lane}
    broken = outside_bands(site, target, (origin, f.lane)) if f.lane != origin else ""
    if broken and not f.reason:
        # One question for both: `skills` asks of the person alone.
        lacks = unskilled(site, c.register.people.get(t.staff or ""), lane=f.lane)
        why = f"{broken}、{t.staff} には{lacks}" if lacks else broken
        raise NeedsReason(f"{f.terminal} の移動には理由が要ります", why, GIVE_REASON)
    return as_wished(f)


@evolves(ev.TerminalAssigned)
def evolve_assigned(floor: Floor, entry: Entry, f: ev.TerminalAssigned) -> None:
    t = floor.terminals[f.terminal]
    if f.lane not in floor.site.terminal_by_code[f.terminal].lanes:
        floor.odd(entry, "impossible")
        return
    origin = t.own_lane
    if f.lane == origin and t.home is None:
        return
    give_way(floor, t, f.at)
    if f.lane != origin:
        floor.moves.append(Move(f.at, f.terminal, origin, f.lane, f.reason))
    if f.lane == t.lane:
        t.next_lane = None
    elif t.ticket is not None:
        t.next_lane = f.lane
    else:
        # The lane of a terminal as it is staffed is chosen without a switch (contract 4): a staffing sorts first.
        t.lane, t.moved_at = f.lane, None if t.staffed_at == f.at else f.at


@decides(ev.TerminalStaffed)
def decide_staffed(c: Context, f: ev.TerminalStaffed) -> list[Wish]:
    """Put a person at a terminal, or nobody; a person leaves the terminal and the post where they were."""
    c.need_not_closed()
    t = c.floor.terminals[f.terminal]
    if t.staff == f.staff and c.floor.staffing_known:
        return []
    wishes: list[Wish] = []
    if f.staff is not None:
        held = c.floor.staff.get(f.staff)
        if held is not None and held.status in ("absent", "gone"):
            word = STAFF_STATUSES[held.status]
            raise Refused(f"{f.staff} を {f.terminal} に置けません", f"{word}になっています", "先に在席にしてください")
        authority = c.site.terminal_by_code[f.terminal].authority
        need_eligible(c, f.staff, f"{f.staff} を {f.terminal} に置けません", f.reason, terminal=authority)
        wishes += leaves_places(c, f.staff, f.terminal)
    return [*wishes, *as_wished(f)]


@evolves(ev.TerminalStaffed)
def evolve_staffed(floor: Floor, entry: Entry, f: ev.TerminalStaffed) -> None:
    floor.staffing_known = True
    t = floor.terminals[f.terminal]
    if t.staff is not None:
        floor.last_lane[t.staff] = t.own_lane
        if t.staff != f.staff:
            floor.left_place[t.staff] = f.at
    elif f.staff is not None:
        t.staffed_at, t.moved_at = f.at, None
    t.staff = f.staff
    for x in floor.terminals.values():
        if x.staff is None:
            end_loan(floor, x, f.at, "unstaffed")
    if f.staff is None:
        end_at_terminal(floor, t, f.at)
        return
    _ready(floor, t, f.at)
    floor.posts.pop(f.staff, None)
    floor.placed[f.staff] = (f.at, f.terminal)
    held = floor.staff.get(f.staff)
    if held is None or not held.at_work:
        # A person at a terminal is in the hall, whatever was recorded before.
        floor.set_staff(StaffState(f.staff, "present", f.at))
        note_holders(floor, f.at, "")


@decides(ev.TerminalPaused)
def decide_paused(c: Context, f: ev.TerminalPaused) -> list[Wish]:
    return _changed(c, f, not c.floor.terminals[f.terminal].paused, "はもう休止中です")


@evolves(ev.TerminalPaused)
def evolve_paused(floor: Floor, entry: Entry, f: ev.TerminalPaused) -> None:
    t = floor.terminals[f.terminal]
    if t.paused:
        floor.odd(entry, "impossible")
    t.paused = True
    end_at_terminal(floor, t, f.at)
    t.reason = f.reason if not t.failed else t.reason


@decides(ev.TerminalResumed)
def decide_resumed(c: Context, f: ev.TerminalResumed) -> list[Wish]:
    return _changed(c, f, c.floor.terminals[f.terminal].paused, "は休止していません")


@evolves(ev.TerminalResumed)
def evolve_resumed(floor: Floor, entry: Entry, f: ev.TerminalResumed) -> None:
    t = floor.terminals[f.terminal]
    if not t.paused:
        floor.odd(entry, "impossible")
    t.paused = False
    t.reason = t.reason if t.failed else ""
    _ready(floor, t, f.at)


@decides(ev.TerminalFailed)
def decide_failed(c: Context, f: ev.TerminalFailed) -> list[Wish]:
    return _changed(c, f, not c.floor.terminals[f.terminal].failed, "はもう故障になっています")


@evolves(ev.TerminalFailed)
def evolve_failed(floor: Floor, entry: Entry, f: ev.TerminalFailed) -> None:
    t = floor.terminals[f.terminal]
    if t.failed:
        floor.odd(entry, "impossible")
    t.failed, t.reason = True, f.fault
    served = floor.tickets[t.ticket] if t.ticket is not None else None
    if served is not None and served.ends:
        served.untimed = True  # the next call, after the repair, does not tell how long it took


@decides(ev.TerminalRepaired)
def decide_repaired(c: Context, f: ev.TerminalRepaired) -> list[Wish]:
    return _changed(c, f, c.floor.terminals[f.terminal].failed, "は故障していません")


@evolves(ev.TerminalRepaired)
def evolve_repaired(floor: Floor, entry: Entry, f: ev.TerminalRepaired) -> None:
    t = floor.terminals[f.terminal]
    if not t.failed:
        floor.odd(entry, "impossible")
    t.failed, t.reason = False, ""
    _ready(floor, t, f.at)


def _ready(floor: Floor, t: TerminalState, at: datetime) -> None:
    """Let a call fit that was told by the minute, where the terminal became ready within that minute."""
    if t.hasty is None or t.paused or t.failed or (floor.staffing_known and t.staff is None):
        return
    called, key, code = t.hasty
    if at < called + timedelta(minutes=1) and floor.anomalies.get(key) == code:
        del floor.anomalies[key]
    t.hasty = None


def _changed(
    c: Context,
    f: ev.TerminalPaused | ev.TerminalResumed | ev.TerminalFailed | ev.TerminalRepaired,
    changes: bool,
    refusal: str,
) -> list[Wish]:
    """Return the fact as wished; raise Refused after the close, and where it would change nothing."""
    c.need_not_closed()
    if not changes:
        raise Refused(f"{f.terminal} {refusal}")
    return as_wished(f)
