"""Draws a form on a worksheet from top to bottom: titles, tables, boxes; A4 portrait, black on white, no merged cells.

Row heights are set here, since not every program that opens the file computes those of wrapped text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from floorctl.documents.plain import cells, is_risky
from floorctl.privacy import clean

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FONT = "BIZ UDゴシック"
SIZE = 10
LINE_PT = 12.6
ROW_PT = 18.0
MAX_LINES = 28  # Excel knows no row higher than 409 points; a longer text goes on in the next row
INDENT = 4.0  # what an indented cell loses, in half-width cells
SIDE_IN, TOP_IN, BOTTOM_IN = 0.5, 0.55, 0.65
HANGING = "、。，．）」』"  # never begin a line
TOTAL = {"bold": True, "top": 6}
Value = str | int | None

_FORMATS: dict[str, dict[str, Any]] = {
    "plain": {},
    "note": {"font_size": 9},
    "right": {"align": "right"},
    "title": {"align": "center_across", "font_size": 16, "bold": True},
    "heading": {"bold": True, "font_size": 11},
    "head": {"bold": True, "border": 1, "bg_color": "#D9D9D9", "align": "center", "text_wrap": True},
    "text": {"border": 1, "text_wrap": True, "indent": 1},
    "word": {"border": 1, "align": "center", "shrink": True},
    "number": {"border": 1, "align": "right", "indent": 1, "num_format": "#,##0"},
    "label": {"bold": True, "border": 1, "bg_color": "#D9D9D9", "indent": 1},
}


class Book:
    """A workbook in memory whose bytes depend on nothing but what is written into it."""

    def __init__(self, *, title: str, subject: str, author: str, made: date) -> None:
        """``made`` stands as the date of creation, so that the same facts give the same bytes."""
        from xlsxwriter import Workbook

        self._out = BytesIO()
        options = {
            "in_memory": True,
            "constant_memory": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
            "default_format_properties": {"font_name": FONT, "font_size": SIZE},
        }
        self._book: Workbook = Workbook(self._out, options)
        created = datetime(made.year, made.month, made.day)  # noqa: DTZ001 - a date, written as it stands
        self._book.set_properties({"title": title, "subject": subject, "author": author, "created": created})
        self._formats: dict[str, Format] = {}

    def format(self, name: str, **more: Any) -> Format:
        """The format ``name`` with additions, e.g. the borders of a box; made once."""
        key = f"{name}{sorted(more.items())}"
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
            self._formats[key] = self._book.add_format(base | _FORMATS[name] | more)
        return self._formats[key]

    def sheet(
        self, name: str, widths: Sequence[float], *, running_title: str, footer: str, one_page: bool = False
    ) -> Sheet:
        """A new A4 sheet with columns of these widths (in half-width cells), as many pages long as it needs, or one.

        ``running_title`` is the first row, repeated on every page; ``footer`` stands left of the page number.
        """
        ws = self._book.add_worksheet(name)
        ws.fit_to_pages(1, 1 if one_page else 0)
        return Sheet(self, ws, widths, running_title, footer, one_page)

    def close(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


class Sheet:
    """A form that grows downwards; every method writes at the next free row."""

    def __init__(
        self, book: Book, ws: Worksheet, widths: Sequence[float], running_title: str, footer: str, one_page: bool
    ) -> None:
        self.book, self.ws, self.widths, self.one_page = book, ws, widths, one_page
        self.row = 0
        self.last = len(widths) - 1
        self._heights: list[float] = []
        self._blocks: list[int] = []  # rows at which a section begins
        for n, width in enumerate(widths):
            ws.set_column(n, n, width, book.format("plain"))
        ws.set_paper(9)
        ws.set_portrait()
        ws.set_margins(left=SIDE_IN, right=SIDE_IN, top=TOP_IN, bottom=BOTTOM_IN)
        ws.center_horizontally()
        ws.hide_gridlines(2)
        face = f'&"{FONT},Regular"&9 '
        ws.set_footer(f"&L{face}{footer.replace('&', '&&')}&R{face}&P／&N")
        self.line(running_title, "note")
        ws.repeat_rows(0)

    def finish(self) -> None:
        """Call once, when everything is written: sets what is printed, and on which page."""
        self.ws.print_area(0, 0, self.row - 1, self.last)
        if not self.one_page:
            self.ws.set_h_pagebreaks(self._breaks())

    def _breaks(self) -> list[int]:
        """Rows before which a page ends: a section stays whole where a page can hold it."""
        scale = min(1.0, (210 / 25.4 - 2 * SIDE_IN) * 96 / sum(7 * w + 5 for w in self.widths))
        page = ((297 / 25.4 - TOP_IN - BOTTOM_IN) * 72 / scale) * 0.97
        found: list[int] = []
        used = 0.0
        for start, end in pairwise([0, *self._blocks, len(self._heights)]):
            whole = sum(self._heights[start:end])
            together = whole + ROW_PT <= page  # the running title stands on every page
            for row in range(start, end):
                needed = whole if together and row == start else self._heights[row]
                if used + needed > page:
                    found.append(row)
                    used = ROW_PT
                used += self._heights[row]
        return found

    # ---- lines outside tables

    def gap(self, points: float = 9.0) -> None:
        self._height(points)
        self.row += 1

    def line(self, text: str, style: str = "plain") -> None:
        """One line of text from the left; it may run over the columns."""
        self._height(ROW_PT)
        self._write(0, text, style)
        self.row += 1

    def right(self, text: str) -> None:
        """One line of text that ends at the right edge."""
        self._height(ROW_PT)
        self._write(self.last, text, "right")
        self.row += 1

    def note(self, text: str) -> None:
        """Small text over the whole width, broken into as many lines as it needs."""
        for part in _broken(clean(text), sum(self.widths) * 1.1):
            self._height(LINE_PT)
            self._write(0, part, "note")
            self.row += 1

    def title(self, text: str) -> None:
        self._height(34)
        self._write(0, text, "title")
        for n in range(1, self.last + 1):
            self.ws.write_blank(self.row, n, None, self.book.format("title"))
        self.row += 1

    def heading(self, text: str) -> None:
        """Begins a section, which stays on one page where it can."""
        self._blocks.append(self.row)
        self.gap()
        self.line(text, "heading")

    # ---- tables and boxes

    def pairs(self, rows: Iterable[tuple[str, str]]) -> None:
        """A two-column table of label and text; the text runs over all columns from the second on."""
        for label, text in rows:
            for n, part in enumerate(_broken(clean(text), sum(self.widths[1:]) - INDENT)):
                self._height(ROW_PT)
                self._write(0, label if n == 0 else None, "label")
                self._strip(part, 1)
                self.row += 1

    def table(
        self, head: Sequence[str], rows: Iterable[Sequence[Value]], styles: Sequence[str], *, total: bool = False
    ) -> None:
        """A header row and its rows, one value a column from the left, in ``styles``; the last row may be the total.

        Without rows, one says 該当なし. A text longer than a row can show goes on in the next row.
        """
        self._height(max(len(list(_broken(h, self.widths[n]))) for n, h in enumerate(head)) * LINE_PT + 6)
        for n, text in enumerate(head):
            self._write(n, text, "head")
        self.row += 1
        self.rows(rows, styles, total=total, columns=len(head))

    def rows(
        self, rows: Iterable[Sequence[Value]], styles: Sequence[str], *, total: bool = False, columns: int = 1
    ) -> None:
        """More rows of the table above."""
        found = list(rows) or [["該当なし", *[None] * (columns - 1)]]
        for i, values in enumerate(found):
            last = total and i == len(found) - 1
            for part in self._parts(values):
                texts = [(v, self.widths[n]) for n, v in enumerate(part) if isinstance(v, str) and styles[n] == "text"]
                lines = [len(list(_broken(v, width - INDENT))) for v, width in texts]
                self._height(max(ROW_PT, max(lines, default=1) * LINE_PT + 4))
                for n, value in enumerate(part):
                    self._write(n, value, styles[n], **(TOTAL if last else {}))
                self.row += 1

    def _parts(self, values: Sequence[Value]) -> Iterator[list[Value]]:
        """A row as the rows that it takes: values in the first, what is left of long texts in those after it."""
        rest = [clean(v) if isinstance(v, str) else v for v in values]
        while True:
            part, more = list(rest), False
            for n, value in enumerate(rest):
                broken = list(_broken(value, self.widths[n] - INDENT)) if isinstance(value, str) else []
                if len(broken) > MAX_LINES:
                    part[n], rest[n], more = "".join(broken[:MAX_LINES]), "".join(broken[MAX_LINES:]), True
                else:
                    rest[n] = None
            yield part
            if not more:
                return

    def form(self, head: Sequence[str], rows: Iterable[Sequence[Value]], points: float) -> None:
        """A table to be written in by hand: rows of this height, framed over all columns; what is given is printed.

        Without ``head`` the first and third column are labels.
        """
        if head:
            self._height(ROW_PT)
            for n, text in enumerate(head):
                self._write(n, text, "head")
            self.row += 1
        for values in rows:
            self._height(points)
            for n in range(self.last + 1):
                value = values[n] if n < len(values) else None
                label = not head and n % 2 == 0
                style = "label" if label else "number" if isinstance(value, int) else "text" if n == 0 else "word"
                self._write(n, value if value != "" else None, style)
            self.row += 1

    def box(self, text: str, lines: int) -> None:
        """An empty frame of some lines to write in; ``text`` stands in its first line."""
        for n in range(lines):
            self._height(ROW_PT)
            self._strip(text if n == 0 else "", 0, top=int(n == 0), bottom=int(n == lines - 1))
            self.row += 1

    def _strip(self, text: str, first: int, top: int = 1, bottom: int = 1) -> None:
        """Cells from ``first`` to the last with a frame around them and ``text`` at the left."""
        for n in range(first, self.last + 1):
            edges: dict[str, int] = {"indent": 1} if n == first else {}
            edges |= {"top": top, "bottom": bottom, "left": int(n == first), "right": int(n == self.last)}
            self._write(n, text if n == first and text else None, "plain", **edges)

    # ---- cells

    def _height(self, points: float) -> None:
        self.ws.set_row(self.row, min(points, 409))
        self._heights.append(min(points, 409))

    def _write(self, column: int, value: Value, style: str, **more: Any) -> None:
        fmt = self.book.format(style, **more)
        if value is None:
            self.ws.write_blank(self.row, column, None, fmt)
        elif isinstance(value, int):
            self.ws.write_number(self.row, column, value, fmt)
        else:
            # Text that would become a formula once somebody edits the cell stays text.
            fmt = self.book.format(style, **more, quote_prefix=True) if is_risky(value) else fmt
            self.ws.write_string(self.row, column, clean(value), fmt)


def _broken(text: str, width: float) -> Iterator[str]:
    """A text in pieces that fit a column ``width`` half-width cells wide; at least one piece."""
    room, piece, used = max(2, int(width)), "", 0
    for c in text:
        w = cells(c)
        if used + w > room and c not in HANGING:
            yield piece
            piece, used = "", 0
        piece, used = piece + c, used + w
    yield piece
