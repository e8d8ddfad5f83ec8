"""What a document is made of: data tables and facts by key, native values, no layout; and which keys there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Generic, TypeVar

from floorctl.models.site.site import Site

Cell = str | int | float | date | datetime | time | None
Row = Mapping[str, Cell]
Record = TypeVar("Record")

TOTAL = "total"  # a row whose value under this key is true is a sum of the others


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by key. ``members``: what stands for ``*`` in keys like ``issued.*``, code: word, in their order."""

    rows: Sequence[Row] = ()
    members: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableSpec(Generic[Record]):
    """A data table by name: what its keys mean (for people who write a layout), and how it is made of a record."""

    keys: Mapping[str, str]
    make: Callable[[Record, Site], Table]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a layout may name: keys of each data table, and facts, which stand in ``{}`` in any text."""

    tables: Mapping[str, frozenset[str]]
    facts: frozenset[str]


def catalogue(tables: Mapping[str, TableSpec[Record]], facts: Mapping[str, str]) -> Catalogue:
    """The catalogue of some data tables and of facts (key: meaning)."""
    return Catalogue({name: frozenset(spec.keys) for name, spec in tables.items()}, frozenset(facts))


def listed(tables: Mapping[str, TableSpec[Record]], facts: Mapping[str, str]) -> str:
    """All keys of some data tables and facts with their meaning, as a page in Markdown shows them."""
    lines = [
        f"- `{name}`: {'、'.join(f'`{k}` {word}' for k, word in spec.keys.items())}" for name, spec in tables.items()
    ]
    lines.append(f"- 事実: {'、'.join(f'`{{{key}}}` {word}' for key, word in facts.items())}")
    return "\n".join(lines)
