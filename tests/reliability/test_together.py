"""Several at one file, in short: two consoles in terminals, a followed feed and commands, for a simulated minute."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.cuts import memory

if os.name != "posix":
    pytest.skip("forks and pseudo-terminals", allow_module_level=True)


def test_consoles_a_feed_and_commands_lose_nothing_and_show_the_same() -> None:
    """No lost act, no number twice, no word of a lock, no act that does not fit, one board. Times are printed only."""
    command = [sys.executable, "-m", "tests.reliability", "together", "--minutes", "1.2", "--speed", "20", "--json"]
    folder = memory()
    done = subprocess.run(
        [*command, *(["--folder", folder] if folder else [])],
        capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False, timeout=300,
    )  # fmt: skip
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)["together"]
    print(found["COMMIT to drawn, ms"])
    assert found["says"] == []
    assert done.returncode == 0
    assert found["by source"]["console"] > 20 and found["by source"]["machine"] > 33
    assert all(found["COMMIT to drawn, ms"][f"console{n}"]["n"] > 20 for n in (1, 2)), (
        "nothing was seen: nothing is tested"
    )
