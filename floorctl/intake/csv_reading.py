"""Read a CSV file into the valid lines of a table, and collect the faults of the others."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from floorctl.common.clean_text import clean
from floorctl.common.errors import Refused
from floorctl.common.privacy import FOUND, find
from floorctl.intake.csv_cells import Bad, is_date_of, plain
from floorctl.intake.csv_columns import WHOLE_NAMES, Column
from floorctl.intake.written_text import in_a_row, other_encoding

MAX_BYTES = 1_000_000
EMPTY = "(empty)"  # among the values of a line: the columns whose empty cells say nothing
_AGAIN = "直してから、もう一度取り込んでください"


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a table; raise Refused if there is no file or it is larger than MAX_BYTES."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as e:
        why = "ファイルがありません" if isinstance(e, FileNotFoundError) else "ファイルを開けません"
        raise Refused("取り込めません", why, "パスと権限を確かめてください") from None
    if len(raw) > MAX_BYTES:
        raise Refused("取り込めません", "ファイルが1MBより大きいです", "取り込む表だけを CSV にしてください")
    return raw


class Faults:
    """All faults of a file: line, label of the column ("": of the line), reason and remedy."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str, Bad]] = []

    def add(self, line: int, label: str, bad: Bad) -> None:
        """Record a fault."""
        self._found.append((line, label, bad))

    def refuse_if_any(self) -> None:
        """Raise Refused for the first fault, which names the others with their lines."""
        if not self._found:
            return
        (line, label, bad), *others = sorted(self._found, key=lambda x: x[0])
        more = len({x[0] for x in others} - {line})
        rest = f"。ほかの{more}行にも誤りがあり、何も取り込んでいません" if more else f"。{_AGAIN}"
        told = [f"{_place(n, word)}：{x.why}" for n, word, x in others]
        raise Refused(f"{_place(line, label)}を取り込めません", bad.why, f"{bad.do}{rest}{_also(told)}")


def _place(line: int, label: str) -> str:
    return f"{line}行目の{label}" if label else f"{line}行目"


def _also(told: Sequence[str]) -> str:
    """Return the other faults of a file for the end of its sentence."""
    return f"（{in_a_row(told)}）" if told else ""


def _decode(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    known = other_encoding(raw) == "UTF-16"
    why = "文字コードが UTF-16 です" if known else "文字コードが UTF-8 でも Shift_JIS でもありません"
    raise Refused("取り込めません", why, "Excel の「名前を付けて保存」で、CSV UTF-8 を選んで保存し直してください")


def _lines(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield non-empty lines with the number of their first physical line."""
    reader = csv.reader(io.StringIO(_decode(raw), newline=""), strict=True)
    first = 1
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                yield first, cells
            first = reader.line_num + 1
    except csv.Error:
        why = '引用符（"）の付け方が CSV の形ではありません'
        raise Refused(f"{first}行目を読めません", why, _AGAIN) from None


def _headings(
    line: int, cells: Sequence[str], columns: tuple[Column, ...], required: tuple[str, ...]
) -> list[Column | None]:
    """Return the column at each place, None without a heading. Raise Refused with all faults, naming places alone."""
    by_name = {name: c for c in columns for name in c.names}
    found: list[Column | None] = []
    bad: list[tuple[str, str, str]] = []  # place, reason, remedy
    for place, cell in enumerate(cells, 1):
        name = plain(clean(cell))
        column = by_name.get(name)
        where = f"{line}行目の{place}列目"
        if name in WHOLE_NAMES and "surname" in by_name:
            bad.append((where, "氏名ではなく氏だけを取り込みます", "見出しを「氏」にし、氏だけを書いてください"))
        elif name and column is None:
            known = "・".join(c.label for c in columns)
            bad.append((where, "知らない見出しです", f"その列を除くか、{known} のどれかにしてください"))
        elif column is not None and column in found:
            bad.append((where, f"「{column.label}」の列がもうあります", "列を1つにしてください"))
        found.append(column)
    keys = {c.key for c in found if c is not None}
    for c in columns:
        if c.key in required and c.key not in keys:
            do = f"見出しの行に「{c.label}」を入れてください"
            bad.append(("", f"見出しに「{c.label}」の列がありません", do))
    if "shift" in keys and keys & {"shift_from", "shift_to"}:
        bad.append(("", "勤務時間の列と始業・終業の列の両方があります", "どちらか一方にしてください"))
    if bad:
        (where, why, do), *others = bad
        what = f"{where}の見出しは使えません" if where else "取り込めません"
        told = [f"{place}：{reason}".removeprefix("：") for place, reason, _ in others]
        raise Refused(what, why, f"{do}{'。見出しの誤りはほかにもあります' if told else ''}{_also(told)}")
    return found


def read(
    raw: bytes, columns: tuple[Column, ...], required: tuple[str, ...], faults: Faults
) -> tuple[set[str], list[tuple[int, dict[str, Any]]]]:
    """Return the keys of the columns present, and the valid lines as (number, values by key)."""
    lines = _lines(raw)
    line, cells = next(lines, (0, []))
    if not line:
        raise Refused(
            "取り込めません", "ファイルに何も書かれていません", "1行目に見出し、2行目から内容を書いてください"
        )
    found = _headings(line, cells, columns, required)
    keys = {c.key for c in found if c is not None}
    below = list(lines)
    if not below:
        raise Refused("取り込めません", "見出しの下に行がありません", "2行目から内容を書いてください")
    rows = [(line, values) for line, cells in below if (values := _values(line, cells, found, faults)) is not None]
    return keys, rows


def _values(line: int, cells: Sequence[str], found: Sequence[Column | None], faults: Faults) -> dict[str, Any] | None:
    """Return a line's values by column key; None if it has a fault."""
    values: dict[str, Any] = {}
    empty: set[str] = set()
    good = True
    # Spreadsheets omit empty cells at the end of a line.
    for place in range(max(len(cells), len(found))):
        column = found[place] if place < len(found) else None
        cell = unicodedata.normalize("NFKC", clean(cells[place])).strip() if place < len(cells) else ""
        try:
            kind = find(cell)
            # A date that no calendar has looks like a long number: its own parser says what is wrong.
            if kind is not None and not (column is not None and is_date_of(column.parse, cell)):
                raise Bad(f"{FOUND[kind]}が含まれています", "個人情報は記録できません（仕様書 12）。除いてください")
            if column is not None and column.keeps and not cell:
                empty.add(column.key)
            elif column is not None:
                values[column.key] = column.parse(cell)
            elif cell:
                raise Bad("見出しのない列に書かれています", "見出しのある列だけにしてください")
        except Bad as bad:
            faults.add(line, column.label if column is not None else f"{place + 1}列目", bad)
            good = False
    if empty:
        values[EMPTY] = empty
    return values if good else None
