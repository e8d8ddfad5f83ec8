"""Take a sample of a table in fixed width: columns part at blanks that all rows share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from floorctl.intake.sources.proposal.cell_shapes import digits_time, moment, plain_cell
from floorctl.intake.sources.proposal.encoding import to_name
from floorctl.intake.sources.proposal.sample import MOST_COLUMNS, MOST_ROWS, TITLES, Sample, SampleColumn


def fixed_sample(lines: Sequence[str], encoding: str, whole: bool) -> Sample:
    """Return the sample of a table in fixed width: columns part at blanks that all rows share."""
    filled = [line for line in lines if line.strip()]
    # Places count bytes, in UTF-8 and UTF-16 characters; one character a byte makes both the same here.
    by_byte = encoding if encoding in ("cp932", "euc-jp") else ""
    encoded = [line.encode(by_byte, "replace").decode("latin-1") if by_byte else line for line in filled]
    sizes = Counter(len(line) for line in encoded)
    width = max(sizes.items(), key=lambda x: (x[1], x[0]))[0]
    skipped = next((n for n, line in enumerate(encoded[:TITLES]) if any(c.isdigit() for c in line[:width])), 0)
    rows = [line.ljust(width)[:width] for line in encoded[skipped:] if len(line) >= width * 0.6][:MOST_ROWS]
    spans = [part for a, b in _spans(rows, width) for part in _parted([row[a:b] for row in rows], a)]
    spans = list(_with_blanks(spans, rows, width))
    columns = []
    for a, b in spans[:MOST_COLUMNS]:
        pieces = [row[a:b] for row in rows]
        if by_byte:
            pieces = [x.encode("latin-1").decode(by_byte, "replace") for x in pieces]
        cells = tuple(map(plain_cell, pieces))
        columns.append(SampleColumn(f"{a + 1}-{b}", "", cells))
    return Sample(
        form="fixed",
        encoding=to_name(encoding),
        heading=False,
        skip_lines=lines.index(filled[skipped]) if skipped else 0,
        titles=tuple(plain_cell(x) for x in filled[:skipped]),
        columns=tuple(columns),
        number=len(rows),
        whole=whole,
    )


def _spans(rows: Sequence[str], width: int) -> Iterator[tuple[int, int]]:
    """Yield (from, to) of the pieces between blanks that all rows have."""
    used = [any(row[n] != " " for row in rows) for n in range(width)]
    start = None
    for n, here in enumerate([*used, False]):
        if here and start is None:
            start = n
        elif not here and start is not None:
            yield start, n
            start = None


def _with_blanks(spans: Sequence[tuple[int, int]], rows: Sequence[str], width: int) -> Iterator[tuple[int, int]]:
    """Yield the pieces with the blanks that belong to them: a number may grow to its left, a word to its right."""
    for n, (a, b) in enumerate(spans):
        before = spans[n - 1][1] if n else 0
        after = spans[n + 1][0] if n + 1 < len(spans) else width
        right = all(row[b - 1] != " " for row in rows) and any(row[a] == " " for row in rows)
        left = all(row[a] != " " for row in rows) and any(row[b - 1] == " " for row in rows)
        number = all(row[a:b].strip().isdigit() for row in rows)
        if right or (number and not left and a - before > 1):
            yield min(a, before + (before > 0)), b
        else:
            yield a, max(b, after - 1) if left else b


def _parted(pieces: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    """Yield a piece of a row in parts: a day and a time at its beginning, then where digits and letters change."""
    width = len(pieces[0])
    if width >= 8 and all(moment(x[:8]).day for x in pieces):
        if width in (8, 12, 14) and all(moment(x).day for x in pieces):
            yield at, at + width
            return
        yield at, at + 8
        if width > 8:
            yield from _parted([x[8:] for x in pieces], at + 8)
        return
    for size in (6, 4):
        if width > size and all(_office_hour(x[:size]) for x in pieces):
            yield at, at + size
            yield from _parted([x[size:] for x in pieces], at + size)
            return
    start = 0
    for n in range(1, width):
        before = [x[n - 1].isdigit() for x in pieces]
        here = [x[n].isdigit() for x in pieces]
        if all(before) and not any(here):
            yield at + start, at + n
            start = n
    yield at + start, at + width


def _office_hour(text: str) -> bool:
    second = digits_time(text)
    return second is not None and 5 * 3600 <= second < 23 * 3600
