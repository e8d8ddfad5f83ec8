"""Acts on the advice: follow it, leave it with a reason, ask why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.common.words import DECLINE_REASONS
from floorctl.console.port import Console
from floorctl.screens.asking import Ask, act, by_rule, send, send_many

if TYPE_CHECKING:
    from floorctl.advice.advise import Verdict
    from floorctl.advice.proposal import Proposal

_MOST_S = 99_999


def _fields(advice: Verdict) -> dict[str, str | int | None]:
    assert advice.option is not None
    o = advice.option
    return {"terminal": o.moves[0], "lane": o.to, "text": advice.text, "gain_s": min(_MOST_S, int(o.gain))}


@act("advice_take")
def _take(app: Console) -> None:
    state = app.state
    advice, proposal = state.forecasts.advice(), state.forecasts.proposal()
    if proposal is not None or advice is None or advice.option is None:
        _take_other(app, proposal)
        return
    t = state.day.floor.terminals[advice.option.moves[0]]
    name = state.day.floor.site.lane_by_code[advice.option.to].name
    label = f"提案を適用 {t.code} を {name} へ移しました"
    if t.ticket:
        label = f"提案を適用 {t.code} は {t.ticket} が終わりしだい {name} へ移ります"
    send(app, label, "advice.taken", _fields(advice))


def _take_other(app: Console, proposal: Proposal | None) -> None:
    """Record everything that a proposal comes to as one act."""
    if proposal is None or not proposal.takes:
        return
    steps = [(step.kind, dict(step.fields)) for step in proposal.takes]
    send_many(app, f"提案を適用 {proposal.parts(app.state.day.who)[0]}", by_rule(steps))


def _other_fields(p: Proposal) -> dict[str, str | int | None]:
    gain = min(_MOST_S, p.gain_s)
    return {"terminal": p.terminal or None, "lane": p.lane, "text": p.text(), "gain_s": gain, "about": p.kind}


@act("advice_decline")
async def _decline(ask: Ask) -> None:
    advice, proposal = ask.state.forecasts.advice(), ask.state.forecasts.proposal()
    if proposal is not None:
        fields, text = _other_fields(proposal), proposal.text(ask.state.day.who)
    elif advice is not None and advice.option is not None:
        fields, text = {**_fields(advice)}, advice.text
    else:
        return
    options = [*((r, r) for r in DECLINE_REASONS), ("", "その他（書く）")]
    reason = await ask.choice("提案を見送る理由", options, text) or await ask.text("見送りの理由")
    await ask.record(f"提案を見送りました（{reason}）", "advice.declined", {**fields, "reason": reason})


@act("advice_why")
async def _why(ask: Ask) -> None:
    state = ask.state
    advice, proposal = state.forecasts.advice(), state.forecasts.proposal()
    if advice is None:
        return
    title, reasons = advice.text, list(advice.reasons)
    if proposal is not None:
        # What is said beside rests on the same figures; its own reason comes first.
        title = proposal.text(state.day.who)
        own = "  ".join(x for x in (proposal.parts(state.day.who)[1], proposal.by_hand) if x)
        reasons = [("提案", own or proposal.change.text), ("移動", advice.text), *reasons]
    await ask.choice(title, [(head, f"{head}  {text}") for head, text in reasons])
