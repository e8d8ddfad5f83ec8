"""Go to the number that a barcode reader has typed, and say where it is and which keys act on it. Records nothing.

What is no number of today may be anything, a person's number too: only what has the form of a ticket's number is shown.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

from floorctl.common.action_keys import key_of
from floorctl.common.privacy import find
from floorctl.common.words import AT_CITY, TICKET_STATES, hm
from floorctl.console.key_names import IME_IS_ON, is_kana
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState
from floorctl.models.board.ticket_search import code_of, read_as
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.own_numbers import folded
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.tickets.acts import MENU
from floorctl.screens.tickets.view import QueueView

PERSONAL = "人の番号らしい文字を読み取りました（表示も記録もしていません）"
NO_NUMBER = "読み取った文字は番号札の番号ではありません（表示も記録もしていません）"

_TICKET = re.compile(r"[A-Z]{0,3}-?[0-9]{1,6}")
_FEW = 4  # so many numbers that may be meant are named


def go_to(app: ScreenConsole, text: str) -> None:
    """Go to the ticket that a text names and describe it, or say why there is none."""
    state = app.state
    pending = state.pending
    if pending.typing_backdate is not None:  # as any key that follows the minutes
        pending.backdate_min, pending.typing_backdate = int(pending.typing_backdate or 0), None
    state.day.look_now()
    tickets = state.day.floor.tickets
    numbers = {folded(key): key for key, t in tickets.items() if key == t.number}
    code = code_of(text)
    if code not in numbers and find(text) is not None:
        state.line.say(PERSONAL, "warn")
        return
    found = read_as(code, [*numbers])
    if len(found) != 1:
        state.line.say(_not_found(code, [numbers[n] for n in found]), "warn")
        return
    key = numbers[found[0]]
    if not isinstance(app.frame.view, QueueView):
        app.perform("queue")
    view = app.frame.view
    assert isinstance(view, QueueView)
    view.go_to(key)

    def described() -> str:
        t = state.day.floor.tickets.get(key)
        if t is None or not isinstance(app.frame.view, QueueView) or state.chosen.ticket != key:
            return ""  # what the keys act on is something else by now
        return _described(app, t, code)

    state.line.say(described(), "ok", anew=described)


def _not_found(code: str, found: list[str]) -> str:
    """Return the sentence on a code that names several numbers, or none."""
    if found:
        named = "・".join(sorted(found)[:_FEW]) + ("など" if len(found) > _FEW else "")
        return f"{code} だけでは {named} のどれか決まりません（{key_of('queue')} と {key_of('find')} で頭文字から探します）"
    if _TICKET.fullmatch(code):
        return f"{code} は今日の番号にありません"
    return IME_IS_ON if any(map(is_kana, code)) else NO_NUMBER


def _described(app: ScreenConsole, t: Ticket, code: str) -> str:
    """Return a number, where it is, and as many keys that act on it as one line holds."""
    state = app.state
    how = ""
    if code != folded(t.number):
        how = f"（読取りは {code}）" if _TICKET.fullmatch(code) else "（読み取った文字の終わり）"
    text = f"{t.number}{how} {place(state, t)}"
    able = [BY_ID[x].at(state.site) for x in MENU if not BY_ID[x].why_not(state)]
    keys = [f"{action.cap} {action.label}" for action in able] + ["Enter 一覧"] * bool(able)
    for n, words in enumerate(keys):
        longer = f"{text}{'  ' if n else '   '}{words}"
        if cell_len(longer) > app.size.width - 2:
            break
        text = longer
    return text


def place(state: ConsoleState, t: Ticket) -> str:
    """Return where a number is: its place in the queue, its terminal, or how and when it ended."""
    floor, now = state.day.floor, state.day.now
    if t.state == "waiting":
        lane = floor.lane_of(t)
        if t.due_at is not None and t.due_at > now:
            return f"予約前（{hm(t.due_at)} {floor.site.lane_by_code[lane].name}）"
        turn = state.day.calling_turns().get(t.number)
        return f"待ち{f' {turn}番目' if turn is not None else ''}（{floor.site.lane_by_code[lane].name}）"
    if t.state == "serving":
        at_city = t.terminal and floor.at_city(t.terminal) is not None
        return f"{t.terminal}で{AT_CITY if at_city else TICKET_STATES[t.state]}"
    ended = f" {hm(t.ended_at)}" if t.ended_at else ""
    outcome = f" {floor.site.outcome_word(t.outcome)}" if t.state == "finished" and t.outcome else ""
    return f"{TICKET_STATES[t.state]}{ended}{outcome}"
