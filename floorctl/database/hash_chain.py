"""Hash chain over the facts: each row is sealed by a hash of the previous hash and its own columns."""

from __future__ import annotations

import hashlib

from floorctl.models.facts.entry import Head

GENESIS = "0" * 64
START = Head(0, GENESIS)


def seal(previous: str, *row: str | int) -> str:
    """Return the SHA-256 of the previous hash and the row's columns, one per line."""
    return hashlib.sha256("\n".join([previous, *map(str, row)]).encode()).hexdigest()
