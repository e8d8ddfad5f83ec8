"""Names beside a data file."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.common.data_file_names import short_name


@pytest.mark.parametrize("typed", ["floor.db", "FLOOR.DB", "Floor.db"])
def test_a_name_in_another_case_has_the_same_backups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """Windows opens the same file; a second pair of backups would begin."""
    monkeypatch.setattr("floorctl.common.data_file_names.on_windows", lambda: True)
    (tmp_path / "floor.db").touch()
    assert short_name(tmp_path / typed) == "floor"
    assert short_name(tmp_path / "no folder" / "a.sqlite") == "a.sqlite"
