"""A line of the table: what floorctl took, what it is held against, and the ratio of the two medians.

Both are measured in turns (one of each, again and again), so that whatever else the machine does falls on both alike.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

Sample = Callable[[], float | None]  # one measurement; None: it came to nothing and is not counted


@dataclass(frozen=True)
class Row:
    """``ours`` and ``peer``: medians in ``unit``. ``limit``: of the ratio, where the issue names one. ``spread``: the
    range in which nine of ten of our samples lie. ``note``: what the peer is."""

    part: str
    name: str
    ours: float
    unit: str
    peer: float | None = None
    note: str = ""
    limit: float | None = None
    spread: tuple[float, float] | None = None
    samples: int = 1

    @property
    def ratio(self) -> float | None:
        return self.ours / self.peer if self.peer else None

    @property
    def within(self) -> bool:
        return self.limit is None or self.ratio is None or self.ratio <= self.limit

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "within": self.within}


def in_turns(runs: int, subjects: Mapping[str, Sample]) -> dict[str, list[float]]:
    """``runs`` samples of each subject, one of each in turn; a first round is not counted (files, byte code).

    A sample that fails (a crowded machine) is told and not counted.
    """
    found: dict[str, list[float]] = {name: [] for name in subjects}
    for n in range(runs + 1):
        for name, sample in subjects.items():
            try:
                took = sample()
            except (RuntimeError, OSError) as e:
                print(f"{name}, sample {n}: {e}", file=sys.stderr, flush=True)
                continue
            if n and took is not None:
                found[name].append(took)
    return found


def row(
    part: str,
    name: str,
    ours: list[float],
    unit: str,
    peer: list[float] | None = None,
    note: str = "",
    limit: float | None = None,
) -> Row:
    """Raises ValueError where nothing was measured."""
    if not ours or (peer is not None and not peer):
        raise ValueError(f"{part}: {name}: nothing was measured")
    return Row(part, name, median(ours), unit, median(peer) if peer else None, note, limit, spread(ours), len(ours))


def spread(samples: list[float]) -> tuple[float, float]:
    """The 5th and the 95th of a hundred, by nearest rank."""
    told = sorted(samples)
    last = len(told) - 1
    return told[round(0.05 * last)], told[round(0.95 * last)]
