"""Retract facts: undo the last act, or correct an older entry; each retraction is a fact itself."""

from __future__ import annotations

from collections.abc import Sequence

from floorctl.commands.context import GIVE_REASON, Context, Wish, subjects
from floorctl.common.clock import business_day
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import hm
from floorctl.models.day.floor import Floor, last_act
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.day import UNDONE
from floorctl.models.facts.entry import Entry, order
from floorctl.models.register.register import Register

# What to do where an act cannot be undone any more, by its last kind.
_INSTEAD = {
    "terminal.assigned": "矢印で戻してください",
    "terminal.lent": "応援から戻してください",
    "terminal.returned": "もう一度応援に出してください",
}


def undo(c: Context) -> list[Wish]:
    """Retract the last act of this actor; refused where later facts depend on it, or the city was notified."""
    act = last_act(c.floor, c.actor)
    if not act:
        raise Refused("取り消すものがありません", "今日この操作者が記録したものはありません")
    refused = stays(c.floor, c.register, act)
    if refused is not None:
        raise refused
    return [("retracted", {"target": e.fact.id, "target_source": e.source, "reason": UNDONE}) for e in reversed(act)]


def stays(floor: Floor, register: Register, act: Sequence[Entry]) -> Refused | None:
    """Return why an act cannot be undone; None where it can."""
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
            do = _INSTEAD.get(last.kind, "記録から訂正するか、反対の操作をしてください")
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
