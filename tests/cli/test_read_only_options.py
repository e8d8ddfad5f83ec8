"""``console --read-only`` takes nothing in: with a feed or a description it is a wrong usage."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.contract_cli import refuses, run


@pytest.mark.parametrize("given", ["--feed", "--source-file"])
def test_it_follows_no_source(tmp_path: Path, given: str) -> None:
    said = refuses(run("console", "--read-only", given, "x", db=tmp_path / "floor.db"), 2)
    assert said.startswith(f"--read-only と {given} は一緒に使えません（見るだけの盤面は何も取り込みません）。")
    assert list(tmp_path.iterdir()) == []


def test_it_needs_a_terminal_and_makes_no_file(tmp_path: Path) -> None:
    assert "端末" in refuses(run("console", "--read-only", db=tmp_path / "floor.db"))
    assert list(tmp_path.iterdir()) == []
