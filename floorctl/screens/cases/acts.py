"""What the actions on cases for city staff do (仕様書 7(2)): a case is handed over, and the city's answer is recorded."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

from floorctl.commands.cases import to_desk3
from floorctl.common.words import DECISIONS
from floorctl.console.port import Console
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.facts.day_facts import Entry
from floorctl.models.facts.fields import CITY_DECISIONS
from floorctl.screens.asking import act, choose, send, send_many
from floorctl.screens.frame import ScreenConsole


def _hall_closed(app: Console) -> str:
    return f"本庁舎は閉庁日: {app.state.floor.site.other_desk.short}は開いていないおそれがあります"


@act("escalate")
def _escalate(app: Console) -> None:
    state = app.state
    terminal = state.terminal or None
    ticket = state.floor.terminals[terminal].ticket if terminal else None
    where = f"{terminal} {ticket or ''}".strip() if terminal else "端末なし（会場）"

    def with_matter(matter: str) -> None:
        name = state.floor.site.matter_by_code[matter].short
        fields = {"matter": matter, "terminal": terminal, "ticket": ticket}
        send(app, f"{where} 市職員へ引継ぎ {name}", "escalation.raised", fields)

    options = [(m.code, m.name) for m in state.floor.site.matters]
    choose(app, "市職員へ引き継ぐ事項", options, with_matter, where)


@act("officials")
def _officials(app: Console) -> None:
    def with_number(text: str) -> None:
        send(app, f"市職員 {text}名", "officials.changed", {"present": int(text)})

    app.ask_text("会場にいる市職員の人数", f"いま {app.state.floor.officials}名", with_number, digits=True)


@act("desk3")
def _desk3(app: ScreenConsole) -> None:
    """One key: the chosen case, else the oldest, goes to the city's own desk, and so does the customer at the terminal."""
    state = app.state
    assert state.info is not None
    open_codes = [e.code for e in state.cases()]
    wanted = app.frame.view.case()
    code = wanted if wanted in open_codes else open_codes[0]
    if state.info.hall_open:
        _send_to_desk3(app, code)
        return
    # On a day when the main building is closed nobody may be sent there by a slip of the hand.
    choose(
        app,
        f"{code} を{state.floor.site.other_desk.name}へ案内しますか",
        [("no", "いいえ"), ("yes", "案内する（市に確かめた）")],
        lambda answer: _send_to_desk3(app, code) if answer == "yes" else None,
        _hall_closed(app),
    )


def open_case(app: Console, code: str) -> None:
    """A case: who of the city has turned to it, or what the city has decided."""
    state = app.state
    site, e = state.floor.site, state.floor.escalations[code]
    assert state.info is not None
    warn = "" if state.info.hall_open else _hall_closed(app)

    def taken(official: str) -> None:
        label = f"{code} 市職員 {official} 対応中"
        send(app, label, "escalation.taken", {"escalation": code, "official": official})

    def chosen(answer: str) -> None:
        label = f"{code} {site.decision_word(answer)}"
        fields = {"escalation": code, "outcome": answer}
        if answer == "taken":
            _with_official(app, taken)
        elif answer == "desk3":
            _send_to_desk3(app, code)
        elif answer not in CITY_DECISIONS:
            send(app, label, "escalation.settled", fields)
        else:
            _with_official(app, lambda o: send(app, label, "escalation.settled", {**fields, "official": o}), e)

    options = [(k, f"市の決定 {v}" if k in CITY_DECISIONS else v) for k in DECISIONS for v in (site.decision_word(k),)]
    if e.state == "raised":
        options = [("taken", "市職員が対応を始めた"), *options]
    name = site.matter_by_code[e.matter].name if e.matter else ""
    nobody = bool(state.floor.officials_history) and state.floor.officials == 0
    # With nobody of the city in the hall the cursor stands on desk 3 (仕様書 7(4)).
    at = next(i for i, (k, _) in enumerate(options) if k == "desk3") if nobody and state.info.hall_open else 0
    choose(app, f"{code} {name}", options, chosen, warn or f"{e.terminal or '端末なし'} {e.ticket or ''}", at=at)


def _send_to_desk3(app: Console, code: str) -> None:
    """The case, and who waits for it at the terminal: one act, one undo."""
    terminal = app.state.floor.escalations[code].terminal

    def said(entries: list[Entry]) -> str:
        settled = [e.fact.escalation for e in entries if e.kind == "escalation.settled"]  # type: ignore[attr-defined]
        tickets = [e.fact.ticket for e in entries if e.kind == "ticket.finished"]  # type: ignore[attr-defined]
        who = " ".join(x for x in ("・".join(settled), terminal, *tickets) if x)
        return f"{who} {app.state.floor.site.other_desk.name}へ案内"

    send_many(app, said, lambda c: to_desk3(c, code))


def _officials_seen(app: Console) -> list[str]:
    """Codes of officials who may have been in the hall today: by their number, and those that facts have named."""
    floor = app.state.floor
    most = max([n for _, n in floor.officials_history], default=1)
    named = sorted({e.official for e in floor.escalations.values() if e.official})
    by_number = [f"C{n}" for n in range(1, max(1, most) + 1)]
    return [*by_number, *(x for x in named if x not in by_number)]


def _with_official(app: Console, then: Callable[[str], None], case: Escalation | None = None) -> None:
    """Asks which official; not where only one has been there today, nor whom a case that one of them has taken."""
    floor = app.state.floor
    officials = _officials_seen(app)
    taker = case.official if case is not None else ""
    fewer = case is not None and any(at >= (case.taken_at or at) and n < before for at, n, before in _changes(floor))
    if len(officials) == 1 and floor.officials == 1:
        then(officials[0])
        return
    if taker and not fewer:
        then(taker)
        return

    def typed(text: str) -> None:
        then(unicodedata.normalize("NFKC", text).strip().upper())

    def chosen(answer: str) -> None:
        if answer == "+":
            app.ask_text("市職員のコード", "氏名ではなくコード", typed)
        else:
            then(answer)

    options = [(o, f"市職員 {o}{' 対応していた' if o == taker else ''}") for o in officials]
    choose(
        app,
        "どの市職員ですか",
        [*options, ("+", "ほかのコードを入れる")],
        chosen,
        f"いま会場に {floor.officials}名" if floor.officials_history else "",
        at=officials.index(taker) if taker in officials else 0,
    )


def _changes(floor: Floor) -> list[tuple[datetime, int, int]]:
    """When the number of officials changed: instant, number, number before."""
    return [(at, n, before) for (_, before), (at, n) in pairwise(floor.officials_history)]
