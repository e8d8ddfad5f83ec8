"""People as the options of a choice."""

from __future__ import annotations

from floorctl.console.port import Console


def staff_options(app: Console, codes: list[str]) -> list[tuple[str, str]]:
    """Return people by code with their surname, where there is one, and their terminal."""
    state = app.state
    at = {t.staff: t.code for t in state.day.floor.terminals.values() if t.staff}
    named = [(c, state.day.named(c)) for c in codes]
    return [(c, f"{words}  {at.get(c, '')}".rstrip()) for c, words in named]
