"""Check what import-linter cannot say of the rooms: purity, the clock, imports that are put off, and what a command may load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.story import busy_day, feed_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "floorctl"
FILES = sorted(PACKAGE.rglob("*.py"))

LAZY = tomllib.loads((Path(__file__).parents[1] / "lazy_imports.toml").read_text(encoding="utf-8"))
PURE = {"models", "commands", "advice", "simulation"}
# Modules by which something outside is read, written, asked or waited for.
OUTSIDE = {
    "asyncio", "fileinput", "glob", "http", "io", "logging", "mmap", "multiprocessing", "os", "pathlib", "platformdirs",
    "secrets", "select", "shutil", "signal", "socket", "sqlite3", "sqlite_utils", "ssl", "subprocess", "sys", "tempfile",
    "threading", "time", "tomllib", "urllib", "uuid", "zoneinfo",
}  # fmt: skip


class Import(NamedTuple):
    """``module`` is imported on a line; ``typing``: for the type checker alone."""

    module: str
    line: int
    typing: bool


def name_of(path: Path) -> str:
    """``floorctl.models.day.floor`` for a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """The room of a module of floorctl: ``models`` for ``floorctl.models.day.floor``, '' for the package itself."""
    return module.split(".")[1] if "." in module else ""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


MODULES = {name_of(path) for path in FILES}


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """Every import of a file, wherever it stands; a relative one is made absolute. Looked for once for all tests."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]

    def walk(node: ast.AST, typing: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, child.lineno, typing)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    base = ".".join([*package.split(".")[: len(package.split(".")) - child.level + 1], base]).strip(".")
                for alias in child.names:
                    inner = f"{base}.{alias.name}"
                    yield Import(inner if inner in MODULES else base, child.lineno, typing)
            elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                for part in child.body:
                    yield from walk(ast.Module([part], []), True)
                for part in child.orelse:
                    yield from walk(ast.Module([part], []), typing)
            else:
                yield from walk(child, typing)

    return tuple(walk(tree(path), False))


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def own(path: Path) -> list[Import]:
    return [i for i in imports(path) if i.module.split(".")[0] == "floorctl"]


def test_the_reader_of_imports_sees_them_all() -> None:
    """The test of the test: the forms in which an import may come."""
    found = {i.module for path in FILES for i in own(path)}
    assert {
        "floorctl.models.facts.fact",
        "floorctl.database.store",
        "floorctl.common.clock",
        "floorctl.commands.undo",
    } <= found
    assert any(i.typing for path in FILES for i in own(path))


def test_nothing_is_imported_from_its_own_package_as_a_whole() -> None:
    """``floorctl`` holds the version and nothing else that a module may need."""
    names = [
        f"{where(path, node.lineno)}: {alias.name}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "floorctl" and not node.level
        for alias in node.names
        if f"floorctl.{alias.name}" not in MODULES and alias.name != "__version__"
    ]
    assert names == []


@pytest.mark.parametrize("name", sorted(PURE))
def test_the_middle_is_pure(name: str) -> None:
    """No file, no process, no network, no clock, no chance but a generator that is handed in."""
    files = [p for p in FILES if room(name_of(p)) == name]
    assert files
    for path in files:
        for i in imports(path):
            assert i.module.split(".")[0] not in OUTSIDE, f"{where(path, i.line)} imports {i.module}"
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("open", "input", "print", "exec", "eval", "__import__"), where(
                    path, node.lineno
                )
            if isinstance(node, ast.Import):
                assert "random" not in [a.name for a in node.names], f"{where(path, node.lineno)}: the shared generator"
            if isinstance(node, ast.ImportFrom) and node.module == "random":
                assert [a.name for a in node.names] == ["Random"], where(path, node.lineno)


ASKS = {"now", "utcnow", "today", "fromtimestamp", "time", "time_ns", "localtime", "gmtime", "ctime", "strftime"}


def asks_the_time(path: Path) -> list[str]:
    """``datetime.now``, ``date.today``, ``time.time`` and their like."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in ASKS:
            base = ast.unparse(node.value)
            if base.split(".")[-1] in ("datetime", "date") and node.attr in ("now", "utcnow", "today"):
                found.append(where(path, node.lineno))
            if base == "time" and node.attr != "strftime":
                found.append(where(path, node.lineno))
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [where(path, node.lineno) for a in node.names if a.name in ASKS]
    return found


def test_only_the_clock_asks_the_time() -> None:
    """Of the wall clock; ``time.monotonic`` measures, and ``data_file`` may compare the age of a file that a kill left."""
    asking = {name_of(path): asks_the_time(path) for path in FILES}
    assert {name for name, places in asking.items() if places} <= {"floorctl.common.clock", "floorctl.database.file"}
    assert len(asking["floorctl.common.clock"]) == 1
    nows = [
        p
        for p in asking["floorctl.database.file"]
        if "datetime" in (ROOT / p.split(":")[0]).read_text().split("\n")[int(p.split(":")[1]) - 1]
    ]
    assert nows == []


def screen_modules() -> set[str]:
    """Modules of ``screens`` that hold a whole screen: reached by the rest through ``acts``."""
    found = set()
    for path in FILES:
        if room(name_of(path)) == "screens":
            bases = [ast.unparse(b) for n in ast.walk(tree(path)) if isinstance(n, ast.ClassDef) for b in n.bases]
            if any(b == "View" or b.endswith("View") for b in bases):
                found.add(name_of(path))
    return found - {"floorctl.screens.table"}  # no screen, but what those with a table share


def test_a_screen_imports_no_other_screen() -> None:
    """What two screens share stands beside them or below; one opens another by the name of its action."""
    screens = screen_modules()
    assert len(screens) >= 12, screens
    others = [
        f"{where(path, i.line)}: {i.module}"
        for path in FILES
        if name_of(path) in screens
        for i in own(path)
        if i.module in screens - {name_of(path)}
    ]
    assert others == []


def put_off(path: Path) -> Iterator[Import]:
    """The imports that stand inside functions."""
    inside = {
        line
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for line in range(function.lineno, (function.end_lineno or function.lineno) + 1)
    }
    return (i for i in imports(path) if i.line in inside) if inside else iter(())


def under(module: str, name: str) -> bool:
    return f"{module}.".startswith(f"{name}.")


def test_an_import_is_put_off_for_a_reason_that_stands_in_the_table() -> None:
    found = {(name_of(path), i.module, where(path, i.line)) for path in FILES for i in put_off(path)}
    rows = {(place, module): why for place, modules in LAZY.items() for module, why in modules.items()}
    met = {row: {f for f in found if under(f[0], row[0]) and under(f[1], row[1])} for row in rows}
    assert sorted(f[2] for f in found - set().union(*met.values())) == [], "not in lazy_imports.toml"
    assert [row for row in rows if not met[row]] == [], "nobody imports so any more"
    assert all(rows.values())


def test_every_file_says_what_it_is_for() -> None:
    silent = [str(p.relative_to(ROOT)) for p in FILES if not ast.get_docstring(tree(p))]
    assert silent == []


# ---- what a verb loads


def loaded(*args: object, cwd: Path) -> set[str]:
    """The modules that ``python …`` imports, from its own account of them."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *map(str, args)],
        env=environment, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False, timeout=50,
    )  # fmt: skip
    lines = done.stderr.splitlines()
    said = [line for line in lines if not line.startswith("import time:")]
    assert done.returncode == 0, said
    return {line.rsplit("|", 1)[1].strip() for line in lines if line.startswith("import time:") and "|" in line}


def tops(modules: set[str]) -> set[str]:
    return {m.split(".")[0] for m in modules}


def test_the_command_line_itself_loads_next_to_nothing(tmp_path: Path) -> None:
    modules = loaded("-c", "import floorctl.cli.main", cwd=tmp_path)
    assert "floorctl.cli.main" in modules
    heavy = {
        "pydantic",
        "pydantic_core",
        "sqlite3",
        "sqlite_utils",
        "textual",
        "rich",
        "xlsxwriter",
        "dateutil",
        "icalendar",
        "jpholiday",
    }
    assert tops(modules) & heavy == set()


HELPS = """
import sys
from floorctl.cli.main import main
for args in (["--help"], ["--version"], *([verb, "--help"] for verb in sys.argv[1:])):
    try:
        main(args)
    except SystemExit as e:
        assert not e.code, (args, e.code)
"""


def test_help_loads_no_screen_and_no_file(tmp_path: Path) -> None:
    verbs = ["ingest", "status", "export", "log", "do", "assign", "incident", "calendar", "doctor", "simulate", "demo"]
    verbs += ["roster", "appointments", "duties", "backup", "restore", "rehearse"]
    modules = loaded("-c", HELPS, *verbs, "console", cwd=tmp_path)
    assert tops(modules) & {"textual", "sqlite3", "sqlite_utils"} == set()


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A file into which ``floorctl ingest`` has taken a day, and what that has loaded."""
    folder = tmp_path_factory.mktemp("verbs")
    (folder / "day.jsonl").write_bytes(feed_of(busy_day(tickets=30)))
    return folder, loaded("-m", "floorctl", "--db", "f.db", "ingest", "day.jsonl", cwd=folder)


def test_ingest_loads_neither_screen_nor_documents(taken_in: tuple[Path, set[str]]) -> None:
    folder, modules = taken_in
    assert (folder / "f.db").is_file()
    assert "sqlite3" in tops(modules)
    assert tops(modules) & {"textual", "rich", "xlsxwriter"} == set()


@pytest.mark.parametrize(
    "verb",
    [
        ["status", "--json"],
        ["status"],
        ["log", "--json"],
        ["export", "--out", "out"],
        ["do", "memo.written", "text=雨"],
        ["incident", "list", "--json"],
        ["roster", "list", "--json"],
        ["duties", "--json"],
    ],
    ids=" ".join,
)
def test_a_verb_loads_no_textual(taken_in: tuple[Path, set[str]], verb: list[str]) -> None:
    folder, _ = taken_in
    modules = loaded("-m", "floorctl", "--db", "f.db", "--now", "2026-09-14T12:00", *verb, cwd=folder)
    assert "floorctl.database.store" in modules, "nothing was done: nothing is tested"
    assert "textual" not in tops(modules)
    # sqlite-utils is for making a file; one that is up to date never needs it.
    assert "sqlite_utils" not in tops(modules)
