"""p 紙の入力 (from j): the printed sheets on the screen, line by line and column by column, to be typed from paper.

A sheet is recorded as one act with the paper's own times, undone by one key, and marked 手書き in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len

from floorctl.commands.paper import ENDS, TicketLine
from floorctl.common.action_keys import key_of, keyed
from floorctl.common.words import OUTCOMES, TICKET_STATES, hm
from floorctl.console.state import ConsoleState
from floorctl.models.site.site import Site
from floorctl.screens.asking import may_write
from floorctl.screens.drawing.canvas import Canvas, pad
from floorctl.screens.drawing.panel import Line, Piece, column, hints, lay_line
from floorctl.screens.drawing.rows import Words, apart, lay_lines, lay_rows
from floorctl.screens.frame import ScreenConsole, View
from floorctl.screens.tickets.paper_sheets import CountSheet, MoveSheet, Sheets, TicketSheet

if TYPE_CHECKING:
    from floorctl.screens.tickets.paper_sheets import Cells, Sheet

# Title and cells of each column, in the order of the printed sheet.
_COLUMNS = (
    ("番号", 6), ("業務", 14), ("端末", 6), ("受付", 7), ("呼出し", 7), ("終了", 7), ("結果", 9), ("枚数", 5),
)  # fmt: skip
_MOVE_COLUMNS = (("端末", 8), ("移す先", 18), ("時刻", 8))
_KEYS = "数字はそのまま  時刻は分だけ（05）  Enter 次の行・空の行で記録  左右 欄  Tab 次の用紙"
_KEYS_SHORT = "時刻は分だけ  Enter 次の行（空の行で記録）  Tab 次の用紙"


Said = tuple[Sequence[Line | Words], int, Callable[[int], Line | Words]]


def _titles(columns: Sequence[tuple[str, int]]) -> Words:
    return [(" ", "text"), *(span for title, width in columns for span in column(title, "dim", width))]


def _field(text: str, width: int) -> Words:
    """Return the cell under the cursor."""
    return [(pad(text, width - 1), "warn_badge"), (" ", "text")]


def _end_words(site: Site) -> list[str]:
    """Return the words for the ends of a ticket, in the order of ``ENDS``."""
    return [*map(site.outcome_word, OUTCOMES), TICKET_STATES["no_show"], TICKET_STATES["left"]]


def _tab(sheet: Sheet) -> str:
    if isinstance(sheet, TicketSheet):
        return f"{sheet.lane.letter} {sheet.lane.name}"
    return "件数" if isinstance(sheet, CountSheet) else "配分変更"


class PaperView(View):
    """Printed sheets as tabs, each with its lines and the cell under the cursor."""

    heading = "紙の入力"
    groups: ClassVar[frozenset[str]] = frozenset({"紙"})
    foot: ClassVar[tuple[str, ...]] = ("paper_write", "paper_start", "paper_drop", "by_hand")
    tries_keys = False  # a key writes into the sheets, of which there is no copy

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self._sheet = 0  # the one in hand, when what was typed has been written

    def sheets(self, state: ConsoleState) -> Sheets:
        """Return the sheets as far as they are typed; they outlive the view."""
        if state.pending.paper is None:
            state.pending.paper = Sheets(state.day.floor, state.day.numbers(), state.day.now)
            state.pending.paper.at = self._sheet
        held: Sheets = state.pending.paper
        return held

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        sheets, rows = self.sheets(state), c.height - 3
        sheet, keys = sheets.sheet, _KEYS if c.width >= 100 else _KEYS_SHORT
        c.fill(0, 1, c.width, rows, "panel")
        lay_line(c, Line([(self.heading, "strong"), 2, *hints(keys)]), 1, 2, c.width - 1)
        self._lay_tabs(c, sheets)
        if isinstance(sheet, TicketSheet):
            head, total, row = self._tickets(state, sheet, rows - 8)
        elif isinstance(sheet, MoveSheet):
            head, total, row = self._moves(state, sheet)
        elif isinstance(sheet, CountSheet):
            head, total, row = self._counts(sheet, c.width)
        y = lay_lines(c, head, 1, 4, c.width - 2)
        lay_rows(c, total, sheet.row, row, 1, y, c.width - 2, rows - y)

    @staticmethod
    def _lay_tabs(c: Canvas, sheets: Sheets) -> None:
        x = 1
        for n, sheet in enumerate(sheets.all):
            typed = len(sheet.filled())
            text = f" {_tab(sheet)}{f' {typed}' if typed else ''} "
            if x + cell_len(text) > c.width:
                break
            c.target(x, 3, cell_len(text), 1, f"sheet:{n}")
            x = c.put(x, 3, text, "key" if n == sheets.at else "strong" if typed else "dim") + 1

    # ---- what each sheet says: the lines over it, the number of its rows, each row

    def _tickets(self, state: ConsoleState, sheet: TicketSheet, rows: int) -> Said:
        services = "  ".join(f"{k} {s.short}" for k, s in sheet.services.items())
        terminals = " ".join(t if k == t[1:] else f"{k}={t}" for k, t in sheet.terminals.items())
        ends = "  ".join(f"{n} {word}" for n, word in enumerate(_end_words(state.day.floor.site), 1))
        head: list[Line | Words] = [
            Line(hints(f"業務 {services}")),
            Line(hints(f"端末 {terminals}   紙の始まり {hm(sheet.start)}（{key_of('paper_start')} で変える）")),
            Line(hints(f"結果 {ends}  （空欄は完了）")),
            Line([*_titles(_COLUMNS), 0, Piece([("こう記録します", "dim")])]),
        ]
        shown = sheet.shown()

        def row(n: int) -> Line | Words:
            line, cells = shown.get(n), sheet.rows[n] if n < len(sheet.rows) else None
            said: Words = [(" ", "text")]
            for i, ((_, width), text) in enumerate(zip(_COLUMNS, self._texts(sheet, n, cells, line), strict=True)):
                if n == sheet.row and i == sheet.at:
                    typed = cells[sheet.field] if cells is not None else ""
                    said += _field(text if sheet.full(sheet.field) else f"{typed}_", width)
                else:
                    said += column(text, "text" if i or line is not None else "dim", width, cut=width - 1)
            return Line([*said, 0, Piece([self._reading(state, line)])]) if line is not None else said

        return head, max(len(sheet.rows), rows), row

    @staticmethod
    def _counts(sheet: CountSheet, room: int) -> Said:
        name_width = 22 if room >= 100 else 12
        width = max(4, (room - name_width - 3) // len(sheet.hours))
        hours = [(pad(f"{hour}時", width - 1, right=True), "dim") for hour in sheet.hours]
        head: list[Words] = [
            [],
            [(keyed("紙の「正」を時間ごとに数字で。Enter で下へ、左右で時間、{paper_write} で記録します"), "dim")],
            [(" " * name_width, "text"), *apart(hours)],
        ]

        def row(n: int) -> Words:
            item, here = sheet.items[n], n == sheet.row
            name = item.name if cell_len(item.name) < name_width else item.short
            counts: Words = []
            for m, hour in enumerate(sheet.hours):
                text, role = sheet.rows[n][str(hour)], "strong"
                if here and m == sheet.at:
                    text, role = f"{text}_", "warn_badge"
                counts.append((pad(text, width - 1, right=True), role))
            return [*column(name, "strong" if here else "text", name_width, cut=name_width - 1), *apart(counts)]

        return head, len(sheet.items), row

    @staticmethod
    def _moves(state: ConsoleState, sheet: MoveSheet) -> Said:
        names = state.day.floor.site.lane_by_code
        lanes = "  ".join(f"{k} {names[x].name}" for k, x in sheet.lanes.items())
        terminals = "  ".join(f"{k} {t}" if k != t[1:] else t for k, t in sheet.terminals.items())
        times = sheet.times()

        def row(n: int) -> Words:
            cells, at, lane = sheet.rows[n], times[n], sheet.lanes.get(sheet.rows[n]["lane"])
            texts = (
                sheet.terminals.get(cells["terminal"], ""),
                names[lane].name if lane else "",
                hm(at) if at else cells["at"],
            )
            said: Words = [(" ", "text")]
            for i, ((_, width), text) in enumerate(zip(_MOVE_COLUMNS, texts, strict=True)):
                here = n == sheet.row and i == sheet.at
                said += _field(text or "_", width) if here else column(text, "text", width, cut=width - 1)
            return said

        head = [[], [(f"端末 {terminals}   移す先 {lanes}", "dim")], [], _titles(_MOVE_COLUMNS)]
        return head, len(sheet.rows), row

    def _texts(self, sheet: TicketSheet, row: int, cells: Cells | None, line: TicketLine | None) -> list[str]:
        """Return the texts of a line by column."""
        if cells is not None and cells.held is not None and line is None:
            t, one = cells.held, sheet.services
            short = next((s.short for s in one.values() if s.code == t.service), "")
            came = hm(t.issued_at) if t.issued_at else ""
            called = hm(t.called_at) if t.state == "serving" and t.called_at else ""
            return [t.number, short, t.terminal or "", came, called, "", "", ""]
        if line is None or cells is None:
            return [sheet.number(row), *[""] * 7]
        times = [hm(t) if t else cells[k] for k, t in (
            ("issued", line.issued_at), ("called", line.called_at), ("finished", line.finished_at),
        )]  # fmt: skip
        typed = cells["service"] or len(sheet.services) == 1 or line.state
        name = next((s.short for s in sheet.services.values() if s.code == line.service), "") if typed else ""
        end = _end_words(self.state.day.floor.site)[int(cells["end"]) - 1] if cells["end"] else ""
        return [line.ticket, name, line.terminal or "", *times, end, cells["cards"]]

    def _reading(self, state: ConsoleState, line: TicketLine) -> tuple[str, str]:
        """Return the outcome of a line with its role, so that a slip is seen before it is recorded."""
        late = [t for t in (line.issued_at, line.called_at, line.finished_at) if t is not None and t > state.day.now]
        if late:
            return f"{hm(late[0])} は先です", "bad"
        if line.issued_at is not None and line.called_at is not None and line.called_at < line.issued_at:
            return "受付より前の呼出し", "bad"
        if line.end not in OUTCOMES:
            return _end_words(state.day.floor.site)[ENDS.index(line.end)], "text"
        if line.terminal is None:
            return ("端末がありません", "bad") if line.called_at or line.finished_at else ("待っている", "text")
        if line.called_at is None:
            return "終了（待ち不明）", "text"
        return ("終了", "text") if line.finished_at else ("応対中", "text")

    # ---- keys

    def takes(self, key: str) -> bool:
        state = self.state
        if not state.ready:
            return False
        if key == "escape":
            if state.looking_back:
                return False
            self.app.perform("by_hand")
            return True
        sheets = self.sheets(state)
        if key in ("tab", "shift+tab"):
            self._sheet = sheets.at = (sheets.at + (1 if key == "tab" else -1)) % len(sheets.all)
            return True
        if self._moved(sheets.sheet, key):
            return True
        typed = (key.isascii() and key.isdigit()) or key == "."
        if not typed and key not in ("enter", "backspace"):
            return False
        if not may_write(self.app):
            return True
        refused = self._typed(sheets.sheet, key)
        state.line.say(refused, "warn")
        state.pending.refused = bool(refused) and typed
        return True

    def _moved(self, sheet: Sheet, key: str) -> bool:
        if key in ("up", "down"):
            sheet.up_down(1 if key == "down" else -1)
        elif key == "left":
            sheet.back()
        elif key == "right":
            sheet.forward()
        elif key == "home":
            sheet.at = 0
        else:
            return False
        return True

    def _typed(self, sheet: Sheet, key: str) -> str:
        """Take a digit, a dot, Enter or Backspace; return the refusal in words, "" where it was taken."""
        if key == "backspace":
            sheet.erase()
        elif key != "enter":
            return sheet.type(key)
        elif sheet.cells.empty and not isinstance(sheet, CountSheet):
            self.app.perform("paper_write")
            return self.state.line.text
        else:
            sheet.next_row()
        return ""

    def clicked(self, kind: str, rest: str) -> None:
        sheets = self.sheets(self.state)
        if kind == "sheet":
            self._sheet = sheets.at = int(rest)
        elif kind == "row" and int(rest) < len(sheets.sheet.rows):
            sheets.sheet.row = int(rest)
