"""The 90th percentile by nearest rank, the one that every document and study gives. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def p90(ordered: Sequence[int]) -> int:
    """Return the smallest of the ascending values that nine of ten do not exceed, in their unit.

    Raises IndexError where there are no values.
    """
    return ordered[_rank(len(ordered)) - 1]


def p90_of_counts(counted: Sequence[tuple[int, int]]) -> int:
    """Return the same of values given as (value, how many), ascending. Raises IndexError where there are none."""
    rank = _rank(sum(n for _, n in counted))
    reached = 0
    for value, n in counted:
        reached += n
        if reached >= rank:
            return value
    raise IndexError("no values")


def _rank(n: int) -> int:
    """Return the rank among ``n``, from 1: ceil(0.9 n) without the rounding of floats."""
    return -(-9 * n // 10)
