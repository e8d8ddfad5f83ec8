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


_Wanted = tuple[t.Column, str, str]  # a column of the layout, its resolved key and its heading
WIDER = 1.25  # a table may make its sheet so much wider, and its print so much smaller, before it is taken apart
FEW = 5  # columns of a sheet that are too few for tables below each other: those would be of a lane each


def placed_columns(
    section: t.Section, members: Mapping[str, str], rows: Sequence[Row], width: int
) -> list[list[Placed]]:
    """Return the columns with their places: ``*`` expanded to one each member, empty ones dropped if they may be.

    Columns of span 0 share what is left of ``width`` (columns of the sheet); if all do not fit, the widest shrink. What is
    much wider still is several tables, one below the other: a hall of 12 lanes would be printed too small to be read.
    """
    wanted: list[_Wanted] = []
    for c in section.columns:
        if c.key.endswith(".*"):
            stem = c.key[:-1]
            wanted += [(c, stem + code, c.heading.replace("{name}", word)) for code, word in members.items()]
        else:
            wanted.append((c, c.key, c.heading))
    shown = [w for w in wanted if not (w[0].drop_empty and all(row.get(w[1]) in (None, 0, "") for row in rows))]
    if len(shown) <= WIDER * width or width <= FEW or (section.chart and section.chart.place != "below"):
        return [_places(shown, width)] if shown else []
    return [_places(part, width, most=2) for part in _parts(shown, width)]


def _parts(shown: list[_Wanted], width: int) -> list[list[_Wanted]]:
    """Return a table taken apart: its single columns, then its families; each part begins with the first column again."""
    first, *rest = shown
    families = dict.fromkeys(c for c, _, _ in rest if c.key.endswith(".*"))
    kinds = [[w for w in rest if w[0] not in families]]
    for family in families:
        kind = [w for w in rest if w[0] is family]
        if len(kinds) > 1 and 1 + len(kinds[-1]) + len(kind) <= width:
            kinds[-1] += kind
        else:
            kinds.append(kind)
    return [[first, *piece] for kind in kinds for piece in _pieces(kind, width - 1)]


def _pieces(kind: list[_Wanted], most: int) -> list[list[_Wanted]]:
    """Return columns in pieces of ``most`` or fewer, as even as they can be."""
    each = -(-len(kind) // max(1, -(-len(kind) // most))) or 1
    return [kind[n : n + each] for n in range(0, len(kind), each)]


def _places(shown: list[_Wanted], width: int, most: int = 1) -> list[Placed]:
    """Return columns with their places; where few are on a sheet, each is up to ``most`` times as wide."""
    fixed = sum(c.span for c, _, _ in shown)
    times = max(1, min(most, (width - 2) // max(1, fixed)))
    spans = [times * c.span or max(1, width - times * fixed) for c, _, _ in shown]
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
