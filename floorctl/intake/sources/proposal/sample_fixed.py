"""Take a sample of a table in fixed width: columns part at blanks that all rows share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

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
    for size in (14, 12, 8):
        if width >= size and all(moment(x[:size]).day for x in pieces):
            yield at, at + size
            if width > size:
                yield from _parted([x[size:] for x in pieces], at + size)
            return
    for size in (6, 4):
        if width > size and all(_office_hour(x[:size]) for x in pieces):
            yield at, at + size
            yield from _parted([x[size:] for x in pieces], at + size)
            return
    cuts = {n for n in range(1, width) if _changes(pieces, n)}
    ends = [0, *sorted(cuts), width]
    for a, b in pairwise(ends):
        inner = _number_and_code([x[a:b] for x in pieces])
        yield from ((at + a + x, at + a + y) for x, y in pairwise([0, *inner, b - a]))


def _changes(pieces: Sequence[str], n: int) -> bool:
    """Return whether one column ends and another begins at a place: digits, then letters; or blank in other rows."""
    if all(x[n - 1].isdigit() for x in pieces) and not any(x[n].isdigit() for x in pieces):
        return True
    if any((x[n - 1] == " ") != (x[n] == " ") for x in pieces) and not any(x[n - 1] == " " for x in pieces):
        return all(x[n:].strip() == "" or x[n] != " " for x in pieces)
    # One letter before digits is an event where the same digits come with several letters.
    if n == 1 and all(x[0].isalpha() and x[1].isdigit() for x in pieces):
        letters: dict[str, set[str]] = {}
        for x in pieces:
            letters.setdefault(x[1:4], set()).add(x[0])
        return sum(len(x) > 1 for x in letters.values()) * 2 > len(letters)
    return False


def _number_and_code(pieces: Sequence[str]) -> list[int]:
    """Return where a run of digits parts into a number of many values and a code of few; [] where it does not."""
    width = len(pieces[0])
    if not 4 <= width <= 7 or len(pieces) < 20 or not all(x.isdigit() for x in pieces):
        return []
    for size in (2, 1, 3):
        if width - size >= 3:
            few, many = {x[-size:] for x in pieces}, {x[:-size] for x in pieces}
            if len(few) <= max(3, len(pieces) // 20) and len(many) >= 3 * len(few):
                return [width - size]
    return []


def _office_hour(text: str) -> bool:
    second = digits_time(text)
    return second is not None and 5 * 3600 <= second < 23 * 3600
