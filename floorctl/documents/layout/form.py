"""Render a layout (template) with data tables and facts to a workbook, independent of days, months and lanes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from floorctl.common.frozen import frozen
from floorctl.documents.layout import template as t
from floorctl.documents.layout.cell_styles import CHART_PT, LONG_TEXT
from floorctl.documents.layout.charts import Series, chart_in_words, chart_of
from floorctl.documents.layout.columns import Placed, is_family, placed_columns, shown, side_by_side, sums
from floorctl.documents.layout.material import TOTAL, Cell, Row, Table
from floorctl.documents.layout.page_choice import CLOSEST
from floorctl.documents.layout.pages import Line, Slot, Value
from floorctl.documents.layout.plain import NONE_RECORDED, NOTHING_RECORDED
from floorctl.documents.layout.sheet import NOTHING_HERE, Book, Sheet


@frozen
class Material:
    """Content of a document. Instants on ``day`` are written without their date; None writes every date.

    ``codes``: the site's codes for each key by which sheets are selected (``lane``). ``meanings``: the name by which a
    layout may select a code instead of the code itself (Site.lane_meanings). ``recorded``: there is a record of the time
    that the document is about; without one nothing is said not to have happened.
    """

    tables: Mapping[str, Table]
    facts: Mapping[str, str | int]
    codes: Mapping[str, Collection[str]]
    meanings: Mapping[str, str]
    made: date
    day: date | None
    subject: str
    author: str
    recorded: bool = True


def render(document: t.Document, page: t.Page, signing: t.Signing, material: Material) -> bytes:
    """Return the workbook; equal layout and material give equal bytes."""
    title = filled(document.title, material.facts)
    book = Book(title=title, subject=material.subject, author=material.author, made=material.made, page=page)
    for layout in document.sheets:
        if _applies(layout, material):
            _Form(book, document, signing, layout, material).draw()
    return book.close()


def filled(text: str, facts: Mapping[str, str | int]) -> str:
    """Return ``text`` with the facts in place of ``{key}``; numbers get a comma every three digits."""

    def word(key: str) -> str:
        value = facts[key]
        return f"{value:,}" if isinstance(value, int) else value

    return t.FACT.sub(lambda found: word(found[1]), text)


def says(text: str, facts: Mapping[str, str | int]) -> bool:
    """Return whether a text is printed: neither it nor any fact that it names is empty."""
    return bool(text) and all(facts[key] != "" for key in t.FACT.findall(text))


def _applies(layout: t.Sheet, material: Material) -> bool:
    """Return whether a sheet is drawn: the site has the codes that it selects, and it has rows if it must."""
    for key, wanted in layout.only.items():
        codes = material.codes.get(key)
        if codes is not None and not any(_named(code, wanted, material.meanings) for code in codes):
            return False
    return not layout.omit_empty or any(rows_of(layout, section, material) for section in layout.sections)


def rows_of(layout: t.Sheet, section: t.Section, material: Material) -> list[Row]:
    """Return the rows of a section that pass its filters and those of its sheet."""
    if not section.table:
        return []
    rows = material.tables[section.table].rows
    means = material.meanings
    only = {k: v for k, v in layout.only.items() if any(k in row for row in rows)} | section.only
    return [
        row
        for row in rows
        if all(_named(str(row.get(k, "")), v, means) for k, v in only.items())
        and not any(_named(str(row.get(k, "")), v, means) for k, v in section.without.items())
    ]


def _named(code: str, wanted: Collection[str], meanings: Mapping[str, str]) -> bool:
    """Return whether a layout selects a code of the site, by the code itself or by its meaning."""
    return code in wanted or meanings.get(code, "") in wanted


class _Form:
    """One sheet while it is drawn."""

    def __init__(
        self, book: Book, document: t.Document, signing: t.Signing, layout: t.Sheet, material: Material
    ) -> None:
        self.book, self.document, self.signing, self.layout, self.material = book, document, signing, layout, material
        self.facts = {**material.facts, "sheet": layout.name}
        self.title = filled(layout.title, self.facts)
        self.facts["title"] = self.title.replace("　", "")  # only the head is spaced out
        running, footer = (filled(text, self.facts) for text in (document.running, document.footer))
        self.sheet: Sheet = book.sheet(
            layout.name,
            layout.widths,
            running_title=running,
            footer=footer,
            one_page=layout.one_page,
            landscape=layout.landscape,
        )
        # Each with the heading of its section, its columns, its rows, its place, and the lines beside which it stands
        # (none if below).
        self._charts: list[tuple[t.Chart, str, list[Placed], list[Line], Line, list[Line]]] = []

    def draw(self) -> None:
        if self.layout.letterhead:
            self._letterhead()
        else:
            self._boxes(())
            self.sheet.title(self.title)
        self._sections()
        self.sheet.finish(self._add_charts)

    # ---- the head

    def _letterhead(self) -> None:
        """Draw date, addressee (left of the boxes), sender, title, subject and pairs."""
        head, sheet = self.document.letterhead, self.sheet
        text = {"font_name": self.book.page.text_font}
        for line in self._texts(head.right):
            sheet.right(line, **text)
        left = self._texts(head.left)
        if not self._boxes(left):
            for line in left:
                sheet.line(line, **text)
        sheet.gap(4)
        for line in self._texts(head.sender):
            sheet.right(line, **text)
        sheet.title(self.title)
        for line in self._texts((self.layout.sentence,)):
            sheet.line(line, **text)
        if head.below:
            sheet.across(head.below, font_name=self.book.page.text_font)
        if head.pairs:
            sheet.gap(3)
            self._pairs(head.pairs)

    def _boxes(self, beside: Sequence[str]) -> bool:
        """Draw the boxes to sign, with lines left of them; return False if the sheet has none."""
        signing = self.signing
        if not self.layout.signed or not signing.signers:
            return False
        self.sheet.boxes(signing.signers, signing.columns, signing.height, signing.seal, beside)
        return True

    def _texts(self, texts: Sequence[str]) -> list[str]:
        return [filled(text, self.facts) for text in texts if says(text, self.facts)]

    def _pairs(self, pairs: Sequence[t.Pair]) -> bool:
        """Draw pairs of label and text; return False if no text is printed.

        The label takes as many columns as the longest label needs.
        """
        rows = [(filled(p.label, self.facts), filled(p.text, self.facts)) for p in pairs if says(p.text, self.facts)]
        if rows:
            self.sheet.pairs(rows, self.sheet.columns_for([label for label, _ in rows]))
        return bool(rows)

    # ---- sections

    def _sections(self) -> None:
        """Draw all sections; number them by level (1, (1)) and write 該当なし under a heading without content."""
        major = minor = 0
        heading_end: int | None = None  # number of lines after the last heading
        empty = ""  # what its section says without content
        for section in self.layout.sections:
            rows = rows_of(self.layout, section, self.material)
            omitted = section.omit_empty and not rows
            if section.heading and not omitted:
                if section.level != 2:
                    self._nothing(heading_end, empty)
                    empty = self._empty(section)
                number = ""
                if section.level == 1:
                    major, minor = major + 1, 0
                    number = f"{major}　"
                elif section.level == 2:
                    minor += 1
                    number = f"({minor})　"
                style = "part" if section.level == 2 else "heading"
                self.sheet.heading(number + filled(section.heading, self.facts), style)
                if section.level != 2:
                    heading_end = len(self.sheet.lines)
            if not omitted:
                self._section(section, rows)
        self._nothing(heading_end, empty)

    def _nothing(self, since: int | None, empty: str) -> None:
        """Write ``empty`` if no line was added since the heading ended at line ``since``."""
        if since is not None and since == len(self.sheet.lines):
            self.sheet.line(empty, indent=1)

    def _empty(self, section: t.Section) -> str:
        """Return what a section says without content: of a time without a record, nothing but that, unless it is known."""
        if section.empty in ("", NONE_RECORDED):
            return NOTHING_RECORDED if not self.material.recorded else section.empty or NOTHING_HERE
        return filled(section.empty, self.facts)

    def _section(self, section: t.Section, rows: list[Row]) -> None:
        """Draw the content of a section: pairs, then a table, a frame or the text for no rows, then notes."""
        sheet = self.sheet
        if self._pairs(section.pairs) and (section.table or section.frame_lines):
            sheet.stay()
            sheet.gap(5)
        if section.table and section.lines_of:
            texts = [str(row.get(section.lines_of) or "") for row in rows]
            sheet.frame(texts or [self._empty(section)], section.frame_lines, font_name=self.book.page.text_font)
        elif section.table and rows:
            self._table(section, rows)
        elif section.table:
            sheet.line(self._empty(section), indent=1)
        elif section.frame_lines:
            sheet.frame([], section.frame_lines)
        for note in self._texts(section.notes) if rows or not section.table else ():
            sheet.note(note)

    # ---- tables

    def _table(self, section: t.Section, rows: list[Row]) -> None:
        """Draw a data table, which may be several below each other, its rows of sums and its chart."""
        members = self.material.tables[section.table].members
        parts = placed_columns(section, members, rows, self.sheet.last + 1)
        if not parts:
            self.sheet.line(self._empty(section), indent=1)
        for n, part in enumerate(parts):
            if n:
                self.sheet.gap(5)
            named = [p._replace(slot=p.slot._replace(heading=filled(p.slot.heading, self.facts))) for p in part]
            self._part(section, named, rows)

    def _part(self, section: t.Section, placed: list[Placed], rows: list[Row]) -> None:
        self.sheet.widen(placed[-1].slot.last + 1)
        # A chart draws a hyphen as 0, an empty cell as a gap.
        drawn = {*section.chart.bars, *section.chart.lines} if section.chart else set()
        gaps = {p.key for p in placed if any(p.key == key or is_family(key, p.key) for key in drawn)}

        def cell(p: Placed, value: Cell) -> Value:
            return None if value is None and p.key in gaps else shown(p.column.style, value, self.material.day)

        written = [[cell(p, row.get(p.key)) for p in placed] for row in rows]
        totals = [n for n, row in enumerate(rows) if row.get(TOTAL)]
        if section.total and len(rows) > 1 and not totals:
            written.append(sums(section.total, placed, written))
            totals.append(len(rows))
        slots = [p.slot for p in placed]
        if section.beside > 1:
            totals = []
            slots, written = self._beside(slots, written, section.beside)
        charted = section.chart is not None and bool(gaps)
        lines = self.sheet.grid(slots, written, totals, whole=charted)
        if section.chart is not None and charted:
            about = filled(section.heading, self.facts)
            self._chart(section.chart, about, placed, [line for n, line in enumerate(lines) if n not in totals])

    def _beside(self, slots: list[Slot], rows: list[list[Value]], parts: int) -> tuple[list[Slot], list[list[Value]]]:
        """Fold a table into so many parts, or into fewer where a text would be a long and narrow column."""
        for fewer in range(parts, 1, -1):
            found = side_by_side(slots, rows, fewer, self.sheet.last + 1)
            if self.sheet.most_lines(*found) <= LONG_TEXT:
                return found
        return side_by_side(slots, rows, 1, self.sheet.last + 1)

    # ---- charts

    def _chart(self, chart: t.Chart, about: str, placed: list[Placed], lines: list[Line]) -> None:
        """Reserve the space of a chart, below the table or right of it; ``about``: the heading of its section."""
        beside: list[Line] = []
        if chart.place == "below":
            self.sheet.gap(4)
            at = self.sheet.add(chart.height + 6.0, drawing=True)
        else:
            at = lines[0].heads[0]
            beside = self.sheet.lines[self.sheet.lines.index(at) :]
            if (lacks := CHART_PT - sum(line.high(CLOSEST) for line in beside)) > 0:
                self.sheet.stay()
                beside.append(self.sheet.add(lacks))
        self._charts.append((chart, about, placed, lines, at, beside))

    def _add_charts(self) -> None:
        """Draw the charts; every line has its height and row number now."""
        for chart, about, placed, lines, at, beside in self._charts:
            by_key = {p.key: p for p in placed}
            if not lines or chart.over not in by_key:
                continue

            def series(keys: Sequence[str], title: str, by_key: Mapping[str, Placed] = by_key) -> list[Series]:
                found = [by_key[k] for key in keys for k in by_key if k == key or is_family(key, k)]
                return [Series(title if len(found) == 1 and title else p.slot.heading, p.slot.last) for p in found]

            bars, curves = series(chart.bars, chart.bar_title), series(chart.lines, chart.line_title)
            over = by_key[chart.over].slot.first
            drawn = chart_of(self.book, chart, self.layout.name, lines, over, bars, curves)
            words = chart_in_words(chart.title or about, lines, over, bars, curves)
            column = placed[-1].slot.last + 1 if beside else 0
            width = self.sheet.width_pt(column, self.sheet.last) - 6
            height = sum(line.height for line in beside) - 8 if beside else chart.height
            self.sheet.draw(drawn, at, column, width, height, words)
