"""Cursor of a list: it stands on a thing, not on a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


def turned(things: Sequence[T], held: T, by: int) -> T:
    """Return the thing so many places after ``held``; after the last comes the first."""
    return things[(things.index(held) + by) % len(things)]


class Cursor(Generic[T]):
    """Cursor that follows its thing when rows come, go or change places.

    Where the thing is gone nothing is chosen until somebody moves. ``wanted``: the thing, None before there was one;
    ``at``: its row, or where it was.
    """

    __slots__ = ("_begins", "at", "wanted")

    def __init__(self, wanted: T | None = None, at: int = 0) -> None:
        self.wanted, self.at, self._begins = wanted, at, True

    def find(self, things: Sequence[T]) -> bool:
        """Look for the thing among those shown; return whether it is chosen. A list that begins chooses a thing by itself."""
        if self._begins and things and self.wanted not in things:
            self.wanted = things[max(0, min(self.at, len(things) - 1))]
        if self.wanted is None or self.wanted not in things:
            self.at = min(self.at, len(things))
            return False
        self.at, self._begins = things.index(self.wanted), False
        return True

    def step(self, by: int, things: Sequence[T]) -> None:
        """Move by so many rows; where nothing is chosen, down is the row in the place of what is gone."""
        here = self.find(things)
        self.put(self.at + by - (by > 0 and not here), things)

    def put(self, at: int, things: Sequence[T]) -> None:
        """Choose the thing of a row, kept within the list."""
        if things:
            self.choose(things[max(0, min(at, len(things) - 1))])
            self.find(things)

    def choose(self, thing: T) -> None:
        """Choose a thing, shown or still to come."""
        self.wanted, self._begins = thing, False
