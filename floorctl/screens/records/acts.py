"""What the actions on records do: taking one back, reasonable accommodations, memos, minutes typed before an act."""

from __future__ import annotations

from floorctl.common.words import KINDS
from floorctl.console.port import Console
from floorctl.models.board.fact_sentence import sentence, subject, taken_back
from floorctl.models.facts.day_facts import Entry
from floorctl.models.facts.fields import FINAL_KINDS
from floorctl.screens.asking import act, ask_text, choose, send


def correct(app: Console, entry: Entry) -> None:
    """Takes an entry of the day back, with a reason."""
    if entry.kind == "retracted":
        app.state.say("取消しは取り消せません。もう一度記録してください", "warn")
        return
    if entry.key in app.state.floor.retracted:
        app.state.say("もう取り消されています", "warn")
        return
    if entry.kind in FINAL_KINDS:
        word = KINDS[entry.kind]
        app.state.say(f"{word} は取り消せません（市に伝わったことです。訂正は新しい記録として残してください）", "warn")
        return

    def with_reason(reason: str) -> None:
        app.engine.retract(
            "記録を取り消しました", {"target": entry.fact.id, "target_source": entry.source, "reason": reason}
        )

    site = app.state.floor.site
    what = f"{entry.fact.at:%H:%M} {subject(entry.fact, site)} {sentence(entry.fact, site)}"
    ask_text(app, "この記録を取り消す理由", what, with_reason)


@act("accommodation")
def _accommodation(app: Console) -> None:
    floor = app.state.floor

    def given(means: str) -> None:
        send(app, f"合理的配慮 {means} 1件", "accommodation.given", {"means": means})

    def chosen(answer: str) -> None:
        if answer == "+":
            ask_text(app, "合理的配慮の手段", "本人のことは書きません", given)
        else:
            given(answer)

    means = [*floor.site.accommodations, *(m for m in floor.accommodations if m not in floor.site.accommodations)]
    options = [(m, f"{m}  {floor.accommodations[m] or ''}".rstrip()) for m in means[:20]] + [("+", "ほかの手段を書く")]
    choose(app, "合理的配慮（何をしたか）", options, chosen, "本人のことは何も残りません")


@act("memo")
def _memo(app: Console) -> None:
    ask_text(app, "メモ", "個人情報は書きません", lambda t: send(app, "メモを残しました", "memo.written", {"text": t}))


@act("backdate")
def _backdate(app: Console) -> None:
    app.state.typing_backdate = ""


@act("undo")
def _undo(app: Console) -> None:
    # The screen has taken in the retraction before it says what was taken back.
    app.engine.undo(lambda entries: "  ".join(taken_back(e, app.state.floor) for e in reversed(entries)))
