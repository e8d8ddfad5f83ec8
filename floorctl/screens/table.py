"""Table with a cursor, shared by the screens of numbers, cases, people, incidents, results and records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from floorctl.console.state import ConsoleState
from floorctl.screens.asking import may_write
from floorctl.screens.drawing.canvas import Canvas, Span, pad, scroll_bar, window, wrap
from floorctl.screens.frame import ScreenConsole, View


class Column(NamedTuple):
    """Column of ``width`` cells; 0 takes what is left. ``least``: shown from this width of the table on."""

    title: str
    width: int
    right: bool = False
    least: int = 0


class Row(NamedTuple):
    """Row of cells (text, role). ``key`` names its subject: the cursor stays on it when rows come and go."""

    key: str
    cells: Sequence[Span]


def cut(lines: list[list[Span]], rows: int) -> list[list[Span]]:
    """Return the lines that find room; the last one counts those that do not."""
    if len(lines) <= rows:
        return lines
    kept = lines[: max(0, rows - 1)]
    return [*kept, [(f"ほか{len(lines) - len(kept)}件", "dim")]]


class TableView(View):
    """View of one table. Subclasses give columns and rows, and what Enter does with a row."""

    columns: Sequence[Column] = ()
    # The panel at the right: its cells, and the least width of the screen that has room for it; on a narrower screen
    # its text has ``below_rows`` rows under the table.
    side_cells, side_from, below_rows = 0, 0, 0
    empty = "まだ何もありません"
    unit = "件"  # counter of the rows; "" where they are not counted
    hint = "上下の矢印 選ぶ  Enter 開く"

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self.key, self._at = "", 0
        self._left = ""  # key of the present's row that the past view does not have
        self._rows: list[Row] = []

    # ---- what subclasses give

    def rows(self, state: ConsoleState) -> list[Row]:
        raise NotImplementedError

    def summary(self, state: ConsoleState) -> list[Span]:
        """Return words beside the heading."""
        return []

    def opened(self, key: str) -> None:
        """Take Enter, or a second click, on a row."""

    def chose(self, key: str) -> None:
        """Take a move of the cursor to another row."""

    def side(self, width: int) -> int:
        """Return the cells at the right that ``draw_side`` takes; 0 where there is no room."""
        return self.side_cells if width >= self.side_from else 0

    def below(self, height: int) -> int:
        """Return the rows at the foot that ``draw_below`` takes where the panel at the right has no room."""
        return 0 if self.app.size.width >= self.side_from else self.below_rows

    def draw_side(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        """Draw the panel at the right."""

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        """Draw the panel under the table."""

    # ---- drawing

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        side, below = self.side(c.width), self.below(c.height)
        width, bottom = c.width - (side + 1 if side else 0), c.height - 3 - (below + 1 if below else 0)
        self._rows = rows = self.rows(state)
        self._find()
        c.fill(0, 1, width, bottom, "panel")
        end = c.put(1, 2, self.heading, "strong")
        words: list[Span] = [(f"{len(rows)}{self.unit}", "strong" if rows else "dim")] if self.unit else []
        words += [(f"  {text}" if n or self.unit else text, role) for n, (text, role) in enumerate(self.summary(state))]
        end = c.spans(end + 2, 2, words, width - end - 3)
        c.groups(end + 3, 2, [[(self.hint, "dim")]], width - end - 4)
        self._draw_rows(c, rows, width, bottom - 3)
        if not rows:
            for n, line in enumerate(wrap(self.empty, width - 2)[: max(1, bottom - 4)]):
                c.put(1, 5 + n, line, "dim")
        if side:
            c.fill(width + 1, 1, side, bottom, "panel")
            self.draw_side(c, state, width + 1, 2, side, bottom - 1)
        if below:
            c.fill(0, bottom + 2, c.width, below, "panel")
            self.draw_below(c, state, bottom + 2, below)

    def _shown(self, width: int) -> list[tuple[int, Column, int]]:
        """Return the columns that find room: (index of the cell, column, its width)."""
        fits = [(i, col) for i, col in enumerate(self.columns) if col.least <= width]
        used = sum(col.width + 1 for _, col in fits if col.width)
        rest = max(4, width - 2 - used)
        return [(i, col, col.width or rest) for i, col in fits]

    def _draw_rows(self, c: Canvas, rows: list[Row], width: int, room: int) -> None:
        shown = self._shown(width)
        x = 1
        for _, col, w in shown:
            c.put(x, 4, pad(col.title, w, right=col.right), "dim", width - x)
            x += w + 1
        first = window(len(rows), room - 1, self._at)
        for n, row in enumerate(rows[first : first + room - 1]):
            y, x = 5 + n, 1
            if first + n == self._at:
                c.fill(0, y, width, 1, "card_on")
            c.target(0, y, width, 1, f"row:{first + n}")
            for i, col, w in shown:
                text, role = row.cells[i]
                c.put(x, y, pad(text, w, right=col.right), role, width - x - 1)
                x += w + 1
        if len(rows) > room - 1:
            c.right(width - 1, 4, f"{self._at + 1}／{len(rows)}", "dim")
        scroll_bar(c, width - 1, 5, room - 1, len(rows), first)

    def _find(self) -> None:
        """Keep the cursor on its row, or near it; after a past view return it to the row that it left."""
        keys = [r.key for r in self._rows]
        wanted = self._left if self._left in keys else self.key
        self._at = keys.index(wanted) if wanted in keys else max(0, min(self._at, len(keys) - 1))
        found = keys[self._at] if keys else ""
        if not self.state.looking_back or (found and found == self._left):
            self._left = ""
        elif found != self.key:
            self._left = self._left or self.key
        if found != self.key:
            self.key = found
            self.chose(found)

    def go(self, at: int) -> None:
        """Put the cursor on a row, kept within the table."""
        if self._rows:
            self._at = max(0, min(at, len(self._rows) - 1))
            self.key, self._left = self._rows[self._at].key, ""
            self.chose(self.key)

    # ---- keys and mouse

    def takes(self, key: str) -> bool:
        step = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}.get(key)
        if step is not None:
            if self.state.looking_back and abs(step) > 1:
                return False  # by these the whole console goes through time
            self.go(self._at + step)
        elif key in ("home", "end") and not self.state.looking_back:
            self.go(0 if key == "home" else len(self._rows) - 1)
        elif key == "enter":
            self._open()
        elif key == "escape" and not self.state.looking_back:
            self.app.perform("board")
        else:
            return False
        return True

    def _open(self) -> None:
        if not self.state.ready or not self._rows:
            self.state.line.say("この画面には開くものがありません")
        elif may_write(self.app):
            self.opened(self.key)

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "row":
            again = int(rest) == self._at
            self.go(int(rest))
            if again:
                self._open()
