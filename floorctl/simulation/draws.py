"""Random draws that the standard library lacks. Each takes its own seeded generator."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
LONGEST_MIN = 42.0  # longest base service time; the board marks longer ones as suspect


def stream(*names: object) -> Random:
    """Return a generator for one purpose, so that a change in one purpose does not alter the draws of others."""
    return Random("|".join(str(n) for n in names))


def poisson(rng: Random, mean: float) -> int:
    """Draw a Poisson count (Knuth's product method, in parts of mean 200 against underflow)."""
    count = 0
    while mean > 0:
        part, mean = min(mean, 200.0), mean - 200.0
        limit, product = math.exp(-part), rng.random()
        while product > limit:
            count += 1
            product *= rng.random()
    return count


def lognormal_s(rng: Random, mean_min: float, sd_min: float) -> int:
    """Draw whole seconds from a lognormal with this mean and sd in minutes.

    Clipped to between a quarter and three times the mean, and to LONGEST_MIN.
    """
    variance = math.log(1 + (sd_min / mean_min) ** 2)
    minutes = rng.lognormvariate(math.log(mean_min) - variance / 2, math.sqrt(variance))
    return round(60 * min(max(minutes, mean_min / 4), mean_min * 3, LONGEST_MIN))


def pick(rng: Random, weighted: Sequence[tuple[T, float]]) -> T:
    """Draw one of (value, weight) pairs."""
    mark = rng.random() * sum(w for _, w in weighted)
    for value, weight in weighted:
        mark -= weight
        if mark < 0:
            return value
    return weighted[-1][0]
