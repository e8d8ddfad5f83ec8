"""Draw a form on a worksheet from top to bottom: A4, black on white, no merged cells.

Row heights are set here, since not every program computes those of wrapped text. A value over several columns is in the
first of them (a number in the last), with one frame around all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.common.clean_text import clean
from floorctl.common.spreadsheet_text import is_risky
from floorctl.documents.layout.cell_styles import (
    CLOSE_PT,
    FORMATS,
    HIGHEST,
    INDENT,
    LINE_PT,
    NOTE_PT,
    ROW_PT,
    TOTAL,
    TYPE_PT,
    WHOLE_PT,
)
from floorctl.documents.layout.grids import Grid
from floorctl.documents.layout.line_breaks import broken
from floorctl.documents.layout.page_choice import CLOSEST, Choice, choose, height, on_one_page
from floorctl.documents.layout.pages import Line, Mark, Slot, Value, close_frames
from floorctl.documents.layout.plain import cells
from floorctl.documents.layout.print_size import PX, SMALLER, Paper, cells_of, in_pixels, whole_pixels
from floorctl.documents.layout.sheet_names import sheet_name
from floorctl.documents.layout.template import Page

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NOTHING_HERE = "該当なし"
LANGUAGE = "ja-JP"


class Drawing(NamedTuple):
    """Chart with its place (top left of a line, at a column), its size in points, and what it shows in words."""

    chart: Chart
    line: Line
    column: int
    width: float
    height: float
    words: str


class Book:
    """Workbook in memory whose bytes depend only on what is written into it."""

    def __init__(self, *, title: str, subject: str, author: str, made: date, page: Page | None = None) -> None:
        """Make an empty workbook; ``made`` is its date of creation, so that equal facts give equal bytes."""
        from floorctl.documents.layout.workbook_language import workbook_in

        self.page = page or Page()
        self._out = BytesIO()
        options = {
            "in_memory": True,
            "constant_memory": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
            "default_format_properties": {"font_name": self.page.font, "font_size": TYPE_PT},
        }
        self.workbook: Workbook = workbook_in(LANGUAGE, self._out, options)
        created = datetime(made.year, made.month, made.day)  # noqa: DTZ001 - a date, written as it stands
        self.workbook.set_properties({"title": title, "subject": subject, "author": author, "created": created})
        self._formats: dict[str, Format] = {}
        self._sheets: list[Sheet] = []

    def format(self, name: str, **more: Any) -> Format:
        """Return the format ``name`` with additions, made once; ``size`` is relative to that of the text."""
        key = f"{name}{sorted(more.items())}"
        if key not in self._formats:
            # Without a scheme: with one, a spreadsheet shows the font of its theme instead of the one that is named.
            made = {"font_name": self.page.font, "font_scheme": "none", "valign": "vcenter"} | FORMATS[name] | more
            size = TYPE_PT + made.pop("size", 0)
            self._formats[key] = self.workbook.add_format(made | {"font_size": size})
        return self._formats[key]

    def sheet(
        self,
        name: str,
        widths: Sequence[float],
        *,
        running_title: str,
        footer: str,
        one_page: bool = False,
        landscape: bool = False,
    ) -> Sheet:
        """Add an A4 sheet whose columns fill the paper in the proportion of these widths (half-width cells).

        ``one_page``: on one page if it can be held at the workbook's print size, else over as many as needed.
        ``running_title`` is the first row, repeated on every page; ``footer`` is left of the page number.
        """
        ws = self.workbook.add_worksheet(sheet_name(name, [s.ws.get_name() for s in self._sheets]))
        self._sheets.append(Sheet(self, ws, widths, running_title, footer, one_page, landscape))
        return self._sheets[-1]

    def close(self) -> bytes:
        """Write all sheets in one print size and return the bytes."""
        smaller = max((sheet.smaller for sheet in self._sheets), default=1.0)
        limit = smaller * SMALLER
        smaller = max([smaller, *(need for sheet in self._sheets if (need := sheet.smaller_for_one_page) <= limit)])
        for sheet in self._sheets:
            sheet.write(smaller)
        self.workbook.close()
        return self._out.getvalue()


_WRAPS = ("head", "words", "text")  # styles in which a name is broken into lines by its words


class Sheet:
    """Form that grows downwards: each method adds below. The book writes it page by page when it is closed."""

    def __init__(
        self,
        book: Book,
        ws: Worksheet,
        widths: Sequence[float],
        running_title: str,
        footer: str,
        one_page: bool,
        landscape: bool = False,
    ) -> None:
        self.book, self.ws, self.one_page = book, ws, one_page
        self._paper = Paper(book.page, landscape=landscape)
        self.widths = self._paper.fitted(widths)
        self._grid = Grid(self.widths)
        self.last = len(widths) - 1
        self.lines: list[Line] = []
        self._drawings: list[Drawing] = []
        self._before_drawing: Callable[[], None] | None = None
        page = book.page
        ws.set_paper(9)
        if landscape:
            ws.set_landscape()
        else:
            ws.set_portrait()
        left, right, top, bottom = (mm / 25.4 for mm in (page.left_mm, page.right_mm, page.top_mm, page.bottom_mm))
        ws.set_margins(left=left, right=right, top=top, bottom=bottom)
        ws.hide_gridlines(2)
        ws.set_zoom(round(100 * page.size / TYPE_PT))
        face = f'&"{page.font},Regular"&9 '
        ws.set_footer(f"&L{face}{footer.replace('&', '&&')}&R{face}&P／&N", {"margin": bottom / 2})
        self._running = Line(ROW_PT + 4, [Mark(0, running_title, "note", {"valign": "top"})])
        ws.repeat_rows(0)

    def finish(self, before_drawing: Callable[[], None] | None = None) -> None:
        """End the form; the book writes it.

        ``before_drawing`` is called when every line has its height and row number, so that charts can be made.
        """
        self._before_drawing = before_drawing

    @property
    def smaller(self) -> float:
        """Return how much smaller than the print size of the page the sheet must be so that all columns fit."""
        return max(1.0, in_pixels(self.widths) / self._paper.pixels(1.0))

    @property
    def smaller_for_one_page(self) -> float:
        """Return how much smaller it must be to stay on one page; 1.0 if it may have several."""
        if not self.one_page:
            return 1.0
        return (height(self.lines, CLOSEST) + self._running.height) / self._paper.room(1.0)

    def _choose(self, smaller: float) -> Choice:
        """Return the pages of the sheet, and have it fitted on one or to their width."""
        room = self._paper.room(smaller) - self._running.height
        one = on_one_page(self.lines, room + 0.01) if self.one_page else None
        # The scale is what the fit comes to; it holds where somebody, or a program, prints without fitting.
        self.ws.set_print_scale(int(self._paper.percent(smaller)))
        self.ws.fit_to_pages(1, 1 if one else 0)
        return one or choose(self.lines, room)

    def write(self, smaller: float) -> None:
        """Distribute the lines over pages and write them, ``smaller`` times smaller than the print size of the page."""
        found, closer = self._choose(smaller)
        whole = whole_pixels(self.widths, self._paper.pixels(smaller))
        self.widths = [cells_of(pixels) for pixels in whole]
        for n, width in enumerate(self.widths):
            self.ws.set_column(n, n, width, self.book.format("plain"))
        self._running.row = 0
        close_frames(found)
        for line in [self._running, *(line for lines in found for line in lines)]:
            line.height = line.high(closer)
            self.ws.set_row(line.row, line.height)
            for mark in line.marks:
                self._write(line.row, mark)
        if self._before_drawing:
            self._before_drawing()
        for d in self._drawings:
            d.chart.set_size({"width": d.width * PX, "height": d.height * PX})
            place = {"object_position": 1, "x_offset": 4, "y_offset": 4, "description": d.words}
            self.ws.insert_chart(d.line.row, d.column, d.chart, place)
        self.ws.print_area(0, 0, found[-1][-1].row if found else 0, self.last)
        self.ws.set_h_pagebreaks([lines[0].row for lines in found[1:]])

    def _write(self, row: int, mark: Mark) -> None:
        """Write one cell; text that a spreadsheet would read as a formula is quoted."""
        if mark.value is None or mark.value == "":
            self.ws.write_blank(row, mark.column, None, self.book.format(mark.style, **mark.more))
        elif isinstance(mark.value, (int, float)):
            self.ws.write_number(row, mark.column, mark.value, self.book.format(mark.style, **mark.more))
        else:
            # Text that would become a formula once somebody edits the cell stays text.
            more = mark.more | {"quote_prefix": True} if is_risky(mark.value) else mark.more
            lines = mark.value.split("\n") if mark.style in _WRAPS else [mark.value]
            text = "\n".join(map(clean, lines))
            self.ws.write_string(row, mark.column, text, self.book.format(mark.style, **more))

    # ---- lines outside tables

    def add(
        self, height: float, marks: Iterable[Mark] = (), *, keep: bool = False, gap: bool = False, **more: Any
    ) -> Line:
        """Add a line; ``more`` as in Line. A line of one row of text may close up, and a gap."""
        more.setdefault("least", CLOSE_PT if height == ROW_PT else height / 2 if gap else 0.0)
        line = Line(min(height, HIGHEST), list(marks), keep, gap, **more)
        self.lines.append(line)
        return line

    def stay(self) -> None:
        """Keep the next line on the page of the last one."""
        if self.lines:
            self.lines[-1].keep = True

    def gap(self, points: float = 9.0) -> None:
        self.add(points, gap=True, keep=True)

    def line(self, text: str, style: str = "plain", **more: Any) -> None:
        """Add a text from the left that runs over the columns, in as many lines as the sheet is wide."""
        parts = list(broken(clean(text), self._grid.room(0, self.last) - more.get("indent", 0) * INDENT))
        for n, part in enumerate(parts):
            self.add(ROW_PT, [Mark(0, part, style, more)], keep=n < len(parts) - 1)

    def right(self, text: str, **more: Any) -> None:
        """Add a line of text that ends at the right edge."""
        self.add(ROW_PT, [Mark(self.last, text, "right", more)])

    def note(self, text: str) -> None:
        """Add small text over the whole width, on the page of the line above it."""
        for part in broken(clean(text), self._grid.room(0, self.last) * 1.1):
            self.stay()
            self.add(NOTE_PT, [Mark(0, part, "note")])

    def title(self, text: str) -> None:
        self.across(text, "title", 30)

    def across(self, text: str, style: str = "centre", height: float = ROW_PT, **more: Any) -> None:
        """Add a line of text centred over the whole width."""
        blanks = [Mark(n, None, style, more) for n in range(1, self.last + 1)]
        self.add(height, [Mark(0, text, style, more), *blanks], keep=True, begins=style == "title")

    def heading(self, text: str, style: str = "heading") -> None:
        """Begin a section; the heading stays with the next line."""
        self.gap(9.0 if style == "heading" else 5.0)
        self.add(ROW_PT, [Mark(0, text, style)], keep=True, begins=True)

    # ---- tables and boxes

    def pairs(self, rows: Iterable[tuple[str, str]], label_columns: int = 1) -> None:
        """Add a table of label and text; the text takes all columns right of ``label_columns``."""
        first = label_columns
        found = [
            (label if n == 0 else None, part, n == 0, n == len(parts) - 1)
            for label, text in rows
            for parts in [list(broken(clean(text), self._grid.room(first, self.last) - INDENT))]
            for n, part in enumerate(parts)
        ]
        for i, (label, part, top, bottom) in enumerate(found):
            marks = self._grid.strip(label, 0, first - 1, "label", top=top, bottom=bottom)
            marks += self._grid.strip(part, first, self.last, "plain", top=top, bottom=bottom, indent=1)
            self.add(ROW_PT, marks, keep=i < len(found) - 1 and (not bottom or len(found) * ROW_PT <= WHOLE_PT))

    def table(self, head: Sequence[str], rows: Iterable[Sequence[Value]], styles: Sequence[str]) -> None:
        """Add a table with one column of the sheet each; without rows it has one that says 該当なし."""
        slots = [Slot(n, n, heading, style) for n, (heading, style) in enumerate(zip(head, styles, strict=True))]
        self.grid(slots, list(rows))

    def grid(
        self, slots: Sequence[Slot], rows: Sequence[Sequence[Value]], totals: Iterable[int] = (), *, whole: bool = False
    ) -> list[Line]:
        """Add a table and return the first line of each row. ``totals`` are the indices of rows of sums.

        A long text continues in the next line; a table cut by a page repeats its head. ``whole``: do not cut it if a
        page can hold it, since a chart would draw the repeated head as a row. Without rows it has one that says 該当なし.
        """
        heads = self._grid.heads(slots)
        if not rows:
            slots, rows = [Slot(slots[0].first, slots[-1].last, "", "text")], [[NOTHING_HERE]]
        self.lines += heads
        bold = set(totals)
        body = [list(self._grid.body(slots, values, TOTAL if i in bold else {})) for i, values in enumerate(rows)]
        whole = whole or sum(line.height for row in body for line in row) <= WHOLE_PT
        for i, row in enumerate(body):
            # A row of a long text may be cut too, with three lines of it on either page.
            cut = not whole and sum(line.height for line in row) > WHOLE_PT
            for n, line in enumerate(row):
                line.keep, line.heads = not cut or n < 2 or n > len(row) - 4, heads
            # Of a table that is cut, a page holds at least two rows and never a sum alone.
            row[-1].keep = whole or i == 0 or i == len(rows) - 2 or i + 1 in bold
            self.lines += row
        self.lines[-1].keep = False
        return [row[0] for row in body]

    def most_lines(self, slots: Sequence[Slot], rows: Iterable[Sequence[Value]]) -> int:
        """Return in how many lines the longest text of a table would be written."""
        return self._grid.most_lines(slots, rows)

    def frame(self, texts: Iterable[str], at_least: int = 0, **more: Any) -> None:
        """Add lines of text in one frame over the whole width, ``at_least`` lines high, to write on below."""
        parts = [p for text in texts for p in broken(clean(text), self._grid.room(0, self.last) - INDENT)]
        parts += [""] * max(0, at_least - len(parts), 1 - len(parts))
        for n, part in enumerate(parts):
            top, bottom = n == 0, n == len(parts) - 1
            marks = self._grid.strip(part or None, 0, self.last, "plain", top=top, bottom=bottom, indent=1, **more)
            whole = len(parts) * ROW_PT <= WHOLE_PT
            keep = not bottom and (whole or n in (0, len(parts) - 2))
            self.add(ROW_PT, marks, keep=keep, written=not part, least=CLOSE_PT if part else 0.0)

    def box(self, text: str, lines: int) -> None:
        """Add a frame of ``lines`` lines to write in, with ``text`` in the first."""
        self.frame([text], lines)

    def form(self, head: Sequence[str], rows: Iterable[Sequence[Value]], points: float) -> None:
        """Add a table to be filled in by hand, with rows at least ``points`` high; given values are printed.

        Without ``head``, every other column is a label.
        """
        slots = [Slot(n, n, text, "word") for n, text in enumerate(head)]
        heads = self._grid.heads(slots) if head else []
        self.lines += heads
        for values in rows:
            marks, high = [], points
            for n in range(self.last + 1):
                value = values[n] if n < len(values) else None
                label = not head and n % 2 == 0
                style = "label" if label else "number" if isinstance(value, int) else "text" if n == 0 else "word"
                lines = self._grid.most_lines([Slot(n, n, "", style)], [[value]])
                if style == "word" and lines > 1:
                    style = "words"
                high = max(high, lines * LINE_PT + 4)
                marks.append(Mark(n, value if value != "" else None, style))
            self.add(high, marks, written=True).heads = heads

    def boxes(self, words: Sequence[str], columns: int, height: float, seal: str, beside: Sequence[str]) -> None:
        """Add boxes to sign at the right edge, a word above each; ``beside`` are the lines left of them.

        ``columns`` of each, or as many as hold the longest word.
        """
        longest = max(map(cells, words), default=0) + 1
        needed = (n + 1 for n in range(self.last + 1) if self._grid.room(self.last - n, self.last) >= longest)
        columns = min(max(columns, next(needed, 1)), (self.last + 1) // max(1, len(words)))
        starts = [self.last + 1 - columns * (len(words) - n) for n in range(len(words))]
        rows = ((ROW_PT, words, "head"), (height, [seal or None] * len(words), "word"))
        for n, (points, texts, style) in enumerate(rows):
            marks = [Mark(0, beside[n], "plain", {"valign": "top"})] if n < len(beside) else []
            for start, text in zip(starts, texts, strict=True):
                marks += self._grid.strip(text, start, start + columns - 1, style)
            self.add(points, marks, keep=True)

    def draw(self, chart: Chart, at: Line, column: int, width: float, height: float, words: str) -> None:
        """Place a chart over cells that are already there; sizes in points. ``words`` are read out in its stead."""
        self._drawings.append(Drawing(chart, at, column, width, height, words))

    def columns_for(self, labels: Iterable[str]) -> int:
        """Return how many columns hold the longest label, at most half of all."""
        needed = max((cells(label) for label in labels), default=0) + INDENT
        fitting = (n + 1 for n in range(self.last + 1) if self._grid.room(0, n) >= needed)
        return min(next(fitting, self.last), max(1, (self.last + 1) // 2))

    def widen(self, columns: int) -> None:
        """Make the sheet at least ``columns`` columns wide, so that a wider table is not cut."""
        self.widths += [self.widths[-1]] * (columns - len(self.widths))
        self.last = len(self.widths) - 1

    def width_pt(self, first: int, last: int) -> float:
        """Return the width of columns ``first`` to ``last`` in points."""
        return in_pixels(self.widths[first : last + 1]) / PX
