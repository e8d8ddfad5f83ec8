"""Remarks on a ticket, chosen by their code: no word of a person is written."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.ticket_steps import known
from floorctl.commands.tickets import ticket_in
from floorctl.common.errors import Refused
from floorctl.common.words import hm
from floorctl.models.board.remarks import ASSIST_CODE
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry


@decides(ev.TicketRemarked)
def decide_remarked(c: Context, f: ev.TicketRemarked) -> list[Wish]:
    """Put a remark on a ticket that waits or is served, with its time where the remark has one; or take it off."""
    t = ticket_in(c, f.ticket, ("waiting", "serving"), "に印を付けられません")
    remark = c.site.remark_by_code[f.remark]
    if f.removed:
        if f.remark not in t.remarks:
            told = t.assist and f.remark == ASSIST_CODE
            why = "発券機が付けた印です" if told else f"{remark.name}の印は付いていません"
            do = "そのままにしてください" if told else "番号を確かめてください"
            raise Refused(f"{f.ticket} から印を外せません", why, do)
        return as_wished(f, until=None)
    if remark.until and f.until is None:
        raise Refused(
            f"{remark.name}の印を付けられません", "何時までかがありません", "時刻を添えてください（until=11:00）"
        )
    if f.until is not None and not remark.until:
        raise Refused(f"{remark.name}の印を付けられません", "時刻のない印です", "時刻を付けずに記録してください")
    if f.until is not None and f.until <= f"{f.at:%H:%M}":
        why, do = f"{hm(f.until)} は過ぎています", "時刻を確かめてください"
        raise Refused(f"{remark.name}の印を付けられません", why, do)
    if t.assist and f.remark == ASSIST_CODE:
        return []  # the ticket machine has told it
    return [] if f.remark in t.remarks and t.remarks[f.remark] == f.until else as_wished(f)


@evolves(ev.TicketRemarked)
def evolve_remarked(floor: Floor, entry: Entry, f: ev.TicketRemarked) -> None:
    t = known(floor, entry, f.ticket)
    if t is None:
        return
    if not f.removed:
        t.remarks[f.remark] = f.until
    elif t.remarks.pop(f.remark, "") == "":
        floor.odd(entry, "impossible")
