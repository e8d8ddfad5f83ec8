"""Cases for city staff (仕様書 7(2)): handed over by the contractor, decided by the city alone; city staff in the hall."""

from __future__ import annotations

from datetime import datetime

from floorctl.commands.context import CHECK_NUMBER, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import DECISIONS
from floorctl.models.board.officials_plan import back_word, planned_officials
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import CITY_DECISIONS


@decides(ev.EscalationRaised, numbers="escalation")
def decide_raised(c: Context, f: ev.EscalationRaised, *, numbered: bool = True) -> list[Wish]:
    """Hand a case over at once; the number is the next ``E-n`` of the file unless given."""
    c.need_open()
    number = f.escalation if numbered else c.next_escalation()
    if number in c.floor.escalations:
        raise Refused(f"{number} は使えません", "今日すでに使われた案件番号です", "番号を省いてください")
    ticket = f.ticket
    if f.terminal is not None:
        ticket = ticket or c.floor.terminals[f.terminal].ticket
        for e in c.floor.open_escalations():
            if e.terminal == f.terminal and e.matter == f.matter and e.ticket == ticket:
                raise Refused(
                    f"{f.terminal} の引継ぎはもう出ています",
                    f"{e.code} が決定待ちです",
                    by_door("{city} で確かめてください", "floorctl status で確かめてください"),
                )
    if c.floor.officials == 0 and c.floor.officials_history:
        place = c.site.other_desk
        desk = (
            f"{place.name}を案内してください"
            if c.info.hall_open
            else f"本庁舎は閉庁日で{place.short}もありません。市に連絡してください"
        )
        back = back_word(planned_officials(c.site, c.register, c.floor.day), c.now.time())
        c.warnings.append(f"会場に市職員がいません{f'（{back}）' if back else ''}。{desk}。")
    return as_wished(f, escalation=number, ticket=ticket)


@evolves(ev.EscalationRaised)
def evolve_raised(floor: Floor, entry: Entry, f: ev.EscalationRaised) -> None:
    if f.escalation in floor.escalations:
        floor.odd(entry, "repeated_escalation")
        return
    terminal, ticket = f.terminal, floor.tickets.get(f.ticket or "")
    if terminal is None and ticket is not None and ticket.state == "serving":
        terminal = ticket.terminal
    e = floor.escalations[f.escalation] = Escalation(
        f.escalation, f.matter, "raised", raised_at=f.at, terminal=terminal, ticket=f.ticket, note=f.note
    )
    e.customer = f.ticket or (floor.terminals[terminal].ticket if terminal else None)
    if e.customer is not None:
        floor.cases_of.setdefault(e.customer, []).append(e)
        e.nth = floor.tickets[e.customer].nth if e.customer in floor.tickets else 1


def _open_case(c: Context, code: str) -> Escalation:
    """Return a case that the city has not settled; raise Refused otherwise, and after the close."""
    c.need_not_closed()
    e = c.floor.escalations.get(code)
    if e is None:
        raise Refused(f"{code} はありません", "今日の引継ぎにない案件です", CHECK_NUMBER)
    if e.state == "settled":
        raise Refused(
            f"{code} は変えられません",
            f"{c.site.decision_word(e.outcome or '')} {e.end_word}",
            "取り消すときは記録から直してください",
        )
    return e


@decides(ev.EscalationTaken)
def decide_taken(c: Context, f: ev.EscalationTaken) -> list[Wish]:
    """Record that an official turns to the case."""
    if _open_case(c, f.escalation).state == "taken":
        raise Refused(f"{f.escalation} はもう対応中です")
    return as_wished(f)


@evolves(ev.EscalationTaken)
def evolve_taken(floor: Floor, entry: Entry, f: ev.EscalationTaken) -> None:
    e = floor.escalations.get(f.escalation)
    if e is None:
        floor.odd(entry, "unknown_escalation")
    elif e.state == "raised":
        e.state, e.taken_at, e.official = "taken", f.at, f.official
    elif e.taken_at is None and e.settled_at == f.at:
        e.taken_at = f.at  # taken and settled in the same instant: the names sort the other way
    else:
        floor.odd(entry, "impossible")


@decides(ev.EscalationSettled)
def decide_settled(c: Context, f: ev.EscalationSettled) -> list[Wish]:
    """Record the outcome of a case. 可 and 否 need the official's code: only the city decides (仕様書 7(2))."""
    _open_case(c, f.escalation)
    if f.outcome in CITY_DECISIONS and not f.official:
        raise Refused(
            f"{f.escalation} を {DECISIONS[f.outcome]} にできません",
            "公権力の行使は市職員だけが決めます（仕様書 7(2)）",
            by_door("決定した市職員のコードを選んでください", "決定した市職員のコードを添えてください（official=C1）"),
        )
    if f.outcome in CITY_DECISIONS and _nobody_at(c.floor, f.at):
        way = f"{c.site.other_desk.name}を案内してください（{by_door('{desk3}', 'outcome=desk3')}）"
        if not c.info.hall_open:
            way = "本庁舎は閉庁日なので、市に連絡してください"
        raise Refused(
            f"{f.escalation} を {DECISIONS[f.outcome]} にできません",
            "会場に市職員がいません（仕様書 7(2)）",
            f"{way}。市職員が戻っていれば、人数を入れてください（{by_door('{officials}', 'officials.changed')}）",
        )
    if f.outcome == "desk3":
        c.warn_of_closed_desk()
    return as_wished(f)


def _nobody_at(floor: Floor, at: datetime) -> bool:
    """Return whether no city staff was in the hall at an instant; False where their number is not known."""
    present = [n for since, n in floor.officials_history if since <= at]
    return bool(present) and present[-1] == 0


@evolves(ev.EscalationSettled)
def evolve_settled(floor: Floor, entry: Entry, f: ev.EscalationSettled) -> None:
    e = floor.escalations.get(f.escalation)
    if e is None:
        floor.odd(entry, "unknown_escalation")
    elif e.state == "settled":
        floor.odd(entry, "impossible")
    else:
        e.state, e.settled_at, e.outcome = "settled", f.at, f.outcome
        _fit_finish(floor, e)
        e.official = f.official or e.official


# ---- a visitor whose case is undecided


def need_decided(c: Context, number: str) -> None:
    """Raise Refused while the city has not decided a reserved case of this visitor: nothing is done then (仕様書 7(2))."""
    cases = c.floor.undecided(number)
    if cases:
        names = "・".join(f"{e.code} {c.site.matter_by_code[e.matter or ''].short}" for e in cases[:3])
        raise Refused(
            f"{number} は完了にできません",
            f"{names} の決定がまだです（仕様書 7(2)）",
            f"可・否・{c.site.other_desk.short}・取下げのどれかを記録するか、未了で終えてください"
            f"（{by_door('{city}', 'outcome=incomplete')}）",
        )


def note_undecided(floor: Floor, entry: Entry, f: ev.TicketFinished) -> None:
    """Mark a finish as done odd while a reserved case of the visitor is undecided."""
    for e in floor.undecided(f.ticket) if f.outcome == "done" else ():
        floor.odd(entry, "undecided_case")
        e.finish = (entry.key, f.at)


def _fit_finish(floor: Floor, e: Escalation) -> None:
    """Take the mark of ``note_undecided`` back where the decision has the instant of the finish, which sorts first."""
    if e.finish is None or e.finish[1] != e.settled_at:
        return
    others = floor.cases_of.get(e.customer or "", ())
    decided = all(x.state == "settled" or x.finish != e.finish for x in others)
    if decided and floor.anomalies.get(e.finish[0]) == "undecided_case":
        del floor.anomalies[e.finish[0]]


@decides(ev.OfficialsChanged)
def decide_officials(c: Context, f: ev.OfficialsChanged) -> list[Wish]:
    """Record the number of city staff in the hall; an unchanged number is no fact."""
    c.need_not_closed()
    return [] if c.floor.officials_history and c.floor.officials == f.present else as_wished(f)


@evolves(ev.OfficialsChanged)
def evolve_officials(floor: Floor, entry: Entry, f: ev.OfficialsChanged) -> None:
    set_officials(floor, f.at, f.present)


def set_officials(floor: Floor, at: datetime, present: int) -> None:
    """Set the number of city staff in the hall from ``at`` on."""
    floor.officials = present
    floor.officials_history.append((at, present))


# ---- whole acts


def _customer(c: Context, e: Escalation) -> Ticket | None:
    """Return the ticket that waits at a terminal for the case; of a case without one, whose service it interrupted."""
    number = e.ticket or (c.floor.terminals[e.terminal].ticket if e.terminal else None)
    ticket = c.floor.tickets.get(number or "")
    if ticket is None or ticket.state != "serving" or not ticket.terminal:
        return None
    here = ticket.serving_since is None or e.raised_at is None or ticket.serving_since <= e.raised_at
    return ticket if (e.nth == ticket.nth if e.ticket else here) else None


def to_desk3(c: Context, code: str) -> list[Wish]:
    """Send the case, and the visitor who waits for it, to the city's own desk: no official is here (仕様書 7(4))."""
    e = _open_case(c, code)
    wishes = decide_settled(c, c.fact(ev.EscalationSettled, escalation=code, outcome="desk3"))
    ticket = _customer(c, e)
    if ticket is not None:
        fields = {"ticket": ticket.number, "terminal": ticket.terminal, "outcome": "desk3"}
        wishes.append(("ticket.finished", fields))
        # Whatever else was open for this customer goes with them.
        others = [x for x in c.floor.open_escalations() if x.code != code and _customer(c, x) is ticket]
        wishes += [("escalation.settled", {"escalation": x.code, "outcome": "desk3", "official": ""}) for x in others]
    return wishes
