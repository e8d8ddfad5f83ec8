"""The README says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from floorctl.keys import ACTIONS, EVERYWHERE, SCREEN_OF_GROUP

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BEGIN, END = "<!-- keys: begin (made from floorctl/keys.py; tests/test_readme.py compares) -->", "<!-- keys: end -->"


def key_table() -> str:
    """The table of keys as the registry says it; ``python -m tests.test_readme`` writes it into the README."""
    rows = []
    for a in ACTIONS:
        where = "" if a.id in EVERYWHERE else SCREEN_OF_GROUP.get(a.group, "")
        rows.append(f"| `{a.cap}` | {where} | {a.label} | {a.help} |")
    return "\n".join(["| key | 画面 | 操作 | |", "|---|---|---|---|", *rows])


def test_the_key_table_is_the_registry() -> None:
    table = README.split(BEGIN)[1].split(END)[0].strip()
    assert table == key_table(), "run: python -m tests.test_readme"


def test_ci_runs_the_second_command_as_written() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, flags=re.M)
    assert len(commands) == 2
    assert commands[0].endswith("floorctl demo")
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


if __name__ == "__main__":
    before, rest = README.split(BEGIN)
    (ROOT / "README.md").write_text(f"{before}{BEGIN}\n{key_table()}\n{END}{rest.split(END)[1]}", encoding="utf-8")
