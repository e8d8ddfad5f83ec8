"""What the day's tables do not show: the reasons that were given, corrections, what was typed from paper, equipment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from floorctl.common.frozen import frozen
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.day.floor import Floor

# Kinds told where a reason (of a repair: what was done) was given, and those told always.
_WITH_REASON = frozenset(
    {
        *("day.opened", "day.reopened", "staff.posted", "terminal.staffed", "terminal.paused", "terminal.resumed"),
        *("terminal.repaired", "reception.resumed", "vacancy.filled", "retracted"),
    }
)
_ALWAYS = frozenset({"paper.entered", "equipment.changed"})
_UNDONE = "取消し"  # the reason that the key u gives


@frozen
class Told:
    """Fact of the day in words: its instant, its kind, its subject, its sentence."""

    at: datetime
    word: str
    subject: str
    text: str


def told(floor: Floor) -> Iterator[Told]:
    """Yield the facts of a day that stand in no other table of its report, in their order, without those taken back."""
    for e in floor.entries:
        why = getattr(e.fact, "reason", "") or getattr(e.fact, "fault", "")
        given = e.kind in _WITH_REASON and why not in ("", _UNDONE)
        if (given or e.kind in _ALWAYS) and e.key not in floor.retracted:
            text = line(e, floor).removeprefix(e.fact.word).strip()
            yield Told(
                e.fact.at, e.fact.word, subject(e.fact, floor.site), text if why in text else f"{text} {why}".strip()
            )
