"""F2 盤面: the board."""

from __future__ import annotations

from typing import ClassVar

from floorctl.common.action_keys import key_of
from floorctl.console.action import Action
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState
from floorctl.screens.drawing.canvas import Canvas
from floorctl.screens.frame import View

# What is done most stands first at the foot, by what has the focus.
_CHOSEN = ("next", "finish", "escalate", "pause", "fail", "staff", "enter", "undo")
_FOOT = {
    "lanes": ("choose", "escalate", "queue", "count", "issue", "officials", "tally", "incident", "memo", "undo"),
    "cases": ("enter", "escalate", "desk3", "officials", "panel", "undo"),
    "alerts": ("enter", "panel", "undo"),
    "staff": ("enter", "hand_over", "people", "panel", "undo"),
    "journal": ("enter", "journal", "memo", "incident", "past", "panel", "undo"),
}

_DAY_OFF = ("duties", "incident", "memo", "calendar", "people", "undo")  # what can be done all the same


class BoardView(View):
    """The view that the console opens with and that F2 brings back."""

    groups: ClassVar[frozenset[str]] = frozenset({"盤面", "端末", "一日"})

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        from floorctl.screens.board.picture import draw_board

        draw_board(c, state)

    def foot_actions(self) -> list[Action]:
        state = self.state
        ids = _FOOT[state.chosen.panel]
        if state.chosen.terminal and state.chosen.panel == "lanes":
            from floorctl.screens.board.loans import lane_keys

            ids = (*lane_keys(state, state.chosen.terminal), *_CHOSEN)
        floor = state.day.floor if state.ready else None
        if floor is not None and state.chosen.panel == "lanes" and not floor.opened_by_fact and floor.preparing:
            open_day = state.day.info.open
            ids = ("open", "check", "people", "officials", "staff", "choose", "undo") if open_day else _DAY_OFF
        return [BY_ID[x] for x in ids]

    def label(self, action: Action) -> str:
        """Return the word of a key at the foot: an arrow names its lane, Enter what it opens."""
        state = self.state
        if action.id == "enter":
            return {"cases": "対応・決定", "alerts": "答える", "staff": "状況", "journal": "取り消す"}.get(
                state.chosen.panel, "一覧"
            )
        if action.id not in ("left", "right", "lend") or not state.chosen.terminal:
            return super().label(action)
        if action.id == "lend":
            from floorctl.screens.board.loans import lend_label

            return lend_label(state, state.chosen.terminal)
        site, t = state.day.floor.site, state.day.floor.terminals[state.chosen.terminal]
        lane = t.next_lane or t.lane
        to = site.lanes_beside(t.code, lane)[0 if action.id == "left" else 1]
        return f"{site.lane_by_code[to or lane].name}{'へ' if to or t.home is None else 'に残す'}"

    def case(self) -> str | None:
        """Return the case of the chosen row, or of the chosen terminal."""
        state = self.state
        if state.chosen.panel == "cases":
            row = state.row("cases")
            return state.day.cases()[row].code if row is not None and state.day.cases() else ""
        at_city = state.day.floor.at_city(state.chosen.terminal) if state.chosen.terminal else None
        return at_city.code if at_city is not None else None

    def takes(self, key: str) -> bool:
        state = self.state
        if not state.ready:
            return False
        if key in ("1", "2", "3", "4", "5", "6", "7", "8"):
            code = state.day.floor.site.terminal_by_digit.get(key)
            if code is None:
                state.refuse(f"端末 {key} はありません")
            else:
                state.chosen.panel = "lanes"
                state.chosen.terminal = code  # pressed again it is the same one: who presses 3 e means T3
                self._describe()
            return True
        return self._answered_band(key)

    def _answered_band(self, key: str) -> bool:
        """Answer the alert in the band with its key, for the terminal or the people that it names, where no terminal is chosen."""
        state = self.state
        if state.chosen.terminal or state.looking_back or state.day.floor.preparing:
            return False
        top = next(iter(state.alerts()), None)
        if top is None:
            return False
        by_action = top.answer and top.key_now == key_of(top.answer)  # with each of its keys
        if key not in BY_ID[top.answer].keys if by_action else key != top.key_now.lower():
            return False
        if top.by_enter and state.chosen.panel == "lanes":
            state.put("alerts", 0)
            self.app.perform("enter")
            state.chosen.panel = "lanes"
            return True
        if top.terminal is None:
            return False
        state.chosen.panel, state.chosen.terminal = "lanes", top.terminal
        self.app.perform(top.answer)
        return True

    def _describe(self) -> None:
        from floorctl.models.board.told import state_word
        from floorctl.screens.board.loans import loan_words

        state = self.state
        if not state.chosen.terminal:
            state.line.say("")
            return
        t = state.day.floor.terminals[state.chosen.terminal]
        lane = state.day.floor.site.lane_by_code[t.lane].name
        loan = loan_words(state.day.floor, t)
        lent = f"  {loan.named[0]}" if loan is not None else ""
        following = state.day.floor.next_ticket(t.lane, state.day.now)
        after = f"  次の番号 {following.number}" if following else ""
        state.line.say(
            f"{t.code} {lane} {state_word(state.day.floor, t.code, state.day.now)}{lent}{after}", figures=True
        )

    def clicked(self, kind: str, rest: str) -> None:
        state = self.state
        if kind == "terminal":
            state.chosen.panel, state.chosen.terminal = "lanes", rest if state.chosen.terminal != rest else ""
            self._describe()
        elif kind == "panel":
            state.chosen.panel = rest
        elif kind == "alert":
            state.put("alerts", int(rest))
            self.app.perform("enter")
        elif kind in ("cases", "alerts", "staff", "journal"):
            state.put(kind, int(rest))
            self.app.perform("enter")
