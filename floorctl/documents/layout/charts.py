"""Native Excel charts for black-and-white print: patterns and markers, never colour alone, distinguish the series."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from floorctl.common.clean_text import clean
from floorctl.common.frozen import frozen
from floorctl.documents.layout.pages import Line, Mark, Value
from floorctl.documents.layout.sheet import Book
from floorctl.documents.layout.template import Chart as Layout

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

BLACK, WHITE, GREY = "#000000", "#FFFFFF", "#808080"
_FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": "#BFBFBF"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": BLACK, "bg_color": WHITE}},
    {"fill": {"color": "#595959"}},
    {"pattern": {"pattern": "percent_20", "fg_color": BLACK, "bg_color": WHITE}},
    {"fill": {"color": WHITE}},
    {"pattern": {"pattern": "narrow_horizontal", "fg_color": BLACK, "bg_color": WHITE}},
)
_WHOLE, _TENTH = Decimal(1), Decimal("0.1")
_MARKERS = ("circle", "diamond", "square", "triangle", "x", "star")
_DASHES = ("solid", "dash", "round_dot", "long_dash", "square_dot", "dash_dot")


@frozen
class Series:
    """Series of a chart: its name and the column of the sheet with its values."""

    word: str
    column: int


def chart_of(
    book: Book,
    layout: Layout,
    sheet: str,
    rows: Sequence[Line],
    over: int,
    bars: Sequence[Series],
    lines: Sequence[Series],
) -> Chart:
    """Return a chart of bars and lines over ``rows`` of a sheet, which must have their row numbers.

    ``over``: the column of the categories. Lines get an axis of their own at the right if there are bars too.
    """
    first, last = rows[0].row, rows[-1].row

    def series(s: Series, **more: Any) -> dict[str, Any]:
        categories, values = [sheet, first, over, last, over], [sheet, first, s.column, last, s.column]
        # Values cached beside the reference: None is a gap there too, where the library would write 0.
        kept = [_value(row, s.column) for row in rows]
        return {"name": s.word, "categories": categories, "values": values, "values_data": kept, **more}

    face = {"name": book.page.font, "size": 8, "bold": False, "color": BLACK}
    edge = {"color": BLACK, "width": 0.75}
    found = book.workbook.add_chart({"type": "column" if bars else "line"})
    for n, s in enumerate(bars):
        found.add_series(series(s, border=edge, gap=60, overlap=0, **_FILLS[n % len(_FILLS)]))
    beside = bool(bars)
    if lines:
        plot = book.workbook.add_chart({"type": "line"}) if beside else found
        for n, s in enumerate(lines):
            marker = {"type": _MARKERS[n % len(_MARKERS)], "size": 6, "border": edge}
            marker["fill"] = {"color": WHITE if n % 2 == 0 else BLACK}
            line = {"color": BLACK, "width": 1.5, "dash_type": _DASHES[n % len(_DASHES)]}
            plot.add_series(series(s, marker=marker, line=line, **({"y2_axis": True} if beside else {})))
        if beside:
            found.combine(plot)
            plot.set_y2_axis(_axis(layout.line_title, face))
    found.set_x_axis({"name": layout.x_title, "name_font": face, "num_font": face | {"size": 7}, "line": edge})
    grid = {"visible": True, "line": {"color": GREY, "width": 0.25, "dash_type": "dash"}}
    found.set_y_axis(_axis(layout.bar_title if bars else layout.line_title, face) | {"major_gridlines": grid})
    found.set_legend({"position": "top", "font": face})
    if layout.title:
        found.set_title({"name": layout.title, "name_font": face | {"size": 9, "bold": True}, "overlay": False})
    else:
        found.set_title({"none": True})
    found.set_chartarea({"border": {"color": BLACK, "width": 0.5}, "fill": {"color": WHITE}})
    found.show_blanks_as("gap")
    return found


def _axis(title: str, face: dict[str, Any]) -> dict[str, Any]:
    line = {"color": BLACK, "width": 0.75}
    return {"name": title, "name_font": face, "num_font": face, "num_format": "#,##0", "min": 0, "line": line}


def chart_in_words(about: str, rows: Sequence[Line], over: int, bars: Sequence[Series], lines: Sequence[Series]) -> str:
    """Return what a chart shows for those who do not see it: its title, what it is drawn over, the peak of each series.

    Figures are written as in the table.
    """
    kind = "棒と折れ線のグラフ" if bars and lines else "棒グラフ" if bars else "折れ線グラフ"
    names = [str(_value(row, over) or "").replace("\n", "") for row in rows]
    said = [f"{about}（{kind}）" if about else kind, f"横軸は{names[0]}から{names[-1]}まで"]
    for s in (*bars, *lines):
        known = [
            (m.value, _figure(m), name)
            for row, name in zip(rows, names, strict=True)
            for m in row.marks
            if m.column == s.column and isinstance(m.value, int | float)
        ]
        word = s.word.replace("\n", "")
        if not known:
            said.append(f"{word}は値なし")
        else:
            (_, most, at), (_, least, _) = max(known, key=lambda x: x[0]), min(known, key=lambda x: x[0])
            said.append(f"{word}は最大{most}（{at}）、最小{least}")
    return clean("。".join(said)) + "。"


def _figure(mark: Mark) -> str:
    """Return a number as its cell shows it: rounded half up."""
    exact = Decimal(repr(mark.value))
    if mark.style == "percent":
        return f"{(exact * 100).quantize(_TENTH, ROUND_HALF_UP)}%"
    return f"{exact.quantize(_TENTH if mark.style == 'decimal' else _WHOLE, ROUND_HALF_UP):,}"


def _value(row: Line, column: int) -> Value:
    return next((m.value for m in row.marks if m.column == column), None)
