"""A memo of the day: its text and, where somebody is to do something, its time, its owner and whether it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from floorctl.common.clock import JST

MemoKey = tuple[str, str]  # source and id of the fact that wrote it


@dataclass(slots=True, eq=False, repr=False)
class Memo:
    """Memo that was written at ``at``. ``due`` ("HH:MM") and ``owner`` as they are now; ``done_at``: None while open."""

    key: MemoKey
    at: datetime
    text: str
    due: str | None = None
    owner: str | None = None
    done_at: datetime | None = None
    asks: bool = False  # it was written with a time or an owner: somebody is to do something

    @property
    def open(self) -> bool:
        """Return whether somebody is still to do what it says."""
        return self.asks and self.done_at is None

    def due_at(self) -> datetime | None:
        """Return its time as an instant of its own day."""
        return datetime.combine(self.at.date(), time.fromisoformat(self.due), JST) if self.due else None
