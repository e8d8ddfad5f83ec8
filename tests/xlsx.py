"""Reads a workbook back without a library, as the tests of the documents look at it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


class Xlsx:
    """The parts of a workbook, its strings, its sheets by name; broken XML or a broken archive fails the reading."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            assert z.testzip() is None
            self.parts = {name: z.read(name) for name in z.namelist()}
        strings = ElementTree.fromstring(self.parts["xl/sharedStrings.xml"])
        self.strings = ["".join(t.text or "" for t in si.iterfind(".//m:t", NS)) for si in strings]
        self.styles = ElementTree.fromstring(self.parts["xl/styles.xml"])
        workbook = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        names = [str(s.get("name")) for s in workbook.iterfind("m:sheets/m:sheet", NS)]
        self.defined = {d.get("name"): d.text for d in workbook.iterfind("m:definedNames/m:definedName", NS)}
        self.xml = {
            n: ElementTree.fromstring(self.parts[f"xl/worksheets/sheet{i}.xml"]) for i, n in enumerate(names, 1)
        }

    def cells(self, sheet: str) -> Iterator[tuple[int, dict[str, str | float]]]:
        """Each row by its number: the filled cells by their columns."""
        for row in self.xml[sheet].iterfind("m:sheetData/m:row", NS):
            found: dict[str, str | float] = {}
            for c in row.iterfind("m:c", NS):
                value = c.findtext("m:v", None, NS)
                if value is not None:
                    column = str(c.get("r")).rstrip("0123456789")
                    found[column] = self.strings[int(value)] if c.get("t") == "s" else _number(value)
            yield int(str(row.get("r"))), found

    def rows(self, sheet: str) -> Iterator[list[str | float]]:
        """The filled cells of each row, from the left."""
        for _, found in self.cells(sheet):
            yield list(found.values())

    def row(self, sheet: str, label: str) -> list[str | float]:
        """The first row whose first filled cell says ``label``."""
        return next(r for r in self.rows(sheet) if r and r[0] == label)

    def under(self, sheet: str, heading: str) -> list[list[str | float]]:
        """The filled rows between a heading (with or without its number) and the next heading of its kind."""
        found: list[list[str | float]] = []
        inside = False
        for row in self.rows(sheet):
            text = str(row[0]) if len(row) == 1 else ""
            if inside and re.match(r"\d+　|記録の照合", text):
                break
            if inside and row:
                found.append(row)
            inside = inside or text.endswith(f"　{heading}") or text == heading
        assert inside, f"no heading {heading}"
        return found

    def heights(self, sheet: str) -> list[tuple[int, float]]:
        """(number, height in points) of each row."""
        rows = self.xml[sheet].iterfind("m:sheetData/m:row", NS)
        return [(int(str(r.get("r"))), float(r.get("ht", "15"))) for r in rows]

    def breaks(self, sheet: str) -> list[int]:
        """The numbers of the rows after which a page ends."""
        return [int(str(b.get("id"))) for b in self.xml[sheet].iterfind("m:rowBreaks/m:brk", NS)]


def _number(text: str) -> float:
    return int(text) if text.lstrip("-").isdigit() else float(text)
