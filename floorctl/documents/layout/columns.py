"""Columns of a table: which of the layout's columns are drawn, where, and how a native value is written. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from floorctl.common.lengths import span, tenths
from floorctl.common.words import clock_ja_short
from floorctl.documents.layout import template as t
from floorctl.documents.layout.material import Cell, Row
from floorctl.documents.layout.pages import Slot, Value
from floorctl.documents.layout.plain import short_date, when

TICK = "□"
_FIGURES = ("number", "decimal", "percent", "minutes")
_DRAWN = {"span": "word", "time": "word", "date": "word", "check": "word", "blank": "word", "minutes": "decimal"}


class Placed(NamedTuple):
    """Column of the layout with its resolved key and its place on the sheet."""

    column: t.Column
    key: str
    slot: Slot


def placed_columns(section: t.Section, members: Mapping[str, str], rows: Sequence[Row], width: int) -> list[Placed]:
    """Return the columns with their places: ``*`` expanded to one each member, empty ones dropped if they may be.

    Columns of span 0 share what is left of ``width`` (columns of the sheet); if all do not fit, the widest shrink.
    """
    wanted: list[tuple[t.Column, str, str]] = []
    for c in section.columns:
        if c.key.endswith(".*"):
            stem = c.key[:-1]
            wanted += [(c, stem + code, c.heading.replace("{name}", word)) for code, word in members.items()]
        else:
            wanted.append((c, c.key, c.heading))
    shown = [w for w in wanted if not (w[0].drop_empty and all(row.get(w[1]) in (None, 0, "") for row in rows))]
    spans = [c.span for c, _, _ in shown]
    fixed = sum(spans)
    spans = [s or max(1, width - fixed) for s in spans]
    while sum(spans) > width and max(spans) > 1:
        spans[spans.index(max(spans))] -= 1
    found, first = [], 0
    for (c, key, heading), s in zip(shown, spans, strict=True):
        slot = Slot(first, first + s - 1, heading, _DRAWN.get(c.style, c.style), c.group)
        found.append(Placed(c, key, slot))
        first += s
    return found


def shown(style: t.Style, value: Cell, day: date | None) -> Value:
    """Return a native value as text or number in a column of this style.

    Instants on ``day`` are written without their date. ``minutes`` takes seconds.
    """
    match style:
        case "check":
            return TICK
        case "blank":
            return None
        case "text" | "word" if isinstance(value, str):
            return value
        case "text":
            return "" if value is None else _word(value, day)
        case _ if value is None:
            return "-"
        case "span" if isinstance(value, int):
            return span(value)
        case "time" if isinstance(value, datetime):
            return when(value, day) if day else f"{short_date(value.date())} {clock_ja_short(value)}"
        case "minutes" if isinstance(value, int):
            return tenths(value)
        case "decimal" | "percent" | "number" if isinstance(value, (int, float)):
            return value
        case _:
            return _word(value, day)


def _word(value: Cell, day: date | None) -> str:
    if isinstance(value, datetime):
        return when(value, day or date.min)
    if isinstance(value, date):
        return short_date(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def is_family(key: str, member: str) -> bool:
    """Return whether ``member`` is a key of the family ``key`` (``issued.issuance`` of ``issued.*``)."""
    return key.endswith(".*") and member.startswith(key[:-1])


def side_by_side(
    slots: list[Slot], rows: list[list[Value]], parts: int, columns: int
) -> tuple[list[Slot], list[list[Value]]]:
    """Fold a long, narrow table into ``parts`` tables beside each other; the last may have empty rows.

    Few rows make fewer parts; what each then has more of the ``columns`` of the sheet, its last text takes.
    """
    high = -(-len(rows) // parts)
    parts = -(-len(rows) // high)
    texts = [n for n, s in enumerate(slots) if s.style == "text"]
    width = slots[-1].last + 1
    if texts and (more := columns // parts - width) > 0:
        at, width = texts[-1], width + more
        slots = [
            s._replace(first=s.first + more * (n > at), last=s.last + more * (n >= at)) for n, s in enumerate(slots)
        ]
    shifted = [s._replace(first=s.first + n * width, last=s.last + n * width) for n in range(parts) for s in slots]
    blank: list[Value] = [None] * len(slots)
    filled = [*rows, *[blank] * (parts * high - len(rows))]
    return shifted, [[value for n in range(parts) for value in filled[n * high + i]] for i in range(high)]


def sums(word: str, placed: Sequence[Placed], rows: Sequence[Sequence[Value]]) -> list[Value]:
    """Return the row of sums of the number columns, with ``word`` in the first column without figures."""
    found: list[Value] = []
    named = next((n for n, p in enumerate(placed) if p.column.style not in _FIGURES), 0)
    for n, p in enumerate(placed):
        if n == named:
            found.append(word)
        elif p.column.style == "number" and p.column.sums:
            figures = [x for row in rows if isinstance(x := row[n], int)]
            found.append(sum(figures) if figures else "-")  # of nothing known there is no 0
        else:
            found.append(None)
    return found
