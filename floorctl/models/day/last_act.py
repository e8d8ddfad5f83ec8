"""Find the last act of an actor, which the undo key takes back: by retractions, or by the opposite move."""

from __future__ import annotations

from collections.abc import Sequence

from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.day import UNDONE
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import BY_HAND, act_of

_MOVES = (ev.TerminalAssigned, ev.TerminalLent, ev.TerminalReturned)


def last_act(floor: Floor, actor: str) -> list[Entry]:
    """Return the facts of this actor's last act of the day that was neither retracted nor moved back; [] if there is none."""
    mine = [
        e
        for e in floor.entries
        if e.source == BY_HAND and e.actor == actor and e.kind != "retracted" and e.key not in floor.retracted
    ]
    acts: dict[str, list[Entry]] = {}
    for e in sorted(mine, key=lambda e: e.seq):
        acts.setdefault(act_of(e.fact.id), []).append(e)
    left: list[list[Entry]] = []
    for act in acts.values():
        if left and moves_back(act) and _moved(left[-1]) == _moved(act):
            left.pop()
        else:
            left.append(act)
    return left[-1] if left else []


def moves_back(act: Sequence[Entry]) -> bool:
    """Return whether an act is the undo of a move or loan by the opposite one."""
    f = act[0].fact
    return len(act) == 1 and isinstance(f, _MOVES) and f.reason == UNDONE


def _moved(act: Sequence[Entry]) -> str | None:
    """Return the terminal that an act moved, lent or brought home; None for any other act."""
    f = act[0].fact
    return f.terminal if len(act) == 1 and isinstance(f, _MOVES) else None
