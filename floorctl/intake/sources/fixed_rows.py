"""Read rows of fixed width: cells by their bytes in the file's encoding, with full-width characters inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from floorctl.intake.sources.decoding import BAD, text_of
from floorctl.intake.sources.separated_rows import Resume
from floorctl.intake.sources.table import CONTROL, MOST_ROW, NO_CHARACTER, TOO_LONG, Place, Row, Table
from floorctl.models.site.source import Source

_BY_BYTES = ("cp932", "euc-jp")


def span(place: Place) -> tuple[int, int]:
    """Return the first byte from 0 and the one behind the last of "5-9" or 5."""
    first, dash, last = str(place).partition("-")
    return int(first) - 1, int(last if dash else first)


def fixed_table(
    source: Source, data: bytes, codec: str, places: Sequence[Place], *, growing: bool, resume: Resume | None
) -> Table:
    """Return the table of a file; in UTF-8 and UTF-16 the numbers count characters."""
    spans = [span(p) for p in places]
    lines: list[Any]
    pick: Callable[[Any], Sequence[str]]
    if codec in _BY_BYTES:
        lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        pick = lambda line: _cut(line, spans, codec)  # noqa: E731
    else:
        lines = text_of(data, codec).split("\n")
        pick = lambda line: [line[a:b] for a, b in spans]  # noqa: E731
    last: Any = lines.pop()
    if last and not growing:
        lines.append(last)
    before = resume.lines if resume else 0
    skipped = [] if resume else lines[: source.skip_lines]
    above = resume.above if resume else "\n".join(x if isinstance(x, str) else text_of(x, codec) for x in skipped)
    rows = _rows(lines, codec, before, 0 if resume else source.skip_lines)
    return Table(rows, pick, above=above, waits=bool(last) and growing, lines=before + len(lines))


def _rows(lines: list[Any], codec: str, before: int, skip: int) -> Iterator[Row]:
    for n in range(skip, len(lines)):
        line = lines[n]
        if not line.strip():
            continue
        why = TOO_LONG if len(line) > MOST_ROW else ""
        if not why and isinstance(line, bytes):
            # Kept as text where each byte is a character.
            if line.isascii():
                line = line.decode("ascii")
            elif BAD in text_of(line, codec):
                why = NO_CHARACTER
        elif not why and BAD in line:
            why = NO_CHARACTER
        if not why and (b"\0" if isinstance(line, bytes) else "\0") in line:
            if not line.strip(b"\0 " if isinstance(line, bytes) else "\0 "):
                continue
            why = CONTROL
        yield Row(before + n + 1, "" if why else line, why)


def _cut(line: bytes | str, spans: list[tuple[int, int]], codec: str) -> list[str]:
    if isinstance(line, str):
        return [line[a:b] for a, b in spans]
    return [text_of(line[a:b], codec) for a, b in spans]  # a character cut in two leaves ``BAD``
