"""F2 盤面: the board."""

from __future__ import annotations

from typing import ClassVar

from floorctl.common.words import TERMINAL_STATES
from floorctl.console.keys import BY_ID, Action
from floorctl.console.state import ConsoleState
from floorctl.screens.drawing.canvas import Canvas
from floorctl.screens.frame import View

# What is done most stands first at the foot, by what has the focus.
_CHOSEN = ("left", "right", "next", "finish", "escalate", "pause", "fail", "staff", "enter", "undo")
_FOOT = {
    "lanes": ("choose", "escalate", "queue", "count", "issue", "officials", "tally", "incident", "memo", "undo"),
    "cases": ("enter", "escalate", "desk3", "officials", "panel", "undo"),
    "alerts": ("enter", "panel", "undo"),
    "staff": ("enter", "hand_over", "people", "panel", "undo"),
    "journal": ("enter", "journal", "memo", "incident", "past", "panel", "undo"),
}


class BoardView(View):
    """The view that the console opens with and that F2 brings back."""

    groups: ClassVar[frozenset[str]] = frozenset({"盤面", "端末", "一日"})

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        from floorctl.screens.board.picture import draw_board

        draw_board(c, state)

    def foot_actions(self) -> list[Action]:
        state = self.state
        ids = _CHOSEN if state.terminal and state.panel == "lanes" else _FOOT[state.panel]
        if state.ready and state.panel == "lanes" and not state.floor.opened_by_fact and state.floor.preparing:
            ids = ("open", "check", "people", "officials", "staff", "choose", "undo")
        return [BY_ID[x] for x in ids]

    def label(self, action: Action) -> str:
        """An arrow says which lane it leads to; Enter says what it opens."""
        state = self.state
        if action.id == "enter":
            return {"cases": "対応・決定", "alerts": "答える", "staff": "状況", "journal": "取り消す"}.get(
                state.panel, "一覧"
            )
        if action.id not in ("left", "right") or not state.terminal:
            return super().label(action)
        site, t = state.floor.site, state.floor.terminals[state.terminal]
        lane = t.next_lane or t.lane
        to = site.lanes_beside(t.code, lane)[0 if action.id == "left" else 1] or lane
        return f"{site.lane_by_code[to].name}へ"

    def case(self) -> str:
        """The case of the chosen row, or of the chosen terminal."""
        state = self.state
        if state.panel == "cases" and state.cases():
            return state.cases()[state.row("cases")].code
        at_city = state.floor.at_city(state.terminal) if state.terminal else None
        return at_city.code if at_city is not None else ""

    def takes(self, key: str) -> bool:
        state = self.state
        if not state.ready:
            return False
        if key in ("1", "2", "3", "4", "5", "6", "7", "8"):
            code = state.floor.site.terminal_by_digit.get(key)
            if code is None:
                state.say(f"端末 {key} はありません", "warn")
            else:
                state.panel = "lanes"
                state.terminal = "" if state.terminal == code else code
                self._describe()
            return True
        return self._answered_band(key)

    def _answered_band(self, key: str) -> bool:
        """Where no terminal is chosen the key of the band is for the terminal that the band names."""
        state = self.state
        if state.terminal or state.past is not None or state.floor.preparing:
            return False
        top = next(iter(state.alerts()), None)
        if top is None or top.terminal is None or key != top.key:
            return False
        state.panel, state.terminal = "lanes", top.terminal
        self.app.perform(top.answer)
        return True

    def _describe(self) -> None:
        state = self.state
        if not state.terminal:
            state.say("")
            return
        t = state.floor.terminals[state.terminal]
        lane = state.floor.site.lane_by_code[t.lane].name
        following = state.floor.next_ticket(t.lane, state.now)
        after = f"  次の番号 {following.number}" if following else ""
        state.say(f"{t.code} {lane} {TERMINAL_STATES[state.floor.state(t.code)]}{after}")

    def clicked(self, kind: str, rest: str) -> None:
        state = self.state
        if kind == "terminal":
            state.panel, state.terminal = "lanes", rest if state.terminal != rest else ""
            self._describe()
        elif kind == "panel":
            state.panel = rest
        elif kind == "alert":
            state.panel, state.cursor["alerts"] = "alerts", int(rest)
            self.app.perform("enter")
        elif kind in ("cases", "alerts", "staff", "journal"):
            state.panel, state.cursor[kind] = kind, int(rest)
            self.app.perform("enter")
