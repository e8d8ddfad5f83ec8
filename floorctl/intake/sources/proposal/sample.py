"""First rows of a file by columns, taken as far as a proposal needs them."""

from __future__ import annotations

from floorctl.common.frozen import frozen
from floorctl.models.site.source import Encoding, Form

MOST_BYTES, MOST_ROWS = 1_000_000, 5_000
MOST_DOCUMENT = 8_000_000  # of a JSON document, which cannot be cut
MOST_COLUMNS = 200
TITLES = 30  # rows in which the heading is looked for


@frozen
class SampleColumn:
    """Column of the sample: its place as a description names it, its heading ("" without), its cells, plain."""

    place: int | str
    heading: str
    cells: tuple[str, ...]


@frozen
class Sample:
    """First rows of a file by columns. ``encoding``: "" where ``auto`` finds it. ``titles``: texts above the rows.

    ``document``: of JSON, the values beside the rows, by path. ``whole``: all rows of the file are in the sample.
    """

    form: Form
    encoding: Encoding | str = ""
    separator: str = ","
    heading: bool = True
    skip_lines: int = 0
    titles: tuple[str, ...] = ()
    rows: str = ""
    table: str = ""
    document: tuple[SampleColumn, ...] = ()
    columns: tuple[SampleColumn, ...] = ()
    number: int = 0
    whole: bool = True
