"""Read the lines of a table from the bytes of a file: encoding, separator, quotes, and where its heading stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from floorctl.common import patience
from floorctl.common.errors import Refused
from floorctl.intake.written_text import other_encoding

MAX_BYTES = 1_000_000
AGAIN = "直してから、もう一度取り込んでください"
_SEPARATORS = (",", "\t", ";")
_DEEPEST = 30  # lines that are searched for the heading


class Fit(NamedTuple):
    """Likeness of a line to the heading of a table: whether it has all columns needed, and how many it has at all."""

    whole: bool
    known: int


class Sheet(NamedTuple):
    """Table of a file: its heading with its line, the cells of the lines above it, and the lines below it.

    ``turned``: numbers of the lines that the cells of the heading are from, of a table whose columns were made lines.
    """

    line: int
    heading: list[str]
    above: list[list[str]]
    below: Iterator[tuple[int, list[str]]]
    fit: Fit
    turned: tuple[int, ...] = ()


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a table; raise Refused if there is no file or it is larger than MAX_BYTES."""
    try:
        with patience.open_to_read(path) as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as e:
        why = "ファイルがありません" if isinstance(e, FileNotFoundError) else "ファイルを開けません"
        do = "ほかのプログラムで開いていれば閉じ、" if patience.is_held(e) else ""
        raise Refused("取り込めません", why, f"{do}パスと権限を確かめてください") from None
    if len(raw) > MAX_BYTES:
        raise Refused(
            "取り込めません",
            f"ファイルが{MAX_BYTES // 1_000_000}MBより大きいです",
            "取り込む表だけを CSV にしてください",
        )
    return raw


def find_table(raw: bytes, fit: Callable[[Sequence[str]], Fit]) -> Sheet:
    """Return the table of a file. Its heading is the first line that ``fit`` calls whole, under whatever title lines.

    Separated by comma, tab or semicolon, whatever the file is called: that with which most columns are known. Without a
    whole heading the line that is most like one stands for it, so that it can be told what it lacks. Raise Refused if the
    file cannot be read or is empty.
    """
    text = _decoded(raw)
    best: tuple[Fit, int, int] | None = None  # the likeness, minus the place of the separator, minus that of the line
    for n, separator in enumerate(_SEPARATORS):
        try:
            for m, (_, cells) in enumerate(islice(_lines(text, separator), _DEEPEST)):
                found = (fit(cells), -n, -m)
                best = found if best is None or found > best else best
                if found[0].whole:
                    break
        except Refused:
            continue
    likeness, n, skipped = best or (Fit(False, 0), 0, 0)
    lines = _lines(text, _SEPARATORS[-n])
    above = [cells for _, cells in islice(lines, -skipped)]
    line, heading = next(lines, (0, []))
    if not line:
        raise Refused(
            "取り込めません", "ファイルに何も書かれていません", "1行目に見出し、2行目から内容を書いてください"
        )
    return Sheet(line, heading, above, lines, likeness)


def _decoded(raw: bytes) -> str:
    # Excel's "Unicode text" is UTF-16 with a byte order mark, separated by tabs.
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp932"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    known = not wide and other_encoding(raw) == "UTF-16"
    why = "文字コードが UTF-16 です" if known else "文字コードが UTF-8 でも Shift_JIS でもありません"
    raise Refused("取り込めません", why, "Excel の「名前を付けて保存」で、CSV UTF-8 を選んで保存し直してください")


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield non-empty lines with the number of their first physical line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    first = 1
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                yield first, cells
            first = reader.line_num + 1
    except csv.Error:
        why = '引用符（"）の付け方が CSV の形ではありません'
        raise Refused(f"{first}行目を読めません", why, AGAIN) from None
