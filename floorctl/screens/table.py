"""Table with a cursor, the base of the screens of numbers, cases, people, incidents, duties, results and records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len

from floorctl.console.cursor import Cursor
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState
from floorctl.screens.asking import may_write
from floorctl.screens.drawing.canvas import Canvas, Span, fit, pad, wrap
from floorctl.screens.drawing.panel import Line, Piece, hints, lay_line
from floorctl.screens.drawing.rows import Words, apart, cut, lay_lines, lay_rows
from floorctl.screens.frame import ScreenConsole, View

_TALL = 34  # rows of a screen that has room for more than its table
# What was chosen is gone, or nothing has been.
NOT_CHOSEN = "選ばれているものがありません（上下の矢印で選びます）"


class Column(NamedTuple):
    """Column of a table. ``width`` in cells; 0 takes what is left. ``least``: least width of a table that shows it.

    ``cut``: how a cell is cut that finds no room: as ``fit`` does, to ``figures``, to whole words, or a number at its front.
    """

    title: str
    width: int
    right: bool = False
    least: int = 0
    cut: Callable[[str, int], str] = fit


def figures(text: str, width: int) -> str:
    """Return as many figures, with two blanks between, as ``width`` cells hold; each is whole or left out."""
    while cell_len(text) > width:
        text = text.rpartition("  ")[0]
    return text


def holds(text: str, words: str) -> bool:
    """Return whether a text has every word that is looked for, in capitals or not."""
    return all(word in text.lower() for word in words.lower().split())


class Row:
    """Row of a table. ``key`` identifies it: the cursor stays on it when rows come and go. Cells are (text, role)."""

    __slots__ = ("cells", "key")

    def __init__(self, key: str, *cells: Span) -> None:
        self.key, self.cells = key, cells


class TableView(View):
    """Table with a cursor. Subclasses give columns and rows, and the act of Enter on a row."""

    columns: Sequence[Column] = ()
    # The panel at the right: its cells, and the width of the screen from which there is room for it. Where there is
    # none, a panel of so many rows stands under the table.
    side_cells, side_from, below_rows = 0, 0, 0
    detailed: ClassVar[bool] = False  # on a tall screen the chosen line stands in full under the table
    empty = "まだ何もありません"
    unit = "件"  # Japanese counter of the rows; "" if they are not counted
    hint = "上下の矢印 選ぶ  {enter} 開く"
    keeps: ClassVar[str] = ""  # field of ``state.chosen`` that has what is chosen
    resumes: ClassVar[bool] = True  # the cursor begins where that field says
    opening_looks: ClassVar[bool] = False  # what Enter opens only shows something

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self._rows: list[Row] = []
        self.key = ""  # of the chosen row; "" where nothing is chosen
        self._cursor: Cursor[str] = Cursor()
        self._stays = self._untold = False  # once chosen in this list; the choice is not known outside it
        self.begin(getattr(self.state.chosen, self.keeps) if self.keeps and self.resumes else "")

    # ---- for subclasses

    def rows(self, state: ConsoleState) -> list[Row]:
        raise NotImplementedError

    def summary(self, state: ConsoleState) -> list[Span]:
        """Return the words beside the heading."""
        return []

    def opened(self, key: str) -> None:
        """Take Enter, or a second click, on a row."""

    def gone(self, state: ConsoleState, key: str) -> Row | None:
        """Return the row of a thing that the list does not show any more: it stays in its place while it is chosen."""
        return None

    def chose(self, key: str) -> None:
        """Take the key of the row that is chosen from now on; "" where none is."""
        if self.keeps:
            setattr(self.state.chosen, self.keeps, key)

    def side(self, width: int) -> int:
        """Return the cells of the panel at the right; 0 where there is no room."""
        return self.side_cells if width >= self.side_from else 0

    def below(self, height: int) -> int:
        """Return the rows of the panel at the foot, which takes the place of the one at the right where that has no room."""
        return 0 if self.app.size.width >= self.side_from else self.below_rows

    def draw_side(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        """Draw the panel at the right."""

    def draw_below(self, c: Canvas, state: ConsoleState, y: int, rows: int) -> None:
        """Draw the panel under the table."""

    def under(self, height: int) -> int:
        """Return the rows of the panel of the chosen line, whatever the table holds: 0 where there is no room."""
        return height // 3 if self.detailed and height >= _TALL else 0

    def detail(self, state: ConsoleState, width: int) -> Sequence[Line | Words]:
        """Return what stands under the table on a tall screen: the chosen line in full, and what was recorded of it."""
        return []

    # ---- drawing

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        side, below = self.side(c.width), self.below(c.height)
        width, full = c.width - (side + 1 if side else 0), c.height - 3 - (below + 1 if below else 0)
        self._find(state)
        rows = self._rows
        more = 0 if below and self.below_rows else self.under(c.height)
        bottom = full - (more + 1 if more else 0)
        c.fill(0, 1, width, bottom, "panel")
        lay_line(c, self._head(state), 1, 2, width - 1)
        self._draw_rows(c, width, bottom - 4)
        if not rows:
            lay_lines(
                c,
                [[(line, "dim")] for line in wrap(offered(state, self.empty), width - 2)],
                1,
                5,
                width - 2,
                max(1, bottom - 4),
            )
        if side:
            c.fill(width + 1, 1, side, full, "panel")
            self.draw_side(c, state, width + 1, 2, side, full - 1)
        if more:
            c.fill(0, bottom + 2, width, more, "panel")
            self.draw_detail(c, state, bottom + 2, width, more)
        if below:
            c.fill(0, full + 2, c.width, below, "panel")
            self.draw_below(c, state, full + 2, below)

    def draw_detail(self, c: Canvas, state: ConsoleState, y: int, width: int, rows: int) -> None:
        """Draw the panel of the chosen line."""
        if self._rows:
            lay_lines(c, cut(self.detail(state, width - 2), rows), 1, y, width - 2)

    def _shown(self, width: int) -> list[tuple[int, Column, int]]:
        """Return the columns that find room: (index of the cell, column, its width in cells)."""
        fits = [(i, col) for i, col in enumerate(self.columns) if col.least <= width]
        used = sum(col.width + 1 for _, col in fits if col.width)
        rest = max(4, width - 2 - used)
        return [(i, col, col.width or rest) for i, col in fits]

    def _head(self, state: ConsoleState) -> Line:
        n, words = len(self._rows), self.summary(state)
        counted: list[Span] = [(f"{n}{self.unit}", "strong" if n else "dim")] if self.unit else []
        said = [Piece([span]) for span in words]
        return Line(
            [
                (self.heading, "strong"),
                ("  ", "text"),
                *counted,
                2 * bool(counted),
                *said,
                *hints(offered(state, self.hint)),
            ]
        )

    def _draw_rows(self, c: Canvas, width: int, room: int) -> None:
        shown, rows = self._shown(width), self._rows
        titles = apart((pad(col.title, w, right=col.right), "dim") for _, col, w in shown)
        lay_lines(c, [titles], 1, 4, width - 1)
        end = 1 + cell_len("".join(title for title, _ in titles).rstrip())

        def cell(n: int, i: int, col: Column, w: int) -> Span:
            text, role = rows[n].cells[i]
            return (pad(col.cut(text, w), w, right=col.right), role)

        def line(n: int) -> list[Span]:
            return apart(cell(n, *place) for place in shown)

        if lay_rows(c, len(rows), self._cursor.at, line, 1, 5, width - 2, room, chosen=bool(self.key)):
            place = f"{self._cursor.at + 1 if self.key else '-'}／{len(rows)}"
            c.right(width - 1, 4 if width - 1 - cell_len(place) > end else 3, place, "dim")

    def _find(self, state: ConsoleState) -> None:
        """Find the chosen row; a thing that has left the list while it was chosen keeps its place there."""
        self._rows = rows = self.rows(state)
        keys = [r.key for r in rows]
        here, wanted = self._cursor.find(keys), self._cursor.wanted
        if not here and self._stays and wanted and (left := self.gone(state, wanted)) is not None:
            at, here = min(self._cursor.at, len(rows)), True
            self._rows = [*rows[:at], left, *rows[at:]]
        self._stays = self._stays or here
        self._tell(wanted if here and wanted else "")

    def _tell(self, key: str) -> None:
        if key != self.key or self._untold:
            self.key, self._untold = key, False
            self.chose(key)

    def begin(self, key: str = "") -> None:
        """Begin a list at the row ``key``, else at its first one."""
        self.key, self._cursor = "", Cursor(key or None)
        self._stays, self._untold = False, True

    def narrow(self) -> None:
        """Note that other rows of the list are shown: what is chosen stays so if it is among them."""
        self._stays, self._cursor.at = False, 0

    def choose(self, key: str) -> None:
        """Choose a row by its key."""
        self._cursor.choose(key)
        self._tell(key)

    def go(self, at: int) -> None:
        """Put the cursor on a row, kept within the table."""
        keys = [r.key for r in self._rows]
        self._cursor.put(at, keys)
        if keys:
            self._tell(self._cursor.wanted or "")

    # ---- keys and mouse

    def takes(self, key: str) -> bool:
        step = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}.get(key)
        if step is not None:
            if self.state.looking_back and abs(step) > 1:
                return False  # these keys move the whole console through time
            self._cursor.step(step, [r.key for r in self._rows])
            self._tell(self._cursor.wanted or "" if self._rows else "")
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
        elif not self.key:
            self.state.line.say(NOT_CHOSEN, "warn")
        elif (self.opening_looks and self.state.read_only and not self.state.looking_back) or may_write(self.app):
            self.opened(self.key)

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "row":
            again = bool(self.key) and int(rest) == self._cursor.at
            self.go(int(rest))
            if again:
                self._open()
