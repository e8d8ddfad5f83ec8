"""Shifts that a table has, a list or a matrix, and what of it was not taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any

from floorctl.common.frozen import frozen


@frozen
class ShiftLine:
    """Shift of a person on a day: ``fields`` of a ``PlannedShift``; without times the person is not in the hall."""

    line: int
    day: date
    fields: dict[str, Any]


@frozen
class ShiftTable:
    """Shifts of a file, and what of it was not taken.

    ``days``: of lines that were left out. ``blanks``: cells of a matrix in which nothing stands, of days that are planned,
    as shifts of nobody's hours. ``legend``: abbreviations with the hours of the table's own legend, in words. ``officials``:
    steps of ``officials.planned`` by day, of the city's lines.
    """

    lines: list[ShiftLine]
    days: frozenset[date]
    left_out: Mapping[str, int]
    unread: int
    blanks: tuple[ShiftLine, ...] = ()
    legend: tuple[str, ...] = ()
    officials: Mapping[date, tuple[dict[str, Any], ...]] = field(default_factory=dict)

    @property
    def blank(self) -> int:
        """Return the number of blank cells."""
        return len(self.blanks)
