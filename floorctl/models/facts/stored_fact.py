"""Read facts back from the file, without a second check, at the least cost."""

import json
from collections.abc import Callable
from dataclasses import MISSING
from datetime import date, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from floorctl.common.clock import JST
from floorctl.common.constraints import Form, Shape, shapes
from floorctl.common.frozen import Record, slots
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.fields import MOST
from floorctl.models.facts.kinds import KINDS

_put_id, _put_at = (slot.put for slot in slots(Fact))
# Name, setter, default and reader of each field.
Reads = tuple[tuple[str, Callable[[Any, Any], None], Any, Callable[[Any], Any] | None], ...]


def stored_number(value: Any) -> int:
    """Return a stored number, clamped to ±``MOST``. Raise ValueError if it is no whole number.

    An older version or another tool may have stored any number; sums of clamped ones fit SQLite and a clock.
    """
    if type(value) is not int:
        raise ValueError("number")
    return value if -MOST <= value <= MOST else max(-MOST, min(MOST, value))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(JST)


def _reader(shape: Shape) -> Callable[[Any], Any] | None:
    """Return the function from a field's JSON to its value; None if that is the same."""
    read = _reader_of_some(shape)
    return (lambda value: None if value is None else read(value)) if shape.nullable and read is not None else read


def _reader_of_some(shape: Shape) -> Callable[[Any], Any] | None:
    form = shape.mark(Form)
    if form is not None:
        return form.of
    if shape.base is int:
        return stored_number
    if shape.base is datetime:
        return _instant
    if shape.base is date:
        return date.fromisoformat
    inner = _reader(shape.inner[-1]) if shape.base in (tuple, dict) else None
    if shape.base is tuple:
        return tuple if inner is None else lambda values: tuple(map(inner, values))
    if shape.base is dict and inner is not None:
        return lambda values: {key: inner(value) for key, value in values.items()}
    if isinstance(shape.base, type) and issubclass(shape.base, Record):
        return _record_reader(shape.base)
    return None


def _reads(cls: type[Record]) -> Reads:
    return tuple(
        (slot.name, slot.put, dict if slot.make is dict else slot.default, _reader(shape))
        for slot, shape in zip(slots(cls), shapes(cls).values(), strict=True)
    )


@cache
def _own_reads(kind: str) -> Reads:
    return _reads(KINDS[kind])[2:]  # after the id and the instant


def _record_reader(kind: type[Record]) -> Callable[[dict[str, Any]], Record]:
    parts = _reads(kind)

    @lru_cache(maxsize=4096, typed=True)  # true is no 1
    def made(*values: Any) -> Record:
        found = kind.__new__(kind)
        for (_, put, _, read), value in zip(parts, values, strict=True):
            put(found, value if read is None else read(value))
        return found

    # The same few values come every day, and the Register reads those of all days: a year of shifts is 7,000 records.
    names = [name for name, _, _, _ in parts]
    if len(names) == 1:
        return lambda fields: made(fields[names[0]])
    values = itemgetter(*names)
    return lambda fields: made(*values(fields))


def stored_fact(fact_id: str, at: str, kind: str, data: str) -> Fact:
    """Return the fact of a stored row: it was checked when it came in and is sealed since.

    Raise ValueError or KeyError if the row is none of ours.
    """
    fields = json.loads(data)
    if type(fields) is not dict:
        raise ValueError(kind)
    model = KINDS[kind]
    fact = model.__new__(model)
    _put_id(fact, fact_id)
    _put_at(fact, datetime.fromisoformat(at).astimezone(JST))
    known = 0
    for name, put, default, read in _own_reads(kind):
        if name in fields:
            known += 1
            value = fields[name]
            put(fact, value if read is None else read(value))
        elif default is MISSING:
            raise ValueError(kind)
        else:
            put(fact, {} if default is dict else default)
    if known != len(fields):
        raise ValueError(kind)
    return fact
