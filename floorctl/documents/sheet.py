"""Draws a form on a worksheet from top to bottom: titles, tables, boxes; A4 portrait, black on white, no merged cells.

Row heights are set here, since not every program that opens the file computes those of wrapped text. What goes over
several columns stands in the first (a number in the last) of them, with one frame around all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from floorctl.documents.pages import Line, Mark, Value, pages
from floorctl.documents.plain import cells, is_risky
from floorctl.documents.template import Page
from floorctl.privacy import clean

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["Book", "Drawing", "Sheet", "Slot", "Value"]

LINE_PT = 12.6  # a line of text of 10 points
ROW_PT = 15.75
NOTE_PT = 12.75
MAX_LINES = 28  # Excel knows no row higher than 409 points; a longer text goes on in the next row
INDENT = 3.2  # what an indented cell loses, in half-width cells
SHRINKS = 1.35  # a word that is so much too wide is printed smaller, a longer one in several lines
WHOLE_PT = 150.0  # a table that is no higher stands on one page
HANGING = "、。，．）」』"  # never begin a line
OPENING = "（「『"  # never end one
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:/+-]*％?|.", re.DOTALL)
TOTAL = {"bold": True, "top": 6}
PX = 96 / 72

_FORMATS: dict[str, dict[str, Any]] = {
    "plain": {},
    "note": {"size": -1, "valign": "bottom"},
    "right": {"align": "right"},
    "centre": {"align": "center_across"},
    "title": {"align": "center_across", "size": 6, "bold": True},
    "heading": {"bold": True, "size": 1},
    "part": {"bold": True},
    "head": {"bold": True, "border": 1, "bg_color": "#D9D9D9", "align": "center", "text_wrap": True},
    "text": {"border": 1, "text_wrap": True, "indent": 1},
    "word": {"border": 1, "align": "center", "shrink": True},
    # A figure stands off the edge by its number format: not every program honours an indent from the right.
    "words": {"border": 1, "align": "center", "text_wrap": True},
    "number": {"border": 1, "align": "right", "num_format": "#,##0_ _ ;-#,##0_ _ ;0_ _ ;@_ _ "},
    "decimal": {"border": 1, "align": "right", "num_format": "#,##0.0_ ;-#,##0.0_ ;0.0_ ;@_ _ "},
    "percent": {"border": 1, "align": "right", "num_format": "0.0%_ ;-0.0%_ ;0.0%_ ;@_ _ "},
    "label": {"bold": True, "border": 1, "bg_color": "#D9D9D9", "indent": 1},
}
_FIGURES = frozenset({"number", "decimal", "percent"})


class Slot(NamedTuple):
    """A column of a table: the columns of the sheet that it takes (both included), heading, style, and a word above."""

    first: int
    last: int
    heading: str
    style: str
    group: str = ""


class Drawing(NamedTuple):
    """A chart and where it stands: at the top left of a line, that many points wide and high."""

    chart: Chart
    line: Line
    column: int
    width: float
    height: float


class Book:
    """A workbook in memory whose bytes depend on nothing but what is written into it."""

    def __init__(self, *, title: str, subject: str, author: str, made: date, page: Page | None = None) -> None:
        """``made`` stands as the date of creation, so that the same facts give the same bytes."""
        from xlsxwriter import Workbook

        self.page = page or Page()
        self._out = BytesIO()
        options = {
            "in_memory": True,
            "constant_memory": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
            "default_format_properties": {"font_name": self.page.font, "font_size": self.page.size},
        }
        self.workbook: Workbook = Workbook(self._out, options)
        created = datetime(made.year, made.month, made.day)  # noqa: DTZ001 - a date, written as it stands
        self.workbook.set_properties({"title": title, "subject": subject, "author": author, "created": created})
        self._formats: dict[str, Format] = {}

    def format(self, name: str, **more: Any) -> Format:
        """The format ``name`` with additions, e.g. the borders of a box; made once. ``size`` is relative to the page's."""
        key = f"{name}{sorted(more.items())}"
        if key not in self._formats:
            made = {"font_name": self.page.font, "valign": "vcenter"} | _FORMATS[name] | more
            size = self.page.size + made.pop("size", 0)
            self._formats[key] = self.workbook.add_format(made | {"font_size": size})
        return self._formats[key]

    def sheet(
        self, name: str, widths: Sequence[float], *, running_title: str, footer: str, one_page: bool = False
    ) -> Sheet:
        """A new A4 sheet with columns of these widths (in half-width cells), as many pages long as it needs, or one.

        ``running_title`` is the first row, repeated on every page; ``footer`` stands left of the page number.
        """
        ws = self.workbook.add_worksheet(name)
        ws.fit_to_pages(1, 1 if one_page else 0)
        return Sheet(self, ws, widths, running_title, footer, one_page)

    def close(self) -> bytes:
        self.workbook.close()
        return self._out.getvalue()


class Sheet:
    """A form that grows downwards; every method adds below what is there, ``finish`` writes it page by page."""

    def __init__(
        self, book: Book, ws: Worksheet, widths: Sequence[float], running_title: str, footer: str, one_page: bool
    ) -> None:
        self.book, self.ws, self.widths, self.one_page = book, ws, list(widths), one_page
        self.last = len(widths) - 1
        self.lines: list[Line] = []
        self._drawings: list[Drawing] = []
        page = book.page
        ws.set_paper(9)
        ws.set_portrait()
        left, right, top, bottom = (mm / 25.4 for mm in (page.left_mm, page.right_mm, page.top_mm, page.bottom_mm))
        ws.set_margins(left=left, right=right, top=top, bottom=bottom)
        ws.hide_gridlines(2)
        face = f'&"{page.font},Regular"&9 '
        ws.set_footer(f"&L{face}{footer.replace('&', '&&')}&R{face}&P／&N", {"margin": bottom / 2})
        self._running = Line(ROW_PT + 4, [Mark(0, running_title, "note", {"valign": "top"})])
        ws.repeat_rows(0)

    def finish(self, before_drawing: Callable[[], None] | None = None) -> None:
        """Call once, when everything is said: writes it, sets what is printed, and on which page.

        ``before_drawing`` is called when every line has its row: then charts can be made.
        """
        page = self.book.page
        scale = min(1.0, (210 - page.left_mm - page.right_mm) / 25.4 * 72 / self.width_pt(0, self.last))
        room = ((297 - page.top_mm - page.bottom_mm) / 25.4 * 72 / scale) * 0.97
        if self.one_page:
            # What is shrunk to be no higher than the page should still be as wide as it.
            stretch = max(1.0, sum(line.height for line in self.lines) / (room - self._running.height))
            self.widths = [width * stretch for width in self.widths]
            room = float("inf")
        for n, width in enumerate(self.widths):
            self.ws.set_column(n, n, width, self.book.format("plain"))
        self._running.row = 0
        found = pages(self.lines, room - self._running.height, 1)
        for line in [self._running, *(line for lines in found for line in lines)]:
            self.ws.set_row(line.row, line.height)
            for mark in line.marks:
                self._write(line.row, mark)
        if before_drawing:
            before_drawing()
        for d in self._drawings:
            d.chart.set_size({"width": d.width * PX, "height": d.height * PX})
            self.ws.insert_chart(d.line.row, d.column, d.chart, {"object_position": 1, "x_offset": 4, "y_offset": 4})
        self.ws.print_area(0, 0, found[-1][-1].row if found else 0, self.last)
        self.ws.set_h_pagebreaks([lines[0].row for lines in found[1:]])

    def _write(self, row: int, mark: Mark) -> None:
        fmt = self.book.format(mark.style, **mark.more)
        if mark.value is None or mark.value == "":
            self.ws.write_blank(row, mark.column, None, fmt)
        elif isinstance(mark.value, (int, float)):
            self.ws.write_number(row, mark.column, mark.value, fmt)
        else:
            # Text that would become a formula once somebody edits the cell stays text.
            more = mark.more | {"quote_prefix": True} if is_risky(mark.value) else mark.more
            text = (
                "\n".join(clean(part) for part in mark.value.split("\n")) if mark.style == "head" else clean(mark.value)
            )
            self.ws.write_string(row, mark.column, text, self.book.format(mark.style, **more))

    # ---- lines outside tables

    def add(self, height: float, marks: Iterable[Mark] = (), *, keep: bool = False, gap: bool = False) -> Line:
        line = Line(min(height, 409.0), list(marks), keep, gap)
        self.lines.append(line)
        return line

    def stay(self) -> None:
        """Whatever comes next stands on the same page as the last line."""
        if self.lines:
            self.lines[-1].keep = True

    def gap(self, points: float = 9.0) -> None:
        self.add(points, gap=True, keep=True)

    def line(self, text: str, style: str = "plain", **more: Any) -> None:
        """One line of text from the left; it may run over the columns."""
        self.add(ROW_PT, [Mark(0, text, style, more)])

    def right(self, text: str, **more: Any) -> None:
        """One line of text that ends at the right edge."""
        self.add(ROW_PT, [Mark(self.last, text, "right", more)])

    def note(self, text: str) -> None:
        """Small text over the whole width, broken into as many lines as it needs; it belongs to what is above."""
        for part in _broken(clean(text), self._room(0, self.last) * 1.1):
            self.stay()
            self.add(NOTE_PT, [Mark(0, part, "note")])

    def title(self, text: str) -> None:
        self.across(text, "title", 30)

    def across(self, text: str, style: str = "centre", height: float = ROW_PT, **more: Any) -> None:
        """A line of text in the middle of the width."""
        blanks = [Mark(n, None, style, more) for n in range(1, self.last + 1)]
        self.add(height, [Mark(0, text, style, more), *blanks], keep=True)

    def heading(self, text: str, style: str = "heading") -> None:
        """Begins a section; its heading stays with what follows."""
        self.gap(9.0 if style == "heading" else 5.0)
        self.add(ROW_PT, [Mark(0, text, style)], keep=True)

    # ---- tables and boxes

    def pairs(self, rows: Iterable[tuple[str, str]], label_columns: int = 1) -> None:
        """A two-column table of label and text; the text runs over all columns that the label leaves."""
        first = label_columns
        found = [
            (label if n == 0 else None, part, n == 0, n == len(parts) - 1)
            for label, text in rows
            for parts in [list(_broken(clean(text), self._room(first, self.last) - INDENT))]
            for n, part in enumerate(parts)
        ]
        for i, (label, part, top, bottom) in enumerate(found):
            marks = self._strip(label, 0, first - 1, "label", top=top, bottom=bottom)
            marks += self._strip(part, first, self.last, "plain", top=top, bottom=bottom, indent=1)
            self.add(ROW_PT, marks, keep=i < len(found) - 1 and (not bottom or len(found) * ROW_PT <= WHOLE_PT))

    def table(self, head: Sequence[str], rows: Iterable[Sequence[Value]], styles: Sequence[str]) -> None:
        """A header row and its rows, one value a column of the sheet from the left. Without rows, one says 該当なし."""
        slots = [Slot(n, n, heading, style) for n, (heading, style) in enumerate(zip(head, styles, strict=True))]
        self.grid(slots, list(rows) or [["該当なし", *[None] * (len(slots) - 1)]])

    def grid(
        self,
        slots: Sequence[Slot],
        rows: Sequence[Sequence[Value]],
        totals: Iterable[int] = (),
        *,
        whole: bool = False,
    ) -> list[Line]:
        """A table with its head; ``totals`` are the numbers of rows that are sums. Gives the first line of each row.

        A text longer than its cell can show goes on in the next row; a table that is cut by a page says its head again.
        ``whole``: it is not cut where a page can hold it, since a chart would draw the repeated head as a row.
        """
        heads = self._heads(slots)
        self.lines += heads
        bold = set(totals)
        body = [list(self._body(slots, values, TOTAL if i in bold else {})) for i, values in enumerate(rows)]
        whole = whole or sum(line.height for row in body for line in row) <= WHOLE_PT
        for i, row in enumerate(body):
            for line in row:
                line.keep, line.heads = True, heads
            # A page holds two rows at least of a table that is cut, and never a sum alone.
            row[-1].keep = whole or i == 0 or i == len(rows) - 2 or i + 1 in bold
            self.lines += row
        self.lines[-1].keep = False
        return [row[0] for row in body]

    def _heads(self, slots: Sequence[Slot]) -> list[Line]:
        found = []
        if any(s.group for s in slots):
            marks: list[Mark] = []
            n = 0
            while n < len(slots):
                m = n
                while m + 1 < len(slots) and slots[n].group and slots[m + 1].group == slots[n].group:
                    m += 1
                open_below = {} if slots[n].group else {"bottom": 0}
                marks += self._strip(slots[n].group or None, slots[n].first, slots[m].last, "head", **open_below)
                n = m + 1
            found.append(Line(ROW_PT, marks, keep=True))
        broken = [_balanced(s.heading, self._room(s.first, s.last) + 0.4).split("\n") for s in slots]
        # No cell wraps over its neighbours: where such a heading is too long, the head is as many rows as it has lines.
        split = any(len(lines) > 1 and s.first < s.last for s, lines in zip(slots, broken, strict=True))
        high = max(len(lines) for lines in broken)
        count = high if split else 1
        for n in range(count):
            marks = []
            for s, lines in zip(slots, broken, strict=True):
                above = (high - len(lines)) // 2
                text = "\n".join(lines) if not split else lines[n - above] if 0 <= n - above < len(lines) else None
                open_above = (found and not s.group) or n > 0
                marks += self._strip(text, s.first, s.last, "head", top=not open_above, bottom=n == count - 1)
            found.append(Line(LINE_PT + 3 if split else high * LINE_PT + 5, marks, keep=True))
        return found

    def _body(self, slots: Sequence[Slot], values: Sequence[Value], more: dict[str, Any]) -> Iterator[Line]:
        """A row of a table as the lines that it takes: values in the first, what is left of long texts in those after."""
        broken = [self._pieces(s, v) for s, v in zip(slots, values, strict=True)]
        count = max(len(pieces) for pieces, _ in broken)
        for n in range(count):
            marks: list[Mark] = []
            high = 1
            for slot, (pieces, rows) in zip(slots, broken, strict=True):
                piece = pieces[n] if n < len(pieces) else None
                high = max(high, rows[n] if n < len(rows) else 1)
                style = "words" if slot.style == "word" and n < len(rows) and rows[n] > 1 else slot.style
                edges = more | ({"top": 0} if n else {}) | ({"bottom": 0} if n < count - 1 else {})
                marks += self._strip(piece, slot.first, slot.last, style, **edges)
            yield Line(min(max(ROW_PT, high * LINE_PT + 4), 409.0), marks)

    def _pieces(self, slot: Slot, value: Value) -> tuple[list[Value], list[int]]:
        """What a cell shows line after line, and how many lines of text each piece is high."""
        if not isinstance(value, str) or slot.style not in ("text", "word"):
            return [clean(value) if isinstance(value, str) else value], [1]
        text, room = clean(value), self._room(slot.first, slot.last) - (INDENT if slot.style == "text" else 0.4)
        if slot.style == "word" and cells(text) <= room * (SHRINKS if slot.first == slot.last else 1):
            return [text], [1]
        lines = list(_broken(text, room))
        if slot.first < slot.last:  # no cell wraps over its neighbours
            return [*lines], [1] * len(lines)
        cut = [lines[n : n + MAX_LINES] for n in range(0, len(lines), MAX_LINES)]
        return ["".join(part) for part in cut], [len(part) for part in cut]

    def frame(self, texts: Iterable[str], at_least: int = 0, **more: Any) -> None:
        """Lines of text in one frame over the whole width, with room to write on below where they are few."""
        parts = [p for text in texts for p in _broken(clean(text), self._room(0, self.last) - INDENT)]
        parts += [""] * max(0, at_least - len(parts), 1 - len(parts))
        for n, part in enumerate(parts):
            top, bottom = n == 0, n == len(parts) - 1
            marks = self._strip(part or None, 0, self.last, "plain", top=top, bottom=bottom, indent=1, **more)
            whole = len(parts) * ROW_PT <= WHOLE_PT
            self.add(ROW_PT, marks, keep=not bottom and (whole or n in (0, len(parts) - 2)))

    def box(self, text: str, lines: int) -> None:
        """An empty frame of some lines to write in; ``text`` stands in its first line."""
        self.frame([text], lines)

    def form(self, head: Sequence[str], rows: Iterable[Sequence[Value]], points: float) -> None:
        """A table to be written in by hand: rows of this height, framed over all columns; what is given is printed.

        Without ``head`` the first and third column are labels.
        """
        if head:
            self.add(ROW_PT, [Mark(n, text, "head") for n, text in enumerate(head)], keep=True)
        for values in rows:
            marks = []
            for n in range(self.last + 1):
                value = values[n] if n < len(values) else None
                label = not head and n % 2 == 0
                style = "label" if label else "number" if isinstance(value, int) else "text" if n == 0 else "word"
                marks.append(Mark(n, value if value != "" else None, style))
            self.add(points, marks)

    def boxes(self, words: Sequence[str], columns: int, height: float, seal: str, beside: Sequence[str]) -> None:
        """Boxes at the right edge in which people confirm, a word above each; ``beside`` are lines at the left of them."""
        columns = min(columns, (self.last + 1) // max(1, len(words)))
        starts = [self.last + 1 - columns * (len(words) - n) for n in range(len(words))]
        rows = ((ROW_PT, words, "head"), (height, [seal or None] * len(words), "word"))
        for n, (points, texts, style) in enumerate(rows):
            marks = [Mark(0, beside[n], "plain", {"valign": "top"})] if n < len(beside) else []
            for start, text in zip(starts, texts, strict=True):
                marks += self._strip(text, start, start + columns - 1, style)
            self.add(points, marks, keep=True)

    def draw(self, chart: Chart, at: Line, column: int, width: float, height: float) -> None:
        """A chart over cells that are there already; sizes in points."""
        self._drawings.append(Drawing(chart, at, column, width, height))

    def columns_for(self, labels: Iterable[str]) -> int:
        """How many columns hold the longest of some labels; at most half of them."""
        needed = max((cells(label) for label in labels), default=0) + INDENT
        fitting = (n + 1 for n in range(self.last + 1) if self._room(0, n) >= needed)
        return min(next(fitting, self.last), max(1, (self.last + 1) // 2))

    def widen(self, columns: int) -> None:
        """Makes the sheet so many columns wide at least, so that a table with more of them is not cut."""
        self.widths += [self.widths[-1]] * (columns - len(self.widths))
        self.last = len(self.widths) - 1

    def width_pt(self, first: int, last: int) -> float:
        """Width of some columns in points."""
        return sum(7 * w + 5 for w in self.widths[first : last + 1]) / PX

    # ---- cells

    def _room(self, first: int, last: int) -> float:
        """How many half-width cells of text some columns hold together."""
        return sum(self.widths[first : last + 1]) + 0.7 * (last - first)

    def _strip(
        self, value: Value, first: int, last: int, style: str, *, top: float = 1, bottom: float = 1, **more: Any
    ) -> list[Mark]:
        """Cells from ``first`` to ``last`` with one frame around them; what stands in them runs over all."""
        if first == last:
            return [Mark(first, value, style, {"border": 1, "top": int(top), "bottom": int(bottom)} | more)]
        base = _FORMATS[style]
        figure = style in _FIGURES and not isinstance(value, str)
        shared: dict[str, Any] = {"text_wrap": False, "shrink": False, "top": int(top), "bottom": int(bottom)} | more
        if base.get("align") == "center" and value is not None and "\n" not in str(value):
            shared["align"] = "center_across"
        marks = []
        for n in range(first, last + 1):
            edges = {"left": int(n == first), "right": int(n == last)}
            if "indent" in base and n != (last if base.get("align") == "right" else first):
                edges["indent"] = 0
            holds = n == (last if figure or base.get("align") == "right" else first)
            marks.append(Mark(n, value if holds else None, style, shared | edges))
        return marks


def _broken(text: str, width: float) -> Iterator[str]:
    """A text in pieces that fit a column ``width`` half-width cells wide; at least one piece.

    A figure or a word in Latin letters stays whole where a line can hold it; no line ends with an opening bracket.
    """
    room, piece, used = max(2, int(width)), "", 0
    for token in _TOKEN.findall(text):
        parts = [token] if cells(token) <= room else list(token)
        for part in parts:
            w = cells(part)
            if used + w > room and part not in HANGING:
                kept = piece.rstrip(OPENING) or piece
                yield kept
                piece = piece[len(kept) :]
                used = cells(piece)
            piece, used = piece + part, used + w
    yield piece


def _balanced(text: str, width: float) -> str:
    """A heading in as few lines as it needs, none much shorter than the others; a bracket begins a line where it can."""
    if cells(text) <= int(width):
        return text
    before, bracket, rest = text.partition("（")
    if before and bracket and max(cells(before), cells(bracket + rest)) <= int(width):
        return f"{before}\n{bracket}{rest}"
    fewest = len(list(_broken(text, width)))
    room = next(r for r in range(2, int(width) + 1) if len(list(_broken(text, r))) <= fewest)
    return "\n".join(_broken(text, room))
