"""Everything that is checked, by one command: ``python -m tests`` (lint, format, types, imports between the rooms, then the tests)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
STEPS = (
    # Also leaves bytecode for the console: in a checkout nothing else does where the environment forbids it.
    ("compile", ["-m", "compileall", "-q", "floorctl"]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
    # As the hall's PC sees the same lines; a cache of its own, since a run for another system throws away what is kept.
    ("types (Windows)", ["-m", "mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/windows"]),
    ("rooms", ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo", "--no-cache"]),
    ("tests", ["-m", "pytest", "-n", "3", "--dist", "worksteal"]),
)


MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # bytes; the tests leave a tenth of it


@contextmanager
def files_in_memory() -> Iterator[dict[str, str]]:
    """The environment in which the tests' files lie in memory, where there is room and programs may be run from it.

    Everything is synced as ever; a thousand new files need not wait for the disk. One test alone has its files on the disk.
    """
    found = os.statvfs(MEMORY) if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None
    if found is None or found.f_bavail * found.f_frsize < ROOM or found.f_flag & os.ST_NOEXEC:
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="floorctl-tests-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield {"PYTEST_DEBUG_TEMPROOT": folder, **os.environ}


def main() -> int:
    """Runs the steps in order, output shown as it goes; the exit status is that of the first step that fails."""
    failed = 0
    # The machine that tries every change also tries the lowest versions, while one core is idle.
    lowest = subprocess.Popen([sys.executable, "-m", "tests.lowest"], cwd=ROOT) if os.environ.get("CI") else None
    for name, command in STEPS:
        if name == "tests" and lowest is not None:
            failed = failed or lowest.wait()
        print(f"== {name}: {' '.join(command[1:])}", flush=True)
        with files_in_memory() as environment:
            status = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=False).returncode
        if status:
            print(f"== {name} failed ({status})", flush=True)
            failed = failed or status
    return failed


if __name__ == "__main__":
    sys.exit(main())
