"""Read rows of fixed width: cells by their bytes in the file's encoding, with full-width characters inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from floorctl.intake.sources.decoding import BAD, text_of
from floorctl.intake.sources.lines import Block, Resume, line_blocks, skipped
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
    by_bytes = codec in _BY_BYTES
    table = Table(iter(()), lambda line: _cut(line, spans, codec))
    blocks = line_blocks(table, data, codec, growing=growing, first=resume.lines if resume else 0, as_bytes=by_bytes)
    titles, blocks = skipped(blocks, 0 if resume else source.skip_lines)
    table.above = resume.above if resume else "\n".join(text_of(x, codec) if by_bytes else x for x in titles)
    table.rows = (row for block in blocks for row in _rows(block, codec))
    return table


def _rows(block: Block, codec: str) -> Iterator[Row]:
    for number, line in enumerate(block.lines, block.first + 1):
        # Kept as text where each byte is a character.
        text = text_of(line, codec) if isinstance(line, bytes) else line
        if not text.strip(" \t\u3000\0\x1a"):
            continue
        why = TOO_LONG if len(line) > MOST_ROW else NO_CHARACTER if BAD in text else ""
        why = why or (CONTROL if "\0" in text else "")
        yield Row(number, "" if why else text if len(text) == len(line) else line, why)


def _cut(line: bytes | str, spans: list[tuple[int, int]], codec: str) -> tuple[str, ...]:
    if isinstance(line, str):
        return tuple([line[a:b] for a, b in spans])
    return tuple([text_of(line[a:b], codec) for a, b in spans])  # a character cut in two leaves ``BAD``
