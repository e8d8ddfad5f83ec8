"""90th percentile by nearest rank, as in every document and study. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def p90(ordered: Sequence[int]) -> int:
    """Return the 90th percentile of ascending values, in their unit; raise IndexError if there are none."""
    return ordered[_rank(len(ordered)) - 1]


def p90_of_counts(counted: Sequence[tuple[int, int]]) -> int:
    """Return the 90th percentile of ascending (value, count) pairs; raise IndexError if there are none."""
    rank = _rank(sum(n for _, n in counted))
    reached = 0
    for value, n in counted:
        reached += n
        if reached >= rank:
            return value
    raise IndexError("no values")


def _rank(n: int) -> int:
    """Return the nearest rank among ``n``, from 1: ceil(0.9 n) in integers."""
    return -(-9 * n // 10)
