"""Layout of the documents as data (``data/documents.toml``): sheets, sections, columns and their words.

The contractor adapts it with the city without changing the program; ``template_file`` reads it.
"""

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Fault, Part, Words

Key = Annotated[str, Chars(r"^[a-z][a-z0-9_]{0,31}(\.(\*|[A-Za-z][A-Za-z0-9_]{0,31}))?$")]
Line = Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=400)]
Span = Annotated[int, Between(0, 40)]
Width = Annotated[float, Between(1, 120)]
Millimetres = Annotated[int, Between(5, 60)]
Style = Literal["text", "word", "number", "decimal", "percent", "minutes", "span", "time", "date", "check", "blank"]
Rows = dict[Key, tuple[str, ...]]  # key: the values that count

FACT = re.compile(r"\{([^{}]*)\}")


@record
class Column(Part):
    """Column of a table. ``span``: its width in columns of the sheet; 0 takes all that are left.

    ``group``: heading above neighbours that share it. ``drop_empty``: left out if no row has a value. A key with ``*``
    becomes one column each lane (or member of the data table); ``{name}`` in its heading is the lane's word.
    """

    heading: Line
    key: Key | Literal[""] = ""
    style: Style = "text"
    span: Span = 1
    group: Line = ""
    drop_empty: bool = False
    sums: bool = True

    def check(self) -> Iterator[Fault]:
        if self.key == "" and self.style not in ("check", "blank"):
            yield Fault(("heading",), "key がありません（key なしで書けるのは style が check か blank の列）")


@record
class Chart(Part):
    """Chart over columns of the table above it: ``bars`` side by side, ``lines`` with their own axis at the right."""

    over: Key
    bars: tuple[Key, ...] = ()
    lines: tuple[Key, ...] = ()
    title: Line = ""
    x_title: Line = ""
    bar_title: Line = ""
    line_title: Line = ""
    place: Literal["below", "right"] = "below"
    height: Annotated[int, Between(60, 600)] = 170  # points, if placed below

    def check(self) -> Iterator[Fault]:
        if self.bars == () == self.lines:
            yield Fault(("over",), "bars か lines が1つ以上要ります")


@record
class Pair(Part):
    """Line of label and text, left out if a fact in its text is empty."""

    label: Line
    text: Line


@record
class Section(Part):
    """Part of a sheet: a heading, then pairs, a table (or its rows as lines of text in a frame), a frame, notes.

    ``only`` and ``without`` select rows by key. ``total``: label of a row of sums. ``beside``: number of parts in which
    the table is set side by side. Without rows it prints ``empty``, or is left out (``omit_empty``). ``level`` 2 is a
    subsection, 0 has no number.
    """

    heading: Line = ""
    level: Literal[0, 1, 2] = 1
    table: Key | Literal[""] = ""
    columns: tuple[Column, ...] = ()
    only: Rows = field(default_factory=dict)
    without: Rows = field(default_factory=dict)
    total: Line = ""
    beside: Annotated[int, Between(1, 6)] = 1
    lines_of: Key | Literal[""] = ""
    frame_lines: Annotated[int, Between(0, 40)] = 0
    pairs: tuple[Pair, ...] = ()
    empty: Line = ""  # 該当なし, without a record of the time 記録なし
    omit_empty: bool = False
    notes: tuple[Line, ...] = ()
    chart: Chart | None = None

    def check(self) -> Iterator[Fault]:
        if self.table and self.columns == () and self.lines_of == "":
            yield Fault(("table",), "table には columns か lines_of が要ります")
        if self.columns and self.table == "":
            yield Fault(("columns",), "columns には table が要ります")
        if sum(c.span == 0 for c in self.columns) > 1:
            yield Fault(("columns",), "span = 0 の列は1つまでです")
        if self.beside > 1 and (self.chart or any(c.span == 0 for c in self.columns)):
            yield Fault(("beside",), "beside と chart や span = 0 の列は一緒に使えません")
        keys = {c.key for c in self.columns}
        chart = self.chart
        for key in (chart.over, *chart.bars, *chart.lines) if chart else ():
            if key not in keys:
                yield Fault(("chart",), f"chart の {key} が columns にありません")


@record
class Sheet(Part):
    """Sheet of the workbook. ``widths``: of its columns, in half-width characters; ``one_page``: on one A4 page if it can be read there.

    ``landscape``: A4 on its side. ``only`` filters every section whose data table has the key; the sheet is left out if the site has no such code.
    ``omit_empty``: it is also left out if no table on it has rows.
    """

    name: Annotated[str, Chars(r"^[^\x00-\x1f\x7f\[\]:*?/\\']+$", least=1, most=31)]
    title: Line
    sentence: Line = ""
    widths: Annotated[tuple[Width, ...], Between(1, 60)]
    one_page: bool = False
    landscape: bool = False
    letterhead: bool = True
    signed: bool = True
    omit_empty: bool = False
    only: Rows = field(default_factory=dict)
    sections: tuple[Section, ...] = ()

    def check(self) -> Iterator[Fault]:
        for n, section in enumerate(self.sections):
            used = section.beside * sum(c.span or 1 for c in section.columns)
            if used > len(self.widths):
                why = f"span の合計 {used} が widths の数 {len(self.widths)} を超えます"
                yield Fault(("sections", n, "columns"), why)


@record
class Letterhead(Part):
    """Head of a sheet (SPEC 5): date at the right, addressee at the left, sender at the right, subject in pairs."""

    right: tuple[Line, ...] = ()
    left: tuple[Line, ...] = ()
    sender: tuple[Line, ...] = ()
    below: Line = "記"
    pairs: tuple[Pair, ...] = ()


@record
class Document(Part):
    """One workbook. ``running`` is printed at the top of each page, ``footer`` at the bottom beside the page number."""

    title: Line
    running: Line
    footer: Line
    letterhead: Letterhead = Letterhead()
    sheets: Annotated[tuple[Sheet, ...], Between(1)]

    def check(self) -> Iterator[Fault]:
        seen: set[str] = set()
        for n, sheet in enumerate(self.sheets):
            if sheet.name.casefold() in seen:
                yield Fault(("sheets", n, "name"), f"シート名 {sheet.name} が2度あります", "別の名前にしてください")
            seen.add(sheet.name.casefold())


@record
class Page(Part):
    """Paper and type: A4 upright, with a wider margin at the left for filing.

    ``size`` is that of the type on the screen, by the zoom of the sheets; ``print_size`` on paper, the same on all sheets
    of a workbook. No program prints larger than the cells are (TYPE_PT).
    """

    font: Words = "BIZ UDゴシック"
    text_font: Words = "BIZ UDゴシック"
    size: Annotated[float, Between(6, 16)] = 10.0
    print_size: Annotated[float, Between(6, 10)] = 8.6
    left_mm: Millimetres = 20
    right_mm: Millimetres = 13
    top_mm: Millimetres = 14
    bottom_mm: Millimetres = 15


@record
class Signing(Part):
    """Boxes to sign a sheet (SPEC 5); ``seal`` is printed in them (印), "" if they are initialled."""

    signers: tuple[Words, ...] = ()
    seal: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=8)] = ""
    columns: Annotated[int, Between(1, 40)] = 1  # of the sheet, for each box
    height: Annotated[int, Between(18, 120)] = 36


@record
class Template(Part):
    """The whole layout file. A document that it does not name is laid out as shipped."""

    page: Page = Page()
    signing: Signing = Signing()
    day: Document | None = None
    month: Document | None = None
    year: Document | None = None
    contract: Document | None = None
    shifts: Document | None = None
    week: Document | None = None
