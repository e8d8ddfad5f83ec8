"""What the actions on cases for city staff do (仕様書 7(2)): a case is handed over, and the city's answer is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from floorctl.screens.asking import act, choose, send, send_many

if TYPE_CHECKING:
    from floorctl.app import FloorApp

_HALL_CLOSED = "本庁舎は閉庁日: 3番窓口は開いていないおそれがあります"


@act("escalate")
def _escalate(app: FloorApp) -> None:
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
def _officials(app: FloorApp) -> None:
    def with_number(text: str) -> None:
        send(app, f"市職員 {text}名", "officials.changed", {"present": int(text)})

    app.ask_text("会場にいる市職員の人数", f"いま {app.state.floor.officials}名", with_number, digits=True)


@act("desk3")
def _desk3(app: FloorApp) -> None:
    """One key: the chosen case, else the oldest, goes to 市民課3番窓口, and so does the customer at the terminal."""
    from floorctl.commands.escalations import to_desk3

    state = app.state
    assert state.info is not None
    open_codes = [e.code for e in state.cases()]
    wanted = app.frame.view.case()
    code = wanted if wanted in open_codes else open_codes[0]
    e = state.floor.escalations[code]

    def go() -> None:
        send_many(app, f"{code} {e.terminal or ''} 市民課3番窓口へ案内".replace("  ", " "), lambda c: to_desk3(c, code))

    if state.info.hall_open:
        go()
        return
    # On a day when the main building is closed nobody may be sent there by a slip of the hand.
    choose(
        app,
        f"{code} を市民課3番窓口へ案内しますか",
        [("no", "いいえ"), ("yes", "案内する（市に確かめた）")],
        lambda answer: go() if answer == "yes" else None,
        _HALL_CLOSED,
    )


def open_case(app: FloorApp, code: str) -> None:
    """A case: who of the city has turned to it, or what the city has decided."""
    from floorctl.words import DECISIONS

    state = app.state
    e = state.floor.escalations[code]
    assert state.info is not None
    warn = "" if state.info.hall_open else _HALL_CLOSED

    def chosen(answer: str) -> None:
        if answer == "taken":
            _with_official(
                app,
                lambda o: send(
                    app, f"{code} 市職員 {o} 対応中", "escalation.taken", {"escalation": code, "official": o}
                ),
            )
            return
        label = f"{code} {DECISIONS[answer]}"
        fields = {"escalation": code, "outcome": answer}
        if answer not in ("approved", "declined"):
            send(app, label, "escalation.settled", fields)
        elif e.official:
            send(app, label, "escalation.settled", {**fields, "official": e.official})
        else:
            _with_official(app, lambda o: send(app, label, "escalation.settled", {**fields, "official": o}))

    options = [(k, f"決定 {v}") for k, v in DECISIONS.items()]
    if e.state == "raised":
        options = [("taken", "市職員が対応を始めた"), *options]
    name = state.floor.site.matter_by_code[e.matter].name if e.matter else ""
    nobody = bool(state.floor.officials_history) and state.floor.officials == 0
    # With nobody of the city in the hall the cursor stands on desk 3 (仕様書 7(4)).
    at = next(i for i, (k, _) in enumerate(options) if k == "desk3") if nobody and state.info.hall_open else 0
    choose(app, f"{code} {name}", options, chosen, warn or f"{e.terminal or '端末なし'} {e.ticket or ''}", at=at)


def _with_official(app: FloorApp, then: Callable[[str], None]) -> None:
    """Asks which official, by code; not where only one is there."""
    officials = [f"C{n}" for n in range(1, max(1, app.state.floor.officials) + 1)]
    if app.state.floor.officials == 1:
        then(officials[0])
        return

    def chosen(answer: str) -> None:
        if answer == "+":
            app.ask_text("市職員のコード", "氏名ではなくコード", then)
        else:
            then(answer)

    choose(app, "どの市職員ですか", [*((o, f"市職員 {o}") for o in officials), ("+", "ほかのコードを入れる")], chosen)
