"""Take a sample of a JSON document or of JSON Lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from floorctl.intake.sources.json_rows import OUTER
from floorctl.intake.sources.proposal.cell_shapes import personal, plain_cell
from floorctl.intake.sources.proposal.sample import MOST_COLUMNS, MOST_ROWS, Sample, SampleColumn
from floorctl.models.site.source import Form


def json_sample(body: str, cut: bool, encoding: str) -> Sample | None:
    """Return the sample of a JSON document or of JSON Lines; None where the text is neither."""
    lines = [line for line in body.split("\n") if line.strip()]
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
        found += _within(document, path)
    elif isinstance(document, dict) and depth < 5:
        values = list(document.values())
        if len(values) > 1 and all(isinstance(x, dict) for x in values):
            found.append((f"{path}.*".lstrip("."), [{"*": key, **x} for key, x in document.items()]))
        if path and len(values) > 1 and all(isinstance(x, int) and not isinstance(x, bool) for x in values):
            return path, [{"*": key, ".": x} for key, x in document.items()]
        for key, value in islice(document.items(), 200):
            if isinstance(value, dict | list):
                found.append(_rows_of(value, f"{path}.{key}".lstrip("."), depth + 1))
        if not path and not any(rows for _, rows in found):
            found.append(("", [document]))  # one object is one row
    return max(found, key=lambda x: len(x[1]), default=(path, []))


def _within(rows: list[dict[str, Any]], path: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield path and rows of the lists of objects that most of the rows have, as the events of a visit are.

    With each goes what stands in the row around it.
    """
    keys = Counter(key for row in rows for key, value in row.items() if isinstance(value, list) and value)
    for key, n in keys.items():
        if n * 2 <= len(rows):
            continue
        inner: list[dict[str, Any]] = []
        for row in islice(rows, MOST_ROWS):
            around = {f"{OUTER}{name}": x for name, x in row.items() if not isinstance(x, list)}
            members = row.get(key)
            inner += [{**x, **around} for x in members if isinstance(x, dict)] if isinstance(members, list) else []
        if len(inner) > len(rows):
            yield f"{path}.*.{key}".lstrip("."), inner


def _flat(row: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in islice(row.items(), MOST_COLUMNS):
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
    names = list(dict.fromkeys(name for row in flat for name in row))[:MOST_COLUMNS]
    for name in names:
        if personal(name):
            continue
        heading = "waiting" if name == "." else name.replace(OUTER, "")  # the counts of a mapping
        yield SampleColumn(f"{before}{name}", heading, tuple(row.get(name, "") for row in flat))


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
