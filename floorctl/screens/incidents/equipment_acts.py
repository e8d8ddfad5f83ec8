"""Acts on the equipment: a new state with its reason, the incident of a failure, another piece."""

from __future__ import annotations

from functools import partial

from floorctl.common.incident_policies import FAILED_EQUIPMENT
from floorctl.common.words import EQUIPMENT_STATES, INCIDENT_CATEGORIES
from floorctl.models.register.equipment import units
from floorctl.screens.asking import Ask, act
from floorctl.screens.incidents.acts import ask_summary

_REASONS = {"failed": ["紙詰まり", "印字不良", "応答なし"], "stopped": ["点検・調整", "用紙・リボン切れ"]}


async def _change_unit(ask: Ask, *, state: str) -> None:
    code, _, number = ask.state.chosen.unit.partition(":")
    item, unit, reason = ask.state.day.floor.site.equipment_by_code[code], int(number), ""
    label = f"{item.name} {unit} {EQUIPMENT_STATES[state]}"
    if state in _REASONS:
        options = [("", "理由なし"), *((r, r) for r in _REASONS[state]), ("+", "ほかの理由を書く")]
        reason = await ask.choice(label, options)
        if reason == "+":
            reason = await ask.text(f"{label} 理由", "個人情報は書きません")
    fields = {"equipment": code, "unit": unit, "state": state, "reason": reason}
    await ask.record(label, "equipment.changed", fields)
    if state == "failed":
        summary = f"{item.name} {unit} {reason}".rstrip()
        word = INCIDENT_CATEGORIES[FAILED_EQUIPMENT]
        options = [("yes", f"{word}の事案として記録する"), ("no", "いいえ")]
        if await ask.choice("事案として記録しますか", options, summary, at=1) == "yes":
            await ask_summary(ask, FAILED_EQUIPMENT, [], summary)


for _state in EQUIPMENT_STATES:
    act(f"unit_{_state}")(partial(_change_unit, state=_state))


@act("unit_more")
async def _unit_more(ask: Ask) -> None:
    """Put the next piece of the kind into the list: it works, until its state is changed."""
    state = ask.state
    code = state.chosen.unit.partition(":")[0]
    unit = max(u.unit for u in units(state.day.floor.site, state.day.register) if u.equipment.code == code) + 1
    item = state.day.floor.site.equipment_by_code[code]
    if unit > item.high:
        state.line.say(f"{item.name} は {item.high}台までです（仕様書 15(4)）", "warn")
        return
    fields = {"equipment": code, "unit": unit, "state": "ok", "reason": "追加"}
    await ask.record(f"{item.name} {unit} を一覧に入れました", "equipment.changed", fields)
