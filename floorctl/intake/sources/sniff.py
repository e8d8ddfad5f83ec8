"""Find out the encoding and the form of a file that nobody has described, and take a sample of its columns.

At most the first ``MOST_BYTES`` and ``MOST_ROWS`` of a file are looked at.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from floorctl.common.errors import FloorctlError
from floorctl.common.frozen import frozen
from floorctl.intake.sources.cell_shapes import looks_like_count, moment, plain_cell
from floorctl.models.site.source import Encoding, Form

MOST_BYTES, MOST_ROWS = 1_000_000, 5_000
MOST_DOCUMENT = 8_000_000  # of a JSON document, which cannot be cut
_MOST_COLUMNS = 200
_TITLES = 30  # rows in which the heading is looked for
_SQLITE = b"SQLite format 3\0"


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


def is_sqlite(head: bytes) -> bool:
    """Return whether bytes begin an SQLite file."""
    return head.startswith(_SQLITE)


# ---- encoding

_KANA_HALF = re.compile("[｡-ﾟ]")
_USUAL = re.compile("[ぁ-んァ-ヶー一-龠々、。（）]")


def decoded(data: bytes, cut: bool) -> tuple[str, str]:
    """Return the text of bytes, and its encoding.

    ``cut``: the bytes end where reading did, maybe within a character. Raise FloorctlError where no encoding fits.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _tolerant(data, "utf-16", cut) or "", "bom"
    zeros = data[:4000].count(0)
    if zeros * 5 > len(data[:4000]):
        for name in ("utf-16-le", "utf-16-be"):
            text = _tolerant(data, name, cut)
            if text is not None and text[:2000].count("\0") == 0:
                return text, "utf-16"
    text = _tolerant(data, "utf-8-sig", cut)
    if text is not None and "\0" not in text:
        return text, "utf-8"
    found = [(x, name) for name in ("cp932", "euc-jp") if (x := _tolerant(data, name, cut)) is not None]
    found = [(text, name) for text, name in found if "\0" not in text]
    if not found:
        do = "UTF-8 か Shift_JIS で書き出した表か、JSON にしてください"
        raise FloorctlError("ファイルを読めません", "文字の表ではないか、文字コードが分かりません", do)
    return max(found, key=lambda x: _natural(x[0]))


def _to_name(encoding: str) -> str:
    """Return the encoding as a description has to name it: "" where ``auto`` (BOM, UTF-8, cp932) finds it."""
    return encoding if encoding in ("utf-16", "euc-jp") else ""


def _tolerant(data: bytes, encoding: str, cut: bool) -> str | None:
    for less in range(4 if cut else 1):
        try:
            return data[: len(data) - less].decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _natural(text: str) -> int:
    """Return how much a text looks like Japanese: read in the wrong encoding it is half-width kana and rare kanji."""
    part = text[:20_000]
    return (
        len(_USUAL.findall(part)) - 2 * len(_KANA_HALF.findall(part)) - 3 * sum("\ue000" <= c < "\uf900" for c in part)
    )


# ---- form


def sniff(data: bytes, *, cut: bool, name: str = "") -> Sample:
    """Return the sample of a text file's first bytes; ``cut``: the file goes on. Raise FloorctlError if it is empty."""
    text, encoding = decoded(data, cut)
    body = text.lstrip("\ufeff \t\r\n")
    if not body:
        raise FloorctlError("ファイルに何も書かれていません", "", "行のあるファイルを指定してください")
    if body[0] in "{[":
        found = _json(body, cut, _to_name(encoding))
        if found is not None:
            return found
    lines = text.lstrip("\ufeff").splitlines()
    if cut and len(lines) > 1:
        lines.pop()
    whole = not cut and len(lines) <= MOST_ROWS
    rows, separator = _separated(lines[: MOST_ROWS + _TITLES])
    if separator:
        return _table(rows, separator, _to_name(encoding), whole)
    return _fixed(lines[: MOST_ROWS + _TITLES], encoding, whole)


def _separated(lines: Sequence[str]) -> tuple[list[list[str]], str]:
    """Return the rows of a text and its separator, "" where none divides most lines alike."""
    best: tuple[float, int, list[list[str]], str] = (0.0, 0, [], "")
    for separator in ",\t;|":
        if not any(separator in line for line in lines[:200]):
            continue
        try:
            rows = list(csv.reader(io.StringIO("\n".join(lines[:400]), newline=""), delimiter=separator))
        except csv.Error:
            continue
        sizes = Counter(len(row) for row in rows if any(row))
        width, n = max(((w, n) for w, n in sizes.items() if w > 1), key=lambda x: (x[1], x[0]), default=(0, 0))
        share = n / max(1, sum(sizes.values()))
        if width > 1 and (share > 0.5 or n >= 2) and (round(share, 1), width) > best[:2]:
            best = (round(share, 1), width, rows, separator)
    if not best[3]:
        return [], ""
    with_all = csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=best[3])
    try:
        return list(islice(with_all, MOST_ROWS + _TITLES)), best[3]
    except csv.Error:
        return best[2], best[3]


def _is_value(cell: str) -> bool:
    """Return whether a cell can stand in no heading: a time, a day, a number."""
    return moment(cell) != (None, None) or looks_like_count(cell)


def _heading_at(rows: Sequence[Sequence[str]], width: int) -> int | None:
    """Return the place of the heading among the first rows, or None where the first full row holds data already."""
    for n, row in enumerate(rows[:_TITLES]):
        cells = [plain_cell(x) for x in row]
        named = [x for x in cells if x]
        if len(cells) < max(2, width - 1) or (len(named) < 2 or (len(named) < len(cells) / 2 and width < 20)):
            continue
        if any(_is_value(x) for x in named) and sum(map(_is_value, named)) > len(named) * 0.2:
            return None
        below = [[plain_cell(x) for x in other] for other in rows[n + 1 : n + 40]]
        # A heading names what stands below: it is no value of its column.
        again = sum(any(len(o) > k and o[k] == cell for o in below) for k, cell in enumerate(cells) if cell)
        if len(set(named)) < len(named) * 0.8 or again > len(named) * 0.3:
            return None
        if not any(_is_value(cell) for other in below for cell in other):
            continue
        return n
    return None


def _table(rows: list[list[str]], separator: str, encoding: str, whole: bool) -> Sample:
    sizes = Counter(len(row) for row in rows if any(x.strip() for x in row))
    width = min(_MOST_COLUMNS, max(sizes.items(), key=lambda x: (x[1] * (x[0] > 1), x[0]))[0])
    at = _heading_at(rows, width)
    skipped = 0
    if at is None:
        full = (n for n, row in enumerate(rows) if len(row) >= width - 1 and any(x.strip() for x in row))
        skipped = next(full, 0)
        heading, below = [""] * width, rows[skipped:]
    else:
        heading, below = [plain_cell(x) for x in rows[at]], rows[at + 1 :]
    below = [row for row in below if any(x.strip() for x in row)][:MOST_ROWS]
    width = max(len(heading), width)
    heading = [*heading, *[""] * (width - len(heading))]
    columns = []
    for n in range(width):
        cells = tuple(plain_cell(row[n]) if n < len(row) else "" for row in below)
        # A heading that stands twice, or none, is no name: then the number is.
        named = heading[n] if heading[n] and heading.count(heading[n]) == 1 else ""
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


# ---- fixed width


def _fixed(lines: Sequence[str], encoding: str, whole: bool) -> Sample:
    """Return the sample of a table in fixed width: columns part at blanks that all rows share."""
    filled = [line for line in lines if line.strip()]
    # Places count bytes, in UTF-8 and UTF-16 characters; one character a byte makes both the same here.
    by_byte = encoding if encoding in ("cp932", "euc-jp") else ""
    encoded = [line.encode(by_byte, "replace").decode("latin-1") if by_byte else line for line in filled]
    sizes = Counter(len(line) for line in encoded)
    width = max(sizes.items(), key=lambda x: (x[1], x[0]))[0]
    skipped = next((n for n, line in enumerate(encoded[:_TITLES]) if any(c.isdigit() for c in line[:width])), 0)
    rows = [line.ljust(width)[:width] for line in encoded[skipped:] if len(line) >= width * 0.6][:MOST_ROWS]
    spans = [part for a, b in _spans(rows, width) for part in _parted([row[a:b] for row in rows], a)]
    columns = []
    for a, b in spans[:_MOST_COLUMNS]:
        pieces = [row[a:b] for row in rows]
        if by_byte:
            pieces = [x.encode("latin-1").decode(by_byte, "replace") for x in pieces]
        cells = tuple(map(plain_cell, pieces))
        columns.append(SampleColumn(f"{a + 1}-{b}", "", cells))
    return Sample(
        form="fixed",
        encoding=_to_name(encoding),
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
    from floorctl.intake.sources.cell_shapes import digits_time

    second = digits_time(text)
    return second is not None and 5 * 3600 <= second < 23 * 3600


# ---- JSON


def _json(body: str, cut: bool, encoding: str) -> Sample | None:
    """Return the sample of a JSON document or of JSON Lines; None where the text is neither."""
    lines = [line for line in body.splitlines() if line.strip()]
    if cut and len(lines) > 1:
        lines.pop()
    first = _value(lines[0])
    if len(lines) > 1 and isinstance(first, dict):
        rows = [x for line in lines[:MOST_ROWS] if isinstance(x := _value(line), dict)]
        if len(rows) * 2 > len(lines[:MOST_ROWS]):
            return _own(rows, encoding) or _of_objects("jsonl", rows, encoding, not cut and len(lines) <= MOST_ROWS)
    document = _value(body)
    if document is None:
        return None
    if isinstance(document, dict) and (own := _own([document], encoding)):
        return own
    path, rows = _rows_of(document)
    if not rows:
        return None
    beside = tuple(_columns([document], "/")) if isinstance(document, dict) else ()
    return _of_objects("json", rows[:MOST_ROWS], encoding, len(rows) <= MOST_ROWS, path, beside)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _own(rows: Sequence[dict[str, Any]], encoding: str) -> Sample | None:
    """Return the sample of the own feed: lines with id, at and kind."""
    own = sum({"id", "at", "kind"} <= row.keys() for row in rows)
    return Sample(form="floorctl", encoding=encoding, number=len(rows)) if own * 2 > len(rows) else None


def _rows_of(document: Any, path: str = "", depth: int = 0) -> tuple[str, list[dict[str, Any]]]:
    """Return path and rows of the longest list of objects (or mapping of objects: path with .*) in a document."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    if isinstance(document, list) and document and all(isinstance(x, dict) for x in document):
        found.append((path, document))
    elif isinstance(document, dict) and depth < 5:
        values = list(document.values())
        if len(values) > 1 and all(isinstance(x, dict) for x in values):
            found.append((f"{path}.*".lstrip("."), [{"*": key, **x} for key, x in document.items()]))
        for key, value in islice(document.items(), 200):
            if isinstance(value, dict | list):
                found.append(_rows_of(value, f"{path}.{key}".lstrip("."), depth + 1))
        if not path and not any(rows for _, rows in found):
            found.append(("", [document]))  # one object is one row
    return max(found, key=lambda x: len(x[1]), default=(path, []))


def _flat(row: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in islice(row.items(), _MOST_COLUMNS):
        if isinstance(value, dict) and depth < 3:
            yield from _flat(value, f"{before}{key}.", depth + 1)
        elif not isinstance(value, dict | list):
            yield f"{before}{key}", plain_cell(_written(value))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _columns(rows: Sequence[dict[str, Any]], before: str = "") -> Iterator[SampleColumn]:
    flat = [dict(_flat(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))[:_MOST_COLUMNS]
    for name in names:
        yield SampleColumn(f"{before}{name}", name, tuple(row.get(name, "") for row in flat))


def _of_objects(
    form: Form,
    rows: Sequence[dict[str, Any]],
    encoding: str,
    whole: bool,
    path: str = "",
    document: tuple[SampleColumn, ...] = (),
) -> Sample:
    return Sample(
        form=form,
        encoding=encoding,
        rows=path,
        document=document if path else (),
        columns=tuple(_columns(rows)),
        number=len(rows),
        whole=whole,
    )
