"""Acts on memos: writing one, and what is done with an open one when its time has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from floorctl.commands.context import Wish
from floorctl.common.words import hm
from floorctl.console.state import ConsoleState
from floorctl.models.board.memo_line import MemoLine, read_memo
from floorctl.models.board.memos import about_memo, memo_word, owner_of
from floorctl.models.day.memo import Memo
from floorctl.screens.asking import Ask, act, by_rule
from floorctl.screens.people.memo_dialog import MemoDialog
from floorctl.screens.people.staff_choice import staff_options

_LATER = (10, 30)  # minutes by which a memo is moved with one key
_LAST_MINUTE = "23:59"


def _read(state: ConsoleState, text: str) -> MemoLine:
    return read_memo(text, state.day.now, frozenset(state.day.staff_codes()), state.day.names)


@act("memo")
async def _memo(ask: Ask) -> None:
    line = _read(ask.state, await ask.typed_into(MemoDialog(partial(_read, ask.state))))
    ask.typed = line.text
    fields = {"text": line.text} | {k: v for k, v in (("due", line.due), ("owner", line.owner)) if v is not None}
    said = f"メモを残しました  {hm(line.due)} に知らせます" if line.due else "メモを残しました"
    await ask.record(said, "memo.written", fields)


async def answer_memo(ask: Ask, about: str) -> None:
    """Ask what is done with an open memo, of the day or of the days before: done, later, another time or owner."""
    state = ask.state
    memo = next((m for m in state.day.floor.memos.values() if about_memo(m.key) == about), None)
    if memo is None:
        memo = next((m for m in state.day.memos_left() if about_memo(m.key) == about), None)
        if memo is not None:
            await _answer_left(ask, memo)
            return
    if memo is None or not memo.open:
        state.line.say("このメモは済んでいます")
        return
    later = [(f"+{n}", f"{n}分後にまた知らせる（{hm(_moved(memo, state.day.now, n))}）") for n in _LATER]
    options = [("done", "済み"), *later, ("time", "時刻を入れる")]
    if memo.due is not None:
        options.append(("owner", "担当を変える"))
    owner = owner_of(state.day.floor, memo)
    prompt = f"担当 {state.day.who(owner)}" if owner else "担当 なし"
    answer = await ask.choice(f"メモ {memo_word(state.day.floor, memo, state.day.who)}", options, prompt)
    source, name = memo.key
    named = {"memo": name, "memo_source": source}
    if answer == "done":
        await ask.record(f"メモを済みにしました  {memo.text}", "memo.done", named)
    elif answer == "owner":
        codes = [c for c in state.day.staff_codes() if c != memo.owner]
        staff = await ask.choice("このメモの担当", staff_options(ask.app, codes))
        await ask.record(f"メモの担当 {state.day.who(staff)}", "memo.moved", {**named, "due": memo.due, "owner": staff})
    else:
        due = await ask.time("何時に知らせますか") if answer == "time" else _moved(memo, state.day.now, int(answer))
        await ask.record(f"{hm(due)} にまた知らせます  {memo.text}", "memo.moved", {**named, "due": due})


async def _answer_left(ask: Ask, memo: Memo) -> None:
    options = [("done", "済み"), ("today", "今日のメモにする（時刻を入れる）")]
    title = f"前の日のメモ {memo_word(ask.state.day.floor, memo, ask.state.day.who)}"
    source, name = memo.key
    done: Wish = ("memo.done", {"memo": name, "memo_source": source})
    if await ask.choice(title, options) == "done":
        await ask.record(f"メモを済みにしました  {memo.text}", *done)
        return
    due = await ask.time("何時に知らせますか")
    owner = {"owner": memo.owner} if memo.owner else {}
    written: Wish = ("memo.written", {"text": memo.text, "due": due, **owner})
    await ask.record_all(f"{hm(due)} に知らせます  {memo.text}", by_rule([done, written]))


def _moved(memo: Memo, now: datetime, minutes: int) -> str:
    """Return the time so many minutes later: than now, or than its own where that is still to come; at most the day's last."""
    due = memo.due_at()
    at = max(now, due or now) + timedelta(minutes=minutes)
    return f"{at:%H:%M}" if at.date() == memo.at.date() else _LAST_MINUTE
