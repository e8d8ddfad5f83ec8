"""floorctl on every Python that pyproject.toml states and this machine has: ``python -m tests.interpreters`` (needs a package index).

    python -m tests.interpreters [--all] [--bounds] [PYTHON ...]

Each gets an environment of its own from requirements.lock. There all modules are compiled with warnings as errors and a part
of the suite runs (``--all``: the whole of it); with ``--bounds`` also the smoke part with the lowest and the newest
versions of the dependencies. A version that is not at hand is said so. PYTHON: programs to try instead of those found.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.__main__ import files_in_memory
from tests.lowest import ROOT, Failed, new_environment, run, tried

# What an interpreter can break: annotations and slots, SQLite, files, argparse and click, the loop of the console.
PART = (
    "tests/common",
    "tests/commands",
    "tests/models",
    "tests/database",
    "tests/documents",
    "tests/cli",
    "tests/house/test_layers.py",
    "tests/house/test_package.py",
    "tests/screens/test_acts.py",
    "tests/console",
)
ASK = "import sys; print('%d.%d.%d' % sys.version_info[:3])"


class Row(NamedTuple):
    python: str
    what: str
    result: str
    seconds: float
    failed: bool = False


def stated() -> list[str]:
    """``3.11`` and so on, as the classifiers have them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return re.findall(r"Python :: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)


def places(version: str) -> Iterator[Path]:
    """Where a Python of this version may be: this one, the path, pyenv's versions, what the launcher of Windows lists."""
    yield Path(sys.executable)
    if found := shutil.which(f"python{version}"):
        yield Path(found)
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob(f"versions/{version}.*/bin/python"), key=_numbers, reverse=True)
    yield from sorted(root.glob(f"pyenv-win/versions/{version}.*/python.exe"), key=_numbers, reverse=True)
    if sys.platform == "win32" and shutil.which("py"):
        yield from listed(run("py", "-0p").stdout)


def _numbers(path: Path) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", str(path))]


def listed(text: str) -> list[Path]:
    """The programs that ``py -0p`` lists: a mark, perhaps a star, and the path to the end of the line."""
    return [Path(x.strip()) for x in re.findall(r"^\s*-\S+\s+(?:\*\s+)?(\S.*\.exe)\s*$", text, re.MULTILINE)]


def found(version: str, among: Iterable[Path] = ()) -> tuple[Path, str] | None:
    """The first program that says that it is of this version, and what it says; None where there is none."""
    for path in [*among] or places(version):
        said = run(path, "-c", ASK).stdout.strip()
        if said.startswith(f"{version}."):
            return path, said
    return None


def suite(python: Path, whole: bool) -> tuple[str, bool]:
    """The closing line of the tests, and whether they failed."""
    with files_in_memory() as environment:
        options = ["-n", "2", "-p", "no:cacheprovider", *([] if whole else PART)]
        done = run(python, "-m", "pytest", *options, cwd=ROOT, env=environment)
    for line in (x for x in done.stdout.splitlines() if x.startswith(("FAILED", "ERROR"))):
        print(f"  {line}", flush=True)
    counts = re.findall(r"^(?:=+ )?(\d+ (?:passed|failed).*?)(?: =+)?$", done.stdout, re.MULTILINE)
    return (counts or [f"exit {done.returncode}: {done.stderr[-300:]}"])[-1], done.returncode != 0


def rows(base: Path, said: str, whole: bool, bounds: bool) -> Iterator[Row]:
    """Everything that is tried on one Python, as it is done."""
    with tempfile.TemporaryDirectory(prefix="floorctl-python-", ignore_cleanup_errors=True) as scratch:
        began = time.monotonic()
        try:
            python = new_environment(base, Path(scratch) / "venv", "-r", ROOT / "requirements.lock", "-e", ROOT)
        except Failed as error:
            yield Row(said, "requirements.lock", f"cannot be installed: {error}", time.monotonic() - began, True)
            return
        yield Row(said, "requirements.lock", "installed", time.monotonic() - began)
        began = time.monotonic()
        kept = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(scratch) / "compiled")}
        done = run(python, "-W", "error", "-m", "compileall", "-q", "floorctl", cwd=ROOT, env=kept)
        result = done.stdout[-300:] if done.returncode else "no warning"
        yield Row(said, "compiled", result, time.monotonic() - began, done.returncode != 0)
        began = time.monotonic()
        result, failed = suite(python, whole)
        yield Row(said, "all tests" if whole else "a part of the tests", result, time.monotonic() - began, failed)
    for newest in (False, True) if bounds else ():
        began = time.monotonic()
        try:
            steps, held = tried(base, newest)
            result, failed = f"{steps} steps with {held}", False
        except Failed as error:
            result, failed = str(error), True
        yield Row(said, "newest" if newest else "lowest", result, time.monotonic() - began, failed)


def main(argv: list[str] | None = None) -> int:
    """Prints the table; 1 where something failed on a Python that is here."""
    parser = argparse.ArgumentParser(description="floorctl on every stated Python that is at hand")
    parser.add_argument("--all", action="store_true", help="the whole suite, not a part of it")
    parser.add_argument("--bounds", action="store_true", help="also the lowest and newest versions of the dependencies")
    parser.add_argument("python", nargs="*", type=Path, help="programs to try instead of those that are found")
    asked = parser.parse_args(argv)
    failed = passed = 0
    for version in stated():
        there = found(version, asked.python)
        if there is None:
            print(f"{version:<8} not at hand", flush=True)
            continue
        for row in rows(*there, asked.all, asked.bounds):
            print(f"{row.python:<8} {row.what:<20} {row.seconds:6.0f} s  {row.result}", flush=True)
            failed += row.failed
            passed += not row.failed
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
