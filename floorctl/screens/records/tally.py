"""The tally grid: counts of work items by lane, typed in seconds, hourly or at the end of the day.

Digits and Enter add to the item under the cursor and go on to the next; each Enter is written at once.
"""

from __future__ import annotations

from rich.cells import cell_len

from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.site.hall import WorkItem
from floorctl.screens.asking import may_write, send
from floorctl.screens.drawing.canvas import Canvas, fit
from floorctl.screens.frame import ScreenConsole, View


class TallyView(View):
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
        end = c.put(1, 2, "件数", "strong")
        c.put(
            end + 2,
            2,
            fit("数字 と Enter で足す   - を先に打つと引く   矢印で 移る   Esc 盤面へ", c.width - end - 4),
            "dim",
        )
        columns = 3 if c.width >= 110 else 2
        width = (c.width - 2) // columns
        gap = 1 if c.height >= 30 else 0
        bottoms = [4] * columns
        self._places: list[tuple[int, int]] = [(0, 0)] * len(items)
        for lane in site.lanes:
            own = [(i, item) for i, item in enumerate(items) if item.lane == lane.code]
            if not own:
                continue
            # A lane stays together, in the column that has most room.
            column = bottoms.index(min(bottoms))
            x, y = 1 + column * width, bottoms[column]
            c.put(x, y, f" {lane.name} ", f"{lane_role(site, lane.code)}_badge")
            for i, item in own:
                y += 1
                self._places[i] = (column, y)
                self._draw_item(c, x, y, width, i, item, done[item.code])
            bottoms[column] = y + 1 + gap

    def _draw_item(self, c: Canvas, x: int, y: int, width: int, i: int, item: WorkItem, n: int) -> None:
        chosen = i == self.at
        if chosen:
            c.fill(x, y, width - 1, 1, "card_on")
        c.target(x, y, width - 1, 1, f"item:{i}")
        words = item.name if cell_len(item.name) <= width - 16 else item.short
        c.put(x + 1, y, words, "strong" if chosen else "text", width - 16)
        c.right(x + width - 9, y, f"{n:4d}", "text" if n else "dim")
        if chosen:
            c.put(x + width - 8, y, f"{'-' if self.minus else '+'}{self.typed}_", "warn")

    def takes(self, key: str) -> bool:
        state = self.state
        if not state.ready:
            return False
        items = self._items(state)
        if state.looking_back and key == "escape":
            return False
        if (key in ("-", "enter") or (key.isascii() and key.isdigit())) and not may_write(self.app):
            return True
        if key.isascii() and key.isdigit() and len(self.typed) < 4:
            self.typed += key
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
        if n:
            send(self.app, f"{item.name} {n:+d}件", "work.counted", {"item": item.code, "count": n})

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "item":
            self._go(int(rest), self._items(self.state))
