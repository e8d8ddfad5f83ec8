"""Rows: wrapped words, lists with a cursor, cells in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len

from floorctl.screens.drawing.canvas import Canvas, Span, scroll_bar, window, wrap
from floorctl.screens.drawing.panel import Line, lay_line

Words = list[Span]


def apart(spans: Iterable[Span]) -> Words:
    """Return the spans with a blank between each two."""
    return [piece for span in spans for piece in ((" ", "text"), span)][1:]


def hung(name: str, role: str, text: str, width: int, *, said: str = "text", more: str = "") -> list[Words]:
    """Return a name and its text in lines of ``width`` cells, the further ones in the role ``more`` under the first."""
    lines = wrap(text, width - cell_len(name))
    return [
        [(" " * cell_len(name), role), (line, more or said)] if n else [(name, role), (line, said)]
        for n, line in enumerate(lines)
    ]


def cut(lines: Sequence[Line | Words], rows: int) -> list[Line | Words]:
    """Return as many lines as find room, and how many more there are."""
    if len(lines) <= rows:
        return [*lines]
    kept = lines[: max(0, rows - 1)]
    return [*kept, [(f"ほか{len(lines) - len(kept)}件", "dim")]]


def lay_lines(c: Canvas, lines: Iterable[Line | Sequence[Span]], x: int, y: int, width: int, rows: int = 999) -> int:
    """Draw at most ``rows`` lines of ``width`` cells one under another; return the row after them."""
    for line in list(lines)[: max(0, rows)]:
        if isinstance(line, Line):
            lay_line(c, line, x, y, x + width)
        else:
            c.spans(x, y, list(line), width)
        y += 1
    return y


def lay_rows(
    c: Canvas,
    total: int,
    at: int,
    row: Callable[[int], Sequence[Span] | Line],
    x: int,
    y: int,
    width: int,
    rows: int,
    *,
    name: str = "row",
    after: int = 1,
    chosen: bool = True,
) -> bool:
    """Draw the rows of a list around row ``at``, each a click on ``name``:N; return whether some find no room.

    ``width`` is that of the words; the ground of row ``at`` begins one cell before them and ends ``after`` cells behind.
    Where the list goes on, a scroll bar stands at its end.
    ``name`` "" is a list without cursor and clicks; where nothing is ``chosen``, one without cursor.
    """
    first = window(total, rows, at)
    for n in range(first, min(first + rows, total)):
        line = y + n - first
        if name and chosen and n == at:
            c.fill(x - 1, line, width + 1 + after, 1, "card_on")
        if name:
            c.target(x - 1, line, width + 1 + after, 1, f"{name}:{n}")
        lay_lines(c, [row(n)], x, line, width)
    scroll_bar(c, x + width, y, rows, total, first)
    return total > rows
