"""Acts on cases for city staff (仕様書 7(2)): a case is handed over, and the city's answer is recorded."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from itertools import pairwise

from floorctl.commands.cases import to_desk3
from floorctl.common.action_keys import keyed
from floorctl.common.words import DECISIONS
from floorctl.console.port import Console
from floorctl.models.board.officials_plan import planned_at, planned_officials
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import CITY_DECISIONS
from floorctl.screens.asking import Ask, act
from floorctl.screens.drawing.choice import KEYS


def closed_desk(app: Console) -> str:
    """Return what to know of the city's own desk on a day when the main building is closed; "" on another day."""
    desk = app.state.day.floor.site.other_desk.short
    return "" if app.state.day.info.hall_open else f"本庁舎は閉庁日: {desk}は開いていないおそれがあります"


async def sure_of_desk(ask: Ask, title: str) -> bool:
    """Return whether a visitor is to go to the city's own desk: where it may be closed nobody is sent by a slip."""
    warning = closed_desk(ask.app)
    options = [("no", "いいえ"), ("yes", "案内する（市に確かめた）")]
    return not warning or await ask.choice(title, options, warning) == "yes"


@act("escalate")
async def _escalate(ask: Ask) -> None:
    state = ask.state
    terminal = state.chosen.terminal or None
    ticket = state.day.floor.terminals[terminal].ticket if terminal else None
    where = f"{terminal} {ticket or ''}".strip() if terminal else "端末なし（会場）"
    site, of = state.day.floor.site, where
    if not terminal and any(t.ticket for t in state.day.floor.terminals.values()):
        of = f"{where}  端末の件なら Esc のあと {site.terminal_digits} で選ぶ"  # a case of nobody holds no finish back
    matter = await ask.choice("市職員へ引き継ぐ事項", [(m.code, m.name) for m in site.matters], of)
    fields = {"matter": matter, "terminal": terminal, "ticket": ticket}
    label = f"{where} 市職員へ引継ぎ {site.matter_by_code[matter].short}"
    for entry in await ask.record(label, "escalation.raised", fields):
        state.chosen.raised = getattr(entry.fact, "escalation", "") or ""


@act("officials")
async def _officials(ask: Ask) -> None:
    floor, register = ask.state.day.floor, ask.state.day.register
    plan = planned_officials(floor.site, register, floor.day) if register is not None else ()
    planned = planned_at(plan, ask.state.day.now.time())
    expected = f" 予定 {planned}名" if planned is not None else ""
    n = await ask.digits("会場にいる市職員の人数", f"いま {floor.officials}名{expected}")
    await ask.record(f"市職員 {n}名", "officials.changed", {"present": n})


@act("desk3")
async def _desk3(ask: Ask) -> None:
    """Send the chosen case to the city's own desk, and the customer at the terminal with it; the oldest where none can be chosen."""
    state = ask.state
    open_codes, wanted = [e.code for e in state.day.cases()], ask.app.frame.view.case()
    code = open_codes[0] if wanted is None else wanted
    if code not in open_codes:
        why = f"{code} はもう決まっています" if code else "選ばれている案件がありません"
        state.line.say(f"{why}（上下の矢印で選びます）", "warn")
        return
    e, hall_open = state.day.floor.escalations[code], state.day.info.hall_open
    # Nobody may be sent away by a slip of the hand: the cursor begins on no.
    who = " ".join(x for x in (code, e.terminal, e.ticket) if x)
    title = f"{who} を{state.day.floor.site.other_desk.name}へ案内しますか"
    options = [("no", "いいえ"), ("yes", "案内する" if hall_open else "案内する（市に確かめた）")]
    prompt = keyed("応対中の番号もそこで終わります（{undo} で戻せます）") if hall_open else closed_desk(ask.app)
    if await ask.choice(title, options, prompt) == "yes":
        await _send_to_desk3(ask, code)


async def open_case(ask: Ask, code: str) -> None:
    """Record who of the city has turned to a case, or what the city has decided."""
    state = ask.state
    site, e = state.day.floor.site, state.day.floor.escalations[code]
    options = [(k, f"市の決定 {v}" if k in CITY_DECISIONS else v) for k in DECISIONS for v in (site.decision_word(k),)]
    keys = "2345"  # of the answers, the same before and after somebody has turned to the case
    if e.state == "raised":
        options, keys = [("taken", "市職員が対応を始めた"), *options], f"1{keys}"
    name = site.matter_by_code[e.matter].name if e.matter else ""
    nobody = bool(state.day.floor.officials_history) and state.day.floor.officials == 0
    # With nobody of the city in the hall the cursor begins on desk 3 (仕様書 7(4)).
    at = next(i for i, (k, _) in enumerate(options) if k == "desk3") if nobody and state.day.info.hall_open else 0
    where = closed_desk(ask.app) or f"{e.terminal or '端末なし'} {e.ticket or ''}"
    answer = await ask.choice(f"{code} {name}", options, where, at=at, keys=keys)
    if answer == "taken":
        fields = {"escalation": code, "official": await _official(ask)}
        await ask.record(f"{code} 市職員 {fields['official']} 対応中", "escalation.taken", fields)
    else:
        await _settle(ask, e, answer)


async def decided(ask: Ask, ticket: str, terminal: str) -> bool:
    """Ask for what the city has not decided of a visitor who is to be done with; return whether the end may go on.

    It may not where the visitor has been sent to the city's desk or is ended as 未了 by the answer.
    """
    while cases := ask.state.day.floor.undecided(ticket):
        site, e = ask.state.day.floor.site, cases[0]
        name = site.matter_by_code[e.matter].name if e.matter else ""
        words = {k: f"市の決定 {v}" if k in CITY_DECISIONS else v for k in DECISIONS for v in (site.decision_word(k),)}
        options = [*words.items(), ("incomplete", f"決定を待たず {ticket} を{site.outcome_word('incomplete')}で終える")]
        answer = await ask.choice(f"{e.code} {name} が決まっていません", options, f"{terminal} {ticket}", keys="23456")
        if answer == "incomplete":
            fields = {"ticket": ticket, "terminal": terminal, "outcome": answer}
            await ask.record(f"{terminal} {ticket} {site.outcome_word(answer)}", "ticket.finished", fields)
            return False
        await _settle(ask, e, answer)
        if answer == "desk3":
            return False
    return True


async def _settle(ask: Ask, e: Escalation, answer: str) -> None:
    """Record what became of a case; with the city's desk its visitor goes, too."""
    if answer == "desk3":
        if await sure_of_desk(ask, f"{e.code} を{ask.state.day.floor.site.other_desk.name}へ案内しますか"):
            await _send_to_desk3(ask, e.code)
        return
    fields = {"escalation": e.code, "outcome": answer}
    if answer in CITY_DECISIONS:
        fields["official"] = await _official(ask, e)
    await ask.record(f"{e.code} {ask.state.day.floor.site.decision_word(answer)}", "escalation.settled", fields)


async def _send_to_desk3(ask: Ask, code: str) -> None:
    """Record that a case, and who waits for it at the terminal, goes to the city's own desk: one act, one undo."""
    # While its box was open the case may have been taken back, or its day have ended: then the rule refuses it.
    case, desk = ask.state.day.floor.escalations.get(code), ask.state.day.floor.site.other_desk.name
    terminal = case.terminal if case is not None else None
    await ask.record_all(lambda es: f"{_who_went(es, terminal)} {desk}へ案内", lambda c: to_desk3(c, code))


def _who_went(entries: list[Entry], terminal: str | None) -> str:
    settled = [e.fact.escalation for e in entries if e.kind == "escalation.settled"]  # type: ignore[attr-defined]
    tickets = [e.fact.ticket for e in entries if e.kind == "ticket.finished"]  # type: ignore[attr-defined]
    return " ".join(x for x in ("・".join(settled), terminal, *tickets) if x)


def _officials_seen(app: Console) -> dict[str, str]:
    """Return the codes of officials who may have been in the hall today by their keys, which they keep all day.

    Those of the site have digits, by their number; others, that facts name, have letters in the order of the facts.
    """
    floor = app.state.day.floor
    most = max([n for _, n in floor.officials_history], default=1)
    named = dict.fromkeys(e.official for e in floor.escalations.values() if e.official)
    listed = floor.site.city_codes.first(9)
    digits = {KEYS[n]: x for n, x in enumerate(listed) if n < max(1, most) or x in named}
    others = [x for x in named if x not in listed]
    return digits | dict(zip(KEYS[9:], others, strict=False))


async def _official(ask: Ask, case: Escalation | None = None) -> str:
    """Return which official; ask neither where only one has been there today, nor for a case that one has taken."""
    floor = ask.state.day.floor
    officials = _officials_seen(ask.app)
    codes = list(officials.values())
    taker = case.official if case is not None else ""
    fewer = case is not None and any(at >= (case.taken_at or at) and n < before for at, n, before in _changes(floor))
    if len(codes) == 1 and floor.officials == 1:
        return codes[0]
    if taker and not fewer:
        return taker
    options = [(o, f"市職員 {o}{' 対応していた' if o == taker else ''}") for o in codes]
    answer = await ask.choice(
        "どの市職員ですか",
        [*options, ("+", "ほかのコードを入れる")],
        f"いま会場に {floor.officials}名" if floor.officials_history else "",
        keys="".join(officials) + "0",
        at=codes.index(taker) if taker in codes else 0,
    )
    if answer == "+":
        text = await ask.text("市職員のコード", "氏名や受託者のコードではなく、市職員のコード")
        return unicodedata.normalize("NFKC", text).strip().upper()
    return answer


def _changes(floor: Floor) -> list[tuple[datetime, int, int]]:
    """Return when the number of officials changed: instant, number, number before."""
    return [(at, n, before) for (_, before), (at, n) in pairwise(floor.officials_history)]
