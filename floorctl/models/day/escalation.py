"""A case for city staff, with its three instants (仕様書 7(2))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from floorctl.models.facts.fields import CITY_DECISIONS


@dataclass(slots=True, eq=False, repr=False)
class Escalation:
    """A case. ``state``: ``raised taken settled``; ``raised_at`` is None if the hand-over was never recorded."""

    code: str
    matter: str | None
    state: str
    raised_at: datetime | None = None
    taken_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: str | None = None
    official: str = ""
    terminal: str | None = None
    ticket: str | None = None
    nth: int = 1  # which ticket of that number
    note: str = ""
    customer: str | None = None  # the number of its visitor: named, or at its terminal when it was raised
    # A feed's finish of its visitor as done, before the decision: key of the fact, instant.
    finish: tuple[tuple[str, str], datetime] | None = None

    @property
    def end_word(self) -> str:
        """Return how a settled case ended: by the city's decision, or without one (sent on, withdrawn)."""
        return "で決定しています" if self.outcome in CITY_DECISIONS else "で終わっています"
