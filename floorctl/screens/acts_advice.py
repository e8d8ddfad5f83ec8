"""What the keys of the advice do: follow it, leave it with a reason, ask why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.screens.asking import act, choose, send
from floorctl.words import DECLINE_REASONS

if TYPE_CHECKING:
    from floorctl.advice.advise import Verdict
    from floorctl.app import FloorApp

_MOST_S = 99_999


def _fields(advice: Verdict) -> dict[str, str | int]:
    assert advice.option is not None
    o = advice.option
    return {"terminal": o.moves[0], "lane": o.to, "text": advice.text, "gain_s": min(_MOST_S, int(o.gain))}


@act("advice_take")
def _take(app: FloorApp) -> None:
    state = app.state
    advice = state.advice()
    if advice is None or advice.option is None:
        return
    t = state.floor.terminals[advice.option.moves[0]]
    name = state.floor.site.lane_by_code[advice.option.to].name
    label = f"提案を適用 {t.code} を {name} へ移しました"
    if t.ticket:
        label = f"提案を適用 {t.code} は {t.ticket} が終わりしだい {name} へ移ります"
    send(app, label, "advice.taken", _fields(advice))


@act("advice_decline")
def _decline(app: FloorApp) -> None:
    advice = app.state.advice()
    if advice is None or advice.option is None:
        return
    fields = _fields(advice)

    def decline(reason: str) -> None:
        send(app, f"提案を見送りました（{reason}）", "advice.declined", {**fields, "reason": reason})

    def chosen(reason: str) -> None:
        if reason:
            decline(reason)
        else:
            app.ask_text("見送りの理由", "", decline)

    options = [*((r, r) for r in DECLINE_REASONS), ("", "その他（書く）")]
    choose(app, "提案を見送る理由", options, chosen, advice.text)


@act("advice_why")
def _why(app: FloorApp) -> None:
    advice = app.state.advice()
    if advice is not None:
        choose(app, advice.text, [(head, f"{head}  {text}") for head, text in advice.reasons], lambda _: None)
