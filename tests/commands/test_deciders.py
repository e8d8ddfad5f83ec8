"""The deciders are whole: each kind of fact has its step and, where a person may write it, its rule; policies are declared."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from floorctl.commands import by_subject
from floorctl.commands.deciders import ANY_DAY, DECIDE, EVOLVE, NUMBERED
from floorctl.common.incident_policies import CARD_DIFFERENCE, FAILED_EQUIPMENT, INCIDENT_POLICIES, MISSING_CARD
from floorctl.models.facts import kinds as ev

PACKAGE = Path(__file__).parent.parent.parent / "floorctl"
DECLARATION = PACKAGE / "common" / "incident_policies.py"
# A marker comes with its paper only; what is taken back is the fold's, and the rule of the undo.
NO_RULE = {"retracted", "paper.entered"}
NO_STEP = {"retracted"}
# Codes that are the name of something else as well: a cause of an outage, a piece of equipment, a service.
SHARED = {"equipment", "disaster", "other", "complaint", "injury"}


def test_each_kind_has_its_step_and_its_rule() -> None:
    assert set(EVOLVE) == set(ev.KINDS) - NO_STEP
    assert set(DECIDE) == set(ev.KINDS) - NO_RULE
    assert ev.REGISTER_KINDS <= ANY_DAY
    assert all(field in ev.KINDS[kind].names() for kind, field in NUMBERED.items())


@pytest.mark.parametrize("kind", sorted(EVOLVE))
def test_rule_and_step_stand_side_by_side(kind: str) -> None:
    """In the file that is called as that of the declaration, under one name, and of the class of the kind."""
    step, declared = EVOLVE[kind], ev.KINDS[kind].__module__
    assert step.__module__.rpartition(".")[2] == declared.rpartition(".")[2]
    wanted = [f"ev.{ev.KINDS[kind].__name__}", "Register" if kind in ev.REGISTER_KINDS else "Floor"]
    signature = [p.annotation for p in inspect.signature(step).parameters.values()]
    assert [signature[2], signature[0]] == wanted
    if kind not in NO_RULE:
        rule = DECIDE[kind]
        assert rule.__module__ == step.__module__
        assert rule.__name__.removeprefix("decide_") == step.__name__.removeprefix("evolve_")
        assert [p.annotation for p in inspect.signature(rule).parameters.values()][1] == wanted[0]


def test_every_file_of_deciders_is_known() -> None:
    files = {p.stem for p in (PACKAGE / "commands").glob("*.py") if "\n@evolves(" in p.read_text(encoding="utf-8")}
    assert files == {name for name, value in vars(by_subject).items() if inspect.ismodule(value)}


def own_codes(path: Path) -> Iterator[str]:
    """Places where a file compares a category of incidents, or names a code that nothing else is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        place = f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Constant) and node.value in set(INCIDENT_POLICIES) - SHARED:
            yield place
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            texts = {c.value for side in sides for c in ast.walk(side) if isinstance(c, ast.Constant)}
            if texts & set(INCIDENT_POLICIES) and "category" in ast.unparse(node).lower():
                yield place
        if isinstance(node, ast.Match) and "category" in ast.unparse(node.subject):
            yield place


def test_no_category_of_incidents_is_compared_outside_its_declaration() -> None:
    found = [place for path in PACKAGE.rglob("*.py") if path != DECLARATION for place in own_codes(path)]
    assert found == [], "ask the policy instead"
    assert list(own_codes(DECLARATION)), "the test of the test"
    assert {MISSING_CARD, CARD_DIFFERENCE, FAILED_EQUIPMENT} <= set(INCIDENT_POLICIES)
