"""The clock of all pauses: it goes on only where somebody sleeps, so that seconds of patience cost nothing."""

from __future__ import annotations

import time

import pytest

_MOST = 600.0  # seconds after which patience is no patience any more


class Waits:
    """Every pause that was made, in the order of the pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.now = 0.0

    @property
    def total(self) -> float:
        """Seconds slept since the last ``forget``."""
        return sum(self.pauses)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        assert self.total < _MOST, f"waits without end: {len(self.pauses)} pauses"

    def forget(self) -> None:
        """Count the pauses anew; the time goes on."""
        self.pauses = []

    def install(self, patch: pytest.MonkeyPatch) -> None:
        monotonic = time.monotonic
        patch.setattr(time, "sleep", self.sleep)
        patch.setattr(time, "monotonic", lambda: monotonic() + self.now)
