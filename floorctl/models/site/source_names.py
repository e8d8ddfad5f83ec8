"""Columns that a description names: by a word of its ``columns``, or in the file's own way."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from floorctl.models.site.part import Place
from floorctl.models.site.source import Cell, FactRule, Source
from floorctl.models.site.source_kinds import TOLD_BY_CALL, FeedField, feed_fields, feed_kinds

_DIGITS = re.compile("[0-9]{1,4}")
_NO_DIGITS = partial(re.compile("[0-9]").sub, "")
_BYTES = re.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?")
BY_TEXT = ("csv", "tsv")  # forms with columns that have numbers and, maybe, headings
BY_KEY = ("json", "jsonl", "sqlite")  # forms whose columns have names


class Use(NamedTuple):
    """Name of a column where it is used; ``place`` from the source on."""

    place: Place
    name: str


def same(heading: str | int) -> str:
    """Return a heading or a number in the form in which they are compared."""
    return unicodedata.normalize("NFKC", str(heading)).strip()


def has_headings(source: Source) -> bool:
    """Return whether a column of the file may be named by its heading."""
    return source.form in BY_KEY or (source.form in BY_TEXT and source.heading is not False)


def is_known(source: Source, name: str) -> bool:
    """Return whether a name may be that of a column: a word of ``columns``, a number, a heading."""
    if name in source.columns:
        return True
    if source.form in BY_TEXT and _DIGITS.fullmatch(name):
        return int(name) > 0
    return has_headings(source) and (_is_heading(source, name) or not mistyped(source, name))


def _is_heading(source: Source, name: str) -> bool:
    """Return whether ``columns`` itself names a heading: near a word as it may be, it is no slip."""
    for held in source.columns.values():
        if name in ([column for _, column in held.named()] if isinstance(held, Cell) else (held,)):
            return True
    return False


def mistyped(source: Source, name: str) -> str:
    """Return the word of ``columns`` of which a name is a slip of the keyboard, or ""."""
    for word in source.columns:
        if abs(len(word) - len(name)) > 1 or len(word) <= 3 or _NO_DIGITS(word) == _NO_DIGITS(name):
            continue
        if difflib.SequenceMatcher(None, word, name).ratio() >= 0.75:
            return word
    return ""


def misplaced(source: Source, column: int | str) -> tuple[str, str]:
    """Return why a column cannot stand in a file of this form, and what to write; ("", "") where it can."""
    if source.form in BY_TEXT and source.heading is False and isinstance(column, str):
        do = (
            f"{column} と引用符なしで書いてください"
            if _DIGITS.fullmatch(column)
            else "左から1、2、3…と数えた番号で書いてください"
        )
        return "見出しのないファイル（heading = false）の列は番号です", do
    if source.form == "sqlite" and isinstance(column, int):
        return "SQLite の表の列は名で書きます", '"…" と引用符で囲んだ列の名にしてください'
    if source.form == "fixed":
        found = _BYTES.fullmatch(str(column)) if isinstance(column, str) else None
        if found is None or not 0 < int(found[1]) <= int(found[2] or found[1]):
            return (
                "桁のそろったファイルの列は、何バイト目から何バイト目までかで書きます",
                '"5-9" のように書いてください',
            )
    return "", ""


def overlap(source: Source, one: int | str, other: int | str) -> bool:
    """Return whether two columns share anything of a row: the same column, a key in a mapping, bytes of fixed width."""
    a, b = same(one), same(other)
    if source.form == "fixed" and (x := _BYTES.fullmatch(a)) and (y := _BYTES.fullmatch(b)):
        return int(x[1]) <= int(y[2] or y[1]) and int(y[1]) <= int(x[2] or x[1])
    return a == b or (source.form in ("json", "jsonl") and a.startswith(f"{b}."))


def uses(source: Source) -> Iterator[Use]:
    """Yield the names of columns in the facts and in the rows left out, where they are written."""
    for n, cases in enumerate(source.leave_out or ()):
        yield from (Use(("leave_out", n, name), name) for name in cases or ())
    for n, fact in enumerate(source.facts or ()):
        if fact is None:
            continue
        if fact.at and fact.at != "file":
            yield Use(("facts", n, "at"), fact.at)
        for key in ("when", "unless"):
            yield from (Use(("facts", n, key, name), name) for name in getattr(fact, key) or ())
        for field in fields_of(source, fact):
            if isinstance(name := getattr(fact, field.name), str):
                yield Use(("facts", n, field.name), name)


def fields_of(source: Source, fact: FactRule) -> tuple[FeedField, ...]:
    """Return the fields that a fact takes from its row: of an arrival that a call stands for, its own too."""
    if fact.kind not in feed_kinds():
        return ()
    own = tuple(x for x in feed_fields(fact.kind) if x.given == "column")
    if source.arrivals == "call" and fact.kind == "ticket.called":
        return own + tuple(x for x in feed_fields("ticket.issued") if x.name in TOLD_BY_CALL)
    return own


def columns_of(source: Source) -> Iterator[tuple[Place, int | str]]:
    """Yield every column of the file that is named: place from the source on, and number, heading, path or bytes."""
    for word, held in (source.columns or {}).items():
        if isinstance(held, Cell):
            yield from ((("columns", word, key), column) for key, column in held.named())
        elif held is not None:
            yield ("columns", word), held
    for n, fact in enumerate(source.facts or ()):
        for field in fields_of(source, fact) if fact is not None else ():
            cell = getattr(fact, field.name)
            if isinstance(cell, Cell):
                yield from ((("facts", n, field.name, key), column) for key, column in cell.named())
    yield from ((use.place, use.name) for use in uses(source) if use.name not in source.columns)
