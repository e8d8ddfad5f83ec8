"""The deciders: for each kind of fact the rule that decides a wish for it and the step by which it evolves the state.

The files of the subjects fill these tables as they are imported; ``decide`` and ``fold`` read them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from floorctl.commands.context import Context, Wish
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import Fact
from floorctl.models.register.register import Register

# By kind: the facts that a wish comes to on a Floor. A rule refuses, a step never does: what does not fit is marked odd.
DECIDE: dict[str, Callable[..., list[Wish]]] = {}
# By kind: what a fact does to the Floor or, of those that outlive their day, to the Register.
EVOLVE: dict[str, Callable[[Any, Entry, Any], None]] = {}
# By kind: the field whose number is given where the wish names none; its rule then gets ``numbered=False``.
NUMBERED: dict[str, str] = {}
# Kinds that may be recorded on a day without visitors.
ANY_DAY: set[str] = set(ev.REGISTER_KINDS)

F = TypeVar("F", bound=Fact)
S = TypeVar("S", Floor, Register)
Rule = Callable[[Context, F], list[Wish]]
Step = Callable[[S, Entry, F], None]


def decides(fact: type[F], *, numbers: str = "", any_day: bool = False) -> Callable[[Rule[F]], Rule[F]]:
    """Enter a rule for wishes of this kind; ``numbers`` and ``any_day`` as in ``NUMBERED`` and ``ANY_DAY``."""

    def enter(rule: Rule[F]) -> Rule[F]:
        DECIDE[fact.kind] = rule
        if numbers:
            NUMBERED[fact.kind] = numbers
        if any_day:
            ANY_DAY.add(fact.kind)
        return rule

    return enter


def evolves(fact: type[F]) -> Callable[[Step[S, F]], Step[S, F]]:
    """Enter the step that facts of this kind take on the Floor or on the Register."""

    def enter(step: Step[S, F]) -> Step[S, F]:
        EVOLVE[fact.kind] = step
        return step

    return enter
