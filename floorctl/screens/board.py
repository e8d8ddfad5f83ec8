"""F2 盤面: the board."""

from __future__ import annotations

from typing import ClassVar

from floorctl.keys import ACTIONS, Action
from floorctl.screens.base import View
from floorctl.state import ConsoleState
from floorctl.widgets.canvas import Canvas


class BoardView(View):
    """The view that the console opens with and that F2 brings back."""

    own: ClassVar[frozenset[str]] = frozenset(a.id for a in ACTIONS if a.group in ("盤面", "端末", "一日"))
    heading = "盤面"

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        from floorctl.widgets.board_picture import draw_board

        draw_board(c, state)

    def foot_actions(self) -> list[Action]:
        state = self.state
        found = [a for a in ACTIONS if (a.chosen if state.terminal else a.idle)]
        if state.ready and state.floor.opened_at is None:
            found.insert(0, next(a for a in ACTIONS if a.id == "open"))
        # Help is found by everyone at the left; what is done most stands next to it.
        order = {"choose": 1, "open": 0, "left": 1, "right": 2, "next": 3, "finish": 4, "escalate": 5, "undo": 6}
        return sorted(found, key=lambda a: order.get(a.id, 50 if a.id != "help" else 99))

    def label(self, action: Action) -> str:
        """An arrow says which lane it leads to."""
        state = self.state
        if action.id not in ("left", "right") or not state.terminal:
            return action.label
        lanes = state.floor.site.terminal_by_code[state.terminal].lanes
        return f"{state.floor.site.lane_by_code[lanes[0 if action.id == 'left' else -1]].name}へ"

    def takes(self, key: str) -> bool:
        state = self.state
        if not state.ready:
            return False
        if key in ("1", "2", "3", "4", "5", "6", "7", "8"):
            codes = list(state.floor.terminals)
            code = next((c for c in codes if c.endswith(key) and c.startswith("T")), None)
            code = code or (codes[int(key) - 1] if int(key) <= len(codes) else None)
            if code is None:
                state.say(f"端末 {key} はありません", "warn")
            else:
                state.panel = "lanes"
                state.terminal = "" if state.terminal == code else code
                self._describe()
            return True
        return False

    def _describe(self) -> None:
        from floorctl.words import TERMINAL_STATES

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
        elif kind in ("cases", "alerts", "staff", "journal"):
            state.panel, state.cursor[kind] = kind, int(rest)
            self.app.perform("enter")
