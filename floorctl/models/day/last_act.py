"""Find the last act of an actor, which the undo key takes back: by retractions, or by the opposite move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.day import UNDONE
from floorctl.models.facts.entry import Entry, order
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
    left = _standing(acts.values())
    return left[-1] if left else []


def moved_since(floor: Floor, move: Entry) -> bool:
    """Return whether a terminal was moved, lent or brought home after ``move``, other than there and back by one undo.

    A source that tells the same move once more changes nothing.
    """
    since = [
        e
        for e in floor.entries
        if isinstance(e.fact, _MOVES)
        and e.fact.terminal == getattr(move.fact, "terminal", None)
        and order(e) > order(move)
        and e.key not in floor.retracted
    ]
    told = (move.kind, getattr(move.fact, "lane", None))
    moved = move.kind == "terminal.assigned"
    return any(not moved or (e.kind, getattr(e.fact, "lane", None)) != told for [e] in _standing([e] for e in since))


def _standing(acts: Iterable[list[Entry]]) -> list[list[Entry]]:
    """Return the acts that nobody has moved back, in their order."""
    left: list[list[Entry]] = []
    for act in acts:
        if left and _moves_back(act, left[-1]):
            left.pop()
        else:
            left.append(act)
    return left


def moves_back(act: Sequence[Entry]) -> bool:
    """Return whether an act is the undo of a move or loan by the opposite one, with the returns that belong to it."""
    f = act[0].fact
    alone = all(isinstance(e.fact, ev.TerminalReturned) for e in act[1:])
    return isinstance(f, _MOVES) and f.reason == UNDONE and alone


def _moves_back(act: Sequence[Entry], before: Sequence[Entry]) -> bool:
    """Return whether an act is the undo of the one ``before`` it: the same terminal, and the opposite way."""
    f, g = act[0].fact, before[0].fact
    if not moves_back(act) or len(before) != 1 or not isinstance(f, _MOVES) or not isinstance(g, _MOVES):
        return False
    if f.terminal != g.terminal or act[0].actor != before[0].actor:
        return False
    if isinstance(f, ev.TerminalAssigned) or isinstance(g, ev.TerminalAssigned):
        return f.kind == g.kind and getattr(f, "lane", None) != getattr(g, "lane", None)
    return f.kind != g.kind
