"""Only ``common/patience.py`` renames, replaces and removes: elsewhere one refusal of Windows would be the end of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "floorctl"
PATIENT = PACKAGE / "common" / "patience.py"
OF_OS = {"link", "rename", "renames", "replace", "remove", "removedirs", "rmdir", "unlink"}
OF_SHUTIL = {"move", "rmtree"}
MAY = re.compile(r"\b(os|shutil)\b|\.replace\([^,]*\)|hardlink_to|rename|rmdir|unlink")  # to parse only some files
OF_PATH = {"hardlink_to", "rename", "rmdir", "unlink"}


def direct(text: str) -> Iterator[str]:
    """Names of the calls in a text that reach a file's name directly; ``replace`` of one argument is that of a path."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ImportFrom(module="os" | "shutil" as module, names=names):
                yield from (f"{module}.{x.name}" for x in names if x.name in OF_OS | OF_SHUTIL)
            case ast.Attribute(value=ast.Name("os"), attr=name) if name in OF_OS:
                yield f"os.{name}"
            case ast.Attribute(value=ast.Name("shutil"), attr=name) if name in OF_SHUTIL:
                yield f"shutil.{name}"
            case ast.Attribute(value=ast.Name("Path"), attr=name) if name in OF_PATH | {"replace"}:
                yield f"Path.{name}"
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=args, keywords=more):
                if isinstance(value, ast.Name) and value.id == "patience":
                    continue
                if name in OF_PATH or (name == "replace" and len(args) == 1 and not more):
                    yield f".{name}"
            case _:
                pass


def test_one_way_to_rename_replace_and_remove() -> None:
    found = {
        str(path.relative_to(PACKAGE)): names
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PATIENT and MAY.search(text := path.read_text(encoding="utf-8")) and (names := list(direct(text)))
    }
    assert found == {}
    assert {"os.replace", "os.rename", "os.unlink", "os.link", "shutil.rmtree"} <= set(
        direct(PATIENT.read_text("utf-8"))
    )


@pytest.mark.parametrize(
    "line",
    [
        "a.replace(b)", "a.rename(b)", "a.unlink(missing_ok=True)", "a.rmdir()", "os.replace(a, b)", "shutil.rmtree(a)",
        "from os import unlink", "from shutil import move", "map(os.remove, a)", "map(Path.unlink, a)", "a.b().replace(c)",
    ],
)  # fmt: skip
def test_it_sees_each_way(line: str) -> None:
    assert list(direct(line)) and MAY.search(line)


@pytest.mark.parametrize(
    "line", ["a.replace('b', 'c')", "replace(a, b=1)", "a.replace(day=1)", "patience.replace(a, b)", "os.open(a)"]
)
def test_it_sees_no_other(line: str) -> None:
    assert not list(direct(line))
