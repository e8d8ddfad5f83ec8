"""Find out the form of a file that nobody has described, and take a sample of its columns.

At most the first ``MOST_BYTES`` and ``MOST_ROWS`` of a file are looked at.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from floorctl.common.errors import FloorctlError
from floorctl.intake.sources.proposal.cell_shapes import (
    looks_like_count,
    looks_like_ticket,
    moment,
    personal,
    plain_cell,
)
from floorctl.intake.sources.proposal.encoding import decoded, to_name
from floorctl.intake.sources.proposal.sample import MOST_COLUMNS, MOST_DOCUMENT, MOST_ROWS, TITLES, Sample, SampleColumn
from floorctl.intake.sources.proposal.sample_fixed import fixed_sample
from floorctl.intake.sources.proposal.sample_json import json_sample
from floorctl.intake.sources.table import MOST_ROW

_PAIR = re.compile(r"\s[A-Za-z_]+=\S")


def sniff(data: bytes, *, cut: bool) -> Sample:
    """Return the sample of a text file's first bytes; ``cut``: the file goes on. Raise FloorctlError if it is empty."""
    text, encoding = decoded(data, cut)
    body = text.lstrip("\ufeff \t\r\n")
    if not body:
        raise FloorctlError("ファイルに何も書かれていません", "", "行のあるファイルを指定してください")
    if body[0] in "{[":
        found = json_sample(body, cut, to_name(encoding))
        if found is not None:
            return found
    lines = [line for line in _unix(text).split("\n") if len(line) <= MOST_ROW]
    if cut and len(lines) > 1:
        lines.pop()
    if not any(map(str.strip, lines)) and body[0] in "{[":
        why = f"JSON の文書が壊れているか、大きすぎます（{MOST_DOCUMENT // 1_000_000} MB まで）"
        raise FloorctlError("ファイルを読めません", why, "1行1件の JSON か、小さい文書にしてください")
    if not any(map(str.strip, lines)):
        raise FloorctlError(
            "ファイルを読めません", "行が長すぎるか、文字の表ではありません", "行のあるファイルを指定してください"
        )
    whole = not cut and len(lines) <= MOST_ROWS
    rows, separator = _separated(lines[: MOST_ROWS + TITLES])
    if separator:
        return _table(rows, separator, to_name(encoding), whole)
    return fixed_sample(lines[: MOST_ROWS + TITLES], encoding, whole)


def _unix(text: str) -> str:
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _separated(lines: Sequence[str]) -> tuple[list[list[str]], str]:
    """Return the rows of a text and its separator, "" where none divides most lines alike."""
    best: tuple[float, int, list[list[str]], str] = (0.0, 0, [], "")
    # A blank parts the lines only where they are no table in fixed width.
    # no=B041: a log, however long its lines are.
    pairs = sum(_PAIR.search(line) is not None for line in lines[:200]) > len(lines[:200]) / 2
    blank = " " if pairs or len({len(line) for line in lines[:200]}) > 2 else ""
    for separator in f",\t;|{blank}":
        if not any(separator in line for line in lines[:200]):
            continue
        try:
            rows = list(_cells(lines[:400], separator))
        except csv.Error:
            continue
        sizes = Counter(len(row) for row in rows if any(row))
        width, n = max(((w, n) for w, n in sizes.items() if w > 1), key=lambda x: (x[1], x[0]), default=(0, 0))
        share = n / max(1, sum(sizes.values()))
        enough = (share > 0.5 or pairs) and n > 1 and width > 2 if separator == " " else share > 0.5 or n >= 2
        if width > 1 and enough and (round(share, 1), width) > best[:2] and not (separator == " " and best[3]):
            best = (round(share, 1), width, rows, separator)
    if not best[3]:
        return [], ""
    try:
        return list(islice(_cells(lines, best[3]), MOST_ROWS + TITLES)), best[3]
    except csv.Error:
        return best[2], best[3]


def _cells(lines: Sequence[str], separator: str) -> Iterator[list[str]]:
    if separator == " ":  # any run of blanks
        return (line.split() for line in lines)
    return csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=separator)


def _is_value(cell: str) -> bool:
    """Return whether a cell can stand in no heading: a time, a day, a number."""
    return moment(cell) != (None, None) or looks_like_count(cell)


def _heading_at(rows: Sequence[Sequence[str]], width: int) -> int | None:
    """Return the place of the heading among the first rows, or None where the first full row holds data already."""
    for n, row in enumerate(rows[:TITLES]):
        cells = [plain_cell(x) for x in row]
        named = [x for x in cells if x]
        if len(cells) < max(2, width - 1) or (len(named) < 2 or (len(named) < len(cells) / 2 and width < 20)):
            continue
        if any(moment(x) != (None, None) for x in named):
            return None
        if any(_is_value(x) for x in named) and sum(map(_is_value, named)) > len(named) * 0.2:
            return None
        below = [[plain_cell(x) for x in other] for other in rows[n + 1 : n + 40]]
        # A heading names what stands below: it is no value of its column.
        again = sum(any(len(o) > k and o[k] == cell for o in below) for k, cell in enumerate(cells) if cell)
        if len(set(named)) < len(named) * 0.8 or again > len(named) * 0.3:
            return None
        if not any(_is_value(cell) or looks_like_ticket(cell) for other in below for cell in other):
            continue
        return n
    return None


def _table(rows: list[list[str]], separator: str, encoding: str, whole: bool) -> Sample:
    sizes = Counter(len(row) for row in rows if any(x.strip() for x in row))
    width = min(MOST_COLUMNS, max(sizes.items(), key=lambda x: (x[1] * (x[0] > 1), x[0]))[0])
    at = _heading_at(rows, width)
    skipped = 0
    if at is None:
        full = (n for n, row in enumerate(rows) if len(row) >= width - 1 and any(x.strip() for x in row))
        skipped = next(full, 0)
        heading, below = [""] * width, rows[skipped:]
    else:
        heading, below = [plain_cell(x) for x in rows[at]], rows[at + 1 :]
    below = [row for row in below if any(x.strip() for x in row)][:MOST_ROWS]
    # A row at the beginning or the end that sums up has fewer cells; it is looked at no more than a title.
    whole_rows = [row for row in below if len(row) >= width - 1 or len(row) > width * 0.7]
    if len(whole_rows) >= len(below) * 0.9:
        below = whole_rows
    width = max(len(heading), width)
    heading = [*heading, *[""] * (width - len(heading))]
    columns = []
    for n in range(width):
        cells = tuple(plain_cell(row[n]) if n < len(row) else "" for row in below)
        # A heading that stands twice, or looks like a person's own, is no name: then the number is.
        alone = heading[n] and heading.count(heading[n]) == 1 and not personal(heading[n])
        named = heading[n] if alone else ""
        columns.append(SampleColumn(named or n + 1, heading[n], cells))
    above = rows[: at if at is not None else skipped]
    return Sample(
        form="tsv" if separator == "\t" else "csv",
        encoding=encoding,
        separator="," if separator == "\t" else separator,
        heading=at is not None,
        skip_lines=skipped,
        titles=tuple(" ".join(plain_cell(x) for x in row if x.strip()) for row in above),
        columns=tuple(columns),
        number=len(below),
        whole=whole,
    )
