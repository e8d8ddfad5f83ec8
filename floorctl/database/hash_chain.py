"""Hash chain over the facts: each row is sealed by a hash of the previous hash and its own columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from floorctl.models.facts.entry import Head

GENESIS = "0" * 64
START = Head(0, GENESIS)


def seal(previous: str, *row: str | int) -> str:
    """Return the SHA-256 of the previous hash and the row's columns, one per line."""
    return hashlib.sha256("\n".join([previous, *map(str, row)]).encode()).hexdigest()


def first_break(rows_after: Callable[[int], Sequence[tuple[Any, ...]]], since: Head) -> int | None:
    """Return the number of the first row after ``since`` that its hash does not seal or that has no neighbour before it.

    ``rows_after``: the next rows after a number, each with its hash last; none where the file ends. None: the chain holds.
    """
    seq, previous = since
    while rows := rows_after(seq):
        for *row, stored in rows:
            expected, seq = seq + 1, int(str(row[0]))
            if seq != expected or seal(previous, *map(str, row)) != stored:
                return seq
            previous = str(stored)
    return None
