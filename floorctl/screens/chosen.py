"""Panel under the table of a tall screen: the chosen line in full, and what has been recorded of it today."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from floorctl.common.words import hm
from floorctl.console.state import ConsoleState
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.facts.entry import Entry
from floorctl.screens.drawing.canvas import Span, pad
from floorctl.screens.drawing.rows import Words

_SUBJECT = 12  # cells


def about(state: ConsoleState, name: str, holds: Callable[[Entry], bool]) -> list[Entry]:
    """Return today's entries that ``holds`` names, the latest first; kept under ``name`` until facts change."""
    floor = state.day.floor
    return state.day.once(
        f"about {name}",
        lambda: [e for e in reversed(floor.entries) if e.key not in floor.retracted and holds(e)],
        by_time=False,
    )


def titled(name: str, *more: str) -> Words:
    """Return the first line of the panel: what is chosen, and more of it."""
    return [(name, "strong"), *((f"  {text}", "dim") for text in more if text)]


def recorded(state: ConsoleState, entries: Sequence[Entry], none: str = "今日の記録はありません") -> list[Words]:
    """Return entries as lines: time, subject, sentence."""
    floor = state.day.floor
    lines: list[Words] = [
        [
            (f"{hm(e.fact.at):>5}  ", "dim"),
            (pad(state.day.who(subject(e.fact, floor.site)), _SUBJECT), "strong"),
            (f" {line(e, floor)}", "text"),
        ]
        for e in entries
    ]
    return lines or [[(none, "dim")]]


def fact_of(name: str, value: str) -> Callable[[Entry], bool]:
    """Return what tells whether the field ``name`` of an entry's fact is ``value``."""
    return lambda e: getattr(e.fact, name, None) == value


def named(word: str, text: str, role: str = "text") -> Words:
    """Return a field of the chosen line: its name and its value."""
    label: Span = (pad(word, 10), "dim")
    return [label, (text, role)]
