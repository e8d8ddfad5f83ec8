"""docs/security.md names every dependency, in the version that is locked, and no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_the_table_of_dependencies_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[<>=;]", line)[0].strip() for line in project["dependencies"]}
    locked = dict(
        re.findall(r"^([\w.-]+)==([\w.]+)$", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.M)
    )
    listed = dict(re.findall(r"^\| ([\w-]+) ([0-9.]+) \|", PAGE, flags=re.M))
    assert listed == {name: locked[name] for name in wanted}


def test_every_test_that_the_page_points_at_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", PAGE)
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).is_file()] == []
