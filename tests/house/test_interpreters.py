"""The Pythons that are stated: classifiers, the wheelhouse and the lower bound agree, and those of a machine are found."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from tests import interpreters
from tests.install.__main__ import script

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LISTED = """\
 -V:3.14 *        C:\\Program Files\\Python314\\python.exe
 -V:3.11          C:\\Users\\a b\\AppData\\Local\\Programs\\Python\\Python311\\python.exe
 -3.9-32          C:\\old\\python.exe
 -V:Astral/CPython3.12 nothing here
"""


def test_the_same_pythons_are_stated_everywhere() -> None:
    assert interpreters.stated() == ["3.11", "3.12", "3.13", "3.14"]
    assert tuple(interpreters.stated()) == script("wheelhouse").PYTHONS
    assert PROJECT["requires-python"] == f">={interpreters.stated()[0]}"
    assert "3.11〜3.14" in (ROOT / "docs" / "install.md").read_text(encoding="utf-8")


def test_the_launcher_of_windows_is_read() -> None:
    assert [str(p) for p in interpreters.listed(LISTED)] == [
        "C:\\Program Files\\Python314\\python.exe",
        "C:\\Users\\a b\\AppData\\Local\\Programs\\Python\\Python311\\python.exe",
        "C:\\old\\python.exe",
    ]


def test_a_program_counts_by_what_it_says_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreters, "places", lambda _: iter([tmp_path / "none", Path(sys.executable)]))
    monkeypatch.setattr(
        interpreters,
        "run",
        lambda path, *_: type("Said", (), {"stdout": "3.12.1\n" if path == Path(sys.executable) else ""}),
    )
    assert interpreters.found("3.12") == (Path(sys.executable), "3.12.1")
    assert interpreters.found("3.1") is None
    assert interpreters.found("3.12", [tmp_path / "none"]) is None


def test_the_closing_line_of_the_tests_is_told_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The options of pyproject.toml make pytest quiet once; twice, it says no count."""
    said: list[object] = []

    def run(*command: object, **_: object) -> object:
        said.extend(command)
        return type("Done", (), {"stdout": "FAILED a.py\n1 failed, 20 passed in 3s\n", "stderr": "", "returncode": 1})

    monkeypatch.setattr(interpreters, "run", run)
    assert interpreters.suite(Path("python"), whole=True) == ("1 failed, 20 passed in 3s", True)
    assert "-q" not in said


def test_a_part_of_the_suite_that_is_named_is_there() -> None:
    assert [part for part in interpreters.PART if not (ROOT / part).exists()] == []
