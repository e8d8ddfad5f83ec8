"""Plots in cells: curves and bars in braille (plotille), with their scale and their figures written beside them.

Braille is one cell wide in every terminal. Series are told apart by how they are drawn and by their names; colour only
stands beside that. plotille is imported with this module, which only F7 opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from math import ceil
from typing import TYPE_CHECKING

import plotille
from rich.cells import cell_len

from floorctl.screens.drawing.canvas import HATCHED, SOLID, Canvas, Span, fit, pad

if TYPE_CHECKING:
    from plotille import Canvas as Braille

_SCALE = 5  # cells of the numbers at the left, at least
_EMPTY = "\u2800"
_LEAST_TICK = 4  # from this width of a tick on its figure finds room under it
_MOST_DOTS = 10  # of a bar: a single day is no wall
_NAME = 11  # cells of the name before a row of figures


@dataclass(frozen=True)
class Series:
    """``values`` one a tick, None where nothing was measured. ``form``: ``bars``, ``line`` or ``dots`` (a dotted line).

    ``words``: what stands under each tick in place of its value.
    """

    name: str
    values: Sequence[float | None]
    role: str = "text"
    form: str = "bars"
    figures: bool = True  # whether they are written under the ticks; a target that is always the same is not
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Plot:
    """``ticks``: words under the axis, "" for none. ``unit``: written above the scale."""

    ticks: Sequence[str]
    series: Sequence[Series]
    unit: str = ""

    @property
    def top(self) -> int:
        """Return the upper end of the scale: the largest value, rounded up to a figure that can be read."""
        most = max((v for s in self.series for v in s.values if v is not None), default=0)
        step: int = next(n for power in count() for n in (10**power, 2 * 10**power, 5 * 10**power) if n * 5 >= most)
        return max(1, ceil(most / step) * step)


def rows_needed(plot: Plot, width: int) -> int:
    """Return the rows under the curve: the ticks, and the figures of each series where they find room."""
    return 1 + (sum(s.figures for s in plot.series) if _named(plot, width) else 0)


def _named(plot: Plot, width: int) -> bool:
    """Return whether the figures find room under the ticks, and the names of their series before them."""
    return (width - _NAME) // max(1, len(plot.ticks)) >= _LEAST_TICK


def _left(plot: Plot, width: int) -> int:
    """Return the cells before the first tick: the scale, or the names of the rows of figures."""
    scale = max(_SCALE, cell_len(f"{plot.top:,}{plot.unit}") + 1)
    return max(_NAME, scale) if _named(plot, width) else scale


def _tick_width(plot: Plot, width: int) -> int:
    return (width - _left(plot, width)) // max(1, len(plot.ticks))


def draw_plot(c: Canvas, x: int, y: int, width: int, rows: int, plot: Plot) -> None:
    """Draws a plot into ``rows`` rows of ``width`` cells: legend, curve with its scale, ticks, figures."""
    tick = _tick_width(plot, width)
    under = rows_needed(plot, width)
    height = rows - 1 - under
    if not plot.ticks or tick < 1 or height < 2:
        return
    c.groups(x, y, [_legend(plot, n) for n in range(len(plot.series))], width, 3)
    left, top = _left(plot, width), plot.top
    area = tick * len(plot.ticks)
    for n, value in ((0, top), (height // 2, None), (height - 1, 0)):
        word = f"{value:,}" if value is not None else ""
        c.put(x, y + 1 + n, pad(f"{word}{plot.unit if value == top else ''}", left - 1, right=True), "dim")
    for nth, s in enumerate(plot.series):
        _lay(c, x + left, y + 1, _curve(s, nth, plot, tick, area, height, top), s.role)
    _figures(c, x, y + 1 + height, left, tick, plot, under - 1)


def _place(plot: Plot, nth: int) -> int:
    """Return the place of a series among those with bars: the first is solid, the others are hatched."""
    return [x.form for x in plot.series[:nth]].count("bars")


def _legend(plot: Plot, nth: int) -> list[Span]:
    s = plot.series[nth]
    mark = {"bars": 2 * (HATCHED if _place(plot, nth) else SOLID), "line": "⠤⠤", "dots": "⠄⠄"}[s.form]
    return [(f"{mark} ", s.role), (s.name, "text")]


def _figures(c: Canvas, x: int, y: int, left: int, tick: int, plot: Plot, rows: int) -> None:
    # Where two words would touch, only every second one (or third, ...) is written.
    step = 1 if rows else max(1, -(-(max(map(cell_len, plot.ticks)) + 1) // tick))
    for n, word in enumerate(plot.ticks):
        if n % step == 0:
            c.put(x + left + n * tick, y, pad(word, tick) if rows else word, "dim")
    shown = [s for s in plot.series if s.figures] if rows else []
    for r, s in enumerate(shown, 1):
        c.put(x, y + r, pad(s.name, left - 1), s.role)
        for n, v in enumerate(s.values):
            word = (s.words[n] if s.words else "") or ("-" if v is None else f"{v:,.0f}")
            c.put(x + left + n * tick, y + r, fit(word, tick - 1), "text" if v or "/" in word else "dim")


def _curve(s: Series, nth: int, plot: Plot, tick: int, area: int, height: int, top: int) -> Braille:
    """Return one series on a canvas of its own: two dots a cell across, four down."""
    rows = 4 * height  # of dots; the top of the scale is the uppermost one, above which nothing is drawn
    canvas = plotille.Canvas(width=area, height=height, xmin=0, xmax=area * 2, ymin=0, ymax=top * rows / (rows - 1))
    dots = tick * 2
    if s.form == "bars":
        _bars(canvas, s, _place(plot, nth), plot, dots)
        return canvas
    points = [(n * dots + dots / 2, v) for n, v in enumerate(s.values) if v is not None]
    gaps = {n for n, v in enumerate(s.values) if v is None}
    for (x0, v0), (x1, v1) in pairwise(points):
        if gaps & set(range(int(x0 // dots), int(x1 // dots))):
            continue  # nothing was measured between them
        if s.form == "line":
            canvas.line(x0, v0, x1, v1)
        else:
            steps = max(1, int(x1 - x0) // 2)
            for i in range(steps):
                canvas.point(x0 + (x1 - x0) * i / steps, v0 + (v1 - v0) * i / steps)
    for x0, v0 in points:
        canvas.point(x0, v0)
    return canvas


def _bars(canvas: Braille, s: Series, place: int, plot: Plot, dots: int) -> None:
    """Draw bars side by side; the first series is solid, the next ones are hatched."""
    groups = sum(x.form == "bars" for x in plot.series)
    wide = max(1, min(_MOST_DOTS, (dots - 1) // groups))
    for n, v in enumerate(s.values):
        if v:
            first = n * dots + place * wide
            for i in range(max(1, wide - (wide > 2))):
                if not place or i % 2 == 0:
                    canvas.line(first + i, 0, first + i, v)


def _lay(c: Canvas, x: int, y: int, canvas: Braille, role: str) -> None:
    """Overlay a drawing: dots are merged, empty cells change nothing."""
    for n, row in enumerate(canvas.plot().splitlines()):
        for i, ch in enumerate(row):
            if ch != _EMPTY:
                c.dots(x + i, y + n, ch, role)


@dataclass(frozen=True)
class Bar:
    """Horizontal bar: name, value, and words after it."""

    name: str
    value: int
    words: str = ""
    role: str = "text"


def draw_bars(c: Canvas, x: int, y: int, width: int, rows: int, bars: Sequence[Bar], unit: str, name_w: int) -> None:
    """Draw horizontal bars, one a row: name, figure, bar, words."""
    top = max((b.value for b in bars), default=0)
    room = max(4, min(30, (width - name_w - 8) // 2))
    for n, b in enumerate(bars[:rows]):
        end = c.put(x, y + n, pad(b.name, name_w), "text")
        end = c.put(end + 1, y + n, pad(f"{b.value:,}{unit}", 6, right=True), "strong" if b.value else "dim")
        if b.value and top:
            canvas = plotille.Canvas(width=room, height=1, xmin=0, xmax=room * 2, ymin=0, ymax=4)
            for dot in range(max(1, round(b.value / top * room * 2))):
                canvas.line(dot, 0, dot, 3)
            _lay(c, end + 1, y + n, canvas, b.role)
        c.put(end + 2 + room, y + n, b.words, "dim", max(0, x + width - end - 2 - room))
