"""People to choose from for a place: who can stand there first, and beside everybody else why not, before they are chosen."""

from __future__ import annotations

from collections.abc import Iterable

from floorctl.console.state import ConsoleState
from floorctl.models.board.assignable import objections, rank, said


def candidates(
    state: ConsoleState, codes: Iterable[str], *, terminal: str = "", lane: str = ""
) -> list[tuple[str, str]]:
    """Return people by code as the options of a choice, marked by ``models.board.assignable`` and sorted by it."""
    day = state.day
    found = {code: objections(day.floor, day.register, day.now, code, terminal=terminal, lane=lane) for code in codes}
    return [
        (code, f"{day.named(code)}  {said(why)}".rstrip())
        for code, why in sorted(found.items(), key=lambda x: rank(x[1]))
    ]
