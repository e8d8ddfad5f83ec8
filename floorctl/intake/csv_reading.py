"""Read a table into its valid lines by column, and collect the faults of the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from floorctl.common.errors import Refused
from floorctl.common.frozen import frozen
from floorctl.common.privacy import FOUND, find
from floorctl.intake.csv_cells import Bad, content, is_date_of, is_total, plain
from floorctl.intake.csv_columns import LINE_NUMBERS, WHOLE_NAMES, Column
from floorctl.intake.csv_text import AGAIN, Fit, Sheet, find_table
from floorctl.intake.written_text import in_a_row

EMPTY = "(empty)"  # among the values of a line: the columns whose empty cells say nothing
TOTALS, OUTSIDE = "合計・小計", "表の外"
LeaveOut = Callable[[Mapping[str, str]], str]


class Faults:
    """All faults of a file: line, label of the column ("": of the line), reason and remedy."""

    def __init__(self, unit: str = "行") -> None:
        self._unit = unit  # 列 of a table whose columns were made lines
        self._found: list[tuple[int, str, Bad]] = []

    def add(self, line: int, label: str, bad: Bad) -> None:
        """Record a fault."""
        self._found.append((line, label, bad))

    def refuse_if_any(self) -> None:
        """Raise Refused for the first fault, which names the others with their lines."""
        if not self._found:
            return
        ordered = sorted(self._found, key=lambda x: x[0])
        times = Counter(bad.word for _, _, bad in ordered)
        first = {bad.word: (line, label) for line, label, bad in reversed(ordered)}
        (line, label, bad), *others = (
            (n, place, x) for n, place, x in ordered if not x.word or first[x.word] == (n, place)
        )
        more = len({x[0] for x in ordered} - {line})
        rest = f"。ほかの{more}{self._unit}にも誤りがあり、何も取り込んでいません" if more else f"。{AGAIN}"
        told = [f"{self._place(n, place)}：{_why(x, times)}" for n, place, x in others]
        raise Refused(f"{self._place(line, label)}を取り込めません", _why(bad, times), f"{bad.do}{rest}{_also(told)}")

    def _place(self, line: int, label: str) -> str:
        return f"{line}{self._unit}目の{label}" if label else f"{line}{self._unit}目"


def _why(bad: Bad, times: Counter[str]) -> str:
    """Return the reason of a fault, with in how many other places the same word stands."""
    return f"{bad.why}（同じものがほかに{times[bad.word] - 1}か所）" if bad.word and times[bad.word] > 1 else bad.why


def _also(told: Sequence[str]) -> str:
    """Return the other faults of a file for the end of its sentence."""
    return f"（{in_a_row(told)}）" if told else ""


@frozen
class Table:
    """Valid lines of a table as (number, values by key), and what of it was not taken.

    ``keys``: of the columns present. ``left_out``: lines by the word of what they are. ``unread``: columns with a heading
    that are no part of the table.
    """

    keys: frozenset[str]
    rows: list[tuple[int, dict[str, Any]]]
    left_out: Counter[str]
    unread: int = 0

    def tell(self, notes: list[str] | None) -> None:
        """Append the sentences on the lines that were left out."""
        if notes is not None:
            notes += left_out_words(self.left_out)


def left_out_words(left_out: Mapping[str, int]) -> list[str]:
    """Return how many lines were left out, as a sentence; [] if none."""
    counts = "、".join(f"{word}の{n}行" for word, n in left_out.items() if n)
    return [f"{counts}は除きました。"] if counts else []


def heading_name(cell: str) -> str:
    """Return a heading without differences of case, width, spaces and line breaks, and without （分） or ※ at its end."""
    try:
        name = plain(content(cell))
    except Bad:
        return ""
    return re.sub(r"(?:\([^()]*\)|[※*])+$", "", name) or name


def fits(columns: tuple[Column, ...], required: Sequence[str]) -> Callable[[Sequence[str]], Fit]:
    """Return the likeness of a line to the heading of a table with these columns."""

    def fit(cells: Sequence[str]) -> Fit:
        found = _columns([heading_name(cell) for cell in cells], columns)
        keys = {c.key for c in found if c is not None}
        return Fit(keys.issuperset(required), len(keys))

    return fit


def _columns(names: Sequence[str], columns: tuple[Column, ...]) -> list[Column | None]:
    """Return the column of each heading, None of another word. A word of two columns is that which has no heading yet."""
    found: list[Column | None] = []
    taken: set[str] = set()
    for name in names:
        known = [c for c in columns if name in c.names]
        column = next((c for c in known if c.key not in taken), next(iter(known), None))
        taken |= {column.key} if column is not None else set()
        found.append(column)
    return found


def _headings(sheet: Sheet, columns: tuple[Column, ...], required: tuple[str, ...], more: bool) -> list[Column | None]:
    """Return the column at each place, None without a heading. Raise Refused with all faults, naming places alone.

    ``more``: other columns may stand there, which are not read.
    """
    surnames = any("surname" in c.names for c in columns)
    names = [heading_name(cell) for cell in sheet.heading]
    found: list[Column | None] = []
    bad: list[tuple[str, str, str]] = []  # place, reason, remedy
    for place, (name, column) in enumerate(zip(names, _columns(names, columns), strict=True), 1):
        where = f"{sheet.line}行目の{place}列目"
        if name in WHOLE_NAMES and surnames:
            bad.append((where, "氏名ではなく氏だけを取り込みます", "見出しを「氏」にし、氏だけを書いてください"))
        elif name and column is None and not more and name not in LINE_NUMBERS:
            known = "・".join(c.label for c in columns)
            bad.append((where, "知らない見出しです", f"その列を除くか、{known} のどれかにしてください"))
        elif column is not None and column in found and not (column.unseen and more):
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
    raw: bytes,
    columns: tuple[Column, ...],
    required: tuple[str, ...],
    faults: Faults,
    *,
    more: bool = False,
    leave_out: LeaveOut = lambda cells: "",
) -> Table:
    """Return the valid lines of a table; lines of totals are left out.

    ``more``: columns of other headings, or of none, are never read. ``leave_out`` returns the word of a line that is not
    taken, from its cells by key (of two columns of one key a line each); its other cells are not parsed. It may raise Bad.
    """
    sheet = find_table(raw, fits(columns, required))
    found = _headings(sheet, columns, required, more)
    rows: list[tuple[int, dict[str, Any]]] = []
    left_out: Counter[str] = Counter()
    below = False
    names = [heading_name(c) for c in sheet.heading]
    ignored = {n for n, c in enumerate(found) if c is None and (more or names[n] in LINE_NUMBERS)}
    for line, cells in sheet.below:
        if cells == sheet.heading:
            continue  # that of another page
        contents = [
            "" if n in ignored or (more and n >= len(found)) else _content(c, found[n] if n < len(found) else None)
            for n, c in enumerate(cells)
        ]
        # A sum may be called so in a column that is not read.
        first = next((c for c in cells if c.strip()), "")
        try:
            word = TOTALS if is_total(first) else OUTSIDE if _is_remark(cells) else ""
            word = word or _left_out(contents, found, required, leave_out)
        except Bad as bad:
            faults.add(line, "", bad)
            continue
        below = below or word not in (TOTALS, OUTSIDE)
        if word:
            left_out[word] += 1
        else:
            values = _values(line, contents, found, faults)
            rows += [(line, values)] if values is not None else []
    if not below:
        raise Refused("取り込めません", "見出しの下に行がありません", "2行目から内容を書いてください")
    unread = sum(c is None and bool(heading_name(x)) for c, x in zip(found, sheet.heading, strict=True))
    return Table(frozenset(c.key for c in found if c is not None), rows, left_out, unread)


def _is_remark(cells: Sequence[str]) -> bool:
    """Return whether a line is a remark below the table: ※ or 注 in its only cell."""
    filled = [c for c in cells if c.strip()]
    return len(filled) == 1 and re.match(r"[(（【]?(?:※|注[)）:：\s\d】]|以上$)", filled[0].strip()) is not None


def _content(cell: str, column: Column | None) -> str | Bad:
    """Return the content of a cell, or its fault."""
    try:
        return content(cell, is_text=column is not None and column.is_text)
    except Bad as bad:
        return bad


def _left_out(
    cells: Sequence[str | Bad], found: Sequence[Column | None], required: Sequence[str], leave_out: LeaveOut
) -> str:
    """Return the word of a line that is not taken: a sum of others, or what ``leave_out`` calls it; "" of a line."""
    by_key: dict[str, str] = {}
    for column, cell in zip(found, cells, strict=False):
        if column is not None and isinstance(cell, str):  # several columns may tell the state of a line
            by_key[column.key] = f"{by_key[column.key]}\n{cell}" if column.key in by_key else cell
    return TOTALS if any(is_total(by_key.get(key, "")) for key in required) else leave_out(by_key)


def _values(
    line: int, cells: Sequence[str | Bad], found: Sequence[Column | None], faults: Faults
) -> dict[str, Any] | None:
    """Return a line's values by column key; None if it has a fault."""
    values: dict[str, Any] = {}
    empty: set[str] = set()
    good = True
    # Spreadsheets omit empty cells at the end of a line.
    for place in range(max(len(cells), len(found))):
        column = found[place] if place < len(found) else None
        cell = cells[place] if place < len(cells) else ""
        try:
            if isinstance(cell, Bad):
                raise cell
            kind = None if not cell or (column is not None and column.unseen) else find(cell)
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
