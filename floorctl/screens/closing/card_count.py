"""The card stock is counted before the day is closed: four numbers, and an incident where they do not tie (SPEC 2.3)."""

from __future__ import annotations

from collections.abc import Callable

from floorctl.common.words import INCIDENT_CATEGORIES
from floorctl.console.port import Console
from floorctl.models.board.card_stock import Difference, difference, expected
from floorctl.screens.asking import choose, first_fact, send
from floorctl.screens.dialogs import NumbersDialog
from floorctl.screens.frame import ScreenConsole

FIELDS = (("received", "受領"), ("issued", "交付"), ("returned", "返却"), ("left", "残"))


def count_cards(app: ScreenConsole, then: Callable[[], None]) -> None:
    """Asks for the four numbers; ``then`` when they are written and what they say is settled."""
    state = app.state
    due = expected(state.day.floor, state.day.register)
    before = "前回の残 なし（初めて）"
    if due.counted_on is not None:
        before = f"前回（{due.counted_on.month}/{due.counted_on.day}）の残 {due.left_before}枚"
    prompt = f"{before}   今日の交付の記録 {due.issued}枚   残＝前回の残＋受領−交付−返却"

    def answered(numbers: dict[str, int] | None) -> None:
        if numbers is None:
            return
        label = "カード在庫 " + " ".join(f"{word}{numbers[code]}" for code, word in FIELDS)
        send(app, label, "cards.counted", dict(numbers), then=lambda: _settle(app, then))

    fields = [(code, word, 0) for code, word in FIELDS]
    dialog = NumbersDialog("カード在庫（枚数だけ）", fields, prompt, needed=True)
    app.pose(lambda: app.push_screen(dialog, answered))


def _settle(app: ScreenConsole, then: Callable[[], None]) -> None:
    """A difference is counted again, or becomes an incident, whose words the manager confirms."""
    state = app.state
    counted = state.day.register.cards.get(state.day.floor.day)
    found = difference(state.day.floor, state.day.register, counted) if counted else None
    if found is None:
        then()
        return

    def chosen(answer: str) -> None:
        if answer == "again":
            count_cards(app, then)
        elif answer == "incident":
            _draft(app, found, then)
        else:
            then()

    options = [
        ("again", "数え直す"),
        ("incident", f"事案として記録する（{INCIDENT_CATEGORIES[found.category]}）"),
        ("go", "このまま進む"),
    ]
    choose(app, "カード在庫の数が合いません", options, chosen, found.text.partition(": ")[2])


def _draft(app: Console, found: Difference, then: Callable[[], None]) -> None:
    def with_summary(summary: str) -> None:
        fields = {"category": found.category, "summary": summary}
        said = "を記録しました（市への報告は F5）"
        app.engine.act(lambda es: f"{first_fact(es).incident} {said}", "incident.opened", fields, None, then)

    prompt = "この1行で記録します。直すときは打ち直します。番号や氏名は書きません"
    app.ask_text(f"事案: {INCIDENT_CATEGORIES[found.category]}", prompt, with_summary, value=found.text)
