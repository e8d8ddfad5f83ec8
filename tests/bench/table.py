"""The table as it is printed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Row


def printed(rows: Sequence[Row], title: str, width: int | None = None) -> None:
    """Prints the rows; a ratio beyond its limit is said in words."""
    table = Table(title=title, title_justify="left")
    for name in ("part", "what"):
        table.add_column(name, no_wrap=True)
    for name in ("floorctl", "5 to 95 %", "beside", "ratio", "limit"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("beside what")
    before = ""
    for r in rows:
        if before and r.part != before:
            table.add_section()
        low, high = r.spread or (r.ours, r.ours)
        table.add_row(
            r.part if r.part != before else "",
            r.name,
            f"{_figure(r.ours)} {r.unit}",
            f"{_figure(low)} to {_figure(high)}" if r.samples > 1 else "",
            "" if r.peer is None else f"{_figure(r.peer)} {r.unit}",
            "" if r.ratio is None else f"{r.ratio:.2f}",
            "" if r.limit is None else f"{r.limit:.2f}{'' if r.within else ' BEYOND'}",
            r.note,
        )
        before = r.part
    Console(width=width or 160).print(table)


def line(r: Row) -> str:
    """A row as one line of text, for whoever watches a long run."""
    beside = "" if r.peer is None else f", beside {_figure(r.peer)} {r.unit}, ratio {r.ratio or 0:.2f}"
    beyond = "" if r.within else f" BEYOND {r.limit:.2f}"
    return f"{r.part}: {r.name}: {_figure(r.ours)} {r.unit}{beside}{beyond}"


def _figure(x: float) -> str:
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"
