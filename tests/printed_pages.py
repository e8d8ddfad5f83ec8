"""The pages of a workbook, computed from its file alone: paper, margins, scale, widths, heights, breaks, charts.

``python -m tests.printed_pages FILE.xlsx...`` prints them, to be compared with what a spreadsheet program prints.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from floorctl.documents.layout.plain import cells
from tests.xlsx import NS, Xlsx

A4 = (210 / 25.4 * 72, 297 / 25.4 * 72)  # points
HEADING = re.compile(r"\d+　|\(\d+\)　|事案 \d|.*のとき|記録の照合|版の経過")
DRAWN = {"x": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"}
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Printed:
    """One page: its rows, how much of the paper's height between the margins they take (0 to 1), and what they are."""

    sheet: str
    number: int
    rows: tuple[int, ...]
    filled: float
    begins: bool  # something begins here: a heading, a title or a chart


@dataclass(frozen=True)
class Setup:
    """How a sheet is printed: the scale of its print, and the room of a page in points of the sheet."""

    scale: float
    wide: float
    room: float


def setup_of(book: Xlsx, sheet: str) -> Setup:
    """The print of a sheet as a spreadsheet program works it out: all columns on one page, at most as large as life."""
    xml = book.xml[sheet]
    page, margins = xml.find("m:pageSetup", NS), xml.find("m:pageMargins", NS)
    assert page is not None and margins is not None and page.get("paperSize") == "9"
    across, down = A4[::-1] if page.get("orientation") == "landscape" else A4
    inches = {side: float(str(margins.get(side))) * 72 for side in ("left", "right", "top", "bottom")}
    width, height = across - inches["left"] - inches["right"], down - inches["top"] - inches["bottom"]
    wide = sum(
        round(float(str(c.get("width"))) * 7) * (int(str(c.get("max"))) - int(str(c.get("min"))) + 1) * 72 / 96
        for c in xml.iterfind("m:cols/m:col", NS)
    )
    scale = min(1.0, width / wide)
    if page.get("fitToHeight", "1") != "0":
        scale = min(scale, height / sum(h for _, h in book.heights(sheet)))
    return Setup(scale, wide, height / scale)


def pages_of(book: Xlsx, sheet: str) -> Iterator[Printed]:
    """The pages of a sheet, which its breaks begin. The first row is repeated on each."""
    heights, room = dict(book.heights(sheet)), setup_of(book, sheet).room
    cells = {n: list(found.values()) for n, found in book.cells(sheet)}
    charts = set(chart_rows(book, sheet))
    ends = [*book.breaks(sheet), max(heights)]
    start = 1
    for number, end in enumerate(ends, 1):
        rows = tuple(range(start, end + 1))
        high = sum(heights.get(n, 15) for n in rows) + (heights[1] if start > 1 else 0)
        begins = start == 1 or any(
            n in charts or (len(cells.get(n, [])) == 1 and HEADING.match(str(cells[n][0]))) for n in rows
        )
        yield Printed(sheet, number, rows, high / room, begins)
        start = end + 1


def chart_rows(book: Xlsx, sheet: str) -> Iterator[int]:
    """The rows at which the charts of a sheet begin."""
    for anchor in anchors(book, sheet):
        yield int(anchor.findtext("x:from/x:row", "", DRAWN)) + 1


def anchors(book: Xlsx, sheet: str) -> list[ElementTree.Element]:
    """What is drawn on a sheet."""
    drawing = book.xml[sheet].find("m:drawing", NS)
    if drawing is None:
        return []
    number = list(book.xml).index(sheet) + 1
    relations = ElementTree.fromstring(book.parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"])
    target = next(r.get("Target", "") for r in relations if r.get("Id") == drawing.get(_REL))
    return ElementTree.fromstring(book.parts[f"xl/{target.removeprefix('../')}"]).findall("x:twoCellAnchor", DRAWN)


def cut_off(book: Xlsx, sheet: str) -> Iterator[str]:
    """The texts of a sheet that are wider than the room they have, or of more lines than their row is high."""
    aligned = [xf.find("m:alignment", NS) for xf in book.styles.iterfind("m:cellXfs/m:xf", NS)]
    widths = [
        float(str(c.get("width")))
        for c in book.xml[sheet].iterfind("m:cols/m:col", NS)
        for _ in range(int(str(c.get("min"))), int(str(c.get("max"))) + 1)
    ]
    for row in book.xml[sheet].iterfind("m:sheetData/m:row", NS):
        found = list(row.iterfind("m:c", NS))
        filled = [n for n, c in enumerate(found) if c.find("m:v", NS) is not None]
        for n in filled:
            value, how = found[n].findtext("m:v", "", NS), aligned[int(found[n].get("s", "0"))]
            text = book.strings[int(value)] if found[n].get("t") == "s" else value
            says = {} if how is None else how.attrib
            at = _column(found[n])
            # A text runs on over empty cells to its right; a figure, and one from the right, does not.
            end = _column(found[n + 1]) if n + 1 in filled else len(widths)
            alone = says.get("horizontal") in ("right", "center") or "wrapText" in says or found[n].get("t") != "s"
            end = at + 1 if alone else end
            room = sum(widths[at:end]) + 0.7 * (end - at)
            if "wrapText" in says:
                lines = sum(max(1, -(-cells(part) // int(room))) for part in text.split("\n"))
                if lines * 12.6 > float(row.get("ht", "15")) + 0.5:
                    yield f"{row.get('r')}: {text}"
            elif "shrinkToFit" in says:
                if cells(text) > room * 1.5:
                    yield f"{row.get('r')}: {text}"
            elif len(filled) == 1 and at == len(widths) - 1:
                continue  # a line that ends at the right edge runs to the left
            elif cells(text) + 2 * (says.get("horizontal") == "right") > room * 1.1 and found[n].get("t") == "s":
                yield f"{row.get('r')}: {text}"


def _column(cell: ElementTree.Element) -> int:
    number = 0
    for letter in str(cell.get("r")).rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


def prints_well(book: Xlsx, *, most: float = 0.955) -> None:
    """Assert what every workbook keeps: one print size, pages that hold their rows, none with a table's tail alone, the
    first one used, charts said in words, the language of the file."""
    scales = {sheet: setup_of(book, sheet).scale for sheet in book.xml}
    assert max(scales.values()) - min(scales.values()) < 0.004, f"one print size: {scales}"
    assert b"<scheme" not in book.parts["xl/styles.xml"], "the named font, not that of the spreadsheet's theme"
    for sheet in book.xml:
        assert not list(cut_off(book, sheet))
        found = list(pages_of(book, sheet))
        for page in found:
            assert page.filled <= most, page
            assert page.begins or page.filled >= 0.25, f"a tail alone: {page}"
        assert len(found) == 1 or found[0].filled > 0.6, found[0]
        for anchor in anchors(book, sheet):
            said = [str(drawn.get("descr")) for drawn in anchor.iterfind(".//x:cNvPr", DRAWN)]
            assert said and all(re.search("グラフ.*横軸は.*から.*まで", text) for text in said), said
    assert b"<dc:language>ja-JP</dc:language>" in book.parts["docProps/core.xml"]
    assert not [name for name, part in book.parts.items() if b"en-US" in part]


def main() -> None:
    for name in sys.argv[1:]:
        book = Xlsx(Path(name).read_bytes())
        for sheet in book.xml:
            setup = setup_of(book, sheet)
            print(f"{Path(name).name}\t{sheet}\t{setup.scale:.3f}", end="")
            for page in pages_of(book, sheet):
                print(f"\t{page.filled:.0%}{'' if page.begins else ' tail'}", end="")
            print()


if __name__ == "__main__":
    main()
