"""The day: its opening, close and reopening, reception per service."""

from __future__ import annotations

from floorctl.commands.cases import set_officials
from floorctl.commands.context import GIVE_REASON, OPEN_FIRST, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.loan_steps import close_loans, give_way, loans_again
from floorctl.commands.terminals import outside_bands
from floorctl.commands.untold import back_from_close, end_at_close
from floorctl.common.errors import NeedsReason, Refused
from floorctl.common.words import hm
from floorctl.models.day.floor import Floor, Stopped
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import BY_HAND


@decides(ev.DayOpened, any_day=True)
def decide_opened(c: Context, f: ev.DayOpened) -> list[Wish]:
    """Open the day; refused outside the calendar (仕様書 2, 6) and where it is open already."""
    if not c.info.open:
        raise Refused(f"{c.floor.day} は開場できません", c.info.reason or "開場日ではありません", c.info.way_to_open)
    if c.floor.closed_at is not None:
        raise Refused("開場できません", "この日はもう閉場しています", "続けるときは再開してください（day.reopened）")
    if c.floor.opened_by_fact and c.floor.opened_at is not None:
        raise Refused("開場できません", f"{hm(c.floor.opened_at)} に開場しています", "そのまま記録を続けてください")
    usual = {t.code: t.lane for t in c.site.terminals}
    allocation = f.allocation or usual
    for code, lane in allocation.items():
        if lane not in c.site.terminal_by_code[code].lanes:
            raise Refused(
                f"{code} を {c.site.lane_by_code[lane].name} には配分できません", "その端末の業務ではありません"
            )
    broken = outside_bands(c.site, usual | allocation)
    if broken and not f.reason:
        raise NeedsReason("この配分で開場するには理由が要ります", broken, GIVE_REASON)
    return as_wished(f, allocation=allocation)


@evolves(ev.DayOpened)
def evolve_opened(floor: Floor, entry: Entry, f: ev.DayOpened) -> None:
    if floor.opened_by_fact:
        floor.odd(entry, "impossible")
    elif floor.opened_at is None or f.at > floor.opened_at:
        floor.opened_at = f.at
    floor.opened_by_fact = True
    for code, lane in f.allocation.items():
        t = floor.terminals[code]
        if lane not in floor.site.terminal_by_code[code].lanes:
            floor.odd(entry, "impossible")
        else:
            give_way(floor, t, f.at)
            if t.ticket is None:
                t.lane, t.next_lane = lane, None
            else:
                t.next_lane = lane if lane != t.lane else None
    set_officials(floor, f.at, f.officials)


@decides(ev.DayClosed)
def decide_closed(c: Context, f: ev.DayClosed) -> list[Wish]:
    """Close the day's report; a reception that a feed has closed is no obstacle (contract 2)."""
    if c.floor.opened_at is None:
        raise Refused(
            "閉場できません",
            "この日は開場していません",
            OPEN_FIRST,
        )
    if c.floor.report_closed_at is not None:
        raise Refused("閉場できません", "この日はもう閉場しています", "直すときは再開してください")
    return as_wished(f)


@evolves(ev.DayClosed)
def evolve_closed(floor: Floor, entry: Entry, f: ev.DayClosed) -> None:
    if floor.closed_at is None:
        floor.closed_at = f.at
        close_loans(floor, f.at)
        end_at_close(floor, f.at)
    if entry.source == BY_HAND:
        floor.report_closed_at = f.at


@decides(ev.DayReopened)
def decide_reopened(c: Context, f: ev.DayReopened) -> list[Wish]:
    """Reopen a closed day, with a reason."""
    if c.floor.closed_at is None:
        raise Refused("再開できません", "閉場していません")
    if not f.reason:
        raise Refused("再開できません", "理由がありません", GIVE_REASON)
    return as_wished(f)


@evolves(ev.DayReopened)
def evolve_reopened(floor: Floor, entry: Entry, f: ev.DayReopened) -> None:
    """Open the day again; the fold then takes in what happened while it was closed by mistake."""
    if floor.closed_at is None:
        floor.odd(entry, "impossible")
        return
    floor.closed_at, floor.report_closed_at = None, None
    back_from_close(floor)
    loans_again(floor)
    floor.reopened += 1


@decides(ev.ReceptionStopped)
def decide_stopped(c: Context, f: ev.ReceptionStopped) -> list[Wish]:
    """Stop the reception of one service alone (受付打切り)."""
    c.need_open()
    if f.service in c.floor.stopped:
        raise Refused(f"{c.site.service_by_code[f.service].name} はもう打ち切っています")
    return as_wished(f)


@evolves(ev.ReceptionStopped)
def evolve_stopped(floor: Floor, entry: Entry, f: ev.ReceptionStopped) -> None:
    if f.service in floor.stopped:
        floor.odd(entry, "impossible")
    floor.stopped.setdefault(f.service, Stopped(f.at, f.reason, f.decided_by))


@decides(ev.ReceptionResumed)
def decide_resumed(c: Context, f: ev.ReceptionResumed) -> list[Wish]:
    """Resume the reception of a stopped service."""
    c.need_open()
    if f.service not in c.floor.stopped:
        raise Refused(f"{c.site.service_by_code[f.service].name} は打ち切っていません")
    return as_wished(f)


@evolves(ev.ReceptionResumed)
def evolve_resumed(floor: Floor, entry: Entry, f: ev.ReceptionResumed) -> None:
    if floor.stopped.pop(f.service, None) is None:
        floor.odd(entry, "impossible")
