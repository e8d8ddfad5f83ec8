"""Data of a document: tables and facts by key as native values, without layout, and the catalogue of their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Generic, TypeVar

from floorctl.common.frozen import frozen
from floorctl.models.site.site import Site

Cell = str | int | float | date | datetime | time | None
Row = Mapping[str, Cell]
Record = TypeVar("Record")
Rows = Callable[[Record, Site], Iterable[Row]]

TOTAL = "total"  # key that is true in a row of sums


@frozen
class Table:
    """Rows by key. ``members``: code and word of each column that a key like ``issued.*`` stands for, in order."""

    rows: Sequence[Row] = ()
    members: Mapping[str, str] = field(default_factory=dict)


@frozen
class TableSpec(Generic[Record]):
    """Data table by name: the meaning of each key (shown to authors of a layout), and the function that builds it."""

    keys: Mapping[str, str]
    make: Callable[[Record, Site], Table]


class Tables(dict[str, TableSpec[Record]]):
    """Data tables by name, each declared by ``table`` on the function that yields its rows."""

    def table(
        self,
        name: str,
        keys: Mapping[str, str] = MappingProxyType({}),
        members: Callable[[Site], Mapping[str, str]] | None = None,
        /,
        **more_keys: str,
    ) -> Callable[[Rows[Record]], Rows[Record]]:
        """Declare a table: its name, the meaning of each key, and the codes and words that ``*`` stands for."""

        def declare(rows: Rows[Record]) -> Rows[Record]:
            def make(record: Record, site: Site) -> Table:
                return Table(tuple(rows(record, site)), members(site) if members else {})

            self[name] = TableSpec({**keys, **more_keys}, make)
            return rows

        return declare


# A fact of a document: its meaning, and the function that computes it.
Fact = tuple[str, Callable[[Record, Site], str | int]]


def meanings(facts: Mapping[str, Fact[Record]]) -> dict[str, str]:
    """Return the meaning of each fact by key."""
    return {key: meaning for key, (meaning, _) in facts.items()}


def values(facts: Mapping[str, Fact[Record]], record: Record, site: Site) -> dict[str, str | int]:
    """Return the value of each fact by key."""
    return {key: value(record, site) for key, (_, value) in facts.items()}


@frozen
class Catalogue:
    """Names that a layout may use: keys of each data table, and facts, written as ``{key}`` in any text."""

    tables: Mapping[str, frozenset[str]]
    facts: frozenset[str]


def catalogue(tables: Mapping[str, TableSpec[Record]], facts: Mapping[str, str]) -> Catalogue:
    """Return the catalogue of data tables and facts (key: meaning)."""
    return Catalogue({name: frozenset(spec.keys) for name, spec in tables.items()}, frozenset(facts))


def listed(tables: Mapping[str, TableSpec[Record]], facts: Mapping[str, str]) -> str:
    """Return all keys of data tables and facts with their meanings, in Markdown."""
    lines = [
        f"- `{name}`: {'、'.join(f'`{k}` {word}' for k, word in spec.keys.items())}" for name, spec in tables.items()
    ]
    lines.append(f"- 事実: {'、'.join(f'`{{{key}}}` {word}' for key, word in facts.items())}")
    return "\n".join(lines)
