"""A fresh database path for each test of the contract."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """The path of a database file that does not exist yet, alone in its folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder / "floor.db"
