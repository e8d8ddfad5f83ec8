"""Lay out the help of a command as click does it, but measured in the cells of a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import click
from rich.cells import cell_len

from floorctl.cli.text import WIDTH, folded

_MOST_NAME = 30  # cells of a name beside which its words still stand


class HelpLayout(click.HelpFormatter):
    """Formatter that counts a full-width character as two; click counts characters, so that lines would be too long."""

    def __init__(self) -> None:
        super().__init__(width=WIDTH)

    def write_text(self, text: str) -> None:
        """Write paragraphs; the lines of one are joined, with a blank where one of Latin letters ends or begins."""
        margin = " " * self.current_indent
        for n, paragraph in enumerate(text.split("\n\n")):
            joined = ""
            for line in paragraph.split():
                latin = joined and cell_len(joined[-1] + line[0]) < 4
                joined += f"{' ' if latin else ''}{line}"
            lines = folded(joined, self.width - self.current_indent)
            self.write(("\n" if n else "") + "".join(f"{margin}{line}\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _MOST_NAME, col_spacing: int = 2) -> None:
        """Write names with their words beside them, or below a long name."""
        margin = " " * self.current_indent
        rows = list(rows)
        beside = min(max(cell_len(name) for name, _ in rows), col_max) + col_spacing
        for name, said in rows:
            lines = folded(said, self.width - self.current_indent - beside)
            if cell_len(name) + col_spacing > beside:
                lines = ["", *lines]
            first, *rest = lines
            self.write(f"{margin}{name}{' ' * (beside - cell_len(name))}{first}".rstrip() + "\n")
            self.write("".join(f"{margin}{' ' * beside}{line}".rstrip() + "\n" for line in rest))
