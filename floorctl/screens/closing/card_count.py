"""Count of the card stock before the close: four numbers, and an incident where they do not tie (SPEC 2.3)."""

from __future__ import annotations

from floorctl.common.action_keys import keyed
from floorctl.common.words import INCIDENT_CATEGORIES, month_day
from floorctl.models.board.card_stock import Difference, difference, expected
from floorctl.screens.asking import Ask, first_fact
from floorctl.screens.dialogs import NumbersDialog

FIELDS = (("received", "受領"), ("issued", "交付"), ("returned", "返却"), ("left", "残"))


async def count_cards(ask: Ask) -> None:
    """Record the four numbers; return once a difference is counted again, recorded as an incident, or left as it is."""
    while (found := await _counted(ask)) is not None:
        options = [
            ("again", "数え直す"),
            ("incident", f"事案として記録する（{INCIDENT_CATEGORIES[found.category]}）"),
            ("go", "このまま進む"),
        ]
        answer = await ask.choice("カード在庫の数が合いません", options, found.text.partition(": ")[2])
        if answer == "incident":
            await _record_incident(ask, found)
        if answer != "again":
            return


async def _counted(ask: Ask) -> Difference | None:
    """Ask for the four numbers and record them; return the difference, None where they tie."""
    state = ask.state
    due = expected(state.day.floor, state.day.register)
    before = "前回の残 なし（初めて）"
    if due.counted_on is not None:
        before = f"前回（{month_day(due.counted_on)}）の残 {due.left_before}枚"
    prompt = f"{before}   今日の交付の記録 {due.issued}枚   残＝前回の残＋受領−交付−返却"
    fields = [(code, word, 0) for code, word in FIELDS]
    numbers = await ask.dialog(NumbersDialog("カード在庫（枚数だけ）", fields, prompt, needed=True))
    label = "カード在庫 " + " ".join(f"{word}{numbers[code]}" for code, word in FIELDS)
    await ask.record(label, "cards.counted", dict(numbers))
    state.day.past = None
    counted = state.day.register.cards.get(state.day.floor.day)
    return difference(state.day.floor, state.day.register, counted) if counted else None


async def _record_incident(ask: Ask, found: Difference) -> None:
    """Record the difference as an incident, in words that the manager confirms."""
    prompt = "この1行で記録します。直すときは入力し直します。番号や氏名は書きません"
    summary = await ask.text(f"事案: {INCIDENT_CATEGORIES[found.category]}", prompt, value=found.text)
    said = keyed("を記録しました（市への報告は {incidents}）")
    fields = {"category": found.category, "summary": summary}
    await ask.record_now(lambda es: f"{first_fact(es).incident} {said}", "incident.opened", fields)
