"""The chain over the facts: each row is sealed by a hash of all rows before it and its own columns."""

from __future__ import annotations

import hashlib

from floorctl.models.facts.entry import Head

GENESIS = "0" * 64
START = Head(0, GENESIS)


def seal(previous: str, *row: str | int) -> str:
    """The hash of a fact: SHA-256 over the previous hash and the row's columns, one a line."""
    return hashlib.sha256("\n".join([previous, *map(str, row)]).encode()).hexdigest()
