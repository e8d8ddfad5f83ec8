"""Retract facts: undo the last act, or correct an older entry; each retraction is a fact itself.

A move or a loan on which later facts stand (a visitor was called meanwhile) cannot be retracted: its undo is the opposite move.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from floorctl.commands.context import GIVE_REASON, Context, Wish, subjects
from floorctl.commands.lending import decide_lent, decide_returned
from floorctl.commands.terminals import decide_assigned
from floorctl.common.clock import business_day
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import hm
from floorctl.models.board.loans import helped_lane
from floorctl.models.day.floor import Floor
from floorctl.models.day.last_act import last_act, moved_since
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.day import UNDONE
from floorctl.models.facts.entry import Entry, order
from floorctl.models.register.register import Register


def undo(c: Context) -> list[Wish]:
    """Retract the last act of this actor, or move back what it moved; refused where neither can be, or the city was notified."""
    act = last_act(c.floor, c.actor)
    if not act:
        raise Refused("取り消すものがありません", "今日この操作者が記録したものはありません")
    refused = stands(c.floor, c.register, act)
    if refused is not None:
        back = opposite(c.floor, act)
        if back is None:
            raise refused
        return _decided(c, *back)
    return [("retracted", {"target": e.fact.id, "target_source": e.source, "reason": UNDONE}) for e in reversed(act)]


def stays(floor: Floor, register: Register, act: Sequence[Entry]) -> Refused | None:
    """Return why an act cannot be undone; None where it can, be it by the opposite move."""
    refused = stands(floor, register, act)
    return None if refused is None or opposite(floor, act) is not None else refused


def opposite(floor: Floor, act: Sequence[Entry]) -> Wish | None:
    """Return the move that brings back what an act of one move or loan changed; None where something else moved it since."""
    fact = act[0].fact
    terminal = floor.terminals.get(getattr(fact, "terminal", None) or "")
    if len(act) != 1 or terminal is None or moved_since(floor, act[0]):
        return None
    given = {"terminal": terminal.code, "reason": UNDONE}
    if isinstance(fact, ev.TerminalAssigned) and terminal.own_lane == fact.lane and terminal.home is None:
        move = next((m for m in reversed(floor.moves) if m.terminal == terminal.code), None)
        made = move is not None and (move.at, move.to) == (fact.at, fact.lane)
        if move is None or not made or _ended_loan(floor, fact):
            return None
        return (fact.kind, given | {"lane": move.origin})
    if isinstance(fact, ev.TerminalLent) and not terminal.coming_home and helped_lane(floor, terminal) == fact.lane:
        return ("terminal.returned", given)
    if isinstance(fact, ev.TerminalReturned) and terminal.home is None:
        loan = next((x for x in reversed(floor.loans) if x.terminal == terminal.code), None)
        stays_home = loan is not None and terminal.own_lane == loan.home
        return ("terminal.lent", given | {"lane": loan.to}) if loan is not None and stays_home else None
    return None


def _ended_loan(floor: Floor, move: ev.TerminalAssigned) -> bool:
    """Return whether a loan gave way to a move: the opposite one would bring the terminal home, where it was not."""
    loan = next((x for x in reversed(floor.loans) if x.terminal == move.terminal and x.at <= move.at), None)
    return loan is not None and loan.ended == "moved" and loan.back in (None, move.at)


def _decided(c: Context, kind: str, fields: dict[str, Any]) -> list[Wish]:
    """Return the wishes of an opposite move, by the rules of its kind."""
    if kind == "terminal.assigned":
        return decide_assigned(c, c.fact(ev.TerminalAssigned, **fields))
    if kind == "terminal.lent":
        return decide_lent(c, c.fact(ev.TerminalLent, **fields))
    return decide_returned(c, c.fact(ev.TerminalReturned, **fields))


def stands(floor: Floor, register: Register, act: Sequence[Entry]) -> Refused | None:
    """Return why an act cannot be retracted; None where it can."""
    about = set().union(*(subjects(e.fact) for e in act))
    last = act[-1]
    word = last.fact.word
    for e in act:
        incident = getattr(e.fact, "incident", None)
        told = incident in register.incidents and register.incidents[incident].reported_at is not None
        if e.fact.final or (told and e.kind == "incident.opened"):
            return Refused(f"{word} は取り消せません", "市に伝わったことです", "訂正は新しい記録として残してください")
    keys = {e.key for e in act}
    latest = max(order(e) for e in act)
    for e in floor.entries:
        if e.key in keys or e.key in floor.retracted or e.kind == "retracted":
            continue
        # What was recorded before the act (entered later with its own earlier times) does not stand on it.
        if e.seq > last.seq and order(e) > latest and (shared := about & subjects(e.fact)):
            name = sorted(v for _, v in shared)[0]
            do = "記録から訂正するか、反対の操作をしてください"
            why = " ".join(x for x in ("後の記録", hm(e.fact.at), name, e.fact.word) if x)
            return Refused(f"{word} は取り消せません", why, do)
    return None


def retract(c: Context, f: ev.Retracted, target: Entry | None) -> list[Wish]:
    """Retract an entry of the day (or of an incident of any day), with a reason."""
    if target is None:
        raise Refused(
            "取り消せません",
            "その記録はありません",
            by_door("記録の画面（{journal}）で確かめてください", "floorctl log で通し番号を確かめてください"),
        )
    if target.kind == "retracted":
        raise Refused("取り消せません", "取消しは取り消せません", "もう一度記録してください")
    if not f.reason:
        raise Refused("取り消せません", "理由がありません", GIVE_REASON)
    if target.kind not in ev.REGISTER_KINDS and business_day(target.fact.at) != c.floor.day:
        raise Refused("取り消せません", "別の日の記録です", "その日のうちに取り消すか、補足をメモに残してください")
    if target.key in c.floor.retracted or target.key in c.register.gone:
        raise Refused("取り消せません", "もう取り消されています")
    i = c.register.incidents.get(getattr(target.fact, "incident", None) or "")
    told = target.kind == "incident.opened" and i is not None and i.reported_at is not None
    if told or target.fact.final:
        raise Refused("取り消せません", "市に伝わったことです", "訂正は新しい記録として残してください")
    extra = isinstance(target.fact, ev.CalendarExtra) and target.fact.date == c.floor.day
    if extra and c.floor.opened_by_fact and c.floor.closed_at is None:
        raise Refused("取り消せません", "その追加就業日に開場しています", "閉場してから取り消してください")
    return [("retracted", {"target": target.fact.id, "target_source": target.source, "reason": f.reason})]
