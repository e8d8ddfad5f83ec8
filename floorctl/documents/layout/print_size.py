"""One print size for all sheets of a workbook: how wide their columns are so that each fills its paper at one scale. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from floorctl.documents.layout.cell_styles import TYPE_PT
from floorctl.documents.layout.template import Page

PX = 96 / 72
MM = 72 / 25.4
NARROWEST = 0.85  # of the width that a layout gives its columns; where that is too wide, the whole workbook is smaller
SMALLER = 1.25  # by which a workbook may be printed smaller for a sheet that is to stay on one page
_SAFE = 0.95  # of the height: a program that finds a page too full prints the whole sheet smaller than the others


class Paper:
    """A4 between the margins, in points on the paper, and the scale of the print on it."""

    def __init__(self, page: Page, *, landscape: bool) -> None:
        wide, high = (297, 210) if landscape else (210, 297)
        self.wide = (wide - page.left_mm - page.right_mm) * MM
        self.high = (high - page.top_mm - page.bottom_mm) * MM
        self.scale = min(1.0, page.print_size / TYPE_PT)

    def room(self, smaller: float) -> float:
        """Return the height of a page in points of the sheet, where the print is ``smaller`` times smaller."""
        return self.high / self.scale * smaller * _SAFE

    def percent(self, smaller: float) -> float:
        """Return the scale of the print in per cent, at least 10 (the least that spreadsheets know)."""
        return max(10.0, 100 * self.scale / smaller)

    def pixels(self, smaller: float) -> int:
        """Return the width of a sheet that fills the paper."""
        return round(self.wide / self.scale * smaller * PX)

    def fitted(self, widths: Sequence[float]) -> list[float]:
        """Return widths in half-width cells, in their proportion, that fill the paper (or are too wide for it)."""
        part = max(NARROWEST, self.pixels(1.0) / in_pixels(widths))
        return [cells_of(pixels_of(width) * part) for width in widths]


def pixels_of(width: float) -> float:
    """Return the pixels of a column so many half-width cells wide, with its margins."""
    return 7 * width + 5


def cells_of(pixels: float) -> float:
    """Return the half-width cells that a column of so many pixels holds."""
    return (pixels - 5) / 7


def in_pixels(widths: Iterable[float]) -> float:
    """Return the pixels of all columns."""
    return sum(map(pixels_of, widths))


def whole_pixels(widths: Sequence[float], total: int) -> list[int]:
    """Return whole pixels for columns, in their proportion, that are ``total`` together (the largest rests round up)."""
    part = total / in_pixels(widths)
    exact = [pixels_of(width) * part for width in widths]
    whole = [int(x) for x in exact]
    by_rest = sorted(range(len(exact)), key=lambda n: (whole[n] - exact[n], n))
    for n in by_rest[: total - sum(whole)]:
        whole[n] += 1
    return whole
