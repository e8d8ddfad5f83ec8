"""Everything that is checked, by one command: ``python -m tests`` (lint, format, types, imports between the rooms, then the tests)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STEPS = (
    # Also leaves bytecode for the console: in a checkout nothing else does where the environment forbids it.
    ("compile", ["-m", "compileall", "-q", "floorctl"]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
    ("rooms", ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo", "--no-cache"]),
    ("tests", ["-m", "pytest", "-n", "3", "--dist", "worksteal"]),
)


def main() -> int:
    """Runs the steps in order, output shown as it goes; the exit status is that of the first step that fails."""
    failed = 0
    # The machine that tries every change also tries the lowest versions, while one core is idle.
    lowest = subprocess.Popen([sys.executable, "-m", "tests.lowest"], cwd=ROOT) if os.environ.get("CI") else None
    for name, command in STEPS:
        if name == "tests" and lowest is not None:
            failed = failed or lowest.wait()
        print(f"== {name}: {' '.join(command[1:])}", flush=True)
        status = subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode
        if status:
            print(f"== {name} failed ({status})", flush=True)
            failed = failed or status
    return failed


if __name__ == "__main__":
    sys.exit(main())
