"""Tables as lines of cells: heads with groups, rows whose long texts continue below, frames over columns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from floorctl.common.clean_text import clean
from floorctl.documents.layout.cell_styles import (
    CLOSE_PT,
    FIGURES,
    FORMATS,
    HIGHEST,
    INDENT,
    LINE_PT,
    MAX_LINES,
    ROW_PT,
    SHRINKS,
)
from floorctl.documents.layout.line_breaks import balanced, broken, is_name
from floorctl.documents.layout.pages import Line, Mark, Slot, Value
from floorctl.documents.layout.plain import cells


class _Head(NamedTuple):
    """Word over columns of a table, with a line above and below it or not."""

    text: str
    first: int
    last: int
    above: bool = True
    below: bool = True


class Grid:
    """Columns of a sheet by their widths in half-width cells."""

    def __init__(self, widths: list[float]) -> None:
        self.widths = widths

    def room(self, first: int, last: int) -> float:
        """Return the width of text, in half-width cells, that columns ``first`` to ``last`` hold together."""
        return sum(self.widths[first : last + 1]) + 0.7 * (last - first)

    def strip(
        self, value: Value, first: int, last: int, style: str, *, top: float = 1, bottom: float = 1, **more: Any
    ) -> list[Mark]:
        """Return the cells ``first`` to ``last`` with one frame around them; the value runs over all of them.

        A number is in the last cell, a text in the first.
        """
        if first == last:
            return [Mark(first, value, style, {"border": 1, "top": int(top), "bottom": int(bottom)} | more)]
        base = FORMATS[style]
        figure = style in FIGURES and not isinstance(value, str)
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

    def heads(self, slots: Sequence[Slot]) -> list[Line]:
        """Return the head of a table: a line of groups if there are any, then the headings."""
        grouped = any(s.group for s in slots)
        found = []
        if grouped:
            groups = []
            for group, run in groupby(enumerate(slots), lambda x: x[1].group or x[0]):
                members = [s for _, s in run]
                word = group if isinstance(group, str) else ""
                groups.append(_Head(word, members[0].first, members[-1].last, below=bool(word)))
            found += self._head_lines(groups, ROW_PT - LINE_PT, CLOSE_PT - LINE_PT)
        headings = [_Head(s.heading, s.first, s.last, above=not grouped or bool(s.group)) for s in slots]
        return found + self._head_lines(headings, 5, 1)

    def _head_lines(self, heads: Sequence[_Head], spare: float, least: float) -> list[Line]:
        """Return heads beside each other, each centred in as many lines as it needs; ``spare``: points above its text."""
        broken = [
            [
                line
                for part in h.text.split("\n")
                for line in balanced(part, self.room(h.first, h.last) + 0.4).split("\n")
            ]
            for h in heads
        ]
        # A value over several cells cannot wrap: the head then has as many rows as its longest word has lines.
        split = any(len(lines) > 1 and h.first < h.last for h, lines in zip(heads, broken, strict=True))
        high = max(len(lines) for lines in broken)
        count = high if split else 1
        found = []
        for n in range(count):
            marks: list[Mark] = []
            for h, lines in zip(heads, broken, strict=True):
                before = (high - len(lines)) // 2
                text = "\n".join(lines) if not split else lines[n - before] if 0 <= n - before < len(lines) else ""
                top, bottom = h.above and n == 0, h.below and n == count - 1
                marks += self.strip(text or None, h.first, h.last, "head", top=top, bottom=bottom)
            tall = LINE_PT if split else high * LINE_PT
            found.append(Line(tall + min(spare, 3 if split else spare), marks, keep=True, least=tall + least))
        return found

    def body(self, slots: Sequence[Slot], values: Sequence[Value], more: dict[str, Any]) -> Iterator[Line]:
        """Yield the lines of one table row: values in the first, the rest of long texts in those below."""
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
                marks += self.strip(piece, slot.first, slot.last, style, **edges)
            tall = high * LINE_PT
            yield Line(min(max(ROW_PT, tall + 4), HIGHEST), marks, least=min(max(CLOSE_PT, tall + 1), HIGHEST))

    def most_lines(self, slots: Sequence[Slot], rows: Iterable[Sequence[Value]]) -> int:
        """Return in how many lines the longest text of table rows is written."""
        cells = ((slot, value) for values in rows for slot, value in zip(slots, values, strict=True))
        return max((sum(self._pieces(slot, value)[1]) for slot, value in cells), default=0)

    def _pieces(self, slot: Slot, value: Value) -> tuple[list[Value], list[int]]:
        """Return the content of a cell for each line of its row, and the height of each piece in lines of text."""
        if not isinstance(value, str) or slot.style not in ("text", "word"):
            return [clean(value) if isinstance(value, str) else value], [1]
        text, room = clean(value), self.room(slot.first, slot.last) - (INDENT if slot.style == "text" else 0.4)
        if slot.style == "word" and cells(text) <= room * (SHRINKS if slot.first == slot.last else 1):
            return [text], [1]
        lines = list(broken(text, room))
        if slot.first < slot.last:  # no cell wraps over its neighbours
            return [*lines], [1] * len(lines)
        cut = [lines[n : n + MAX_LINES] for n in range(0, len(lines), MAX_LINES)]
        joint = "\n" if is_name(text, room) else ""
        return [joint.join(part) for part in cut], [len(part) for part in cut]
