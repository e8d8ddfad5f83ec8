"""A card of F7: a plot or bars with their figures in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from floorctl.screens.drawing.panel import Line
from floorctl.screens.drawing.plots import Bar, Plot
from floorctl.screens.drawing.rows import Words


class Card(NamedTuple):
    """Card of a screen of plots. ``words`` are figures in sentences, under the plot (or the horizontal ``bars``)."""

    title: str
    words: Sequence[Line | Words]
    plot: Plot | None = None
    bars: tuple[Bar, ...] = ()
    unit: str = "件"
