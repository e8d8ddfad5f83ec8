"""Rule of a description made ready: which rows tell a fact of a kind, where its time and its fields stand, its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from floorctl.intake.sources.columns import Moved, Test, Values, accepted
from floorctl.intake.sources.field_values import Read
from floorctl.models.site.source import FactRule


class RowField(NamedTuple):
    """Field of a fact: the place of its value in a row, its column in a sentence, the function that reads it."""

    name: str
    at: int
    label: str
    read: Read
    when_empty: str  # reason why an empty cell is refused; "": it takes the default
    none: bool  # whether an empty cell is None
    reads_empty: bool  # whether the code table has a code for an empty cell


class IdPart(NamedTuple):
    """Cell that stands in an id; ``known``: cells that the description itself names, which are nobody's number."""

    at: int
    label: str
    ticket: bool
    known: frozenset[str]


@dataclass(frozen=True)
class RowRule:
    """Rule for one kind of fact; ``time``, ``day``: places of their values in a row."""

    kind: str
    when: Test
    unless: Test | None
    time: int | None  # None: the file's
    day: int | None
    time_label: str
    day_label: str
    fields: tuple[RowField, ...]
    constants: dict[str, Any]
    parts: tuple[IdPart, ...]
    moved: Moved | None  # length by which the time is moved
    several: bool  # whether another rule may tell the same kind of the same row


def always(row: Values) -> bool:
    """Return True: the case of a rule that every row meets."""
    return True


def apart(one: FactRule, other: FactRule) -> bool:
    """Return whether no row can meet the cases of both rules: a column must have one of these values, or one of those."""
    return any(
        not any(v.endswith("*") for v in accepted(values) | accepted(other.when[name]))
        and accepted(values).isdisjoint(accepted(other.when[name]))
        for name, values in one.when.items()
        if name in other.when
    )
