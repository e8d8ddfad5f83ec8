"""Names of which Windows tells nothing for a moment: a document, a folder of documents, the data file."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from floorctl.cli.base import Settings
from floorctl.common.errors import StoreError
from floorctl.common.output_file import write_files
from floorctl.common.written_files import WrittenFiles


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, float], list[float]]:
    """Return what lets a pretended Windows refuse a call about a name so many times; it returns the pauses."""
    pauses: list[float] = []
    monkeypatch.setattr("floorctl.common.patience.on_windows", lambda: True)
    monkeypatch.setattr("time.sleep", pauses.append)

    def refusing(call: str, name: str, times: float) -> list[float]:
        act, left = getattr(os, call), [times]

        def refused(path: Any, *args: Any, **more: Any) -> Any:
            if isinstance(path, str | Path) and Path(path).name == name and left[0] > 0:
                left[0] -= 1
                raise PermissionError(errno.EACCES, "in use", str(path))
            return act(path, *args, **more)

        monkeypatch.setattr(os, call, refused)
        return pauses

    return refusing


def test_a_document_and_its_folder(tmp_path: Path, refuse: Callable[[str, str, float], list[float]]) -> None:
    (tmp_path / "floor.db").touch()
    written, folder = WrittenFiles(tmp_path / "floor.db"), tmp_path / "out"
    write_files(folder, {"table.csv": b"a,b\n1,2\n"}, written)
    refuse("stat", "table.csv", 3)
    assert write_files(folder, {"table.csv": b"a,b\n3,4\n"}, written) == ([folder / "table.csv"], [])
    refuse("listdir", "out", 9)
    assert write_files(folder, {"table.csv": b"a,b\n5,6\n"}, written) == ([folder / "table.csv"], [])
    assert (folder / "table.csv").read_bytes() == b"a,b\n5,6\n"


def test_a_data_file(tmp_path: Path, refuse: Callable[[str, str, float], list[float]]) -> None:
    pauses = refuse("stat", "floor.db", 3)
    assert Settings(tmp_path / "floor.db", None, None).path == tmp_path / "floor.db"
    assert pauses == [0.01, 0.02, 0.04]
    refuse("stat", "floor.db", 1e9)
    with pytest.raises(StoreError, match="見ることが許されていません"):
        _ = Settings(tmp_path / "floor.db", None, None).path
