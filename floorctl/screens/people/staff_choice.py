"""People as the options of a choice."""

from __future__ import annotations

from floorctl.console.port import Console
from floorctl.models.board.assignable import not_there, rank, said


def staff_options(app: Console, codes: list[str]) -> list[tuple[str, str]]:
    """Return people by code with their surname, where there is one, and their terminal; last and marked who is not in the hall."""
    day = app.state.day
    at = {t.staff: t.code for t in day.floor.terminals.values() if t.staff}
    found = []
    for code in codes:
        away = not_there(day.floor, day.register, day.now, code)
        words = "  ".join(x for x in (day.named(code), at.get(code, ""), said(away)) if x)
        found.append((rank(away), code, words))
    return [(code, words) for _, code, words in sorted(found, key=lambda x: x[0])]
