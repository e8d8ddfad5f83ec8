"""Acts on records: taking one back, reasonable accommodations, minutes typed before an act."""

from __future__ import annotations

from floorctl.common.action_keys import keyed
from floorctl.common.words import hm
from floorctl.console.port import Console
from floorctl.models.board.fact_sentence import subject, undone
from floorctl.models.board.furigana import furigana_item, to_ask
from floorctl.models.facts.entry import Entry
from floorctl.screens.asking import Ask, act, send


async def correct(ask: Ask, entry: Entry) -> None:
    """Take an entry of the day back, with a reason."""
    state = ask.state
    if entry.kind == "retracted":
        state.line.say("取消しは取り消せません。もう一度記録してください", "warn")
    elif entry.key in state.day.floor.retracted:
        state.line.say("もう取り消されています", "warn")
    elif entry.fact.final:
        word = entry.fact.word
        state.line.say(f"{word} は取り消せません（市に伝わったことです。訂正は新しい記録として残してください）", "warn")
    else:
        site = state.day.floor.site
        what = f"{hm(entry.fact.at)} {subject(entry.fact, site)} {entry.fact.sentence(site)}"
        await ask.retract("記録を取り消しました", entry, await ask.text("この記録を取り消す理由", what))


@act("accommodation")
async def _accommodation(ask: Ask) -> None:
    given, known = ask.state.day.floor.accommodations, ask.state.day.floor.site.accommodations
    means = [*known, *(m for m in given if m not in known)]
    options = [(m, f"{m}  {given[m] or ''}".rstrip()) for m in means[:20]] + [("+", "ほかの手段を書く")]
    answer = await ask.choice("合理的配慮（何をしたか）", options, "本人のことは何も残りません")
    if answer == "+":
        answer = await ask.text("合理的配慮の手段", "本人のことは書きません")
    await ask.record(f"合理的配慮 {answer} 1件", "accommodation.given", {"means": answer})


@act("referral")
async def _referral(ask: Ask) -> None:
    await count_referrals(ask, 1)


async def count_referrals(ask: Ask, count: int) -> None:
    """Ask for the desk to which visitors with another errand were sent, and count them (仕様書 7(1))."""
    floor = ask.state.day.floor
    given, known = floor.referrals, floor.site.referrals
    desks = [*known, *(x for x in given if x not in known)]
    options = [(x, f"{x}  {given[x] or ''}".rstrip()) for x in desks[:20]] + [("+", "ほかの窓口を書く")]
    if count != 1:
        options.append(("", "内訳なし（件数だけ）"))
    prompt = "本人のことは何も残りません" if ask.state.day.info.hall_open else "本庁舎は閉庁日です"
    first = len(options) - 1 if count != 1 else 0  # of a whole count nobody may know where each was sent
    desk = await ask.choice("他窓口案内（どこへ案内したか）", options, prompt, at=first)
    if desk == "+":
        desk = await ask.text("案内した窓口", "本人のことは書きません")
    if desk:
        await ask.record(f"他窓口案内 {desk} {count:+d}件", "referral.given", {"desk": desk, "count": count})
    else:
        item = floor.site.item_by_meaning["other_desk_referral"]
        await ask.record(f"他窓口案内 {count:+d}件", "work.counted", {"item": item, "count": count})


def furigana_asked(app: Console, entries: list[Entry]) -> str:
    """Return the question that ends the words of a finish: were the furigana printed, too (仕様書 7(1)ウ)."""
    return keyed("  振り仮名は {furigana}") if to_ask(app.state.day.floor, entries) else ""


@act("furigana")
def _furigana(app: Console) -> None:
    site = app.state.day.floor.site
    item = furigana_item(site) or ""
    send(app, f"{site.work_item_by_code[item].name} 1件", "work.counted", {"item": item, "count": 1})


@act("backdate")
def _backdate(app: Console) -> None:
    app.state.pending.typing_backdate = ""


@act("undo")
def _undo(app: Console) -> None:
    # The screen has taken in the retraction before it says what was taken back.
    app.engine.undo(lambda entries: "  ".join(undone(e, app.state.day.floor) for e in reversed(entries)))
