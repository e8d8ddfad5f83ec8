"""k 件数, the tally grid: counts of work items by lane, typed hourly or at the end of the day.

Digits and Enter add to the item under the cursor and go on to the next; each Enter records a fact.
"""

from __future__ import annotations

from rich.cells import cell_len

from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.site.hall import WorkItem
from floorctl.screens.asking import Ask, may_write, send
from floorctl.screens.chosen import about, recorded, titled
from floorctl.screens.drawing.canvas import Canvas, Span
from floorctl.screens.drawing.panel import Line, column, hints, lay_line
from floorctl.screens.drawing.rows import cut, lay_lines
from floorctl.screens.frame import ScreenConsole, View
from floorctl.screens.records.acts import count_referrals

_LEAST = 5  # rows for what was counted today
_DIGITS = 4  # most of a count
_KEYS = "数字と Enter で足す   - を先に押すと引く   矢印で移る   Esc 盤面へ"


class TallyView(View):
    """Work items by lane with their counts; digits add to the one under the cursor."""

    heading = "件数"
    # Where the cursor was left: the next hour's counts begin at the same item.
    _last = 0

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self.at, self.typed, self.minus = TallyView._last, "", False

    def _items(self, state: ConsoleState) -> list[WorkItem]:
        site = state.day.floor.site
        return [w for lane in site.lanes for w in site.work_items if w.lane == lane.code]

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        site, items = state.day.floor.site, self._items(state)
        done = state.day.floor.work_done()
        c.fill(0, 1, c.width, c.height - 3, "panel")
        lay_line(c, Line([("件数", "strong"), 2, *hints(_KEYS)]), 1, 2, c.width - 2)
        columns, gap = 3 if c.width >= 110 else 2, 1 if c.height >= 30 else 0
        width = (c.width - 2) // columns
        bottoms = [4] * columns
        self._places: list[tuple[int, int]] = [(0, 0)] * len(items)
        for lane in site.lanes:
            own = [(i, item) for i, item in enumerate(items) if item.lane == lane.code]
            if not own:
                continue
            # A lane stays together, in the column that has most room.
            place = bottoms.index(min(bottoms))
            x, y = 1 + place * width, bottoms[place]
            c.put(x, y, f" {lane.name} ", f"{lane_role(site, lane.code)}_badge")
            for i, item in own:
                y += 1
                self._places[i] = (place, y)
                if i == self.at:
                    c.fill(x, y, width - 1, 1, "card_on")
                c.target(x, y, width - 1, 1, f"item:{i}")
                lay_line(c, self._line(item, done[item.code], width - 8, chosen=i == self.at), x + 1, y, c.width)
            bottoms[place] = y + 1 + gap
        self._lay_recorded(c, state, max(bottoms))

    @staticmethod
    def _lay_recorded(c: Canvas, state: ConsoleState, y: int) -> None:
        """Draw today's counts under the items, the latest first, where a screen is tall enough."""
        rows = c.height - 2 - y
        if rows < _LEAST:
            return
        entries = about(state, "work", lambda e: e.kind == "work.counted")
        lines = [titled("今日の件数の記録", f"{len(entries)}件"), *recorded(state, entries)]
        lay_lines(c, cut(lines, rows), 2, y, c.width - 4)

    def _line(self, item: WorkItem, n: int, width: int, *, chosen: bool) -> Line:
        """Return an item with its count in ``width`` cells; behind them the typed digits."""
        figure: Span = (f"{n:4d}", "text" if n else "dim")
        room = width - len(figure[0])
        name = item.name if cell_len(item.name) <= room else item.short
        named = column(name, "strong" if chosen else "text", room)
        typed = f" {'-' if self.minus else '+'}{self.typed}_" if chosen else ""
        return Line([*named, figure, (typed[:1], "text"), (typed[1:], "warn")])

    def takes(self, key: str) -> bool:
        state = self.state
        if not state.ready:
            return False
        items = self._items(state)
        if state.looking_back and key == "escape":
            return False
        if (key in ("-", "enter") or (key.isascii() and key.isdigit())) and not may_write(self.app):
            return True
        if key.isascii() and key.isdigit():
            if len(self.typed) < _DIGITS:
                self.typed += key
            else:
                self.state.line.say(f"1回に足せるのは{_DIGITS}桁までです（Backspace で消す   Enter で足す）", "warn")
        elif key == "-":
            self.minus = not self.minus
        elif key == "backspace":
            self.typed = self.typed[:-1]
        elif key in ("up", "down"):
            self._go(self.at + (1 if key == "down" else -1), items)
        elif key in ("left", "right"):
            self._sideways(1 if key == "right" else -1)
        elif key == "enter":
            self._write(items[self.at])
            self._go(self.at + 1, items)
        elif key == "escape":
            self.app.perform("board")
        else:
            return False
        return True

    def _go(self, at: int, items: list[WorkItem]) -> None:
        self.at, self.typed, self.minus = at % len(items), "", False
        TallyView._last = self.at

    def _sideways(self, step: int) -> None:
        column, row = self._places[self.at]
        near = [(abs(y - row), i) for i, (col, y) in enumerate(self._places) if col == column + step]
        if near:
            self._go(min(near)[1], self._items(self.state))

    def _write(self, item: WorkItem) -> None:
        n = int(self.typed or 0) * (-1 if self.minus else 1)
        if n and item.code == self.state.day.floor.site.item_by_meaning.get("other_desk_referral"):
            self.app.start(count_referrals(Ask(self.app), n))
        elif n:
            send(self.app, f"{item.name} {n:+d}件", "work.counted", {"item": item.code, "count": n})

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "item":
            self._go(int(rest), self._items(self.state))
