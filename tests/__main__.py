"""Everything that is checked, by one command: ``python -m tests`` (lint, format, types, imports between the rooms, then the tests)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
# What looks at the source alone, two at a time, the longest first.
BEFORE = (
    ("types", ["-m", "mypy"]),
    # As the hall's PC sees the same lines; a cache of its own, since a run for another system throws away what is kept.
    ("types (Windows)", ["-m", "mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/windows"]),
    # The tests as rewritten by pytest stay beside them as byte code: else each of its processes would rewrite all of them.
    ("collect", ["-m", "pytest", "--collect-only", "-qq", "-n", "0"]),
    # Also leaves byte code for the console: in a checkout nothing else does where the shell forbids it.
    ("compile", ["-m", "compileall", "-q", "floorctl"]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("rooms", ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo", "--no-cache"]),
)
TESTS = ("tests", ["-m", "pytest", "-n", "3", "--dist", "worksteal"])


MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # bytes; the tests leave a tenth of it


@contextmanager
def files_in_memory() -> Iterator[dict[str, str]]:
    """Yield the variables by which the tests' files lie in memory, where there is room and programs may be run from it.

    Everything is synced as ever; a thousand new files need not wait for the disk. One test alone has its files on the disk.
    """
    found = os.statvfs(MEMORY) if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None
    if found is None or found.f_bavail * found.f_frsize < ROOM or found.f_flag & os.ST_NOEXEC:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="floorctl-tests-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield {"PYTEST_DEBUG_TEMPROOT": folder}


def environment() -> dict[str, str]:
    """Return the shell's environment, with byte code: a thousand processes would compile the program anew each."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def checked(step: tuple[str, list[str]]) -> tuple[int, str]:
    """Return the exit status of a step and what it said, with its name."""
    name, command = step
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(),
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    # The list of thousands of tests says nothing, unless one of them cannot be read.
    said = "" if name == "collect" and not done.returncode else done.stdout
    failed = f"== {name} failed ({done.returncode})\n" if done.returncode else ""
    return done.returncode, f"== {name}: {' '.join(command[1:])}\n{said}{failed}"


def main() -> int:
    """Run the steps, what they said in their order, then the tests, whose output is shown as it comes.

    The exit status is that of the first step that fails.
    """
    failed = 0
    # The machine that tries every change also tries the lowest versions, while one core is idle.
    lowest = subprocess.Popen([sys.executable, "-m", "tests.lowest"], cwd=ROOT) if os.environ.get("CI") else None
    with ThreadPoolExecutor(2) as both:
        for status, said in both.map(checked, BEFORE):
            print(said, end="", flush=True)
            failed = failed or status
    failed = (lowest.wait() if lowest else 0) or failed
    name, command = TESTS
    print(f"== {name}: {' '.join(command[1:])}", flush=True)
    with files_in_memory() as more:
        ran = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment() | more, check=False)
    if ran.returncode:
        print(f"== {name} failed ({ran.returncode})", flush=True)
    return failed or ran.returncode


if __name__ == "__main__":
    sys.exit(main())
