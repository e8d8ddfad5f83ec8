"""Cases for city staff (仕様書 7(2)): handed over by the contractor, decided by the city alone."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish
from floorctl.common.errors import Refused
from floorctl.common.words import DECISIONS
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.fields import CITY_DECISIONS


def raise_escalation(c: Context, f: ev.EscalationRaised, *, numbered: bool = True) -> list[Wish]:
    """Hands a case over at once; the number is the next ``E-n`` of the file unless given."""
    c.need_open()
    number = f.escalation if numbered else c.next_escalation()
    if number in c.floor.escalations:
        raise Refused(f"{number} は使えません", "今日すでに使われた案件番号です", "番号を省いてください")
    ticket = f.ticket
    if f.terminal is not None:
        t = c.floor.terminals[f.terminal]
        ticket = ticket or t.ticket
        for e in c.floor.open_escalations():
            if e.terminal == f.terminal and e.matter == f.matter and e.ticket == ticket:
                raise Refused(
                    f"{f.terminal} の引継ぎはもう出ています", f"{e.code} が決定待ちです", "F3 で確かめてください"
                )
    if c.floor.officials == 0 and c.floor.officials_history:
        place = c.floor.site.other_desk
        desk = (
            f"{place.name}を案内してください"
            if c.info.hall_open
            else f"本庁舎は閉庁日で{place.short}もありません。市に連絡してください"
        )
        c.warnings.append(f"会場に市職員がいません。{desk}。")
    return [
        (
            "escalation.raised",
            {"escalation": number, "matter": f.matter, "terminal": f.terminal, "ticket": ticket, "note": f.note},
        )
    ]


def _open_case(c: Context, code: str) -> Escalation:
    e = c.floor.escalations.get(code)
    if e is None:
        raise Refused(f"{code} はありません", "今日の引継ぎに無い案件です", "番号を確かめてください")
    if e.state == "settled":
        raise Refused(
            f"{code} は変えられません",
            f"{c.floor.site.decision_word(e.outcome or '')} で決定しています",
            "取り消すときは記録から直してください",
        )
    return e


def take(c: Context, f: ev.EscalationTaken) -> list[Wish]:
    """An official turns to the case."""
    e = _open_case(c, f.escalation)
    if e.state == "taken":
        raise Refused(f"{f.escalation} はもう対応中です")
    return [("escalation.taken", {"escalation": f.escalation, "official": f.official})]


def _customer(c: Context, e: Escalation) -> Ticket | None:
    """Who waits at a terminal for the case: its ticket; where it names none, who was there when it was handed over."""
    number = e.ticket or (c.floor.terminals[e.terminal].ticket if e.terminal else None)
    ticket = c.floor.tickets.get(number or "")
    if ticket is None or ticket.state != "serving" or not ticket.terminal:
        return None
    here = ticket.serving_since is None or e.raised_at is None or ticket.serving_since <= e.raised_at
    return ticket if e.ticket or here else None


def to_desk3(c: Context, code: str) -> list[Wish]:
    """With no official in the hall: the case goes to the city's own desk, and so does who waits for it (仕様書 7(4))."""
    e = _open_case(c, code)
    wishes = settle(c, ev.EscalationSettled(id="wish", at=c.now, escalation=code, outcome="desk3", official=""))
    ticket = _customer(c, e)
    if ticket is not None:
        fields = {"ticket": ticket.number, "terminal": ticket.terminal, "outcome": "desk3"}
        wishes.append(("ticket.finished", fields))
        # Whatever else was open for this customer goes with them.
        others = [x for x in c.floor.open_escalations() if x.code != code and _customer(c, x) is ticket]
        wishes += [("escalation.settled", {"escalation": x.code, "outcome": "desk3", "official": ""}) for x in others]
    return wishes


def settle(c: Context, f: ev.EscalationSettled) -> list[Wish]:
    """The city's decision, its own desk, or a withdrawal. 可 and 否 need the official's code: only the city decides."""
    _open_case(c, f.escalation)
    if f.outcome in CITY_DECISIONS and not f.official:
        raise Refused(
            f"{f.escalation} を {DECISIONS[f.outcome]} にできません",
            "公権力の行使は市職員だけが決めます（仕様書 7(2)）",
            "決定した市職員のコードを添えてください（official=C1）",
        )
    if f.outcome == "desk3" and not c.info.hall_open:
        c.warnings.append(
            f"本庁舎は閉庁日です。{c.floor.site.other_desk.name}は開いていないおそれがあります。市に確かめてください。"
        )
    return [("escalation.settled", {"escalation": f.escalation, "outcome": f.outcome, "official": f.official})]
