"""p 紙の入力 (from j): the printed sheets on the screen, line by line and column by column, to be typed from paper.

What is written is one act with the paper's own times, undone by one key, and marked 手書き in the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len

from floorctl.commands.paper import ENDS, TicketLine
from floorctl.common.words import OUTCOMES, TICKET_STATES, hm
from floorctl.console.state import ConsoleState
from floorctl.models.site.site import Site
from floorctl.screens.asking import may_write
from floorctl.screens.drawing.canvas import Canvas, fit, pad, scroll_bar, window
from floorctl.screens.frame import ScreenConsole, View
from floorctl.screens.tickets.paper_sheets import CountSheet, MoveSheet, Sheets, TicketSheet

if TYPE_CHECKING:
    from floorctl.screens.tickets.paper_sheets import Cells, Sheet

# Title and cells of each column, in the order of the printed sheet.
_COLUMNS = (
    ("番号", 6), ("業務", 14), ("端末", 6), ("受付", 7), ("呼出し", 7), ("終了", 7), ("結果", 9), ("枚数", 5),
)  # fmt: skip
_KEYS = "数字はそのまま  時刻は分だけ（05）  Enter 次の行・空の行で記録  左右 欄  Tab 次の用紙"
_KEYS_SHORT = "時刻は分だけ  Enter 次の行（空の行で記録）  Tab 次の用紙"


def _end_words(site: Site) -> list[str]:
    """How a ticket may end, in the order of ``ENDS``."""
    return [*map(site.outcome_word, OUTCOMES), TICKET_STATES["no_show"], TICKET_STATES["left"]]


def _tab(sheet: Sheet) -> str:
    if isinstance(sheet, TicketSheet):
        return f"{sheet.lane.letter} {sheet.lane.name}"
    return "件数" if isinstance(sheet, CountSheet) else "配分変更"


class PaperView(View):
    heading = "紙の入力"
    groups: ClassVar[frozenset[str]] = frozenset({"紙"})
    foot: ClassVar[tuple[str, ...]] = ("paper_write", "paper_start", "paper_drop", "by_hand")

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self._sheet = 0  # the one in hand, when what was typed has been written

    def sheets(self, state: ConsoleState) -> Sheets:
        """What has been typed so far; it outlives the view."""
        if state.pending.paper is None:
            state.pending.paper = Sheets(state.day.floor, state.day.numbers(), state.day.now)
            state.pending.paper.at = self._sheet
        held: Sheets = state.pending.paper
        return held

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        sheets = self.sheets(state)
        c.fill(0, 1, c.width, c.height - 3, "panel")
        end = c.put(1, 2, self.heading, "strong")
        c.put(end + 2, 2, fit(_KEYS if c.width >= 100 else _KEYS_SHORT, c.width - end - 3), "dim")
        self._draw_tabs(c, sheets)
        sheet = sheets.sheet
        if isinstance(sheet, TicketSheet):
            self._draw_tickets(c, state, sheet)
        elif isinstance(sheet, CountSheet):
            self._draw_counts(c, sheet)
        elif isinstance(sheet, MoveSheet):
            self._draw_moves(c, state, sheet)

    def _draw_tabs(self, c: Canvas, sheets: Sheets) -> None:
        x = 1
        for n, sheet in enumerate(sheets.all):
            name = _tab(sheet)
            typed = len(sheet.filled())
            text = f" {name}{f' {typed}' if typed else ''} "
            if x + cell_len(text) > c.width:
                break
            c.target(x, 3, cell_len(text), 1, f"sheet:{n}")
            x = c.put(x, 3, text, "key" if n == sheets.at else "strong" if typed else "dim") + 1

    # ---- the ticket sheet

    def _draw_tickets(self, c: Canvas, state: ConsoleState, sheet: TicketSheet) -> None:
        services = "  ".join(f"{k} {s.short}" for k, s in sheet.services.items())
        terminals = " ".join(t if k == t[1:] else f"{k}={t}" for k, t in sheet.terminals.items())
        c.put(1, 4, fit(f"業務 {services}", c.width - 2), "dim")
        c.put(1, 5, fit(f"端末 {terminals}   紙の始まり {hm(sheet.start)}（a で変える）", c.width - 2), "dim")
        ends = "  ".join(f"{n} {word}" for n, word in enumerate(_end_words(state.day.floor.site), 1))
        c.put(1, 6, fit(f"結果 {ends}（空欄は完了）", c.width - 2), "dim")
        x = 2
        for title, width in _COLUMNS:
            c.put(x, 7, title, "dim")
            x += width
        c.put(x, 7, "こう記録します", "dim", c.width - x - 1)
        rows = c.height - 3 - 8
        shown = sheet.shown()
        first = window(max(len(sheet.rows), rows), rows, sheet.row)
        for n in range(rows):
            row = first + n
            self._draw_ticket(c, state, sheet, row, 8 + n, shown.get(row))
        scroll_bar(c, c.width - 1, 8, rows, len(sheet.rows), first)

    def _draw_ticket(
        self, c: Canvas, state: ConsoleState, sheet: TicketSheet, row: int, y: int, line: TicketLine | None
    ) -> None:
        here = row == sheet.row
        if here:
            c.fill(0, y, c.width, 1, "card_on")
        c.target(0, y, c.width, 1, f"row:{row}")
        cells = sheet.rows[row] if row < len(sheet.rows) else None
        texts = self._texts(sheet, row, cells, line)
        x = 2
        for i, ((_, width), text) in enumerate(zip(_COLUMNS, texts, strict=True)):
            if here and i == sheet.at:
                typed = cells[sheet.field] if cells is not None else ""
                shown = text if sheet.full(sheet.field) else f"{typed}_"
                c.put(x, y, pad(shown, width - 1), "warn_badge")
            else:
                c.put(x, y, fit(text, width - 1), "text" if i or line is not None else "dim")
            x += width
        if line is not None:
            said, role = self._reading(state, line)
            c.put(x, y, fit(said, c.width - x - 1), role)

    def _texts(self, sheet: TicketSheet, row: int, cells: Cells | None, line: TicketLine | None) -> list[str]:
        """The line as it will read, column by column."""
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
        """What the line comes to, so that a slip is seen before it is written."""
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

    # ---- the tally

    def _draw_counts(self, c: Canvas, sheet: CountSheet) -> None:
        name_width = 22 if c.width >= 100 else 12
        width = max(4, (c.width - name_width - 3) // len(sheet.hours))
        c.put(1, 5, fit("紙の「正」を時間ごとに数字で。Enter で下へ、左右で時間、z で記録します", c.width - 2), "dim")
        for n, hour in enumerate(sheet.hours):
            c.put(1 + name_width + n * width, 6, pad(f"{hour}時", width - 1, right=True), "dim")
        rows = c.height - 3 - 7
        first = window(len(sheet.items), rows, sheet.row)
        for n, item in enumerate(sheet.items[first : first + rows]):
            row, y = first + n, 7 + n
            if row == sheet.row:
                c.fill(0, y, c.width, 1, "card_on")
            c.target(0, y, c.width, 1, f"row:{row}")
            name = item.name if cell_len(item.name) < name_width else item.short
            c.put(1, y, fit(name, name_width - 1), "strong" if row == sheet.row else "text")
            for m, hour in enumerate(sheet.hours):
                here = row == sheet.row and m == sheet.at
                text = sheet.rows[row][str(hour)] + ("_" if here else "")
                c.put(
                    1 + name_width + m * width, y, pad(text, width - 1, right=True), "warn_badge" if here else "strong"
                )
        scroll_bar(c, c.width - 1, 7, rows, len(sheet.items), first)

    # ---- the moves

    def _draw_moves(self, c: Canvas, state: ConsoleState, sheet: MoveSheet) -> None:
        site = state.day.floor.site
        lanes = "  ".join(f"{k} {site.lane_by_code[x].name}" for k, x in sheet.lanes.items())
        terminals = "  ".join(f"{k} {t}" if k != t[1:] else t for k, t in sheet.terminals.items())
        c.put(1, 5, fit(f"端末 {terminals}   移す先 {lanes}", c.width - 2), "dim")
        columns = (("端末", 8), ("移す先", 18), ("時刻", 8))
        x = 2
        for title, width in columns:
            c.put(x, 7, title, "dim")
            x += width
        times = sheet.times()
        rows = c.height - 3 - 8
        first = window(len(sheet.rows), rows, sheet.row)
        for row, cells in list(enumerate(sheet.rows))[first : first + rows]:
            y = 8 + row - first
            if row == sheet.row:
                c.fill(0, y, c.width, 1, "card_on")
            c.target(0, y, c.width, 1, f"row:{row}")
            at = times[row]
            lane = sheet.lanes.get(cells["lane"])
            texts = (
                sheet.terminals.get(cells["terminal"], ""),
                site.lane_by_code[lane].name if lane else "",
                hm(at) if at else cells["at"],
            )
            x = 2
            for i, ((_, width), text) in enumerate(zip(columns, texts, strict=True)):
                here = row == sheet.row and i == sheet.at
                c.put(x, y, pad(text or ("_" if here else ""), width - 1), "warn_badge" if here else "text")
                x += width
        scroll_bar(c, c.width - 1, 8, rows, len(sheet.rows), first)

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
        state.line.say(self._typed(sheets.sheet, key), "warn")
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
        """Takes a digit, a dot, Enter or Backspace; what stands against it, in words."""
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
