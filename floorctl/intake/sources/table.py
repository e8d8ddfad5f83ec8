"""Rows of a described file as its form gives them, before anything in them is understood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from floorctl.common.errors import FloorctlError
from floorctl.models.site.source import Source

Place = int | str  # of a column: its number from 1; its heading, key, path or bytes

# Bytes of a file that is held in memory: a machine's year has some 10 MB, 100,000 rows of 65 columns 15 MB.
MOST_BYTES = 128_000_000
# Bytes and values of a JSON document, whose objects take up to 100 bytes for each value.
MOST_JSON_BYTES, MOST_JSON_VALUES = 32_000_000, 3_000_000
# Characters of a row, as of a line of a feed; lines of a row in whose cells lines break.
MOST_ROW, MOST_ROW_LINES = 65_536, 50
MOST_ROWS = 1_000_000  # of a table of SQLite

TOO_LONG, NOT_CLOSED = "行が長すぎます", '引用符（"）が閉じていません'
NO_CHARACTER = "文字コードにない文字があります"
CONTROL = "使えない制御文字があります"


class DoesNotFit(FloorctlError):
    """File that is not of the form that its description says; nothing of it was taken."""


def cannot_read(source: Source) -> str:
    """Return the beginning of the refusal of a source's file: that it is not read."""
    return f"入力元 {source.name} のファイルを読めません"


class Row(NamedTuple):
    """Row, by the number of its first line from 1; ``why``: reason in Japanese if it cannot be read, else ""."""

    number: int
    cells: Any
    why: str = ""


@dataclass
class Table:
    """Rows of one file. ``pick``: from the ``cells`` of a row, the values at the places that were asked for.

    ``above``: the lines before the heading or the first row. ``waits``: the file ends in the midst of a row, or before
    its heading, and may yet go on.
    """

    rows: Iterator[Row]
    pick: Callable[[Any], Sequence[Any]]
    heading: tuple[str, ...] = ()
    above: str = ""
    encoding: str = ""
    waits: bool = False
    open: bool = False  # whether a quote is open at the end
    lines: int = 0  # lines read so far, once the rows have been used up


def label(place: Place) -> str:
    """Return the name of a place for a sentence: the heading, or the number of the column."""
    return f"{place}列目" if isinstance(place, int) or place.isdigit() else place


def need_not_personal(source: Source, both: Collection[object]) -> None:
    """Raise DoesNotFit if columns are both personal and read, under two names (``both``)."""
    if both:
        raise DoesNotFit(
            cannot_read(source),
            "個人情報の列（personal）を、ほかの名前や番号で読もうとしています",
            "入力元の説明の personal と columns を確かめてください",
        )
