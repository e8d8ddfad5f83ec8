"""How much work something does, counted and not timed: machines are noisy, the steps of a loop are not."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def steps() -> Iterator[Counter[str]]:
    """How many lines of floorctl are run ("lines")."""
    found: Counter[str] = Counter()

    def step(frame: FrameType, event: str, arg: object) -> Any:
        if "floorctl" not in frame.f_code.co_filename:
            return None
        if event == "line":
            found["lines"] += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        yield found
    finally:
        sys.settrace(before)


def lines(act: Callable[[], object]) -> int:
    """The lines of floorctl that ``act`` runs."""
    with steps() as found:
        act()
    return found["lines"]
