"""Draws that the standard library does not name as we need them. Every draw takes its own seeded generator."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
LONGEST_MIN = 42.0  # one service, before what is added to it; the board suspects longer ones


def stream(*names: object) -> Random:
    """A generator of its own for one purpose, so that a change in one purpose leaves the others' draws alone."""
    return Random("|".join(str(n) for n in names))


def poisson(rng: Random, mean: float) -> int:
    """A Poisson count (Knuth's product; in parts, so that any mean is safe)."""
    count = 0
    while mean > 0:
        part, mean = min(mean, 200.0), mean - 200.0
        limit, product = math.exp(-part), rng.random()
        while product > limit:
            count += 1
            product *= rng.random()
    return count


def lognormal_s(rng: Random, mean_min: float, sd_min: float) -> int:
    """A length in whole seconds, lognormal with the given mean and sd in minutes; within a quarter and three times the mean."""
    variance = math.log(1 + (sd_min / mean_min) ** 2)
    minutes = rng.lognormvariate(math.log(mean_min) - variance / 2, math.sqrt(variance))
    return round(60 * min(max(minutes, mean_min / 4), mean_min * 3, LONGEST_MIN))


def pick(rng: Random, weighted: Sequence[tuple[T, float]]) -> T:
    """One of ``weighted`` (value, weight) pairs."""
    mark = rng.random() * sum(w for _, w in weighted)
    for value, weight in weighted:
        mark -= weight
        if mark < 0:
            return value
    return weighted[-1][0]
