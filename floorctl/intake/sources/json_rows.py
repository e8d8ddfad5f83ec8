"""Read rows of JSON: one document a line, or a list in a document that is rewritten in place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from floorctl.intake.sources.decoding import BAD, text_of
from floorctl.intake.sources.lines import Block, Resume, line_blocks, skipped
from floorctl.intake.sources.table import (
    MOST_JSON_VALUES,
    MOST_ROW,
    NO_CHARACTER,
    TOO_LONG,
    DoesNotFit,
    Place,
    Row,
    Table,
    cannot_read,
    need_not_personal,
)
from floorctl.models.site.source import Source

OUTER = "^."  # before a column of the row around a row
KEY, ITSELF = "*", "."  # columns: the row's key in its mapping; the row as a whole, where it is a single value
NO_JSON, NO_ROWS = "JSON として読めません", "説明の rows にあたる一覧がありません"


class Item(NamedTuple):
    """Row of JSON, its key in the mapping, the document around it, and the row that it is a part of."""

    value: Any
    key: str
    root: Any
    outer: Item | None = None


class NotYet(DoesNotFit):
    """Document that cannot be read now: the machine may be writing it."""


def _loads(text: str) -> Any:
    """Return a document. Raise ValueError for what is no JSON, or nested beyond any use."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError from None


def json_lines_table(
    source: Source, data: bytes, codec: str, places: Sequence[Place], *, growing: bool, resume: Resume | None
) -> Table:
    """Return the table of JSON Lines; a line gives the rows under ``rows``, or is one. Own lines stay as they are."""
    _need_not_personal(source, places)
    path = None if source.form == "floorctl" else source.rows
    table = Table(iter(()), picker(places))
    blocks = line_blocks(table, data, codec, growing=growing, first=resume.lines if resume else 0)
    titles, blocks = skipped(blocks, 0 if resume else source.skip_lines)
    table.above = resume.above if resume else "\n".join(titles)
    table.rows = (row for block in blocks for row in _lines(block, path, KEY in places))
    return table


def _need_not_personal(source: Source, places: Sequence[Place]) -> None:
    """Raise DoesNotFit if a path leads to a personal value or into one."""
    paths = [str(p).lstrip("/").replace("/", ".") for p in source.personal]
    read = [str(p).lstrip("/").replace("/", ".") for p in places]
    need_not_personal(source, [p for p in read if any(f"{p}.".startswith(f"{q}.") for q in paths)])


def _lines(block: Block, path: str | None, by_key: bool) -> Iterator[Row]:
    for number, written in enumerate(block.lines, block.first + 1):
        line = written.strip("\0 \t")
        if not line:
            continue
        if len(line) > MOST_ROW or BAD in line:
            yield Row(number, None, TOO_LONG if len(line) > MOST_ROW else NO_CHARACTER)
            continue
        if path is None:
            yield Row(number, line)
            continue
        try:
            document = _loads(line)
        except ValueError:
            yield Row(number, None, NO_JSON)
            continue
        found = items(document, path, by_key)
        if found is None:
            # A line of another event has no such list.
            continue
        for item in found:
            yield Row(number, item)


def document_table(source: Source, data: bytes, codec: str, places: Sequence[Place]) -> Table:
    """Return the table of a document. Raise NotYet where it is half written, DoesNotFit where it has no such rows."""
    name = cannot_read(source)
    if data.count(b",") + data.count(b"[") + data.count(b"{") > MOST_JSON_VALUES:
        raise DoesNotFit(name, f"値が多すぎます（{MOST_JSON_VALUES // 10_000}万まで）", "小さいファイルにしてください")
    try:
        document = _loads(text_of(data, codec))
    except ValueError:
        raise NotYet(name, NO_JSON, "機器の出力と、入力元の説明の form を確かめてください") from None
    _need_not_personal(source, places)
    found = items(document, source.rows, KEY in places)
    if found is None:
        raise DoesNotFit(name, NO_ROWS, "入力元の説明の rows をファイルに合わせてください")
    return Table((Row(n, item) for n, item in enumerate(found, 1)), picker(places))


def items(document: Any, path: str, by_key: bool) -> list[Item] | None:
    """Return the rows under a path, "" for the document itself; None if there are none.

    A list gives its members. A mapping gives its values, each with its key; the document itself only if keys are asked
    for (``by_key``), else it is one row. ``a.*.b`` gives the rows under ``b`` of each row under ``a``.
    """
    first, inner = _nested(path)
    if inner:
        outer = items(document, first, by_key)
        if outer is None:
            return None
        found_in = ((row, items(row.value, inner, by_key) or ()) for row in outer)
        return [one._replace(root=document, outer=_innermost(one, row)) for row, rows in found_in for one in rows]
    path, every = (path[:-1].removesuffix("."), True) if path.endswith(KEY) else (path, by_key or bool(path))
    found = value_at(document, path) if path else document
    if isinstance(found, list):
        return [Item(value, str(n), document) for n, value in enumerate(found, 1)]
    if isinstance(found, dict):
        if every:
            return [Item(value, key, document) for key, value in found.items()]
        return [Item(found, "", document)]
    return None


def _nested(path: str) -> tuple[str, str]:
    """Return a path up to the first * in its midst, and the rest; ("", "") without one."""
    parts = path.split(".")
    if KEY not in parts[:-1]:
        return "", ""
    at = parts.index(KEY) + 1
    return ".".join(parts[:at]), ".".join(parts[at:])


def _innermost(one: Item, row: Item) -> Item:
    """Return the rows around a row, the nearest first, ``row`` the last of them."""
    return row if one.outer is None else one.outer._replace(outer=_innermost(one.outer, row))


def value_at(value: Any, path: Place) -> Any:
    """Return the value under a key or a path "a.b"; None if there is none. A number is a place in a list, from 1."""
    if isinstance(value, dict):
        if path in value:
            return value[path]
        if isinstance(path, int):
            return value.get(str(path))
    if isinstance(value, list) and str(path).isdigit():
        at = int(path)
        return value[at - 1] if 0 < at <= len(value) else None
    first, dot, rest = str(path).partition(".")
    if not dot:
        return None
    return value_at(value_at(value, first), rest)


def picker(places: Sequence[Place]) -> Callable[[Item], list[Any]]:
    """Return the function from a row to its values at the places."""
    getters = [_getter(place) for place in places]
    return lambda item: [get(item) for get in getters]


def _getter(place: Place) -> Callable[[Item], Any]:
    if isinstance(place, str) and place.startswith(OUTER):
        of_outer = _getter(place.removeprefix(OUTER))
        return lambda item: None if item.outer is None else of_outer(item.outer)
    if place == KEY:
        return lambda item: item.key
    if place == ITSELF:
        return lambda item: item.value
    if isinstance(place, str) and place.startswith("/"):
        path = place[1:].replace("/", ".")
        return lambda item: value_at(item.root, path)

    def get(item: Item) -> Any:
        value = item.value
        if type(value) is dict and place in value:
            return value[place]
        return value_at(value, place)

    return get
