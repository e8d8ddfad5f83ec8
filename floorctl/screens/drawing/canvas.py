"""A grid of cells to draw on, and the widget that shows it: only rows that differ are sent to the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from textual.geometry import Offset, Region, Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from floorctl.screens.drawing.palette import Palette

Cell = tuple[str, str, bool]  # role, ground, underline
Span = tuple[str, str]  # text, role
Row = tuple[tuple[str, ...], tuple[Cell, ...]]

_BRAILLE_LEFT, _BRAILLE_RIGHT = (0x00, 0x40, 0x44, 0x46, 0x47), (0x00, 0x80, 0xA0, 0xB0, 0xB8)


def fit(text: str, width: int) -> str:
    """Return ``text`` cut to at most ``width`` cells; what is cut shows as two dots, not as an ambiguous ellipsis.

    The cut is at the last pause, unless little stands before it. Words of which no character finds room are left out.
    """
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    text = text.rstrip(" ")
    if cell_len(text) <= width:
        return text  # blanks alone are no loss
    kept, used = "", 0
    for ch in text:
        w = get_character_cell_size(ch)
        if used + w > width - 2:
            break
        kept += ch
        used += w
    at = max(kept.rfind(mark) for mark in _PAUSES)
    if 5 * at >= len(kept) > 0:
        kept = kept[:at].rstrip()
    return kept + ".." if kept else ""


# Where a reader pauses: a text is cut there.
_PAUSES = "。、・（ 　"


def tail(number: str, width: int) -> str:
    """Return a number cut at its front to at most ``width`` cells: its end tells it apart from the others (..-005)."""
    if cell_len(number) <= width:
        return number
    return fit(number[::-1], width)[::-1]


_LONG_WORD = 12  # cells: a longer one is a sentence without blanks, as people write them


def whole(text: str, width: int) -> str:
    """Return as many whole words of ``text`` as ``width`` cells hold; only a long one at the end is cut as by ``fit``."""
    kept = ""
    for word in text.split(" "):
        longer = f"{kept} {word}" if kept else word
        if cell_len(longer) > width:
            rest = width - cell_len(kept) - bool(kept)
            if cell_len(word) > _LONG_WORD and rest >= _LONG_WORD // 2:
                # A figure without its unit, or a part of it, would be read as another.
                kept = f"{kept} {re.sub(r'(?<=[^0-9])[0-9]+[.][.]$', '..', fit(word, rest))}".lstrip()
            break
        kept = longer
    return kept.rstrip() or fit(text, width)


def clause(text: str, width: int) -> str:
    """Return as many whole clauses of a sentence as ``width`` cells hold; cut as by ``fit`` where not even the first does."""
    if cell_len(text) <= width:
        return text
    sentences = _before(text, "。", width)
    if cell_len(sentences) >= width // 2:
        return sentences
    kept = _before(text, "。、・（", width)
    if not kept:
        return fit(text, width)
    return kept if kept.count("（") == kept.count("）") else kept[: kept.rfind("（")]


def _before(text: str, marks: str, width: int) -> str:
    """Return the longest beginning of ``text`` that ends before one of ``marks`` and finds room; "" where none does."""
    while text and cell_len(text) > width:
        text = text[: max(0, *(text.rfind(mark) for mark in marks))]
    return text


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return ``text`` cut or filled with spaces to exactly ``width`` cells."""
    text = fit(text, width)
    fill = " " * (width - cell_len(text))
    return fill + text if right else text + fill


# What never begins a line. A word is a run of letters, figures, kanji and katakana with the hiragana after it.
_CLOSING = "。、・）」』，．"
_WORD = re.compile(
    r"[（「『]*"
    r"(?:[A-Za-z0-9.,:_/\u3005-\u3007\u30a1-\u30fa\u30fc\u4e00-\u9fff-]+|.)[\u3041-\u309f]*"
    rf"[{_CLOSING}]*",
    re.DOTALL,
)
_LETTER = re.compile(rf"(?:[A-Za-z0-9.,:_/-]+|.)[{_CLOSING}]*", re.DOTALL)


def _pieces(word: str, width: int) -> list[str]:
    """Return what may stand on a line each: a word, its letters where it is wider than half a line."""
    if 2 * cell_len(word) <= width:
        return [word]
    letters = _LETTER.findall(word)
    return [piece for x in letters for piece in ((x,) if cell_len(x) <= width else x)]


def wrap(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` cells, broken between characters as Japanese is; at least one line.

    No line begins with a closing mark, and words stay whole, unless one is wider than half a line.
    """
    lines, used = [""], 0
    for word in _WORD.findall(text):
        for piece in _pieces(word, width):
            w = cell_len(piece)
            if used + w > width and lines[-1]:
                lines.append("")
                piece = piece.lstrip(" ")
                used, w = 0, cell_len(piece)
            lines[-1] += piece
            used += w
    return lines


def spark(values: list[int], top: int = 0) -> str:
    """Return a curve of numbers in braille (one cell wide in every terminal), two a cell, from 0 to ``top`` (their largest)."""
    top = top or max(values, default=0)
    levels = [0 if v == 0 else max(1, round(v / top * 4)) for v in values]
    if len(levels) % 2:
        levels.insert(0, 0)
    return "".join(
        chr(0x2800 + (_BRAILLE_LEFT[a] or 0x40) + (_BRAILLE_RIGHT[b] or 0x80))
        for a, b in zip(levels[::2], levels[1::2], strict=True)
    )


SOLID, HATCHED = "⣿", "⡇"  # a cell of a bar: of the first thing that it shows, and of the second


def window(total: int, rows: int, chosen: int) -> int:
    """Return the first row of a list so that the chosen one is seen."""
    return max(0, min(chosen - rows // 2, total - rows)) if total > rows else 0


@lru_cache(maxsize=4096)
def _glyphs(text: str) -> tuple[str, ...]:
    """Return the character of each cell, "" behind a full-width one; () where combining or control characters are."""
    found: list[str] = []
    for ch in text:
        w = get_character_cell_size(ch)
        if w == 0 or (w == 1 and not ch.isprintable()):
            return ()
        found += (ch,) if w == 1 else (ch, "")
    return tuple(found)


def scroll_bar(c: Canvas, x: int, y: int, rows: int, total: int, first: int) -> None:
    """Draw in one column of cells which ``rows`` of a list of ``total`` rows are seen; nothing where all of them are."""
    if rows < 1 or total <= rows:
        return
    length = max(1, rows * rows // total)
    start = round((rows - length) * first / (total - rows))
    for n in range(rows):
        c.put(x, y + n, " ")
        c.fill(x, y + n, 1, 1, "scroll_at" if start <= n < start + length else "scroll")


def frame(c: Canvas, x: int, y: int, width: int, height: int) -> None:
    """Clear a box over whatever stands there, with edges at both sides that are seen without colours, too."""
    for row in range(y, y + height):
        c.put(x, row, " " * width)
    c.fill(x, y, width, height, "scroll_at")
    c.fill(x + 1, y, width - 2, height, "box")


class Canvas:
    """``width`` x ``height`` cells. Whatever is put outside is cut; a full-width character is never split."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._chars = [[" "] * width for _ in range(height)]
        self._cells: list[list[Cell]] = [[("text", "screen", False)] * width for _ in range(height)]
        self.targets: list[tuple[Region, str]] = []  # what a click there means
        self.chosen: Region | None = None  # the row, or the card, on which the cursor stands

    def fill(self, x: int, y: int, width: int, height: int, ground: str) -> None:
        """Lay a ground (the background of a panel) under a rectangle; ``card_on`` is that of the chosen row."""
        if ground == "card_on":
            self.chosen = Region(x, y, width, height)
        x0, x1 = max(0, x), min(self.width, x + width)
        for row in range(max(0, y), min(self.height, y + height) if x0 < x1 else 0):
            self._cells[row][x0:x1] = [("text", ground, False)] * (x1 - x0)

    def put(
        self, x: int, y: int, text: str, role: str = "text", width: int | None = None, *, underline: bool = False
    ) -> int:
        """Write text at a cell, cut to ``width``; return the x after it. Text is only ever text, never markup."""
        if not 0 <= y < self.height:
            return x + cell_len(text)
        glyphs = _glyphs(text)
        if width is not None and (len(glyphs) > width or not glyphs):
            text = fit(text, width)
            glyphs = _glyphs(text)
        chars, cells, limit = self._chars[y], self._cells[y], self.width
        if 0 < x < limit and chars[x] == "":
            chars[x - 1] = chars[x] = " "  # half of a full-width character stood here: the other half goes too
        end = x + len(glyphs)
        if glyphs and x >= 0 and end <= limit:
            if end < limit and chars[end] == "":
                chars[end] = " "
            chars[x:end] = glyphs
            under, first = cells[x:end], cells[x]
            if under.count(first) == len(under):
                cells[x:end] = [(role, first[1], underline)] * len(under)
            else:
                cells[x:end] = [(role, ground, underline) for _, ground, _ in under]
            return end
        for ch in text:
            w = get_character_cell_size(ch)
            if w == 0:
                if ch.isprintable() and unicodedata.combining(ch) and 0 < x <= limit:
                    chars[x - 1] += ch
                continue
            if x + w > limit:
                break
            if w == 1 and not ch.isprintable():
                ch = " "  # a soft hyphen is a cell wide, and a terminal may do with it what it likes
            if x >= 0:
                if x + w < limit and chars[x + w] == "":
                    chars[x + w] = " "
                chars[x], cells[x] = ch, (role, cells[x][1], underline)
                if w == 2:
                    chars[x + 1], cells[x + 1] = "", cells[x]
            x += w
        return x

    def dots(self, x: int, y: int, braille: str, role: str) -> None:
        """Add the dots of a braille character to a cell; two curves that cross are both seen."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return
        held = self._chars[y][x]
        if held == " " or "\u2800" <= held <= "\u28ff":
            both = ord(braille) | (ord(held) if held != " " else 0)
            self._chars[y][x], self._cells[y][x] = chr(both), (role, self._cells[y][x][1], False)
        else:
            self.put(x, y, braille, role)

    def spans(self, x: int, y: int, spans: Sequence[Span], width: int | None = None) -> int:
        """Write pieces one after the other, at most ``width`` cells together."""
        end = self.width if width is None else x + width
        for text, role in spans:
            if x >= end:
                break
            x = self.put(x, y, text, role, end - x)
        return x

    def groups(self, x: int, y: int, groups: list[list[Span]], width: int, gap: int = 2) -> int:
        """Write groups of pieces with gaps between, each whole or not at all: what does not fit is left out."""
        end = x + width
        for n, group in enumerate(groups):
            start = x + (gap if n else 0)
            if start + sum(cell_len(text) for text, _ in group) > end:
                break
            x = self.spans(start, y, group)
        return x

    def right(self, x_end: int, y: int, text: str, role: str = "text") -> int:
        """Write text so that it ends before ``x_end``; return where it begins."""
        start = x_end - cell_len(text)
        self.put(start, y, text, role)
        return start

    def line(self, x: int, y: int, width: int, part: float, role: str) -> None:
        """Draw a thin bar of ``width`` cells, filled to ``part`` (0 to 1), drawn as underlined blanks: safe at any font."""
        filled = round(width * min(1.0, max(0.0, part)))
        self.put(x, y, " " * filled, role, underline=True)
        self.put(x + filled, y, " " * (width - filled), "faint", underline=True)

    def target(self, x: int, y: int, width: int, height: int, meaning: str) -> None:
        self.targets.append((Region(x, y, width, height), meaning))

    def rows(self) -> list[Row]:
        return [(tuple(c), tuple(k)) for c, k in zip(self._chars, self._cells, strict=True)]

    def text(self, region: Region | None = None) -> str:
        """Return the characters alone, of the whole or of a region."""
        x, y, width, height = region or (0, 0, self.width, self.height)
        return "\n".join("".join(c[max(0, x) : x + width]).rstrip() for c in self._chars[max(0, y) : y + height])


def _span(old: Row, new: Row) -> tuple[int, int]:
    """Return start and end of the cells in which two rows differ, widened to whole words.

    A number is sent as a number, not as a digit of it, and a full-width character is never halved.
    """
    (old_chars, old_cells), (chars, cells) = old, new
    differ = [i for i in range(len(chars)) if chars[i] != old_chars[i] or cells[i] != old_cells[i]]
    start, end = differ[0], differ[-1] + 1
    while start and not (chars[start - 1] == " " and old_chars[start - 1] == " "):
        start -= 1
    while end < len(chars) and not (chars[end] == " " and old_chars[end] == " "):
        end += 1
    return start, end


class Picture(Widget, can_focus=True):
    """Show what ``draw`` puts on a canvas of the widget's size; redrawing sends only rows that changed.

    Its text is selected by the mouse, row by row. For a copy it is drawn once more inside ``copying``, which yields
    what is to be done with the text.
    """

    DEFAULT_CSS = "Picture { width: 1fr; height: 1fr; }"

    def __init__(
        self,
        draw: Callable[[Canvas], None],
        palette: Callable[[], Palette],
        copying: Callable[[], AbstractContextManager[Callable[[str], str]]] = lambda: nullcontext(str),
    ) -> None:
        super().__init__()
        self._draw, self._palette, self._copying = draw, palette, copying
        self._rows: list[Row] = []
        self._strips: dict[int, Strip] = {}
        self._drawn: tuple[Size, str] | None = None
        self.targets: list[tuple[Region, str]] = []

    def redraw(self) -> None:
        """Draw anew and repaint the rows that differ."""
        size = self.size
        if not size.width or not size.height:
            return
        canvas = Canvas(size.width, size.height)
        self._draw(canvas)
        rows, key = canvas.rows(), (size, self._palette().name)
        self.targets = canvas.targets
        if key != self._drawn:
            self._rows, self._drawn, self._strips = rows, key, {}
            self.refresh()
            return
        changed = [
            (y, *_span(old, new)) for y, (old, new) in enumerate(zip(self._rows, rows, strict=True)) if old != new
        ]
        self._rows = rows
        for y, _, _ in changed:
            self._strips.pop(y, None)
        if changed:
            self.refresh(*(Region(x, y, end - x, 1) for y, x, end in changed))

    def on_resize(self) -> None:
        self.screen.clear_selection()
        self.redraw()

    def render_line(self, y: int) -> Strip:
        if self._drawn is None or self._drawn[0] != self.size or self._drawn[1] != self._palette().name:
            canvas = Canvas(self.size.width, self.size.height)
            self._draw(canvas)
            self._rows, self.targets = canvas.rows(), canvas.targets
            self._drawn, self._strips = (self.size, self._palette().name), {}
        if y >= len(self._rows):
            return Strip.blank(self.size.width)
        if y not in self._strips:
            self._strips[y] = self._strip(self._selected(self._rows[y], y))
        return self._strips[y]

    def offset_at(self, x: int, y: int) -> Offset:
        """Return the character at a cell, as selections count: its place in the row's text, and the row."""
        chars = self._rows[y][0] if y < len(self._rows) else ()
        if 0 < x < len(chars) and not chars[x]:
            x -= 1  # the right half of a full-width character
        return Offset(sum(map(len, chars[:x])), y)

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """Return the selected text, without the blanks at the end of its rows."""
        with self._copying() as copied:
            canvas = Canvas(*self.size)
            self._draw(canvas)
        text = selection.extract("\n".join("".join(chars) for chars, _ in canvas.rows()))
        return copied("\n".join(line.rstrip() for line in text.split("\n"))), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self._strips.clear()
        self.refresh()

    def _selected(self, row: Row, y: int) -> Row:
        """Return a row with its selected cells in the colours of a selection; full-width characters stay whole."""
        selection = self.text_selection
        span = selection.get_span(y) if selection is not None else None
        if span is None:
            return row
        chars, cells = row
        places = [x for x, char in enumerate(chars) for _ in char]
        start, end = (places[n] if 0 <= n < len(places) else len(chars) for n in span)
        marked: list[Cell] = [("selected", "selected", False)] * max(0, end - start)
        return chars, (*cells[:start], *marked, *cells[start + len(marked) :])

    def _strip(self, row: Row) -> Strip:
        palette, segments = self._palette(), []
        chars, cells = row
        start = 0
        for x in range(1, len(cells) + 1):
            if x == len(cells) or cells[x] != cells[start]:
                segments.append(Segment("".join(chars[start:x]), palette.style(*cells[start])))
                start = x
        return Strip(segments, len(cells))

    def meaning_at(self, x: int, y: int) -> str | None:
        """Return the meaning of a click at a cell, the last drawn target first."""
        for region, meaning in reversed(self.targets):
            if region.contains(x, y):
                return meaning
        return None
