"""Loans of terminals to another lane (応援): lent, returned, and the day's permission to lend without asking."""

from __future__ import annotations

from datetime import datetime

from floorctl.commands.context import GIVE_REASON, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.loan_steps import arrive, bring_home, go, lend, stay
from floorctl.common.errors import NeedsReason, Refused, by_door
from floorctl.common.words import hm
from floorctl.models.board.appointments import slot_states
from floorctl.models.board.lane_cover import is_there
from floorctl.models.board.loan_limits import unmet_appointment, works_at_home
from floorctl.models.board.loans import helped_lane
from floorctl.models.board.reception_hours import lane_receives
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry

_BACK = by_door("先に応援から戻してください", "先に戻してください（do terminal.returned）")


@decides(ev.TerminalLent)
def decide_lent(c: Context, f: ev.TerminalLent) -> list[Wish]:
    """Lend a terminal to another of its lanes: at once if it is free, else after its ticket if nobody waits at home then.

    Where its own lane is left alone, or an appointment falls due before it can be back, a reason is needed (仕様書 7(4)※).
    """
    c.need_open()
    site, t = c.site, c.floor.terminals[f.terminal]
    lanes, home = site.terminal_by_code[f.terminal].lanes, t.own_lane
    names = {x.code: x.name for x in site.lanes}
    what = f"{f.terminal} を{names[f.lane]}の応援に出せません"
    if f.lane not in lanes:
        raise Refused(what, f"{'・'.join(names[x] for x in lanes)}だけの端末です", "別の端末を選んでください")
    if t.coming_home:
        do = by_door("そのまま待つか、戻すのを {undo} で取り消してください", "戻ってから出してください")
        raise Refused(what, f"{t.ticket} のあと{names[home]}に戻るところです", do)
    if t.home is not None:
        raise Refused(what, f"もう{names[helped_lane(c.floor, t) or t.lane]}の応援に出しています", _BACK)
    if f.lane == home:
        raise Refused(what, f"{names[home]}が本来の窓口です", "別の窓口を選んでください")
    if f.unasked and f.terminal not in c.floor.lend_permit:
        raise Refused(what, "応援が許可されていません", "先に許可するか、自分で応援に出してください")
    _need_at_work(c, t, what)
    waiting = c.floor.lanes[home].waiting
    if t.ticket is None and waiting:
        raise Refused(what, f"{names[home]}で{waiting}人が待っています", "先にその人を呼んでください")
    others = (x for x in c.floor.terminals.values() if x.code != f.terminal)
    if not any(works_at_home(c.floor, x, home) for x in others) and lane_receives(c.floor, home, c.now):
        _need_reason(c, f, what, f"{names[home]}の窓口に誰もいなくなります 仕様書 7(4)")
    at = unmet_appointment(c.floor, t, f.lane, c.now, slot_states(c.floor, c.register))
    if at is not None:
        _need_reason(c, f, what, f"{hm(at)} の予約の人が来るまでに戻れません 仕様書 7(4)")
    return as_wished(f)


def _need_reason(c: Context, f: ev.TerminalLent, what: str, why: str) -> None:
    """Raise NeedsReason where there is none, or a console gives its own; else warn of what is done with it."""
    if not f.reason or f.unasked:
        raise NeedsReason(what, why, f"別の端末にするか、やむを得ないときは{GIVE_REASON}")
    c.warnings.append(f"{why.removesuffix(' 仕様書 7(4)')}。理由とともに記録しました。")


def _need_at_work(c: Context, t: TerminalState, what: str) -> None:
    """Raise Refused for a terminal at which nobody works now."""
    if t.failed:
        raise Refused(what, "故障の端末です", f"先に {by_door('{fail}', 'terminal.repaired')} で復旧してください")
    if t.paused:
        raise Refused(what, "休止の端末です", f"先に {by_door('{pause}', 'terminal.resumed')} で再開してください")
    if c.floor.staffing_known and t.staff is None:
        raise Refused(
            what, "担当のいない端末です", f"先に {by_door('{staff}', 'terminal.staffed')} で担当を決めてください"
        )
    if t.staff is not None and not is_there(c.floor, t.staff):
        raise Refused(what, "担当の人が在席していません", "先に在席にするか、別の端末を選んでください")


@evolves(ev.TerminalLent)
def evolve_lent(floor: Floor, entry: Entry, f: ev.TerminalLent) -> None:
    """Lend the terminal; one that is called in this instant for the helped lane had gone before (the call sorts first)."""
    t = floor.terminals[f.terminal]
    if f.lane not in floor.site.terminal_by_code[f.terminal].lanes or (floor.staffing_known and t.staff is None):
        floor.odd(entry, "impossible")
        return
    if t.coming_home and helped_lane(floor, t) == f.lane:
        stay(floor, t)
        return
    if t.home is not None or f.lane == t.own_lane:
        floor.odd(entry, "impossible")
        return
    lend(floor, t, f.lane, f.at, f.reason, unasked=f.unasked)
    if t.to_be_lent and _called_now(floor, t, f.at) == f.lane:
        go(floor, t, f.at)
        _fits_after_all(floor, t, f.at)


def _called_now(floor: Floor, t: TerminalState, at: datetime) -> str | None:
    """Return the lane of the ticket that was called to a terminal at ``at``; None if none was, or nobody knows its lane."""
    served = floor.tickets[t.ticket] if t.ticket is not None else None
    if served is None or served.serving_since != at or served.service is None:
        return None
    return floor.lane_of(served)


def _fits_after_all(floor: Floor, t: TerminalState, at: datetime) -> None:
    """Let the call of this instant be none of another lane."""
    for e in reversed(floor.entries):
        if e.fact.at < at:
            return
        called = isinstance(e.fact, ev.TicketCalled) and (e.fact.terminal, e.fact.ticket) == (t.code, t.ticket)
        if called and floor.anomalies.get(e.key) == "other_lane":
            del floor.anomalies[e.key]


@decides(ev.TerminalReturned)
def decide_returned(c: Context, f: ev.TerminalReturned) -> list[Wish]:
    """Return a lent terminal to its own lane."""
    c.need_not_closed()
    t = c.floor.terminals[f.terminal]
    what = f"{f.terminal} を応援から戻せません"
    if t.home is None:
        raise Refused(what, "応援に出していません", "端末の窓口を確かめてください")
    if t.coming_home:
        raise Refused(what, f"もう戻すことになっています（{t.ticket} のあと）", "そのままお待ちください")
    return as_wished(f)


@evolves(ev.TerminalReturned)
def evolve_returned(floor: Floor, entry: Entry, f: ev.TerminalReturned) -> None:
    """Return the terminal; one that is called in this instant for its own lane was home before (the call sorts first)."""
    t = floor.terminals[f.terminal]
    if t.home is None or t.coming_home:
        floor.odd(entry, "impossible")
        return
    bring_home(floor, t, f.at, f.reason)
    if t.coming_home and _called_now(floor, t, f.at) == t.home:
        arrive(floor, t, f.at)


@decides(ev.LendingPermitted)
def decide_permitted(c: Context, f: ev.LendingPermitted) -> list[Wish]:
    """Permit loans of these terminals for the day; the list that holds already is no fact."""
    c.need_not_closed()
    for code in f.terminals:
        lanes = c.site.terminal_by_code[code].lanes
        if len(lanes) < 2:
            raise Refused(
                f"{code} の応援は許可できません",
                f"{c.site.lane_by_code[lanes[0]].name}だけの端末です",
                "別の端末を選んでください",
            )
    if frozenset(f.terminals) == c.floor.lend_permit:
        return []
    return as_wished(f, terminals=tuple(t.code for t in c.site.terminals if t.code in f.terminals))


@evolves(ev.LendingPermitted)
def evolve_permitted(floor: Floor, entry: Entry, f: ev.LendingPermitted) -> None:
    fits = frozenset(x for x in f.terminals if len(floor.site.terminal_by_code[x].lanes) > 1)
    if len(fits) < len(frozenset(f.terminals)):
        floor.odd(entry, "impossible")
    floor.lend_permit = fits
