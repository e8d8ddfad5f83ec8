"""Read rows of separated cells (CSV, TSV), find their heading, and go on behind a row that is out of form."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from floorctl.intake.sources.decoding import BAD
from floorctl.intake.sources.lines import Block, Resume, line_blocks, skipped
from floorctl.intake.sources.table import (
    CONTROL,
    MOST_ROW,
    MOST_ROW_LINES,
    NO_CHARACTER,
    NOT_CLOSED,
    TOO_LONG,
    DoesNotFit,
    Place,
    Row,
    Table,
    cannot_read,
    need_not_personal,
)
from floorctl.intake.written_text import in_a_row
from floorctl.models.site.source import Source

LINES_WAITED_FOR = 3  # of a row that is being written
HEADING_WITHIN = 30  # first rows among which the heading is looked for

csv.field_size_limit(max(csv.field_size_limit(), 2 * MOST_ROW))


class _OutOfForm(Exception):
    """Row that is given up; ``at_end``: since there are no more lines."""

    def __init__(self, why: str, at_end: bool = False) -> None:
        self.why, self.at_end = why, at_end


class _Lines:
    """Lines for ``csv.reader``, which asks for more while a quote is open: no row may have no end."""

    def __init__(self, lines: list[str], at: int = 0) -> None:
        self.lines, self.at, self.held, self.begun = lines, at, 0, 0

    def __iter__(self) -> Iterator[str]:
        lines = self.lines
        while self.at < len(lines):
            line = lines[self.at]
            self.at += 1
            self.begun += 1
            self.held += len(line)
            if self.held > MOST_ROW:
                raise _OutOfForm(TOO_LONG if self.begun == 1 else NOT_CLOSED)
            if self.begun > MOST_ROW_LINES:
                raise _OutOfForm(NOT_CLOSED)
            yield line + "\n"
        if self.begun:
            raise _OutOfForm(NOT_CLOSED, at_end=True)


def _rows(blocks: Iterator[Block], separator: str, table: Table, growing: bool) -> Iterator[Row]:
    """Yield the rows that are not empty.

    A quote that is open at the end of a block is closed in the next one; in the last lines of a ``growing`` file it may
    be closed yet.
    """
    held: list[str] = []
    for block in blocks:
        lines, first, at = held + block.lines, block.first - len(held), 0
        held = []
        while at < len(lines):
            source = _Lines(lines, at)
            try:
                for cells in csv.reader(source, delimiter=separator, skipinitialspace=separator != " "):
                    number, at = at + 1, source.at
                    source.held = source.begun = 0
                    if separator == " ":  # any run of spaces separates, as in lines of a log
                        cells = [cell for cell in cells if cell]
                    if not cells or (not any(cells) or not "".join(cells).strip(" \t\u3000\0\x1a")):
                        continue
                    yield Row(first + number, cells, _fault(cells) if block.spoilt else "")
                break
            except _OutOfForm as e:
                why = e.why
                if e.at_end and not block.last:
                    held = lines[at:]
                    break
                if growing and e.at_end and len(lines) - at <= LINES_WAITED_FOR:
                    table.waits = table.open = True
                    return
            except csv.Error:
                why = TOO_LONG
            yield Row(first + at + 1, [], why)
            at += 1  # the row is given up, the next line may begin a good one


def _fault(cells: Sequence[str]) -> str:
    row = "".join(cells)
    return NO_CHARACTER if BAD in row else CONTROL if "\0" in row.strip("\0") else ""


def plain_heading(text: str) -> str:
    """Return a heading as it is compared: in NFKC, without breaks of lines and outer spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\0", "").replace(BAD, "\ufffd").split())


def separated_table(
    source: Source,
    data: bytes,
    codec: str,
    places: Sequence[Place],
    *,
    growing: bool = False,
    resume: Resume | None = None,
) -> Table:
    """Return the table of a file; ``growing``: its last line counts once it has an end. Raise DoesNotFit."""
    table = Table(iter(()), _no_cells)
    blocks = line_blocks(table, data, codec, growing=growing, first=resume.lines if resume else 0)
    titles, blocks = skipped(blocks, 0 if resume else source.skip_lines)
    rows = _rows(blocks, "\t" if source.form == "tsv" else source.separator, table, growing)
    if resume:
        table.heading, table.above = resume.heading, resume.above
    else:
        table.above = "\n".join(titles)
        if source.heading:
            found = _heading(source, rows, places, growing)
            if found is None:
                table.waits = True
                return table
            table.heading, more = found
            table.above = f"{table.above}\n{more}"
    heading = table.heading
    table.rows = (row for row in rows if not _is_heading(row.cells, heading)) if heading else rows
    table.pick = _picker(source, heading, places)
    return table


def _no_cells(cells: Any) -> Sequence[Any]:
    return ()


def _is_heading(cells: Sequence[str], heading: tuple[str, ...]) -> bool:
    """Return whether a row repeats the heading; its first cell decides nearly always."""
    if cells and cells[0].isascii() and cells[0].strip() != heading[0]:
        return False
    return (
        len(cells) == len(heading)
        and plain_heading(cells[0]) == heading[0]
        and tuple(map(plain_heading, cells)) == heading
    )


def _names(places: Sequence[Place]) -> list[str]:
    return [plain_heading(p) for p in places if isinstance(p, str) and not p.isdigit()]


def _heading(
    source: Source, rows: Iterator[Row], places: Sequence[Place], growing: bool
) -> tuple[tuple[str, ...], str] | None:
    """Return the heading and the text of the rows above it; None while a growing file has none yet."""
    names = _names(places)
    # Digits are a number of a column, unless a heading has just them.
    above, best, missing = list[str](), -1, list[str]()
    n = 0
    for n, row in enumerate(rows, 1):
        cells = tuple(map(plain_heading, row.cells))
        lacking = [name for name in names if name not in cells]
        if not lacking:
            return cells, "\n".join(above)
        if len(names) - len(lacking) > best:
            best, missing = len(names) - len(lacking), lacking
        above.append(" ".join(cells))
        if n >= HEADING_WITHIN:
            break
    if n == 0 or (growing and n < 2):
        return None
    told = in_a_row([f"「{name}」" for name in dict.fromkeys(missing)])
    raise DoesNotFit(
        cannot_read(source),
        f"見出しに{told}の列がありません",
        "ファイルの見出しと入力元の説明（columns など）を合わせてください",
    )


def _picker(source: Source, heading: tuple[str, ...], places: Sequence[Place]) -> Callable[[Any], Sequence[str]]:
    """Return the function from the cells of a row to those at the places; a cell that the row lacks is empty."""
    at = [_index(source, heading, place) for place in places]
    need_not_personal(source, {_index(source, heading, p) for p in source.personal if _stands(heading, p)} & {*at})
    need = max(at, default=-1) + 1
    if not at:
        return _no_cells
    if len(at) == 1:
        (only,) = at
        return lambda cells: (cells[only] if only < len(cells) else "",)
    get = itemgetter(*at)

    def pick(cells: list[str]) -> Sequence[str]:
        if len(cells) < need:
            cells = cells + [""] * (need - len(cells))
        return get(cells)  # type: ignore[no-any-return]

    return pick


def _stands(heading: tuple[str, ...], place: Place) -> bool:
    return isinstance(place, int) or place.isdigit() or heading.count(plain_heading(place)) == 1


def _index(source: Source, heading: tuple[str, ...], place: Place) -> int:
    if isinstance(place, int):
        return place - 1
    name = plain_heading(place)
    many = heading.count(name)
    if many > 1:
        raise DoesNotFit(
            cannot_read(source),
            f"見出しに「{name}」の列が{many}つあります",
            "列の番号（左から 1）で書いてください",
        )
    return heading.index(name) if many else int(place) - 1
