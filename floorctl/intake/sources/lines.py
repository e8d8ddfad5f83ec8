"""Lines of a described file, some megabytes at a time: a log of years is never all in memory as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from floorctl.intake.sources.decoding import BAD, text_of
from floorctl.intake.sources.table import Table

BLOCK = 4_000_000  # bytes


@dataclass(frozen=True)
class Resume:
    """State of a file that was read before, to go on below: lines, heading and the lines above it, encoding."""

    lines: int
    heading: tuple[str, ...]
    above: str
    encoding: str


class Block(NamedTuple):
    """Lines of a file without their ends, as text or bytes; ``first``: number of lines before them.

    ``spoilt``: some of them may have bytes that are no characters, or NUL. ``last``: there are no others.
    """

    lines: list[Any]
    first: int
    spoilt: bool
    last: bool


def line_blocks(
    table: Table, data: bytes, codec: str, *, growing: bool, first: int, as_bytes: bool = False
) -> Iterator[Block]:
    """Yield the lines of a file, and note in ``table`` how many there were, and whether the last has no end yet.

    A last line without its end counts, unless the file is ``growing``. ``first``: lines read before.
    """
    start, table.lines = 0, first
    while True:
        end = len(data) if codec.startswith("utf-16") else _end(data, start)
        lines, spoilt = _lines(data[start:end], codec, as_bytes)
        unended = lines.pop()
        last = end >= len(data)
        if unended and last and growing:
            table.waits = True
        elif unended:
            lines.append(unended)
        before, table.lines = table.lines, table.lines + len(lines)
        yield Block(lines, before, spoilt, last)
        if last:
            return
        start = end


def _end(data: bytes, start: int) -> int:
    """Return the end of a block of whole lines."""
    if start + BLOCK >= len(data):
        return len(data)
    return (data.rfind(b"\n", start, start + BLOCK) + 1) or (data.find(b"\n", start + BLOCK) + 1) or len(data)


def _lines(data: bytes, codec: str, as_bytes: bool) -> tuple[list[Any], bool]:
    if as_bytes:
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), True
    text = text_of(data, codec)
    return text.split("\n"), BAD in text or "\0" in text


def skipped(blocks: Iterator[Block], most: int) -> tuple[list[Any], Iterator[Block]]:
    """Return the first lines, and the blocks without them."""
    found: list[Any] = []
    if most == 0:
        return found, blocks
    for block in blocks:
        take = most - len(found)
        found += block.lines[:take]
        if len(found) == most or block.last:
            rest = block._replace(lines=block.lines[take:], first=block.first + min(take, len(block.lines)))
            return found, chain([rest], blocks)
    return found, iter(())
